package main

import (
	"cmp"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"rehearse/assess"
	"rehearse/store"
)

// config is every setting of the program, checked.
type config struct {
	addr      string
	database  string // path of the SQLite file, or postgres://…
	from, to  string // databases of copy
	content   string // folder; "" is the built-in content
	baseURL   *url.URL
	proxies   []*net.IPNet
	limits    bool
	rollover  int
	retiring  bool   // a load may retire any number of questions
	author    string // token that opens the authors' pages, "" for nobody
	dev       bool   // serve pages for those who work on the program
	watch     bool   // load the content folder anew when it changes
	logLevel  slog.Level
	logFormat string // text, json or auto

	nodes  []string // verify: paths of Node binaries; none takes the one on PATH
	strict bool     // verify: what is not verified is a finding
	all    bool     // verify: execute what is on record, too
	write  bool     // verify: record what was found

	candidates   int // that are made up
	responses    int // of theirs
	questions    int // that are made up, 0: none
	seed         uint64
	blueprint    assess.Blueprint // nil is every topic alike
	assessment   string           // id of the one whose blueprint is meant
	reportFormat string           // text, json or html

	format  string // of findings: text, json, sarif or github
	fix     bool   // lint repairs what it can
	explain bool   // lint explains a code
	check   bool   // fmt changes nothing
	json    bool   // print JSON
	csv     bool   // print comma-separated values
}

// option is one setting: a flag, with an environment variable as its fallback.
type option struct {
	name     string
	fallback string // the default, as it would be typed
	value    string // what stands for the value in help
	help     string
	allowed  string // what a value must be, for messages
	bare     bool   // the flag may stand without a value, which is true then
	secret   bool   // a value with an @ is not repeated in messages: it may hold a password
	token    bool   // the value is never printed, and may stand in a file that a variable names
	set      func(*config, string) error
}

// env returns the name of the environment variable of an option.
func (o option) env() string {
	return "REHEARSE_" + strings.ToUpper(strings.ReplaceAll(o.name, "-", "_"))
}

var serveFlags = []string{
	"addr", "database", "content", "watch", "base-url", "trusted-proxies", "request-limits", "rollover-hour", "allow-retire", "author-token", "dev", "log-format", "log-level",
}

// options is the table of all settings.
func options() []option {
	return []option{
		{
			name: "addr", fallback: "localhost:8080", value: "HOST:PORT", help: "address to listen on; port 0 takes a free one",
			allowed: "HOST:PORT with a port from 0 to 65535", set: setAddr,
		},
		{
			name: "database", fallback: "data/rehearse.db", value: "FILE|URL", help: "SQLite file, created when missing, or postgres://user:password@host/name",
			allowed: databaseAllowed, secret: true, set: func(c *config, v string) (err error) { c.database, err = database(v); return err },
		},
		{
			name: "from", fallback: "", value: "FILE|URL", help: "database to copy; no server may be using it",
			allowed: databaseAllowed, secret: true, set: func(c *config, v string) (err error) { c.from, err = optionalDatabase(v); return err },
		},
		{
			name: "to", fallback: "", value: "FILE|URL", help: "database to copy to: a new one, or one of an interrupted copy",
			allowed: databaseAllowed, secret: true, set: func(c *config, v string) (err error) { c.to, err = optionalDatabase(v); return err },
		},
		{
			name: "content", fallback: "", value: "DIR", help: "content folder with bank.yaml and questions/ (default: the built-in one)",
			allowed: "a folder", set: func(c *config, v string) error { c.content = v; return nil },
		},
		{
			name: "watch", fallback: "false", bare: true, help: "load the content folder anew whenever a file in it changes",
			allowed: "true or false", set: func(c *config, v string) error { return setBool(&c.watch, v) },
		},
		{
			name: "dev", fallback: "false", bare: true, help: "serve pages for those who work on the program: /styleguide",
			allowed: "true or false", set: func(c *config, v string) error { return setBool(&c.dev, v) },
		},
		{
			name: "base-url", fallback: "", value: "URL", help: "public address, with a path when served under one (default: http:// and --addr)",
			allowed: "http:// or https://, a host, and at most a path", set: setBaseURL,
		},
		{
			name: "trusted-proxies", fallback: "", value: "CIDR,…", help: "proxies whose X-Forwarded-For is believed (default: none)",
			allowed: "addresses or networks such as 10.0.0.0/8, separated by commas", set: setProxies,
		},
		{
			name: "request-limits", fallback: "on", value: "on|off", help: "bound the requests of one address: 100 pages and 30 forms a second",
			allowed: "on or off", set: setLimits,
		},
		{
			name: "rollover-hour", fallback: "4", value: "HOUR", help: "hour at which a study day begins for new candidates",
			allowed: "a whole number from 0 to 23", set: func(c *config, v string) error { return setCount(&c.rollover, v, 0, 23) },
		},
		{
			name: "allow-retire", fallback: "false", bare: true, help: "load content even when that retires much of the bank; for one start",
			allowed: "true or false", set: func(c *config, v string) error { return setBool(&c.retiring, v) },
		},
		{
			name: "author-token", fallback: "", value: "TOKEN", token: true, help: "opens the authors' pages at /author (default: nobody gets in)",
			allowed: "32 characters or more", set: setAuthorToken,
		},
		{
			name: "log-format", fallback: "auto", value: "auto|text|json", help: "log lines as text or JSON; auto is text on a terminal",
			allowed: "auto, text or json", set: setLogFormat,
		},
		{
			name: "log-level", fallback: "info", value: "LEVEL", help: "least level to log: debug, info, warn or error",
			allowed: "debug, info, warn or error", set: setLogLevel,
		},
		{
			name: "node", fallback: "", value: "PATH,…", help: "Node binaries that execute keys, such as one of each supported line (default: the one on PATH)",
			allowed: "paths separated by commas", set: setNodes,
		},
		{
			name: "strict", fallback: "false", bare: true, help: "exit 1 for keys that could not be executed and for warnings, too",
			allowed: "true or false", set: func(c *config, v string) error { return setBool(&c.strict, v) },
		},
		{
			name: "all", fallback: "false", bare: true, help: "execute keys that verified.json knows of, too",
			allowed: "true or false", set: func(c *config, v string) error { return setBool(&c.all, v) },
		},
		{
			name: "write", fallback: "false", bare: true, help: "write what was executed to verified.json in DIR",
			allowed: "true or false", set: func(c *config, v string) error { return setBool(&c.write, v) },
		},
		{
			name: "responses", fallback: "200000", value: "N", help: "number of responses that are made up",
			allowed: "a whole number from 1 to 1000000000", set: func(c *config, v string) error { return setCount(&c.responses, v, 1, 1_000_000_000) },
		},
		{
			name: "candidates", fallback: "2000", value: "N", help: "number of candidates that are made up",
			allowed: "a whole number from 1 to 1000000", set: func(c *config, v string) error { return setCount(&c.candidates, v, 1, 1_000_000) },
		},
		{
			name: "questions", fallback: "0", value: "N", help: "number of questions to make up and write to --content, a new folder; 0 takes those that are there",
			allowed: "a whole number from 0 to 100000", set: func(c *config, v string) error { return setCount(&c.questions, v, 0, 100_000) },
		},
		{
			name: "seed", fallback: "1", value: "N", help: "where all random numbers come from: the same seed gives the same result",
			allowed: "a whole number from 0", set: setSeed,
		},
		{
			name: "blueprint", fallback: "", value: "TOPIC=SHARE,…", help: "what a session is made of (default: every topic alike)",
			allowed: "topics with shares above 0, such as sql=2,security=1", set: setBlueprint,
		},
		{
			name: "assessment", fallback: "", value: "ID", help: "simulate this assessment of the folder",
			allowed: "the name of a file in assessments/, without .md", set: func(c *config, v string) error { c.assessment = v; return nil },
		},
		{
			name: "report", fallback: "text", value: "text|json|html", help: "form of the report",
			allowed: "text, json or html", set: setReport,
		},
		{
			name: "format", fallback: "text", value: "FORMAT", help: "form of the findings: text, json, sarif for code scanning, or github for the log of a workflow",
			allowed: "text, json, sarif or github", set: setFormat,
		},
		{
			name: "fix", fallback: "false", bare: true, help: "repair what can be repaired before reporting the rest",
			allowed: "true or false", set: func(c *config, v string) error { return setBool(&c.fix, v) },
		},
		{
			name: "explain", fallback: "false", bare: true, help: "explain the code that follows, or list all codes",
			allowed: "true or false", set: func(c *config, v string) error { return setBool(&c.explain, v) },
		},
		{
			name: "check", fallback: "false", bare: true, help: "list the files that would change, and change none",
			allowed: "true or false", set: func(c *config, v string) error { return setBool(&c.check, v) },
		},
		{
			name: "json", fallback: "false", bare: true, help: "print JSON",
			allowed: "true or false", set: func(c *config, v string) error { return setBool(&c.json, v) },
		},
		{
			name: "csv", fallback: "false", bare: true, help: "print comma-separated values",
			allowed: "true or false", set: func(c *config, v string) error { return setBool(&c.csv, v) },
		},
	}
}

// readConfig reads the flags of a command, then the environment, then the defaults.
func readConfig(cmd command, args []string, getenv func(string) string, help io.Writer) (config, []string, error) {
	var cfg config
	fs := flag.NewFlagSet("server "+cmd.name, flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	values := map[string]*string{}
	for _, o := range options() {
		if !slices.Contains(cmd.flags, o.name) {
			continue
		}
		value := new(string)
		values[o.name] = value
		set := func(v string) error { *value = v; return nil }
		if o.bare {
			fs.BoolFunc(o.name, o.help, set)
		} else {
			fs.Func(o.name, o.help, set)
		}
	}
	rest, err := parseFlags(fs, args)
	if err != nil {
		if err == flag.ErrHelp {
			fmt.Fprintf(help, "Usage: server %s [flags] %s\n\n%s.\n\n", cmd.name, cmd.args, cmd.help)
			printOptions(help, cmd.flags)
			return cfg, nil, err
		}
		return cfg, nil, fmt.Errorf("%w; server %s --help lists the flags", err, cmd.name)
	}
	given := map[string]bool{}
	fs.Visit(func(f *flag.Flag) { given[f.Name] = true })
	for _, o := range options() {
		value, from := o.fallback, ""
		if !slices.Contains(cmd.flags, o.name) {
			continue
		}
		if v := getenv(o.env()); v != "" {
			value, from = v, o.env()
		} else if name := getenv(o.env() + "_FILE"); o.token && name != "" {
			text, err := os.ReadFile(name)
			if err != nil {
				return cfg, nil, fmt.Errorf("%s_FILE: %w", o.env(), err)
			}
			value, from = strings.TrimRight(string(text), "\r\n"), o.env()+"_FILE"
		}
		if given[o.name] {
			value, from = *values[o.name], "--"+o.name
		}
		if err := o.set(&cfg, value); err != nil {
			if o.token || o.secret && strings.Contains(value, "@") {
				return cfg, nil, fmt.Errorf("%s: %w; it must be %s", cmp.Or(from, "--"+o.name), err, o.allowed)
			}
			return cfg, nil, fmt.Errorf("%s %q: %w; it must be %s", from, value, err, o.allowed)
		}
	}
	if cmd.args == "" && len(rest) > 0 {
		return cfg, nil, fmt.Errorf("unexpected argument %q; server %s --help lists the flags", rest[0], cmd.name)
	}
	return cfg, rest, nil
}

// parseFlags parses flags wherever they stand and returns the other arguments. Behind -- nothing is a flag.
func parseFlags(fs *flag.FlagSet, args []string) (rest []string, err error) {
	for len(args) > 0 {
		if err := fs.Parse(args); err != nil {
			return nil, err
		}
		left := fs.Args()
		if parsed := len(args) - len(left); parsed > 0 && args[parsed-1] == "--" || len(left) == 0 {
			return append(rest, left...), nil
		}
		rest, args = append(rest, left[0]), left[1:]
	}
	return rest, nil
}

func printOptions(w io.Writer, names []string) {
	for _, o := range options() {
		if !slices.Contains(names, o.name) {
			continue
		}
		fmt.Fprintf(w, "  --%s\n        %s", strings.TrimSpace(o.name+" "+o.value), o.help)
		if o.fallback != "" {
			fmt.Fprintf(w, " (default %s)", o.fallback)
		}
		if o.token {
			fmt.Fprintf(w, " [%s, or a file named by %s_FILE]\n", o.env(), o.env())
			continue
		}
		fmt.Fprintf(w, " [%s]\n", o.env())
	}
}

func setAddr(c *config, v string) error {
	_, port, err := net.SplitHostPort(v)
	if err != nil {
		return fmt.Errorf("not an address")
	}
	if n, err := strconv.Atoi(port); err != nil || n < 0 || n > 65535 {
		return fmt.Errorf("port %q is out of range", port)
	}
	c.addr = v
	return nil
}

const databaseAllowed = "a file path, sqlite: and a file path, or a URL that begins with postgres://"

// database checks the name of a database, and returns it as package store takes it.
func database(v string) (string, error) {
	path, isFile := store.File(v)
	switch {
	case !isFile:
		if _, err := url.Parse(v); err != nil {
			return "", fmt.Errorf("not a URL; signs other than letters and digits in a password are written as %%XX")
		}
		return v, nil
	case path == "":
		return "", fmt.Errorf("there is no database")
	case strings.Contains(path, "://"):
		return "", fmt.Errorf("not a file")
	}
	return path, nil
}

func optionalDatabase(v string) (string, error) {
	if v == "" { // the command says what is missing
		return "", nil
	}
	return database(v)
}

func setBaseURL(c *config, v string) error {
	if v == "" {
		return nil // serve takes it from the address that it listens on
	}
	u, err := url.Parse(v)
	if err != nil {
		return fmt.Errorf("not a URL")
	}
	switch {
	case u.Scheme != "http" && u.Scheme != "https":
		return fmt.Errorf("the scheme is %q", u.Scheme)
	case u.Hostname() == "":
		return fmt.Errorf("there is no host")
	case u.RawQuery != "" || u.Fragment != "" || u.User != nil:
		return fmt.Errorf("there is more than a path")
	}
	if !pathPrefix.MatchString(u.EscapedPath()) {
		return fmt.Errorf("the path %q cannot be a prefix: letters, digits and . _ ~ - between single slashes can", u.Path)
	}
	u.Host = strings.ToLower(u.Host) // as browsers write it
	if err := http.NewCrossOriginProtection().AddTrustedOrigin(u.Scheme + "://" + u.Host); err != nil {
		return fmt.Errorf("the host %q is none that a browser could name", u.Host)
	}
	if port := u.Port(); port != "" {
		if n, err := strconv.Atoi(port); err != nil || n > 65535 {
			return fmt.Errorf("port %q is out of range", port)
		}
	}
	c.baseURL = u
	return nil
}

// pathPrefix is what cookies, redirects and links can carry as it is, everywhere.
var pathPrefix = regexp.MustCompile(`^(/[A-Za-z0-9._~-]+)*/?$`)

func setProxies(c *config, v string) error {
	for field := range strings.SplitSeq(v, ",") {
		field = strings.TrimSpace(field)
		if field == "" {
			continue
		}
		prefix, err := netip.ParsePrefix(field)
		if err != nil {
			addr, err := netip.ParseAddr(field)
			if err != nil {
				return fmt.Errorf("%q is neither an address nor a network", field)
			}
			prefix = netip.PrefixFrom(addr, addr.BitLen())
		}
		_, network, err := net.ParseCIDR(prefix.Masked().String())
		if err != nil {
			return err
		}
		c.proxies = append(c.proxies, network)
	}
	return nil
}

func setLimits(c *config, v string) error {
	if v != "on" && v != "off" {
		return fmt.Errorf("not known")
	}
	c.limits = v == "on"
	return nil
}

func setAuthorToken(c *config, v string) error {
	const least = 32 // characters: it is meant to be random, and nobody types it often
	if v != "" && utf8.RuneCountInString(v) < least {
		return fmt.Errorf("too short")
	}
	c.author = v
	return nil
}

func setBool(field *bool, v string) error {
	yes, err := strconv.ParseBool(v)
	if err != nil {
		return fmt.Errorf("not known")
	}
	*field = yes
	return nil
}

func setNodes(c *config, v string) error {
	for path := range strings.SplitSeq(v, ",") {
		if path = strings.TrimSpace(path); path != "" {
			c.nodes = append(c.nodes, path)
		}
	}
	return nil
}

func setFormat(c *config, v string) error {
	if reporters[v] == nil {
		return fmt.Errorf("not known")
	}
	c.format = v
	return nil
}

func setCount(field *int, v string, least, most int) error {
	n, err := strconv.Atoi(v)
	if err != nil {
		return fmt.Errorf("not a whole number")
	}
	if n < least || n > most {
		return fmt.Errorf("out of range")
	}
	*field = n
	return nil
}

func setLogFormat(c *config, v string) error {
	if v != "auto" && v != "text" && v != "json" {
		return fmt.Errorf("not known")
	}
	c.logFormat = v
	return nil
}

func setLogLevel(c *config, v string) error {
	if !slices.Contains([]string{"debug", "info", "warn", "error"}, v) {
		return fmt.Errorf("not known")
	}
	return c.logLevel.UnmarshalText([]byte(v))
}
