package bank

// Kind says how a question is answered. It follows from the question's body, never from a declaration.
type Kind string

// The kinds of question, in the order in which forms and lists show them.
const (
	Single    Kind = "single"    // a task list with one right choice
	Multiple  Kind = "multiple"  // a task list with several right choices
	Text      Kind = "text"      // a short text compared with accepted entries
	Number    Kind = "number"    // a number compared with accepted ranges
	Output    Kind = "output"    // what a program prints, line by line
	Order     Kind = "order"     // items to be put in order
	Match     Kind = "match"     // a left column to be paired with a right one
	Cloze     Kind = "cloze"     // blanks to be filled in place
	SQL       Kind = "sql"       // a statement that is run, its rows compared with those of the author's
	Interview Kind = "interview" // an open question, marked against a rubric by a person
	Card      Kind = "card"      // an open question with an answer to compare with
)

// Kinds returns every kind in display order.
func Kinds() []Kind {
	return []Kind{Single, Multiple, Text, Number, Output, Order, Match, Cloze, SQL, Interview, Card}
}

// Open reports whether a person, not the program, judges the response.
func (k Kind) Open() bool { return k == Interview || k == Card }

// Level says for whom a question is meant.
type Level string

// Difficulty is the author's estimate of how hard a question is for its level.
type Difficulty string

// Use is one of the four ways in which a question may be put to a candidate.
type Use string

// The uses a question may have.
const (
	UseQuiz       Use = "quiz"
	UseCard       Use = "card"
	UseInterview  Use = "interview"
	UseAssessment Use = "assessment"
)

// Levels returns all levels, lowest first.
func Levels() []Level { return []Level{"junior", "mid", "senior", "staff"} }

// Difficulties returns all difficulties, easiest first.
func Difficulties() []Difficulty { return []Difficulty{"easy", "medium", "hard"} }

// Uses returns all uses.
func Uses() []Use { return []Use{UseQuiz, UseCard, UseInterview, UseAssessment} }

// Bank is one content root, read completely.
type Bank struct {
	ID      string // from bank.yaml; only a load of the same id can retire this bank's questions
	Title   string
	License string
	Topics  []Topic      // files without an error, by Order, then ID
	Broken  []BrokenFile // files with an error: the last good version of their questions stays in use
}

// Size returns how many questions the bank has.
func (b Bank) Size() (n int) {
	for _, t := range b.Topics {
		n += t.Size()
	}
	return n
}

// BrokenFile names what is known of a file that has an error.
type BrokenFile struct {
	File      string   // path below the content root
	Topic     string   // its topic id, or "" when neither front matter nor file name gives one
	Questions []string // the question ids that could be read
}

// Topic is one Markdown file of questions.
type Topic struct {
	ID          string
	Title       string
	Description string
	Lang        string // BCP 47; "en" when the file does not say
	License     string
	Order       int
	File        string // path below the content root
	Intro       Rich
	Questions   []Question // in the order of the file
	Heads       []*Head    `json:"-"` // of all questions, when somebody has made them; Questions may be let go of then, see Reader
	Sum         string     `json:"-"` // hash over all that the topic was read from: equal ones make equal topics; "" when it is unknown
}

// Size returns how many questions the topic has.
func (t *Topic) Size() int { return max(len(t.Questions), len(t.Heads)) }

// Lean reports whether the topic has no more than the heads of its questions.
func (t *Topic) Lean() bool { return len(t.Heads) > len(t.Questions) }

// AllHeads returns the heads of all questions.
func (t *Topic) AllHeads() []*Head {
	if t.Heads != nil {
		return t.Heads
	}
	heads := make([]*Head, len(t.Questions))
	for i := range heads {
		heads[i] = t.Questions[i].Head()
	}
	return heads
}

// Question is one thing asked: its labels, which may change at any time, and its body, which is pinned by attempts.
type Question struct {
	ID    string
	Topic string // topic id
	File  string // path below the content root
	Line  int    // line of its heading, from 1
	Labels
	Body
	BodyHash string // hex SHA-256 over all that is shown; unchanged by labels, reformatting and the order of choices
	KeyHash  string // hex SHA-256 over all that decides right or wrong
	Script   Script `json:"-"`
}

// Script is what only the file knows of a question, for those who execute its key. The store does not keep it.
type Script struct {
	Programs []Program // the fenced blocks of the prompt, in order
	Key      Place     // output: the first printed line
	Setups   []Place   // sql: the first line of each data set
	Query    Place     // sql: the first line of the statement
	Check    Place     // sql: the first line of the query after it
}

// Place is where something begins in a file.
type Place struct{ Line, Col int } // from 1; columns in bytes

// Program is a fenced block of code.
type Program struct {
	Language string // as written, in small letters; "" when the fence names none
	Code     string // as written, with its line ends
}

// Labels are the settings of a question that change neither what is shown nor what is right.
type Labels struct {
	Level      Level        `json:"level"`
	Difficulty Difficulty   `json:"difficulty"`
	Tags       []string     `json:"tags,omitempty"`
	Roles      []string     `json:"roles,omitempty"`
	Axes       []string     `json:"axes,omitempty"`
	Use        []Use        `json:"use"`                 // never empty once read
	Points     int          `json:"points"`              // weight in an attempt, 1 or more
	Minutes    int          `json:"minutes,omitempty"`   // suggested time, 0 when not given
	KeepOrder  bool         `json:"keepOrder,omitempty"` // choices are not shuffled (shuffle: false, True/False, choices that name letters)
	Version    int          `json:"version,omitempty"`   // raised by the author to reset what candidates remember
	Aliases    []string     `json:"aliases,omitempty"`   // former ids
	Related    []string     `json:"related,omitempty"`
	Runtimes   []string     `json:"runtimes,omitempty"` // where the key of an output question holds
	Executed   []Execution  `json:"executed,omitempty"` // where it was seen to hold, as verified.json says
	Corrected  []Correction `json:"corrected,omitempty"`
	Source     string       `json:"source,omitempty"`
	Author     string       `json:"author,omitempty"`
	License    string       `json:"license,omitempty"`
}

// Serves reports whether the question may be put to candidates in the way u.
func (l Labels) Serves(u Use) bool {
	for _, have := range l.Use {
		if have == u {
			return true
		}
	}
	return false
}

// Secret reports whether the question serves assessments alone, and so is shown nowhere else.
func (l Labels) Secret() bool { return len(l.Use) == 1 && l.Use[0] == UseAssessment }

// Correction says that an earlier key was wrong.
type Correction struct {
	Date   string `json:"date"` // YYYY-MM-DD
	Reason string `json:"reason"`
}

// Rich is a piece of an author's Markdown in two forms.
type Rich struct {
	Text string `json:"t,omitempty"` // canonical plain text: LF, NFC, white space folded outside code
	HTML string `json:"h,omitempty"` // rendered and sanitised once, when the bank was read
}

// Empty reports whether there is nothing to show.
func (r Rich) Empty() bool { return r.HTML == "" }

// Body is what a revision pins: all that is shown and all that decides right or wrong. Its JSON form is stored.
type Body struct {
	Kind         Kind        `json:"kind"`
	Title        Rich        `json:"title"`         // the heading, inline HTML
	Stem         Rich        `json:"stem,omitzero"` // the blocks under the heading; see ClozeParts for cloze
	Choices      []Choice    `json:"choices,omitempty"`
	Partial      bool        `json:"partial,omitempty"`     // multiple: part marks instead of all or nothing
	CaseMatters  bool        `json:"caseMatters,omitempty"` // text, cloze: case: sensitive
	Accept       []Entry     `json:"accept,omitempty"`      // text and number, first literal or number is the one shown
	Reject       []Entry     `json:"reject,omitempty"`
	Output       string      `json:"output,omitempty"` // LF, no trailing blanks, no trailing empty lines
	Order        []Item      `json:"order,omitempty"`  // in the right order
	Pairs        []Pair      `json:"pairs,omitempty"`
	Decoys       []Item      `json:"decoys,omitempty"`   // match: right cells that belong to nothing
	Captions     []Rich      `json:"captions,omitempty"` // match: headings of the left and the right column
	Blanks       []Blank     `json:"blanks,omitempty"`   // cloze, in order of appearance
	Setups       []Rich      `json:"setups,omitempty"`   // sql: the data sets; the first is shown with the question
	Query        Rich        `json:"query,omitzero"`     // sql: a right statement
	Check        Rich        `json:"check,omitzero"`     // sql that writes: the query whose rows are compared afterwards
	Ordered      bool        `json:"ordered,omitempty"`  // sql: the order of the rows counts
	Plan         string      `json:"plan,omitempty"`     // sql: "index" when no table may be scanned, else ""
	Writes       bool        `json:"writes,omitempty"`   // sql: the statement may change the tables of the data set
	Hints        []Rich      `json:"hints,omitempty"`    // shown one at a time
	Explanation  Rich        `json:"explanation,omitzero"`
	Answer       Rich        `json:"answer,omitzero"` // card
	WhyAsked     Rich        `json:"whyAsked,omitzero"`
	StrongAnswer Rich        `json:"strongAnswer,omitzero"`
	Rubric       []Criterion `json:"rubric,omitempty"`
	RedFlags     Rich        `json:"redFlags,omitzero"`
	FollowUps    Rich        `json:"followUps,omitzero"`
	References   Rich        `json:"references,omitzero"`
}

// Choice is one choice of a single or multiple question.
type Choice struct {
	ID    string `json:"id"` // first 8 hex digits of SHA-256 of its text: stable when choices move
	Text  Rich   `json:"text"`
	Right bool   `json:"right,omitempty"`
	Why   Rich   `json:"why,omitzero"`
	Last  bool   `json:"last,omitempty"` // "all/none/both of the above": stays last when shuffled
}

// Item is one movable thing of an order or match question.
type Item struct {
	ID   string `json:"id"` // as Choice.ID
	Text Rich   `json:"text"`
}

// Pair is one row of a match question. Left and Right have their own ids.
type Pair struct {
	Left  Item `json:"left"`
	Right Item `json:"right"`
}

// Entry is one accepted or rejected response. Exactly one of Literal, Pattern and Range is set.
type Entry struct {
	Literal  string `json:"literal,omitempty"` // as written, trimmed; compare with Normal
	Pattern  string `json:"pattern,omitempty"` // RE2, to be anchored at both ends
	Range    *Range `json:"range,omitempty"`
	Feedback Rich   `json:"feedback,omitzero"`
}

// Range is an accepted interval of numbers, Low ≤ x ≤ High.
type Range struct {
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
	Value float64 `json:"value"` // the number shown as the answer; the middle for A..B
	Unit  string  `json:"unit,omitempty"`
	Text  string  `json:"text"` // as the author wrote it, without "="
}

// Blank is one gap of a cloze question.
type Blank struct {
	Card     int      `json:"card"` // the N of cN: blanks with one number make one flashcard
	Answer   string   `json:"answer"`
	Variants []string `json:"variants,omitempty"` // also right
	Hint     string   `json:"hint,omitempty"`
}

// Criterion is one point of a rubric.
type Criterion struct {
	Points int  `json:"points"` // 1 or more
	Text   Rich `json:"text"`
}

// Revision is one immutable version of a question, as stored.
type Revision struct {
	ID       int64 // key in the store, 0 before it is stored
	Question Question
}
