package views

import (
	"strconv"
	"strings"

	"github.com/a-h/templ"
)

// What stands here is the question page, but for what most questions do not have.

// QuizItemView is a question of an attempt that waits for its response.
type QuizItemView struct {
	QuizFrame
	Question Question
	Form     AnswerForm
	Kept     KeptView
}

// QuizItem is the question page.
func QuizItem(p Page, v QuizItemView) templ.Component {
	return hand(func(w *pen) {
		w.page(&p, func(w *pen) {
			w.quizHead(p.Links, &v.QuizFrame)
			w.raw(` <article class="Question"`)
			if v.Question.Lang != "" {
				w.raw(` lang="`)
				w.text(v.Question.Lang)
				w.raw(`"`)
			}
			w.raw(`>`)
			w.labelRow(p.Links, v.Question.Labels)
			w.raws(`<h1 class="Stem-title">`, v.Question.Title, `</h1>`)
			if v.Question.Stem != "" {
				w.raws(`<div class="Stem Prose">`, v.Question.Stem, `</div>`)
			}
			w.questionForm(&v.Question, &v.Form)
			w.raw(`</article>`)
			w.kept(p.Links, &v.Kept)
			w.raw(` `)
			w.quizFoot(p.Links, &v.QuizFrame)
		})
	})
}

func quizHead(l Links, f QuizFrame) templ.Component {
	return hand(func(w *pen) { w.quizHead(l, &f) })
}

// quizHead shows where in the attempt one is, and the time left.
func (w *pen) quizHead(l Links, f *QuizFrame) {
	if f.Single {
		return
	}
	w.raw(`<div class="QuizHead"><p class="QuizHead-place">`)
	w.F("Question %d of %d", f.Position, f.Total)
	w.raw(`</p>`)
	if f.Exam && !f.Finished {
		w.raw(`<p class="QuizHead-note">`)
		w.T("Verdicts come at the end")
		w.raw(`</p>`)
	}
	if f.Deadline > 0 && !f.Finished {
		w.component(timer(f.Deadline, f.Now, f.Left, f.Unseen, l.QuizResult(f.Attempt)))
	}
	w.raw(`<progress class="QuizHead-bar" value="`)
	w.num(f.Done)
	w.raw(`" max="`)
	w.num(f.Total)
	w.raw(`" aria-label="`)
	w.T("Questions done")
	w.raw(`">`)
	w.F("%d of %d", f.Done, f.Total)
	w.raw(`</progress></div>`)
}

// LabelRow shows topic, level and difficulty.
func LabelRow(l Links, v Labels) templ.Component {
	return hand(func(w *pen) { w.labelRow(l, v) })
}

func (w *pen) labelRow(l Links, v Labels) {
	w.raw(`<p class="Labels Dots">`)
	if v.Topic != "" && v.TopicID != "" {
		w.raws(`<a href="`, l.Topic(v.TopicID), `">`)
		w.text(v.Topic)
		w.raw(`</a> `)
	} else if v.Topic != "" {
		w.raw(`<span>`)
		w.text(v.Topic)
		w.raw(`</span> `)
	}
	if v.Level != "" {
		w.raw(`<span>`)
		w.text(Label(w.l, v.Level))
		w.raw(`</span> `)
	}
	if v.Difficulty != "" {
		w.raw(`<span>`)
		w.text(Label(w.l, v.Difficulty))
		w.raw(`</span>`)
	}
	w.raw(`</p>`)
}

// QuestionForm is the form that answers a question, the same on every page.
func QuestionForm(q Question, f AnswerForm) templ.Component {
	return hand(func(w *pen) { w.questionForm(&q, &f) })
}

func (w *pen) questionForm(q *Question, f *AnswerForm) {
	w.raws(`<form class="Answer js-answer js-once" id="answer" method="post" action="`, f.Action, `" autocomplete="off">`)
	if f.Token != "" {
		w.raw(`<input type="hidden" name="token" value="`)
		w.text(f.Token)
		w.raw(`"> `)
	}
	w.raw(`<input class="js-zone" type="hidden" name="zone" value="`)
	w.text(f.Zone)
	w.raw(`"> `)
	if f.Problem != "" {
		w.component(answerProblem(f.Problem))
	}
	w.control(q, f)
	if len(q.Hints) > 0 {
		w.raw(`<div class="Hints">`)
		w.hints(q.Hints)
		w.raw(`</div>`)
	}
	if len(f.Confidence) > 0 {
		w.component(confidence(f.Confidence))
	}
	w.answerButtons(q, f)
	w.raw(`</form>`)
}

// control is what a question is answered with.
func (w *pen) control(q *Question, f *AnswerForm) {
	switch q.Kind {
	case "single":
		w.choices(q, "radio", w.l.T("Choose one answer"), f.answerProblem())
	case "multiple":
		w.choices(q, "checkbox", w.l.T("Choose every right answer"), f.answerProblem())
	default:
		w.component(control(*q, *f))
	}
}

func (w *pen) choices(q *Question, input, legend, problem string) {
	w.raws(`<fieldset class="Choices" data-input="`, input, `"`)
	if q.Pair() {
		w.raw(` data-pair`)
	}
	if problem != "" {
		w.raws(` aria-describedby="`, problem, `"`)
	}
	w.raw(`><legend class="Legend">`)
	w.text(legend)
	w.raw(`</legend><div class="Choices-list">`)
	for i := range q.Choices {
		w.choice(input, i, &q.Choices[i])
	}
	w.raw(`</div></fieldset>`)
}

// choice is a choice to pick. Input is radio or checkbox, i its place from 0.
func (w *pen) choice(input string, i int, c *Choice) {
	w.raws(`<label class="Choice"><input type="`, input, `" name="choice" value="`)
	w.text(c.ID)
	w.raw(`"`)
	if c.Checked {
		w.raw(` checked`)
	}
	if input == "radio" {
		w.raw(` required`)
	}
	w.raws(` aria-keyshortcuts="`, shortcuts(i), `"> <span class="Choice-letter" aria-hidden="true">`, letter(i),
		`</span> <span class="Choice-text Prose">`, c.HTML, `</span></label>`)
}

// hints shows hints one after the other: the next one comes up inside the one before it.
func (w *pen) hints(all []string) {
	for i, hint := range all {
		w.raw(`<details class="Hint"><summary>`)
		if i == 0 {
			w.T("Show a hint")
		} else {
			w.T("Another hint")
		}
		w.raws(`</summary><div class="Prose">`, hint, `</div>`)
	}
	w.raw(strings.Repeat(`</details>`, len(all)))
}

func (w *pen) answerButtons(q *Question, f *AnswerForm) {
	w.raw(`<div class="Actions"><button class="Button js-submit" data-look="primary" aria-keyshortcuts="Enter">`)
	w.text(q.submit(w.l, f))
	w.raw(` <kbd>↵</kbd></button> `)
	if q.Exercise != nil {
		w.component(runButton(*q.Exercise))
	}
	if f.SkipAction != "" {
		w.raws(`<button class="Button js-skip" data-look="quiet" formaction="`, f.SkipAction, `" formnovalidate aria-keyshortcuts="S">`)
		w.text(f.skip(w.l))
		w.raw(` <kbd>S</kbd></button> `)
	}
	if f.AskUnsure {
		w.raw(`<label class="Unsure"><input type="checkbox" name="unsure" value="1"`)
		if f.Unsure {
			w.raw(` checked`)
		}
		w.raw(`> `)
		w.T("I’m not sure")
		w.raw(`</label>`)
	}
	w.raw(`</div>`)
	if q.Exercise != nil {
		w.raw(`<p class="Field-note">`)
		w.T("It runs on the rows above, without being marked.")
		w.raw(`</p>`)
	}
}

// Kept shows what a candidate keeps with a question, and lets them change it.
func Kept(l Links, v KeptView) templ.Component {
	return hand(func(w *pen) { w.kept(l, &v) })
}

func (w *pen) kept(l Links, v *KeptView) {
	if v.Question == "" {
		if v.NoteHTML != "" {
			w.component(note(*v))
		}
		return
	}
	w.raw(`<section class="Kept" id="kept" aria-label="`)
	w.T("Your bookmark, note and reports")
	w.raw(`">`)
	if !v.MarkOnly {
		w.component(noteAndReports(*v))
	}
	w.raw(`<div class="Kept-row">`)
	w.bookmark(l, v)
	if !v.MarkOnly {
		w.component(noteForm(l, *v))
		w.raw(` `)
		w.component(reportForm(l, *v))
	}
	w.raw(`</div></section>`)
}

func (w *pen) bookmark(l Links, v *KeptView) {
	w.raws(`<form class="Inline js-once js-bookmark" method="post" action="`, l.Bookmark(v.Question), `"><input type="hidden" name="back" value="`)
	w.text(v.Back)
	w.raws(`"> <input class="js-zone" type="hidden" name="zone" value=""><input type="hidden" name="on" value="`, yesNo(!v.Bookmarked),
		`"> <button class="Button Kept-mark js-mark" data-look="quiet" data-size="small" aria-pressed="`, strconv.FormatBool(v.Bookmarked),
		`" aria-keyshortcuts="M"><svg class="Icon" viewBox="0 0 16 16" aria-hidden="true"><path d="M4.5 2.5h7v11L8 10.7l-3.5 2.8z"></path></svg>`)
	w.T("Bookmark")
	w.raw(` <kbd>M</kbd></button></form>`)
}

func quizFoot(l Links, f QuizFrame) templ.Component {
	return hand(func(w *pen) { w.quizFoot(l, &f) })
}

// quizFoot leads to the other questions of the attempt and to its end.
func (w *pen) quizFoot(l Links, f *QuizFrame) {
	if f.Single {
		return
	}
	w.raw(`<nav class="QuizFoot" aria-label="`)
	w.T("Questions of this quiz")
	w.raw(`"><ol class="Map">`)
	address, label := l.Quiz(f.Attempt)+"/", ""
	for i := range f.Map {
		if i == 0 || f.Map[i].State != f.Map[i-1].State {
			label = escape(f.Map[i].label(w.l))
		}
		w.dot(address, &f.Map[i], label)
	}
	w.raw(`</ol><div class="QuizFoot-row">`)
	if f.Previous > 0 {
		w.raws(`<a class="js-previous" href="`, address)
		w.num(f.Previous)
		w.raw(`" rel="prev">`)
		w.T("← Previous")
		w.raw(`</a> `)
	}
	if f.Next > 0 {
		w.raws(`<a href="`, address)
		w.num(f.Next)
		w.raw(`" rel="next">`)
		w.T("Next →")
		w.raw(`</a> `)
	}
	if f.Finished {
		w.raws(`<a class="QuizFoot-end" href="`, l.QuizResult(f.Attempt), `">`)
		w.T("Back to the result")
		w.raw(`</a>`)
	} else {
		w.finish(l, f)
	}
	w.raw(`</div></nav>`)
}

// dot is a question in the map of an attempt. Its label is HTML.
func (w *pen) dot(address string, d *MapDot, label string) {
	w.raws(`<li><a href="`, address)
	w.num(d.Position)
	if d.State != "" {
		w.raws(`" data-state="`, d.State)
	}
	if d.Current {
		w.raw(`" aria-current="step`)
	}
	w.raw(`"><span>`)
	w.num(d.Position)
	w.raws(`</span><span class="u-hidden">, `, label, `</span></a></li>`)
}

// finish ends the attempt, after having said what comes of it.
func (w *pen) finish(l Links, f *QuizFrame) {
	w.raw(`<details class="Finish QuizFoot-end"><summary>`)
	w.T("Finish…")
	w.raws(`</summary><form class="js-once" method="post" action="`, l.FinishQuiz(f.Attempt), `"><p>`)
	if f.Unanswered > 0 {
		w.N(f.Unanswered, "%d question has no answer yet.", "%d questions have no answer yet.")
		w.raw(` `)
	}
	if f.Exam {
		w.T("The verdicts come now, and nothing can be changed afterwards.")
	} else {
		w.T("What has no answer counts as not right.")
	}
	w.raw(`</p><button class="Button" data-look="secondary">`)
	w.T("Finish the quiz")
	w.raw(`</button></form></details>`)
}
