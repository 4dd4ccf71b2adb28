package practice

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"slices"

	"rehearse/bank"
	"rehearse/progress"
	"rehearse/quiz"
	"rehearse/store"
)

// addLog appends what was done with questions, all of a question at a time and some questions in one update.
func (im *importing) addLog(ctx context.Context) error {
	groups := im.byRoot()
	for len(groups) > 0 {
		count, size := 0, 0
		for count < len(groups) && size < importChunk {
			size += len(groups[count])
			count++
		}
		err := im.write(ctx, func(tx *store.Tx, n *Imported) error {
			for _, group := range groups[:count] {
				if err := im.addGroup(tx, n, group); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		groups = groups[count:]
	}
	return nil
}

// byRoot returns the entries of the file, as places in its log, by the question that they concern now. Those of questions that
// are not here are counted as left out.
func (im *importing) byRoot() [][]int32 {
	of := map[int64]int{}
	var groups [][]int32
	for i, x := range im.log {
		root := im.here[x.question].root
		if root == 0 {
			im.out.Left++
			continue
		}
		g, ok := of[root]
		if !ok {
			g = len(groups)
			of[root] = g
			groups = append(groups, nil)
		}
		groups[g] = append(groups[g], int32(i))
	}
	return groups
}

func (im *importing) addGroup(tx *store.Tx, n *Imported, group []int32) error {
	user, root := im.actor.User.ID, im.here[im.log[group[0]].question].root
	if _, _, err := im.settle(tx, user, root); err != nil {
		return err
	}
	read, err := allRead(tx, user)
	if err != nil {
		return err
	}
	return im.replay(tx, user, root, func(log []progress.Evidence) error {
		g := groupImport{importing: im, tx: tx, n: n, have: map[sameEntry][]progress.Evidence{}, as: map[int32]progress.Evidence{}}
		for _, e := range log {
			g.have[sameAs(e)] = append(g.have[sameAs(e)], e)
		}
		for _, i := range group {
			if err := g.add(i); err != nil {
				return err
			}
		}
		return g.close(read)
	})
}

// sameEntry is what entries of a question have in common that are one.
type sameEntry struct {
	at       int64
	kind     progress.EvidenceKind
	attempt  int64
	position int
	part     int
	question int64 // 0 among entries of one question
}

func sameAs(e progress.Evidence) sameEntry {
	k := sameEntry{at: e.At, kind: e.Kind, attempt: e.Attempt, position: e.Position}
	if len(e.Ratings) > 0 && e.Attempt == 0 {
		k.part = e.Ratings[0].Part
	}
	return k
}

// groupImport appends the entries about one question.
type groupImport struct {
	*importing
	tx    *store.Tx
	n     *Imported
	have  map[sameEntry][]progress.Evidence
	as    map[int32]progress.Evidence // what an entry of the file is here
	added []progress.Evidence
}

// add appends an entry unless it is here. A response to what was answered otherwise here is left out.
func (g *groupImport) add(i int32) error {
	f, err := again[fileEntry](g.importFile, g.log[i].place)
	if err != nil {
		return err
	}
	e, ok, err := g.evidence(f, g.log[i])
	if err != nil {
		return err
	}
	if !ok {
		g.n.Left++
		return nil
	}
	if have := g.have[sameAs(e)]; len(have) > 0 {
		g.as[i], g.have[sameAs(e)] = have[0], have[1:]
		g.n.Known++
		return nil
	}
	e, err = g.tx.AppendLate(g.actor.User.ID, e)
	if errors.Is(err, store.ErrDuplicate) {
		g.n.Left++
		return nil
	}
	if err != nil {
		return err
	}
	g.n.Added++
	g.as[i], g.added = e, append(g.added, e)
	return noteInAttempt(g.tx, e)
}

// close counts what is right in the attempts anew. Corrections that the candidate has read of elsewhere are no news here.
func (g *groupImport) close(read bool) error {
	told := int64(0)
	for _, e := range g.added {
		if e.Kind == progress.Corrected {
			told = e.Seq
		}
		if e.Attempt != 0 {
			if err := g.tx.CountRight(e.Attempt); err != nil {
				return err
			}
		}
	}
	if !read || told == 0 {
		return nil
	}
	return g.tx.SetTold(g.actor.User.ID, told)
}

// evidence returns an entry of the file as it is appended here; false when it is about what is not here.
func (g *groupImport) evidence(f fileEntry, x importEntry) (e progress.Evidence, ok bool, err error) {
	e = progress.Evidence{
		At: int64(f.At), Kind: f.Kind, Once: onceImported(), Position: f.Position, Held: f.Held, Imported: true,
		Score: progress.NotJudged, Unsure: f.Unsure, Confidence: f.Confidence, Duration: f.Duration,
	}
	if e.Ratings, err = progress.ParseRatings(f.Ratings); err != nil {
		return e, false, err
	}
	if f.Score != nil {
		e.Score = *f.Score
	}
	e.Question, e.Revision = g.here[x.question].question, g.here[x.question].revision
	if x.attempt >= 0 {
		d := g.places[x.attempt]
		if d.id == 0 || d.position[f.Position] < 0 {
			return e, false, nil
		}
		e.Attempt, e.Position = d.id, d.position[f.Position]
	}
	if x.ref >= 0 {
		o, known := g.as[x.ref]
		if !known {
			return e, false, nil
		}
		e.Ref, e.Question = o.Seq, o.Question
	}
	switch f.Kind {
	case progress.Undone:
		e.Revision = 0
		return e, true, nil
	case progress.Corrected:
		return g.correction(e, f)
	case progress.Responded:
		return g.response(e, f, x)
	case progress.Graded:
		if e.Attempt == 0 {
			return e, true, nil
		}
		e.Once = onceMark(e.Attempt, e.Position)
		var m quiz.SelfMark
		e.Data, err = rewritten(f.Data, &m)
		return e, true, err
	}
	return e, true, nil
}

// rewritten returns JSON as this program writes it.
func rewritten(raw json.RawMessage, v any) (string, error) {
	if err := json.Unmarshal(raw, v); err != nil {
		return "", err
	}
	data, err := json.Marshal(v)
	return string(data), err
}

func (g *groupImport) correction(e progress.Evidence, f fileEntry) (progress.Evidence, bool, error) {
	by := g.here[g.question[f.Question]]
	if by.revision == 0 {
		return e, false, nil
	}
	var c fileCause
	if err := json.Unmarshal(f.Data, &c); err != nil {
		return e, false, err
	}
	if c.Run != nil && !soundRun(c.Run) {
		return e, false, nil
	}
	e.Revision = by.revision
	data, err := json.Marshal(progress.Cause{Question: by.question, Event: c.Event, Was: c.Was, Run: c.Run})
	e.Data = string(data)
	return e, true, err
}

// response returns a response. Exports do not say what those to a running exam come to.
func (g *groupImport) response(e progress.Evidence, f fileEntry, x importEntry) (progress.Evidence, bool, error) {
	shown, err := g.shown(g.tx, x.question)
	if err != nil {
		return e, false, err
	}
	var r quiz.Response
	if e.Data, err = rewritten(f.Data, &r); err != nil || !fits(shown.Question, r) {
		return e, false, err
	}
	if f.Score == nil {
		if err := g.runAgain(shown.Question, &r); err != nil {
			return e, false, err
		}
		data, err := json.Marshal(r)
		if err != nil {
			return e, false, err
		}
		e.Data = string(data)
	}
	e.Once = onceAnswer(e.Attempt, e.Position)
	result := quiz.Score(shown.Question, r)
	switch {
	case result.Verdict == quiz.Self:
		e.Score = progress.NotJudged
	case f.Score == nil:
		e.Score, e.Ratings = result.Score, ratings(shown.Question, result, e.Unsure)
	}
	return e, true, nil
}

// maxImportRuns is how many statements are run for a file at most, so that none keeps the sandbox from others.
const maxImportRuns = 100

// runAgain runs the statement of a response: exports of a running exam do not say what it came to.
func (g *groupImport) runAgain(q bank.Question, r *quiz.Response) error {
	if q.Kind != bank.SQL || r.Text == "" {
		return nil
	}
	key := (&needRun{question: q, statement: r.Text}).key()
	if !g.ran[key] && len(g.ran) == maxImportRuns {
		return nil // counts as wrong
	}
	g.ran[key] = true
	run, err := g.runOf(q, r.Text, false)
	r.Run = &run
	return err
}

// fits reports whether a response can have been given to a question: no page could show it else.
func fits(q bank.Question, r quiz.Response) bool {
	switch {
	case r.Confidence < quiz.Unasked || r.Confidence > quiz.Sure, r.Rating < 0 || r.Rating > 4:
		return false
	case q.Kind == bank.Cloze:
		return len(r.Blanks) == len(q.Blanks)
	case q.Kind == bank.Order:
		return len(r.Order) <= len(q.Order)
	}
	return r.Run == nil || q.Kind == bank.SQL && soundRun(r.Run)
}

// soundRun reports whether what a statement came to can be shown.
func soundRun(run *quiz.Run) bool {
	if e := run.Error; e != nil && (e.Line < 0 || e.Col < cmp.Compare(e.Line, 0)) {
		return false
	}
	sound := func(t quiz.Table) bool {
		return !slices.ContainsFunc(t.Odd, func(i int) bool { return i < 0 || i >= len(t.Rows) })
	}
	return !slices.ContainsFunc(run.Sets, func(s quiz.SetRun) bool { return !sound(s.Got) || !sound(s.Want) })
}
