package web

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"rehearse/bank"
	"rehearse/locale"
	"rehearse/practice"
	"rehearse/quiz"
	"rehearse/store"
	"rehearse/views"
)

func (s *site) toNewQuiz(c Ctx) error { return redirect(c, s.links.NewQuiz()) }

// newQuiz shows the form for a new quiz, with what the address says already chosen.
func (s *site) newQuiz(c Ctx) error { return s.showNewQuiz(c, http.StatusOK, c.QueryParams(), nil) }

// maxLimit is the longest time limit, in minutes.
const maxLimit = 600

// readNewQuiz reads the form for a new quiz, or says what is wrong with it.
func (s *site) readNewQuiz(l *locale.Language, form url.Values) (practice.NewQuiz, views.Problems) {
	n := practice.NewQuiz{Mode: quiz.Practice, Filter: s.readFilter(form)}
	var problems views.Problems
	if form.Get("quick") != "" {
		quick := quickFilter()
		n.Filter.Count, n.Filter.Kinds = quick.Count, quick.Kinds
		n.Title = s.quizTitle(n.Filter)
		return n, nil
	}
	found := n.Filter.Problems()
	if field, text := s.unknown(l, n.Filter); field != "" {
		problems = append(problems, views.Problem{Field: field, Text: text})
	}
	for _, field := range [][2]string{
		{"topics", "topic"},
		{"levels", "level"},
		{"difficulties", "difficulty"},
		{"kinds", "kind"},
		{"tags", "tag"},
		{"count", "count"},
	} {
		if text, bad := found[field[0]]; bad {
			problems = append(problems, views.Problem{Field: field[1], Text: l.F(text.Format, text.Args...)})
		}
	}
	switch mode := quiz.Mode(form.Get("mode")); mode {
	case quiz.Practice, quiz.Exam:
		n.Mode = mode
	case "":
	default:
		problems = append(problems, views.Problem{Field: "mode", Text: l.T("Choose practice or exam.")})
	}
	limit, problem := readLimit(l, form)
	if problem.Text != "" {
		problems = append(problems, problem)
	}
	n.Limit = limit
	n.Title = s.quizTitle(n.Filter)
	return n, problems
}

// quickFilter is what one click draws from: every topic, but no question that one has to mark oneself.
func quickFilter() quiz.Filter {
	return quiz.Filter{Count: quickQuiz, Kinds: slices.DeleteFunc(bank.Kinds(), bank.Kind.Open)}
}

// unknown names a field of a filter with a topic or tag that the bank does not have; "" when all are known.
func (s *site) unknown(l *locale.Language, f quiz.Filter) (field, text string) {
	for _, id := range f.Topics {
		if _, err := s.catalog().Topic(id); err != nil {
			return "topic", l.T("One of the topics is not there any more. Choose again.")
		}
	}
	tags := map[string]bool{}
	for _, e := range s.catalog().Questions {
		for _, tag := range e.Tags {
			tags[tag] = true
		}
	}
	for _, tag := range f.Tags {
		if !tags[tag] {
			return "tag", l.T("One of the tags is not there any more. Choose again.")
		}
	}
	return "", ""
}

func (s *site) readFilter(form url.Values) quiz.Filter {
	f := quiz.Filter{
		Topics:       form["topic"],
		Tags:         form["tag"],
		Levels:       typed[bank.Level](form["level"]),
		Difficulties: typed[bank.Difficulty](form["difficulty"]),
		Kinds:        typed[bank.Kind](form["kind"]),
	}
	f.Count, _ = strconv.Atoi(form.Get("count")) // 0 is out of range, which Problems says
	return f
}

// typed gives form values the type of what they name.
func typed[T ~string](values []string) []T {
	var out []T
	for _, v := range values {
		out = append(out, T(v))
	}
	return out
}

// readLimit reads the time limit: a number of minutes offered, or one's own.
func readLimit(l *locale.Language, form url.Values) (time.Duration, views.Problem) {
	text, field := form.Get("limit"), "limit"
	switch text {
	case "", "none":
		return 0, views.Problem{}
	case "custom":
		text, field = form.Get("minutes"), "minutes"
	}
	minutes, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil || minutes < 1 || minutes > maxLimit {
		return 0, views.Problem{Field: field, Text: l.F("Give the time limit as a number of minutes between 1 and %d.", maxLimit)}
	}
	return time.Duration(minutes) * time.Minute, views.Problem{}
}

// quizTitle says in words what a quiz is drawn from.
func (s *site) quizTitle(f quiz.Filter) string {
	var parts []string
	for _, id := range f.Topics {
		if t, err := s.catalog().Topic(id); err == nil {
			parts = append(parts, t.Title)
		}
	}
	if len(parts) == 0 || len(parts) > 3 {
		parts = []string{said("Mixed topics")}
	}
	title := strings.Join(parts, ", ")
	if len(f.Tags) > 0 && len(f.Tags) <= 3 {
		title += ": " + strings.Join(f.Tags, ", ")
	}
	return title
}

// matching returns how many questions a filter lets through.
func (s *site) matching(f quiz.Filter) int {
	return f.Matching(s.catalog().Pool())
}

// showNewQuiz shows the form for a new quiz as it was filled in.
func (s *site) showNewQuiz(c Ctx, status int, form url.Values, problems views.Problems) error {
	l := s.language(c)
	f, all := s.readFilter(form), s.catalog().Questions
	v := views.NewQuizView{
		Quick:        s.quickText(l),
		Topics:       s.topicOptions(f.Topics),
		Kinds:        options(l, kindCounts(all), f.Kinds),
		Levels:       options(l, levelCounts(all), f.Levels),
		Difficulties: options(l, difficultyCounts(all), f.Difficulties),
		Tags:         s.tagOptions(f.Tags),
		Count:        orDefault(form.Get("count"), strconv.Itoa(quickQuiz)),
		Modes: []views.Option{
			{Value: string(quiz.Practice), Label: l.T("Practice"), Note: l.T("The verdict and the reasons after each question.")},
			{Value: string(quiz.Exam), Label: l.T("Exam"), Note: l.T("All verdicts at the end. Answers are final.")},
		},
		Limits: []views.Option{
			{Value: "none", Label: l.T("None")},
			{Value: "10", Label: l.F("%d min", 10)},
			{Value: "20", Label: l.F("%d min", 20)},
			{Value: "30", Label: l.F("%d min", 30)},
			{Value: "custom", Label: l.T("Other")},
		},
		Minutes:  form.Get("minutes"),
		Matching: s.matching(f),
		Problems: problems,
	}
	if len(all) == 0 {
		v.Empty = noContent(l)
	}
	check(v.Modes, orDefault(form.Get("mode"), string(quiz.Practice)))
	check(v.Limits, orDefault(form.Get("limit"), "none"))
	return s.view(c, status, "quiz", said("New quiz"), func(_ *store.Tx, p views.Page) (templ.Component, error) {
		return views.NewQuiz(p, v), nil
	})
}

func orDefault(value, otherwise string) string {
	if value == "" {
		return otherwise
	}
	return value
}

// check ticks the option with this value.
func check(options []views.Option, value string) {
	for i := range options {
		options[i].Checked = options[i].Value == value
	}
}

// options offers the values that occur, and those that were chosen though they do not.
func options[T ~string](l *locale.Language, found []tally[T], chosen []T) []views.Option {
	var out []views.Option
	rest := slices.Clone(chosen)
	for _, t := range found {
		out = append(out, views.Option{Value: string(t.value), Label: views.Label(l, string(t.value)), Checked: slices.Contains(chosen, t.value)})
		rest = slices.DeleteFunc(rest, func(v T) bool { return v == t.value })
	}
	for _, v := range slices.Compact(slices.Sorted(slices.Values(rest))) {
		out = append(out, views.Option{Value: string(v), Label: string(v), Checked: true})
	}
	return out
}

func (s *site) topicOptions(chosen []string) []views.Option {
	var out []views.Option
	for _, t := range s.catalog().Topics {
		out = append(out, views.Option{
			Value: t.Slug, Label: t.Title, Note: strconv.Itoa(len(t.Questions)), Checked: slices.Contains(chosen, t.Slug),
		})
	}
	return out
}

// tagOptions offers the tags of the bank, those first that most questions have.
func (s *site) tagOptions(chosen []string) []views.Option {
	n := map[string]int{}
	for _, e := range s.catalog().Questions {
		for _, tag := range e.Tags {
			n[tag]++
		}
	}
	tags := slices.Sorted(maps.Keys(n))
	slices.SortStableFunc(tags, func(a, b string) int { return n[b] - n[a] })
	var out []views.Option
	for _, tag := range tags {
		out = append(out, views.Option{Value: tag, Label: tag, Note: strconv.Itoa(n[tag]), Checked: slices.Contains(chosen, tag)})
	}
	return out
}
