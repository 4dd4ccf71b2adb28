package web

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"rehearse/handbook"
	"rehearse/locale"
	"rehearse/store"
	"rehearse/views"
)

// book returns the handbook as it is now.
func (s *site) book() *handbook.Book { return s.Desk.Handbook() }

// prose returns the text of a guide as it goes into a page.
func (s *site) prose(html string) string {
	if s.base == "" {
		return html
	}
	return strings.NewReplacer(` src="/media/`, ` src="`+s.base+`/media/`,
		` href="`+handbook.GuidePath, ` href="`+s.base+handbook.GuidePath).Replace(html)
}

// asked returns a question as the handbook sees it.
func asked(e *store.Listed) handbook.Question {
	return handbook.Question{ID: e.Head.ID, Topic: e.Topic, Tags: e.Tags, Axes: e.Axes}
}

// covered returns the questions for which is holds. Those that serve assessments alone are not in the catalog.
func (s *site) covered(is func(handbook.Question) bool) []*store.Listed {
	var found []*store.Listed
	for _, e := range s.catalog().All() {
		if is(asked(e)) {
			found = append(found, e)
		}
	}
	return found
}

// guides lists the guides, those of a tag and a lens if the address says so.
func (s *site) guides(c Ctx) error {
	return s.view(c, http.StatusOK, "learn", said("Learn"), func(tx *store.Tx, p views.Page) (templ.Component, error) {
		p.Description = p.L.T("Guides to read before you practise, and questions chosen for a purpose.")
		tag, lens := c.QueryParam("tag"), c.QueryParam("lens")
		book := s.book()
		v := views.GuidesView{Empty: views.EmptyView{
			Title:  p.L.T("No guide fits"),
			Text:   p.L.T("Take away a restriction to see the others."),
			Action: views.Action{Label: p.L.T("All guides"), URL: s.links.Guides()},
		}}
		var categories []string
		for _, g := range book.Guides {
			categories = append(categories, g.Category)
			if has(g, tag) && (lens == "" || slices.Contains(g.Lens, lens)) {
				v.Guides = append(v.Guides, s.guideRow(g, tx.Time()))
			}
		}
		v.Tags = filterLinks(p.L, slices.Compact(categories), tag, func(t string) string { return s.links.GuidesOf(t, lens) })
		v.Lenses = filterLinks(p.L, handbook.Lenses(), lens, func(l string) string { return s.links.GuidesOf(tag, l) })
		for _, set := range book.Sets {
			v.Sets = append(v.Sets, views.SetRow{ID: set.ID, Title: set.Title, Summary: set.Summary, Questions: len(s.live(set.Questions()))})
		}
		return views.Guides(p, v), nil
	})
}

// has reports whether a guide has a tag: its category, one of its topics or one of its concepts.
func has(g handbook.Guide, tag string) bool {
	return tag == "" || g.Category == tag || slices.Contains(g.Topics, tag) ||
		slices.ContainsFunc(g.Concepts, func(c handbook.Concept) bool { return c.ID == tag })
}

// filterLinks offers values, and all of them.
func filterLinks(l *locale.Language, values []string, now string, address func(string) string) []views.FilterLink {
	links := []views.FilterLink{{Label: l.T("All"), URL: address(""), On: now == ""}}
	for _, v := range values {
		links = append(links, views.FilterLink{Label: views.Label(l, v), URL: address(v), On: v == now})
	}
	return links
}

func (s *site) guideRow(g handbook.Guide, now time.Time) views.GuideRow {
	return views.GuideRow{
		ID: g.ID, Title: g.Title, Summary: g.Summary, Category: g.Category, Minutes: g.Minutes,
		Questions: len(s.covered(g.Covers)), Stale: g.Stale(now),
	}
}

// guide shows one guide.
func (s *site) guide(c Ctx) error {
	g, ok := s.book().Guide(c.Param("guide"))
	if !ok {
		return store.ErrNotFound
	}
	u := s.user(c)
	return s.view(c, http.StatusOK, "learn", g.Title, func(tx *store.Tx, p views.Page) (templ.Component, error) {
		last, err := tx.LastScores(u.ID)
		if err != nil {
			return nil, err
		}
		p.Description = g.Summary
		v, err := s.guideView(p.L, g, tx.Time(), last)
		return views.Guide(p, v), err
	})
}

func (s *site) guideView(l *locale.Language, g handbook.Guide, now time.Time, last map[int64]int64) (v views.GuideView, err error) {
	v = views.GuideView{
		Guide: s.guideRow(g, now), Updated: l.Date(g.Updated, locale.Long), Concepts: s.concepts(g),
		Intro: s.guideParts(l, g.Intro, last), FAQData: faqData(g.FAQ),
	}
	if l.Tag != "en" {
		v.Lang = "en"
	}
	for _, section := range g.Sections {
		part := views.GuideSection{ID: section.ID, Title: section.Title, Parts: s.guideParts(l, section.Parts, last)}
		if part.IsAsked = section.ID == handbook.QuestionsID; part.IsAsked {
			if part.Asked, err = s.askedRows(g); err != nil {
				return v, err
			}
		}
		v.Sections = append(v.Sections, part)
	}
	for _, f := range g.FAQ {
		v.FAQ = append(v.FAQ, views.FAQRow{Question: f.Question, HTML: s.prose(f.HTML)})
	}
	for _, id := range g.Related {
		if other, ok := s.book().Guide(id); ok {
			v.Related = append(v.Related, s.guideRow(other, now))
		}
	}
	return v, nil
}

func (s *site) concepts(g handbook.Guide) []views.ConceptRow {
	var rows []views.ConceptRow
	for _, c := range g.Concepts {
		alone := handbook.Guide{Topics: g.Topics, Concepts: []handbook.Concept{c}}
		rows = append(rows, views.ConceptRow{
			ID: c.ID, Meaning: c.Meaning, Questions: len(s.covered(alone.Covers)), URL: s.links.NewQuizFrom(g.Topics, []string{c.ID}, 0),
		})
	}
	return rows
}

func (s *site) guideParts(l *locale.Language, parts []handbook.Part, last map[int64]int64) []views.GuidePart {
	var out []views.GuidePart
	for _, part := range parts {
		switch {
		case part.Practise != nil:
			if found := s.covered(part.Practise.Matches); len(found) > 0 {
				out = append(out, views.GuidePart{Practise: s.practise(l, *part.Practise, len(found))})
			}
		case part.Check != "":
			if e, ok := s.catalog().Listed(part.Check); ok {
				out = append(out, views.GuidePart{Check: []views.QuestionRow{s.questionRow(e, last)}})
			}
		default:
			out = append(out, views.GuidePart{Heading: part.Heading, HTML: s.prose(part.HTML)})
		}
	}
	return out
}

// practise leads to a quiz on what was just read, and says how much there is.
func (s *site) practise(l *locale.Language, p handbook.Practise, found int) views.Action {
	return views.Action{
		Label: l.F("Practise this: %d of %d", min(p.Count, found), found),
		URL:   s.links.NewQuizFrom(p.Topics, p.Tags, min(p.Count, found)),
	}
}

// askedRows returns the interview questions on the concepts of a guide.
func (s *site) askedRows(g handbook.Guide) (rows []views.AskedRow, err error) {
	for _, listed := range s.covered(g.Covers) {
		if !listed.Strong {
			continue
		}
		e, err := s.catalog().Whole(listed)
		if err != nil {
			return nil, err
		}
		rows = append(rows, views.AskedRow{
			ID: e.Question.ID, Title: s.html(e.Title), Why: s.html(e.WhyAsked), Strong: s.html(e.StrongAnswer),
			Difficulty: string(e.Difficulty), Level: string(e.Level),
		})
	}
	return rows, nil
}

// faqData says to search engines what the page says to people: schema.org's FAQPage.
func faqData(answers []handbook.Answer) any {
	type thing map[string]any
	var questions []thing
	for _, a := range answers {
		questions = append(questions, thing{
			"@type": "Question", "name": a.Question, "acceptedAnswer": thing{"@type": "Answer", "text": a.Text},
		})
	}
	return thing{"@context": "https://schema.org", "@type": "FAQPage", "mainEntity": questions}
}

// reference shows all topics on one sheet.
func (s *site) reference(c Ctx) error {
	return s.view(c, http.StatusOK, "learn", said("Quick reference"), func(tx *store.Tx, p views.Page) (templ.Component, error) {
		p.Description = p.L.T("What each topic is about, on one page to print.")
		var rows []views.ReferenceRow
		topics := s.catalog().Topics
		spread := tagSpread(topics)
		for _, t := range topics {
			row := views.ReferenceRow{Topic: t.Title, TopicURL: s.links.Topic(t.Slug), Concepts: keyConcepts(t.Questions, spread, len(topics))}
			if g, ok := s.guideOf(t.Slug); ok {
				row.Guide = s.guideRow(g, tx.Time())
			}
			rows = append(rows, row)
		}
		return views.Reference(p, rows), nil
	})
}

// guideOf returns the guide with a topic's id, or else the first that prepares for the topic.
func (s *site) guideOf(topic string) (handbook.Guide, bool) {
	if g, ok := s.book().Guide(topic); ok {
		return g, true
	}
	for _, g := range s.book().Guides {
		if slices.Contains(g.Topics, topic) {
			return g, true
		}
	}
	return handbook.Guide{}, false
}

// referenceTags is how many concepts a row of the sheet names.
const referenceTags = 6

// keyConcepts returns the tags that most questions of a topic have. A tag of all of them says nothing, and one that a third
// of all topics share says how something is asked, not what.
func keyConcepts(entries []store.Listed, spread map[string]int, topics int) []string {
	n := tagCounts(entries)
	var tags []string
	for _, tag := range slices.Sorted(maps.Keys(n)) {
		if n[tag] < len(entries) && (topics < 3 || 3*spread[tag] <= topics) {
			tags = append(tags, tag)
		}
	}
	slices.SortStableFunc(tags, func(a, b string) int { return cmp.Compare(n[b], n[a]) })
	return tags[:min(len(tags), referenceTags)]
}

// tagSpread counts in how many topics each tag occurs.
func tagSpread(topics []store.CatalogTopic) map[string]int {
	spread := map[string]int{}
	for _, t := range topics {
		for tag := range tagCounts(t.Questions) {
			spread[tag]++
		}
	}
	return spread
}

func tagCounts(entries []store.Listed) map[string]int {
	n := map[string]int{}
	for _, e := range entries {
		for _, tag := range e.Tags {
			n[tag]++
		}
	}
	return n
}
