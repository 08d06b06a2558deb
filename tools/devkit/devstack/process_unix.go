//go:build unix && !linux

package devstack

import "syscall"

// dieWithParent has no counterpart here: a server that outlives a killed parent is stopped by the next start on its data.
func dieWithParent(*syscall.SysProcAttr, syscall.Signal) {}
