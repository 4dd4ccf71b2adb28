package markdown

import "bytes"

// Front cuts the front matter off and returns its keys. It must be called before Parse. When it returns false the
// keys could not be read; a file without front matter can still be parsed, one that never closes it cannot.
func (s *Source) Front() (Mapping, bool) {
	if !isRule(s.lineText(1)) {
		s.Errorf(0, "fm-missing", "the file has no front matter; begin it with a line ---, the keys, and a line ---")
		return Mapping{}, false
	}
	for n := 2; n <= len(s.lines); n++ {
		if !isRule(s.lineText(n)) {
			continue
		}
		from, to := s.lines[1], s.lines[n-1]
		s.body = to + len(s.lineText(n))
		return s.Mapping("fm", s.Data[from:to], from)
	}
	s.body = len(s.Data)
	s.Errorf(0, "fm-open", "the front matter is never closed; end it with a line ---")
	return Mapping{}, false
}

// AllFront reports whether no body is left, because the front matter is never closed.
func (s *Source) AllFront() bool { return len(s.Data) > 0 && s.body == len(s.Data) }

// isRule reports whether the line opens or closes front matter.
func isRule(line []byte) bool {
	return string(bytes.TrimRight(line, " \t")) == "---"
}

// masked returns the text with the front matter blanked out, so that offsets into it are offsets into the file.
func (s *Source) masked() []byte {
	masked := bytes.Clone(s.Data)
	for i := range masked[:s.body] {
		if masked[i] != '\n' {
			masked[i] = ' '
		}
	}
	return masked
}
