package views

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/a-h/templ"
)

var out = flag.String("out", "", "directory for the sample pages; css, js and icons are copied beside them")

// sample is one page in one state.
type sample struct {
	name string
	page templ.Component
}

// sampleParts is what sample pages keep parts in; nil mostly.
var sampleParts *Parts

func samplePage(area, title string) Page {
	return Page{
		Parts:    sampleParts,
		Title:    title,
		Links:    Links{Base: "/practice"},
		Assets:   func(name string) string { return "static/" + name },
		Area:     area,
		DueCount: 12,
		License:  "CC BY 4.0",
	}
}

const hostile = `<script>alert("x")</script> & 'quotes'`

func hubView() HubView {
	v := HubView{
		Words: "midleware " + hostile, Total: 126, Found: 60, Read: "middleware", Literal: "/practice/questions?literal=1", Some: true, Candidate: true,
		Filters: []FilterGroup{{Name: "tag", Legend: "Tags", Note: "Some.", Options: []Option{{Value: "x", Label: hostile, Checked: true}}}},
		Chosen:  []Chip{{Label: hostile, URL: "/practice/questions"}},
		Clear:   "/practice/questions",
		Made: MadeOf{
			Quiz:  Action{Label: "Quiz of these", URL: "/practice/questions/quiz", Post: true},
			Cards: Action{Label: "Cards", URL: "/practice/cards/next"},
			Print: Action{Label: "Print", URL: "/practice/questions/print"},
		},
		Pager: Pager{Page: 2, Pages: 3, Newer: "/practice/questions", Older: "/practice/questions?page=3"},
	}
	for i, r := range questionRows() {
		row := HubRow{QuestionRow: r, Topic: "The Node.js event loop", Why: "Shows whether the order is understood."}
		if i == 0 {
			row.Snippet, row.Tags = "… a <mark>middleware</mark> that …", "<mark>middleware</mark>, order"
		}
		v.Rows = append(v.Rows, row)
	}
	return v
}

// kept is what somebody keeps with a question who reported it twice.
func kept() KeptView {
	return KeptView{
		Question: "loop-order", Back: "/practice/questions/loop-order", Bookmarked: true, Note: "Think of the **queues**.\n" + hostile,
		NoteHTML: "<p>Think of the <strong>queues</strong>.</p>",
		Kinds:    []Option{{Value: "wrong", Label: "The answer is wrong"}, {Value: "unclear", Label: "Unclear"}, {Value: "typo", Label: "Typing mistake"}},
		Reports: []ReportView{
			{"Typing mistake", "It says teh.\n" + hostile, "Sat 21 Nov", "2026-11-21", "", false},
			{"The answer is wrong", "Ticks come first.", "Thu 19 Nov", "2026-11-19", "They do: read once more.\n" + hostile, true},
		},
	}
}

func fence(lang, code string) string {
	return `<div class="Code"><span class="Code-lang">` + lang + `</span><pre tabindex="0"><code>` + code + `</code></pre></div>`
}

var (
	loopCode = fence("JavaScript", `<span class="nx">setTimeout</span><span class="p">(()</span> <span class="o">=&gt;</span> <span class="nx">console</span><span class="p">.</span><span class="nf">log</span><span class="p">(</span><span class="s1">&#39;timer&#39;</span><span class="p">),</span> <span class="mi">0</span><span class="p">);</span>
<span class="nb">Promise</span><span class="p">.</span><span class="nf">resolve</span><span class="p">().</span><span class="nf">then</span><span class="p">(()</span> <span class="o">=&gt;</span> <span class="nx">console</span><span class="p">.</span><span class="nf">log</span><span class="p">(</span><span class="s1">&#39;promise&#39;</span><span class="p">));</span>
<span class="nx">process</span><span class="p">.</span><span class="nf">nextTick</span><span class="p">(()</span> <span class="o">=&gt;</span> <span class="nx">console</span><span class="p">.</span><span class="nf">log</span><span class="p">(</span><span class="s1">&#39;tick&#39;</span><span class="p">));</span> <span class="c1">// before any promise reaction, always</span>
<span class="nx">console</span><span class="p">.</span><span class="nf">log</span><span class="p">(</span><span class="s1">&#39;main&#39;</span><span class="p">);</span>
`)
	sqlCode = fence("SQL", `<span class="k">SELECT</span> <span class="n">customer_id</span><span class="p">,</span> <span class="nb">sum</span><span class="p">(</span><span class="n">total</span><span class="p">)</span> <span class="k">AS</span> <span class="n">spent</span>
  <span class="k">FROM</span> <span class="n">orders</span>
 <span class="k">WHERE</span> <span class="n">placed_at</span> <span class="o">&gt;=</span> <span class="k">now</span><span class="p">()</span> <span class="o">-</span> <span class="nb">interval</span> <span class="s1">&#39;30 days&#39;</span>
 <span class="k">GROUP</span> <span class="k">BY</span> <span class="n">customer_id</span>
<span class="k">HAVING</span> <span class="nb">sum</span><span class="p">(</span><span class="n">total</span><span class="p">)</span> <span class="o">&gt;</span> <span class="mi">1000</span><span class="p">;</span>
`)
	shortCode = func(call string) string {
		return "<p>Use a stream</p>" + fence("JavaScript", `<span class="kd">const</span> <span class="nx">file</span> <span class="o">=</span> <span class="k">await</span> <span class="nx">fs</span><span class="p">.</span><span class="nf">`+call+`</span><span class="p">(</span><span class="nx">path</span><span class="p">,</span> <span class="p">{</span> <span class="nx">highWaterMark</span><span class="o">:</span> <span class="mi">65536</span><span class="p">,</span> <span class="nx">encoding</span><span class="o">:</span> <span class="s1">&#39;utf8&#39;</span> <span class="p">});</span>
`)
	}
	loopLabels = Labels{TopicID: "event-loop", Topic: "The Node.js event loop", Kind: "single", Level: "mid", Difficulty: "medium"}
	explained  = `<p>Node drains the <code>nextTick</code> queue first, then promise reactions, and only then enters the first phase of the loop. A timer with a delay of <code>0</code> is raised to 1&nbsp;ms and waits for the timers phase.</p><p>This matters in production: a promise chain that never ends keeps every timer and every socket waiting, which looks like a hung process with a busy CPU.</p>`
	references = `<ul><li><a href="https://nodejs.org/en/learn/asynchronous-work/understanding-processnexttick">Understanding process.nextTick()</a></li><li><a href="https://nodejs.org/en/learn/asynchronous-work/event-loop-timers-and-nexttick">The Node.js event loop</a></li></ul>`
)

func singleQuestion() Question {
	return Question{
		ID: "loop-first-after-script", Kind: "single",
		Title:  `What runs first once the main script has finished?`,
		Stem:   `<p>The program below is the whole CommonJS module. Nothing else runs in the process.</p>` + loopCode,
		Labels: loopLabels,
		Choices: []Choice{
			{ID: "1", HTML: `<p>The timer, since its delay is <code>0</code></p>`},
			{ID: "2", HTML: `<p>The callback given to <code>process.nextTick</code></p>`},
			{ID: "3", HTML: `<p>The promise reaction, as all microtasks run before anything else</p>`},
			{ID: "4", HTML: `<p>It depends on how long the main script took</p>`},
		},
		Hints: []string{`<p>Which queue does Node look at before it enters any phase?</p>`, `<p>Its name starts with <code>next</code>.</p>`},
	}
}

func answerForm() AnswerForm {
	return AnswerForm{Action: "/practice/quizzes/q7f3/3", SkipAction: "/practice/quizzes/q7f3/3/skip", AskUnsure: true}
}

func frame() QuizFrame {
	states := []string{"right", "wrong", "", "skipped", "partial", "open", "", "", "", ""}
	f := QuizFrame{Attempt: "q7f3", Position: 3, Total: 10, Done: 5, Unanswered: 6, Previous: 2, Next: 4}
	for i, s := range states {
		f.Map = append(f.Map, MapDot{Position: i + 1, State: s, Current: i == 2})
	}
	return f
}

func examFrame() QuizFrame {
	f := frame()
	f.Exam = true
	f.Deadline, f.Now, f.Left = 1795000900000, 1795000000000, "15:00"
	for i := range f.Map {
		if f.Map[i].State != "" && f.Map[i].State != "skipped" {
			f.Map[i].State = "answered"
		}
	}
	return f
}

func topicRows() []TopicRow {
	return []TopicRow{
		{ID: "event-loop", Title: "The Node.js event loop", Description: "Phases, microtasks and the things that block the loop.", Total: 40, Seen: 12, Due: 5, Mix: []Count{{"junior", 8}, {"mid", 24}, {"senior", 8}}},
		{ID: "sql", Title: "SQL and relational modelling", Description: "Joins, indexes, isolation levels, and reading a query plan.", Total: 36, Seen: 36, Mix: []Count{{"mid", 30}, {"senior", 6}}},
		{ID: "security", Title: "Web security for back ends", Description: "Sessions, tokens, injection, and what a browser enforces for you.", Total: 28, Mix: []Count{{"junior", 4}, {"mid", 24}}},
		{ID: "system-design", Title: "System design, with a name that is a good deal longer than anybody would like it to be", Description: "Queues, caches, consistency, and what breaks first.", Total: 22, Seen: 1, Due: 1},
	}
}

func questionRows() []QuestionRow {
	return []QuestionRow{
		{"loop-first-after-script", "What runs first once the main script has finished?", "single", "mid", "easy", "right"},
		{"loop-blocking-calls", "Which of these calls block the event loop?", "multiple", "mid", "medium", "wrong"},
		{"output-nexttick", "What does this program print when <code>process.nextTick</code> is called inside a promise reaction?", "output", "mid", "medium", "partial"},
		{"cloze-check-phase", "The check phase", "cloze", "junior", "easy", ""},
		{"interview-latency", "An API’s p99 latency jumps once a minute. How do you tell whether the event loop is blocked?", "interview", "senior", "hard", "open"},
	}
}

func heat(weeks int) HeatMap {
	h := HeatMap{Title: "Answers by day", Summary: "214 answers on 41 days since " + fmt.Sprint(weeks) + " weeks ago, most on Tue 3 Nov (24)."}
	months := []string{"Dec", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov"}
	for w := range weeks {
		week := HeatWeek{}
		if w%4 == 1 && w+2 < weeks {
			week.Label = months[(w/4)%12]
		}
		for d := range 7 {
			if w == weeks-1 && d > 5 {
				break
			}
			count := (w*w*7 + d*d*13 + w*d) % 29
			if count > 24 || (w+d)%3 == 0 {
				count = 0
			}
			week.Days = append(week.Days, HeatDay{d, fmt.Sprintf("Tue %d Nov", d+1), count, (count + 5) / 6})
		}
		h.Weeks = append(h.Weeks, week)
	}
	h.Months = []Count{{"November 2026", 88}, {"October 2026", 126}}
	return h
}

func monthAhead() Columns {
	c := Columns{Title: "The next 30 days", Unit: "Cards", Summary: "9 cards due today, 142 in the next 30 days as planned now."}
	for i := range 30 {
		c.Columns = append(c.Columns, Count{"Sat 28 Nov", (i * 7) % 13})
	}
	return c
}

func forecast() Columns {
	return Columns{
		Title: "The next 7 days", Unit: "Cards",
		Summary: "47 cards come back in the next 7 days, most on Monday (14).",
		Columns: []Count{{"Sun", 4}, {"Mon", 14}, {"Tue", 9}, {"Wed", 0}, {"Thu", 7}, {"Fri", 12}, {"Sat", 1}},
	}
}

func modes(exam bool) []Option {
	return []Option{
		{"practice", "Practice", "The verdict and the reasons after each question.", !exam},
		{"exam", "Exam", "All verdicts at the end, as in an interview test.", exam},
	}
}

func newQuiz() NewQuizView {
	return NewQuizView{
		Quick: "10 questions from all topics, those you missed first",
		Topics: []Option{
			{"event-loop", "The Node.js event loop", "40", true},
			{"sql", "SQL and relational modelling", "36", false},
			{"security", "Web security for back ends", "28", false},
			{"system-design", "System design", "22", false},
		},
		Kinds:        []Option{{"single", "One choice", "61", true}, {"multiple", "Several choices", "22", true}, {"output", "Program output", "12", false}, {"cloze", "Fill in the gaps", "9", false}, {"interview", "Interview question", "14", false}},
		Levels:       []Option{{"junior", "Junior", "12", false}, {"mid", "Mid", "78", true}, {"senior", "Senior", "30", false}, {"staff", "Staff", "6", false}},
		Difficulties: []Option{{"easy", "Easy", "40", false}, {"medium", "Medium", "60", false}, {"hard", "Hard", "26", false}},
		Tags:         []Option{{"async", "async", "31", false}, {"microtasks", "microtasks", "9", false}, {"indexes", "indexes", "11", false}, {"http", "http", "17", false}},
		Count:        "10", Matching: 34, Modes: modes(false),
		Limits: []Option{{"none", "None", "", true}, {"10", "10 min", "", false}, {"20", "20 min", "", false}, {"30", "30 min", "", false}, {"custom", "Custom", "", false}},
	}
}

func samples() []sample {
	item := func(q Question, f QuizFrame, a AnswerForm) templ.Component {
		p := samplePage("quiz", "Question 3 of 10")
		p.NoIndex = true
		return QuizItem(p, QuizItemView{QuizFrame: f, Question: q, Form: a})
	}
	verdict := func(v VerdictView) templ.Component {
		if v.Attempt == "" {
			v.QuizFrame = frame()
		}
		if v.CardNote == "" && v.Outcome != "saved" {
			v.CardNote = "Comes back as a card on Tue 24 Nov."
		}
		return Verdict(samplePage("quiz", "Question 3 of 10"), v)
	}
	token := AnswerForm{Action: "/practice/questions/loop-first-after-script/responses", Token: "eyJxIjoibG9vcCJ9.c2ln"}

	typed := Question{ID: "listen-port-taken", Kind: "text", Title: "Which error code does <code>server.listen</code> report when the port is taken?", Labels: Labels{TopicID: "event-loop", Topic: "The Node.js event loop", Level: "junior", Difficulty: "easy"}, Text: hostile}
	number := Question{ID: "libuv-pool-size", Kind: "number", Title: "A request takes 20 ms of CPU. How many requests a second can one Node process serve at most?", Unit: "requests per second", Labels: loopLabels}
	output := Question{ID: "output", Kind: "output", Title: "What does this program print?", Stem: loopCode, Labels: loopLabels, Lines: 5}
	multiple := Question{
		ID: "loop-blocking-calls", Kind: "multiple", Title: "Which of these calls block the event loop?", Stem: "<p>Pick every call that keeps the JavaScript thread busy until it returns.</p>", Labels: loopLabels,
		Choices: []Choice{{ID: "1", HTML: "<p><code>crypto.pbkdf2Sync(...)</code></p>", Checked: true}, {ID: "2", HTML: "<p><code>JSON.parse</code> of a 50 MB string</p>", Checked: true}, {ID: "3", HTML: "<p><code>fs.readFile(path, cb)</code></p>"}, {ID: "4", HTML: shortCode("createReadStream")}, {ID: "5", HTML: shortCode("aFunctionWithQuiteAnUnreasonablyLongNameForOneLine")}},
	}
	pair := Question{ID: "immediate", Kind: "single", Title: "In an I/O callback, <code>setImmediate</code> always fires before <code>setTimeout(fn, 0)</code>.", Labels: loopLabels, Choices: []Choice{{ID: "1", HTML: "<p>True</p>"}, {ID: "2", HTML: "<p>False</p>"}}}
	order := Question{
		ID: "loop-phase-order", Kind: "order", Title: "Put the phases of one loop turn in order", Labels: loopLabels,
		Items: []Item{{"1", "<p>poll</p>", "1"}, {"2", "<p>close callbacks, such as <code>socket.on('close', …)</code></p>", "2"}, {"3", "<p>timers</p>", "3"}, {"4", "<p>check</p>", "4"}, {"5", "<p>pending callbacks</p>", "5"}},
	}
	match := Question{
		ID: "match-call", Kind: "match", Title: "Match each call to where its callback runs", Labels: loopLabels,
		Lefts:  []Item{{"1", "<code>setTimeout</code>", ""}, {"2", "<code>setImmediate</code>", "3"}, {"3", "<code>process.nextTick</code>", ""}, {"4", "<code>promise.then</code>", ""}},
		Rights: []Item{{"1", "the microtask queue", ""}, {"2", "the timers phase", ""}, {"3", "the check phase", ""}, {"4", "the <code>nextTick</code> queue", ""}, {"5", "a thread of the libuv pool", ""}},
	}
	cloze := Question{
		ID: "cloze-check-phase", Kind: "cloze", Title: "The check phase", Labels: loopLabels,
		Pieces: []Piece{{HTML: "<p>Callbacks given to "}, {Blank: true, Index: 0, Value: hostile}, {HTML: " run in the "}, {Blank: true, Index: 1}, {HTML: " phase, right after "}, {Blank: true, Index: 2, Hint: "waits for I/O"}, {HTML: ".</p>"}},
	}
	open := Question{
		ID: "interview-latency", Kind: "interview", Title: "An API’s p99 latency jumps once a minute. How do you tell whether the event loop is blocked?", Labels: Labels{TopicID: "event-loop", Topic: "The Node.js event loop", Level: "senior", Difficulty: "hard"},
		Stem: "<p>You have shell access to the hosts and the metrics of the last week.</p><div class=\"Table\" tabindex=\"0\"><table><thead><tr><th>Minute</th><th>p50</th><th>p99</th><th>CPU</th></tr></thead><tbody><tr><td>10:00</td><td>12 ms</td><td>1,840 ms</td><td>97 %</td></tr><tr><td>10:01</td><td>11 ms</td><td>38 ms</td><td>41 %</td></tr></tbody></table></div>",
	}
	problem := answerForm()
	problem.Problem = "Give every item a place of its own."
	exam := answerForm()
	exam.Submit = "Save answer"

	single := singleQuestion()
	checked := singleQuestion()
	checked.Choices[1].Checked = true
	marked := []MarkedChoice{
		{HTML: single.Choices[0].HTML, Why: "<p>Timers wait for the timers phase, and <code>0</code> is raised to 1 ms.</p>", Chosen: true},
		{HTML: single.Choices[1].HTML, Why: "<p>The <code>nextTick</code> queue is drained before the loop enters a phase.</p>", Right: true},
		{HTML: single.Choices[2].HTML, Why: "<p>Close: they come second, right after <code>nextTick</code>.</p>"},
		{HTML: single.Choices[3].HTML},
	}
	markedRight := append([]MarkedChoice{}, marked...)
	markedRight[0].Chosen, markedRight[1].Chosen = false, true
	lone := QuizFrame{Attempt: "q1", Position: 1, Total: 1, Single: true}
	last := frame()
	last.Next, last.Unanswered = 0, 0
	over := frame()
	over.Finished = true

	heavy := newQuiz()
	heavy.Count = "900"
	heavy.Topics[0].Checked = false
	heavy.Minutes = hostile
	heavy.Tags[1].Checked = true
	heavy.Problems = Problems{{"count", "Choose between 1 and 200 questions."}, {"minutes", "A time limit is a whole number of minutes from 1 to 600."}}

	face := CardFace{Key: "123-0", Labels: loopLabels, State: "Review", Left: 12, Title: "What is the difference between a microtask and a timer callback?", Undo: "41"}
	ratings := []Rating{{"again", "Again", "10 min", "1"}, {"hard", "Hard", "2 d", "2"}, {"good", "Good", "6 d", "3"}, {"easy", "Easy", "15 d", "4"}}
	choiceFace := face
	choiceFace.Title, choiceFace.Stem, choiceFace.State, choiceFace.Left = single.Title, single.Stem, "New", 1
	for _, c := range single.Choices {
		choiceFace.Choices = append(choiceFace.Choices, c.HTML)
	}
	clozeFace := face
	clozeFace.Title = "The check phase"
	clozeFace.Pieces = []CardPiece{{HTML: "<p>Callbacks given to "}, {Blank: true, Text: "setImmediate"}, {HTML: " run in the "}, {Blank: true, Asked: true, Text: "check"}, {HTML: " phase, right after "}, {Blank: true, Text: "poll"}, {HTML: ".</p>"}}

	firstVisit := StartView{Questions: 126, Question: single, Form: token, Topics: topicRows()}
	for i := range firstVisit.Topics {
		firstVisit.Topics[i].Seen, firstVisit.Topics[i].Due = 0, 0
	}
	stranger := samplePage("today", "")
	stranger.DueCount, stranger.Description = 0, "Practise backend interviews: quizzes and flashcards with reasons."

	flash := samplePage("settings", "Settings")
	flash.Flash = "Settings saved."
	settings := SettingsView{
		Zone: "Europe/Berlin", Zones: []string{"Africa/Cairo", "America/New_York", "Asia/Tokyo", "Europe/Berlin"},
		Rollover: []Option{{"3", "03:00", "", false}, {"4", "04:00", "", true}}, Cards: "10 new a day, recall of 90 %.",
		Fonts: []Option{{"usual", "Usual", "", true}, {"legible", "Larger and wider", "", false}}, Timers: []Option{{"shown", "Show the time left", "", true}, {"none", "No limits", "", false}},
		Themes: []Option{{"system", "Like the system", "", true}, {"light", "Light", "", false}, {"dark", "Dark", "", false}},
		Keys:   []Option{{"on", "On", "", true}, {"off", "Off", "", false}},
	}
	wrongSettings := settings
	deskPage := func() Page {
		p := samplePage("author", "Reports")
		p.Desk, p.NoIndex = true, true
		return p
	}
	keptFace, markFace := face, face
	keptFace.Kept = kept()
	markFace.Kept = KeptView{Question: "loop-order", Back: "/practice/cards/next?card=123-0", MarkOnly: true, Bookmarked: true}
	wrongKept := kept()
	wrongKept.Problems = Problems{{"note", "A note has room for 8 KiB. Shorten it."}, {"kind", "Choose what is wrong."}, {"report", "Say in a sentence what is wrong."}}
	wrongKept.Report = hostile
	wrongSettings.Zone = hostile
	wrongSettings.Problems = Problems{{"zone", "This time zone is not known. Try one such as Europe/Berlin."}, {"timers", "Choose one of these."}, {"rollover", "Choose an hour of the day."}}

	empty := EmptyView{Title: "Nothing here yet", Text: "After your first answers you see here what you know, topic by topic, and how it develops.", Action: Action{Label: "Start a quiz", URL: "/practice/quizzes", Post: true, Name: "quick", Value: "1"}}
	emptyCards := EmptyView{Title: "Your cards make themselves", Text: "Every question you answer becomes a card. What you miss comes back tomorrow, what you know comes back later.", Action: Action{Label: "Answer some questions", URL: "/practice/quizzes/new"}}

	return []sample{
		{"start", Start(stranger, firstVisit)},
		{"start-empty", Start(stranger, StartView{})},
		{"today", Today(samplePage("today", "Today"), TodayView{
			Date: "Saturday 21 November", DateTime: "2026-11-21", Due: 12, Minutes: 4, NewCards: 3, Quick: "10 questions, those you missed first",
			Continue: []OpenAttempt{{"q7f3", "The Node.js event loop", 3, 10, "Practice", ""}, {"q8a1", "SQL, security and 2 more", 18, 30, "Exam", "11 min"}},
			Weak:     []WeakTopic{{"sql", "SQL and relational modelling", "2 of the last 6 right"}, {"security", "Web security for back ends", "not seen for 3 weeks"}},
			Activity: heat(12), Streak: "You practised on 6 days in a row.",
		})},
		{"today-answers", Today(samplePage("today", "Today"), TodayView{Date: "Saturday 21 November", DateTime: "2026-11-21", Answers: AnswersView{Until: "7", Items: []AnsweredReport{
			{kept().Reports[1], single.Title, "loop-order"}, {kept().Reports[0], "A question that is not asked any more", ""},
		}}})},
		{"today-done", Today(samplePage("today", "Today"), TodayView{Date: "Saturday 21 November", DateTime: "2026-11-21", Quick: "10 questions, those you missed first", Tomorrow: "4 cards come back tomorrow."})},
		{"today-news", Today(samplePage("today", "Today"), TodayView{Date: "Saturday 21 November", DateTime: "2026-11-21", Quick: "10 questions, those you missed first", News: NewsView{Seq: "41", Items: []NewsItem{
			{"Which phase runs <code>setImmediate</code> callbacks?", "/practice/quizzes/q7f3/3", "Was not right, is right now.", "The key named the poll phase."},
			{"A question out of use", "", "Was right, is not right now.", hostile},
		}}})},
		{"errata", Errata(samplePage("", "Corrections"), ErrataView{Rows: []Erratum{
			{"loop-phase", "Which phase runs <code>setImmediate</code> callbacks?", "The key named the poll phase.", "3 Nov 2026", "2026-11-03", 12, false},
			{"", "A question out of use", hostile, "1 Nov 2026", "2026-11-01", 0, false},
			{"loop-order", "Put the phases in order", "Close callbacks come last.", "30 Oct 2026", "2026-10-30", 3, true},
		}})},
		{"errata-empty", Errata(samplePage("", "Corrections"), ErrataView{Empty: EmptyView{Title: "No corrections yet", Text: "Nothing was found wrong."}})},
		{"topics", Topics(samplePage("topics", "Topics"), TopicsView{Topics: topicRows()})},
		{"topics-empty", Topics(samplePage("topics", "Topics"), TopicsView{Empty: EmptyView{Title: "No topics yet", Text: "A topic is one Markdown file with questions."}})},
		{"topic", Topic(samplePage("topics", "The Node.js event loop"), TopicView{
			ID: "event-loop", Title: "The Node.js event loop", Description: "Phases, microtasks and the things that block the loop.",
			Intro: `<p>Read <a href="https://nodejs.org/en/learn">the guide</a> first; every snippet below is CommonJS and was run on Node 22 and 24.</p>`, Total: 40, Seen: 12, Right: 9, Mastered: 4, Due: 5,
			Kinds: []Count{{"one choice", 14}, {"several choices", 8}, {"program output", 9}, {"interview questions", 6}, {"put in order", 3}}, Levels: []Count{{"junior", 8}, {"mid", 24}, {"senior", 8}}, Questions: questionRows(),
		})},
		{"questions", Hub(samplePage("questions", "Questions"), hubView())},
		{"questions-empty", Hub(samplePage("questions", "Questions"), HubView{Empty: empty})},
		{"questions-none", Hub(samplePage("questions", "Questions"), HubView{Words: hostile, Total: 126, Empty: empty})},
		{"styleguide", Styleguide(samplePage("", "Styleguide"))},
		{"sheet", Sheet(samplePage("questions", "Questions to print"), SheetView{Title: "Mixed topics", Back: Action{Label: "Back to the list", URL: "/practice/questions"}, Note: "2 questions", Answers: true, Other: Action{Label: "Without the answers", URL: "/practice/questions/print"}, Items: []SheetItem{
			{Question: Question{Title: "Pick one", Lang: "de", Stem: "<p>Of these.</p>", Choices: []Choice{{HTML: "this"}, {HTML: "that"}}}, Answers: []string{"A this"}, Explanation: "<p>So.</p>"},
			{Question: Question{Title: "Match", Items: []Item{{HTML: "left"}}}, Rights: []string{"right"}, Lines: 2, Answers: []string{"x", "y"}, Answer: "<p>Long.</p>"},
		}})},
		{"question", QuestionPage(samplePage("questions", "What runs first?"), QuestionView{
			Question: single, Form: token, Tags: []string{"node", "microtasks"}, Next: "loop-blocking-calls",
			Kept: kept(), History: []HistoryRow{{"Thu 19 Nov", "2026-11-19", "right", "Quiz", "/practice/quizzes/q1/4"}, {"Mon 9 Nov", "2026-11-09", "wrong", "Cards", ""}},
		})},
		{"kept-problems", KeptPage(samplePage("questions", "What runs first?"), single.Title, wrongKept)},
		{"desk-reports", DeskReports(deskPage(), DeskReportsView{
			Desk: DeskLink{"Author", "/practice/author"}, Other: DeskLink{"3 closed reports", "/practice/author/reports?closed=1"}, Pager: Pager{Page: 1, Pages: 2, Older: "/practice/author/reports?page=2"},
			Rows: []DeskReport{
				{ReportView: kept().Reports[0], ID: "7", Question: DeskLink{single.Title, "/practice/author/questions/loop-order"}, Place: "questions/event-loop.md:120", Changed: true, Action: "/practice/author/reports/7", Typed: "Thank you."},
				{ReportView: kept().Reports[1], ID: "8", Question: DeskLink{"loop-gone", ""}, Place: "questions/event-loop.md:7", Action: "/practice/author/reports/8", Typed: hostile, Problem: "An answer has room for 2000 characters. Shorten it."},
			},
		})},
		{"desk-reports-empty", DeskReports(deskPage(), DeskReportsView{Desk: DeskLink{"Author", "/practice/author"}, Closed: true, Other: DeskLink{"0 open reports", "/practice/author/reports"}, Empty: "No report has been closed yet."})},
		{"new-quiz", NewQuiz(samplePage("quiz", "New quiz"), newQuiz())},
		{"new-quiz-problems", NewQuiz(samplePage("quiz", "New quiz"), heavy)},
		{"item-single", item(single, frame(), answerForm())},
		{"item-checked", item(checked, frame(), answerForm())},
		{"item-exam", item(single, examFrame(), exam)},
		{"item-pair", item(pair, frame(), answerForm())},
		{"item-multiple", item(multiple, frame(), answerForm())},
		{"item-text", item(typed, frame(), answerForm())},
		{"item-number", item(number, frame(), answerForm())},
		{"item-output", item(output, frame(), answerForm())},
		{"item-order", item(order, frame(), problem)},
		{"item-match", item(match, frame(), answerForm())},
		{"item-cloze", item(cloze, frame(), problem)},
		{"item-open", item(open, frame(), answerForm())},
		{"verdict-wrong", verdict(VerdictView{Question: single, Outcome: "wrong", Choices: marked, Explanation: explained, References: references, Kept: kept()})},
		{"verdict-right", verdict(VerdictView{Question: single, Outcome: "right", Unsure: true, Choices: markedRight, Explanation: explained, QuizFrame: last})},
		{"verdict-over", verdict(VerdictView{Question: single, Outcome: "skipped", Choices: marked[1:], QuizFrame: over, CardNote: "It comes back as a card tomorrow."})},
		{"verdict-partial", verdict(VerdictView{Question: multiple, Outcome: "partial", Remark: "2 of 3 points", Choices: []MarkedChoice{
			{HTML: multiple.Choices[0].HTML, Chosen: true, Right: true}, {HTML: multiple.Choices[1].HTML, Right: true, Why: "<p>Parsing is synchronous, whatever the size.</p>"}, {HTML: multiple.Choices[2].HTML, Why: "<p>The read happens on the thread pool.</p>"}, {HTML: multiple.Choices[3].HTML, Chosen: true},
		}, Explanation: explained})},
		{"verdict-text", verdict(VerdictView{Question: typed, Outcome: "wrong", Yours: hostile, Accepted: []string{"EADDRINUSE", "error: EADDRINUSE"}, Feedback: "<p><code>EACCES</code> means that the process may not bind the port.</p>", Explanation: "<p>Another process already listens on the same address and port.</p>"})},
		{"verdict-number", verdict(VerdictView{Question: number, Outcome: "right", Yours: "50", Accepted: []string{"50"}})},
		{"verdict-output", verdict(VerdictView{Question: output, Outcome: "wrong", Remark: "first difference in line 2", Lines: []LinePair{{Yours: "main", Expected: "main"}, {Yours: "promise", Expected: "tick", Differs: true, First: true}, {Yours: "tick", Expected: "promise", Differs: true}, {Yours: "timer", Expected: "timer"}, {Yours: hostile, Extra: true, Differs: true}}, Explanation: explained, Executed: "Node 22, 24 and 26, 21 Nov 2026"})},
		{"verdict-order", verdict(VerdictView{Question: order, Outcome: "partial", Remark: "3 of 5 in place", Rows: []MarkedRow{{"1", "timers", "timers", true}, {"2", "poll", "pending callbacks", false}, {"3", "pending callbacks", "poll", false}, {"4", "check", "check", true}, {"5", "close callbacks", "close callbacks", true}}})},
		{"verdict-match", verdict(VerdictView{Question: match, Outcome: "partial", Rows: []MarkedRow{{"<code>setTimeout</code>", "the timers phase", "the timers phase", true}, {"<code>process.nextTick</code>", "", "the <code>nextTick</code> queue", false}}})},
		{"verdict-cloze", verdict(VerdictView{Question: Question{Kind: "cloze", Title: "The check phase", Labels: loopLabels}, Outcome: "partial", Pieces: []MarkedPiece{{HTML: "<p>Callbacks given to "}, {Blank: true, Yours: "setImmediate", Right: "setImmediate", OK: true}, {HTML: " run in the "}, {Blank: true, Yours: hostile, Right: "check"}, {HTML: " phase, right after "}, {Blank: true, Right: "poll"}, {HTML: ".</p>"}}})},
		{"verdict-saved", verdict(VerdictView{QuizFrame: examFrame(), Question: single, Outcome: "saved", Choices: []MarkedChoice{{HTML: single.Choices[0].HTML}, {HTML: single.Choices[1].HTML, Chosen: true}, {HTML: single.Choices[2].HTML}}})},
		{"verdict-single", verdict(VerdictView{QuizFrame: lone, Question: single, Outcome: "right", Choices: markedRight, Explanation: explained, Onward: []Action{{Label: "Keep going with 10 questions", URL: "/practice/quizzes", Post: true, Name: "quick", Value: "1"}, {Label: "All topics", URL: "/practice/topics"}}})},
		{"verdict-open", verdict(VerdictView{Question: open, Outcome: "open", Self: &SelfMarkView{
			Own: "I would look at the event loop delay.\n" + hostile + "\nThen take a CPU profile.", StrongTitle: "A strong answer",
			Strong:   "<p>Measure first: <code>perf_hooks.monitorEventLoopDelay</code>, event-loop utilisation and a CPU profile taken during a spike. Correlate with cron jobs, GC and large synchronous work, then fix and confirm with the same metric.</p>",
			Criteria: []Criterion{{"0", 2, "Names a direct measure of loop delay or utilisation", true}, {"1", 2, "Captures a CPU profile while the spike happens", false}, {"2", 1, "Correlates with the one-minute period (cron, cache refresh, GC)", false}, {"3", 1, "States how the fix is confirmed", false}},
			Ratings:  []Option{{"again", "Again", "", false}, {"hard", "Hard", "", false}, {"good", "Good", "suggested", true}, {"easy", "Easy", "", false}},
			WhyAsked: "<p>Tests whether the candidate has operated Node in production.</p>", RedFlags: "<ul><li>Adds instances before measuring</li></ul>", FollowUps: "<ul><li>How would you move the blocking work off the main thread?</li></ul>",
		}})},
		{"verdict-open-marked", verdict(VerdictView{Question: open, Outcome: "open", Self: &SelfMarkView{
			StrongTitle: "A strong answer", Strong: "<p>Measure first.</p>", Criteria: []Criterion{{"1", 2, "Names a direct measure", true}, {"2", 2, "Captures a profile", false}},
			Marked: "You gave yourself 2 of 4 points: solid.",
		}})},
		{"result", QuizResult(samplePage("quiz", "Result"), ResultView{
			Attempt: "q7f3", Title: "The Node.js event loop and SQL", Mode: "Practice", Date: "Sat 21 Nov", Right: 7, Total: 10, Points: "7.5 of 10 points", TimeUsed: "12 min 40 s", Mistakes: 3,
			Topics: []TopicBar{{"event-loop", "The Node.js event loop", 5, 6}, {"sql", "SQL and relational modelling", 2, 4}},
			Rows:   []ResultRow{{1, "What runs first once the main script has finished?", "Event loop", "right", ""}, {2, "Which of these calls block the event loop?", "Event loop", "partial", "2 of 3 points"}, {3, "What does this query return?", "SQL", "wrong", ""}, {4, "Which isolation level forbids a lost update?", "SQL", "skipped", ""}},
			Open:   []ResultRow{{5, "An API’s p99 latency jumps once a minute. How do you tell whether the event loop is blocked?", "Event loop", "open", "2 of 6 points"}},
		})},
		{"result-time-up", QuizResult(samplePage("quiz", "Result"), ResultView{Attempt: "q7f3", Title: "SQL", Mode: "Exam", Date: "Sat 21 Nov", TimeUsed: "20 min", TimeUp: true, Open: []ResultRow{{1, "How do you find a slow query?", "SQL", "open", ""}}})},
		{"cards", CardsHome(samplePage("cards", "Cards"), CardsView{Learning: 2, Review: 7, New: 3, Minutes: 4, Forecast: forecast(), Topics: []TopicDue{{"event-loop", "The Node.js event loop", 8}, {"sql", "SQL and relational modelling", 4}}})},
		{"cards-empty", CardsHome(samplePage("cards", "Cards"), CardsView{Empty: emptyCards})},
		{"card-front", CardFront(samplePage("cards", "Card"), markFace)},
		{"card-front-choices", CardFront(samplePage("cards", "Card"), choiceFace)},
		{"card-front-cloze", CardFront(samplePage("cards", "Card"), clozeFace)},
		{"card-back", CardBack(samplePage("cards", "Card"), CardBackView{CardFace: keptFace, Reviews: "4", Answer: "<p>A microtask runs as soon as the current callback returns; a timer callback waits for the timers phase of a later turn.</p>", Explanation: explained + sqlCode, References: references, Ratings: ratings})},
		{"card-back-two", CardBack(samplePage("cards", "Card"), CardBackView{CardFace: choiceFace, Reviews: "0", Answers: []string{single.Choices[1].HTML}, Explanation: explained, Ratings: []Rating{{"again", "Again", "10 min", "1"}, {"good", "Good", "6 d", "3"}}})},
		{"card-back-cloze", CardBack(samplePage("cards", "Card"), CardBackView{CardFace: clozeFace, Reviews: "2", Answers: []string{"check"}, Ratings: ratings})},
		{"cards-done", CardsDone(samplePage("cards", "Done for today"), DoneView{Reviewed: 12, Next: "The next card is due tomorrow at 04:00.", Tomorrow: "Tomorrow: 12 cards to review and 10 new.", Forecast: monthAhead(), Undo: "41"})},
		{"progress", Progress(samplePage("progress", "Progress"), ProgressView{
			MasteredMeans: "Mastered means right at least twice, on two different days, the last time included.",
			Topics:        []TopicProgress{{"event-loop", "The Node.js event loop", 40, 12, 9, 4, 5}, {"sql", "SQL and relational modelling", 36, 36, 31, 28, 0}, {"security", "Web security for back ends", 28, 0, 0, 0, 0}, {"system-design", "System design", 22, 1, 0, 0, 1}},
			Streak:        "You practised on 6 days in a row, and on 41 days in all.", Year: heat(53),
			Calibration: CalibrationView{Summary: "You said 73 % on average, and 60 % was right: you trust yourself too much.", Score: "Brier score 0.27.", Steps: []CalibrationStep{{"Unsure", 50, 2, 4, 50, 15, 85}, {"Fairly sure", 75, 3, 4, 75, 30, 95}, {"Sure", 95, 0, 0, 0, 0, 100}}},
			Attempts:    []AttemptRow{{"q7f3", "Sat 21 Nov", "2026-11-21", "The Node.js event loop and SQL", "Practice", "7 of 10", true}, {"q8a1", "Thu 19 Nov", "2026-11-19", "SQL, security and 2 more", "Exam", "not finished", false}, {"q6", "Mon 9 Nov", "2026-11-09", "System design", "Practice", "3 of 5", true}},
			Pager:       Pager{Page: 2, Pages: 4, Newer: "/practice/progress?page=1", Older: "/practice/progress?page=3"},
		})},
		{"progress-empty", Progress(samplePage("progress", "Progress"), ProgressView{Empty: empty})},
		{"role", Role(samplePage("learn", "Backend developer"), RoleView{
			ID: "backend", Title: "Backend developer", Summary: hostile, Charter: "<p>Trusted.</p>", Lang: "en", Cut: 65, Others: true,
			Scope:  []ScopeList{{"Owns", []string{hostile}}},
			Skills: []SkillRow{{Title: "SQL", URL: "/practice/topics/sql", Level: "mid", Standing: "gap", Answered: 4, Right: 1, Measured: true, Low: 80, Point: 104, High: 128, From: 125, Practise: "/practice/quizzes/new"}, {Title: hostile, URL: "/practice/questions", Level: "junior", Standing: "unknown"}},
			Ladder: []Rung{{"Junior level", "", []string{"Asks"}}, {"Mid level", "junior", []string{"Answers"}}},
		})},
		{"roles-compared", CompareRoles(samplePage("learn", "Compare roles"), CompareRolesView{
			A: []Option{{Value: "a", Label: hostile, Checked: true}}, B: []Option{{Value: "b", Label: "B", Checked: true}}, Lang: "en",
			First: RoleSide{ID: "a", Title: "A", Summary: hostile}, Second: RoleSide{ID: "b", Title: "B"},
			Different: []ContrastRow{{hostile, "/practice/topics/sql", "mid", ""}}, Alike: []ContrastRow{{"SQL", "/practice/topics/sql", "mid", "mid"}},
		})},
		{"plan", Plan(samplePage("learn", "Eight weeks"), PlanView{
			ID: "eight", Title: "Eight weeks", Summary: hostile, Lang: "en", Date: hostile, Problem: "Write the day like 2027-01-31.", Note: "Today is day 3 of 56.",
			By: []Option{{Value: "start", Label: "I begin", Checked: true}}, Weeks: []Option{{Value: "8", Label: "8 weeks", Checked: true}},
			Behind: []BehindRow{{hostile, "Fundamentals", "2 answered, 5 would be on time", "/practice/quizzes/new"}},
			Blocks: []PlanBlock{{Title: hostile, When: "Weeks 1 to 2", Dates: "Mon 23 Nov to Sun 6 Dec", Now: true, Right: 4, Total: 30, Subjects: []PlanSubject{{hostile, "/practice/topics/sql", 4, 30}}, Guides: []GuideRow{{ID: "loop", Title: "The loop"}}}},
		})},
		{"settings", Settings(flash, settings)},
		{"data", Data(flash, DataView{Known: true, Word: "delete"})},
		{"data-visitor", Data(samplePage("settings", "Your data"), DataView{Word: "delete"})},
		{"settings-problems", Settings(samplePage("settings", "Settings"), wrongSettings)},
		{"error", ErrorPage(samplePage("", "Not found"), ErrorView{Title: "This page does not exist", Text: "The address may be mistyped, or the question was renamed. The list of questions has them all.", Actions: []Action{{Label: "All questions", URL: "/practice/questions"}, {Label: "Today", URL: "/practice/"}}, ID: "7f3a91c2"})},
	}
}

func render(t testing.TB, c templ.Component) string {
	t.Helper()
	var b bytes.Buffer
	if err := c.Render(context.Background(), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestSamples renders every page in every state and, with -out, writes them as files to look at.
func TestSamples(t *testing.T) {
	var index strings.Builder
	for _, s := range samples() {
		html := render(t, s.page)
		if *out == "" {
			continue
		}
		if err := os.WriteFile(filepath.Join(*out, s.name+".html"), []byte(html), 0o644); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&index, "<li><a href=%q>%s</a>\n", s.name+".html", s.name)
	}
	if *out == "" {
		return
	}
	writeStatic(t, *out)
	if err := os.WriteFile(filepath.Join(*out, "index.html"), []byte("<!DOCTYPE html><ul>"+index.String()+"</ul>"), 0o644); err != nil {
		t.Fatal(err)
	}
}

// writeStatic copies the static files beside the samples. It reads the folder, since this package may not import static.
func writeStatic(t *testing.T, dir string) {
	t.Helper()
	var css []byte
	for _, name := range []string{"tokens", "base", "components", "print"} {
		b, err := os.ReadFile(filepath.Join("../static/css", name+".css"))
		if err != nil {
			t.Fatal(err)
		}
		css = append(css, b...)
	}
	write := func(name string, b []byte) {
		name = filepath.Join(dir, "static", name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("css/app.css", css)
	for _, pattern := range []string{"../static/built/*.js", "../static/icons/*.svg"} {
		names, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			b, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			write(strings.TrimPrefix(name, "../static/"), b)
		}
	}
}
