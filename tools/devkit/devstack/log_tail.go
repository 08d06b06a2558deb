package devstack

import (
	"bytes"
	"strings"
)

// logTail keeps the last few kilobytes of a server's log, for the error message.
type logTail struct{ b bytes.Buffer }

func (t *logTail) Write(p []byte) (int, error) {
	if t.b.Len() > 8<<10 {
		t.b.Reset()
	}
	return t.b.Write(p)
}
func (t *logTail) String() string { return t.b.String() }
func (t *logTail) Bytes() []byte  { return t.b.Bytes() }

func lastLines(out []byte) string {
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	if len(lines) > 6 {
		lines = lines[len(lines)-6:]
	}
	return strings.Join(lines, " | ")
}
