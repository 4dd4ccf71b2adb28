// Package content embeds the questions that ship with the program. The folder is one bank; its text is licensed under
// CC BY 4.0 (see LICENSE in this folder).
package content

import "embed"

// FS is the content root: bank.yaml, verified.json, questions/, and the handbook: guides/, roles/, plans/, sets/ and
// assessments/.
//
//go:embed bank.yaml verified.json questions guides roles plans sets assessments
var FS embed.FS
