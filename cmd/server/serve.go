package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"sync"
	"syscall"
	"time"

	"rehearse/admin"
	"rehearse/markdown"
	"rehearse/practice"
	"rehearse/sandbox"
	"rehearse/store"
	"rehearse/web"
)

// drainTime is how long requests in flight may take after the program was told to stop.
const drainTime = 30 * time.Second

// serve runs the site until ctx ends, then lets the requests in flight finish and closes the database.
func serve(ctx context.Context, p *program) (err error) {
	if p.cfg.watch && p.cfg.content == "" {
		return errors.New("--watch needs --content: the built-in content does not change")
	}
	late := &lateWriter{w: p.stderr}
	defer late.flush()
	logger, requests := p.logger(prompt{late}), p.logger(late)
	listener, err := net.Listen("tcp", p.cfg.addr)
	if err != nil {
		return fmt.Errorf("listen on %s: %w; choose another --addr", p.cfg.addr, err)
	}
	defer listener.Close()
	base := p.cfg.baseURL
	if base == nil {
		base = &url.URL{Scheme: "http", Host: publicHost(p.cfg.addr, listener.Addr())}
	}
	st, close, err := openServing(ctx, p.cfg.database, logger)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, close()) }()

	pool, err := newPool()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, pool.Close()) }()

	handler, svc, desk, err := newSite(ctx, p, st, pool, base, logger, requests)
	if err != nil {
		return err
	}
	if base.Scheme == "http" && !(isLoopback(base.Hostname()) && isLocal(listener.Addr())) {
		logger.Warn("the site is served over plain http: session cookies can be read on the network; put a proxy with https before it", "url", base)
	}
	background, stop := context.WithCancel(context.WithoutCancel(ctx))
	done, loading := keepUp(background, svc, logger), keepLoaded(background, p, desk, st, logger)
	defer func() { stop(); <-done; <-loading }()

	fmt.Fprintf(p.stdout, "Rehearse is at %s\n", base)
	return serveUntil(ctx, newServer(handler, base.Path, logger), listener, logger)
}

// openServing opens the database, and keeps other servers off it when it is a file. PostgreSQL serves many.
func openServing(ctx context.Context, database string, logger *slog.Logger) (*store.Store, func() error, error) {
	file, isFile := store.File(database)
	if !isFile {
		st, err := store.Open(ctx, database, store.Options{Serving: true, Program: buildID(), Logger: logger})
		if err != nil {
			return nil, nil, err
		}
		return st, st.Close, nil
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
		return nil, nil, fmt.Errorf("folder of the database: %w", err)
	}
	unlock, err := store.Lock(file)
	if err != nil {
		return nil, nil, err
	}
	st, err := store.Open(ctx, file, store.Options{Program: buildID(), Logger: logger})
	if err != nil {
		return nil, nil, errors.Join(err, unlock())
	}
	// While the writer waits for the disk, in a system call, Go takes its processor for busy for up to 10 ms: on one core all
	// others would wait along.
	if os.Getenv("GOMAXPROCS") == "" {
		runtime.GOMAXPROCS(runtime.GOMAXPROCS(0) + 1)
	}
	return st, func() error { return errors.Join(st.Close(), unlock()) }, nil
}

// newPool returns a pool for candidates' statements that leaves half of the processors to everything else.
func newPool() (*sandbox.Pool, error) { return sandbox.NewPool(max(1, runtime.NumCPU()/2)) }

// newSite loads the content and puts the site together. The desk loads it anew.
func newSite(ctx context.Context, p *program, st *store.Store, pool *sandbox.Pool, base *url.URL, logger, requests *slog.Logger) (http.Handler, *practice.Service, *admin.Desk, error) {
	root, err := contentRoot(p.cfg.content)
	if err != nil {
		return nil, nil, nil, err
	}
	begin := time.Now()
	usual := debug.SetGCPercent(1000) // the heap begins with nothing in it, and would be collected again and again
	defer debug.SetGCPercent(usual)
	desk := admin.NewDesk(root, st, func(l *admin.Loading) { logLoading(logger, p.cfg.content, l) })
	ahead := make(chan struct{})
	go func() { // beside the look at the folder
		defer close(ahead)
		_ = st.ReadAhead(ctx) // whatever it is, the catalog is read without it, too
	}()
	id, err := desk.Unchanged(ctx, buildID())
	<-ahead
	if err != nil {
		return nil, nil, nil, st.Diagnose(ctx, err)
	}
	unchanged := id != ""
	if !unchanged {
		debug.SetGCPercent(usual)
		first := desk.Load(ctx, p.cfg.retiring)
		if first.Err != nil {
			return nil, nil, nil, st.Diagnose(ctx, first.Err)
		}
		runtime.GC() // what follows stays: it would lie among all that the load needed, and keep its pages
		id = first.Bank.ID
	}
	svc, err := practice.New(ctx, st, pool, id)
	if err != nil {
		return nil, nil, nil, err
	}
	if unchanged {
		logger.Info("content as at the last start", "bank", id, "topics", len(svc.Catalog().Topics), "questions", len(svc.Catalog().Questions)+len(svc.Catalog().Secret),
			"took_ms", time.Since(begin).Milliseconds())
		desk.LeaveUnread(svc.Catalog().All())
	}
	time.AfterFunc(time.Second, func() { // what the first page does without, so that nobody has to wait for it later
		admin.Behind()
		desk.Handbook()
		giveBack(ctx, st) // a start takes far more than what stays of it
	})
	desk.Serve(func(ctx context.Context) error { return reload(ctx, svc, p.cfg.content, logger) })
	sayNothingServed(svc, p.cfg.content, logger)
	fresh := make([]byte, 32)
	_, _ = rand.Read(fresh) // never fails
	key, err := svc.ServerKey(ctx, "forms", fresh)
	if err != nil {
		return nil, nil, nil, err
	}
	return web.New(web.Config{
		Store: st, Practice: svc, Content: root, BaseURL: base, Proxies: p.cfg.proxies, Rollover: p.cfg.rollover,
		Limits: p.cfg.limits, FormKey: key, Logger: logger, Requests: requests,
		Desk: desk, AuthorToken: p.cfg.author, Dev: p.cfg.dev,
	}), svc, desk, nil
}

// giveBack gives memory back to the system that was needed for a while.
func giveBack(ctx context.Context, st *store.Store) {
	_ = st.Trim(ctx) // what fails here fails for all who write, and they say so
	runtime.GC()     // pools hold on to what is in them for one collection
	debug.FreeOSMemory()
}

// reload lets readers have what was loaded.
func reload(ctx context.Context, svc *practice.Service, dir string, logger *slog.Logger) error {
	if err := svc.Reload(ctx); err != nil {
		return err
	}
	sayNothingServed(svc, dir, logger)
	return nil
}

// sayNothingServed says loudly that there is nothing to serve, which visitors would find out otherwise.
func sayNothingServed(svc *practice.Service, dir string, logger *slog.Logger) {
	if len(svc.Catalog().Questions) == 0 {
		logger.Error("NOTHING IS SERVED: no question of the content folder could be loaded; server lint names the reasons", "folder", dir)
	}
}

// logLoading says what a load of a folder found and did.
func logLoading(logger *slog.Logger, dir string, l *admin.Loading) {
	for _, f := range l.Findings {
		if f.Severity == markdown.Error {
			f.Path = joinPath(dir, f.Path)
			logger.Warn("content error", "finding", f.String())
		}
	}
	for _, f := range l.Bank.Broken {
		logger.Warn("file not loaded; its last good questions stay, if there are any", "file", joinPath(dir, f.File))
	}
	for _, file := range l.Handbook.Broken {
		logger.Warn("file not loaded; its last good version stays, if there is one", "file", joinPath(dir, file))
	}
	if l.Err != nil {
		logger.Error("content not loaded", "error", l.Err)
		return
	}
	if l.Refused != nil {
		logger.Error("content not loaded, the last good content is served; if this is meant, start once with --allow-retire",
			"bank", l.Bank.ID, "reason", l.Refused.Error(), "retired", l.Refused.Retired, "of", l.Refused.Live)
		return
	}
	report := l.Report
	for _, r := range report.Renamed {
		logger.Info("question renamed", "from", r.From, "to", r.To, "joined", r.Joined)
	}
	for _, id := range report.KeyChanged {
		logger.Warn("key changed; old answers keep their score, add a corrected: entry if the old key was wrong", "question", id)
	}
	logger.Info("content loaded", "bank", l.Bank.ID, "topics", len(l.Bank.Topics), "questions", l.Bank.Size(), "handbook", len(l.Handbook.Pages()), "added", len(report.Added),
		"edited", len(report.Edited), "key_changed", len(report.KeyChanged), "corrected", len(report.Corrected),
		"reverted", len(report.Reverted), "reset", len(report.Reset), "renamed", len(report.Renamed), "moved", len(report.Moved), "retired", len(report.Retired),
		"returned", len(report.Returned), "relabelled", len(report.Relabelled), "took_ms", l.Took.Milliseconds())
}

// keepLoaded loads the content folder anew on SIGHUP, and with --watch whenever it changes, until ctx ends. The returned
// channel is closed when it has stopped.
func keepLoaded(ctx context.Context, p *program, desk *admin.Desk, st *store.Store, logger *slog.Logger) <-chan struct{} {
	again := make(chan os.Signal, 1)
	signal.Notify(again, syscall.SIGHUP)
	changed := make(chan struct{}, 1)
	if p.cfg.watch {
		go watch(ctx, p.cfg.content, logger, func() {
			select {
			case changed <- struct{}{}:
			default: // a load is due anyway
			}
		})
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer signal.Stop(again)
		for {
			select {
			case <-ctx.Done():
				return
			case <-again:
			case <-changed:
			}
			desk.Load(ctx, false)
			giveBack(ctx, st)
		}
	}()
	return done
}

// newServer returns a server with bounds on everything that a visitor can make it wait for or keep.
func newServer(handler http.Handler, base string, logger *slog.Logger) *http.Server {
	bounded := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Body != http.NoBody { // http.MaxBytesHandler would copy the request
			r.Body = http.MaxBytesReader(w, r.Body, web.MaxBody(r, base))
		}
		handler.ServeHTTP(w, r)
	})
	return &http.Server{
		Handler:           bounded,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       15 * time.Second,
		WriteTimeout:      30 * time.Second,
		IdleTimeout:       60 * time.Second,
		MaxHeaderBytes:    16 << 10,
		ConnContext:       web.WithSender,
		ErrorLog:          slog.NewLogLogger(logger.Handler(), slog.LevelDebug),
	}
}

// serveUntil serves until ctx ends, then drains.
func serveUntil(ctx context.Context, server *http.Server, listener net.Listener, logger *slog.Logger) error {
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(joining{listener}) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	logger.Info("stopping; requests in flight finish first")
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTime)
	defer cancel()
	if err := server.Shutdown(drain); err != nil {
		return fmt.Errorf("drain: %w", err)
	}
	logger.Info("stopped")
	return nil
}

// keepUp does what is due without anybody asking, until ctx ends: exams whose time is up are ended, old sessions go,
// and what a content load changed reaches everybody. The returned channel is closed when it has stopped.
func keepUp(ctx context.Context, svc *practice.Service, logger *slog.Logger) <-chan struct{} {
	const (
		every      = 5 * time.Second
		sessionAge = 400 * 24 * time.Hour

		restBehindAnswers = 4  // times as long as the work
		firstCalibration  = 10 // minutes after the start
		calibrateEvery    = 60 // minutes
	)
	done := make(chan struct{})
	var watching sync.WaitGroup
	watching.Go(func() {
		svc.Watch(ctx, func(err error) { logger.Error("the content of another process could not be read", "error", err) })
	})
	attempt := func(task func() error) {
		if err := guard(task); err != nil && ctx.Err() == nil {
			logger.Error("background work failed", "error", err)
		}
	}
	// What may take minutes keeps nothing else waiting, and nobody who comes when the program starts.
	watching.Go(func() {
		tick := time.NewTicker(time.Minute)
		defer tick.Stop()
		for minute := 1; ; minute++ {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			attempt(func() error { return svc.ScoreItems(ctx, restBehindAnswers) })
			if minute%calibrateEvery == firstCalibration {
				attempt(func() error { return svc.CalibrateNightly(ctx) })
			}
		}
	})
	go func() {
		defer close(done)
		defer watching.Wait()
		tick := time.NewTicker(every)
		defer tick.Stop()
		tasks := []func() error{
			func() error { _, err := svc.FinishExpired(ctx); return err },
			func() error { return svc.KeepCatalog(ctx) },
			func() error { return svc.CatchUp(ctx) },
			func() error {
				_, err := svc.PruneSessions(ctx, time.Now().Add(-sessionAge).UnixMilli())
				return err
			},
		}
		for {
			for _, task := range tasks {
				attempt(task)
			}
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
		}
	}()
	return done
}

// guard turns a panic of a task into an error: what one row of the database brings about must not end the program.
func guard(task func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return task()
}

// publicHost returns the host and port under which a listener is reached from this machine.
func publicHost(addr string, listening net.Addr) string {
	host, _, err := net.SplitHostPort(addr)
	if err != nil || host == "" || net.ParseIP(host).IsUnspecified() {
		host = "localhost"
	}
	_, port, err := net.SplitHostPort(listening.String())
	if err != nil {
		return host
	}
	return net.JoinHostPort(host, port)
}

// isLocal reports whether a listener is reached from this machine alone.
func isLocal(listening net.Addr) bool {
	host, _, err := net.SplitHostPort(listening.String())
	return err == nil && net.ParseIP(host).IsLoopback()
}

func isLoopback(host string) bool {
	return host == "localhost" || net.ParseIP(host).IsLoopback()
}

// logger logs to w, which leads to the program's errors: text where a person reads them, JSON where a program does.
func (p *program) logger(w io.Writer) *slog.Logger {
	options := &slog.HandlerOptions{Level: p.cfg.logLevel}
	if p.cfg.logFormat == "json" || p.cfg.logFormat == "auto" && !isTerminal(p.stderr) {
		return slog.New(slog.NewJSONHandler(w, options))
	}
	return slog.New(slog.NewTextHandler(w, options))
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
