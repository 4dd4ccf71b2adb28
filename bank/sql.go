package bank

import (
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
)

// maxSetups is the largest number of data sets of a question: each is built anew for every response.
const maxSetups = 4

// maxSQL bounds a statement and a data set, in bytes.
const maxSQL = 16 << 10

const (
	setupShape = "the section must be fences in the language sql and nothing else; put each data set between ```sql and ```"
	queryShape = "the section must be one fence in the language sql and nothing else; put the statement between ```sql and ```"
)

func (b *builder) readSetup(s *section) {
	b.q.Setups, b.q.Script.Setups = b.sqlFences(s, setupShape)
	if len(b.q.Setups) > maxSetups {
		b.errorf(s.blocks[maxSetups], "section-shape", "there are more than %d data sets; remove some", maxSetups)
	}
}

func (b *builder) readQuery(s *section) { b.q.Query, b.q.Script.Query = b.oneFence(s) }

func (b *builder) readCheck(s *section) { b.q.Check, b.q.Script.Check = b.oneFence(s) }

func (b *builder) oneFence(s *section) (Rich, Place) {
	fences, places := b.sqlFences(s, queryShape)
	if len(fences) > 1 {
		b.errorf(s.blocks[1], "section-shape", queryShape)
	}
	if len(fences) == 0 {
		return Rich{}, Place{}
	}
	return fences[0], places[0]
}

// sqlFences reads a section of statements. The text is that between the fences, as it is run.
func (b *builder) sqlFences(s *section, shape string) (fences []Rich, places []Place) {
	for _, n := range s.blocks {
		fence, ok := n.(*ast.FencedCodeBlock)
		if !ok || b.doc.Language(fence) != "sql" {
			b.errorf(n, "section-shape", "%s", shape)
			return nil, nil
		}
		text := NormalOutput(b.doc.Code(fence))
		switch {
		case text == "":
			b.errorf(n, "section-empty", "the fence holds no statement; write one or remove it")
			return nil, nil
		case len(text) > maxSQL:
			b.errorf(n, "question-size", "the fence is longer than %d KiB; shorten it", maxSQL>>10)
			return nil, nil
		}
		fences = append(fences, Rich{Text: text, HTML: b.doc.HTML([]ast.Node{fence})})
		places = append(places, b.codeAt(fence))
	}
	return fences, places
}

// finishSQL settles what follows from the meta comment.
func (b *builder) finishSQL() {
	b.q.Plan, b.q.Writes = b.set.plan, b.set.writes
	b.q.Ordered = b.set.ordered == "true" || b.set.ordered == "" && endsOrdered(b.q.rowsFrom())
	query, check := b.seen["query"], b.seen["check"]
	switch {
	case b.q.Writes && check == nil:
		b.errorf(query.heading, "section-lone", "a statement that writes returns no rows to compare; add ### Check with the query that shows what it did")
	case !b.q.Writes && check != nil:
		b.errorf(check.heading, "section-lone", "### Check is asked only after a statement that writes; add writes: true or remove it")
	}
}

// rowsFrom returns the author's statement whose rows are compared.
func (b Body) rowsFrom() string {
	if b.Writes {
		return b.Check.Text
	}
	return b.Query.Text
}

// endsOrdered reports whether the rows of a statement come in an order that it names: whether ORDER BY stands in it
// outside of parentheses.
func endsOrdered(statement string) bool {
	depth, before := 0, ""
	for _, token := range sqlTokens(statement) {
		switch token {
		case "(":
			depth++
		case ")":
			depth--
		}
		if depth == 0 && before == "ORDER" && token == "BY" {
			return true
		}
		before = token
	}
	return false
}

// sqlTokens returns the words, in capitals, and the signs of a statement, without comments and what stands in quotes.
func sqlTokens(statement string) []string {
	var tokens []string
	for rest := statement; rest != ""; {
		n, keep := sqlToken(rest)
		if keep {
			tokens = append(tokens, strings.ToUpper(rest[:n]))
		}
		rest = rest[n:]
	}
	return tokens
}

// sqlToken returns the length of the token at the start of a text, 1 or more, and whether it is a word or a sign.
func sqlToken(text string) (length int, keep bool) {
	quotes := []struct{ open, close string }{{"--", "\n"}, {"/*", "*/"}, {"'", "'"}, {`"`, `"`}, {"`", "`"}, {"[", "]"}}
	i := slices.IndexFunc(quotes, func(q struct{ open, close string }) bool { return strings.HasPrefix(text, q.open) })
	if i >= 0 {
		open, end := quotes[i].open, quotes[i].close
		if at := strings.Index(text[len(open):], end); at >= 0 {
			return len(open) + at + len(end), false
		}
		return len(text), false
	}
	if n := strings.IndexFunc(text, func(r rune) bool { return !isWordRune(r) }); n != 0 {
		if n < 0 {
			n = len(text)
		}
		return n, true
	}
	return 1, text[0] > ' '
}

func isWordRune(r rune) bool {
	return r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r > 127
}
