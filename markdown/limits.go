package markdown

import (
	"bytes"
	"regexp"
	"slices"

	"github.com/yuin/goldmark/ast"
)

// The caps on what an author may write. They are far above any honest question and keep a hostile file cheap: a table
// of 16 KiB can otherwise become 42 MB of HTML.
const (
	MaxQuestion = 64 << 10 // bytes of Markdown under one ## heading
	MaxHTML     = 1 << 20  // bytes of HTML of one question

	maxColumns = 20
	maxCells   = 2000
	maxNesting = 12
	maxLinks   = 500 // openings of links in a question: each unfinished one costs a search to the end of its paragraph
)

var (
	sectionStart = regexp.MustCompile(`^ {0,3}(##[ \t]|##$|-+[ \t]*$)`)
	fenceLine    = regexp.MustCompile("^[ \t>]*(?:[-+*][ \t]+|[0-9]{1,9}[.)][ \t]+)*(`{3,}|~{3,})([^`]*)$")
	tableRule    = regexp.MustCompile(`^[ \t>|:*+0-9.)-]*-[ \t|:-]*$`)
	ruleOnly     = regexp.MustCompile(`^[ \t>]*[-*_][ \t*_-]*$`)
	marker       = regexp.MustCompile(`^[ \t]*(>|[-+*](?:[ \t]|$)|[0-9]{1,9}[.)](?:[ \t]|$))`)
)

// limits walks over the lines of a body before it is parsed.
type limits struct {
	src     *Source
	start   int    // offset of the question at hand
	links   int    // openings of links in it
	fence   string // the fence that is open, or ""
	opener  int    // offset of that fence's line
	large   []int  // offsets of the questions over their size
	columns int    // of the table at hand, 0 outside
	rows    int
	ok      bool
}

// withinLimits reports tables, questions and nesting over their caps.
func (s *Source) withinLimits() bool {
	l := &limits{src: s, start: s.body, ok: true}
	first, _ := s.Position(s.body)
	for n := first; n <= len(s.lines); n++ {
		at := max(s.lines[n-1], s.body)
		l.line(at, s.lineText(n)[at-s.lines[n-1]:])
	}
	l.sizes()
	return l.ok
}

// sizes reports the questions over their size, or the open fence that made the last one swallow the file.
func (l *limits) sizes() {
	for i, start := range l.large {
		if i == len(l.large)-1 && l.fence != "" && start == l.start {
			l.fail(l.opener, "fence-open", fenceOpen)
			continue
		}
		l.fail(start, "question-size", "the question is larger than %d KiB; shorten it or split it", MaxQuestion>>10)
	}
}

func (l *limits) fail(at int, code, format string, args ...any) {
	l.src.Errorf(at, code, format, args...)
	l.ok = false
}

func (l *limits) line(at int, line []byte) {
	if l.fence == "" && sectionStart.Match(line) {
		l.start, l.links = at, 0
	}
	if at+len(line)-l.start > MaxQuestion && !slices.Contains(l.large, l.start) {
		l.large = append(l.large, l.start)
	}
	if m := fenceLine.FindSubmatch(line); m != nil {
		l.toggle(at, string(m[1]), len(bytes.TrimSpace(m[2])) == 0)
		return
	}
	if l.fence != "" {
		return
	}
	l.table(at, line)
	before := l.links
	if l.links += bytes.Count(line, []byte("](")); l.links > maxLinks && before <= maxLinks {
		l.fail(at, "question-size", "the question has more than %d links; split it", maxLinks)
	}
	if !ruleOnly.Match(line) && leadingMarkers(line) > maxNesting {
		l.fail(at, "nesting", "lists and quotes are nested deeper than %d levels; flatten them", maxNesting)
	}
}

// toggle opens a fence or closes the one that is open.
func (l *limits) toggle(at int, fence string, bare bool) {
	switch {
	case l.fence == "":
		l.fence, l.opener = fence, at
	case bare && fence[0] == l.fence[0] && len(fence) >= len(l.fence):
		l.fence = ""
	}
}

// table counts the cells of the table that the line belongs to.
func (l *limits) table(at int, line []byte) {
	switch {
	case len(bytes.Trim(line, " \t>")) == 0:
		l.columns = 0
		return
	case tableRule.Match(line) && bytes.ContainsAny(line, "|"):
		l.columns, l.rows = columns(line), 0
		if l.columns > maxColumns {
			l.fail(at, "table-size", "the table has %d columns; %d are allowed", l.columns, maxColumns)
		}
	case l.columns > 0:
		l.rows++
		if l.columns*l.rows > maxCells {
			l.fail(at, "table-size", "the table has more than %d cells; split it", maxCells)
			l.columns = 0
		}
	}
}

func columns(rule []byte) int {
	return len(bytes.Split(bytes.Trim(rule, " \t>|"), []byte("|")))
}

// leadingMarkers counts the list and quote markers at the start of a line.
func leadingMarkers(line []byte) int {
	n := 0
	for ; n <= maxNesting; n++ {
		m := marker.Find(line)
		if m == nil {
			break
		}
		line = line[len(m):]
	}
	return n
}

// checkNesting reports the first node that is nested too deeply. It does not recurse before it knows.
func (d *Document) checkNesting() bool {
	depth := 0
	for n := d.root.FirstChild(); n != nil; {
		if depth > maxNesting {
			d.Errorf(d.At(n), "nesting", "lists, quotes and emphasis are nested deeper than %d levels; flatten them", maxNesting)
			return false
		}
		if n.HasChildren() {
			depth += weight(n)
			n = n.FirstChild()
			continue
		}
		for n != d.root && n.NextSibling() == nil {
			n = n.Parent()
			depth -= weight(n)
		}
		if n == d.root {
			break
		}
		n = n.NextSibling()
	}
	return true
}

// weight is 1 for a node that counts as a level of nesting.
func weight(n ast.Node) int {
	switch n.Kind() {
	case ast.KindListItem, ast.KindBlockquote, ast.KindEmphasis, ast.KindLink, ast.KindImage:
		return 1
	}
	return 0
}
