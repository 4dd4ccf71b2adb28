// Package progress says what the evidence means: it folds the log of what a candidate did, and of what content loads
// did to questions, into card states, topic counts, daily activity and item statistics.
//
// Everything here is a pure function of the log. A live update and a rebuild call the same functions in the same order,
// so their results are equal.
package progress

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"rehearse/quiz"
	"rehearse/srs"
)

// EvidenceKind says what a candidate did.
type EvidenceKind string

// The kinds of evidence.
const (
	Responded EvidenceKind = "responded" // answered a question
	Graded    EvidenceKind = "graded"    // rated a card, or their own open answer
	Undone    EvidenceKind = "undone"    // took the grade Ref back
	Finished  EvidenceKind = "finished"  // ended an attempt: what it held takes effect
	Set       EvidenceKind = "set"       // changed a setting that moves schedules
	Corrected EvidenceKind = "corrected" // the response Ref was scored anew, since its key was wrong
	Suspended EvidenceKind = "suspended" // put a card aside
	Resumed   EvidenceKind = "resumed"   // brought a card back
	Merged    EvidenceKind = "merged"    // took in the log of somebody who turned out to be the same person
)

// Evidence is one entry of a candidate's log. It is never changed.
type Evidence struct {
	Seq        int64 // 1, 2, … per candidate
	At         int64 // ms UTC
	Kind       EvidenceKind
	Once       string // unique per candidate
	Question   int64  // store keys; 0 where they do not apply
	Revision   int64
	Attempt    int64
	Position   int          // in the attempt, from 0; Suspended, Resumed: the part
	Held       bool         // takes effect when its attempt is finished
	Imported   bool         // from a file of the candidate's: it adds nothing to the statistics of items
	Score      int64        // micro-points; NotJudged when the program did not judge
	Ratings    []PartRating // the cards it moves
	Unsure     bool
	Confidence quiz.Confidence // of Responded, when it was asked for
	Duration   int64           // ms
	Ref        int64           // Undone: seq of the grade taken back; Corrected: seq of the response
	Data       string          // JSON: the response of Responded, the Settings of Set, the Cause of Corrected
}

// UsualOnce returns the once key that a response, or the end of an attempt, has anywhere; "" for other kinds.
func (e Evidence) UsualOnce() string {
	switch e.Kind {
	case Responded:
		return "a:" + strconv.FormatInt(e.Attempt, 10) + ":" + strconv.Itoa(e.Position)
	case Finished:
		return "f:" + strconv.FormatInt(e.Attempt, 10)
	}
	return ""
}

// NotJudged is the Score of evidence that the program did not judge.
const NotJudged = -1

// AllRight is the score of a fully right response, in micro-points.
const AllRight = 1_000_000

// PartRating rates one card of a question; Part is 0 but for cloze, where it is the card number.
type PartRating struct {
	Part   int
	Rating srs.Rating
	Days   int // the interval that was chosen to spread the cards over the days, in study days; 0: the one computed
}

// FormatRatings writes ratings as "part:rating,…", or "part:rating:days" where an interval was chosen.
func FormatRatings(ratings []PartRating) string {
	var b strings.Builder
	for i, r := range ratings {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(strconv.Itoa(r.Part))
		b.WriteByte(':')
		b.WriteString(strconv.Itoa(int(r.Rating)))
		if r.Days != 0 {
			b.WriteByte(':')
			b.WriteString(strconv.Itoa(r.Days))
		}
	}
	return b.String()
}

// ParseRatings reads what FormatRatings wrote.
func ParseRatings(s string) ([]PartRating, error) {
	if s == "" {
		return nil, nil
	}
	var ratings []PartRating
	for field := range strings.SplitSeq(s, ",") {
		part, rest, _ := strings.Cut(field, ":")
		rating, days, chosen := strings.Cut(rest, ":")
		p, err := strconv.Atoi(part)
		if err != nil {
			return nil, fmt.Errorf("ratings %q: %w", s, err)
		}
		r, err := strconv.Atoi(rating)
		if err != nil {
			return nil, fmt.Errorf("ratings %q: %w", s, err)
		}
		d := 0
		if chosen {
			if d, err = strconv.Atoi(days); err != nil {
				return nil, fmt.Errorf("ratings %q: %w", s, err)
			}
		}
		ratings = append(ratings, PartRating{Part: p, Rating: srs.Rating(r), Days: d})
	}
	return ratings, nil
}

// Settings are the settings of a candidate that move schedules, as a Set entry holds them.
type Settings struct {
	Zone      string `json:"zone"`                // IANA name
	Rollover  int    `json:"rollover"`            // hour at which a study day begins
	Interview int    `json:"interview,omitempty"` // study day of an interview, 0: none

	// Retention is the chance of recall, in percent, at which a card becomes due; 0 is srs.DefaultRetention.
	Retention int `json:"retention,omitempty"`
}

// The range of Settings.Retention. Below it more is relearnt than reviewed; above it the reviews become countless.
const (
	MinRetention = 80
	MaxRetention = 97
)

// DefaultRetention is what 0 means in Settings.Retention, in percent.
const DefaultRetention = 100 * srs.DefaultRetention

// Cause says why a Corrected entry was written, as its Data holds it.
type Cause struct {
	Question int64 `json:"question"` // of the event: not that of the response when one question took in another
	Event    int64 `json:"event"`    // seq of the KeyCorrected or KeyReverted event
	Was      int64 `json:"was"`      // the score before, micro-points

	Run *quiz.Run `json:"run,omitempty"` // what the statement of the response comes to by the key that decides now
}

// QuestionEventKind says what a content load did to a question.
type QuestionEventKind string

// The kinds of question events.
const (
	Added        QuestionEventKind = "added"
	Moved        QuestionEventKind = "moved"
	KeyChanged   QuestionEventKind = "key-changed"
	KeyCorrected QuestionEventKind = "key-corrected" // the key was wrong: past responses are scored anew
	KeyReverted  QuestionEventKind = "key-reverted"  // the correction Other is taken back
	Reset        QuestionEventKind = "reset"         // the author raised the version: memory starts anew
	Renamed      QuestionEventKind = "renamed"
	Absorbed     QuestionEventKind = "absorbed" // it took in the question Other, which was renamed to it
	Became       QuestionEventKind = "became"   // it was taken in by the question Other
	Retired      QuestionEventKind = "retired"
	Returned     QuestionEventKind = "returned"
)

// ReachesBack reports whether an event changes what earlier entries of a log count for, so that the log is folded anew.
func (k QuestionEventKind) ReachesBack() bool {
	switch k {
	case KeyCorrected, KeyReverted, Absorbed, Became:
		return true
	}
	return false
}

// QuestionEvent is one entry of a question's own log.
type QuestionEvent struct {
	Question int64
	Seq      int64
	At       int64 // ms UTC
	Kind     QuestionEventKind
	Topic    int64  // the question's topic from then on
	Revision int64  // the revision in force from then on
	Key      string // the key hash of that revision
	Other    int64  // Absorbed, Became: a question; KeyReverted: the seq of the first correction taken back
}

// Effective returns the entries of one candidate that count, in the order in which they take effect, which is that of
// their times: grades that were undone are left out (their Undone entries stay, they mark the card as touched), corrected
// responses have the score, ratings and revision of their last correction (the Corrected entries stay as marks, too), and
// held responses stand directly before the Finished entry of their attempt, with its time; those of an unfinished attempt
// are left out.
func Effective(log []Evidence) []Evidence {
	log = InOrder(log)
	undone := map[int64]bool{}
	corrected := map[int64]Evidence{}
	for _, e := range log {
		switch e.Kind {
		case Undone:
			undone[e.Ref] = true
		case Corrected:
			corrected[e.Ref] = e
		}
	}
	asCorrected := func(e Evidence) Evidence {
		if c, ok := corrected[e.Seq]; ok {
			e.Score, e.Ratings, e.Revision = c.Score, c.Ratings, c.Revision
		}
		return e
	}
	held := map[int64][]Evidence{} // in an imported log the end of an attempt may stand before its last response
	for _, e := range log {
		if e.Held {
			held[e.Attempt] = append(held[e.Attempt], asCorrected(e))
		}
	}
	var out []Evidence
	for _, e := range log {
		e = asCorrected(e)
		switch {
		case undone[e.Seq], e.Held:
		case e.Kind == Finished:
			out = append(out, Release(held[e.Attempt], e)...)
			out = append(out, e)
		default:
			out = append(out, e)
		}
	}
	return out
}

// InOrder returns a log by time, then seq. It differs from the order of seqs where another log was merged in.
func InOrder(log []Evidence) []Evidence {
	byTime := func(a, b Evidence) int { return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.Seq, b.Seq)) }
	if slices.IsSortedFunc(log, byTime) {
		return log
	}
	return slices.SortedFunc(slices.Values(log), byTime)
}

// Release returns the held responses of an attempt as they take effect with its Finished entry: by position, with the
// time and seq of that entry.
func Release(held []Evidence, finished Evidence) []Evidence {
	out := slices.Clone(held)
	slices.SortFunc(out, func(a, b Evidence) int { return a.Position - b.Position })
	for i := range out {
		out[i].At, out[i].Seq = finished.At, finished.Seq
	}
	return out
}
