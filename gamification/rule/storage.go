package rule

import (
	"encoding/binary"
	"errors"
	"maps"
	"slices"

	"github.com/google/uuid"
)

// A state in storage: the version, the fingerprint of the rule, and for each condition its keys, sorted, each with its records. Numbers
// are varints; texts have their length before them. The same state has the same bytes.
const storageVersion = 1

var errDamaged = errors.New("rule: a damaged state")

// Marshal is the state for storage.
func (s *State) Marshal() []byte {
	size := 1 + len(s.program.fingerprint)
	for _, n := range s.counts {
		size += 8 + 100*n.total
	}
	out := append(make([]byte, 0, size), storageVersion)
	out = append(out, s.program.fingerprint[:]...)
	for _, n := range s.counts {
		out = binary.AppendUvarint(out, uint64(len(n.keys)))
		for _, key := range slices.Sorted(maps.Keys(n.keys)) {
			out = appendText(out, key)
			records := n.keys[key]
			out = binary.AppendUvarint(out, uint64(len(records)))
			for _, r := range records {
				out = r.append(out)
			}
		}
	}
	return out
}

func (r record) append(out []byte) []byte {
	out = binary.AppendVarint(out, r.At)
	out = append(out, r.Event[:]...)
	if !r.Fits {
		return append(out, 0)
	}
	out = append(out, 1)
	out = binary.AppendVarint(out, int64(r.Day))
	return appendText(out, r.Object)
}

func appendText(out []byte, text string) []byte {
	return append(binary.AppendUvarint(out, uint64(len(text))), text...)
}

// Load reads what Marshal wrote. It returns ErrOtherRule if the rule has changed since.
func (p *Program) Load(stored []byte) (*State, error) {
	r := reader{rest: stored}
	if version := r.take(1); len(version) == 0 || version[0] != storageVersion {
		return nil, errDamaged
	}
	if fingerprint := r.take(16); string(fingerprint) != string(p.fingerprint[:]) {
		return nil, ErrOtherRule
	}
	s := p.NewState()
	for i := range s.counts {
		n := &s.counts[i]
		for range r.count(maxRecords) {
			key := r.text()
			records := make([]record, 0, 1)
			for range r.count(maxOfKey) {
				records = append(records, r.record())
			}
			if r.failed || n.keys[key] != nil || len(records) == 0 || !slices.IsSortedFunc(records, compareRecords) {
				return nil, errDamaged
			}
			n.keys[key] = records
			n.total += len(records)
		}
	}
	if r.failed || len(r.rest) > 0 {
		return nil, errDamaged
	}
	return s, nil
}

// reader takes values off the front of a state. After a failure it gives zeros.
type reader struct {
	rest   []byte
	failed bool
}

func (r *reader) take(n int) []byte {
	if n > len(r.rest) {
		r.failed = true
		return nil
	}
	taken := r.rest[:n]
	r.rest = r.rest[n:]
	return taken
}

func (r *reader) count(most uint64) int {
	n, size := binary.Uvarint(r.rest)
	if size <= 0 || n > most {
		r.failed = true
		return 0
	}
	r.rest = r.rest[size:]
	return int(n)
}

func (r *reader) number() int64 {
	n, size := binary.Varint(r.rest)
	if size <= 0 {
		r.failed = true
		return 0
	}
	r.rest = r.rest[size:]
	return n
}

func (r *reader) text() string { return string(r.take(r.count(maxKey))) }

func (r *reader) record() record {
	found := record{At: r.number()}
	copy(found.Event[:], r.take(len(uuid.UUID{})))
	switch fits := r.take(1); {
	case len(fits) == 0:
	case fits[0] == 1:
		found.Fits, found.Day, found.Object = true, int32(r.number()), r.text()
	case fits[0] != 0:
		r.failed = true
	}
	return found
}
