// Package tcpport finds the process that holds a TCP port, for messages that help.
package tcpport

import (
	"bufio"
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
)

// Holder names the process that listens on the port, such as "redis-server (process 812)", or as much as the system tells of
// another user's process. It is empty when no process listens or the system does not tell.
func Holder(port int) string {
	inode, uid := listener(port)
	if inode == "" {
		return ""
	}
	if pid, name := process(inode); pid != 0 {
		return fmt.Sprintf("%s (process %d)", name, pid)
	}
	if u, err := user.LookupId(uid); err == nil {
		return "a process of user " + u.Username
	}
	return "a process of user id " + uid
}

// listening is the socket state in /proc/net/tcp.
const listening = "0A"

func listener(port int) (inode, uid string) {
	suffix := fmt.Sprintf(":%04X", port)
	for _, table := range []string{"/proc/net/tcp", "/proc/net/tcp6"} {
		f, err := os.Open(table)
		if err != nil {
			continue
		}
		lines := bufio.NewScanner(f)
		for lines.Scan() {
			fields := strings.Fields(lines.Text())
			if len(fields) > 9 && strings.HasSuffix(fields[1], suffix) && fields[3] == listening {
				inode, uid = fields[9], fields[7]
			}
		}
		f.Close()
		if inode != "" {
			return inode, uid
		}
	}
	return "", ""
}

func process(inode string) (pid int, name string) {
	want := "socket:[" + inode + "]"
	links, _ := filepath.Glob("/proc/[0-9]*/fd/*")
	for _, link := range links {
		if target, err := os.Readlink(link); err != nil || target != want {
			continue
		}
		dir := filepath.Dir(filepath.Dir(link))
		pid, _ = strconv.Atoi(filepath.Base(dir))
		comm, _ := os.ReadFile(filepath.Join(dir, "comm"))
		return pid, strings.TrimSpace(string(comm))
	}
	return 0, ""
}
