package content_test

import (
	"math"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"rehearse/admin"
	"rehearse/bank"
	"rehearse/content"
	"rehearse/handbook"
)

var read = sync.OnceValues(func() (bank.Bank, error) {
	b, _, err := bank.Read(content.FS)
	return b, err
})

// shipped returns the bank that ships, with all of its questions.
func shipped(t *testing.T) (b bank.Bank, all []bank.Question) {
	t.Helper()
	b, err := read()
	if err != nil || len(b.Broken) > 0 {
		t.Fatal(err, b.Broken)
	}
	for _, topic := range b.Topics {
		all = append(all, topic.Questions...)
	}
	return b, all
}

// Enough of everything: these numbers are promised.
func TestHowMuchThereIs(t *testing.T) {
	b, all := shipped(t)
	for _, topic := range b.Topics {
		if n := len(topic.Questions); n < 25 {
			t.Errorf("%s has %d questions, want 25", topic.ID, n)
		}
	}
	for _, promise := range []struct {
		what string
		want int
		is   func(bank.Question) bool
	}{
		{"questions", 450, func(bank.Question) bool { return true }},
		{"flashcards that are explained", 300, func(q bank.Question) bool { return q.Serves(bank.UseCard) && explained(q) }},
		{"open interview questions", 70, func(q bank.Question) bool { return q.Kind == bank.Interview }},
		{"executed outputs", 50, func(q bank.Question) bool { return q.Kind == bank.Output && len(q.Executed) > 0 }},
		{"SQL exercises", 40, func(q bank.Question) bool { return q.Kind == bank.SQL }},
		{"find the defect, or the safer version", 30, func(q bank.Question) bool { return slices.Contains(q.Tags, "defect") }},
	} {
		n := 0
		for _, q := range all {
			if promise.is(q) {
				n++
			}
		}
		t.Logf("%s: %d", promise.what, n)
		if n < promise.want {
			t.Errorf("%s: %d, want %d", promise.what, n, promise.want)
		}
	}
}

// explained reports whether a question says why its answer is right: in one text, or with each of its choices.
func explained(q bank.Question) bool {
	silent := func(c bank.Choice) bool { return c.Why.Empty() }
	return !q.Explanation.Empty() || !q.Answer.Empty() || len(q.Choices) > 0 && !slices.ContainsFunc(q.Choices, silent)
}

// What a question has to say beside its key.
func TestWhatEachQuestionSays(t *testing.T) {
	_, all := shipped(t)
	for _, q := range all {
		lacks := func(what string, is bool) {
			if is {
				t.Errorf("%s:%d: %s has no %s", q.File, q.Line, q.ID, what)
			}
		}
		lacks("level", q.Level == "")
		lacks("axis", len(q.Axes) == 0)
		lacks("primary documentation or executed key", !decided(q))
		if q.Kind != bank.Interview {
			lacks("explanation", !explained(q))
			continue
		}
		lacks("why asked", q.WhyAsked.Empty())
		lacks("strong answer", q.StrongAnswer.Empty())
		lacks("rubric of three points", len(q.Rubric) < 3)
		lacks("red flags", q.RedFlags.Empty())
		lacks("follow-ups", q.FollowUps.Empty())
		weight := func(c bank.Criterion) bool { return c.Points > 1 }
		lacks("weight in its rubric", !slices.ContainsFunc(q.Rubric, weight))
	}
}

// decided reports whether somebody who doubts a question can find out: in a primary source, or since a program decides.
// Open questions about one's own work and about who decides what state opinions, for which there is neither.
func decided(q bank.Question) bool {
	opinion := q.Kind.Open() && (q.Topic == "behavioural" || q.Topic == "role-decisions")
	return opinion || len(q.Executed) > 0 || strings.Contains(q.References.HTML, "<a ") || strings.Contains(q.References.Text, "ISBN")
}

// Nothing about a question gives its key away: neither where it stands in the file nor how long it is. Levels are mixed as
// promised.
func TestBalance(t *testing.T) {
	_, all := shipped(t)
	levels := map[bank.Level]float64{}
	var longest, singles, chance float64
	places := make([]struct{ keys, expected float64 }, 8)
	for _, q := range all {
		levels[q.Level]++
		if q.Kind != bank.Single || q.KeepOrder {
			continue
		}
		singles++
		chance += 1 / float64(len(q.Choices))
		for i, c := range q.Choices {
			places[i].expected += 1 / float64(len(q.Choices))
			if c.Right {
				places[i].keys++
			}
		}
		if keyIsLongest(q) {
			longest++
		}
	}
	near := func(what string, got, want, within float64) {
		t.Logf("%s: %.1f %%, want %.1f ± %.0f", what, 100*got, 100*want, 100*within)
		if math.Abs(got-want) > within {
			t.Errorf("%s: %.1f %%, want %.1f ± %.0f", what, 100*got, 100*want, 100*within)
		}
	}
	for i, p := range places {
		if p.expected > 0 {
			near("keys in place "+string(rune('A'+i)), p.keys/singles, p.expected/singles, 0.05)
		}
	}
	t.Logf("the key is longer than every other choice in %.1f %%, by chance in at most %.1f %%", 100*longest/singles, 100*chance/singles)
	if longest > 0.30*singles {
		t.Errorf("the key is the longest choice in %.0f of %.0f, want at most 30 %%", longest, singles)
	}
	n := float64(len(all))
	near("junior", levels["junior"]/n, 0.30, 0.05)
	near("mid", levels["mid"]/n, 0.45, 0.05)
	near("senior", levels["senior"]/n, 0.25, 0.05)
}

// keyIsLongest reports whether the right choice is longer than every other.
func keyIsLongest(q bank.Question) bool {
	key, other := 0, 0
	for _, c := range q.Choices {
		if n := utf8.RuneCountInString(c.Text.Text); c.Right {
			key = n
		} else {
			other = max(other, n)
		}
	}
	return key > other
}

// The handbook has no finding, and what was promised of it.
func TestHandbook(t *testing.T) {
	b, _ := shipped(t)
	book, findings, err := handbook.Read(content.FS, admin.KnownOf(b))
	if err != nil || len(findings) > 0 {
		t.Fatalf("%v %v", err, findings)
	}
	if len(book.Guides) < 13 || len(book.Plans) < 1 {
		t.Errorf("%d guides, %d plans; want 13 and 1", len(book.Guides), len(book.Plans))
	}
	for _, id := range []string{"expressjs-developer", "backend-developer", "nodejs-backend-engineer", "fullstack-developer", "platform-engineer"} {
		role, ok := book.Role(id)
		if !ok || len(role.Ladder) < 3 {
			t.Errorf("role %s: %v, %d levels", id, ok, len(role.Ladder))
		}
	}
	plan, _ := book.Plan("nodejs-backend-8-weeks")
	topics := 0
	for _, block := range plan.Blocks {
		topics += len(block.Topics)
	}
	if plan.Weeks != 8 || len(plan.Blocks) != 4 || topics != 16 {
		t.Errorf("the plan has %d weeks in %d blocks with %d topics, want 8, 4, 16", plan.Weeks, len(plan.Blocks), topics)
	}
	set, _ := book.Set("fifteen-to-start")
	for _, g := range set.Groups {
		if len(g.Questions) != 3 {
			t.Errorf("the set has %d questions on %s, want 3", len(g.Questions), g.Title)
		}
	}
	if len(set.Groups) != 5 {
		t.Errorf("the set has %d categories, want 5", len(set.Groups))
	}
}
