package torture

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

// replicated is a primary with a synchronous standby, behind a proxy.
type replicated struct {
	t                testing.TB
	primary, standby *node
	proxy            *proxy
}

func newReplicated(t testing.TB) *replicated {
	t.Helper()
	r := &replicated{t: t, primary: newNode(t), standby: newNode(t)}
	r.primary.init()
	r.primary.start()
	r.primary.exec("CREATE DATABASE rehearse")
	r.standby.follow(r.primary)
	r.standby.start()
	for _, n := range []*node{r.primary, r.standby} { // the standby will be a primary
		n.exec("ALTER SYSTEM SET synchronous_standby_names = '*'", "SELECT pg_reload_conf()")
	}
	r.primary.inSync()
	r.proxy = newProxy(t, r.primary.addr())
	return r
}

// database returns the URL that servers know.
func (r *replicated) database() string {
	return fmt.Sprintf("postgres://rehearse@%s/rehearse?sslmode=disable", r.proxy.listener.Addr())
}

// crash ends the primary, or one of its processes, and lets it recover.
func (r *replicated) crash() {
	r.t.Helper()
	if rand.N(2) == 0 {
		r.primary.killProcess()
	} else {
		r.primary.crash()
		r.primary.start()
	}
	r.primary.inSync()
}

// promote lets the standby take over, at once and for ever, and makes a new standby in place of the old primary. Either
// the primary is gone before that, or it still runs and finds that nobody follows it.
func (r *replicated) promote() {
	r.t.Helper()
	old := r.primary
	if rand.N(2) == 0 {
		old.crash()
	}
	r.proxy.point("")
	r.standby.promote()
	r.primary, r.standby = r.standby, old
	r.proxy.point(r.primary.addr())
	old.crash()
	old.follow(r.primary)
	old.start()
	r.primary.inSync()
}

// site is one of several servers and those who use it.
type site struct {
	*server
	load *load
}

// TestPostgresUnderLoad is what happens to two servers on one PostgreSQL: servers are killed, the database crashes, a
// standby takes over, and rebuilds run beside all that. Whatever was acknowledged by either server is stored, once, in what is the primary in the end.
func TestPostgresUnderLoad(t *testing.T) {
	t.Parallel()
	r := newReplicated(t)
	s := newSetup(t, r.database())
	sites := make([]*site, 2)
	for i := range sites {
		sites[i] = &site{s.start(), newLoad()}
		sites[i].load.begin(sites[i].url, clients/2, false)
	}
	killed := 0
	events := []func(){
		func() {
			s.restart(sites[killed%2])
			killed++
		},
		r.crash,
		r.promote,
		func() {
			s.damageProjections()
			if code, out := s.run("rebuild"); code != 0 {
				t.Fatalf("rebuild: exit code %d\n%s", code, tail(out))
			}
			s.mustBeSound()
		},
	}
	each := form(2, 34) // of each kind: a hundred kills, crashes and promotions together, and as many rebuilds as each of them
	counts := make([]int, len(events))
	for range each * len(events) {
		for _, site := range sites {
			site.load.waitFor(t, clients)
		}
		pause(t.Context(), 300*time.Millisecond)
		kind := rand.N(len(events))
		for counts[kind] == each {
			kind = (kind + 1) % len(events)
		}
		counts[kind]++
		events[kind]()
	}
	acked, pages, broken := 0, map[string]int{}, 0
	var slow time.Duration
	for _, site := range sites {
		site.load.waitFor(t, clients)
		site.load.end()
		acked += site.load.count()
		broken += site.load.broken
		slow = max(slow, site.load.slow)
		for title, n := range site.load.pages {
			pages[title] += n
		}
	}
	found := stored(t, r.primary.url("rehearse"))
	for i, site := range sites {
		if lost := site.load.missing(found); len(lost) > 0 {
			t.Fatalf("%d of %d answers that server %d acknowledged are not stored once, the first: %s", len(lost), site.load.count(), i, lost[0])
		}
	}
	if code := sites[0].stop(); code != 0 {
		t.Errorf("exit code %d:\n%s", code, tail(sites[0].log.String()))
	}
	s.mustBeSound()
	figure(t, "two servers on PostgreSQL under load of %d clients: %d servers killed, %d crashes of the database, %d promotions of a synchronous standby, %d rebuilds of damaged tables; %d answers acknowledged, %d stored, 0 lost, the slowest in %d ms; %d requests without an answer, other pages: %s; check finds nothing",
		clients, counts[0], counts[1], counts[2], counts[3], acked, len(found), slow.Milliseconds(), broken, sortedCounts(pages))
}

// restart kills a server, and lets its users go on with a new one.
func (s *setup) restart(at *site) {
	s.t.Helper()
	at.kill()
	at.load.end()
	at.server = s.start()
	at.load.begin(at.url, clients/2, false)
}

// TestPostgresLosesWithoutSync shows that the test before would notice: with synchronous_commit=off, crashes lose what
// was acknowledged. A server refuses to start with that; here it is set behind its back.
func TestPostgresLosesWithoutSync(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	n.init()
	n.start()
	n.exec("CREATE DATABASE rehearse")
	s := newSetup(t, n.url("rehearse"))
	srv := s.start()
	n.exec("ALTER SYSTEM SET synchronous_commit = off", "ALTER SYSTEM SET wal_writer_delay = '1s'", "SELECT pg_reload_conf()")
	if _, said := s.try(); !strings.Contains(said, "synchronous_commit is off") {
		t.Fatalf("a server on a database with synchronous_commit=off says %q", said)
	}
	l := newLoad()
	lost, crashes := 0, 0
	for lost == 0 && crashes < 20 {
		l.begin(srv.url, clients, false)
		l.waitFor(t, clients)
		pause(t.Context(), 300*time.Millisecond)
		n.crash()
		n.start()
		l.end()
		crashes++
		lost = len(l.missing(stored(t, n.url("rehearse"))))
	}
	if lost == 0 {
		t.Fatalf("%d crashes with synchronous_commit=off lost nothing: the test cannot tell", crashes)
	}
	figure(t, "the same with synchronous_commit=off, as proof that the test bites: %d of %d acknowledged answers lost after %d crashes", lost, l.count(), crashes)
}

// TestUnconfirmedOnPostgres: an answer that the primary has and its standby has not is never acknowledged, not even when
// the primary crashed meanwhile and the second try finds the answer there.
func TestUnconfirmedOnPostgres(t *testing.T) {
	t.Parallel()
	r := newReplicated(t)
	s := newSetup(t, r.database())
	srv, l, c := s.start(), newLoad(), newClient(false)
	if !l.answer(c, srv.url) { // becomes a candidate
		t.Fatalf("the first answer is not acknowledged; pages: %s", sortedCounts(l.pages))
	}
	text, err := token(c, srv.url)
	if err != nil {
		t.Fatal(err)
	}
	r.standby.crash()
	acked := make(chan bool)
	go func() { acked <- l.post(c, srv.url, text) }()
	waits := func() {
		t.Helper()
		r.primary.waitFor("SELECT count(*) > 0 FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND application_name = 'rehearse'")
	}
	waits()
	r.primary.crash()
	r.primary.start()
	waits()
	var there int
	if err := r.primary.askIn("rehearse", "SELECT count(*) FROM evidence WHERE kind = 'r'", &there); err != nil || there != 2 {
		t.Fatalf("answers on the primary = %d, %v, want 2", there, err)
	}
	select {
	case <-acked:
		t.Fatal("an answer was acknowledged that the standby does not have")
	default:
	}
	r.standby.start()
	if !<-acked {
		t.Fatalf("the answer is not acknowledged in the end; pages: %s", sortedCounts(l.pages))
	}

	// When nothing answers any more, people are told.
	if text, err = token(c, srv.url); err != nil {
		t.Fatal(err)
	}
	r.standby.crash()
	r.primary.crash()
	if l.post(c, srv.url, text) || l.pages["503 This could not be read or saved"] != 1 {
		t.Fatalf("an answer without a database: acknowledged %d, pages %s", l.count(), sortedCounts(l.pages))
	}
	figure(t, "an answer that only the primary had, which crashed: not acknowledged until the standby had it, too")
}
