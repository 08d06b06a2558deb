package domain

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Position is a place in the updates of all feeds, the same in every instance. Updates of a tenant have growing positions. It is what a stream
// gives as the id of its events, and gets back as Last-Event-ID (HTML standard, 9.2.4).
type Position struct {
	At  time.Time // when the update was published; of no update: a time at which all before Seq were known
	Seq uint64
}

// String is the position as an id: milliseconds and number.
func (p Position) String() string { return fmt.Sprintf("%d-%d", p.At.UnixMilli(), p.Seq) }

// ParsePosition reads what String wrote.
func ParsePosition(id string) (p Position, ok bool) {
	ms, seq, found := strings.Cut(id, "-")
	at, err := strconv.ParseInt(ms, 10, 64)
	if !found || err != nil || at < 0 {
		return Position{}, false
	}
	if p.Seq, err = strconv.ParseUint(seq, 10, 64); err != nil {
		return Position{}, false
	}
	p.At = time.UnixMilli(at)
	return p, true
}
