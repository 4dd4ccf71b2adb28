package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/a-h/templ"

	"rehearse/locale"
	"rehearse/markdown"
	"rehearse/practice"
	"rehearse/store"
	"rehearse/views"
)

const (
	maxNote   = 8 << 10 // bytes
	maxReport = 2000    // characters
)

// reportKinds name the kinds of reports.
var reportKinds = map[store.ReportKind]string{
	store.WrongAnswer: said("The answer is wrong"),
	store.Unclear:     said("Unclear"),
	store.Outdated:    said("Out of date"),
	store.Typo:        said("Typing mistake"),
	store.OtherReport: said("Something else"),
}

// keptView returns what a candidate keeps with a question. Back is where its forms lead back to. A question that is not
// served any more has nothing.
func (s *site) keptView(l *locale.Language, tx *store.Tx, u store.User, e *store.Entry, back string) (v views.KeptView, err error) {
	now, ok := s.catalog().Live(e.ID)
	if !ok { // retired
		return v, nil
	}
	v = views.KeptView{Question: now.Head.ID, Back: back}
	for _, kind := range store.ReportKinds() {
		v.Kinds = append(v.Kinds, views.Option{Value: string(kind), Label: l.T(reportKinds[kind])})
	}
	if u.ID == 0 {
		return v, nil
	}
	if v.Bookmarked, err = tx.Bookmarked(u.ID, e.ID); err != nil {
		return v, err
	}
	if v.Note, err = tx.Note(u.ID, e.ID); err != nil {
		return v, err
	}
	v.NoteHTML = markdown.NoteHTML(v.Note)
	v.Reports, err = s.reportViews(l, tx, u, e.ID)
	return v, err
}

// markView is keptView for a question that waits for its response.
func (s *site) markView(tx *store.Tx, u store.User, e *store.Entry, back string) (v views.KeptView, err error) {
	now, ok := s.catalog().Live(e.ID)
	if !ok { // retired
		return v, nil
	}
	v = views.KeptView{Question: now.Head.ID, Back: back, MarkOnly: true}
	if u.ID != 0 {
		v.Bookmarked, err = tx.Bookmarked(u.ID, e.ID)
	}
	return v, err
}

func (s *site) reportViews(l *locale.Language, tx *store.Tx, u store.User, question int64) ([]views.ReportView, error) {
	reports, err := tx.Reports(u.ID, question)
	if err != nil {
		return nil, err
	}
	cal, err := s.Practice.Calendar(u)
	if err != nil {
		return nil, err
	}
	var out []views.ReportView
	for _, r := range reports {
		out = append(out, reportView(l, r, cal.Zone))
	}
	return out, nil
}

func reportView(l *locale.Language, r store.Report, zone *time.Location) views.ReportView {
	at := time.UnixMilli(r.At).In(zone)
	return views.ReportView{
		Kind: l.T(reportKinds[r.Kind]), Text: r.Text, Date: l.Date(at, locale.Long), DateTime: at.Format(time.RFC3339),
		Answer: r.Answer, Closed: r.Closed,
	}
}

// setBookmark marks a question, or takes the mark away.
func (s *site) setBookmark(c Ctx) error {
	e, form, err := s.keptForm(c)
	if err != nil {
		return err
	}
	on := form.Get("on")
	if on != "yes" && on != "no" {
		return errForm
	}
	err = s.act(c, func(a practice.Actor) (store.User, error) {
		return s.Practice.SetBookmark(c.Request().Context(), a, e.ID, on == "yes")
	})
	if err != nil {
		return err
	}
	return redirect(c, s.backTo(form, e))
}

// saveNote stores what a candidate writes down about a question.
func (s *site) saveNote(c Ctx) error {
	e, form, err := s.keptForm(c)
	if err != nil {
		return err
	}
	note := typedText(form.Get("note"))
	if len(note) > maxNote {
		problem := s.language(c).F("A note has room for %d KiB. Shorten it.", maxNote>>10)
		return s.refuseKept(c, e, form, views.Problems{{Field: "note", Text: problem}})
	}
	err = s.act(c, func(a practice.Actor) (store.User, error) {
		return s.Practice.PutNote(c.Request().Context(), a, e.ID, note)
	})
	if err != nil {
		return err
	}
	return redirect(c, s.backTo(form, e))
}

// report tells the authors what is wrong with a question.
func (s *site) report(c Ctx) error {
	e, form, err := s.keptForm(c)
	if err != nil {
		return err
	}
	r, problems := readReport(s.language(c), form)
	if len(problems) > 0 {
		return s.refuseKept(c, e, form, problems)
	}
	r.Question, r.Revision = e.ID, e.RevisionID
	err = s.act(c, func(a practice.Actor) (store.User, error) {
		return s.Practice.AddReport(c.Request().Context(), a, r)
	})
	if err != nil {
		return err
	}
	return redirect(c, s.backTo(form, e))
}

func readReport(l *locale.Language, form url.Values) (store.Report, views.Problems) {
	var problems views.Problems
	r := store.Report{Kind: store.ReportKind(form.Get("kind")), Text: typedText(form.Get("report"))}
	if !slices.Contains(store.ReportKinds(), r.Kind) {
		problems = append(problems, views.Problem{Field: "kind", Text: l.T("Choose what is wrong.")})
	}
	switch {
	case r.Text == "":
		problems = append(problems, views.Problem{Field: "report", Text: l.T("Say in a sentence what is wrong.")})
	case utf8.RuneCountInString(r.Text) > maxReport:
		problems = append(problems, views.Problem{Field: "report", Text: l.F("A report has room for %d characters. Shorten it.", maxReport)})
	}
	return r, problems
}

// keptForm returns the question that a form is about, and its fields.
func (s *site) keptForm(c Ctx) (*store.Entry, url.Values, error) {
	form, err := formOf(c)
	if err != nil {
		return nil, nil, err
	}
	e, err := s.catalog().Question(c.Param("question"))
	return e, form, err
}

// refuseKept gives a form back with what was typed and what is wrong with it.
func (s *site) refuseKept(c Ctx, e *store.Entry, form url.Values, problems views.Problems) error {
	return s.view(c, http.StatusUnprocessableEntity, "questions", e.Title.Text, func(tx *store.Tx, p views.Page) (templ.Component, error) {
		back, _, _ := strings.Cut(s.backTo(form, e), "#")
		v, err := s.keptView(p.L, tx, s.user(c), e, back)
		if err != nil {
			return nil, err
		}
		if form.Has("note") {
			v.Note = form.Get("note")
		}
		v.Report, v.Problems = form.Get("report"), problems
		for i := range v.Kinds {
			v.Kinds[i].Checked = v.Kinds[i].Value == form.Get("kind")
		}
		return views.KeptPage(p, s.html(e.Title), v), nil
	})
}

// backTo returns where a form leads back to: a page of this site, or else the question's own.
func (s *site) backTo(form url.Values, e *store.Entry) string {
	back := form.Get("back")
	if !s.ours(back) {
		back = s.links.Question(e.Question.ID)
	}
	return back + "#kept"
}

// ours reports whether an address is the path of a page of this site, whoever wrote it: the browser must not be led away.
func (s *site) ours(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.Scheme == "" && u.Host == "" && u.User == nil && u.Opaque == "" && u.Fragment == "" &&
		strings.HasPrefix(u.Path, s.base+"/") && !strings.HasPrefix(address, "//") && !strings.ContainsFunc(address, func(r rune) bool {
		return r == '\\' || r <= ' ' || r == unicode.ReplacementChar || r >= 0x7f
	})
}

// typedText returns what was typed into a large field as text that can be kept: line ends are LF, control characters are
// left out, and so is what is empty at its ends.
func typedText(text string) string {
	text = strings.ReplaceAll(strings.ToValidUTF8(text, ""), "\r\n", "\n")
	text = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Co, r):
			return -1
		}
		return r
	}, text)
	if strings.TrimSpace(text) == "" {
		return ""
	}
	return strings.TrimRightFunc(strings.Trim(text, "\n"), unicode.IsSpace)
}

// answersView tells what the authors answered since the candidate last read of it.
func (s *site) answersView(l *locale.Language, tx *store.Tx, u store.User) (views.AnswersView, error) {
	unread, err := tx.UnreadReports(u.ID)
	if err != nil || len(unread) == 0 {
		return views.AnswersView{}, err
	}
	cal, err := s.Practice.Calendar(u)
	if err != nil {
		return views.AnswersView{}, err
	}
	v := views.AnswersView{Until: strconv.FormatInt(unread[len(unread)-1].AnsweredAt, 10)}
	for _, r := range unread {
		item := views.AnsweredReport{ReportView: reportView(l, r, cal.Zone), Title: l.T("A question that is not asked any more")}
		if e, ok := s.catalog().Live(r.Question); ok {
			item.Title, item.Question = s.html(e.Title), e.Head.ID
		}
		v.Items = append(v.Items, item)
	}
	return v, nil
}

// readReports notes that a candidate has read what the authors answered.
func (s *site) readReports(c Ctx) error {
	form, err := formOf(c)
	if err != nil {
		return err
	}
	until, err := strconv.ParseInt(form.Get("until"), 10, 64)
	if err != nil {
		return errForm
	}
	if err := s.Practice.ReadReports(c.Request().Context(), practice.Actor{User: s.user(c)}, until); err != nil {
		return err
	}
	return redirect(c, s.links.Home())
}
