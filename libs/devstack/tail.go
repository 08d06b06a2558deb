package devstack

import (
	"bytes"
	"strings"
)

// tail keeps the last few kilobytes of what a server said, for the error message.
type tail struct{ b bytes.Buffer }

func (t *tail) Write(p []byte) (int, error) {
	if t.b.Len() > 8<<10 {
		t.b.Reset()
	}
	return t.b.Write(p)
}
func (t *tail) String() string { return t.b.String() }
func (t *tail) Bytes() []byte  { return t.b.Bytes() }

func lastLines(out []byte) string {
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	if len(lines) > 6 {
		lines = lines[len(lines)-6:]
	}
	return strings.Join(lines, " | ")
}
