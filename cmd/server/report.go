package main

import (
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"strings"
	"unicode/utf8"

	"rehearse/bank"
	"rehearse/markdown"
)

// reported is findings with the folder that they are about.
type reported struct {
	root     fs.FS
	dir      string // as it was asked for
	findings []markdown.Finding
}

// reporters print findings, by the name of the form.
var reporters = map[string]func(io.Writer, reported) error{
	"text": reportText, "json": reportJSON, "sarif": reportSARIF, "github": reportGitHub,
}

func reportText(w io.Writer, r reported) error {
	for _, f := range r.findings {
		f.Path = joinPath(r.dir, f.Path)
		fmt.Fprintln(w, f)
	}
	return nil
}

// finding is a finding as JSON. Columns count bytes.
type finding struct {
	Path     string            `json:"path"`
	Line     int               `json:"line"`
	Col      int               `json:"col"`
	Severity markdown.Severity `json:"severity"`
	Code     string            `json:"code"`
	Message  string            `json:"message"`
	Fixable  bool              `json:"fixable"`
}

func reportJSON(w io.Writer, r reported) error {
	all := []finding{}
	for _, f := range r.findings {
		all = append(all, finding{joinPath(r.dir, f.Path), f.Line, f.Col, f.Severity, f.Code, f.Message, f.Fixable})
	}
	return writeJSON(w, all)
}

func writeJSON(w io.Writer, value any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(value)
}

// reportGitHub prints commands that GitHub's runner shows beside the lines of a change.
func reportGitHub(w io.Writer, r reported) error {
	property := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
	message := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	columns := r.columns()
	for _, f := range r.findings {
		fmt.Fprintf(w, "::%s file=%s,line=%d,col=%d,title=%s::%s\n",
			f.Severity, property.Replace(joinPath(r.dir, f.Path)), f.Line, columns(f), property.Replace(f.Code), message.Replace(f.Message))
	}
	return nil
}

// columns returns a function that counts the column of a finding in characters.
func (r reported) columns() func(markdown.Finding) int {
	path, lines := "", []string(nil)
	return func(f markdown.Finding) int {
		if f.Path != path {
			data, _ := fs.ReadFile(r.root, f.Path) // what cannot be read has its findings in column 1
			path, lines = f.Path, strings.Split(string(data), "\n")
		}
		if f.Line > len(lines) || f.Col-1 > len(lines[f.Line-1]) {
			return f.Col
		}
		return utf8.RuneCountInString(lines[f.Line-1][:f.Col-1]) + 1
	}
}

// The types below are the part of SARIF 2.1.0 that code scanning reads.
// See https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool       sarifTool     `json:"tool"`
		ColumnKind string        `json:"columnKind"`
		Results    []sarifResult `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name  string      `json:"name"`
		Rules []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID      string       `json:"id"`
		Short   sarifText    `json:"shortDescription"`
		Full    sarifText    `json:"fullDescription"`
		Help    sarifText    `json:"help"`
		Default sarifDefault `json:"defaultConfiguration"`
	}
	sarifDefault struct {
		Level markdown.Severity `json:"level"` // the names of our severities are SARIF's
	}
	sarifText struct {
		Text string `json:"text"`
	}
	sarifResult struct {
		RuleID    string            `json:"ruleId"`
		RuleIndex int               `json:"ruleIndex"`
		Level     markdown.Severity `json:"level"`
		Message   sarifText         `json:"message"`
		Locations []sarifLocation   `json:"locations"`
	}
	sarifLocation struct {
		Physical sarifPhysical `json:"physicalLocation"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   sarifRegion   `json:"region"`
	}
	sarifArtifact struct {
		URI string `json:"uri"`
	}
	sarifRegion struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn"`
	}
)

func reportSARIF(w io.Writer, r reported) error {
	rules, index := sarifRules()
	run := sarifRun{
		Tool:       sarifTool{sarifDriver{"rehearse", rules}},
		ColumnKind: "unicodeCodePoints",
		Results:    []sarifResult{},
	}
	columns := r.columns()
	for _, f := range r.findings {
		place := sarifPhysical{sarifArtifact{fileURI(joinPath(r.dir, f.Path))}, sarifRegion{f.Line, columns(f)}}
		run.Results = append(run.Results, sarifResult{f.Code, index[f.Code], f.Severity, sarifText{f.Message}, []sarifLocation{{place}}})
	}
	return writeJSON(w, sarifLog{"https://json.schemastore.org/sarif-2.1.0.json", "2.1.0", []sarifRun{run}})
}

// sarifRules returns the description of every code, and the index of each.
func sarifRules() (rules []sarifRule, index map[string]int) {
	index = map[string]int{}
	for _, g := range bank.Codes() {
		for _, c := range g.Codes {
			index[c.Name] = len(rules)
			rules = append(rules, sarifRule{c.Name, sarifText{c.Means}, sarifText{c.Paragraph()}, sarifText{c.Remedy}, sarifDefault{c.Severity}})
		}
	}
	return rules, index
}

// fileURI returns a path as a URI reference: relative to where the program was run, unless it is absolute.
func fileURI(path string) string {
	u := url.URL{Path: path}
	if strings.HasPrefix(path, "/") {
		u.Scheme = "file"
	}
	return strings.TrimPrefix(u.String(), "./")
}
