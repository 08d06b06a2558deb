package devstack

import "syscall"

// dieWithParent asks the kernel to signal the child when we die. PostgreSQL shuts down cleanly on it.
func dieWithParent(attr *syscall.SysProcAttr, sig syscall.Signal) { attr.Pdeathsig = sig }
