package admin

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// MadeUp returns the files of a content folder, by path, with so many questions that mean nothing: for measuring. Its
// language has 4,000 words, some of which are in most texts, and most in few. The same random number gives the same files.
func MadeUp(questions int, random uint64) map[string]string {
	m := madeUp{Rand: rand.New(rand.NewPCG(1, random))}
	syllables := strings.Fields("ba co de fi gu ha je ki lo mu na pe qui ro si tu va we xy zo")
	for range 4000 {
		word := ""
		for range 2 + m.IntN(3) {
			word += syllables[m.IntN(len(syllables))]
		}
		m.words = append(m.words, word)
	}
	const perTopic = 500
	files := map[string]string{"bank.yaml": "id: made-up\ntitle: Made up\nlicense: CC-BY-4.0\n"}
	for topic := 0; topic*perTopic < questions; topic++ {
		files[fmt.Sprintf("questions/topic-%d.md", topic)] = m.topic(topic, min(perTopic, questions-topic*perTopic))
	}
	return files
}

type madeUp struct {
	*rand.Rand
	words []string
}

func (m madeUp) topic(topic, questions int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "---\nid: topic-%d\ntitle: Topic %d\nlevel: mid\ndifficulty: medium\ntags: [t%d]\norder: %d\n---\n", topic, topic, topic, topic)
	for q := range questions {
		const question = "\n## Question %d of%s?\n<!-- id: q-%d-%d, tags: [%s] -->\n\nGiven%s.\n\n- [x] one%s\n- [ ] two%s\n- [ ] three%s\n\nBecause%s.\n"
		fmt.Fprintf(&b, question, q, m.say(6), topic, q, m.words[m.IntN(100)], m.say(30), m.say(4), m.say(4), m.say(4), m.say(60))
	}
	return b.String()
}

// say returns n words, with a space before each.
func (m madeUp) say(n int) string {
	var b strings.Builder
	for range n {
		b.WriteString(" " + m.words[int(float64(len(m.words))*m.Float64()*m.Float64()*m.Float64())])
	}
	return b.String()
}
