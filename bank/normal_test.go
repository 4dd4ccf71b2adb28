package bank

import "testing"

func TestNormal(t *testing.T) {
	tests := []struct {
		name, text  string
		caseMatters bool
		want        string
	}{
		{"trimmed and folded", "  a \t\n b ", true, "a b"},
		{"no-break space", "a\u00a0b", true, "a b"},
		{"case", "ÄB ẞ", false, "äb ss"},
		{"case kept", "ÄB", true, "ÄB"},
		{"NFC", "e\u0301", true, "é"},
		{"NFC and case", "E\u0301", false, "é"},
		{"empty", " ", false, ""},
	}
	for _, test := range tests {
		if got := Normal(test.text, test.caseMatters); got != test.want {
			t.Errorf("%s: Normal(%q) = %q, want %q", test.name, test.text, got, test.want)
		}
	}
}

func TestNormalOutput(t *testing.T) {
	for text, want := range map[string]string{
		"":                    "",
		"a\r\nb \t\r\n\r\n\n": "a\nb",
		"  a\n\n b":           "  a\n\n b",
		"a":                   "a",
	} {
		if got := NormalOutput(text); got != want {
			t.Errorf("NormalOutput(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestParseRange(t *testing.T) {
	tests := []struct {
		text             string
		low, high, value float64
		unit             string
	}{
		{"4", 4, 4, 4, ""},
		{"-1_000.5 ± 10 ms", -1010.5, -990.5, -1000.5, "ms"},
		{"250 +- 10", 240, 260, 250, ""},
		{"200 ± 5%", 190, 210, 200, ""},
		{"-200 ± 5% ms", -210, -190, -200, "ms"},
		{"1..2 MB/s", 1, 2, 1.5, "MB/s"},
		{"50 %", 50, 50, 50, "%"},
		{"10..20 %", 10, 20, 15, "%"},
		{".5 s", .5, .5, .5, "s"},
		{"1e3 requests per second", 1000, 1000, 1000, "requests per second"},
		{"4KiB", 4, 4, 4, "KiB"},
	}
	for _, test := range tests {
		r, fault := parseRange(test.text)
		want := Range{test.low, test.high, test.value, test.unit, test.text}
		if fault != "" || r != want {
			t.Errorf("parseRange(%q) = %+v %q, want %+v", test.text, r, fault, want)
		}
	}
}

func TestClozeParts(t *testing.T) {
	a := readArchive(t, "testdata/models/details.txtar")
	b, _, err := Read(a.folder("findings", "model"))
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range b.Topics[0].Questions {
		if q.Kind != Cloze {
			continue
		}
		parts := q.ClozeParts()
		html, blank := "", 0
		for _, p := range parts {
			if p.Blank < 0 {
				html += p.HTML
				continue
			}
			if p.Blank != blank {
				t.Errorf("gap %d comes in place %d", p.Blank, blank)
			}
			blank++
			html += `<span class="Blank">____</span>`
		}
		if html != q.Stem.HTML || blank != len(q.Blanks) {
			t.Errorf("the parts have %d gaps for %d blanks and join to\n%s\nwant\n%s", blank, len(q.Blanks), html, q.Stem.HTML)
		}
	}
}
