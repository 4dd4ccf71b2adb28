package web

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"rehearse/bank"
	"rehearse/locale"
	"rehearse/practice"
	"rehearse/quiz"
	"rehearse/search"
	"rehearse/store"
	"rehearse/views"
)

// foundShown is how many questions a page of the list holds.
const foundShown = 25

// tagsOffered is how many tags are offered as filters, the most frequent ones. The others are found by their words.
const tagsOffered = 24

// maxChosen bounds each list of an address: more can only come from a forged one.
const maxChosen = 50

// readSearch reads what an address looks for. The address is all there is to know of it.
func (s *site) readSearch(values url.Values) practice.Search {
	what := practice.Search{
		Words:        readWords(values.Get("q")),
		Literal:      values.Get("literal") != "",
		Topics:       chosen[string](values["topic"]),
		Tags:         chosen[string](values["tag"]),
		Levels:       chosen[bank.Level](values["level"]),
		Difficulties: chosen[bank.Difficulty](values["difficulty"]),
		Kinds:        chosen[bank.Kind](values["kind"]),
		Statuses:     chosen[practice.Status](values["status"]),
		Sets:         chosen[string](values["set"]),
	}
	for _, name := range what.Sets {
		set, _ := s.book().Set(name) // there is nothing in one that is not there
		what.InSets = append(what.InSets, set.Questions()...)
	}
	return what
}

// maxTyped is how many bytes of a search are taken: a page repeats them in many addresses.
const maxTyped = 400

// readWords returns what was typed into the field of the search, as far as it counts.
func readWords(words string) string {
	words = strings.TrimSpace(words)
	return strings.ToValidUTF8(words[:min(len(words), maxTyped)], "")
}

// chosen returns the values of a filter, each once.
func chosen[T ~string](values []string) []T {
	var out []T
	for _, v := range values {
		if len(out) < maxChosen && v != "" && !slices.Contains(out, T(v)) {
			out = append(out, T(v))
		}
	}
	return out
}

// searchValues is the opposite of readSearch.
func searchValues(what practice.Search) url.Values {
	values := url.Values{}
	if what.Words != "" {
		values.Set("q", what.Words)
	}
	if what.Literal {
		values.Set("literal", "1")
	}
	addAll(values, "topic", what.Topics)
	addAll(values, "tag", what.Tags)
	addAll(values, "level", what.Levels)
	addAll(values, "difficulty", what.Difficulties)
	addAll(values, "kind", what.Kinds)
	addAll(values, "status", what.Statuses)
	addAll(values, "set", what.Sets)
	return values
}

func addAll[T ~string](values url.Values, name string, all []T) {
	for _, v := range all {
		values.Add(name, string(v))
	}
}

// questions lists the questions that an address looks for.
func (s *site) questions(c Ctx) error {
	u, what := s.user(c), s.readSearch(c.QueryParams())
	return s.view(c, http.StatusOK, "questions", said("Questions"), func(tx *store.Tx, p views.Page) (templ.Component, error) {
		found, err := s.Practice.Search(tx, u, what)
		if err != nil {
			return nil, err
		}
		p.Description = p.L.T("Find interview questions by words, tags, level, difficulty and kind.")
		v := s.hubView(p.L, u, what, found)
		if v.Found == 0 {
			v.Empty = s.nothingFound(p.L, what)
			return views.Hub(p, v), nil
		}
		shown := s.pageOf(&v, what, found.Questions, c.QueryParam("page"))
		ids := make([]int64, len(shown))
		for i, e := range shown {
			ids[i] = e.ID
		}
		last, err := tx.LastScoresOf(u.ID, ids)
		if err != nil {
			return nil, err
		}
		for _, listed := range shown {
			e, err := s.catalog().Whole(listed)
			if err != nil {
				return nil, err
			}
			v.Rows = append(v.Rows, s.hubRow(listed, e.Body, found.Query, last))
		}
		return views.Hub(p, v), nil
	})
}

// pageOf returns the questions of one page, and links the others.
func (s *site) pageOf(v *views.HubView, what practice.Search, found []*store.Listed, wanted string) []*store.Listed {
	pages := (len(found) + foundShown - 1) / foundShown
	page, err := strconv.Atoi(wanted)
	if err != nil || page < 1 || page > pages {
		page = 1
	}
	address := func(page int) string {
		values := searchValues(what)
		if page > 1 {
			values.Set("page", strconv.Itoa(page))
		}
		return s.links.QuestionsFor(values)
	}
	v.Pager = views.Pager{Page: page, Pages: pages}
	if page > 1 {
		v.Pager.Newer = address(page - 1)
	}
	if page < pages {
		v.Pager.Older = address(page + 1)
	}
	return found[(page-1)*foundShown : min(page*foundShown, len(found))]
}

func (s *site) hubView(l *locale.Language, u store.User, what practice.Search, found practice.Found) views.HubView {
	v := views.HubView{
		Words:     what.Words,
		Total:     len(s.catalog().Questions),
		Found:     len(found.Questions),
		Some:      found.Query.Any && len(found.Query.Words) > 1,
		Filters:   s.filters(l, u, what),
		Chosen:    s.chips(l, what),
		Clear:     s.links.QuestionsFor(searchValues(practice.Search{Words: what.Words, Literal: what.Literal})),
		Candidate: u.ID != 0,
	}
	if found.Corrected {
		literal := what
		literal.Literal = true
		v.Read, v.Literal = strings.Join(found.Query.Words, " "), s.links.QuestionsFor(searchValues(literal))
	}
	v.Made = s.makeOf(l, what, found)
	return v
}

// makeOf offers what can be made of the questions found.
func (s *site) makeOf(l *locale.Language, what practice.Search, found practice.Found) (v views.MadeOf) {
	values := searchValues(what)
	if n := len(found.Serving(bank.UseQuiz)); n > 0 {
		v.Quiz = views.Action{Label: l.T("Quiz of these"), URL: s.links.QuizFor(values), Post: true}
		if n > quiz.MaxCount {
			v.Quiz.Label = l.F("Quiz of %d of these", quiz.MaxCount)
		}
	}
	if len(found.Serving(bank.UseCard)) > 0 {
		v.Cards = views.Action{Label: l.T("Cards"), URL: s.links.NextCardOf(values.Encode())}
	}
	if len(found.Questions) > 0 {
		v.Print = views.Action{Label: l.T("Print"), URL: s.links.PrintFor(values)}
	}
	if len(found.Questions) > maxPrinted {
		v.Print.Label = l.F("Print the first %d", maxPrinted)
	}
	return v
}

// nothingFound says what to do when a search found nothing.
func (s *site) nothingFound(l *locale.Language, what practice.Search) views.EmptyView {
	switch {
	case len(s.catalog().Questions) == 0:
		return noContent(l)
	case len(searchValues(practice.Search{Words: what.Words, Literal: what.Literal})) < len(searchValues(what)):
		return views.EmptyView{
			Title:  l.T("Nothing with all of these filters"),
			Text:   l.T("Within a group, one of the values is enough; each further group narrows the list. Take one away, or all."),
			Action: views.Action{Label: l.T("Clear the filters"), URL: s.links.QuestionsFor(searchValues(practice.Search{Words: what.Words, Literal: what.Literal}))},
		}
	}
	return views.EmptyView{
		Title:  l.T("No question has these words"),
		Text:   l.T("The search looks through titles, texts, tags and explanations. Try another word for it, or a shorter one."),
		Action: views.Action{Label: l.T("Show all questions"), URL: s.links.Questions()},
	}
}

var statusLabels = map[practice.Status]string{
	practice.StatusNew:        said("New to me"),
	practice.StatusWrong:      said("Wrong last time"),
	practice.StatusBookmarked: said("Bookmarked"),
	practice.StatusDue:        said("Card due"),
}

func statusLabel(l *locale.Language, st practice.Status) string {
	if label := statusLabels[st]; label != "" {
		return l.T(label)
	}
	return string(st)
}

// facets is how many questions have each value that a list can be filtered by. It is counted once for a catalog.
type facets struct {
	catalog      *store.Catalog
	levels       []tally[bank.Level]
	kinds        []tally[bank.Kind]
	difficulties []tally[bank.Difficulty]
	tags         []views.Option // the most frequent first
	quick        int            // of a quick quiz
}

func (s *site) countFacets() *facets {
	catalog := s.catalog()
	if f := s.facets.Load(); f != nil && f.catalog == catalog {
		return f
	}
	all := catalog.Questions
	f := &facets{catalog, levelCounts(all), kindCounts(all), difficultyCounts(all), s.tagOptions(nil), s.matching(quickFilter())}
	s.facets.Store(f)
	return f
}

// frequentTags offers the tags that most questions have, and those chosen.
func (f *facets) frequentTags(wanted []string) []views.Option {
	var out []views.Option
	for i, o := range f.tags {
		o.Checked = slices.Contains(wanted, o.Value)
		if i < tagsOffered || o.Checked {
			out = append(out, o)
		}
	}
	return out
}

// filters offers what the list can be filtered by. Those of one's own standing are for who has one.
func (s *site) filters(l *locale.Language, u store.User, what practice.Search) []views.FilterGroup {
	f := s.countFacets()
	groups := []views.FilterGroup{
		{Name: "level", Legend: l.T("Level"), Options: options(l, f.levels, what.Levels)},
		{Name: "topic", Legend: l.T("Topics"), Options: s.topicOptions(what.Topics)},
		{Name: "kind", Legend: l.T("Kinds of question"), Options: options(l, f.kinds, what.Kinds)},
		{Name: "difficulty", Legend: l.T("Difficulty"), Options: options(l, f.difficulties, what.Difficulties)},
		{Name: "tag", Legend: l.T("Tags"), Note: l.T("The most frequent ones; the search finds all of them."), Options: f.frequentTags(what.Tags)},
	}
	if sets := s.setOptions(what.Sets); len(sets) > 0 {
		groups = append(groups, views.FilterGroup{Name: "set", Legend: l.T("Sets of questions"), Options: sets})
	}
	if u.ID == 0 && len(what.Statuses) == 0 {
		return groups
	}
	own := views.FilterGroup{Name: "status", Legend: l.T("Where you stand")}
	for _, st := range practice.Statuses() {
		own.Options = append(own.Options, views.Option{Value: string(st), Label: statusLabel(l, st), Checked: slices.Contains(what.Statuses, st)})
	}
	return append([]views.FilterGroup{own}, groups...)
}

// chips lists the filters in use, each with the address without it.
func (s *site) chips(l *locale.Language, what practice.Search) []views.Chip {
	var chips []views.Chip
	all := searchValues(what)
	add := func(name, value, label string) {
		rest := url.Values{}
		for key, values := range all {
			rest[key] = slices.DeleteFunc(slices.Clone(values), func(v string) bool { return key == name && v == value })
		}
		chips = append(chips, views.Chip{Label: label, URL: s.links.QuestionsFor(rest)})
	}
	for _, st := range what.Statuses {
		add("status", string(st), statusLabel(l, st))
	}
	for _, name := range []string{"level", "topic", "kind", "difficulty", "tag", "set"} {
		for _, value := range all[name] {
			label := views.Label(l, value)
			if t, err := s.catalog().Topic(value); name == "topic" && err == nil {
				label = t.Title
			}
			if set, ok := s.book().Set(value); name == "set" && ok {
				label = set.Title
			}
			add(name, value, label)
		}
	}
	return chips
}

// setOptions offers all sets.
func (s *site) setOptions(wanted []string) []views.Option {
	var out []views.Option
	for _, set := range s.book().Sets {
		out = append(out, views.Option{Value: set.ID, Label: set.Title, Checked: slices.Contains(wanted, set.ID)})
	}
	return out
}

// codeMarks are what stands around code in a stem, which a snippet does without.
var codeMarks = regexp.MustCompile("(?m)^\\s*```.*$|`")

// hubRow shows one question found. What was found in an explanation is not shown: it could say what is right.
func (s *site) hubRow(e *store.Listed, body bank.Body, q search.Query, last map[int64]int64) views.HubRow {
	row := views.HubRow{QuestionRow: s.questionRow(e, last), Topic: s.labels(e.Topic, e.Kind, &e.Labels).Topic, Why: oneLine(body.WhyAsked)}
	if q.Empty() {
		return row
	}
	row.Title, _ = search.Mark(row.Title, q)
	row.Snippet = search.Snippet(codeMarks.ReplaceAllString(body.Stem.Text, ""), q)
	if tags, found := search.Mark(html.EscapeString(strings.Join(e.Tags, ", ")), q); found {
		row.Tags = tags
	}
	return row
}

// oneLine returns the beginning of a text as HTML: as many sentences as fit a line or two.
func oneLine(r bank.Rich) string {
	text, _, _ := strings.Cut(r.Text, "\n")
	const least, most = 60, 150
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "")
		if end := strings.LastIndex(text, ". "); end >= least {
			text = text[:end+1]
		} else {
			text = text[:max(0, strings.LastIndexByte(text, ' '))] + " …"
		}
	}
	return html.EscapeString(text)
}

// selectedQuiz makes a quiz of the questions that an address looks for.
func (s *site) selectedQuiz(c Ctx) error {
	if _, err := formOf(c); err != nil {
		return err
	}
	what := s.readSearch(c.QueryParams())
	var slug string
	err := s.act(c, func(a practice.Actor) (user store.User, err error) {
		slug, user, err = s.Practice.StartSelected(c.Request().Context(), a, s.selectionTitle(what), what)
		return user, err
	})
	if err != nil {
		return err
	}
	return redirect(c, s.links.QuizItem(slug, 1))
}

// selectionTitle says in a few words what was looked for.
func (s *site) selectionTitle(what practice.Search) string {
	if words := search.Parse(what.Words).Words; len(words) > 0 {
		return "“" + strings.Join(words, " ") + "”"
	}
	if len(what.Sets) == 1 {
		if set, ok := s.book().Set(what.Sets[0]); ok {
			return set.Title
		}
	}
	return s.quizTitle(quiz.Filter{Topics: what.Topics, Tags: what.Tags})
}
