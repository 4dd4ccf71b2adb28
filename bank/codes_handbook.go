package bank

import "rehearse/markdown"

// handbookCodes are the rules of package handbook. They stand here so that there is one table of all rules.
var handbookCodes = CodeGroup{Title: "Guides, roles, plans, interviews, sets and assessments", Codes: []Code{
	{
		Name: "guide-section", Severity: markdown.Warning, Both: true,
		Means:  "a guide lacks a section, has one twice, in another place or under another name, or its FAQ is not questions with answers",
		Remedy: "write the sections of the skeleton in their order",
		Why:    "Readers who know one guide find their way in all of them.",
	},
	{
		Name: "guide-concept", Severity: markdown.Warning, Both: true,
		Means:  "a concept of a guide, on which no question is; as an error: `topics` names a topic that does not exist",
		Remedy: "tag a question with the concept, or use a tag that there is",
		Why:    "A concept is a promise that one can practise it.",
	},
	{
		Name: "guide-check", Severity: markdown.Error,
		Means:  "`<!-- check: … -->` names a question that does not exist, or that serves assessments alone",
		Remedy: "give the id of a question",
		Why:    "The reader would find a hole in the text.",
	},
	{
		Name: "guide-practise", Severity: markdown.Error,
		Means:  "`<!-- practise: … -->` cannot be read, or no question matches it",
		Remedy: "write `tags=[a, b]`, `topics=[c]` and `count=5`, with tags and topics that there are",
		Why:    "The link would lead to an empty quiz.",
	},
	{
		Name: "link-guide", Severity: markdown.Error,
		Means:  "`[[id]]`, `related` or `guides` names a guide that does not exist",
		Remedy: "correct the id, or write the guide",
		Why:    "The link would lead nowhere.",
	},
	{
		Name: "role-skill", Severity: markdown.Error,
		Means:  "a skill of a role is neither a topic nor a tag of any question",
		Remedy: "use a topic or tag that there is",
		Why:    "Nobody could show the skill, so that its gap could never close.",
	},
	{
		Name: "role-charter", Severity: markdown.Warning,
		Means:  "a role has no text",
		Remedy: "write below the front matter what the role is for",
		Why:    "Skills alone do not say what somebody is trusted with.",
	},
	{
		Name: "plan-topic", Severity: markdown.Error,
		Means:  "a topic of a plan is neither a topic nor a tag of any question",
		Remedy: "use a topic or tag that there is",
		Why:    "Progress is read from answers; there could be none.",
	},
	{
		Name: "plan-weeks", Severity: markdown.Error,
		Means:  "the weeks of a plan overlap, leave a gap or run backwards",
		Remedy: "let each block begin in the week after the one before",
		Why:    "Each week of the calendar belongs to one block.",
	},
	{
		Name: "plan-mock", Severity: markdown.Error,
		Means:  "a plan names a template of a mock interview that does not exist",
		Remedy: "correct the id, or write the template",
		Why:    "The plan would send people to a page that is not there.",
	},
	{
		Name: "interview-tag", Severity: markdown.Error,
		Means:  "a section of a mock interview asks for a tag that no question has",
		Remedy: "use a topic or tag that there is",
		Why:    "The section would be empty.",
	},
	{
		Name: "set-question", Severity: markdown.Error,
		Means:  "a set names a question that does not exist, that serves assessments alone, or that it has already",
		Remedy: "correct or remove the id",
		Why:    "A set is started as a whole.",
	},
	{
		Name: "assessment-topic", Severity: markdown.Error,
		Means:  "a topic of an assessment is neither a topic nor a tag of any question",
		Remedy: "use a topic or tag that there is",
		Why:    "A part of the skill check would never be asked.",
	},
	{
		Name: "assessment-role", Severity: markdown.Error,
		Means:  "an assessment names a role that does not exist",
		Remedy: "correct the id, or write the role",
		Why:    "Nothing could be said about readiness for it.",
	},
}}
