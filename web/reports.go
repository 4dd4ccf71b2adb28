package web

import (
	"net/http"
	"net/url"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/a-h/templ"

	"rehearse/admin"
	"rehearse/locale"
	"rehearse/store"
	"rehearse/views"
)

// reportsOnPage is how many reports one page lists.
const reportsOnPage = 20

func (d *deskPages) reports() string { return d.base + "/reports" }

// deskReports lists what candidates reported: what is open, or with ?closed=1 what is closed.
func (s *site) deskReports(c Ctx, shown *shownLoading) error {
	return s.showReports(c, shown, http.StatusOK, 0, "", "")
}

// showReports lists reports. One of them may have an answer that was typed and refused, with the reason.
func (s *site) showReports(c Ctx, shown *shownLoading, status int, refused int64, typed, problem string) error {
	closed := c.QueryParam("closed") == "1"
	page, err := strconv.Atoi(c.QueryParam("page"))
	if err != nil || page < 1 {
		page = 1
	}
	return s.view(c, status, "author", said("Reports"), func(tx *store.Tx, p views.Page) (templ.Component, error) {
		open, done, err := tx.CountBankReports(s.Practice.Bank())
		if err != nil {
			return nil, err
		}
		list, err := tx.BankReports(s.Practice.Bank(), closed, (page-1)*reportsOnPage, reportsOnPage)
		if err != nil {
			return nil, err
		}
		v := s.reportsView(p.L, closed, open, done, page)
		for _, r := range list {
			row := s.deskReport(p.L, shown, r, s.zone(c))
			if r.ID == refused {
				row.Typed, row.Problem = typed, problem
			}
			v.Rows = append(v.Rows, row)
		}
		return views.DeskReports(s.deskPage(p), v), nil
	})
}

func (s *site) reportsView(l *locale.Language, closed bool, open, done, page int) views.DeskReportsView {
	address := func(closed bool, page int) string {
		query := url.Values{}
		if closed {
			query.Set("closed", "1")
		}
		if page > 1 {
			query.Set("page", strconv.Itoa(page))
		}
		if len(query) == 0 {
			return s.desk.reports()
		}
		return s.desk.reports() + "?" + query.Encode()
	}
	v := views.DeskReportsView{
		Desk:   views.DeskLink{URL: s.desk.home(), Label: l.T("Author")},
		Closed: closed,
		Other:  views.DeskLink{URL: address(true, 1), Label: l.N(done, "%d closed report", "%d closed reports")},
		Empty:  l.T("Nobody has reported anything that is not dealt with."),
	}
	total := open
	if closed {
		v.Other = views.DeskLink{URL: address(false, 1), Label: l.N(open, "%d open report", "%d open reports")}
		v.Empty, total = l.T("No report has been closed yet."), done
	}
	v.Pager = views.Pager{Page: page, Pages: (total + reportsOnPage - 1) / reportsOnPage}
	if page > 1 {
		v.Pager.Newer = address(closed, page-1)
	}
	if page < v.Pager.Pages {
		v.Pager.Older = address(closed, page+1)
	}
	return v
}

func (s *site) deskReport(l *locale.Language, shown *shownLoading, r store.Reported, zone *time.Location) views.DeskReport {
	id := strconv.FormatInt(r.ID, 10)
	row := views.DeskReport{
		ReportView: reportView(l, r.Report, zone),
		ID:         id,
		Question:   views.DeskLink{Label: r.Slug},
		Place:      r.File + ":" + strconv.Itoa(r.Line),
		Changed:    r.Changed,
		Action:     s.desk.reports() + "/" + id,
		Typed:      r.Answer,
	}
	if e, err := shown.catalog.Question(r.Slug); err == nil && r.Live {
		row.Question = views.DeskLink{URL: s.desk.question(r.Slug), Label: s.html(e.Title)}
	}
	return row
}

// answerReport stores what an author answers to a report, and whether it is closed by it.
func (s *site) answerReport(c Ctx, shown *shownLoading) error {
	form, err := formOf(c)
	if err != nil {
		return err
	}
	id, err := strconv.ParseInt(c.Param("report"), 10, 64)
	if err != nil {
		return store.ErrNotFound
	}
	closed := form.Get("closed")
	if closed != "yes" && closed != "no" {
		return errForm
	}
	answer := typedText(form.Get("answer"))
	if utf8.RuneCountInString(answer) > maxReport {
		problem := s.language(c).F("An answer has room for %d characters. Shorten it.", maxReport)
		return s.showReports(c, shown, http.StatusUnprocessableEntity, id, answer, problem)
	}
	if err := admin.AnswerReport(c.Request().Context(), s.Store, id, answer, closed == "yes"); err != nil {
		return err
	}
	return redirect(c, s.desk.reports())
}
