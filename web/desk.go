package web

import (
	"fmt"
	"html"
	"net/http"
	"net/url"
	"path"
	"strings"
	"sync/atomic"
	"time"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"rehearse/admin"
	"rehearse/bank"
	"rehearse/locale"
	"rehearse/markdown"
	"rehearse/store"
	"rehearse/views"
)

// deskPages is what the authors' pages share, in a site and in a preview.
type deskPages struct {
	base    string // path prefix of the pages, "" for none
	answers *answerBook
	shown   atomic.Pointer[shownLoading]
	items   itemBook
}

// shownLoading is a loading as questions are looked up in it.
type shownLoading struct {
	*admin.Loading
	catalog *store.Catalog
}

func newDeskPages(base string) *deskPages { return &deskPages{base: base, answers: newAnswerBook()} }

// home is the address of the first page.
func (d *deskPages) home() string {
	if d.base == "" {
		return "/"
	}
	return d.base
}

func (d *deskPages) file(name string) string {
	return d.base + "/files/" + (&url.URL{Path: name}).EscapedPath()
}

func (d *deskPages) itemsPage() string { return d.base + "/items" }

func (d *deskPages) question(id string) string { return d.base + "/questions/" + url.PathEscape(id) }

// show returns a loading with its catalog, which is made once.
func (d *deskPages) show(l *admin.Loading) *shownLoading {
	if have := d.shown.Load(); have != nil && have.Loading == l {
		return have
	}
	var topics []bank.Topic
	for _, t := range l.Topics {
		topics = append(topics, t.Topic)
	}
	shown := &shownLoading{l, store.NewCatalog(l.Bank.Title, l.Bank.License, topics, l.Body)}
	d.shown.Store(shown)
	return shown
}

// atDesk lets a handler work with the folder as it was last loaded.
func (s *site) atDesk(handle func(*site, Ctx, *shownLoading) error) echo.HandlerFunc {
	return func(c Ctx) error {
		shown := s.desk.show(s.Desk.Last())
		pinned := *s
		pinned.pinned = shown.catalog
		return handle(&pinned, c, shown)
	}
}

// deskRoutes adds the pages that a site and a preview share.
func (s *site) deskRoutes(g *echo.Group) {
	g.GET("/files/*", s.atDesk((*site).deskFile))
	g.GET("/questions/:question", s.atDesk((*site).deskQuestion))
	g.POST("/questions/:question", s.atDesk((*site).answerAtDesk))
}

// showDesk renders one of the authors' pages.
func (s *site) showDesk(c Ctx, status int, title string, make func(views.Page) templ.Component) error {
	if s.Store == nil {
		return s.render(c, status, make(s.deskPage(s.bare(c, title))))
	}
	return s.view(c, status, "author", title, func(_ *store.Tx, p views.Page) (templ.Component, error) {
		return make(s.deskPage(p)), nil
	})
}

func (s *site) deskPage(p views.Page) views.Page {
	p.Desk, p.NoIndex = true, true
	return p
}

// listedFindings is how many findings the first page lists: a page of thousands helps nobody.
const listedFindings = 200

// deskView shows what is wrong, what the last load did, and all files.
func (s *site) deskView(l *locale.Language, shown *shownLoading, zone *time.Location) views.DeskView {
	v := views.DeskView{Title: shown.Bank.Title, Summary: s.deskSummary(l, shown, zone), Changes: s.deskChanges(l, shown)}
	if v.Title == "" {
		v.Title = l.T("Questions")
	}
	switch {
	case shown.Err != nil:
		v.Problem = shown.Err.Error()
	case shown.Refused != nil:
		v.Problem = shown.Refused.Error()
	}
	listed := shown.Findings[:min(listedFindings, len(shown.Findings))]
	v.Findings, v.More = s.findingRows(shown, listed), len(shown.Findings)-len(listed)
	v.Files, v.Pages = s.deskFiles(l, shown, zone)
	v.Empty = views.EmptyView{Title: l.T("No questions yet"), Text: l.T("Write a Markdown file below questions/; it is shown here as soon as it is saved.")}
	return v
}

func (s *site) deskSummary(l *locale.Language, shown *shownLoading, zone *time.Location) []string {
	return []string{
		l.F("Loaded at %s in %d ms", shown.At.In(zone).Format(time.TimeOnly), max(1, shown.Took.Milliseconds())),
		l.N(shown.Bank.Size(), "%d question", "%d questions"),
		l.N(len(shown.Findings), "%d finding", "%d findings"),
	}
}

// deskChanges lists what the last load changed.
func (s *site) deskChanges(l *locale.Language, shown *shownLoading) []views.DeskChange {
	r := shown.Report
	var renamed []string
	for _, n := range r.Renamed {
		renamed = append(renamed, n.To)
	}
	var changes []views.DeskChange
	for _, list := range []struct {
		label string
		ids   []string
	}{
		{said("New"), r.Added},
		{said("Edited"), r.Edited},
		{said("Key changed"), r.KeyChanged},
		{said("Key corrected"), r.Corrected},
		{said("Correction taken back"), r.Reverted},
		{said("Learnt anew"), r.Reset},
		{said("Renamed"), renamed},
		{said("Moved"), r.Moved},
		{said("Retired"), r.Retired},
		{said("Returned"), r.Returned},
		{said("Labels or place"), r.Relabelled},
	} {
		if len(list.ids) == 0 {
			continue
		}
		change := views.DeskChange{Label: l.T(list.label)}
		for _, id := range list.ids {
			link := views.DeskLink{Label: id}
			if _, err := shown.catalog.Question(id); err == nil {
				link.URL = s.desk.question(id)
			}
			change.Items = append(change.Items, link)
		}
		changes = append(changes, change)
	}
	return changes
}

// deskFiles lists all topic files: those of topics in their order, then those of which there is nothing to show. The pages
// of the handbook are listed alike.
func (s *site) deskFiles(l *locale.Language, shown *shownLoading, zone *time.Location) (topics, pages []views.DeskFileRow) {
	errors, warnings := map[string]int{}, map[string]int{}
	for _, f := range shown.Findings {
		if f.Severity == markdown.Error {
			errors[f.Path]++
		} else {
			warnings[f.Path]++
		}
	}
	listed := map[string]bool{}
	row := func(name, title string, questions int) views.DeskFileRow {
		listed[name] = true
		return views.DeskFileRow{URL: s.desk.file(name), Title: title, Path: name, Questions: questions, Errors: errors[name], Warnings: warnings[name]}
	}
	for _, t := range shown.Topics {
		r := row(t.File, t.Title, t.Size())
		r.Since, r.Executed = sinceText(l, t.Since, zone), executedText(l, shown, t.AllHeads())
		topics = append(topics, r)
	}
	for _, f := range shown.Bank.Broken {
		if !listed[f.File] {
			topics = append(topics, row(f.File, path.Base(f.File), len(f.Questions)))
		}
	}
	for _, p := range shown.Handbook.Pages() {
		pages = append(pages, row(p.File, p.Title, 0))
	}
	for _, name := range shown.Handbook.Broken {
		if !listed[name] {
			pages = append(pages, row(name, path.Base(name), 0))
		}
	}
	return topics, pages
}

// sinceText says that what is shown is older than the file.
func sinceText(l *locale.Language, since time.Time, zone *time.Location) string {
	if since.IsZero() {
		return ""
	}
	return l.F("The file has an error. This is how it was at %s.", since.In(zone).Format(time.TimeOnly))
}

// executedText says how many keys of those that can be executed were.
func executedText(l *locale.Language, shown *shownLoading, questions []*bank.Head) string {
	verified, all, latest := 0, 0, ""
	for _, q := range questions {
		state := shown.Recorded.StateOf(q.ID, q.Labels)
		if state == admin.NotExecutable {
			continue
		}
		all++
		if state == admin.Verified {
			verified++
		}
		for _, e := range q.Executed {
			latest = max(latest, e.Date)
		}
	}
	switch {
	case all == 0:
		return ""
	case latest == "":
		return l.F("%d of %d keys executed", verified, all)
	}
	return l.F("%d of %d keys executed, last on %s", verified, all, latest)
}

// findingRows shows findings with links to their lines.
func (s *site) findingRows(shown *shownLoading, findings []markdown.Finding) []views.FindingRow {
	rows := make([]views.FindingRow, len(findings))
	for i, f := range findings {
		rows[i] = views.FindingRow{
			Place: fmt.Sprintf("%s:%d:%d", f.Path, f.Line, f.Col), Severity: string(f.Severity), Code: f.Code, Message: f.Message,
		}
		if shown.Has(f.Path) {
			rows[i].URL = s.desk.file(f.Path) + fmt.Sprintf("#L%d", f.Line)
		}
	}
	return rows
}

// near makes the findings lead to lines of the page itself, where it has them.
func near(rows []views.FindingRow, lines []views.SourceLine) []views.FindingRow {
	on := map[string]bool{}
	for _, l := range lines {
		on[fmt.Sprintf("#L%d", l.N)] = true
	}
	for i, r := range rows {
		if at := strings.LastIndexByte(r.URL, '#'); at >= 0 && on[r.URL[at:]] {
			rows[i].URL = r.URL[at:]
		}
	}
	return rows
}

// ofFile returns the findings of one file.
func ofFile(findings []markdown.Finding, name string) (of []markdown.Finding) {
	for _, f := range findings {
		if f.Path == name {
			of = append(of, f)
		}
	}
	return of
}

// sourceLines returns lines of a file, from 1 to the last one before end; end 0 is the end of the file.
func (s *site) sourceLines(shown *shownLoading, name string, from, end int) []views.SourceLine {
	text, _ := shown.Text(name)
	at := map[int][]markdown.Finding{}
	for _, f := range ofFile(shown.Findings, name) {
		at[f.Line] = append(at[f.Line], f)
	}
	var lines []views.SourceLine
	for i, line := range strings.Split(strings.TrimRight(string(text), "\n"), "\n") {
		if n := i + 1; n >= from && (end == 0 || n < end) {
			lines = append(lines, views.SourceLine{N: n, Text: line, Findings: s.findingRows(shown, at[n])})
		}
	}
	for len(lines) > 1 && strings.TrimSpace(lines[len(lines)-1].Text) == "" && len(lines[len(lines)-1].Findings) == 0 {
		lines = lines[:len(lines)-1]
	}
	return lines
}

// deskFile shows one file.
func (s *site) deskFile(c Ctx, shown *shownLoading) error {
	name, err := url.PathUnescape(c.Param("*"))
	if !shown.Has(name) || err != nil {
		return store.ErrNotFound
	}
	l := s.language(c)
	v := views.DeskFileView{
		Desk: s.deskLink(l), Title: path.Base(name), Path: name, Prefix: s.desk.base + "/questions/",
		Source: s.sourceLines(shown, name, 1, 0),
	}
	v.Findings = near(s.findingRows(shown, ofFile(shown.Findings, name)), v.Source)
	for _, t := range shown.Topics {
		if t.File != name {
			continue
		}
		v.Title, v.Intro, v.Since = t.Title, s.html(t.Intro), sinceText(l, t.Since, s.zone(c))
		if topic, err := shown.catalog.Topic(t.ID); err == nil {
			v.Questions = s.questionRows(topic.Questions, nil)
		}
	}
	for _, page := range shown.Handbook.Pages() {
		if page.File == name {
			v.Title, v.Intro = page.Title, html.EscapeString(page.Summary)
		}
	}
	return s.showDesk(c, http.StatusOK, v.Title, func(p views.Page) templ.Component { return views.DeskFile(p, v) })
}

func (s *site) deskLink(l *locale.Language) views.DeskLink {
	return views.DeskLink{Label: l.T("All files"), URL: s.desk.home()}
}

// zone returns the time zone of who is behind a request; in a preview, that of the machine.
func (s *site) zone(c Ctx) *time.Location {
	if s.Practice == nil {
		return time.Local
	}
	cal, err := s.calendar(c)
	if err != nil {
		return time.UTC
	}
	return cal.Zone
}
