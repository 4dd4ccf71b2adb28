package main

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"sync/atomic"
	"testing"
	"time"
)

// BenchmarkPagesBesideHostileStatements reports how long pages take while the sandbox is kept busy with statements that do
// not end, and how long they take without.
func BenchmarkPagesBesideHostileStatements(b *testing.B) {
	for _, senders := range []int{0, 8} {
		b.Run(fmt.Sprintf("senders=%d", senders), func(b *testing.B) { benchmarkPages(b, senders) })
	}
}

func benchmarkPages(b *testing.B, senders int) {
	s := start(b, "--database", filepath.Join(b.TempDir(), "r.db"), "--request-limits", "off")
	stop := make(chan struct{})
	var stopped atomic.Int64
	defer close(stop)
	const endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
	_, page := read(b, http.DefaultClient, s.url+"/questions/sql-run-gaps")
	token := regexp.MustCompile(`name="token" value="([^"]+)"`).FindStringSubmatch(page)
	form := url.Values{"token": {token[1]}, "text": {endless}}
	for range senders {
		go func() {
			for {
				select {
				case <-stop:
					return
				default:
					if r, err := http.PostForm(s.url+"/questions/sql-run-gaps/run", form); err == nil {
						_, _ = io.Copy(io.Discard, r.Body)
						r.Body.Close()
						if r.StatusCode == http.StatusUnprocessableEntity {
							stopped.Add(1)
						}
					}
				}
			}
		}()
	}
	time.Sleep(time.Second)
	var times []time.Duration
	for b.Loop() {
		start := time.Now()
		if status, _ := read(b, http.DefaultClient, s.url+"/questions/sql-run-gaps"); status != http.StatusOK {
			b.Fatalf("status %d", status)
		}
		times = append(times, time.Since(start))
		time.Sleep(5 * time.Millisecond) // as people do, only faster
	}
	b.ReportMetric(float64(stopped.Load()), "stopped")
	slices.Sort(times)
	for name, share := range map[string]int{"p50-ms": 50, "p99-ms": 99} {
		b.ReportMetric(float64(times[min(len(times)-1, len(times)*share/100)].Microseconds())/1000, name)
	}
}
