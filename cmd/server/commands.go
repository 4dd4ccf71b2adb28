package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"
)

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
