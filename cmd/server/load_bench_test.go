package main

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"rehearse/admin"
	"rehearse/practice"
	"rehearse/store"
)

// BenchmarkFirstLoad loads 10,000 questions into an empty database until they are served, and says what stays in memory.
func BenchmarkFirstLoad(b *testing.B) {
	dir := b.TempDir()
	for name, text := range admin.MadeUp(10_000, 1) {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			b.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			b.Fatal(err)
		}
	}
	heap := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before, begin := heap(), cpuTime()
	for range b.N {
		b.StopTimer()
		st, err := store.Open(b.Context(), filepath.Join(b.TempDir(), "test.db"), store.Options{})
		if err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
		desk := admin.NewDesk(os.DirFS(dir), st, nil)
		if l := desk.Load(b.Context(), false); l.Err != nil || l.Bank.Size() != 10_000 {
			b.Fatalf("%v: %d questions", l.Err, l.Bank.Size())
		}
		if _, err := practice.New(b.Context(), st, nil, "made-up"); err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		b.ReportMetric(float64(heap()-before)/1e6, "MB")
		if err := st.Close(); err != nil {
			b.Fatal(err)
		}
		runtime.KeepAlive(desk)
		b.StartTimer()
	}
	b.ReportMetric((cpuTime()-begin).Seconds()*1000/float64(b.N), "cpu-ms/op")
}
