package web

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/a-h/templ"

	"rehearse/admin"
	"rehearse/bank"
	"rehearse/locale"
	"rehearse/quiz"
	"rehearse/store"
	"rehearse/views"
)

// answerBook keeps the latest responses that authors gave to try a question. They are scored when they are shown, by the
// key as it is then, and never stored.
type answerBook struct {
	mu      sync.Mutex
	answers map[string]triedAnswer
	order   []string
}

// triedAnswer is a response, and how the question was arranged for it.
type triedAnswer struct {
	question string
	seed     uint64
	response quiz.Response
}

// maxAnswers is how many responses are kept.
const maxAnswers = 500

func newAnswerBook() *answerBook { return &answerBook{answers: map[string]triedAnswer{}} }

// put keeps a response and returns its name.
func (b *answerBook) put(a triedAnswer) string {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.order) == maxAnswers {
		delete(b.answers, b.order[0])
		b.order = slices.Clone(b.order[1:])
	}
	name := rand.Text()
	b.answers[name] = a
	b.order = append(b.order, name)
	return name
}

func (b *answerBook) get(name string) (triedAnswer, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	a, ok := b.answers[name]
	return a, ok
}

// deskQuestion shows one question: to be answered, or with the verdict on what was answered.
func (s *site) deskQuestion(c Ctx, shown *shownLoading) error {
	e, err := shown.catalog.Question(c.Param("question"))
	if err != nil {
		return err
	}
	if a, ok := s.desk.answers.get(c.QueryParam("answer")); ok && a.question == e.Question.ID {
		return s.showDeskQuestion(c, http.StatusOK, shown, e, a.seed, nil, "", &a)
	}
	seed := randomSeed()
	if n, err := strconv.ParseUint(c.QueryParam("seed"), 10, 63); err == nil {
		seed = n // the order of the choices stays as it was
	}
	return s.showDeskQuestion(c, http.StatusOK, shown, e, seed, nil, "", nil)
}

// answerAtDesk takes a response.
func (s *site) answerAtDesk(c Ctx, shown *shownLoading) error {
	form, err := formOf(c)
	if err != nil {
		return err
	}
	e, err := shown.catalog.Question(c.Param("question"))
	if err != nil {
		return err
	}
	seed, err := strconv.ParseUint(form.Get("token"), 10, 63)
	if err != nil {
		return errForm
	}
	response, problems := quiz.ResponseFromForm(form, e.Question, quiz.NewLayout(e.Question, seed, 0))
	if len(problems) > 0 {
		return s.showDeskQuestion(c, http.StatusUnprocessableEntity, shown, e, seed, form, sentence(s.language(c), problems), nil)
	}
	name := s.desk.answers.put(triedAnswer{e.Question.ID, seed, response})
	return redirect(c, s.desk.question(e.Question.ID)+"?answer="+name+keyParam(c))
}

// keyParam keeps the key shown or hidden.
func keyParam(c Ctx) string {
	if c.QueryParam("key") == "" {
		return ""
	}
	return "&key=1"
}

func (s *site) showDeskQuestion(c Ctx, status int, shown *shownLoading, e *store.Entry, seed uint64, typed url.Values, problem string, answered *triedAnswer) error {
	l, q := s.language(c), e.Question
	topic, err := shown.catalog.Topic(q.Topic)
	if err != nil {
		return err
	}
	layout := quiz.NewLayout(q, seed, 0)
	here := s.desk.question(q.ID)
	v := views.DeskQuestionView{
		Desk: s.deskLink(l), File: views.DeskLink{Label: q.File, URL: s.desk.file(q.File)},
		Facts: deskFacts(l, shown, q), Question: s.questionView(l, e, layout, typed), Path: q.File,
		Form: views.AnswerForm{Action: here + "?" + strings.TrimPrefix(keyParam(c), "&"), Token: strconv.FormatUint(seed, 10), Problem: problem},
	}
	v.KeyURL = here + "?seed=" + strconv.FormatUint(seed, 10)
	if answered != nil {
		v.Verdict = s.deskVerdict(l, e, layout, answered.response, here+"?"+strings.TrimPrefix(keyParam(c), "&"))
		v.KeyURL = here + "?answer=" + url.QueryEscape(c.QueryParam("answer"))
	}
	if c.QueryParam("key") == "" {
		v.KeyURL += "&key=1"
	} else {
		v.Key = s.keyView(l, q)
	}
	s.placeAtDesk(c, shown, &v, q, topic)
	return s.showDesk(c, status, q.Title.Text, func(p views.Page) templ.Component { return views.DeskQuestion(p, v) })
}

// placeAtDesk adds what stands around the question in its file: its source and its neighbours.
func (s *site) placeAtDesk(c Ctx, shown *shownLoading, v *views.DeskQuestionView, q bank.Question, topic store.CatalogTopic) {
	for _, t := range shown.Topics {
		if t.ID == q.Topic {
			v.Since = sinceText(s.language(c), t.Since, s.zone(c))
		}
	}
	at := slices.IndexFunc(topic.Questions, func(e store.Listed) bool { return e.Head.ID == q.ID })
	neighbour := func(i int) views.DeskLink {
		if i < 0 || i >= len(topic.Questions) {
			return views.DeskLink{}
		}
		to := s.desk.question(topic.Questions[i].Head.ID)
		if key := keyParam(c); key != "" {
			to += "?" + key[1:]
		}
		return views.DeskLink{URL: to}
	}
	v.Previous, v.Next = neighbour(at-1), neighbour(at+1)
	from, end := q.Line, 0
	if at+1 < len(topic.Questions) {
		end = topic.Questions[at+1].Line
	}
	if v.Since != "" { // the lines are those of another version
		from, end = findQuestion(shown, q)
	}
	v.Source = s.sourceLines(shown, q.File, from, end)
	v.Findings = near(s.findingRows(shown, ofFile(shown.Findings, q.File)), v.Source)
}

// findQuestion returns the lines of a question in a file that cannot be read, by its id: from its heading to the line
// before end. It is the whole file, from 1 to 0, when the id is not there.
func findQuestion(shown *shownLoading, q bank.Question) (from, end int) {
	text, _ := shown.Text(q.File)
	id := regexp.MustCompile(`\bid:\s*` + regexp.QuoteMeta(q.ID) + `(?:[\s,]|$)`)
	found := false
	for i, line := range strings.Split(string(text), "\n") {
		heading := strings.HasPrefix(line, "## ")
		switch {
		case heading && found:
			return from, i + 1
		case heading:
			from = i + 1
		case id.MatchString(line):
			found = from > 0
		}
	}
	if !found {
		return 1, 0
	}
	return from, 0
}

// deskVerdict scores a response by the key as it is now.
func (s *site) deskVerdict(l *locale.Language, e *store.Entry, layout quiz.Layout, r quiz.Response, again string) *views.VerdictView {
	q := e.Question
	result := quiz.Score(q, r)
	v := &views.VerdictView{
		QuizFrame: views.QuizFrame{Single: true, Finished: true}, Question: s.questionView(l, e, layout, nil),
		Outcome: string(result.Verdict), Explanation: s.html(q.Explanation), References: s.html(q.References), Executed: s.executed(l, q),
		Onward: []views.Action{{Label: l.T("Answer again"), URL: again, Focus: true}},
	}
	if q.Kind.Open() {
		v.Outcome = openOutcome(v.Outcome)
		v.Self = s.selfMarkView(l, q, r)
		v.Self.Marked = l.T("Here a candidate marks the answer.")
		return v
	}
	s.markedResponse(l, v, q, layout, r, result)
	return v
}

// deskFacts lists labels, hashes and what was executed.
func deskFacts(l *locale.Language, shown *shownLoading, q bank.Question) []views.Fact {
	var facts []views.Fact
	add := func(label, value string) {
		if value != "" {
			facts = append(facts, views.Fact{Label: label, Value: value})
		}
	}
	join := func(words []string) string { return strings.Join(words, ", ") }
	var uses []string
	for _, u := range q.Use {
		uses = append(uses, string(u))
	}
	add("id", q.ID)
	add("type", string(q.Kind))
	add("level", string(q.Level))
	add("difficulty", string(q.Difficulty))
	add("use", join(uses))
	add("tags", join(q.Tags))
	add("roles", join(q.Roles))
	add("runtimes", join(q.Runtimes))
	add("aliases", join(q.Aliases))
	state := shown.Recorded.StateOf(q.ID, q.Labels)
	if state != admin.NotExecutable {
		add(l.T("Key executed"), string(state))
	}
	for _, e := range q.Executed {
		add("", e.Runtime+" "+e.Version+", "+e.Date)
	}
	add("body hash", q.BodyHash[:min(16, len(q.BodyHash))])
	add("key hash", q.KeyHash[:min(16, len(q.KeyHash))])
	return facts
}

// keyView shows everything that decides right or wrong, the patterns included, and what is shown after an answer.
func (s *site) keyView(l *locale.Language, q bank.Question) *views.KeyView {
	k := &views.KeyView{Output: q.Output}
	add := func(r views.KeyRow) { k.Rows = append(k.Rows, r) }
	for _, c := range q.Choices {
		add(views.KeyRow{Mark: markOf(c.Right), HTML: s.html(c.Text), Note: s.html(c.Why)})
	}
	for _, e := range q.Accept {
		add(views.KeyRow{Mark: "right", Code: entryText(e), Note: s.html(e.Feedback)})
	}
	for _, e := range q.Reject {
		add(views.KeyRow{Mark: "wrong", Code: entryText(e), Note: s.html(e.Feedback)})
	}
	for i, it := range q.Order {
		add(views.KeyRow{Label: strconv.Itoa(i + 1), HTML: s.html(it.Text)})
	}
	for _, p := range q.Pairs {
		add(views.KeyRow{Mark: "right", HTML: s.html(p.Left.Text), Also: s.html(p.Right.Text)})
	}
	for _, d := range q.Decoys {
		add(views.KeyRow{Mark: "wrong", HTML: s.html(d.Text), Note: l.T("Belongs to nothing.")})
	}
	for i, b := range q.Blanks {
		row := views.KeyRow{Label: strconv.Itoa(i + 1), Code: strings.Join(append([]string{b.Answer}, b.Variants...), " | ")}
		add(row)
	}
	for _, section := range []struct {
		title string
		text  bank.Rich
	}{
		{said("Answer"), q.Answer},
		{said("A strong answer"), q.StrongAnswer},
		{said("Explanation"), q.Explanation},
		{said("Why it is asked"), q.WhyAsked},
		{said("Red flags"), q.RedFlags},
		{said("Follow-up questions"), q.FollowUps},
		{said("References"), q.References},
	} {
		if !section.text.Empty() {
			k.Sections = append(k.Sections, views.KeySection{Title: l.T(section.title), HTML: s.html(section.text)})
		}
	}
	for _, r := range q.Rubric {
		add(views.KeyRow{Label: "(" + strconv.Itoa(r.Points) + ")", HTML: s.html(r.Text)})
	}
	return k
}

func markOf(right bool) string {
	if right {
		return "right"
	}
	return "wrong"
}

// entryText writes an entry as its author would.
func entryText(e bank.Entry) string {
	switch {
	case e.Range != nil:
		return "= " + e.Range.Text
	case e.Pattern != "":
		return "matches " + e.Pattern
	}
	return e.Literal
}
