package sandbox

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"syscall"
	"time"
)

// confine puts a command into namespaces of its own, or at least into a process group of its own.
func confine(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if namespaces() {
		isolate(cmd.SysProcAttr)
	}
}

func isolate(attr *syscall.SysProcAttr) {
	attr.Cloneflags = syscall.CLONE_NEWUSER | syscall.CLONE_NEWPID | syscall.CLONE_NEWNET | syscall.CLONE_NEWIPC
	attr.UidMappings = []syscall.SysProcIDMap{{ContainerID: os.Getuid(), HostID: os.Getuid(), Size: 1}}
	attr.GidMappings = []syscall.SysProcIDMap{{ContainerID: os.Getgid(), HostID: os.Getgid(), Size: 1}}
}

// namespaces reports whether the kernel lets this process make namespaces. Many containers do not.
var namespaces = sync.OnceValue(func() bool {
	cmd := exec.Command("/bin/sh", "-c", "exit 0")
	cmd.SysProcAttr = &syscall.SysProcAttr{}
	isolate(cmd.SysProcAttr)
	return cmd.Run() == nil
})

// Confinement says in a few words how programs are confined here.
func Confinement() string {
	if namespaces() {
		return "own namespaces, no network"
	}
	return "no namespaces here: the network is open, and a process that leaves its group is not stopped"
}

// killAll kills a process, its group, and with it its namespace.
func killAll(pid int) error { return syscall.Kill(-pid, syscall.SIGKILL) }

// watch stops a run that has too many processes. The kernel's own limit counts all processes of the user, and does not
// hold for root.
func watch(ctx context.Context, pid int, stop context.CancelCauseFunc) {
	const every = 50 * time.Millisecond
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if descendants(pid) > maxProcesses {
				stop(errRun(fmt.Sprintf("had more than %d processes", maxProcesses)))
			}
		}
	}
}

// descendants counts the processes below pid and those of its group.
func descendants(pid int) (n int) {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return 0
	}
	parents, groups := map[int]int{}, map[int]int{}
	for _, e := range entries {
		if id, err := strconv.Atoi(e.Name()); err == nil {
			parents[id], groups[id] = family(id)
		}
	}
	for id := range parents {
		if groups[id] == pid || descends(parents, id, pid) {
			n++
		}
	}
	return n
}

// descends walks up from id. A process may have ended and its number may have been given anew while the table was read,
// so that there could be a circle.
func descends(parents map[int]int, id, pid int) bool {
	for range len(parents) {
		if id == pid {
			return true
		}
		id = parents[id]
	}
	return false
}

// family returns the parent and the group of a process. Its name, which may hold anything, ends at the last bracket.
func family(pid int) (parent, group int) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, 0
	}
	fields := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:])
	if len(fields) < 3 {
		return 0, 0
	}
	parent, _ = strconv.Atoi(string(fields[1]))
	group, _ = strconv.Atoi(string(fields[2]))
	return parent, group
}
