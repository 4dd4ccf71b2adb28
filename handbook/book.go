// Package handbook reads what stands around the questions: skill guides, roles, plans, templates of mock interviews,
// named sets of questions, and what skill checks measure. Each is one Markdown file with front matter in its own folder below the content root. Faults
// are findings with their place, as in package bank; a file with an error is left out.
//
// The package knows questions only by id, topic and tags, which its caller gives it. It reads no clock: whether a guide
// has aged is asked with a time.
package handbook

import (
	"slices"
	"time"

	"rehearse/markdown"
)

// Book is the handbook, read completely. Its values are not changed once read.
type Book struct {
	Guides      []Guide // by category, then title
	Roles       []Role  // by file name, as are the others
	Plans       []Plan
	Interviews  []Interview
	Sets        []Set
	Assessments []Assessment
	Broken      []string          // files with an error, which are in none of the lists
	Texts       map[string][]byte // all files, with LF as their line ends, by path; not to be changed
}

// Pages returns all pages of the handbook: guides, roles, plans, interviews, sets, assessments.
func (b *Book) Pages() (all []Page) {
	for _, g := range b.Guides {
		all = append(all, g.Page)
	}
	for _, r := range b.Roles {
		all = append(all, r.Page)
	}
	for _, p := range b.Plans {
		all = append(all, p.Page)
	}
	for _, i := range b.Interviews {
		all = append(all, i.Page)
	}
	for _, s := range b.Sets {
		all = append(all, s.Page)
	}
	for _, a := range b.Assessments {
		all = append(all, a.Page)
	}
	return all
}

// Page is what every file of the handbook has.
type Page struct {
	ID      string // its file name without .md
	File    string // path below the content root
	Title   string
	Summary string // one or two sentences of plain text
}

// Guide explains a skill.
type Guide struct {
	Page
	Category string
	Updated  time.Time // the day, in UTC
	Lens     []string  // from whose side it looks: of Lenses
	Topics   []string  // topics whose questions it prepares for; none: any topic
	Related  []string  // ids of guides, in both directions
	Concepts []Concept
	Intro    []Part
	Sections []Section // in the order of Skeleton; the interview questions are always there
	FAQ      []Answer
	Minutes  int // reading time, at least 1
}

// Concept is one thing that a guide explains. Its id is a tag of questions.
type Concept struct {
	ID      string
	Meaning string // one line of plain text
}

// Section is one ## heading of a guide.
type Section struct {
	ID    string // anchor
	Title string
	Parts []Part
}

// Part is a piece of a section. Exactly one of its fields is set.
type Part struct {
	Heading  string // a ### heading, plain text
	HTML     string // sanitised
	Practise *Practise
	Check    string // id of a question to check oneself with
}

// Practise is a link to questions on what was just read.
type Practise struct {
	Topics []string
	Tags   []string
	Count  int // of questions to draw
}

// Answer is one entry of a guide's FAQ.
type Answer struct {
	Question string // plain text
	HTML     string
	Text     string // the same as plain text, for data about the page
}

// Stale reports whether a guide has not been looked at for a year.
func (g Guide) Stale(now time.Time) bool { return now.After(g.Updated.AddDate(1, 0, 0)) }

// Covers reports whether a question is about one of the guide's concepts.
func (g Guide) Covers(q Question) bool {
	if len(g.Topics) > 0 && !slices.Contains(g.Topics, q.Topic) {
		return false
	}
	return slices.ContainsFunc(g.Concepts, func(c Concept) bool { return q.About(c.ID) })
}

// Role is what somebody is hired for.
type Role struct {
	Page
	Charter     string // HTML
	CharterText string // the same as plain text, a blank line between paragraphs
	Owns        []string
	Shares      []string
	HandsOver   []string
	Skills      []Skill
	Axes        []Weight // of the report of a skill check, may be empty
	Cut         int      // percent of mastery that the role asks for, 0 when not given
	Ladder      []Rung   // lowest level first, as written
}

// Skill is what a role asks for: a topic, or a tag of questions, at a level.
type Skill struct {
	ID    string
	Level string // of Levels
}

// Weight is how much one axis counts.
type Weight struct {
	Axis   string
	Weight int // 1 to 10
}

// Rung is one level of a role, with what sets it apart.
type Rung struct {
	Level    string
	Expected []string
}

// Plan is a road map of some weeks.
type Plan struct {
	Page
	Intro  string // HTML
	Weeks  int    // its length
	Blocks []Block
}

// Block is some weeks of a plan with one theme.
type Block struct {
	First, Last int // weeks, from 1
	Title       string
	Topics      []string // ids of topics, or tags of questions
	Guides      []string // ids
	Mock        string   // id of the template of a mock interview, may be empty
}

// Interview is the template of a mock interview.
type Interview struct {
	Page
	Opening  string // HTML: what the interviewer says first
	Stage    string // of Stages
	Minutes  int
	Level    string
	Sections []Stretch
}

// Stretch is one part of a mock interview.
type Stretch struct {
	Title   string
	Minutes int
	Kinds   []string
	Tags    []string
	Count   int // questions
}

// Set is a choice of questions under headings.
type Set struct {
	Page
	Intro  string // HTML
	Groups []Group
}

// Group is the questions of a set under one heading.
type Group struct {
	Title     string
	Questions []string // ids
}

// Questions returns the ids of all questions of a set in order.
func (s Set) Questions() []string {
	var ids []string
	for _, g := range s.Groups {
		ids = append(ids, g.Questions...)
	}
	return ids
}

// Question is what the handbook knows of a question.
type Question struct {
	ID    string
	Topic string
	Tags  []string
	Axes  []string
}

// About reports whether a question belongs to a topic or carries a tag.
func (q Question) About(id string) bool { return q.Topic == id || slices.Contains(q.Tags, id) }

// Levels are the words for levels, lowest first.
func Levels() []string { return []string{"junior", "mid", "senior", "staff"} }

// Lenses are the sides from which a guide may look.
func Lenses() []string { return []string{"backend", "frontend", "devops", "ai"} }

// Stages are the stages of a hiring process.
func Stages() []string { return []string{"phone-screen", "technical-phone", "take-home", "on-site"} }

// Guide returns the guide with this id.
func (b *Book) Guide(id string) (Guide, bool) {
	return find(b.Guides, func(g Guide) bool { return g.ID == id })
}

// Role returns the role with this id.
func (b *Book) Role(id string) (Role, bool) {
	return find(b.Roles, func(r Role) bool { return r.ID == id })
}

// Plan returns the plan with this id.
func (b *Book) Plan(id string) (Plan, bool) {
	return find(b.Plans, func(p Plan) bool { return p.ID == id })
}

// Set returns the set with this id.
func (b *Book) Set(id string) (Set, bool) {
	return find(b.Sets, func(s Set) bool { return s.ID == id })
}

func find[T any](all []T, is func(T) bool) (T, bool) {
	if i := slices.IndexFunc(all, is); i >= 0 {
		return all[i], true
	}
	var none T
	return none, false
}

// KeepBroken takes the last good version of files that have an error now over from an earlier book, which may be nil.
func (b *Book) KeepBroken(earlier *Book) {
	if earlier == nil {
		return
	}
	keep(&b.Guides, earlier.Guides, b.Broken, func(g Guide) string { return g.File })
	keep(&b.Roles, earlier.Roles, b.Broken, func(r Role) string { return r.File })
	keep(&b.Plans, earlier.Plans, b.Broken, func(p Plan) string { return p.File })
	keep(&b.Interviews, earlier.Interviews, b.Broken, func(i Interview) string { return i.File })
	keep(&b.Sets, earlier.Sets, b.Broken, func(s Set) string { return s.File })
	keep(&b.Assessments, earlier.Assessments, b.Broken, func(a Assessment) string { return a.File })
}

func keep[T any](now *[]T, earlier []T, broken []string, file func(T) string) {
	for _, old := range earlier {
		if slices.Contains(broken, file(old)) {
			*now = append(slices.Clip(*now), old) // a book that was read is somebody else's, too
		}
	}
}

// GuidePath begins the addresses of guides in HTML, which is written without knowing where the site will be served.
const GuidePath = markdown.GuidePath
