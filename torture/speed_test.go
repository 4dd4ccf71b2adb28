package torture

import (
	"fmt"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestDurableAnswersPerSecond measures answers acknowledged through HTTP by 64 clients: on both engines, each with its disk
// flushed at every commit, and on SQLite without group commit, to see what that is worth. The runs alternate, so that what else the machine does meets both.
func TestDurableAnswersPerSecond(t *testing.T) {
	if !long {
		t.Skip("measured in the long form only")
	}
	file := func(int) string { return filepath.Join(t.TempDir(), "test.db") }
	n := newNode(t)
	n.init()
	n.start()
	onPostgres := func(run int) string {
		name := fmt.Sprintf("run_%d", run)
		n.exec("CREATE DATABASE " + name)
		return n.url(name)
	}
	kinds := []struct {
		name     string
		setup    *setup
		database func(run int) string
		rates    []float64
	}{
		{"SQLite", newSetup(t, ""), file, nil},
		{"SQLite without group commit", newSetup(t, "", "groupLimit=1"), file, nil},
		{"PostgreSQL", newSetup(t, ""), onPostgres, nil},
	}
	for run := range 3 {
		for i := range kinds {
			k := &kinds[i]
			k.setup.database = k.database(run)
			k.rates = append(k.rates, k.setup.answersPerSecond(64, 100))
		}
	}
	var says []string
	for _, k := range kinds {
		slices.Sort(k.rates)
		says = append(says, fmt.Sprintf("%.0f on %s (%.0f)", k.rates[1], k.name, k.rates))
	}
	figure(t, "durable answers a second through HTTP, 64 clients, medians of 3 alternating runs: %s; group commit is worth a factor of %.1f",
		strings.Join(says, ", "), kinds[0].rates[1]/kinds[1].rates[1])
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
