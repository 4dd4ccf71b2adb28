package main

import (
	"errors"
	"fmt"
	"strings"
	"sync"
)

const quizLength = 40

const (
	newQuiz   = "kind=single&count=40&mode=practice&limit=none"
	usualQuiz = "kind=single&count=10&mode=practice&limit=none"
)

// candidate is somebody with quizzes that are begun.
type candidate struct {
	cookie  string
	from    string   // an address of their own
	usual   string   // path of a quiz of ten questions, to look at
	quizzes []string // paths of those to be answered
}

// people makes candidates with as many quizzes each, some at a time.
func people(addr string, n, quizzes int) ([]candidate, error) {
	all, failed := make([]candidate, n), make([]error, n)
	turns := make(chan int)
	var wg sync.WaitGroup
	for range min(n, 32) {
		wg.Go(func() {
			c := client{addr: addr}
			defer c.close()
			for i := range turns {
				all[i], failed[i] = c.begin(fmt.Sprintf("10.%d.%d.1", i/250, i%250), quizzes)
			}
		})
	}
	for i := range n {
		turns <- i
	}
	close(turns)
	wg.Wait()
	return all, errors.Join(failed...)
}

func (c *client) begin(from string, quizzes int) (who candidate, err error) {
	r, err := c.do(post("/quizzes", "", from, usualQuiz), nil)
	if err != nil || r.status != 303 {
		return who, errors.Join(fmt.Errorf("start a quiz: status %d", r.status), err)
	}
	who = candidate{cookie: r.cookie, from: from, usual: strings.TrimSuffix(r.location, "/1")}
	for range quizzes {
		r, err := c.do(post("/quizzes", who.cookie, from, newQuiz), nil)
		if err != nil || r.status != 303 {
			return who, errors.Join(fmt.Errorf("start a quiz: status %d", r.status), err)
		}
		who.quizzes = append(who.quizzes, strings.TrimSuffix(r.location, "/1"))
	}
	return who, nil
}

// sitting is a quiz of a candidate.
type sitting struct{ path, cookie, from string }

// answers is the stream of those who answer question after question.
type answers struct {
	quizzes  []sitting
	position int // of all their questions; those before it are stored
	proxied  bool
}

func (a *answers) next() []byte {
	if a.position/quizLength >= len(a.quizzes) {
		return nil
	}
	quiz, from := a.quizzes[a.position/quizLength], ""
	if a.proxied {
		from = quiz.from
	}
	return post(fmt.Sprintf("%s/%d", quiz.path, a.position%quizLength+1), quiz.cookie, from, "choice=1")
}

// answered goes on to the next question when this one was stored.
func (a *answers) answered(r reply) {
	if r.status == 303 {
		a.position++
	}
}

// answering returns n streams, each of candidates of its own, and what tells how many answers were acknowledged.
func answering(all []candidate, n int, proxied bool) (streams []stream, acknowledged func() int) {
	each := make([]*answers, n)
	for i := range each {
		each[i] = &answers{proxied: proxied}
		streams = append(streams, each[i])
	}
	for i, who := range all {
		for _, path := range who.quizzes {
			each[i%n].quizzes = append(each[i%n].quizzes, sitting{path, who.cookie, who.from})
		}
	}
	return streams, func() (sum int) {
		for _, a := range each {
			sum += a.position
		}
		return sum
	}
}

// reading returns n streams of people who look at their first question again and again.
func reading(all []candidate, n int) (streams []stream) {
	for i := range n {
		who := all[i%len(all)]
		streams = append(streams, same(get(who.usual+"/1", who.cookie, "")))
	}
	return streams
}

// newcomers is the stream of somebody who starts a quiz as somebody new each time.
type newcomers struct{ from string }

func (n newcomers) next() []byte { return post("/quizzes", "", n.from, newQuiz) }

func (newcomers) answered(reply) {}
