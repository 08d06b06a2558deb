// Package cpu tells how much processor time a server has used: its own process, everything it started, and what those
// left behind when they ended. It reads /proc and therefore works on Linux only.
package cpu

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// tick is the unit of /proc/<pid>/stat, USER_HZ: the kernel promises 100 per second to every program, whatever it uses itself.
const tick = time.Second / 100

// process is one line of /proc/<pid>/stat.
type process struct {
	pid, parent int
	command     string
	own         time.Duration // user and system time of all its threads
	reaped      time.Duration // the same of the children that it has waited for, and of theirs
}

// Meter reads the time used by the trees of processes under some roots.
type Meter struct {
	proc  string
	roots []int
}

// Of measures the processes and all their descendants, PostgreSQL's back ends among them.
func Of(pids ...int) Meter { return Meter{proc: "/proc", roots: pids} }

// Usage is processor time by the name of the program.
type Usage map[string]time.Duration

// Total is the time of all programs together.
func (u Usage) Total() time.Duration {
	var sum time.Duration
	for _, d := range u {
		sum += d
	}
	return sum
}

// Since is what was used after an earlier reading.
func (u Usage) Since(earlier Usage) Usage {
	used := maps.Clone(u)
	for name, d := range earlier {
		used[name] -= d
	}
	return used
}

// Used is the time used so far. Of two readings only the difference means anything.
//
// A process that ends between two readings is not lost: its time moves to the parent that waits for it, and that parent
// is measured. A root is measured with what it inherited before it became one, which the difference removes.
func (m Meter) Used() (Usage, error) {
	tree, err := m.tree()
	if err != nil {
		return nil, err
	}
	used := Usage{}
	for _, p := range tree {
		used[p.command] += p.own + p.reaped
	}
	return used, nil
}

// tree lists the roots and their descendants, each once.
func (m Meter) tree() ([]process, error) {
	all, err := readAll(m.proc)
	if err != nil {
		return nil, err
	}
	children := map[int][]int{}
	for pid, p := range all {
		children[p.parent] = append(children[p.parent], pid)
	}
	seen := map[int]bool{}
	var tree []process
	for queue := append([]int(nil), m.roots...); len(queue) > 0; queue = queue[1:] {
		pid := queue[0]
		if seen[pid] {
			continue
		}
		seen[pid] = true
		p, ok := all[pid]
		if !ok {
			return nil, fmt.Errorf("cpu: process %d is gone", pid)
		}
		tree = append(tree, p)
		queue = append(queue, children[pid]...)
	}
	return tree, nil
}

func readAll(proc string) (map[int]process, error) {
	entries, err := os.ReadDir(proc)
	if err != nil {
		return nil, fmt.Errorf("cpu: %w", err)
	}
	all := make(map[int]process, len(entries))
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		stat, err := os.ReadFile(filepath.Join(proc, e.Name(), "stat"))
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ESRCH) { // it ended meanwhile
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("cpu: %w", err)
		}
		if all[pid], err = parse(stat); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// parse reads a stat line: pid (command) state ppid ... utime stime cutime cstime, the last four as fields 14 to 17. The
// command may itself hold blanks and parentheses, so what follows is counted from the last parenthesis.
func parse(stat []byte) (process, error) {
	open, end := bytes.IndexByte(stat, '('), bytes.LastIndexByte(stat, ')')
	if open < 0 || end < open {
		return process{}, fmt.Errorf("cpu: not a stat line: %q", stat)
	}
	fields := strings.Fields(string(stat[end+1:])) // the first is field 3
	if len(fields) < 15 {
		return process{}, fmt.Errorf("cpu: a stat line of %d fields: %q", len(fields)+2, stat)
	}
	p := process{command: string(stat[open+1 : end])}
	var err error
	number := func(s string) int {
		n, e := strconv.Atoi(strings.TrimSpace(s))
		err = errors.Join(err, e)
		return n
	}
	p.pid, p.parent = number(string(stat[:open])), number(fields[1])
	p.own = time.Duration(number(fields[11])+number(fields[12])) * tick
	p.reaped = time.Duration(number(fields[13])+number(fields[14])) * tick
	if err != nil {
		return process{}, fmt.Errorf("cpu: %w", err)
	}
	return p, nil
}

// Parent is the process that started pid, as PostgreSQL's postmaster started its back ends.
func Parent(pid int) (int, error) {
	stat, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	if err != nil {
		return 0, fmt.Errorf("cpu: %w", err)
	}
	p, err := parse(stat)
	return p.parent, err
}

// Resident is how much memory a process holds, in bytes: what is in memory now (VmRSS), not what it has asked for.
func Resident(pid int) (int64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	if err != nil {
		return 0, fmt.Errorf("cpu: %w", err)
	}
	fields := strings.Fields(string(text))
	if len(fields) < 2 {
		return 0, fmt.Errorf("cpu: statm of %d: %q", pid, text)
	}
	pages, err := strconv.ParseInt(fields[1], 10, 64)
	if err != nil {
		return 0, fmt.Errorf("cpu: statm of %d: %w", pid, err)
	}
	return pages * int64(os.Getpagesize()), nil
}
