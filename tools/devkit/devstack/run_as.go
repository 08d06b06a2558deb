package devstack

import (
	"errors"
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

var errExited = errors.New("exited")

// account is the account that a server runs as: that of this process, or for root one without privileges. PostgreSQL refuses
// root, and a root Redis would give the machine to every local user.
type account struct {
	uid, gid uint32
	other    bool // not the account of this process
}

// serverAccount returns the first of the preferred accounts that exists, else the one with the fewest rights. Only root changes account.
func serverAccount(preferred ...string) (account, error) {
	if os.Geteuid() != 0 {
		return account{uid: uint32(os.Geteuid()), gid: uint32(os.Getegid())}, nil
	}
	for _, name := range append(preferred, "nobody") {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, errU := strconv.ParseUint(u.Uid, 10, 32)
		gid, errG := strconv.ParseUint(u.Gid, 10, 32)
		if errU == nil && errG == nil && uid != 0 {
			return account{uid: uint32(uid), gid: uint32(gid), other: true}, nil
		}
	}
	return account{uid: 65534, gid: 65534, other: true}, nil
}

func (a account) credential() *syscall.Credential {
	if !a.other {
		return nil
	}
	return &syscall.Credential{Uid: a.uid, Gid: a.gid}
}

// own hands a file or directory to the account.
func (a account) own(path string) error {
	if !a.other {
		return nil
	}
	return os.Chown(path, int(a.uid), int(a.gid))
}

// orOwnerOf is the account that path belongs to, when it exists and we may change account at all.
func (a account) orOwnerOf(path string) (account, error) {
	if !a.other {
		return a, nil
	}
	info, err := os.Stat(path)
	if errors.Is(err, os.ErrNotExist) {
		return a, nil
	}
	if err != nil {
		return a, err
	}
	if st, ok := info.Sys().(*syscall.Stat_t); ok && st.Uid != 0 {
		return account{uid: st.Uid, gid: st.Gid, other: true}, nil
	}
	return a, nil
}

// reaches reports whether the account can walk down to path. A clone under /root or in a mktemp directory is closed to everybody else.
func (a account) reaches(path string) bool {
	if !a.other {
		return true
	}
	for dir := filepath.Clean(path); ; dir = filepath.Dir(dir) {
		if info, err := os.Stat(dir); err == nil {
			if !a.mayEnter(info) {
				return false
			}
		} else if !os.IsNotExist(err) {
			return false
		}
		if dir == filepath.Dir(dir) {
			return true
		}
	}
}

func (a account) mayEnter(info os.FileInfo) bool {
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok || !info.IsDir() {
		return false
	}
	switch {
	case st.Uid == a.uid:
		return info.Mode()&0o100 != 0
	case st.Gid == a.gid:
		return info.Mode()&0o010 != 0
	default:
		return info.Mode()&0o001 != 0
	}
}

// publicBase is where root keeps what an unprivileged server must reach when the workspace itself is closed to it.
const publicBase = "/var/lib/updspace-dev"

// reachable returns dir itself when the account can get there, else its stand-in under publicBase. The stand-in is a function of dir alone,
// so that a later start, or Forget, finds it again.
func (a account) reachable(dir string) string {
	if a.reaches(filepath.Dir(dir)) {
		return dir
	}
	return standIn(dir)
}

func standIn(dir string) string {
	return filepath.Join(standInsOf(filepath.Dir(dir)), filepath.Base(dir))
}

// standInsOf is where the stand-ins of all directories in parent are.
func standInsOf(parent string) string { return filepath.Join(publicBase, shortHash(parent)) }

// Forget deletes a directory that devstack was given, with everything it keeps for it elsewhere.
func Forget(dir string) error {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	err = errors.Join(os.RemoveAll(dir), os.RemoveAll(standIn(dir)), os.RemoveAll(standInsOf(dir)))
	_ = os.Remove(standInsOf(filepath.Dir(dir))) // only when nothing else is in it
	_ = os.Remove(publicBase)
	if err != nil {
		return fmt.Errorf("devstack: delete %s: %w", dir, err)
	}
	return nil
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}
