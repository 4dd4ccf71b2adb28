package practice

import (
	"archive/zip"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"

	"rehearse/progress"
	"rehearse/store"
)

// ExportTables writes everything of a candidate as a ZIP archive of CSV files, for spreadsheets. Docs/export.md names the
// columns. As with Export, nobody waits for a slow reader.
func (s *Service) ExportTables(ctx context.Context, user int64, w io.Writer) error {
	x, err := s.exported(ctx, user)
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	archive := zip.NewWriter(w)
	t := tables{archive: archive, x: x, titles: map[int64]store.MetRevision{}}
	for _, r := range x.met {
		t.titles[r.ID] = r
	}
	err = errors.Join(
		t.table("log.csv", logColumns, func(row func(...string)) error {
			return s.exportLog(ctx, x, func(e progress.Evidence) error {
				row(t.entry(e)...)
				return nil
			})
		}),
		t.table("attempts.csv", attemptColumns, func(row func(...string)) error {
			return s.exportAttempts(ctx, x, func(a store.PastAttempt) error {
				row(a.Slug, string(a.Mode), a.Title, stamp(a.StartedAt).String(), maybe(a.Deadline), maybe(a.FinishedAt), strconv.Itoa(len(a.Items)))
				return nil
			})
		}),
		t.table("bookmarks.csv", []string{"question", "at"}, t.bookmarks),
		t.table("notes.csv", []string{"question", "at", "text"}, t.notes),
		t.table("reports.csv", []string{"question", "at", "kind", "text", "answer", "answered", "closed"}, t.reports),
		t.table("settings.csv", []string{"setting", "value"}, t.settings),
	)
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	return archive.Close()
}

var (
	logColumns = []string{
		"n", "at", "kind", "question", "title", "attempt", "position", "score", "ratings", "unsure", "confidence", "seconds", "ref", "data",
	}
	attemptColumns = []string{"id", "mode", "title", "started", "deadline", "finished", "questions"}
)

// tables writes the files of the archive, one after the other.
type tables struct {
	archive *zip.Writer
	x       exported
	titles  map[int64]store.MetRevision
}

func (t tables) table(name string, columns []string, fill func(row func(...string)) error) error {
	f, err := t.archive.Create(name)
	if err != nil {
		return err
	}
	out := csv.NewWriter(f)
	_ = out.Write(columns) // what fails is told by Error
	if err := fill(func(cells ...string) { _ = out.Write(cells) }); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	out.Flush()
	return out.Error()
}

func (t tables) entry(e progress.Evidence) []string {
	q, score, position, ref := t.titles[e.Revision], "", "", ""
	attempt := t.x.names[e.Attempt]
	file := fileEntryOf(e, attempt)
	if file.Score != nil {
		score = strconv.FormatFloat(float64(e.Score)/progress.AllRight, 'f', -1, 64)
	}
	if e.Attempt != 0 {
		position = strconv.Itoa(e.Position + 1)
	}
	if e.Ref != 0 {
		ref = strconv.FormatInt(e.Ref, 10)
	}
	return []string{
		strconv.FormatInt(e.Seq, 10), stamp(e.At).String(), string(e.Kind), q.Slug, q.Title, attempt.Slug, position, score,
		file.Ratings, strconv.FormatBool(e.Unsure), strconv.Itoa(int(e.Confidence)),
		strconv.FormatFloat(float64(e.Duration)/1000, 'f', -1, 64), ref, string(file.Data),
	}
}

func maybe(ms int64) string {
	if ms == 0 {
		return ""
	}
	return stamp(ms).String()
}

func (t tables) bookmarks(row func(...string)) error {
	for _, b := range t.x.kept.Bookmarks {
		row(b.Slug, stamp(b.At).String())
	}
	return nil
}

func (t tables) notes(row func(...string)) error {
	for _, n := range t.x.kept.Notes {
		row(n.Slug, stamp(n.At).String(), n.Text)
	}
	return nil
}

func (t tables) reports(row func(...string)) error {
	for _, r := range t.x.kept.Reports {
		row(r.Slug, stamp(r.At).String(), string(r.Kind), r.Text, r.Answer, maybe(r.AnsweredAt), strconv.FormatBool(r.Closed))
	}
	return nil
}

func (t tables) settings(row func(...string)) error {
	f := fileSettingsOf(t.x.user)
	for _, line := range [][2]string{
		{"zone", f.Zone},
		{"rollover", strconv.Itoa(f.Rollover)},
		{"retention", strconv.Itoa(f.Retention)},
		{"interview", strconv.Itoa(f.Interview)},
		{"newPerDay", strconv.Itoa(f.NewPerDay)},
		{"reviewsPerDay", strconv.Itoa(f.ReviewsPerDay)},
		{"week", f.Week},
		{"catchUp", strconv.Itoa(f.CatchUp)},
		{"twoButtons", strconv.FormatBool(f.TwoButtons)},
		{"language", f.Language},
		{"theme", f.Theme},
		{"font", f.Font},
		{"timers", f.Timers},
		{"keysOff", strconv.FormatBool(f.KeysOff)},
		{"confidence", strconv.FormatBool(f.Confidence)},
		{"hidden", f.Hidden},
	} {
		row(line[0], line[1])
	}
	return nil
}
