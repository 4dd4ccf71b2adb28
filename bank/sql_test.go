package bank

import "testing"

func TestEndsOrdered(t *testing.T) {
	tests := map[string]bool{
		"SELECT a FROM t ORDER BY a":                                     true,
		"SELECT a FROM t order\n by a LIMIT 3;":                          true,
		"WITH c AS (SELECT a FROM t) SELECT a FROM c ORDER BY a":         true,
		"SELECT 1 UNION SELECT 2 ORDER /* x */ BY 1":                     true,
		"SELECT a FROM t":                                                false,
		"SELECT row_number() OVER (ORDER BY a) FROM t":                   false,
		"SELECT group_concat(a ORDER BY a) FROM t":                       false,
		"WITH c AS (SELECT a FROM t ORDER BY a LIMIT 1) SELECT a FROM c": false,
		"SELECT 'ORDER BY a' FROM t":                                     false,
		"SELECT 'it''s ORDER BY a' FROM t":                               false,
		"SELECT a FROM t -- ORDER BY a":                                  false,
		"SELECT a AS \"ORDER BY\" FROM [ORDER BY t]":                     false,
		"SELECT reorder, by FROM t":                                      false,
		"SELECT ')' FROM (SELECT a FROM t) ORDER BY a":                   true,
		"SELECT '": false,
	}
	for statement, want := range tests {
		if got := endsOrdered(statement); got != want {
			t.Errorf("endsOrdered(%q) = %v, want %v", statement, got, want)
		}
	}
}

// TestHashesOfSQL: all that is run decides right or wrong, and so does how it is compared.
func TestHashesOfSQL(t *testing.T) {
	hashes := func(edit func(string) string) [2]string {
		a := readArchive(t, "testdata/models/sql.txtar")
		folder := a.folder("findings", "model")
		file := folder["questions/sql.md"]
		file.Data = []byte(edit(string(file.Data)))
		b, findings, err := Read(folder)
		if err != nil || len(b.Topics) != 1 {
			t.Fatalf("the edit breaks the file: %v %v", lines(findings), err)
		}
		q := b.Topics[0].Questions[0]
		return [2]string{q.BodyHash, q.KeyHash}
	}
	before := hashes(func(s string) string { return s })
	tests := []struct {
		name, old, new string
		body, key      bool // change
	}{
		{"trailing blanks", "(1, 'Ada'), (2, 'Linus');\n", "(1, 'Ada'), (2, 'Linus');  \n", false, false},
		{"tags", "tags: [joins]", "tags: [aggregation]", false, false},
		{"explanation", "lose Linus", "drop Linus", true, false},
		{"data", "(2, 'Linus')", "(2, 'Grace')", true, true},
		{"second data set", "customer_id INTEGER);\n```", "customer_id INTEGER NOT NULL);\n```", true, true},
		{"query", "count(o.id)", "count(*)", true, true},
		{"order", "tags: [joins]", "ordered: false", true, true},
		{"plan", "tags: [joins]", "plan: index", true, true},
	}
	for _, tt := range tests {
		after := hashes(replace(tt.old, tt.new))
		if (after[0] != before[0]) != tt.body || (after[1] != before[1]) != tt.key {
			t.Errorf("%s: body changes: %v, want %v; key changes: %v, want %v", tt.name, after[0] != before[0], tt.body, after[1] != before[1], tt.key)
		}
	}
}
