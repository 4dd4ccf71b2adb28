package bank

import (
	"unicode"
	"unicode/utf8"

	"rehearse/markdown"
)

// Code is one rule of the linter.
type Code struct {
	Name     string
	Severity markdown.Severity // as a rule: some codes have the other severity in some cases
	Both     bool              // it can have either severity
	Fixable  bool              // fmt and lint --fix can repair it, as a rule
	Means    string            // what was found, in Markdown
	Remedy   string            // what to do
	Why      string            // why it matters, or what else there is to know
}

// Marks returns the letters of a code in the manual: E for an error, W for a warning, F for what can be repaired.
func (c Code) Marks() string {
	marks := "W"
	if c.Severity == markdown.Error {
		marks = "E"
	}
	if c.Both && c.Severity == markdown.Error {
		marks = "E, W"
	} else if c.Both {
		marks = "W, E"
	}
	if c.Fixable {
		marks += ", F"
	}
	return marks
}

// Paragraph returns the documentation of the code in one paragraph of Markdown.
func (c Code) Paragraph() string {
	return sentence(c.Means) + " " + c.Why + " Do this: " + c.Remedy + "."
}

// sentence returns words as a sentence of their own. Code at their start keeps its case.
func sentence(words string) string {
	first, size := utf8.DecodeRuneInString(words)
	return string(unicode.ToUpper(first)) + words[size:] + "."
}

// CodeGroup is codes about one thing, with a heading for them.
type CodeGroup struct {
	Title string
	Codes []Code
}

// Codes returns every code of the linter, in groups, in the order of the manual.
func Codes() []CodeGroup { return codes }

// codes is the one table of all rules: the manual is written from it, and tests walk it.
var codes = []CodeGroup{
	{Title: "Bank and files", Codes: []Code{
		{
			Name: "bank-missing", Severity: markdown.Error,
			Means:  "there is no readable `bank.yaml`",
			Remedy: "write one with `id`, `title` and `license`",
			Why:    "A bank is known by the id in this file, never by its folder, so that people's history survives a move.",
		},
		{
			Name: "bank-yaml", Severity: markdown.Error,
			Means:  "`bank.yaml` is not YAML, or not a list of keys",
			Remedy: "one `key: value` a line; quote odd values",
			Why:    "Nothing of the file can be used until it can be read.",
		},
		{
			Name: "bank-key", Severity: markdown.Error,
			Means:  "an unknown key in `bank.yaml`",
			Remedy: "correct or remove it",
			Why:    "A misspelt key would be ignored, and its meaning with it.",
		},
		{
			Name: "bank-dup", Severity: markdown.Error,
			Means:  "a key of `bank.yaml` is given twice",
			Remedy: "keep one",
			Why:    "Only one of the two values could hold, and which one is not for the program to guess.",
		},
		{
			Name: "bank-value", Severity: markdown.Error,
			Means:  "a key of `bank.yaml` is missing, empty or not a text",
			Remedy: "give a value",
			Why:    "Id, title and licence are shown to candidates and decide whose history belongs to the bank.",
		},
		{
			Name: "verified-form", Severity: markdown.Warning,
			Means:  "`verified.json` is not what `server verify --write` writes",
			Remedy: "remove it, and let the program write it",
			Why:    "It says which keys were executed, where and when. What cannot be read counts as not executed.",
		},
		{
			Name: "file-read", Severity: markdown.Error,
			Means:  "the file cannot be read",
			Remedy: "make it readable",
			Why:    "The folder lists the file, and opening it fails, most often for want of permission.",
		},
		{
			Name: "file-size", Severity: markdown.Error,
			Means:  "the file is larger than 2 MiB",
			Remedy: "split it",
			Why:    "The limit keeps reading fast; one topic of that size could not be learnt anyway.",
		},
		{
			Name: "file-encoding", Severity: markdown.Error,
			Means:  "not UTF-8, or a control character",
			Remedy: "save as UTF-8; delete the character",
			Why:    "Bytes that are not UTF-8 come from an editor with another encoding, or from a file that is no text.",
		},
		{
			Name: "file-invisible", Severity: markdown.Warning, Fixable: true,
			Means:  "an invisible character outside code, such as a zero-width space or a soft hyphen",
			Remedy: "delete it",
			Why:    "Such characters come along when text is copied from web pages. They make two texts that look alike differ, and break searches. Joiners inside emoji and in scripts that need them are fine.",
		},
		{
			Name: "file-name", Severity: markdown.Warning, Both: true,
			Means:  "the name is not plain; as an error: it gives no topic id, or another file has the same one",
			Remedy: "rename it, or give an `id:` of its own",
			Why:    "The name is the id of the topic unless the front matter gives one, and it becomes part of addresses.",
		},
		{
			Name: "file-empty", Severity: markdown.Warning,
			Means:  "there is no question in the file",
			Remedy: "write one under a `##`",
			Why:    "A topic without questions is listed and cannot be practised.",
		},
	}},
	{Title: "Front matter and headings", Codes: []Code{
		{
			Name: "fm-missing", Severity: markdown.Error,
			Means:  "the first line is not `---`",
			Remedy: "begin with front matter",
			Why:    "Without front matter the topic has no title, and a first line `---` further down would be something else.",
		},
		{
			Name: "fm-open", Severity: markdown.Error,
			Means:  "the front matter is never closed",
			Remedy: "end it with `---`",
			Why:    "Everything up to the end of the file would be read as YAML.",
		},
		{
			Name: "fm-yaml", Severity: markdown.Error,
			Means:  "the front matter is not YAML, or not a flat list of keys",
			Remedy: "quote values with `: # [ ] { }`; no anchors, aliases or tags",
			Why:    "Titles with a colon are the usual cause: `title: Go: maps` needs quotes.",
		},
		{
			Name: "fm-key", Severity: markdown.Error,
			Means:  "an unknown key in the front matter",
			Remedy: "take the suggestion, or begin it with `x-`",
			Why:    "A misspelt key would be ignored, and its meaning with it.",
		},
		{
			Name: "fm-dup", Severity: markdown.Error,
			Means:  "a key of the front matter is given twice",
			Remedy: "keep one",
			Why:    "Only one of the two values could hold.",
		},
		{
			Name: "fm-value", Severity: markdown.Error,
			Means:  "a value in the front matter has the wrong form",
			Remedy: "the message says what is wanted",
			Why:    "A value that is not understood is never replaced by a default.",
		},
		{
			Name: "fm-title", Severity: markdown.Error,
			Means:  "no title, or `title:` and `#` differ",
			Remedy: "give one; make them equal",
			Why:    "The title is what candidates choose the topic by; two that differ leave open which one is meant.",
		},
		{
			Name: "heading-underlined", Severity: markdown.Error,
			Means:  "text right above a line of dashes, which makes it a `##` heading",
			Remedy: "put an empty line above the `---`, or write `## `",
			Why:    "In Markdown a line of dashes right below a text makes the text a heading. A thematic break written so would cut a question in two.",
		},
		{
			Name: "h1-late", Severity: markdown.Error,
			Means:  "a second `#`, or one after a question",
			Remedy: "use `##` or `####`",
			Why:    "The `#` heading is the title of the file, and a file has one.",
		},
		{
			Name: "section-stray", Severity: markdown.Error,
			Means:  "a `###` before the first question",
			Remedy: "use `####`",
			Why:    "A section belongs to a question, and there is none yet.",
		},
		{
			Name: "title-empty", Severity: markdown.Error,
			Means:  "a `##` without text",
			Remedy: "write the question there",
			Why:    "The heading is the question as lists, results and cards show it.",
		},
		{
			Name: "title-long", Severity: markdown.Warning,
			Means:  "a heading of more than 200 characters",
			Remedy: "move details below it",
			Why:    "Headings are shown in lists and on cards, where so long a text drowns the others.",
		},
		{
			Name: "level-order", Severity: markdown.Warning,
			Means:  "a `####` with the name of a section, in the stem or behind choices",
			Remedy: "write `###` if you mean the section",
			Why:    "It is read as a heading inside the text. If a section was meant, its content is shown before the response.",
		},
	}},
	{Title: "Question keys and ids", Codes: []Code{
		{
			Name: "meta-place", Severity: markdown.Error, Fixable: true,
			Means:  "the comment with `id:` is not right under its heading, or is a second one",
			Remedy: "move or remove it",
			Why:    "Keys far from their heading are easily taken for those of another question.",
		},
		{
			Name: "meta-first", Severity: markdown.Warning, Both: true, Fixable: true,
			Means:  "a comment looks like keys but does not begin with `id:`",
			Remedy: "put `id:` first",
			Why:    "Comments are notes to yourself unless they begin with `id:`. Where all keys of the comment are known it is plainly no note, and an error; otherwise a warning.",
		},
		{
			Name: "meta-bare", Severity: markdown.Error,
			Means:  "lines such as `id: x` right under a heading, without a comment around them",
			Remedy: "put them into `<!-- … -->`, `id:` first",
			Why:    "Outside of a comment they are text that candidates would read. `fmt` gives such a question no id, since it has one.",
		},
		{
			Name: "meta-yaml", Severity: markdown.Error,
			Means:  "the comment with the keys is not YAML",
			Remedy: "quote values with `: # , [ ] { }`",
			Why:    "A value with a colon, a comma or a bracket needs quotes.",
		},
		{
			Name: "meta-key", Severity: markdown.Error,
			Means:  "an unknown key in the comment of a question",
			Remedy: "take the suggestion, or begin it with `x-`",
			Why:    "A misspelt key would be ignored, and its meaning with it.",
		},
		{
			Name: "meta-dup", Severity: markdown.Error,
			Means:  "a key of the comment is given twice",
			Remedy: "keep one",
			Why:    "Only one of the two values could hold.",
		},
		{
			Name: "meta-value", Severity: markdown.Error,
			Means:  "a value in the comment has the wrong form",
			Remedy: "the message says what is wanted",
			Why:    "A value that is not understood is never replaced by a default.",
		},
		{
			Name: "meta-unused", Severity: markdown.Warning,
			Means:  "a key that has no effect on a question of this kind",
			Remedy: "remove it",
			Why:    "It is most often a sign that the question was meant to be of another kind.",
		},
		{
			Name: "id-missing", Severity: markdown.Error, Fixable: true,
			Means:  "the question has no id",
			Remedy: "add `<!-- id: … -->`",
			Why:    "People's history hangs on the id. `fmt` proposes one made of the title and a hash, and never changes it again.",
		},
		{
			Name: "id-form", Severity: markdown.Error,
			Means:  "an id, alias or related id of the wrong form",
			Remedy: "3 to 64 small letters, digits, hyphens",
			Why:    "Ids become part of addresses and of file formats of other programs.",
		},
		{
			Name: "id-dup", Severity: markdown.Error,
			Means:  "the id is used already; the message says where",
			Remedy: "choose another",
			Why:    "Ids and aliases share one name space over the whole bank: two questions with one id would share one history.",
		},
		{
			Name: "alias-live", Severity: markdown.Error,
			Means:  "an alias is the id of a question",
			Remedy: "remove the alias",
			Why:    "An alias hands the history of a former id over. While that id is in use it has its own.",
		},
		{
			Name: "related-dangling", Severity: markdown.Error,
			Means:  "`related:` names no question",
			Remedy: "correct or remove it",
			Why:    "Candidates would be sent to a question that does not exist.",
		},
		{
			Name: "type-mismatch", Severity: markdown.Error,
			Means:  "`type:` is not the kind of the question",
			Remedy: "correct or remove it",
			Why:    "The kind follows from the content; `type:` only says what you expect it to be, and one of the two is a mistake.",
		},
		{
			Name: "runtime-unknown", Severity: markdown.Error,
			Means:  "a runtime that does not exist",
			Remedy: "take one from the list",
			Why:    "The key of an output question can be executed only where the program knows how.",
		},
		{
			Name: "corrected-form", Severity: markdown.Error,
			Means:  "an entry of `corrected:` is not a date with a reason",
			Remedy: "write `\"2026-03-01 the key forgot UDP\"`",
			Why:    "The date and the reason are shown to everybody whose answers are marked anew.",
		},
		{
			Name: "license-missing", Severity: markdown.Warning,
			Means:  "`source:` without `license:`; that of the bank does not count",
			Remedy: "say under what licence you may use it",
			Why:    "Text that somebody else wrote may be shown only under their terms.",
		},
	}},
	{Title: "Ways to answer and sections", Codes: []Code{
		{
			Name: "answer-none", Severity: markdown.Error,
			Means:  "a question without a way to answer",
			Remedy: "add choices, a section or blanks",
			Why:    "The question would be shown and could not be answered.",
		},
		{
			Name: "answer-many", Severity: markdown.Error,
			Means:  "a question with more than one way to answer",
			Remedy: "keep one",
			Why:    "The content decides the kind of a question; two ways to answer leave it open.",
		},
		{
			Name: "section-unknown", Severity: markdown.Error,
			Means:  "a `###` that is no section",
			Remedy: "take the suggestion, or use `####`",
			Why:    "Headings with three signs are reserved for sections, so that a misspelt one is not shown as text before the response.",
		},
		{
			Name: "section-dup", Severity: markdown.Error,
			Means:  "a section twice, or an explanation besides text behind the choices",
			Remedy: "join them",
			Why:    "Which of the two is meant is not for the program to guess.",
		},
		{
			Name: "section-empty", Severity: markdown.Error,
			Means:  "a section without content, or an output without text",
			Remedy: "fill or remove it",
			Why:    "An empty section is most often one that was to be written later.",
		},
		{
			Name: "section-shape", Severity: markdown.Error,
			Means:  "not the one list, table or block that it must be, or an empty item in it",
			Remedy: "the message says what is wanted",
			Why:    "The section is read item by item; other text in it would be lost.",
		},
		{
			Name: "section-lone", Severity: markdown.Error,
			Means:  "a section without its companion, such as Reject without Accept",
			Remedy: "add that, or remove it",
			Why:    "It is either a left-over or its companion is missing.",
		},
		{
			Name: "reference-bare", Severity: markdown.Warning,
			Means:  "an entry of References with neither a link nor an ISBN",
			Remedy: "link to the section that decides",
			Why:    "Whoever doubts the key must be able to look it up.",
		},
		{
			Name: "explanation-missing", Severity: markdown.Warning,
			Means:  "a question that the program marks has neither an explanation nor reasons",
			Remedy: "add text behind the choices, or `### Explanation`",
			Why:    "A verdict without a reason teaches nothing.",
		},
	}},
	{Title: "Choices", Codes: []Code{
		{
			Name: "choice-few", Severity: markdown.Error,
			Means:  "only one choice",
			Remedy: "add more",
			Why:    "There is nothing to choose.",
		},
		{
			Name: "choice-none", Severity: markdown.Error,
			Means:  "no choice is right",
			Remedy: "mark one `[x]`",
			Why:    "Every answer would be wrong.",
		},
		{
			Name: "choice-all", Severity: markdown.Warning,
			Means:  "all choices are right",
			Remedy: "add a wrong one",
			Why:    "Whoever ticks everything is right without reading.",
		},
		{
			Name: "choice-box", Severity: markdown.Error, Fixable: true,
			Means:  "an item without a proper box: none, `[]`, `[✓]`, `[x]text`",
			Remedy: "write `- [ ] ` or `- [x] `",
			Why:    "Viewers show anything but `[ ]` and `[x]` as text, and the program does not guess which choice is right. `fmt` repairs what is plain: an empty box, an x of another alphabet, a missing blank.",
		},
		{
			Name: "choice-bullet", Severity: markdown.Error,
			Means:  "a line that begins with a box, without a bullet before it",
			Remedy: "begin it with `- [ ] ` or `- [x] `",
			Why:    "Without its bullet the line is text, or a part of the choice above it.",
		},
		{
			Name: "choice-indent", Severity: markdown.Error,
			Means:  "choices that are indented by a tab or four blanks",
			Remedy: "begin their lines at the margin",
			Why:    "In Markdown such lines are a block of code.",
		},
		{
			Name: "choice-split", Severity: markdown.Error, Fixable: true,
			Means:  "a second list of choices in one question",
			Remedy: "one kind of bullet; indent what belongs to a choice",
			Why:    "`*`, `+` and `-` begin different lists, and text or code at the margin ends a list. `fmt` makes the bullets alike and indents what stands between.",
		},
		{
			Name: "choice-bare", Severity: markdown.Warning, Fixable: true,
			Means:  "nothing on the line of the box",
			Remedy: "put the first words there",
			Why:    "GitHub shows an empty box as the characters `[ ]`.",
		},
		{
			Name: "choice-empty", Severity: markdown.Error,
			Means:  "a choice without text",
			Remedy: "write it",
			Why:    "A choice without text cannot be told from a mistake.",
		},
		{
			Name: "choice-dup", Severity: markdown.Error,
			Means:  "two choices alike",
			Remedy: "change or remove one",
			Why:    "If one of them is right, the other is wrong for no reason.",
		},
		{
			Name: "choice-why", Severity: markdown.Error,
			Means:  "two quotes in a choice",
			Remedy: "join them",
			Why:    "A choice has one reason, shown as one.",
		},
		{
			Name: "choice-lazy", Severity: markdown.Warning, Fixable: true,
			Means:  "a line right under a choice, not indented, is read as part of it",
			Remedy: "indent it, or leave an empty line",
			Why:    "Markdown joins it to the choice, although it looks like a text of its own. `fmt` indents it, except at the margin below the last choice, where it may be meant as the explanation.",
		},
		{
			Name: "choice-letter", Severity: markdown.Warning,
			Means:  "\"both A and C\" turns shuffling off",
			Remedy: "name them by their text, or set `shuffle: false`",
			Why:    "Choices are shuffled and carry no letters, so the sentence would point to the wrong ones.",
		},
		{
			Name: "choice-last", Severity: markdown.Warning, Fixable: true,
			Means:  "\"all of the above\" does not stand last",
			Remedy: "move it",
			Why:    "It is shown last whatever its place in the file; a reader of the file should see the same.",
		},
		{
			Name: "why-missing", Severity: markdown.Warning,
			Means:  "a wrong choice has no reason, though others or the question have",
			Remedy: "add a line `  > why it is wrong`",
			Why:    "Whoever picked that choice is told that it is wrong, and not why.",
		},
	}},
	{Title: "Entries, lists, tables, blanks and rubrics", Codes: []Code{
		{
			Name: "accept-form", Severity: markdown.Error,
			Means:  "not an entry of Accept or Reject, or a text among numbers",
			Remedy: "one of `` `text` ``, ``matches `pattern` ``, `= number`",
			Why:    "An entry without code marks could be text, pattern or remark.",
		},
		{
			Name: "accept-number", Severity: markdown.Error,
			Means:  "not a number or range, or something behind it that is no unit; an empty range or too large a number",
			Remedy: "write `2.5`, `1_000`, `0.333 ± 0.001` or `3..4`, then at most a unit",
			Why:    "`1,000` is a thousand here and one there; numbers in the file are written in one way only.",
		},
		{
			Name: "accept-regexp", Severity: markdown.Error,
			Means:  "the pattern is not RE2",
			Remedy: "correct it; RE2 has no look-around and no back-references",
			Why:    "The pattern is compiled by Go, in time linear in the response.",
		},
		{
			Name: "accept-clash", Severity: markdown.Error,
			Means:  "the same entry twice in Accept or Reject, or in both",
			Remedy: "remove one",
			Why:    "One response would be both right and wrong, or the second entry would never be reached.",
		},
		{
			Name: "order-few", Severity: markdown.Error,
			Means:  "an order of fewer than 3 items",
			Remedy: "add some, or ask otherwise",
			Why:    "Two items can be ordered by guessing.",
		},
		{
			Name: "order-dup", Severity: markdown.Error,
			Means:  "two items of an order alike",
			Remedy: "change one",
			Why:    "Nobody could tell the two apart.",
		},
		{
			Name: "match-columns", Severity: markdown.Error,
			Means:  "a match whose table has not two columns, or a row with more cells",
			Remedy: "make it two",
			Why:    "Pairs have a left and a right side.",
		},
		{
			Name: "match-few", Severity: markdown.Error,
			Means:  "a match of fewer than 2 pairs",
			Remedy: "add some",
			Why:    "One pair leaves nothing to match.",
		},
		{
			Name: "match-empty", Severity: markdown.Error,
			Means:  "an empty right cell in a match",
			Remedy: "fill it; a decoy has an empty *left* cell",
			Why:    "Its left side could be paired with nothing.",
		},
		{
			Name: "match-dup", Severity: markdown.Error,
			Means:  "a cell of a match stands there twice, so that pairs are not unique",
			Remedy: "change one",
			Why:    "Two pairs would be right although only one is accepted.",
		},
		{
			Name: "cloze-empty", Severity: markdown.Error,
			Means:  "`{{}}` or `{{c1::}}`",
			Remedy: "write the answer",
			Why:    "There is nothing to fill in.",
		},
		{
			Name: "cloze-open", Severity: markdown.Error,
			Means:  "`{{` without `}}`",
			Remedy: "close it; `\\{{` or backticks for text",
			Why:    "The braces are either a blank that lost its end or text that wants a backslash.",
		},
		{
			Name: "cloze-number", Severity: markdown.Warning, Fixable: true,
			Means:  "one of several blanks has no number",
			Remedy: "write the `cN::` that the message gives",
			Why:    "Each number is a flashcard with a history of its own. Without one the number depends on the other blanks, and changes with them.",
		},
		{
			Name: "cloze-place", Severity: markdown.Error,
			Means:  "a blank in a heading, or a `cloze` block outside the stem",
			Remedy: "move it, or drop the word",
			Why:    "The blank would be shown as an empty line that nobody can fill.",
		},
		{
			Name: "rubric-weight", Severity: markdown.Error,
			Means:  "`(0)`, `(x)` or another thing that is no weight",
			Remedy: "a whole number from 1 to 100",
			Why:    "A number in brackets at the start of a criterion is its weight; anything else there is most often a slip.",
		},
	}},
	{Title: "Text, code, links and images, anywhere", Codes: []Code{
		{
			Name: "fence-open", Severity: markdown.Error,
			Means:  "a code block is not closed and swallows what follows",
			Remedy: "close it with the same fence",
			Why:    "A fence that you forgot to close may be closed by that of a later question, and what stands between becomes part of the code. The linter knows such a block by a `##` line with a comment `<!-- id:` under it, or by a `###` line with the name of a section. A block that is meant to hold such lines needs the language `markdown` or `md`.",
		},
		{
			Name: "fence-lang", Severity: markdown.Warning,
			Means:  "a code block with no language or an unknown one",
			Remedy: "name it, or `text`",
			Why:    "The language gives colours, the label above the block, and the runtime of an output question.",
		},
		{
			Name: "comment-open", Severity: markdown.Error,
			Means:  "a comment is never closed",
			Remedy: "end it with `-->`",
			Why:    "It hides the rest of the file, questions included.",
		},
		{
			Name: "html-tag", Severity: markdown.Error,
			Means:  "a tag or attribute that is not allowed, or a tag that is not closed",
			Remedy: "backticks for text; close it in the same block",
			Why:    "`<string>` meant as text would vanish in the browser, and pages show no markup of which they do not know that it is harmless.",
		},
		{
			Name: "text-placeholder", Severity: markdown.Error,
			Means:  "`TODO`, `$NAME`, or a `{{…}}` outside a stem",
			Remedy: "write the text, or use backticks",
			Why:    "Such words are nearly always left-overs of a draft or of a template.",
		},
		{
			Name: "link-broken", Severity: markdown.Error,
			Means:  "a link to no such file or one that is not served, without a host, with another scheme, to `#anchor` or `/path`",
			Remedy: "`https://…` or a relative path to an image or `.md` file",
			Why:    "Candidates would be sent nowhere. The network is never asked, so dead addresses go unnoticed.",
		},
		{
			Name: "image-alt", Severity: markdown.Warning,
			Means:  "an image without alternative text",
			Remedy: "say what is to be seen",
			Why:    "People who cannot see the image cannot answer the question.",
		},
		{
			Name: "image-escape", Severity: markdown.Error,
			Means:  "an image whose path is not a relative one inside the bank",
			Remedy: "copy the image there",
			Why:    "Pages load nothing from other servers, and the bank must be complete in its folder.",
		},
		{
			Name: "image-missing", Severity: markdown.Error,
			Means:  "an image that does not exist",
			Remedy: "correct the path",
			Why:    "The page would show a gap.",
		},
		{
			Name: "image-type", Severity: markdown.Error,
			Means:  "an image of a type that cannot be shown",
			Remedy: "png, jpeg, gif, webp or svg",
			Why:    "Browsers show these types everywhere.",
		},
		{
			Name: "image-size", Severity: markdown.Error,
			Means:  "an image of 2 MB or more",
			Remedy: "make it smaller",
			Why:    "The page would be slow on a phone.",
		},
		{
			Name: "question-size", Severity: markdown.Error,
			Means:  "a question over 64 KiB, 500 links or 1 MiB of HTML",
			Remedy: "shorten or split it",
			Why:    "Nobody reads so long a question, and the limit keeps hostile files cheap.",
		},
		{
			Name: "table-size", Severity: markdown.Error,
			Means:  "a table over 20 columns or 2,000 cells",
			Remedy: "split it",
			Why:    "So large a table cannot be read on a screen, and the limit keeps hostile files cheap.",
		},
		{
			Name: "nesting", Severity: markdown.Error,
			Means:  "lists, quotes or emphasis nested deeper than 12 levels",
			Remedy: "flatten it",
			Why:    "Text nested so deeply cannot be read, and the limit keeps hostile files cheap.",
		},
		{
			Name: "claim-form", Severity: markdown.Error,
			Means:  "`{as-of …}` without a month",
			Remedy: "write it as in `{as-of 2025-11}`",
			Why:    "The month is shown to candidates, and tells the linter when the statement wants a second look.",
		},
	}},
	{Title: "The bank as a whole, and the craft of questions", Codes: []Code{
		{
			Name: "dup-prompt", Severity: markdown.Warning,
			Means:  "the same stem as another question; the message says where",
			Remedy: "change or remove one",
			Why:    "Both may come in one quiz, and what people remember is split between them. Code counts as part of the stem.",
		},
		{
			Name: "dup-key", Severity: markdown.Warning,
			Means:  "the same stem and the same choices as another question, but another key",
			Remedy: "correct the wrong one and remove the other",
			Why:    "One of the two keys is wrong, or both depend on something that the stem does not say.",
		},
		{
			Name: "key-leak", Severity: markdown.Warning,
			Means:  "over the bank, the right choice is the longest, or stands in one place, more often than chance would have it",
			Remedy: "shorten keys, lengthen distractors, move keys",
			Why:    "Counted over questions with one right choice, from 30 on, without True and False. The limits are 40 % for the longest and 35 % for one place, or chance plus two standard errors where that is more; the message gives the counts.",
		},
		{
			Name: "give-away", Severity: markdown.Warning,
			Means:  "a question can be answered without knowing: `always` or `never` in distractors only, an article that fits the key only, a rare word of the stem that comes back in the key only",
			Remedy: "reword the choices alike",
			Why:    "Candidates who are good at tests, and not at the subject, look for exactly these signs.",
		},
		{
			Name: "choice-above", Severity: markdown.Warning,
			Means:  "a choice \"all of the above\" or \"none of the above\"",
			Remedy: "name one more choice, or let people pick several",
			Why:    "Who knows that two choices are right, or that one is wrong, has the answer without knowing the rest.",
		},
		{
			Name: "stale-claim", Severity: markdown.Warning,
			Means:  "a statement marked `{as-of YYYY-MM}` is older than twelve months",
			Remedy: "check it, then change the month",
			Why:    "Shares, defaults and prices change. The mark is how you tell yourself to look again.",
		},
		{
			Name: "version-claim", Severity: markdown.Warning,
			Means:  "a stem that speaks of \"the latest version of\" something, or of another kind of Node module than the runtime of its key",
			Remedy: "name the version; make stem and `runtimes` agree",
			Why:    "The latest version is another one next year. CommonJS and ES modules run callbacks in different orders, so that a key holds for one of them.",
		},
		{
			Name: "coverage", Severity: markdown.Warning,
			Means:  "a topic has too few questions for a quiz of 10, or a level too few for an assessment of 20",
			Remedy: "write more, or move its questions to a neighbour",
			Why:    "Counted once the bank has 50 questions. For a quiz all questions count that may serve in one, for an assessment those that the program marks.",
		},
		{
			Name: "tag-orphan", Severity: markdown.Warning,
			Means:  "a tag used once that is nearly the same word as one used more often",
			Remedy: "take the other one",
			Why:    "People practise by tag. A misspelt one hides its question.",
		},
	}},
	{Title: "Keys that are executed, by verify", Codes: []Code{
		{
			Name: "runtime-differs", Severity: markdown.Warning,
			Means:  "a program prints something else as the other kind of Node module, and neither prompt nor code shows which one is meant",
			Remedy: "write \"CommonJS\" or \"ES module\" into the prompt",
			Why:    "The two run callbacks in different orders; candidates have to know which one is asked about.",
		},
		{
			Name: "output-twin", Severity: markdown.Warning,
			Means:  "a question with choices, or with a text or number to type, asks what a program prints, and nothing executes its key",
			Remedy: "make it an output question, or add one about the same code",
			Why:    "What a program prints is easily believed and easily wrong. An output question about the same code lets a machine check it.",
		},
		{
			Name: "output-false", Severity: markdown.Error,
			Means:  "a program prints something else than its `### Output` says",
			Remedy: "correct the output, or the program",
			Why:    "The key was executed, and the finding stands at the first line of it that is wrong.",
		},
		{
			Name: "query-setup", Severity: markdown.Error,
			Means:  "a data set cannot be built, or the author's own statement fails on it, finds nothing on any, or gives other rows when tables are read backwards",
			Remedy: "the message says what SQLite has against it",
			Why:    "Candidates' statements are held against the rows of the author's.",
		},
		{
			Name: "query-plan", Severity: markdown.Error,
			Means:  "`plan: index` is asked for, and the author's own statement reads a table or an index from end to end",
			Remedy: "add an index to the data set, or remove `plan:`",
			Why:    "Nobody could answer the question.",
		},
	}},
	handbookCodes,
}
