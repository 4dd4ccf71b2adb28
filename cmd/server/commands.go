package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"rehearse/bank"
	"rehearse/practice"
	"rehearse/store"
)

// lint prints everything that is wrong in a content folder.
func lint(_ context.Context, p *program) error {
	if len(p.args) > 1 {
		return fmt.Errorf("unexpected argument %q; give one folder", p.args[1])
	}
	dir := strings.Join(p.args, "")
	root, err := contentRoot(dir)
	if err != nil {
		return err
	}
	b, findings, err := bank.Read(root)
	if err != nil {
		return err
	}
	for _, f := range findings {
		f.Path = joinPath(dir, f.Path)
		fmt.Fprintln(p.stdout, f)
	}
	if len(findings) > 0 {
		return errFindings
	}
	questions := 0
	for _, t := range b.Topics {
		questions += len(t.Questions)
	}
	fmt.Fprintf(p.stderr, "no findings; questions: %d, topics: %d\n", questions, len(b.Topics))
	return nil
}

// joinPath puts the folder that was asked for before a path, so that editors find the file.
func joinPath(dir, path string) string {
	if dir == "" {
		return path
	}
	return strings.TrimRight(dir, "/") + "/" + path
}

// rebuild computes everything that is computed from the log anew.
func rebuild(ctx context.Context, p *program) (err error) {
	st, close, err := openAlone(ctx, p.cfg.database)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, close()) }()
	start := time.Now()
	svc, err := practice.NewOffline(st)
	if err != nil {
		return err
	}
	shown := time.Now()
	err = svc.Rebuild(ctx, func(done, total int) {
		if time.Since(shown) > time.Second || done == total {
			shown = time.Now()
			fmt.Fprintf(p.stderr, "rebuilt %d of %d candidates\n", done, total)
		}
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(p.stdout, "rebuilt in %s\n", time.Since(start).Round(time.Millisecond))
	return nil
}

// openAlone opens a database that exists, for a command that no server may be running beside on SQLite.
func openAlone(ctx context.Context, database string) (*store.Store, func() error, error) {
	if file, isFile := store.File(database); isFile {
		if _, err := os.Stat(file); err != nil {
			return nil, nil, fmt.Errorf("database: %w", err)
		}
	}
	st, close, err := openServing(ctx, database)
	if errors.Is(err, store.ErrLocked) {
		return nil, nil, fmt.Errorf("%w; stop it first", err)
	}
	return st, close, err
}

// healthcheck asks the server at --base-url, or at --addr, whether it is ready.
func healthcheck(ctx context.Context, p *program) error {
	address := "http://" + p.cfg.addr
	if p.cfg.baseURL != nil {
		// The port is asked directly: the public address may only be reachable through the proxy.
		address += strings.TrimRight(p.cfg.baseURL.Path, "/")
	}
	if host, port, err := net.SplitHostPort(p.cfg.addr); err == nil && (host == "" || net.ParseIP(host).IsUnspecified()) {
		address = strings.Replace(address, p.cfg.addr, net.JoinHostPort("localhost", port), 1)
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address+"/readyz", nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		fmt.Fprintf(p.stderr, "not ready: %s answers %s\n", request.URL, response.Status)
		return errFindings
	}
	fmt.Fprintln(p.stdout, "ready")
	return nil
}
