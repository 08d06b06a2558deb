package devstack

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
)

func readPID(file string) int {
	b, err := os.ReadFile(file)
	if err != nil {
		return 0
	}
	first, _, _ := strings.Cut(string(b), "\n")
	pid, _ := strconv.Atoi(strings.TrimSpace(first))
	return pid
}

// servesData reports whether the process is a PostgreSQL working in the data directory.
func servesData(pid int, data string) bool {
	if syscall.Kill(pid, 0) != nil {
		return false
	}
	cwd, err := os.Stat(fmt.Sprintf("/proc/%d/cwd", pid))
	if err != nil {
		return !exists("/proc/self") // without a /proc there is only the pid file to believe
	}
	here, err := os.Stat(data)
	return err == nil && os.SameFile(cwd, here)
}
