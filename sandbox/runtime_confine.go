package sandbox

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"time"
)

// errRun is the cause that stops a run: the limit that it broke.
type errRun string

func (e errRun) Error() string { return string(e) }

// confined runs a program of an author in a folder: with no environment but PATH, HOME and the time zone UTC, with stdin
// empty, and within limits of time, output, memory, file size and number of processes. When it ends, whatever it has
// started ends, too. On Linux it runs in namespaces of its own, where the kernel allows that: without a network but its
// own loopback, able to signal no process but its own, and for root as the user nobody. It can read, and but for root write,
// what the author can: these are limits for mistakes, not for enemies.
func confined(author context.Context, dir, path string, args ...string) (Printed, error) {
	ctx, stop := context.WithCancelCause(author)
	defer stop(nil)
	ctx, cancel := context.WithTimeoutCause(ctx, runTime, errRun(fmt.Sprintf("did not end within %s", runTime)))
	defer cancel()
	stdout, stderr := &capped{stop: stop}, &capped{stop: stop}
	cmd := exec.CommandContext(ctx, "/bin/sh", append([]string{"-c", limited(maxTasks()), "sh", path}, args...)...)
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = dir, environment(dir), stdout, stderr
	cmd.WaitDelay = time.Second // for a descendant that escaped and holds stdout open
	release, err := confine(cmd)
	if err != nil {
		return Printed{}, err
	}
	defer release()
	cmd.Cancel = func() error { return killAll(cmd.Process.Pid) }
	if err := cmd.Start(); err != nil { // root's programs run as nobody, who must be able to reach the folder
		return Printed{}, fmt.Errorf("in the temporary folder %s: %w", dir, err)
	}
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		watch(ctx, cmd.Process.Pid, stop)
	}()
	err = cmd.Wait()
	limit, broken := context.Cause(ctx).(errRun)
	stop(nil)
	<-watched
	_ = killAll(cmd.Process.Pid) // what is left of its group
	p := Printed{Text: string(stdout.text), Errors: string(stderr.text)}
	var exit *exec.ExitError
	switch {
	case author.Err() != nil:
		return Printed{}, author.Err()
	case broken:
		p.Status, p.Stopped = string(limit), true
	case errors.As(err, &exit):
		p.Status = exit.Error()
	case err != nil && !errors.Is(err, exec.ErrWaitDelay):
		return Printed{}, err
	}
	return p, nil
}

// limited returns a shell program that sets limits and then runs its arguments, with at most so many threads and processes
// unless tasks is 0. The shell stays: where it is the first process of its namespace, everything ends with it. What the
// system does not know is passed over; shells spell the limit of processes in two ways.
func limited(tasks int) string {
	limits := fmt.Sprintf("ulimit -c 0; ulimit -n 256; ulimit -t %d; ulimit -f %d; ulimit -d %d", 2*int(runTime.Seconds()), maxFile/512, maxMemory)
	if tasks > 0 {
		limits += fmt.Sprintf("; ulimit -u %d || ulimit -p %d", tasks, tasks)
	}
	return "{ " + limits + "; ip link set lo up; } 2>/dev/null\n" + `"$@"` + "\nexit $?"
}

// environment is all that a program finds in its environment.
func environment(dir string) []string {
	return []string{"PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", "HOME=" + dir, "TMPDIR=" + dir, "TZ=UTC"}
}

// capped keeps what is printed, up to the limit, at which it stops the run.
type capped struct {
	text []byte // not a bytes.Buffer: that has more ways in than Write
	stop context.CancelCauseFunc
}

func (c *capped) Write(p []byte) (int, error) {
	if len(c.text)+len(p) > maxPrinted {
		c.stop(errRun(fmt.Sprintf("printed more than %d KiB", maxPrinted>>10)))
		return 0, errors.New("too much output")
	}
	c.text = append(c.text, p...)
	return len(p), nil
}
