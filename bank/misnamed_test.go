package bank

import (
	"testing"
	"testing/fstest"
)

// What lacks because the name of its section is misspelt is not reported beside the misspelling.
func TestAMisspeltSectionIsOneFinding(t *testing.T) {
	for name, question := range map[string]string{
		"explanation": "### Accept\n\n- = 53\n\n### Explenation\n\nDNS.\n",
		"answer":      "### Anwser\n\n53\n",
	} {
		t.Run(name, func(t *testing.T) {
			_, findings, err := Read(fstest.MapFS{
				"bank.yaml":          {Data: []byte("id: bank\ntitle: B\nlicense: CC0-1.0\n")},
				"questions/ports.md": {Data: []byte("---\ntitle: Ports\n---\n\n## Which port does DNS use?\n<!-- id: dns-port -->\n\n" + question)},
			})
			if err != nil || len(findings) != 1 || findings[0].Code != "section-unknown" {
				t.Errorf("findings %v, %v; want section-unknown alone", findings, err)
			}
		})
	}
}
