package web

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"rehearse/bank"
	"rehearse/locale"
	"rehearse/practice"
	"rehearse/quiz"
	"rehearse/views"
)

// exercise shows the tables of a question answered by SQL. Of the data sets it shows the first alone.
func (s *site) exercise(q bank.Question) *views.Exercise {
	e := &views.Exercise{Setup: s.html(q.Setups[0]), More: len(q.Setups) - 1, Writes: q.Writes, Plan: q.Plan != ""}
	if q.Writes {
		e.Check = s.html(q.Check)
	}
	return e
}

// notMarked says why a statement was not marked, and with which status; "" when err is another error.
func notMarked(l *locale.Language, err error) (status int, problem string) {
	var refusal *quiz.Refusal
	switch {
	case errors.As(err, &refusal):
		text := refusal.Sentence()
		return http.StatusUnprocessableEntity, l.F(text.Format, text.Args...)
	case errors.Is(err, practice.ErrNotRun):
		return http.StatusServiceUnavailable, l.T("Statements cannot be run at the moment. Nothing was marked and nothing is lost: send it again in a while.")
	}
	return 0, ""
}

// allowRun bounds how many statements one address may have run.
func (s *site) allowRun(c Ctx, q bank.Question) error {
	if q.Kind != bank.SQL || !s.Limits {
		return nil
	}
	if ok, err := s.limits.run.Allow(addressClass(c.RealIP())); err != nil || !ok {
		return errors.Join(err, errTooMany)
	}
	return nil
}

// try runs a statement without marking it. What it was refused for is a problem of the form.
func (s *site) try(ctx context.Context, l *locale.Language, q bank.Question, text string) (v *views.TryView, status int, problem string, err error) {
	if strings.TrimSpace(text) == "" {
		return nil, http.StatusUnprocessableEntity, l.T("Write a statement."), nil
	}
	out, err := s.Practice.Try(ctx, q, text)
	if status, problem = notMarked(l, err); problem != "" {
		return nil, status, problem, nil
	}
	if err != nil {
		return nil, 0, "", err
	}
	v = &views.TryView{Error: queryErrorView(l, out.Error, text), Plan: planLines(out.Plan)}
	if out.Error == nil {
		rows := resultTable(l, out.Table, l.T("Your rows"))
		v.Rows = &rows
	}
	return v, http.StatusOK, "", nil
}

// queryErrorView shows an error with the line that it is in. A statement has changed nothing of it.
func queryErrorView(l *locale.Language, e *quiz.QueryError, statement string) *views.QueryErrorView {
	if e == nil {
		return nil
	}
	v := &views.QueryErrorView{Text: e.Text}
	lines := strings.Split(statement, "\n")
	if e.Line < 1 || e.Line > len(lines) {
		return v
	}
	v.Place = l.F("Line %d, column %d", e.Line, e.Col)
	line := []rune(strings.ReplaceAll(lines[e.Line-1], "\t", " "))
	if e.Col-1 <= len(line) {
		v.Line, v.Caret = string(line), strings.Repeat(" ", e.Col-1)
	}
	return v
}

func resultTable(l *locale.Language, t quiz.Table, label string) views.ResultTable {
	v := views.ResultTable{Label: label, Columns: t.Columns}
	for _, row := range t.Rows {
		var r views.TableRow
		for _, c := range row {
			cell := views.TableCell{Text: c.Text, Kind: string(c.Type)}
			switch c.Type {
			case quiz.Null:
				cell.Text = "NULL"
			case quiz.Blob:
				cell.Text = "x'" + c.Text + "'"
			}
			r.Cells = append(r.Cells, cell)
		}
		v.Rows = append(v.Rows, r)
	}
	for _, i := range t.Odd {
		v.Rows[i].Odd = true
	}
	if len(t.Rows) < t.Total {
		v.Note = l.F("Rows %d to %d of %d.", t.From+1, t.From+len(t.Rows), t.Total)
	}
	return v
}

func planLines(plan []quiz.PlanStep) []views.PlanLine {
	var lines []views.PlanLine
	for _, step := range plan {
		lines = append(lines, views.PlanLine{Indent: strings.Repeat("  ", step.Depth), Text: step.Text, Scan: step.Scan})
	}
	return lines
}

// sqlVerdict shows a statement's results beside those expected.
func (s *site) sqlVerdict(l *locale.Language, q bank.Question, r quiz.Response) *views.SQLVerdict {
	v := &views.SQLVerdict{Yours: r.Text, Model: s.html(q.Query)}
	if r.Run == nil {
		return v
	}
	v.Error, v.Plan = queryErrorView(l, r.Run.Error, r.Text), planLines(r.Run.Plan)
	for i, set := range r.Run.Sets {
		view := views.SetView{
			Title:    l.T("Result"),
			Right:    set.Diff == "",
			Remark:   differenceText(l, set),
			Yours:    resultTable(l, set.Got, l.T("Your rows")),
			Expected: resultTable(l, set.Want, l.T("The rows expected")),
		}
		if len(q.Setups) > 1 {
			view.Title = l.F("Data set %d", i+1)
			view.Yours.Label += ", " + view.Title // regions of a page have names of their own
			view.Expected.Label += ", " + view.Title
		}
		if i > 0 && i < len(q.Setups) {
			view.Setup = s.html(q.Setups[i])
		}
		v.Sets = append(v.Sets, view)
	}
	return v
}

func differenceText(l *locale.Language, set quiz.SetRun) string {
	switch set.Diff {
	case quiz.DiffColumns:
		return l.F("The number of columns differs: %d, expected %d.", len(set.Got.Columns), len(set.Want.Columns))
	case quiz.DiffRows:
		if set.Got.Total != set.Want.Total {
			return l.F("The rows differ: there are %d, expected %d.", set.Got.Total, set.Want.Total)
		}
		return l.T("The rows differ.")
	case quiz.DiffOrder:
		return l.T("The rows are right, their order is not.")
	default:
		return l.T("The rows are right.")
	}
}

// sqlRemark is the line beside the verdict.
func sqlRemark(l *locale.Language, q bank.Question, r quiz.Response, result quiz.Result) string {
	run := r.Run
	if run == nil || result.Verdict == quiz.Right {
		return ""
	}
	last := len(run.Sets) - 1
	switch {
	case run.Error != nil:
		return l.T("SQLite does not accept the statement.")
	case last >= 0 && run.Sets[last].Diff != "" && last > 0:
		return l.F("It is right on the rows shown, but not on data set %d.", last+1)
	case last >= 0 && run.Sets[last].Diff != "":
		return ""
	case q.Plan != "":
		return l.T("The rows are right, but a table or index is read from end to end.")
	}
	return ""
}

// runItem runs a statement for a position of an attempt, without marking it. It changes nothing, and so answers with the
// page itself.
func (s *site) runItem(c Ctx) error {
	form, err := formOf(c)
	if err != nil {
		return err
	}
	place, err := position(c)
	if err != nil {
		return err
	}
	at, now, err := s.viewAttempt(c, place)
	if err != nil {
		return err
	}
	item, err := at.At(place)
	if err != nil {
		return err
	}
	if item.Result != nil || at.Finished(now) {
		return redirect(c, s.links.QuizItem(at.Slug, place+1))
	}
	if err := s.allowRun(c, *item.Question); err != nil {
		return err
	}
	tried, status, problem, err := s.try(c.Request().Context(), s.language(c), *item.Question, form.Get("text"))
	if err != nil {
		return err
	}
	return s.showTried(c, status, form, problem, tried)
}

// runQuestion does the same for a question outside an attempt.
func (s *site) runQuestion(c Ctx) error {
	form, err := formOf(c)
	if err != nil {
		return err
	}
	e, token, err := s.shown(c, form)
	if err != nil {
		return err
	}
	if err := s.allowRun(c, e.Question); err != nil {
		return err
	}
	tried, status, problem, err := s.try(c.Request().Context(), s.language(c), e.Question, form.Get("text"))
	if err != nil {
		return err
	}
	return s.showTriedQuestion(c, status, e, token, form, problem, tried)
}
