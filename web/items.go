package web

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/a-h/templ"

	"rehearse/handbook"
	"rehearse/locale"
	"rehearse/practice"
	"rehearse/progress"
	"rehearse/store"
	"rehearse/views"
)

// itemBook keeps the statistics of all items for a moment, so that filters and pages need not read them anew.
type itemBook struct {
	mu    sync.Mutex
	at    time.Time
	items []practice.ItemStat
	sets  []practice.SetStat // of the sets of the handbook
}

// all returns the statistics as they were at most a minute ago.
func (b *itemBook) all(ctx context.Context, svc *practice.Service, book *handbook.Book) ([]practice.ItemStat, []practice.SetStat, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.items != nil && time.Since(b.at) < time.Minute {
		return b.items, b.sets, nil
	}
	items, err := svc.ItemStats(ctx)
	if err != nil {
		return nil, nil, err
	}
	var sets []practice.SetStat
	for _, set := range book.Sets {
		st, err := svc.SetStats(ctx, set.Title, set.Questions())
		if err != nil {
			return nil, nil, err
		}
		st.ID = set.ID
		sets = append(sets, st)
	}
	b.at, b.items, b.sets = time.Now(), items, sets
	return items, sets, nil
}

const itemsOnPage = 50

// deskItems shows the statistics of the questions: of a topic, or those to look at, if the address says so.
func (s *site) deskItems(c Ctx, shown *shownLoading) error {
	all, sets, err := s.desk.items.all(c.Request().Context(), s.Practice, s.book())
	if err != nil {
		return err
	}
	topic, which := c.QueryParam("topic"), c.QueryParam("which")
	page, err := strconv.Atoi(c.QueryParam("page"))
	if err != nil || page < 1 {
		page = 1
	}
	return s.view(c, http.StatusOK, "author", said("Item statistics"), func(_ *store.Tx, p views.Page) (templ.Component, error) {
		v := s.itemsView(p.L, shown, all, topic, which, page)
		if topic == "" && page == 1 {
			v.Sets = setStatRows(p.L, sets)
		}
		return views.Items(s.deskPage(p), v), nil
	})
}

// setStatRows returns the statistics of the sets that somebody has answered.
func setStatRows(l *locale.Language, sets []practice.SetStat) []views.SetStatRow {
	var rows []views.SetStatRow
	for _, st := range sets {
		if st.Attempts == 0 {
			continue
		}
		row := views.SetStatRow{
			ID: st.ID, Title: st.Title, Attempts: st.Attempts, Mean: decimals(st.Mean), SD: decimals(st.SD),
			Reliability: figure(st.CIC, 1), Error: decimals(st.SE),
		}
		for _, t := range st.Twins {
			row.Twins = append(row.Twins, l.F("%s and %s go together more than the rest explains: is one a duplicate?", st.Questions[t.First], st.Questions[t.Second]))
		}
		rows = append(rows, row)
	}
	return rows
}

// decimals writes a figure with one decimal, "–" when it is not known.
func decimals(f progress.Figure) string {
	if !f.Known {
		return "–"
	}
	return fmt.Sprintf("%.1f", f.Value)
}

func (s *site) itemsAddress(topic, which string, page int) string {
	query := url.Values{}
	for name, value := range map[string]string{"topic": topic, "which": which} {
		if value != "" {
			query.Set(name, value)
		}
	}
	if page > 1 {
		query.Set("page", strconv.Itoa(page))
	}
	if len(query) == 0 {
		return s.desk.itemsPage()
	}
	return s.desk.itemsPage() + "?" + query.Encode()
}

func (s *site) itemsView(l *locale.Language, shown *shownLoading, all []practice.ItemStat, topic, which string, page int) views.ItemsView {
	v := views.ItemsView{
		Names: []string{l.T("Topic"), l.T("Which questions")},
		Note:  l.T("First answers in quizzes that are over and have at least five other questions. Skill checks are left out: they ask everybody what fits them. Intervals are of 95 %. Nothing is said of fewer than 30 answers."),
		Empty: views.EmptyView{Title: l.T("No answers yet"), Text: l.T("What candidates answer in quizzes of six questions or more is counted here within a minute.")},
	}
	var topics []string
	var found []practice.ItemStat
	answered := 0
	for _, st := range all {
		if !slices.Contains(topics, st.Topic) {
			topics = append(topics, st.Topic)
		}
		if topic != "" && st.Topic != topic {
			continue
		}
		if st.N > 0 {
			answered++
		}
		if which == "" && st.N == 0 || which == "flagged" && len(st.Flags) == 0 {
			continue
		}
		found = append(found, st)
	}
	v.Filters = [][]views.FilterLink{
		s.topicLinks(l, topics, topic, which),
		{
			{Label: l.T("answered"), URL: s.itemsAddress(topic, "", 1), On: which == ""},
			{Label: l.T("to look at"), URL: s.itemsAddress(topic, "flagged", 1), On: which == "flagged"},
			{Label: l.T("all"), URL: s.itemsAddress(topic, "all", 1), On: which == "all"},
		},
	}
	v.Count = l.F("%d of %d questions answered", answered, countOf(all, topic))
	for _, st := range found {
		v.Tasks = append(v.Tasks, s.itemTasks(shown, st)...)
		if st.N >= progress.MinFlagN && st.Discrimination.Known {
			v.Plot.Points = append(v.Plot.Points, views.ScatterPoint{
				X: int(math.Round(100 * st.Facility.Value)), Y: int(math.Round(st.Discrimination.Value)), Flag: len(st.Flags) > 0, Item: st.Head.ID,
			})
		}
	}
	v.Plot.Summary = l.N(len(v.Plot.Points), "%d question by difficulty and discrimination", "%d questions by difficulty and discrimination")
	v.Tasks = v.Tasks[:min(listedFindings, len(v.Tasks))]
	pages := (len(found) + itemsOnPage - 1) / itemsOnPage
	page = min(page, max(1, pages))
	v.Pager = views.Pager{Page: page, Pages: pages}
	if page > 1 {
		v.Pager.Newer = s.itemsAddress(topic, which, page-1)
	}
	if page < pages {
		v.Pager.Older = s.itemsAddress(topic, which, page+1)
	}
	for _, st := range found[min(len(found), (page-1)*itemsOnPage):min(len(found), page*itemsOnPage)] {
		v.Rows = append(v.Rows, s.itemRow(l, shown, st))
	}
	return v
}

func countOf(all []practice.ItemStat, topic string) int {
	n := 0
	for _, st := range all {
		if topic == "" || st.Topic == topic {
			n++
		}
	}
	return n
}

func (s *site) topicLinks(l *locale.Language, topics []string, topic, which string) []views.FilterLink {
	links := []views.FilterLink{{Label: l.T("All"), URL: s.itemsAddress("", which, 1), On: topic == ""}}
	for _, t := range topics {
		links = append(links, views.FilterLink{Label: s.topicTitle(t), URL: s.itemsAddress(t, which, 1), On: t == topic})
	}
	return links
}

// itemTasks returns what there is to look at in a question, with its place.
func (s *site) itemTasks(shown *shownLoading, st practice.ItemStat) []views.ItemTask {
	var out []views.ItemTask
	for _, f := range st.Flags {
		task := views.ItemTask{Place: fmt.Sprintf("%s:%d", st.File, st.Line), URL: s.itemURL(shown, st), Item: st.Head.ID, Code: f.Code, Text: f.Text}
		if i := slices.IndexFunc(st.Choices, func(c progress.ChoiceFigures) bool { return c.ID == f.Choice }); i >= 0 {
			task.Choice = s.html(st.Texts[i])
		}
		out = append(out, task)
	}
	return out
}

// itemURL is the page of a question at the desk, "" when it was loaded with none.
func (s *site) itemURL(shown *shownLoading, st practice.ItemStat) string {
	if _, err := shown.catalog.Question(st.Head.ID); err != nil {
		return ""
	}
	return s.desk.question(st.Head.ID)
}

func (s *site) itemRow(l *locale.Language, shown *shownLoading, st practice.ItemStat) views.ItemRow {
	row := views.ItemRow{
		Item: st.Head.ID, URL: s.itemURL(shown, st), Topic: st.Topic, N: st.N, Flagged: len(st.Flags) > 0,
		AuthorB: minus(fmt.Sprintf("%.1f", st.AuthorB)), Exposure: l.F("%d %%", int(math.Round(100*st.Exposure))),
		Facility: figure(st.Facility, 100), Discrimination: figure(st.Discrimination, 1), Efficiency: figure(st.Efficiency, 1),
	}
	if st.N > 0 {
		row.FacilityRange = l.F("%s to %s", whole(100*st.FacilityInterval.Low), whole(100*st.FacilityInterval.High))
		row.Seconds = fmt.Sprintf("%.0f", st.Seconds)
	}
	if st.Discrimination.Known {
		row.DiscrRange = l.F("%s to %s", whole(st.DiscriminationFrom.Low), whole(st.DiscriminationFrom.High))
	}
	if st.BN > 0 {
		row.B = minus(fmt.Sprintf("%.1f ± %.1f", st.B, 1.96*st.SD))
	}
	for i, ch := range st.Choices {
		if st.N > 0 {
			row.Choices = append(row.Choices, views.ItemChoiceRow{
				HTML: s.html(st.Texts[i]), Right: ch.Right, Share: figure(ch.Share, 100) + " %", Rest: figure(ch.MeanRest, 100),
			})
		}
	}
	return row
}

// figure writes a figure times a factor without decimals, "–" when it is not known.
func figure(f progress.Figure, times float64) string {
	if !f.Known {
		return "–"
	}
	return whole(times * f.Value)
}

// whole writes a number without decimals.
func whole(v float64) string {
	return minus(fmt.Sprintf("%.0f", math.Round(v)+0)) // + 0, since -0 is no number for readers
}

// minus writes the sign of a number as it is printed.
func minus(number string) string { return strings.Replace(number, "-", "−", 1) }
