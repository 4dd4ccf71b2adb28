//go:build linux

package torture

import (
	"context"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"syscall"
	"testing"

	"github.com/hanwen/go-fuse/v2/fs"
	"github.com/hanwen/go-fuse/v2/fuse"
)

// pageSize is what a disk writes at once, in bytes.
const pageSize = 4096

// disk is a file system of one folder that knows, at every moment, what would be left of it if the power were cut now:
// the names as of the last sync of the folder, and of each file what was synced.
type disk struct {
	mu     sync.Mutex
	names  map[string]*file
	listed map[string]*file // names at the last sync of the folder
	fail   syscall.Errno    // what every change is answered with; 0: it is made
	syncs  int
}

type file struct {
	data   []byte
	synced []byte
	dirty  map[int]bool // pages written since the last sync
}

func newDisk(files map[string][]byte) *disk {
	d := &disk{names: map[string]*file{}}
	for name, data := range files {
		d.names[name] = &file{data: slices.Clone(data), synced: slices.Clone(data), dirty: map[int]bool{}}
	}
	d.listed = maps.Clone(d.names)
	return d
}

// setFail lets every change from now on fail, or with 0 none.
func (d *disk) setFail(errno syscall.Errno) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.fail = errno
}

// cut returns the files that are there after a power cut. Unsynced pages are lost: all of them, or each by the toss of
// a coin, as a disk that writes in an order of its own would leave it.
func (d *disk) cut(half bool) map[string][]byte {
	d.mu.Lock()
	defer d.mu.Unlock()
	kept := func() bool { return half && rand.N(2) == 0 }
	names := d.listed
	if kept() {
		names = d.names
	}
	files := map[string][]byte{}
	for name, f := range names {
		size := len(f.synced)
		if kept() {
			size = len(f.data)
		}
		data := make([]byte, max(len(f.data), len(f.synced)))
		copy(data, f.synced)
		for page := range f.dirty {
			if from := page * pageSize; from < len(f.data) && kept() {
				end := min(from+pageSize, len(f.data))
				copy(data[from:end], f.data[from:end])
				size = max(size, end)
			}
		}
		files[name] = data[:size]
	}
	return files
}

// mountDisk mounts a disk; the test is skipped where that is not possible.
func mountDisk(t *testing.T, promise string, d *disk) (dir string, unmount func()) {
	t.Helper()
	if _, err := os.Stat("/dev/fuse"); err != nil {
		cannot(t, promise, "this machine has no /dev/fuse")
	}
	if os.Geteuid() != 0 {
		cannot(t, promise, "mounting a file system needs root")
	}
	dir = t.TempDir()
	server, err := fs.Mount(dir, &folder{disk: d}, &fs.Options{MountOptions: fuse.MountOptions{
		DirectMountStrict: true, AllowOther: true, FsName: "torture", Name: "torture",
	}})
	if err != nil {
		cannot(t, promise, "mount: "+err.Error())
	}
	once := sync.OnceFunc(func() {
		if err := server.Unmount(); err != nil {
			_ = syscall.Unmount(dir, syscall.MNT_DETACH)
			t.Errorf("unmount: %v", err)
		}
	})
	t.Cleanup(once)
	return dir, once
}

// folder is the root of a disk.
type folder struct {
	fs.Inode
	disk *disk
}

// inode is a file of a disk.
type inode struct {
	fs.Inode
	disk *disk
	file *file
}

func (n *folder) child(ctx context.Context, f *file, out *fuse.EntryOut) *fs.Inode {
	out.Attr.Mode, out.Attr.Size = syscall.S_IFREG|0o600, uint64(len(f.data))
	return n.NewInode(ctx, &inode{disk: n.disk, file: f}, fs.StableAttr{Mode: syscall.S_IFREG})
}

// Lookup finds a name. The same inode must come back for the same file: locks hang on it.
func (n *folder) Lookup(ctx context.Context, name string, out *fuse.EntryOut) (*fs.Inode, syscall.Errno) {
	n.disk.mu.Lock()
	defer n.disk.mu.Unlock()
	f := n.disk.names[name]
	if f == nil {
		return nil, syscall.ENOENT
	}
	if have := n.GetChild(name); have != nil && have.Operations().(*inode).file == f {
		out.Attr.Mode, out.Attr.Size = syscall.S_IFREG|0o600, uint64(len(f.data))
		return have, 0
	}
	return n.child(ctx, f, out), 0
}

func (n *folder) Create(ctx context.Context, name string, _, _ uint32, out *fuse.EntryOut) (*fs.Inode, fs.FileHandle, uint32, syscall.Errno) {
	n.disk.mu.Lock()
	defer n.disk.mu.Unlock()
	if n.disk.fail != 0 {
		return nil, nil, 0, n.disk.fail
	}
	f := &file{dirty: map[int]bool{}}
	n.disk.names[name] = f
	return n.child(ctx, f, out), nil, fuse.FOPEN_KEEP_CACHE, 0
}

func (n *folder) Unlink(_ context.Context, name string) syscall.Errno {
	n.disk.mu.Lock()
	defer n.disk.mu.Unlock()
	if n.disk.fail == 0 {
		delete(n.disk.names, name)
	}
	return n.disk.fail
}

func (n *folder) Rename(_ context.Context, name string, _ fs.InodeEmbedder, newName string, _ uint32) syscall.Errno {
	n.disk.mu.Lock()
	defer n.disk.mu.Unlock()
	if n.disk.fail == 0 {
		n.disk.names[newName] = n.disk.names[name]
		delete(n.disk.names, name)
	}
	return n.disk.fail
}

func (n *folder) Readdir(context.Context) (fs.DirStream, syscall.Errno) {
	n.disk.mu.Lock()
	defer n.disk.mu.Unlock()
	var entries []fuse.DirEntry
	for _, name := range slices.Sorted(maps.Keys(n.disk.names)) {
		entries = append(entries, fuse.DirEntry{Name: name, Mode: syscall.S_IFREG})
	}
	return fs.NewListDirStream(entries), 0
}

// Fsync of the folder brings its names to the disk.
func (n *folder) Fsync(context.Context, fs.FileHandle, uint32) syscall.Errno {
	n.disk.mu.Lock()
	defer n.disk.mu.Unlock()
	if n.disk.fail == 0 {
		n.disk.listed = maps.Clone(n.disk.names)
	}
	return n.disk.fail
}

func (n *inode) Open(context.Context, uint32) (fs.FileHandle, uint32, syscall.Errno) {
	return nil, fuse.FOPEN_KEEP_CACHE, 0 // nothing changes but through the kernel
}

func (n *inode) Getattr(_ context.Context, _ fs.FileHandle, out *fuse.AttrOut) syscall.Errno {
	n.disk.mu.Lock()
	defer n.disk.mu.Unlock()
	out.Mode, out.Size = syscall.S_IFREG|0o600, uint64(len(n.file.data))
	return 0
}

func (n *inode) Setattr(_ context.Context, _ fs.FileHandle, in *fuse.SetAttrIn, out *fuse.AttrOut) syscall.Errno {
	n.disk.mu.Lock()
	defer n.disk.mu.Unlock()
	if n.disk.fail != 0 {
		return n.disk.fail
	}
	if size, ok := in.GetSize(); ok {
		n.file.resize(int(size))
	}
	out.Mode, out.Size = syscall.S_IFREG|0o600, uint64(len(n.file.data))
	return 0
}

func (f *file) resize(size int) {
	if size < len(f.data) {
		clear(f.data[size:])
		f.data = f.data[:size]
		return
	}
	f.data = append(f.data, make([]byte, size-len(f.data))...)
}

func (n *inode) Read(_ context.Context, _ fs.FileHandle, dest []byte, off int64) (fuse.ReadResult, syscall.Errno) {
	n.disk.mu.Lock()
	defer n.disk.mu.Unlock()
	from := min(int(off), len(n.file.data))
	return fuse.ReadResultData(dest[:copy(dest, n.file.data[from:])]), 0
}

func (n *inode) Write(_ context.Context, _ fs.FileHandle, data []byte, off int64) (uint32, syscall.Errno) {
	n.disk.mu.Lock()
	defer n.disk.mu.Unlock()
	if n.disk.fail != 0 {
		return 0, n.disk.fail
	}
	end := int(off) + len(data)
	if end > len(n.file.data) {
		n.file.resize(end)
	}
	copy(n.file.data[off:], data)
	for page := int(off) / pageSize; page*pageSize < end; page++ {
		n.file.dirty[page] = true
	}
	return uint32(len(data)), 0
}

func (n *inode) Flush(context.Context, fs.FileHandle) syscall.Errno { return 0 }

// Fsync brings a file to the disk.
func (n *inode) Fsync(context.Context, fs.FileHandle, uint32) syscall.Errno {
	n.disk.mu.Lock()
	defer n.disk.mu.Unlock()
	if n.disk.fail != 0 {
		return n.disk.fail
	}
	f := n.file
	f.synced = append(f.synced[:min(len(f.synced), len(f.data))], make([]byte, max(0, len(f.data)-len(f.synced)))...)
	for page := range f.dirty {
		if from := page * pageSize; from < len(f.data) {
			copy(f.synced[from:], f.data[from:min(from+pageSize, len(f.data))])
		}
	}
	f.dirty = map[int]bool{}
	n.disk.syncs++
	return 0
}

// copyOut writes files to a folder of their own.
func copyOut(t testing.TB, files map[string][]byte) (database string) {
	t.Helper()
	dir := t.TempDir()
	for name, data := range files {
		if filepath.Ext(name) == ".db-shm" { // no part of what is kept
			continue
		}
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(dir, "test.db")
}
