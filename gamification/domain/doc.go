// Package domain holds the achievements of a tenant and their rules. It does no I/O and reads no clock.
package domain
