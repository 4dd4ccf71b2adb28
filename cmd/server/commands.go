package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"

	"rehearse/bank"
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
