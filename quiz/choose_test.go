package quiz

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"rehearse/bank"
)

// pool makes n questions for each topic; every third is hard, every fifth senior.
func pool(n int, topics ...string) []*bank.Head {
	var all []*bank.Head
	for _, topic := range topics {
		for i := range n {
			q := bank.Head{ID: fmt.Sprintf("%s-%02d", topic, i), Topic: topic, Kind: bank.Kinds()[i%len(bank.Kinds())]}
			q.Labels = bank.Labels{Use: bank.Uses(), Difficulty: "easy", Level: "mid", Tags: []string{fmt.Sprint("tag-", i%4)}}
			if i%3 == 0 {
				q.Difficulty = "hard"
			}
			if i%5 == 0 {
				q.Level = "senior"
			}
			all = append(all, &q)
		}
	}
	return all
}

func ids(questions []*bank.Head) []string {
	var list []string
	for _, q := range questions {
		list = append(list, q.ID)
	}
	return list
}

func TestFilterProblems(t *testing.T) {
	tests := []struct {
		name string
		f    Filter
		want map[string]string
	}{
		{"nothing but a count", Filter{Count: 10}, nil},
		{"everything", Filter{
			Topics: []string{"x"}, Tags: []string{"y"}, Levels: bank.Levels(), Difficulties: bank.Difficulties(),
			Kinds: bank.Kinds(), Questions: []string{"q"}, Count: 100,
		}, nil},
		{"no question", Filter{}, map[string]string{"count": "Choose between 1 and 100 questions."}},
		{"too many questions", Filter{Count: 101}, map[string]string{"count": "Choose between 1 and 100 questions."}},
		{
			"unknown labels",
			Filter{Count: 1, Levels: []bank.Level{"mid", "guru"}, Difficulties: []bank.Difficulty{"x"}, Kinds: []bank.Kind{""}},
			map[string]string{
				"levels": `There is no level "guru".`, "difficulties": `There is no difficulty "x".`,
				"kinds": `There is no kind of question "".`,
			},
		},
		{
			"endless lists",
			Filter{Count: 1, Topics: make([]string, 501), Questions: make([]string, 501)},
			map[string]string{"topics": "Choose at most 500.", "questions": "Choose at most 500."},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, english(tt.f.Problems())); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

func TestChooseFilters(t *testing.T) {
	all := pool(12, "loop", "sql")
	all[1].Use = []bank.Use{bank.UseAssessment} // loop-01
	tests := []struct {
		name string
		f    Filter
		want []string
	}{
		{"by topic and difficulty", Filter{Topics: []string{"sql"}, Difficulties: []bank.Difficulty{"hard"}}, []string{"sql-00", "sql-03", "sql-06", "sql-09"}},
		{"by level", Filter{Topics: []string{"loop"}, Levels: []bank.Level{"senior"}}, []string{"loop-00", "loop-05", "loop-10"}},
		{"by tag, any of them, quiz only", Filter{Topics: []string{"loop"}, Tags: []string{"tag-1", "tag-3"}}, []string{"loop-03", "loop-05", "loop-07", "loop-09", "loop-11"}},
		{"by kind", Filter{Kinds: []bank.Kind{bank.Cloze}}, []string{"loop-07", "sql-07"}},
		{"by id, not for quizzes or unknown", Filter{Questions: []string{"sql-02", "loop-01", "gone", "sql-02"}}, []string{"sql-02"}},
		{"nothing passes", Filter{Topics: []string{"gone"}}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.f.Count = 100
			got := ids(Choose(all, tt.f, 9))
			slices.Sort(got)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("chosen (-want +got):\n%s", diff)
			}
		})
	}
}

func TestChooseMixesTopics(t *testing.T) {
	all := append(pool(20, "big"), pool(4, "mid", "small")...)
	for seed := range uint64(50) {
		got := Choose(all, Filter{Count: 16}, seed)
		counts := make(map[string]int)
		run, longest := 0, 0
		for i, q := range got {
			counts[q.Topic]++
			if run++; i > 0 && q.Topic != got[i-1].Topic {
				run = 1
			}
			longest = max(longest, run)
		}
		if diff := cmp.Diff(map[string]int{"big": 8, "mid": 4, "small": 4}, counts); diff != "" {
			t.Errorf("seed %d: questions by topic (-want +got):\n%s", seed, diff)
		}
		// Half of the questions are of one topic; in blocks it would come eight times running.
		if longest > 5 {
			t.Errorf("seed %d: one topic comes %d times running: %v", seed, longest, ids(got))
		}
	}
}

func TestChooseProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := pool(rapid.IntRange(0, 9).Draw(t, "questions"), "loop", "sql", "middleware")
		all = append(all, all[:len(all)/2]...) // some twice
		f := Filter{Count: rapid.IntRange(0, 40).Draw(t, "count")}
		if rapid.Bool().Draw(t, "only hard") {
			f.Difficulties = []bank.Difficulty{"hard"}
		}
		seed := rapid.Uint64().Draw(t, "seed")
		chosen := Choose(all, f, seed)

		if len(all) > 0 {
			all = rapid.Permutation(all).Draw(t, "pool")
		}
		if diff := cmp.Diff(ids(chosen), ids(Choose(all, f, seed))); diff != "" {
			t.Fatalf("the choice depends on the order of the pool (-want +got):\n%s", diff)
		}
		seen := make(map[string]bool)
		for _, q := range chosen {
			if seen[q.ID] || !f.passes(q) {
				t.Fatalf("%s is chosen twice or does not pass", q.ID)
			}
			seen[q.ID] = true
		}
		available := make(map[string]bool)
		for _, q := range all {
			if f.passes(q) {
				available[q.ID] = true
			}
		}
		if want := min(f.Count, len(available)); len(chosen) != want {
			t.Fatalf("%d questions are chosen, want %d", len(chosen), want)
		}
	})
}

func TestChooseDoesNotTouchThePool(t *testing.T) {
	all := pool(10, "b", "a")
	before := ids(all)
	Choose(all, Filter{Count: 20}, 3)
	if diff := cmp.Diff(before, ids(all)); diff != "" {
		t.Errorf("pool (-before +after):\n%s", diff)
	}
}
