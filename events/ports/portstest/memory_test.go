package portstest_test

import (
	"testing"

	"go.updspace.com/events/ports"
	"go.updspace.com/events/ports/portstest"
)

func TestMemory(t *testing.T) {
	t.Parallel()
	portstest.Suite(t, func(*testing.T) portstest.Store { return portstest.NewMemory().Store() })
}

func TestMemoryOfAttendance(t *testing.T) {
	t.Parallel()
	portstest.Attendance(t, func(*testing.T) (portstest.Store, ports.Attendance) {
		m := portstest.NewMemory()
		return m.Store(), m.Attendance()
	})
}
