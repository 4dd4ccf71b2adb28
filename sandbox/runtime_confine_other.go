//go:build unix && !linux

package sandbox

import (
	"context"
	"os/exec"
	"syscall"
)

// confine puts a command into a process group of its own.
func confine(cmd *exec.Cmd) (release func(), err error) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	return func() {}, nil
}

// maxTasks returns 0: here the limit of processes counts all of the author's.
func maxTasks() int { return 0 }

// Confinement says in a few words how programs are confined here.
func Confinement() string {
	return "no namespaces on this system: the network is open, and a process that leaves its group is not stopped"
}

// killAll kills a process and its group.
func killAll(pid int) error { return syscall.Kill(-pid, syscall.SIGKILL) }

// watch does nothing here: there is no cheap way to count the processes of a run.
func watch(context.Context, int, context.CancelCauseFunc) {}
