package views

import "github.com/a-h/templ"

// specimen is a component in one of its states.
type specimen struct {
	State string
	Shown templ.Component
}

// chapter is a component in all its states. The styleguide is for those who work on the program: it is English.
type chapter struct {
	ID, Name string
	Note     string // when it is used
	Shown    []specimen
}

// swatches are the intents of tokens.css, each with what it is for.
var swatches = [...]struct{ name, use string }{
	{"page", "behind everything"},
	{"sunk", "code, hover, callouts"},
	{"line", "hairlines"},
	{"edge", "borders of controls"},
	{"text", "what is read"},
	{"soft", "second line"},
	{"faint", "asides"},
	{"accent", "the one colour: what can be done"},
	{"accent-tint", "chosen"},
	{"good", "right"},
	{"good-tint", "behind right"},
	{"bad", "not right"},
	{"bad-tint", "behind not right"},
	{"mixed", "partly right"},
	{"mixed-tint", "behind a note"},
}

// typeSteps are the steps of the type scale.
var typeSteps = [...]struct{ step, use string }{
	{"6", "start page"}, {"5", "title of a page"}, {"4", "stem of a question"}, {"3", "section"}, {"2", "text"}, {"1", "notes"}, {"0", "labels of code"},
}

const (
	sampleProse = `<p>A server answers <code>POST</code> with <strong>201</strong> and a <a href="#prose">Location</a>.</p><ul><li>Lines have 60 to 72 characters.</li><li>Lists are lists.</li></ul><blockquote><p>What somebody else said.</p></blockquote>`
	sampleCode  = `<div class="Code"><span class="Code-lang">JavaScript</span><pre tabindex="0"><code><span class="kd">const</span> <span class="nx">n</span> <span class="o">=</span> <span class="mi">42</span><span class="p">;</span> <span class="c1">// the answer</span>
<span class="nx">console</span><span class="p">.</span><span class="nf">log</span><span class="p">(</span><span class="s1">&#39;n is&#39;</span><span class="p">,</span> <span class="nx">n</span><span class="p">);</span>
</code></pre></div>`
)

func sampleChoices(checked int) []Choice {
	choices := []Choice{{ID: "1", HTML: "201 Created"}, {ID: "2", HTML: "204 No Content"}, {ID: "3", HTML: "304 Not Modified, which is rather long and so goes on in a second line on a small screen"}}
	if checked >= 0 {
		choices[checked].Checked = true
	}
	return choices
}

// chapters are the whole styleguide.
func chapters(l Links) []chapter {
	choices := func(input string, checked int) templ.Component {
		q := Question{Kind: "single", Choices: sampleChoices(checked)}
		return hand(func(w *pen) { w.choices(&q, input, "Choose", "") })
	}
	wrong := Problems{{Field: "limit", Text: "Give a number between 0 and 999."}}
	return []chapter{
		{"prose", "Prose", "What authors wrote.", []specimen{{"text", styleProse(sampleProse)}, {"code", styleProse(sampleCode)}}},
		{"button", "Button", "One primary button a page: the next step.", []specimen{
			{"primary", ActionButton(Action{Label: "Check answer", URL: "#button"}, "primary")},
			{"secondary", ActionButton(Action{Label: "Review cards", URL: "#button"}, "secondary")},
			{"quiet", ActionButton(Action{Label: "Skip", URL: "#button"}, "quiet")},
		}},
		{"toolbar", "Toolbar", "Buttons in a row; they wrap.", []specimen{{"three buttons", styleToolbar()}}},
		{"choice", "Choice", "The whole row is the target; the letter is its key.", []specimen{
			{"radio, none picked", choices("radio", -1)},
			{"radio, picked", choices("radio", 1)},
			{"check boxes, picked", choices("checkbox", 0)},
			{"marked", markedChoices([]MarkedChoice{
				{HTML: "<p>201 Created</p>", Why: "<p>The response names where the new thing is.</p>", Right: true},
				{HTML: "<p>204 No Content</p>", Why: "<p>It says that there is nothing to say.</p>", Chosen: true},
				{HTML: "<p>304 Not Modified</p>"},
			})},
			{"marked, picked and right", markedChoices([]MarkedChoice{{HTML: "<p>201 Created</p>", Why: "<p>The response names where the new thing is.</p>", Chosen: true, Right: true}})},
		}},
		{"verdict", "Verdict", "A word, a sign and a colour: never the colour alone.", []specimen{
			{"right", styleVerdict("right", "")},
			{"partly right", styleVerdict("partial", "2 of 3 parts right.")},
			{"not right", styleVerdict("wrong", "")},
			{"not answered", styleVerdict("skipped", "")},
			{"saved, in an exam", styleVerdict("saved", "")},
			{"self-marked", styleVerdict("open", "")},
		}},
		{"marks", "Marks", "Outcomes in lists.", []specimen{{"all", styleMarks()}}},
		{"field", "Field", "Label, what it means, the field, what is wrong with it.", []specimen{
			{"filled in", Field(FieldView{Name: "new", Label: "New cards a day", Note: "Cards you have never seen.", Value: "10"})},
			{"refused", Field(FieldView{Name: "limit", Label: "Reviews a day", Note: "0 is all that are due.", Value: "many", Problems: wrong})},
		}},
		{"pills", "Pills", "Few values of one kind.", []specimen{
			{"check boxes", styleGroup("Levels", Checks("level", []Option{{"junior", "junior", "12", true}, {"mid", "mid", "34", false}, {"senior", "senior", "8", false}}))},
			{"radio buttons", styleGroup("Time limit", Radios("time", []Option{{"0", "None", "", true}, {"10", "10 min", "", false}}, false))},
			{"with a line each", styleGroup("Mode", RadioCards("mode", []Option{{"practice", "Practice", "The verdict after each question.", true}, {"exam", "Exam", "All verdicts at the end.", false}}))},
		}},
		{"callout", "Callout", "A remark that must not be missed.", []specimen{
			{"plain", styleCallout("", "Questions are shown in the language in which they were written.")},
			{"note", styleCallout("note", "The time was up. Questions without an answer count as not right.")},
			{"bad", styleCallout("bad", "One thing needs another look.")},
		}},
		{"empty", "Empty state", "Says what will be here, and offers the one thing that makes it appear.", []specimen{
			{"with an action", EmptyState(EmptyView{"Nothing here yet", "After the first answers you will see here what you know.", Action{Label: "Start a quiz", URL: l.NewQuiz()}})},
		}},
		{"ring", "Ring", "A share beside a name; the words beside it say the same.", []specimen{
			{"none", Ring(0, 8)}, {"some", Ring(3, 8)}, {"all", Ring(8, 8)},
		}},
		{"bar", "Bar", "A share of a known whole.", []specimen{{"none", styleBar(Bar(0, 8))}, {"some", styleBar(Bar(3, 8))}, {"all", styleBar(Bar(8, 8))}}},
		{"interval", "Bar with interval", "An estimate: the mark is the share, the band is where it lies with 80 % certainty.", []specimen{
			{"from much", EstimateText(Estimate{120, 91, 87, 94, "91 % of 120, likely 87 to 94"})},
			{"from little", EstimateText(Estimate{4, 75, 45, 92, "75 % of 4, likely 45 to 92"})},
			{"nothing known", EstimateText(Estimate{})},
		}},
		{"heat", "Heat map", "One square a day, with a sentence and a table.", []specimen{{"five weeks", Heat(sampleHeat())}}},
		{"columns", "Columns", "Numbers of a few days.", []specimen{
			{"a week", ColumnChart(Columns{Title: "Cards due", Summary: "12 cards due today, 30 in the next seven days.", Unit: "Cards", Columns: []Count{
				{"Today", 12}, {"Sun", 0}, {"Mon", 3}, {"Tue", 5}, {"Wed", 1}, {"Thu", 7}, {"Fri", 2},
			}})},
		}},
		{"calibration", "Calibration plot", "How sure somebody was against what was right.", []specimen{
			{"three steps", calibrationPlot(CalibrationView{Summary: "Of what you were sure of, 80 % was right.", Steps: []CalibrationStep{
				{"Unsure", 40, 9, 20, 45, 26, 66}, {"Fairly sure", 70, 24, 35, 69, 52, 81}, {"Sure", 95, 16, 20, 80, 58, 92},
			}})},
		}},
		{"pager", "Pager", "Long lists come in pages.", []specimen{{"in the middle", PageLinks(Pager{2, 5, "#pager", "#pager"})}}},
	}
}

func sampleHeat() HeatMap {
	h := HeatMap{Title: "Answers in five weeks", Summary: "41 answers on 9 days in five weeks.", Months: []Count{{"October 2026", 12}, {"November 2026", 29}}}
	for w := range 5 {
		week := HeatWeek{}
		if w == 1 {
			week.Label = "Nov"
		}
		for d := range 7 {
			level := (w*3 + d*2) % 5
			week.Days = append(week.Days, HeatDay{Weekday: d, Date: "a day", Count: level * 4, Level: level})
		}
		h.Weeks = append(h.Weeks, week)
	}
	return h
}
