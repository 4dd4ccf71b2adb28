package practice

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"

	"rehearse/progress"
	"rehearse/quiz"
	"rehearse/store"
)

// exported is what an export begins with; log and attempts follow in pieces.
type exported struct {
	at     int64 // ms UTC
	user   store.User
	extent store.Extent
	met    []store.MetRevision
	kept   store.Kept
	names  map[int64]store.AttemptName
}

// exportChunk is how many entries or attempts are in memory at a time.
const exportChunk = 500

// exported reads all but attempts and log, in one snapshot.
func (s *Service) exported(ctx context.Context, user int64) (x exported, err error) {
	err = s.store.View(ctx, func(tx *store.Tx) (err error) {
		x.at = tx.Now()
		if x.user, err = tx.User(user); err != nil {
			return err
		}
		if x.extent, err = tx.Extent(user); err != nil {
			return err
		}
		if x.met, err = tx.MetRevisions(user); err != nil {
			return err
		}
		if x.names, err = tx.AttemptNames(user, x.extent.Attempt); err != nil {
			return err
		}
		x.kept, err = tx.Kept(user)
		return err
	})
	return x, err
}

// attempts hands all attempts of an export to each. No snapshot is open while each works: it may wait for a slow reader.
func (s *Service) exportAttempts(ctx context.Context, x exported, each func(store.PastAttempt) error) error {
	for after := int64(0); ; {
		var chunk []store.PastAttempt
		err := s.store.View(ctx, func(tx *store.Tx) (err error) {
			chunk, err = tx.AttemptsAfter(x.user.ID, after, x.extent.Attempt, exportChunk)
			return err
		})
		if err != nil || len(chunk) == 0 {
			return err
		}
		for _, a := range chunk {
			if err := each(a); err != nil {
				return err
			}
		}
		after = chunk[len(chunk)-1].ID
	}
}

// exportLog hands the entries of an export to each, but for the marks of merges, which say something of this database alone.
// When entries are missing the candidate was erased or merged meanwhile.
func (s *Service) exportLog(ctx context.Context, x exported, each func(progress.Evidence) error) error {
	for after := int64(0); after < x.extent.Seq; {
		var chunk []progress.Evidence
		err := s.store.View(ctx, func(tx *store.Tx) (err error) {
			if _, err = tx.User(x.user.ID); err != nil {
				return err
			}
			chunk, err = tx.LogAfter(x.user.ID, after, x.extent.Seq, exportChunk)
			return err
		})
		if err != nil {
			return err
		}
		if len(chunk) == 0 {
			return fmt.Errorf("the log of user %d ends at %d: %w", x.user.ID, after, store.ErrNotFound)
		}
		for _, e := range chunk {
			if e.Kind == progress.Merged {
				continue
			}
			if err := each(e); err != nil {
				return err
			}
		}
		after = chunk[len(chunk)-1].Seq
	}
	return nil
}

// Export writes everything of a candidate as docs/export.md describes it: one JSON object, each element of its lists on a line
// of its own. It takes memory for a part of the log at a time, and nobody waits for a slow reader.
func (s *Service) Export(ctx context.Context, user int64, w io.Writer) error {
	x, err := s.exported(ctx, user)
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	out := &exportWriter{w: bufio.NewWriterSize(w, 64<<10)}
	out.begin(x, s.bank)
	err = out.list("attempts", func(add func(any) error) error {
		return s.exportAttempts(ctx, x, func(a store.PastAttempt) error { return add(fileAttemptOf(a)) })
	})
	if err == nil {
		err = out.list("log", func(add func(any) error) error {
			return s.exportLog(ctx, x, func(e progress.Evidence) error { return add(fileEntryOf(e, x.names[e.Attempt])) })
		})
	}
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	return out.end()
}

// exportWriter writes the file. The first error stays.
type exportWriter struct {
	w   *bufio.Writer
	err error
}

func (out *exportWriter) text(s string) {
	if out.err == nil {
		_, out.err = out.w.WriteString(s)
	}
}

func (out *exportWriter) value(v any) {
	data, err := json.Marshal(v)
	if out.err == nil {
		out.err = err
	}
	out.text(string(data))
}

func (out *exportWriter) field(name string, v any) {
	out.value(name)
	out.text(": ")
	out.value(v)
	out.text(",\n")
}

// list writes a list that fill adds to.
func (out *exportWriter) list(name string, fill func(add func(any) error) error) error {
	out.value(name)
	out.text(": [")
	first := true
	err := fill(func(v any) error {
		if !first {
			out.text(",")
		}
		first = false
		out.text("\n")
		out.value(v)
		return out.err
	})
	out.text("\n],\n")
	return err
}

func listOf[T any, F any](out *exportWriter, name string, all []T, file func(T) F) {
	_ = out.list(name, func(add func(any) error) error { // what add returns is kept
		for _, v := range all {
			if err := add(file(v)); err != nil {
				return err
			}
		}
		return nil
	})
}

func (out *exportWriter) begin(x exported, bank string) {
	out.text("{\n")
	out.field("format", exportFormat)
	out.field("version", exportVersion)
	out.field("bank", bank)
	out.field("exported", stamp(x.at))
	out.field("since", stamp(x.extent.Since))
	out.field("settings", fileSettingsOf(x.user))
	listOf(out, "sessions", x.kept.Sessions, func(s store.KeptSession) fileSession {
		return fileSession{stamp(s.CreatedAt), stamp(s.RenewedAt)}
	})
	listOf(out, "questions", x.met, func(r store.MetRevision) fileQuestion {
		return fileQuestion{N: r.ID, ID: r.Slug, Title: r.Title, Body: r.BodyHash, Key: r.KeyHash}
	})
	listOf(out, "bookmarks", x.kept.Bookmarks, func(b store.KeptBookmark) fileBookmark { return fileBookmark{b.Slug, stamp(b.At)} })
	listOf(out, "notes", x.kept.Notes, func(n store.KeptNote) fileNote { return fileNote{n.Slug, stamp(n.At), n.Text} })
	listOf(out, "reports", x.kept.Reports, fileReportOf)
}

// end closes the object: a file that ends before is not whole.
func (out *exportWriter) end() error {
	out.text("\"end\": true\n}\n")
	if out.err != nil {
		return out.err
	}
	return out.w.Flush()
}

func fileReportOf(r store.KeptReport) fileReport {
	return fileReport{
		Question: r.Slug, Version: r.Revision, At: stamp(r.At), Kind: r.Kind, Text: r.Text, Answer: r.Answer,
		Answered: sometimes(r.AnsweredAt), Read: sometimes(r.ReadAt), Closed: r.Closed,
	}
}

func fileAttemptOf(a store.PastAttempt) fileAttempt {
	f := fileAttempt{
		ID: a.Slug, Mode: a.Mode, Title: a.Title, Seed: a.Seed, Started: stamp(a.StartedAt), Deadline: sometimes(a.Deadline),
		Items: []fileItem{},
	}
	for _, it := range a.Items {
		f.Items = append(f.Items, fileItem{it.Revision, it.Skipped})
	}
	if c := a.Check; c != nil {
		f.Check = &fileCheck{c.Name, c.Params, c.Extended, json.RawMessage(c.Log)}
		if a.FinishedAt == 0 {
			f.Check.Log = nil // says how the responses were marked
		}
	}
	return f
}

// fileEntryOf returns an entry of the log. What the program made of a response to an exam stays a secret while it runs.
func fileEntryOf(e progress.Evidence, attempt store.AttemptName) fileEntry {
	if e.Held && attempt.Running {
		e.Score, e.Ratings, e.Data = progress.NotJudged, nil, withoutRun(e.Data)
	}
	f := fileEntry{
		N: e.Seq, At: stamp(e.At), Kind: e.Kind, Question: e.Revision, Attempt: attempt.Slug, Position: e.Position, Held: e.Held,
		Imported: e.Imported, Ratings: progress.FormatRatings(e.Ratings), Unsure: e.Unsure, Confidence: e.Confidence,
		Duration: e.Duration, Ref: e.Ref,
	}
	if e.Score != progress.NotJudged {
		f.Score = &e.Score
	}
	switch {
	case e.Kind == progress.Corrected:
		f.Data = causeOf(e.Data)
	case e.Data != "":
		f.Data = json.RawMessage(e.Data)
	}
	return f
}

// withoutRun returns a stored response without what its statement came to: beside its rows stand those of the key.
func withoutRun(data string) string {
	var r quiz.Response
	if json.Unmarshal([]byte(data), &r) != nil || r.Run == nil {
		return data
	}
	r.Run = nil
	without, _ := json.Marshal(r) // was read from JSON
	return string(without)
}

// fileCause is the cause of a correction without the key of its question, which says something in this database alone.
type fileCause struct {
	Event int64     `json:"event"`
	Was   int64     `json:"was"`
	Run   *quiz.Run `json:"run,omitempty"`
}

func causeOf(data string) json.RawMessage {
	var c progress.Cause
	if json.Unmarshal([]byte(data), &c) != nil {
		return nil
	}
	out, _ := json.Marshal(fileCause{c.Event, c.Was, c.Run}) // numbers and texts: never fails
	return out
}
