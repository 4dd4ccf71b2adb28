package practice

import (
	"encoding/json"
	"time"

	"rehearse/progress"
	"rehearse/quiz"
	"rehearse/store"
)

// The file that Export writes, as docs/export.md describes it. A change that an older program would misread raises the
// version.
const (
	exportFormat  = "rehearse-export"
	exportVersion = 1
)

// stamp is a time in ms UTC, written as RFC 3339.
type stamp int64

const stampLayout = "2006-01-02T15:04:05.000Z"

func (s stamp) String() string { return time.UnixMilli(int64(s)).UTC().Format(stampLayout) }

// MarshalJSON implements json.Marshaler.
func (s stamp) MarshalJSON() ([]byte, error) { return json.Marshal(s.String()) }

// UnmarshalJSON implements json.Unmarshaler.
func (s *stamp) UnmarshalJSON(data []byte) error {
	var text string
	if err := json.Unmarshal(data, &text); err != nil {
		return err
	}
	t, err := time.Parse(stampLayout, text)
	*s = stamp(t.UnixMilli())
	return err
}

type fileSettings struct {
	Zone          string `json:"zone"`
	Rollover      int    `json:"rollover"`
	Retention     int    `json:"retention"`
	Interview     int    `json:"interview"`
	NewPerDay     int    `json:"newPerDay"`
	ReviewsPerDay int    `json:"reviewsPerDay"`
	Week          string `json:"week"`
	CatchUp       int    `json:"catchUp"`
	TwoButtons    bool   `json:"twoButtons"`
	Language      string `json:"language"`
	Theme         string `json:"theme"`
	Font          string `json:"font"`
	Timers        string `json:"timers"`
	KeysOff       bool   `json:"keysOff"`
	Confidence    bool   `json:"confidence"`
	Hidden        string `json:"hidden"`
}

func fileSettingsOf(u store.User) fileSettings {
	return fileSettings{
		Zone: u.Settings.Zone, Rollover: u.Settings.Rollover, Retention: u.Settings.Retention, Interview: u.Settings.Interview, NewPerDay: u.NewPerDay, ReviewsPerDay: u.ReviewsPerDay,
		Week: u.Week.String(), CatchUp: u.CatchUp, TwoButtons: u.TwoButtons, Language: u.Language, Theme: u.Theme,
		Font: u.Font, Timers: string(u.Timers), KeysOff: u.KeysOff, Confidence: u.Confidence, Hidden: u.Hidden,
	}
}

// fileQuestion is a version of a question.
type fileQuestion struct {
	N     int64  `json:"n"`
	ID    string `json:"id"`
	Title string `json:"title"`
	Body  string `json:"body"`
	Key   string `json:"key,omitempty"`
}

type fileAttempt struct {
	ID       string     `json:"id"`
	Mode     quiz.Mode  `json:"mode"`
	Title    string     `json:"title"`
	Seed     uint64     `json:"seed,string"`
	Started  stamp      `json:"started"`
	Deadline *stamp     `json:"deadline,omitempty"`
	Items    []fileItem `json:"items"`
	Check    *fileCheck `json:"check,omitempty"`
}

// fileCheck is what a skill check adds to its attempt.
type fileCheck struct {
	Name     string          `json:"name"`
	Params   int64           `json:"params"`
	Extended int             `json:"extended"`
	Log      json.RawMessage `json:"log,omitempty"` // of assess.Log
}

type fileItem struct {
	Question int64 `json:"question"` // N of a fileQuestion
	Skipped  bool  `json:"skipped,omitempty"`
}

// fileEntry is an entry of the log.
type fileEntry struct {
	N          int64                 `json:"n"`
	At         stamp                 `json:"at"`
	Kind       progress.EvidenceKind `json:"kind"`
	Question   int64                 `json:"question,omitempty"` // N of a fileQuestion
	Attempt    string                `json:"attempt,omitempty"`  // ID of a fileAttempt
	Position   int                   `json:"position,omitempty"`
	Held       bool                  `json:"held,omitempty"`
	Imported   bool                  `json:"imported,omitempty"`
	Score      *int64                `json:"score,omitempty"`
	Ratings    string                `json:"ratings,omitempty"`
	Unsure     bool                  `json:"unsure,omitempty"`
	Confidence quiz.Confidence       `json:"confidence,omitempty"`
	Duration   int64                 `json:"duration,omitempty"`
	Ref        int64                 `json:"ref,omitempty"` // N of an entry
	Data       json.RawMessage       `json:"data,omitempty"`
}

type fileBookmark struct {
	Question string `json:"question"` // id
	At       stamp  `json:"at"`
}

type fileNote struct {
	Question string `json:"question"`
	At       stamp  `json:"at"`
	Text     string `json:"text"`
}

type fileReport struct {
	Question string           `json:"question"`
	Version  int64            `json:"version"` // N of a fileQuestion
	At       stamp            `json:"at"`
	Kind     store.ReportKind `json:"kind"`
	Text     string           `json:"text"`
	Answer   string           `json:"answer,omitempty"`
	Answered *stamp           `json:"answered,omitempty"`
	Read     *stamp           `json:"read,omitempty"`
	Closed   bool             `json:"closed,omitempty"`
}

type fileSession struct {
	Begun stamp `json:"begun"`
	Used  stamp `json:"used"`
}

// sometimes returns a time that may be none.
func sometimes(ms int64) *stamp {
	if ms == 0 {
		return nil
	}
	s := stamp(ms)
	return &s
}
