package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"
)

// The exit codes of every command.
const (
	exitDone     = 0
	exitFindings = 1 // findings, or a check that failed
	exitCannot   = 2 // could not run
)

// errFindings is returned by a command that ran and found something.
var errFindings = errors.New("findings")

// program is what a command works with.
type program struct {
	cfg    config
	args   []string
	stdout io.Writer
	stderr io.Writer
}

// command is one sub-command.
type command struct {
	name  string
	args  string // after its flags, for help
	help  string
	flags []string // the options it takes
	run   func(context.Context, *program) error
}

var (
	hostFlags     = []string{"database"}
	copyFlags     = []string{"from", "to"}
	seedFlags     = []string{"responses", "candidates", "questions", "seed", "database", "content"}
	simulateFlags = []string{"candidates", "seed", "blueprint", "assessment", "report"}
)

func commands() []command {
	return []command{
		{"serve", "", "serve the site (the default)", serveFlags, serve},
		{"lint", "[DIR]", "print what is wrong in a content folder, or in the built-in one", []string{"format", "fix", "explain"}, lint},
		{"fmt", "[DIR]", "repair what is plain in a content folder, write missing ids, and put the layout in order", []string{"check"}, formatBank},
		{"verify", "[DIR]", "execute the keys of a content folder, or of the built-in one", verifyFlags, verify},
		{"preview", "DIR", "show a content folder with its findings, and anew at every save", []string{"addr", "log-format", "log-level"}, preview},
		{"list", "[DIR]", "print every question of a content folder, or of the built-in one", []string{"json"}, list},
		{"new", "topic DIR NAME | question FILE [KIND]", "write the skeleton of a topic or of a question", nil, create},
		{"schema", "[NAME]", "print JSON Schema for editors: bank, front-matter, question, or all", nil, schema},
		{"backup", "FILE", "copy the database to a new file, also while a server runs", hostFlags, backup},
		{"restore", "FILE", "put a backup in place of the database", hostFlags, restore},
		{"check", "", "look for damage, and for progress that differs from the log", hostFlags, check},
		{"rebuild", "", "compute progress, cards and statistics anew from the log", hostFlags, rebuild},
		{"copy", "", "copy a database to another one, of the same engine or the other", copyFlags, copyDatabase},
		{"simulate", "[DIR]", "print what skill checks can measure with the questions of a content folder", simulateFlags, simulate},
		{"calibrate", "", "estimate the difficulty of questions from first answers, as the server does at night", []string{"database", "json"}, calibrate},
		{"stats", "", "print the statistics of questions, and what their authors should look at", []string{"database", "json", "csv"}, stats},
		{"recompute", "FILE", "work out the log of a skill check anew and compare every number", nil, recompute},
		{"seed", "", "fill an empty database with made-up candidates, to see how the program behaves with many", seedFlags, seed},
		{"healthcheck", "", "ask a running server whether it is ready", []string{"base-url", "addr"}, healthcheck},
	}
}

// run executes one command line and returns its exit code.
func run(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) int {
	cmd, args, err := choose(args)
	if err != nil {
		fmt.Fprintln(stderr, err)
		return exitCannot
	}
	if cmd == nil {
		usage(stdout)
		return exitDone
	}
	p := &program{stdout: stdout, stderr: stderr}
	if p.cfg, p.args, err = readConfig(*cmd, args, getenv, stdout); err == nil {
		err = cmd.run(ctx, p)
	}
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return exitDone
	case errors.Is(err, errFindings):
		return exitFindings
	default:
		fmt.Fprintf(stderr, "%s: %v\n", cmd.name, err)
		return exitCannot
	}
}

// choose finds the command of a command line; nil asks for help.
func choose(args []string) (*command, []string, error) {
	all := commands()
	if len(args) == 0 || strings.HasPrefix(args[0], "-") && !isHelp(args[0]) {
		return &all[0], args, nil
	}
	if isHelp(args[0]) {
		return nil, nil, nil
	}
	for _, c := range all {
		if c.name == args[0] {
			return &c, args[1:], nil
		}
	}
	return nil, nil, fmt.Errorf("there is no command %q; server help lists them", args[0])
}

func isHelp(arg string) bool {
	return arg == "help" || arg == "-h" || arg == "-help" || arg == "--help"
}

// usage prints every command, and every option under the first command that has it.
func usage(w io.Writer) {
	fmt.Fprint(w, "Rehearse, a web app for interview practice.\n\nUsage: server [command] [flags] [args]\n\nCommands:\n")
	for _, c := range commands() {
		line := strings.TrimSpace(c.name + " " + c.args)
		if len(line) > 16 { // as the flag package does it
			line += "\n" + strings.Repeat(" ", 18)
		}
		fmt.Fprintf(w, "  %-16s %s\n", line, c.help)
	}
	shown := map[string]bool{}
	for _, c := range commands() {
		own := slices.DeleteFunc(slices.Clone(c.flags), func(name string) bool { return shown[name] })
		if len(own) == 0 {
			continue
		}
		for _, name := range own {
			shown[name] = true
		}
		fmt.Fprintf(w, "\nFlags of %s, each with its environment fallback:\n", c.name)
		printOptions(w, own)
	}
	fmt.Fprint(w, "\nserver COMMAND --help lists the flags of another command.\nExit codes: 0 done, 1 findings or a failed check, 2 could not run.\n")
}
