package torture

import (
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// clients is how many candidates answer at the same time.
const clients = 16

func TestKillUnderLoad(t *testing.T) {
	t.Parallel()
	s := newSetup(t, filepath.Join(t.TempDir(), "test.db"))
	l := newLoad()
	kills := form(20, 1000)
	begun := 0 // kills that met answers on their way
	for i := range kills {
		srv := s.start()
		before := l.broken
		l.begin(srv.url, clients, false)
		l.waitFor(t, 1)
		pause(t.Context(), 300*time.Millisecond)
		srv.kill()
		l.end()
		if l.broken > before {
			begun++
		}
		if i%10 == 9 || i == kills-1 { // the whole store is read
			l.mustHold(t, s.database)
		}
	}
	srv := s.start()
	l.begin(srv.url, clients, false)
	l.waitFor(t, clients)
	l.end()
	acked, inStore := l.mustHold(t, s.database)
	s.mustBeSound()
	figure(t, "kill -9 under load of %d clients: %d kills (%d with requests on their way), %d answers acknowledged, %d stored, 0 lost; check finds nothing",
		clients, kills, begun, acked, inStore)
}

func TestTermUnderLoad(t *testing.T) {
	t.Parallel()
	s := newSetup(t, filepath.Join(t.TempDir(), "test.db"))
	l := newLoad()
	terms, logged := form(5, 100), 0
	for range terms {
		srv := s.start()
		l.begin(srv.url, clients, true)
		l.waitFor(t, 1)
		pause(t.Context(), 500*time.Millisecond)
		if code := srv.stop(); code != 0 {
			t.Fatalf("exit code %d:\n%s", code, tail(srv.log.String()))
		}
		l.end()
		for line := range strings.Lines(srv.log.String()) {
			if strings.Contains(line, `"method":"POST"`) && strings.Contains(line, `"status":303`) {
				logged++
			}
		}
	}
	acked, inStore := l.mustHold(t, s.database)
	if acked != logged || acked != inStore {
		t.Fatalf("the servers took %d answers, the clients heard of %d, %d are stored", logged, acked, inStore)
	}
	if len(l.pages) > 0 {
		t.Errorf("clients were shown %s", sortedCounts(l.pages))
	}
	s.mustBeSound()
	figure(t, "SIGTERM under load of %d clients: %d stops, %d answers accepted = %d answered = %d stored", clients, terms, logged, acked, inStore)
}
