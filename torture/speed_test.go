package torture

import (
	"net/http"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"
)

// TestDurableAnswersPerSecond measures what group commit is worth: answers acknowledged through HTTP by 64 clients, with
// it and without. The runs alternate, so that what else the machine does meets both.
func TestDurableAnswersPerSecond(t *testing.T) {
	if !long {
		t.Skip("measured in the long form only")
	}
	with, without := newSetup(t, ""), newSetup(t, "", "groupLimit=1")
	var rates [2][]float64
	for range 3 {
		for i, s := range []*setup{with, without} {
			s.database = filepath.Join(t.TempDir(), "test.db")
			rates[i] = append(rates[i], s.answersPerSecond(64, 100))
		}
	}
	for i := range rates {
		slices.Sort(rates[i])
	}
	figure(t, "durable answers a second through HTTP, 64 clients, medians of 3 alternating runs: %.0f with group commit (%.0f), %.0f without (%.0f), ratio %.1f",
		rates[0][1], rates[0], rates[1][1], rates[1], rates[0][1]/rates[1][1])
}

// answersPerSecond lets each of a number of clients answer each times, by forms that they have read before.
func (s *setup) answersPerSecond(clients, each int) float64 {
	s.t.Helper()
	srv := s.start()
	l := newLoad()
	browsers := make([]*http.Client, clients)
	tokens := make([][]string, clients)
	var ready, done sync.WaitGroup
	for i := range browsers {
		ready.Go(func() {
			browsers[i] = newClient(false)
			for !l.answer(browsers[i], srv.url) { // becomes a candidate
				time.Sleep(time.Millisecond)
			}
			for len(tokens[i]) < each {
				text, err := token(browsers[i], srv.url)
				if err != nil {
					s.t.Error(err)
					return
				}
				tokens[i] = append(tokens[i], text)
			}
		})
	}
	ready.Wait()
	before, start := l.count(), time.Now()
	for i, c := range browsers {
		done.Go(func() {
			for _, text := range tokens[i] {
				l.post(c, srv.url, text)
			}
		})
	}
	done.Wait()
	took := time.Since(start)
	answers := l.count() - before
	if answers != clients*each {
		s.t.Errorf("%d of %d answers were acknowledged; pages: %s", answers, clients*each, sortedCounts(l.pages))
	}
	srv.stop()
	l.mustHold(s.t, s.database)
	return float64(answers) / took.Seconds()
}
