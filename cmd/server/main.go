// Command server is Rehearse: a web app for interview practice in one program.
//
// Without a command it serves. See server help for the others.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // candidates' time zones, on machines without their own table

	"rehearse/sandbox"
)

func main() {
	sandbox.Main() // the program is also its own child, for the statements of candidates
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr))
}
