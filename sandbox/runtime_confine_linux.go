package sandbox

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"time"
)

// nobody is the user that programs run as when root runs them. The limit of processes does not hold for root.
const nobody = 65534

// confine puts a command, whose fourth argument is the program to run, into namespaces of its own, or at least into a
// process group of its own. Release is to be called when the command has ended.
func confine(cmd *exec.Cmd) (release func(), err error) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if !namespaces() {
		return func() {}, nil
	}
	isolate(cmd.SysProcAttr)
	if os.Getuid() != 0 {
		return func() {}, nil
	}
	if err := handOver(cmd.Dir); err != nil {
		return nil, err
	}
	// Where the program is may be out of reach for nobody, such as below /root: it is handed over open.
	const path = 4
	program, err := os.Open(cmd.Args[path])
	if err != nil {
		return nil, err
	}
	cmd.ExtraFiles, cmd.Args[path] = []*os.File{program}, "/proc/self/fd/3"
	return func() { _ = program.Close() }, nil
}

// handOver makes nobody the owner of a folder and all that is in it.
func handOver(dir string) error {
	return filepath.WalkDir(dir, func(name string, _ fs.DirEntry, err error) error {
		return errors.Join(err, os.Lchown(name, nobody, nobody))
	})
}

func isolate(attr *syscall.SysProcAttr) {
	uid, gid := os.Getuid(), os.Getgid()
	attr.Credential = &syscall.Credential{NoSetGroups: true} // root of the namespace, which can set up its loopback
	if uid == 0 {
		uid, gid = nobody, nobody
		attr.Credential.NoSetGroups, attr.GidMappingsEnableSetgroups = false, true
	}
	attr.Cloneflags = syscall.CLONE_NEWUSER | syscall.CLONE_NEWPID | syscall.CLONE_NEWNET | syscall.CLONE_NEWIPC
	attr.UidMappings = []syscall.SysProcIDMap{{HostID: uid, Size: 1}}
	attr.GidMappings = []syscall.SysProcIDMap{{HostID: gid, Size: 1}}
}

// namespaces reports whether the kernel lets this process make namespaces, and counts processes in each by itself. Many
// containers do not, and kernels before 5.14 count all processes of a user.
var namespaces = sync.OnceValue(func() bool {
	cmd := exec.Command("/bin/sh", "-c", limited(tasks), "sh", "/bin/sh", "-c", "(exit 0) & wait $!")
	cmd.SysProcAttr = &syscall.SysProcAttr{}
	isolate(cmd.SysProcAttr)
	return cmd.Run() == nil
})

// tasks is how many processes and threads a run may have where the kernel can count them. Node has twenty or so threads.
const tasks = 4 * maxProcesses

// maxTasks returns the limit that the kernel is to hold a run to, 0 for none.
func maxTasks() int {
	if namespaces() {
		return tasks
	}
	return 0
}

// Confinement says in a few words how programs are confined here.
func Confinement() string {
	if namespaces() {
		return "own namespaces, no network"
	}
	return "no namespaces here: the network is open, and a process that leaves its group is not stopped"
}

// killAll kills a process, its group, and with it its namespace.
func killAll(pid int) error { return syscall.Kill(-pid, syscall.SIGKILL) }

// watch stops a run that has too many processes. The kernel's own limit, where there is one, only keeps it from having more.
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
