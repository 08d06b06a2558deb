package cpu

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestParseACommandWithEverythingInIt(t *testing.T) {
	p, err := parse([]byte("42 (a) (b c) S 7 1 1 0 -1 4194304 1 2 3 4 100 50 20 10 20 0 1 0 5 6 7"))
	require.NoError(t, err)
	require.Equal(t, process{pid: 42, parent: 7, command: "a) (b c", own: 1500 * time.Millisecond, reaped: 300 * time.Millisecond}, p)
	for _, bad := range []string{"", "42", "42 (x) S 7", "x (x) S 7 1 1 0 -1 4194304 1 2 3 4 100 50 20 10"} {
		_, err := parse([]byte(bad))
		require.Error(t, err, bad)
	}
}

// fakeProc writes stat files, so that trees can be shaped at will.
func fakeProc(t *testing.T, processes ...process) string {
	t.Helper()
	dir := t.TempDir()
	for _, p := range processes {
		at := filepath.Join(dir, strconv.Itoa(p.pid))
		require.NoError(t, os.MkdirAll(at, 0o755))
		line := fmt.Sprintf("%d (%s) S %d 0 0 0 0 0 0 0 0 0 %d 0 %d 0 20 0 1 0 0", p.pid, p.command, p.parent, p.own/tick, p.reaped/tick)
		require.NoError(t, os.WriteFile(filepath.Join(at, "stat"), []byte(line), 0o644))
	}
	require.NoError(t, os.MkdirAll(filepath.Join(dir, "sys"), 0o755))
	return dir
}

func TestUsedSumsTheTreesOnce(t *testing.T) {
	const s = time.Second
	proc := fakeProc(t,
		process{1, 0, "init", 100 * s, 100 * s},
		process{10, 1, "platform", 1 * s, 0},
		process{11, 10, "postgres", 2 * s, 5 * s}, // five seconds of back ends that are gone
		process{12, 11, "postgres", 3 * s, 0},
		process{13, 10, "redis-server", 4 * s, 0},
		process{20, 1, "bench", 50 * s, 0},
	)
	m := Meter{proc: proc, roots: []int{10, 11, 10}} // a root inside another's tree counts once
	used, err := m.Used()
	require.NoError(t, err)
	require.Equal(t, Usage{"platform": 1 * s, "postgres": 10 * s, "redis-server": 4 * s}, used)
	require.Equal(t, 15*s, used.Total())
	require.Equal(t, Usage{"platform": 1 * s, "postgres": 3 * s, "redis-server": 4 * s}, used.Since(Usage{"postgres": 7 * s}))

	_, err = Meter{proc: proc, roots: []int{99}}.Used()
	require.ErrorContains(t, err, "99")
}

// TestUsedOfThisProcess holds the reading of /proc against what the kernel tells by its own call.
func TestUsedOfThisProcess(t *testing.T) {
	burn(300 * time.Millisecond)
	low := rusage(t)
	used, err := Of(os.Getpid()).Used()
	require.NoError(t, err)
	high := rusage(t)
	require.GreaterOrEqual(t, used.Total(), low-4*tick, "at most a tick of each figure is cut off")
	require.LessOrEqual(t, used.Total(), high+4*tick)
	require.Greater(t, used.Total(), 250*time.Millisecond)
}

func TestTimeOfAChildSurvivesIt(t *testing.T) {
	before, err := Of(os.Getpid()).Used()
	require.NoError(t, err)
	// the shell's own child is waited for by the shell, the shell by us: two levels
	require.NoError(t, exec.CommandContext(t.Context(), "sh", "-c", "(i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done); true").Run())
	after, err := Of(os.Getpid()).Used()
	require.NoError(t, err)
	require.Greater(t, after.Since(before).Total(), 50*time.Millisecond)
}

func TestParent(t *testing.T) {
	parent, err := Parent(os.Getpid())
	require.NoError(t, err)
	require.Equal(t, os.Getppid(), parent)
}

// burn keeps a thread busy until this process has used so much time more.
func burn(d time.Duration) {
	var usage syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
	start := total(usage)
	for total(usage)-start < d {
		for range 100_000 {
			sink++
		}
		_ = syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
	}
}

var sink int

func rusage(t *testing.T) time.Duration {
	t.Helper()
	var self, children syscall.Rusage
	require.NoError(t, syscall.Getrusage(syscall.RUSAGE_SELF, &self))
	require.NoError(t, syscall.Getrusage(syscall.RUSAGE_CHILDREN, &children))
	return total(self) + total(children)
}

func total(u syscall.Rusage) time.Duration {
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
