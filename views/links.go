// Package views holds the pages of the site as templ components. A component takes plain structs, with every number
// counted and every date written, and decides nothing but how they look. Raw HTML enters through Prose alone.
package views

import (
	"net/url"
	"strconv"
)

// Links builds every address of the site. Base is the path under which the site is served: "" or, for example,
// "/practice", without a slash at its end.
type Links struct{ Base string }

// Home is the start page, or today's page of somebody who has been here before.
func (l Links) Home() string { return l.Base + "/" }

// Arrange takes which parts of today's page are shown (POST).
func (l Links) Arrange() string { return l.Base + "/today" }

// Five starts a session of five minutes (POST).
func (l Links) Five() string { return l.Base + "/five" }

// Topics lists the topics.
func (l Links) Topics() string { return l.Base + "/topics" }

// Topic shows one topic.
func (l Links) Topic(id string) string { return l.Base + "/topics/" + url.PathEscape(id) }

// Questions lists all questions.
func (l Links) Questions() string { return l.Base + "/questions" }

// QuestionsFor lists the questions that values look for.
func (l Links) QuestionsFor(values url.Values) string { return with(l.Questions(), values) }

// QuestionsTagged lists the questions with a tag.
func (l Links) QuestionsTagged(tag string) string {
	return l.QuestionsFor(url.Values{"tag": {tag}})
}

// QuizFor makes a quiz of the questions that values look for (POST).
func (l Links) QuizFor(values url.Values) string { return with(l.Questions()+"/quiz", values) }

// PrintFor shows the questions that values look for as they are printed.
func (l Links) PrintFor(values url.Values) string { return with(l.Questions()+"/print", values) }

// with adds values to an address.
func with(address string, values url.Values) string {
	if query := values.Encode(); query != "" {
		return address + "?" + query
	}
	return address
}

// Question shows one question.
func (l Links) Question(id string) string { return l.Base + "/questions/" + url.PathEscape(id) }

// AnswerQuestion takes a response given outside an attempt (POST).
func (l Links) AnswerQuestion(id string) string { return l.Question(id) + "/responses" }

// NewQuiz is the form for a new quiz.
func (l Links) NewQuiz() string { return l.Base + "/quizzes/new" }

// NewQuizOn is the form for a new quiz with one topic chosen.
func (l Links) NewQuizOn(topic string) string {
	return l.Base + "/quizzes/new?topic=" + url.QueryEscape(topic)
}

// StartQuiz makes a quiz (POST).
func (l Links) StartQuiz() string { return l.Base + "/quizzes" }

// RunQuestion runs the statement of a question answered by SQL, without recording it (POST).
func (l Links) RunQuestion(question string) string { return l.Question(question) + "/run" }

// Quiz leads to where an attempt was left.
func (l Links) Quiz(attempt string) string { return l.Base + "/quizzes/" + url.PathEscape(attempt) }

// QuizItem shows one question of an attempt, counted from 1; a POST to it records the response.
func (l Links) QuizItem(attempt string, position int) string {
	return l.Base + "/quizzes/" + url.PathEscape(attempt) + "/" + strconv.Itoa(position)
}

// SkipItem passes over a question (POST).
func (l Links) SkipItem(attempt string, position int) string {
	return l.QuizItem(attempt, position) + "/skip"
}

// RunItem runs the statement of a question answered by SQL, without recording it (POST).
func (l Links) RunItem(attempt string, position int) string {
	return l.QuizItem(attempt, position) + "/run"
}

// MarkItem takes the marks that a candidate gives an open answer (POST).
func (l Links) MarkItem(attempt string, position int) string {
	return l.QuizItem(attempt, position) + "/marks"
}

// FinishQuiz ends an attempt (POST).
func (l Links) FinishQuiz(attempt string) string { return l.Quiz(attempt) + "/finish" }

// QuizResult shows how an attempt went.
func (l Links) QuizResult(attempt string) string { return l.Quiz(attempt) + "/result" }

// PrintQuiz shows the questions of an attempt to be printed.
func (l Links) PrintQuiz(attempt string) string { return l.Quiz(attempt) + "/print" }

// RepeatMistakes makes a quiz from what was not right in an attempt (POST).
func (l Links) RepeatMistakes(attempt string) string { return l.Quiz(attempt) + "/repeat" }

// Cards is the start page of the cards.
func (l Links) Cards() string { return l.Base + "/cards" }

// NextCard shows the front of the next card due.
func (l Links) NextCard() string { return l.Base + "/cards/next" }

// TopicCards names the session of the cards of one topic.
func TopicCards(topic string) string { return "topic=" + url.QueryEscape(topic) }

// NextCardOf shows the front of the next card of a session, which is named by a query; "" is all that is due.
func (l Links) NextCardOf(set string) string {
	if set == "" {
		return l.NextCard()
	}
	return l.NextCard() + "?" + set
}

// CardFront shows the front of one card in a session.
func (l Links) CardFront(key, set string) string {
	if set == "" {
		return l.NextCard() + "?card=" + url.QueryEscape(key)
	}
	return l.NextCardOf(set) + "&card=" + url.QueryEscape(key)
}

// Card shows the back of a card.
func (l Links) Card(key string) string { return l.Base + "/cards/" + url.PathEscape(key) }

// CardOf shows the back of a card in a session.
func (l Links) CardOf(key, set string) string {
	if set == "" {
		return l.Card(key)
	}
	return l.Card(key) + "?" + set
}

// PutCardAside takes a card out of the sessions or brings it back (POST).
func (l Links) PutCardAside(key string) string { return l.Card(key) + "/aside" }

// SpreadCards spreads a backlog over some days (POST).
func (l Links) SpreadCards() string { return l.Cards() + "/spread" }

// CardSettings shows the settings of the cards; a POST to it saves them.
func (l Links) CardSettings() string { return l.Cards() + "/settings" }

// GradeCard takes the rating of a card (POST).
func (l Links) GradeCard(key string) string { return l.Card(key) + "/grade" }

// UndoGrade takes back the last rating (POST).
func (l Links) UndoGrade() string { return l.Base + "/cards/undo" }

// Manifest describes the site as an app to install.
func (l Links) Manifest() string { return l.Base + "/manifest.webmanifest" }

// Worker is the script of the service worker. It rules what lies below its own address.
func (l Links) Worker() string { return l.Base + "/sw.js" }

// Offline is what is shown when there is no connection and nothing is kept.
func (l Links) Offline() string { return l.Base + "/offline" }

// Progress shows what the candidate knows.
func (l Links) Progress() string { return l.Base + "/progress" }

// ProgressPage shows one page of the attempts, counted from 1.
func (l Links) ProgressPage(page int) string {
	return l.Progress() + "?page=" + strconv.Itoa(page)
}

// Bookmark marks a question, or takes the mark away (POST).
func (l Links) Bookmark(question string) string { return l.Question(question) + "/bookmark" }

// Note takes what the candidate writes down about a question (POST).
func (l Links) Note(question string) string { return l.Question(question) + "/note" }

// Report takes what is wrong with a question (POST).
func (l Links) Report(question string) string { return l.Question(question) + "/reports" }

// ReadReports notes that the candidate has read what the authors answered (POST).
func (l Links) ReadReports() string { return l.Base + "/reports/read" }

// Errata lists the corrections of questions.
func (l Links) Errata() string { return l.Base + "/errata" }

// ReadErrata notes that the candidate has read what was corrected (POST).
func (l Links) ReadErrata() string { return l.Errata() + "/read" }

// Settings shows the settings; a POST to it saves them.
func (l Links) Settings() string { return l.Base + "/settings" }

// Data shows what is kept of a candidate.
func (l Links) Data() string { return l.Settings() + "/data" }

// Export is everything of a candidate, as json or zip.
func (l Links) Export(format string) string { return l.Settings() + "/export." + format }

// Import takes in an export (POST).
func (l Links) Import() string { return l.Settings() + "/import" }

// Erase deletes everything of a candidate (POST).
func (l Links) Erase() string { return l.Settings() + "/erase" }

// Guides lists the guides.
func (l Links) Guides() string { return l.Base + "/guides" }

// GuidesOf lists the guides of a tag and a lens, each of which may be empty.
func (l Links) GuidesOf(tag, lens string) string {
	query := url.Values{}
	for key, value := range map[string]string{"tag": tag, "lens": lens} {
		if value != "" {
			query.Set(key, value)
		}
	}
	if len(query) == 0 {
		return l.Guides()
	}
	return l.Guides() + "?" + query.Encode()
}

// Guide shows one guide.
func (l Links) Guide(id string) string { return l.Guides() + "/" + url.PathEscape(id) }

// Roles lists the roles.
func (l Links) Roles() string { return l.Base + "/roles" }

// Role shows one role.
func (l Links) Role(id string) string { return l.Roles() + "/" + url.PathEscape(id) }

// RoleDescription is a role as a job description in Markdown.
func (l Links) RoleDescription(id string) string { return l.Role(id) + "/description.md" }

// CompareRoles sets two roles side by side, each of which may be empty.
func (l Links) CompareRoles(a, b string) string {
	values := url.Values{}
	if a != "" {
		values.Set("a", a)
	}
	if b != "" {
		values.Set("b", b)
	}
	return with(l.Roles()+"/compare", values)
}

// Plans lists the plans.
func (l Links) Plans() string { return l.Base + "/plans" }

// Plan shows one plan.
func (l Links) Plan(id string) string { return l.Plans() + "/" + url.PathEscape(id) }

// Reference is the sheet of all topics.
func (l Links) Reference() string { return l.Base + "/reference" }

// Set shows a set of questions.
func (l Links) Set(id string) string { return l.Base + "/sets/" + url.PathEscape(id) }

// NewQuizFrom is the form for a new quiz with topics, tags and a number chosen.
func (l Links) NewQuizFrom(topics, tags []string, count int) string {
	query := url.Values{"topic": topics, "tag": tags}
	if count > 0 {
		query.Set("count", strconv.Itoa(count))
	}
	return l.NewQuizFor(query)
}

// NewQuizFor is the form for a new quiz with fields chosen by their names.
func (l Links) NewQuizFor(values url.Values) string { return with(l.NewQuiz(), values) }

// Assess is the way into the skill checks; a POST to it starts one.
func (l Links) Assess() string { return l.Base + "/assess" }

// Check leads to where a skill check was left.
func (l Links) Check(attempt string) string { return l.Assess() + "/" + url.PathEscape(attempt) }

// CheckItem shows the question at a position of a skill check, counted from 1; a POST to it records the response.
func (l Links) CheckItem(attempt string, position int) string {
	return l.Check(attempt) + "/" + strconv.Itoa(position)
}

// SkipCheckItem says that one does not know the answer (POST).
func (l Links) SkipCheckItem(attempt string, position int) string {
	return l.CheckItem(attempt, position) + "/skip"
}

// RunCheckItem runs the statement of a question answered by SQL, without recording it (POST).
func (l Links) RunCheckItem(attempt string, position int) string {
	return l.CheckItem(attempt, position) + "/run"
}

// ExtendCheck gives more time (POST).
func (l Links) ExtendCheck(attempt string) string { return l.Check(attempt) + "/more" }

// EndCheck ends a skill check early (POST).
func (l Links) EndCheck(attempt string) string { return l.Check(attempt) + "/end" }

// CheckResult shows what a skill check found.
func (l Links) CheckResult(attempt string) string { return l.Check(attempt) + "/result" }

// CheckLog is the log of a skill check that is over.
func (l Links) CheckLog(attempt string) string { return l.Check(attempt) + "/log.json" }
