package practice

import (
	"encoding/json"
	"regexp"
	"slices"

	"rehearse/assess"
	"rehearse/progress"
	"rehearse/quiz"
	"rehearse/store"
)

// element is an element of a list while it is looked through. The first fault stays.
type element struct {
	in  *importReader
	at  place
	err error
}

// want notes a fault of a field unless what must hold does.
func (e *element) want(holds bool, field string, f Fault) {
	if e.err == nil && !holds {
		e.err = e.in.badAt(e.at.offset, field, f)
	}
}

// past wants a time that has been.
func (e *element) past(s stamp, field string) {
	e.want(s > 0, field, BadValue)
	e.want(s <= e.in.now, field, InTheFuture)
}

func (e *element) maybePast(s *stamp, field string) {
	if s != nil {
		e.past(*s, field)
	}
}

func (e *element) oneOf(ok bool, field string) { e.want(ok, field, BadValue) }

func (e *element) size(text, field string, most int) { e.want(len(text) <= most, field, TooMuch) }

func (in *importReader) format() error {
	v, _, err := value[string](in)
	if err != nil || v != exportFormat {
		return in.bad("format", NoExport)
	}
	return nil
}

func (in *importReader) version() error {
	v, _, err := value[int](in)
	if err != nil || v != exportVersion {
		return in.bad("version", OtherVersion)
	}
	return nil
}

func (in *importReader) ofBank() error {
	v, _, err := value[string](in)
	if err != nil || v != in.bank {
		return in.bad("bank", OtherBank)
	}
	return nil
}

func (in *importReader) someTime() error {
	_, _, err := value[stamp](in)
	return err
}

func (in *importReader) readSettings() error {
	v, p, err := value[fileSettings](in)
	if err != nil {
		return err
	}
	in.settings = v
	if field := in.check(v); field != "" {
		return in.badAt(p.offset, field, BadValue)
	}
	return nil
}

func (in *importReader) whole() error {
	v, _, err := value[bool](in)
	if err == nil && !v {
		err = in.bad("end", BadValue)
	}
	return err
}

func (in *importReader) session() error {
	_, _, err := value[fileSession](in)
	return err
}

func (in *importReader) readQuestion() error {
	v, p, err := value[fileQuestion](in)
	if err != nil {
		return err
	}
	e := element{in: in, at: p}
	_, there := in.question[v.N]
	e.want(v.N > 0, "n", BadValue)
	e.want(!there, "n", OutOfOrder)
	e.want(v.ID != "", "id", MissingField)
	e.want(v.Body != "", "body", MissingField)
	in.question[v.N] = int32(len(in.questions))
	v.Title = "" // not needed
	in.questions = append(in.questions, v)
	return e.err
}

func (in *importReader) bookmark() error {
	v, p, err := value[fileBookmark](in)
	if err != nil {
		return err
	}
	e := element{in: in, at: p}
	e.past(v.At, "at")
	e.want(len(in.bookmarks) < maxKept, "", TooMuch)
	in.bookmarks = append(in.bookmarks, p)
	return e.err
}

func (in *importReader) note() error {
	v, p, err := value[fileNote](in)
	if err != nil {
		return err
	}
	e := element{in: in, at: p}
	e.past(v.At, "at")
	e.want(v.Text != "", "text", MissingField)
	e.size(v.Text, "text", 64<<10)
	e.want(len(in.notes) < maxKept, "", TooMuch)
	in.notes = append(in.notes, p)
	return e.err
}

func (in *importReader) report() error {
	v, p, err := value[fileReport](in)
	if err != nil {
		return err
	}
	e := element{in: in, at: p}
	e.past(v.At, "at")
	e.maybePast(v.Answered, "answered")
	e.maybePast(v.Read, "read")
	e.oneOf(slices.Contains(store.ReportKinds(), v.Kind), "kind")
	e.size(v.Text, "text", 16<<10)
	e.size(v.Answer, "answer", 16<<10)
	_, known := in.question[v.Version]
	e.want(known, "version", NoSuchThing)
	e.want(len(in.reports) < maxOldReports, "", TooMuch)
	in.reports = append(in.reports, p)
	return e.err
}

var slugForm = regexp.MustCompile(`^[a-z2-7]{16}$`)

func (in *importReader) readAttempt() error {
	v, p, err := value[fileAttempt](in)
	if err != nil {
		return err
	}
	e := element{in: in, at: p}
	_, there := in.attempt[v.ID]
	e.oneOf(slugForm.MatchString(v.ID), "id")
	e.want(!there, "id", OutOfOrder)
	e.oneOf(v.Mode == quiz.Practice || v.Mode == quiz.Exam || v.Mode == quiz.Check, "mode")
	e.size(v.Title, "title", 1<<10)
	e.past(v.Started, "started")
	e.oneOf(v.Deadline == nil || *v.Deadline > v.Started, "deadline")
	e.want(len(v.Items) > 0, "items", MissingField)
	e.want(len(v.Items) <= maxItems, "items", TooMuch)
	e.want(len(in.attempts) < maxAttempts, "", TooMuch)
	a := importAttempt{place: p, mode: v.Mode, started: v.Started}
	for _, it := range v.Items {
		q, known := in.question[it.Question]
		e.want(known, "items", NoSuchThing)
		a.items = append(a.items, q)
	}
	e.want((v.Check != nil) == (v.Mode == quiz.Check), "check", MissingField)
	if v.Check != nil {
		e.size(v.Check.Name, "check", 100)
		e.oneOf(v.Check.Extended >= 0 && v.Check.Extended <= MaxExtensions, "check")
		e.oneOf(v.Check.Log == nil || soundCheck(v), "check")
	}
	in.attempt[v.ID] = int32(len(in.attempts))
	in.attempts = append(in.attempts, a)
	return e.err
}

// soundCheck reports whether the log of a skill check is that of one that is over, with a step for each item, and says what
// comes out of it: pages show its numbers as they stand.
func soundCheck(v fileAttempt) bool {
	var log assess.Log
	if json.Unmarshal(v.Check.Log, &log) != nil || log.Stop == "" || log.Result == nil || len(log.Steps) != len(v.Items) {
		return false
	}
	if log.Version != assess.Version {
		return true // as it was then
	}
	_, differ, err := assess.Recompute(log)
	return err == nil && len(differ) == 0
}

// entryKind is the kind of an entry, as far as what refers to it wants to know.
type entryKind byte

const (
	otherEntry entryKind = iota
	response
	cardGrade
)

// maxDuration bounds how long anything took, in ms.
const maxDuration = 366 * 24 * 60 * 60 * 1000

func (in *importReader) entry() error {
	v, p, err := value[fileEntry](in)
	if err != nil {
		return err
	}
	e := &element{in: in, at: p}
	x := importEntry{place: p, n: v.N, ref: -1, question: -1, attempt: -1, position: int32(v.Position)}
	e.inOrder(v.N)
	e.past(v.At, "at")
	e.oneOf(v.Duration >= 0 && v.Duration <= maxDuration, "duration")
	e.oneOf(v.Confidence >= quiz.Unasked && v.Confidence <= quiz.Sure, "confidence")
	e.oneOf(v.Score == nil || *v.Score >= 0 && *v.Score <= progress.AllRight, "score")
	e.oneOf(soundRatings(v.Ratings), "ratings")
	e.oneOf(v.Position >= 0 && v.Position < maxItems, "position")
	if v.Attempt != "" {
		a, known := in.attempt[v.Attempt]
		e.want(known, "attempt", NoSuchThing)
		x.attempt = a
	}
	if v.Question != 0 {
		q, known := in.question[v.Question]
		e.want(known, "question", NoSuchThing)
		x.question = q
	}
	if v.Ref != 0 {
		i, known := slices.BinarySearchFunc(in.log, v.Ref, func(o importEntry, n int64) int { return int(o.n - n) })
		e.want(known, "ref", NoSuchThing)
		x.ref = int32(i)
	}
	if e.err == nil {
		e.kind(v, &x)
	}
	return e.err
}

// inOrder wants numbers to ascend. Entries that concern no question are counted, too.
func (e *element) inOrder(n int64) {
	in := e.in
	e.want(n > 0 && n < 1<<53, "n", BadValue)
	e.want(n > in.last, "n", OutOfOrder)
	e.want(in.entries < maxEntries, "", TooMuch)
	in.last, in.entries = n, in.entries+1
}

func soundRatings(text string) bool {
	ratings, err := progress.ParseRatings(text)
	if err != nil || len(ratings) > 100 || progress.FormatRatings(ratings) != text {
		return false
	}
	for _, r := range ratings {
		if !r.Rating.Valid() || r.Part < 0 || r.Part > 999 || r.Days < 0 || r.Days > 36_500 {
			return false
		}
	}
	return true
}

// kind looks at what the entry's kind asks for, and keeps it.
func (e *element) kind(v fileEntry, x *importEntry) {
	in := e.in
	holds := x.attempt >= 0 && in.attempts[x.attempt].mode.Holds()
	e.want(!v.Held || v.Kind == progress.Responded, "held", BadValue)
	switch v.Kind {
	case progress.Set:
		var set progress.Settings
		_, fault := strictly(v.Data, &set)
		e.want(fault == "" && in.check(fileSettings{Zone: set.Zone, Rollover: set.Rollover, Interview: set.Interview, Retention: set.Retention, Week: "0000000"}) == "", "data", BadValue)
		e.want(len(in.sets) < maxSets, "", TooMuch)
		in.sets = append(in.sets, x.place)
		return
	case progress.Finished:
		e.want(x.attempt >= 0, "attempt", MissingField)
		if e.err == nil {
			a := &in.attempts[x.attempt]
			e.want(a.finished == 0, "attempt", OutOfOrder)
			e.oneOf(v.At >= a.started, "at")
			a.finished = v.At
		}
		return
	case progress.Responded:
		e.itemOf(x)
		e.want(v.Held == holds, "held", BadValue)
		e.data(v.Data, new(quiz.Response))
		x.kind = response
	case progress.Graded:
		if x.attempt >= 0 {
			e.itemOf(x)
			var m quiz.SelfMark
			e.data(v.Data, &m)
			e.want(m.Rating >= 1 && m.Rating <= 4, "data", BadValue)
			break
		}
		e.want(x.question >= 0, "question", MissingField)
		e.want(v.Ratings != "", "ratings", MissingField)
		x.kind = cardGrade
	case progress.Suspended, progress.Resumed:
		e.want(x.question >= 0, "question", MissingField)
		e.want(x.attempt < 0, "attempt", BadValue)
	case progress.Undone:
		e.want(x.ref >= 0, "ref", MissingField)
		e.want(x.ref >= 0 && in.log[x.ref].kind == cardGrade, "ref", NoSuchThing)
	case progress.Corrected:
		e.want(x.ref >= 0, "ref", MissingField)
		e.want(x.ref >= 0 && in.log[x.ref].kind == response, "ref", NoSuchThing)
		e.want(x.question >= 0, "question", MissingField)
		e.want(v.Score != nil, "score", MissingField)
		e.data(v.Data, new(fileCause))
		if e.err == nil {
			o := in.log[x.ref]
			e.want(o.attempt == x.attempt && o.position == x.position, "attempt", BadValue)
		}
	default:
		e.want(false, "kind", BadValue)
	}
	e.keep(x)
}

// keep keeps an entry about a question.
func (e *element) keep(x *importEntry) {
	in := e.in
	if e.err != nil {
		return
	}
	if x.ref >= 0 {
		x.question = in.log[x.ref].question
	}
	in.perQuestion[x.question]++
	e.want(in.perQuestion[x.question] <= maxPerQuestion, "question", TooMuch)
	in.log = append(in.log, *x)
}

// itemOf wants the entry's question to be that of its place in its attempt.
func (e *element) itemOf(x *importEntry) {
	e.want(x.attempt >= 0, "attempt", MissingField)
	e.want(x.question >= 0, "question", MissingField)
	if e.err == nil {
		items := e.in.attempts[x.attempt].items
		e.want(int(x.position) < len(items), "position", NoSuchThing)
		e.want(int(x.position) < len(items) && items[x.position] == x.question, "question", NoSuchThing)
	}
}

func (e *element) data(raw json.RawMessage, v any) {
	e.want(len(raw) > 0, "data", MissingField)
	if e.err == nil {
		_, fault := strictly(raw, v)
		e.want(fault == "", "data", BadValue)
	}
}
