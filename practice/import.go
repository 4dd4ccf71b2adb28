package practice

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"rehearse/assess"
	"rehearse/progress"
	"rehearse/quiz"
	"rehearse/srs"
	"rehearse/store"
)

// Imported says what became of a file.
type Imported struct {
	Added int // entries of the log, bookmarks, notes and reports
	Known int // of them, those that were here before
	Left  int // those that are about what is not here: questions, or other versions of their keys
}

func (n Imported) plus(m Imported) Imported {
	return Imported{n.Added + m.Added, n.Known + m.Known, n.Left + m.Left}
}

// count counts one of what is stored unless it is here.
func (n *Imported) count(added bool, err error) error {
	switch {
	case errors.Is(err, store.ErrNotFound):
		n.Left++
		return nil
	case added:
		n.Added++
	default:
		n.Known++
	}
	return err
}

// Import takes in what Export wrote, here or elsewhere: it becomes part of the candidate's log as of the times at which it was
// done, and what is there already stays as it is. A visitor becomes a candidate by it. The file is read twice: a *BadFile is
// returned before anything is written. What is written comes in small updates, each of which leaves everything right, so that
// nobody waits long; a file whose import was broken off is imported once more.
func (s *Service) Import(ctx context.Context, a Actor, r io.ReaderAt, size int64) (Imported, store.User, error) {
	var now int64
	err := s.store.View(ctx, func(tx *store.Tx) error {
		now = tx.Now()
		return nil
	})
	if err != nil {
		return Imported{}, a.User, err
	}
	file, err := readImport(r, size, s.bank, now, s.badSetting)
	if err != nil {
		return Imported{}, a.User, err
	}
	im := &importing{Service: s, importFile: file, actor: a, ran: map[runKey]bool{}}
	for _, step := range []func(context.Context) error{im.resolve, im.begin, im.addKept, im.addAttempts, im.addLog} {
		if err := step(ctx); err != nil {
			return im.out, im.actor.User, fmt.Errorf("import: %w", err)
		}
	}
	return im.out, im.actor.User, nil
}

// badSetting returns the name of a setting that no candidate has.
func (s *Service) badSetting(f fileSettings) string {
	_, calendar := s.projector.Calendar(f.schedule())
	_, course := s.course(store.User{Settings: f.schedule()})
	_, week := srs.ParseWeek(f.Week)
	for _, c := range []struct {
		name string
		good bool
	}{
		{"zone", calendar == nil},
		{"retention", course == nil},
		{"interview", f.Interview >= 0 && f.Interview < 1_000_000},
		{"newPerDay", f.NewPerDay >= 0 && f.NewPerDay <= 999},
		{"reviewsPerDay", f.ReviewsPerDay >= 0 && f.ReviewsPerDay <= 9999},
		{"week", week},
		{"catchUp", f.CatchUp >= 0 && f.CatchUp < 1_000_000},
		{"language", len(f.Language) <= 20},
		{"theme", f.Theme == "" || f.Theme == "light" || f.Theme == "dark"},
		{"font", f.Font == "" || f.Font == "legible"},
		{"timers", slices.Contains([]store.Timers{store.TimersShown, store.TimersHidden, store.TimersHalf, store.TimersDouble, store.TimersNone}, store.Timers(f.Timers))},
		{"hidden", len(f.Hidden) <= 200},
	} {
		if !c.good {
			return c.name
		}
	}
	return ""
}

// schedule returns the settings that move schedules.
func (f fileSettings) schedule() progress.Settings {
	return progress.Settings{Zone: f.Zone, Rollover: f.Rollover, Interview: f.Interview, Retention: f.Retention}
}

// user returns a candidate with the settings of the file.
func (f fileSettings) user(id int64) store.User {
	week, _ := srs.ParseWeek(f.Week) // looked at before
	return store.User{
		ID: id, Settings: f.schedule(), NewPerDay: f.NewPerDay, ReviewsPerDay: f.ReviewsPerDay,
		Week: week, CatchUp: f.CatchUp, TwoButtons: f.TwoButtons, Language: f.Language, Theme: f.Theme, KeysOff: f.KeysOff,
		Font: f.Font, Timers: store.Timers(f.Timers), Confidence: f.Confidence, Hidden: f.Hidden,
	}
}

// importing is an import while it goes on.
type importing struct {
	*Service
	*importFile
	actor  Actor
	here   []hereQuestion  // by question of the file
	places []destination   // by attempt of the file
	ran    map[runKey]bool // statements of the file
	out    Imported
}

// hereQuestion is a question of the file as it is known here.
type hereQuestion struct {
	revision, question, root int64 // 0: it is not here, or not with this key
	entry                    *store.Entry
}

// destination is where an attempt of the file is here.
type destination struct {
	id       int64 // 0: left out
	position []int // of each of its items, -1: left out
}

// resolve finds the questions of the file.
func (im *importing) resolve(ctx context.Context) error {
	im.here = make([]hereQuestion, len(im.questions))
	return im.store.View(ctx, func(tx *store.Tx) error {
		into, err := tx.Absorbed()
		if err != nil {
			return err
		}
		for i, q := range im.questions {
			h := &im.here[i]
			h.revision, h.question, err = tx.RevisionNamed(store.Named{Bank: im.bank, Slug: q.ID, BodyHash: q.Body, KeyHash: q.Key})
			if errors.Is(err, store.ErrNotFound) {
				continue
			}
			if err != nil {
				return err
			}
			h.root = rootOf(into)(h.question)
		}
		return nil
	})
}

// shown returns a question of the file as it was shown.
func (im *importing) shown(tx *store.Tx, question int32) (*store.Entry, error) {
	h := &im.here[question]
	if h.entry == nil {
		e, err := tx.Shown(im.Catalog(), h.revision)
		if err != nil {
			return nil, err
		}
		h.entry = e
	}
	return h.entry, nil
}

// write is Service.write for a candidate who is still here. What do counts is counted once.
func (im *importing) write(ctx context.Context, do func(*store.Tx, *Imported) error) error {
	var n Imported
	err := im.Service.write(ctx, func(tx *store.Tx) error {
		n = Imported{}
		if _, err := tx.User(im.actor.User.ID); err != nil {
			return err
		}
		return do(tx, &n)
	})
	im.out = im.out.plus(n)
	return err
}

// begin makes a candidate of a visitor, and gives one who has done nothing yet the settings of the file.
func (im *importing) begin(ctx context.Context) error {
	before := im.actor
	return im.Service.write(ctx, func(tx *store.Tx) error {
		im.actor = before
		if before.Visitor() {
			im.actor.User.Settings = im.settings.user(0).Settings
		}
		if _, err := im.join(tx, &im.actor); err != nil {
			return err
		}
		user := im.actor.User.ID
		met, err := tx.MetQuestions(user)
		if err != nil {
			return err
		}
		attempts, err := tx.CountAttempts(user)
		if err != nil || len(met) > 0 || attempts > 0 {
			return err
		}
		return im.addSettings(tx)
	})
}

// addSettings stores the settings of the file, and when those that move schedules were changed.
func (im *importing) addSettings(tx *store.Tx) error {
	want := im.settings.user(im.actor.User.ID)
	if err := tx.PutUser(want); err != nil {
		return err
	}
	im.actor.User = want
	log, err := tx.Log(want.ID)
	if err != nil {
		return err
	}
	for _, p := range im.sets {
		f, err := again[fileEntry](im.importFile, p)
		if err != nil {
			return err
		}
		var set progress.Settings
		if err := json.Unmarshal(f.Data, &set); err != nil {
			return err
		}
		data, err := json.Marshal(set)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(log, func(e progress.Evidence) bool { return e.At == int64(f.At) && e.Data == string(data) }) {
			continue
		}
		e, err := tx.AppendLate(want.ID, progress.Evidence{
			At: int64(f.At), Kind: progress.Set, Once: onceImported(), Imported: true, Score: progress.NotJudged, Data: string(data),
		})
		if err != nil {
			return err
		}
		log = append(log, e)
	}
	var last progress.Settings
	for _, e := range progress.InOrder(log) {
		if e.Kind == progress.Set {
			if err := json.Unmarshal([]byte(e.Data), &last); err != nil {
				return err
			}
		}
	}
	if last == want.Settings {
		return nil
	}
	return appendSet(tx, want)
}

// onceImported returns the once key of an entry that no attempt names.
func onceImported() string { return "i:" + randomText() }

// importChunk is about how many elements are stored in one update.
const importChunk = 200

// addEach stores what stands at places, some at a time.
func addEach[T any](ctx context.Context, im *importing, places []place, add func(*store.Tx, T) (bool, error)) error {
	for chunk := range slices.Chunk(places, importChunk) {
		err := im.write(ctx, func(tx *store.Tx, n *Imported) error {
			for _, p := range chunk {
				v, err := again[T](im.importFile, p)
				if err != nil {
					return err
				}
				if err := n.count(add(tx, v)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// addKept stores bookmarks, notes and reports.
func (im *importing) addKept(ctx context.Context) error {
	user := im.actor.User.ID
	named := func(tx *store.Tx, slug string, add func(question int64) (bool, error)) (bool, error) {
		question, err := tx.QuestionNamed(im.bank, slug)
		if err != nil {
			return false, err
		}
		return add(question)
	}
	err := addEach(ctx, im, im.bookmarks, func(tx *store.Tx, b fileBookmark) (bool, error) {
		return named(tx, b.Question, func(q int64) (bool, error) { return tx.AddBookmark(user, q, int64(b.At)) })
	})
	if err != nil {
		return err
	}
	err = addEach(ctx, im, im.notes, func(tx *store.Tx, n fileNote) (bool, error) {
		return named(tx, n.Question, func(q int64) (bool, error) { return tx.AddNote(user, q, int64(n.At), n.Text) })
	})
	if err != nil {
		return err
	}
	return addEach(ctx, im, im.reports, func(tx *store.Tx, r fileReport) (bool, error) { return im.addReport(tx, user, r) })
}

// addReport stores a report. No more of them are open afterwards than a candidate may have.
func (im *importing) addReport(tx *store.Tx, user int64, r fileReport) (bool, error) {
	h := im.here[im.question[r.Version]]
	if h.revision == 0 {
		return false, store.ErrNotFound
	}
	if !r.Closed {
		open, err := tx.CountReports(user)
		if err == nil && open >= MaxReports {
			err = store.ErrNotFound
		}
		if err != nil {
			return false, err
		}
	}
	ms := func(s *stamp) int64 {
		if s == nil {
			return 0
		}
		return int64(*s)
	}
	return tx.AddOldReport(user, store.KeptReport{
		Report: store.Report{
			Question: h.question, Revision: h.revision, At: int64(r.At), Kind: r.Kind, Text: r.Text, Answer: r.Answer,
			AnsweredAt: ms(r.Answered), Closed: r.Closed,
		},
		ReadAt: ms(r.Read),
	})
}

// addAttempts stores the attempts, and that they ended.
func (im *importing) addAttempts(ctx context.Context) error {
	im.places = make([]destination, len(im.attempts))
	for from := 0; from < len(im.attempts); from += importChunk {
		err := im.write(ctx, func(tx *store.Tx, n *Imported) error {
			for i := from; i < min(from+importChunk, len(im.attempts)); i++ {
				if err := im.addAttempt(tx, n, i); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// addAttempt stores an attempt of the file unless it is here. A skill check is stored when it is over and all its questions
// are known: else nothing could be said of it. Any other attempt lacks the questions that are not here.
func (im *importing) addAttempt(tx *store.Tx, n *Imported, i int) error {
	a, d := &im.attempts[i], &im.places[i]
	*d = destination{position: make([]int, len(a.items))}
	var kept []int32
	for j, q := range a.items {
		d.position[j] = -1
		if im.here[q].revision != 0 {
			d.position[j] = len(kept)
			kept = append(kept, q)
		}
	}
	file, err := again[fileAttempt](im.importFile, a.place)
	if err != nil {
		return err
	}
	unfit := a.mode == quiz.Check && (len(kept) < len(a.items) || file.Check.Log == nil || a.finished == 0)
	if len(kept) == 0 || unfit {
		return im.leftOut(n, a)
	}
	have, err := im.attemptNamed(tx, file.ID)
	switch {
	case errors.Is(err, store.ErrNotFound):
		have.ID, err = im.newAttempt(tx, have.Slug, file, kept, d)
	case err == nil && !im.same(have, a, kept):
		return im.leftOut(n, a)
	}
	if err != nil {
		return err
	}
	d.id = have.ID
	if a.finished == 0 {
		return nil
	}
	if have.FinishedAt != 0 {
		n.Known++
		return nil
	}
	n.Added++
	return im.endAttempt(tx, have, int64(a.finished))
}

// leftOut counts the end of an attempt that is left out. Its entries are counted as they come.
func (im *importing) leftOut(n *Imported, a *importAttempt) error {
	if a.finished != 0 {
		n.Left++
	}
	return nil
}

// attemptNamed returns the candidate's attempt of a name. Where it is somebody else's, another name is derived from it. The
// slug is set when there is none, too.
func (im *importing) attemptNamed(tx *store.Tx, slug string) (store.PastAttempt, error) {
	user := im.actor.User.ID
	have, owner, err := tx.NamedAttempt(slug)
	if err == nil && owner != user {
		sum := sha256.Sum256([]byte(strconv.FormatInt(user, 10) + " " + slug))
		slug = strings.ToLower(base32.StdEncoding.EncodeToString(sum[:]))[:len(slug)]
		have, owner, err = tx.NamedAttempt(slug)
		if err == nil && owner != user {
			err = fmt.Errorf("attempt %s is of somebody else", slug) // never: it is a hash with the owner in it
		}
	}
	have.Slug = slug
	return have, err
}

// same reports whether an attempt here has the items of one of the file.
func (im *importing) same(have store.PastAttempt, a *importAttempt, kept []int32) bool {
	if have.Mode != a.mode || len(have.Items) < len(kept) || have.StartedAt != int64(a.started) {
		return false
	}
	for i, q := range kept {
		if have.Items[i].Revision != im.here[q].revision {
			return false
		}
	}
	return true
}

func (im *importing) newAttempt(tx *store.Tx, slug string, file fileAttempt, kept []int32, d *destination) (int64, error) {
	at := store.Attempt{Slug: slug, User: im.actor.User.ID, Title: file.Title}
	at.Mode, at.Seed, at.StartedAt = file.Mode, file.Seed, int64(file.Started)
	if file.Deadline != nil {
		at.Deadline = int64(*file.Deadline)
	}
	for _, q := range kept {
		e, err := im.shown(tx, q)
		if err != nil {
			return 0, err
		}
		l := e.Listed()
		at.Listed = append(at.Listed, &l)
	}
	id, err := tx.AddAttempt(at)
	if err != nil {
		return 0, err
	}
	for i, it := range file.Items {
		if it.Skipped && d.position[i] >= 0 {
			if err := tx.SetSkipped(id, d.position[i]); err != nil {
				return 0, err
			}
		}
	}
	if file.Check == nil {
		return id, nil
	}
	var log assess.Log
	if err := json.Unmarshal(file.Check.Log, &log); err != nil {
		return 0, err
	}
	return id, tx.AddSkillCheck(store.SkillCheck{Attempt: id, Name: file.Check.Name, Params: file.Check.Params, Extended: file.Check.Extended, Imported: true, Log: log})
}

// histories returns the histories of the questions of an attempt, with what they add to days and items.
func (im *importing) histories(tx *store.Tx, items []store.PastItem) (map[*history]days, error) {
	out, roots := map[*history]days{}, map[int64]bool{}
	for _, it := range items {
		e, err := tx.Revision(it.Revision)
		if err != nil {
			return nil, err
		}
		if roots[e.ID] {
			continue
		}
		roots[e.ID] = true
		if _, _, err := im.settle(tx, im.actor.User.ID, e.ID); err != nil {
			return nil, err
		}
		h, err := im.history(tx, im.actor.User.ID, e.ID)
		if err != nil {
			return nil, err
		}
		if _, out[h], err = h.fold(); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// endAttempt ends an attempt. One that was here already may hold responses: they take effect.
func (im *importing) endAttempt(tx *store.Tx, have store.PastAttempt, at int64) error {
	user := im.actor.User.ID
	holding, err := im.histories(tx, have.Items)
	if err != nil {
		return err
	}
	finished, err := tx.AppendLate(user, progress.Evidence{
		At: at, Kind: progress.Finished, Once: onceFinish(have.ID), Attempt: have.ID, Imported: true, Score: progress.NotJudged,
	})
	if err != nil {
		return err
	}
	if err := tx.SetFinished(have.ID, at); err != nil {
		return err
	}
	if len(holding) == 0 { // it is new
		return nil
	}
	for h, before := range holding {
		h.log = append(h.log, finished)
		if err := h.redo(before); err != nil {
			return err
		}
	}
	if have.Mode == quiz.Check {
		full, err := tx.AttemptAt(user, have.Slug, im.Catalog(), store.NoPosition)
		if err != nil {
			return err
		}
		return im.closeLog(tx, full)
	}
	return nil
}
