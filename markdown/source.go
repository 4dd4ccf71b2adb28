package markdown

import (
	"bytes"
	"sort"
	"unicode/utf8"
)

// maxFile is the largest file that is read, in bytes.
const maxFile = 2 << 20

// blankMark stands for a blank inside a block of code while it is highlighted; sources may not contain it.
const blankMark = '\uE000'

var (
	bom  = []byte("\uFEFF")
	crlf = []byte("\r\n")
)

// Source is one file with its findings. Offsets count bytes of Data.
type Source struct {
	Path string // path below the content root
	Data []byte // without byte order mark, line ends are LF

	// Plain leaves code without colours, which take most of the time of reading.
	Plain bool

	size     int   // of Data, which may have been let go of
	lines    []int // offset of every line's first byte
	hadBOM   bool
	body     int // offset behind the front matter
	original []byte
	findings []Finding
	found    map[place]int // index into findings
	fixes    []Fix
}

// Open prepares a file for reading, whose bytes must not be changed from then on. When it returns false the file cannot be
// read any further, and its findings say why.
func Open(path string, data []byte) (*Source, bool) {
	text, hadBOM := bytes.CutPrefix(data, bom)
	if bytes.Contains(text, crlf) {
		text = bytes.ReplaceAll(text, crlf, []byte("\n"))
	}
	s := &Source{Path: path, Data: text, size: len(text), original: data, hadBOM: hadBOM, lines: lineStarts(text), found: map[place]int{}}
	if len(data) > maxFile {
		s.Errorf(0, "file-size", "the file is larger than %d MiB; split it into several files", maxFile>>20)
		return s, false
	}
	return s, s.checkEncoding()
}

func lineStarts(text []byte) []int {
	starts := make([]int, 1, 1+bytes.Count(text, []byte("\n")))
	for i, b := range text {
		if b == '\n' {
			starts = append(starts, i+1)
		}
	}
	return starts
}

// checkEncoding reports the first byte that is not text.
func (s *Source) checkEncoding() bool {
	for i := 0; i < len(s.Data); {
		r, size := utf8.DecodeRune(s.Data[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			s.Errorf(i, "file-encoding", "byte 0x%02x is not UTF-8; save the file as UTF-8", s.Data[i])
			return false
		case r < ' ' && r != '\n' && r != '\t', r >= 0x7f && r < 0xa0:
			s.Errorf(i, "file-encoding", "U+%04X is a control character; remove it", r)
			return false
		case r == blankMark:
			s.Errorf(i, "file-encoding", "U+%04X is reserved; remove it", r)
			return false
		}
		i += size
	}
	return true
}

// Position returns line and column of a byte offset, both from 1. Columns count bytes.
func (s *Source) Position(at int) (line, col int) {
	at = max(0, min(at, s.size))
	line = sort.Search(len(s.lines), func(i int) bool { return s.lines[i] > at })
	col = at - s.lines[line-1] + 1
	if line == 1 && s.hadBOM && at > 0 {
		col += len(bom)
	}
	return line, col
}

// LetGo forgets the text. Findings can still be added.
func (s *Source) LetGo() { s.Data, s.original = nil, nil }

// lineText returns line n, counted from 1, without its line end; nil behind the last line.
func (s *Source) lineText(n int) []byte {
	if n > len(s.lines) {
		return nil
	}
	end := len(s.Data)
	if n < len(s.lines) {
		end = s.lines[n] - 1
	}
	return s.Data[s.lines[n-1]:end]
}
