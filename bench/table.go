package main

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"
)

// row is a line of the table.
type row struct{ id, what, value, goal, met, absolute string }

// add adds a line for a value and a goal.
func (b *bench) add(id, what, value, goal string, met bool, absolute string) {
	verdict := "no"
	if met {
		verdict = "yes"
	}
	b.rows = append(b.rows, row{id, what, value, goal, verdict, absolute})
	b.note("%s %s: %s (%s, %s), %s", id, what, value, goal, verdict, absolute)
}

// compare adds a line for a value as a share of a yardstick's, of which it should be at least so much.
func (b *bench) compare(id, what string, ours, yardstick sample, least float64, steady bool, unit string) {
	quotients := ours.over(yardstick)
	value := fmt.Sprintf("%s× ± %.0f %%", number(quotients.median()), 50*quotients.spread())
	if !steady {
		value += " (restless)"
	}
	b.add(id, what, value, "≥ "+number(least)+"×", quotients.median() >= least, fmt.Sprintf("%s against %s %s", ours, yardstick, unit))
}

// skip adds a line for what could not be measured.
func (b *bench) skip(id, what, why string) {
	b.rows = append(b.rows, row{id: id, what: what, value: "not measured: " + why})
}

func (b *bench) print(before string) {
	fmt.Printf("Measured on %s: %s, %d processors, %s, Node %s; load %s before and %s after; commit %s. ± is half of what lies between the lowest and the highest of three runs.\n\n",
		time.Now().UTC().Format("2006-01-02 15:04 UTC"), cpuModel(), strings.Count(cpuInfo(), "processor\t:"), runtime.Version(), first(b.node, "--version"), before, loadAverage(), first("git", "rev-parse", "--short", "HEAD"))
	fmt.Println("| # | what | measured | goal | met | absolute |\n|---|---|---|---|---|---|")
	for _, r := range b.rows {
		fmt.Printf("| %s | %s | %s | %s | %s | %s |\n", r.id, r.what, r.value, r.goal, r.met, r.absolute)
	}
}

func first(args ...string) string {
	out, err := exec.Command(args[0], args[1:]...).Output()
	if err != nil {
		return "unknown"
	}
	return strings.TrimSpace(string(out))
}

func loadAverage() string {
	data, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	one, _, _ := strings.Cut(string(data), " ")
	return one
}

func cpuInfo() string {
	data, _ := os.ReadFile("/proc/cpuinfo") // elsewhere than on Linux nothing is known
	return string(data)
}

func cpuModel() string {
	_, rest, _ := strings.Cut(cpuInfo(), "model name")
	line, _, _ := strings.Cut(rest, "\n")
	return strings.Trim(line, "\t :")
}
