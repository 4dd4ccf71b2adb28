package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"path/filepath"

	"rehearse/admin"
	"rehearse/web"
)

// preview shows a content folder, and anew whenever it changes. It has no database, and listens on this machine alone:
// it shows every key.
func preview(ctx context.Context, p *program) error {
	if len(p.args) != 1 {
		return errors.New("give one content folder, with bank.yaml and questions/")
	}
	dir := p.args[0]
	if whole := contentAbove(dir); whole != "" {
		fmt.Fprintf(p.stderr, "%s is a part of the content folder %s, which is shown\n", dir, whole)
		dir = whole
	}
	root, err := contentRoot(dir)
	if err != nil {
		return err
	}
	host, _, err := net.SplitHostPort(p.cfg.addr)
	if err != nil || !isLoopback(host) {
		return fmt.Errorf("--addr %s: a preview shows every key and listens on this machine alone, such as on localhost:8080", p.cfg.addr)
	}
	logger := p.logger(p.stderr)
	listener, err := net.Listen("tcp", p.cfg.addr)
	if err != nil {
		return fmt.Errorf("listen on %s: %w; choose another --addr", p.cfg.addr, err)
	}
	defer listener.Close()

	desk := admin.NewDesk(root, nil, func(l *admin.Loading) { sayLoading(p, l) })
	if first := desk.Load(ctx, false); first.Err != nil {
		return first.Err
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	go watch(ctx, dir, logger, func() { desk.Load(ctx, false) })

	base := &url.URL{Scheme: "http", Host: publicHost(p.cfg.addr, listener.Addr())}
	folder := dir
	if abs, err := filepath.Abs(dir); err == nil {
		folder = filepath.Base(abs)
	}
	handler := web.NewPreview(web.PreviewConfig{Desk: desk, Content: root, Folder: folder, BaseURL: base, Logger: logger, Done: ctx.Done()})
	fmt.Fprintf(p.stdout, "The preview of %s is at %s\n", dir, base)
	return serveUntil(ctx, newServer(handler, "", logger), listener, logger)
}

// sayLoading prints what a load has found, as a person at a terminal reads it.
func sayLoading(p *program, l *admin.Loading) {
	if l.Err != nil {
		fmt.Fprintln(p.stderr, l.Err)
		return
	}
	fmt.Fprintf(p.stderr, "%s  %d questions, %d findings\n", l.At.Format("15:04:05"), l.Bank.Size(), len(l.Findings))
}
