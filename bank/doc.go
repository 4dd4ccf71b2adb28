// Package bank reads questions that authors write in Markdown, reports what is wrong with them, and turns them into
// values that the rest of the program quizzes, schedules and scores.
//
// A bank is one folder. Its bank.yaml gives id, title and license. Every Markdown file below questions/ (or below
// the folder itself, when there is no questions/) is one topic; README.md and hidden files are left out. A topic is
// plain GitHub Markdown with front matter:
//
//	---
//	id: event-loop              default: the file's name
//	title: The Node.js event loop
//	level: mid                  junior, mid, senior or staff: the default of its questions
//	tags: [node]                added to the tags of every question
//	---
//
//	An introduction.
//
//	## What runs first once the main script has finished?
//	<!-- id: loop-first-after-script, difficulty: easy, tags: [microtasks] -->
//
//	- [x] callbacks queued with `process.nextTick`
//	  > The nextTick queue is drained before the loop enters a phase.
//	- [ ] timers with a delay of `0`
//	  > They wait for the timers phase.
//
//	Text behind the choices explains them all.
//
// Every ## heading is a question. The comment under it holds its labels; it begins with id:, other comments are the
// author's notes. The blocks up to the first ### heading are the prompt, and ### headings are reserved names. What the
// question contains makes its kind, and there must be exactly one way to answer:
//
//	a task list            single, or multiple when several boxes are [x] (or type: multiple is set)
//	{{c1::answer::hint}}   cloze: a blank; {{a|b}} also accepts b; inside a fence only if its info has the word cloze
//	### Accept             text: `literal` or matches `RE2`; number: = N, = N ± D, = N ± P%, = A..B, with a unit
//	### Output             output: one fence with what the program prints
//	### Order              order: a numbered list in the right order
//	### Match              match: a table of two columns; an empty left cell makes a decoy
//	### Query              sql: one fence with a right statement; ### Setup: a fence for each data set; ### Check, with
//	                       writes: true in the comment: the query whose rows are compared afterwards
//	### Strong answer      interview, also with ### Rubric, whose items may begin with a weight such as (2)
//	### Answer             card
//
// Further sections are Hint (may repeat), Reject, Explanation, Why asked, Red flags, Follow-ups and References. A quote
// inside a choice or an entry says why it is right or wrong.
//
// A statement that ages is followed by its month, {as-of 2025-11}.
//
// Reading changes nothing silently: what is not understood is a finding with its place and its remedy. A file with an
// error is left out as a whole, so that the last good version of its questions can stay in use. Lint also reviews what
// was read, and Format repairs what is plainly meant. Codes is the table of everything that can be found.
//
// Two hashes name a revision. The body hash covers all that is shown, the key hash all that decides right or wrong.
// Both are taken over canonical text, so that wrapping, line ends, the order of choices and labels change neither.
package bank
