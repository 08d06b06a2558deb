package domain

import (
	"maps"
	"strconv"
	"time"

	"github.com/google/uuid"
)

// TargetRequest is the kind of the journal's entries about what people ask to
// be done with what is stored about them.
const TargetRequest = "dsar_request"

// Actions of the journal.
const (
	ActionUserExported = "dsar.exported"
	ActionUserErased   = "dsar.erased"
)

// Redacted stands in the journal for what told of a person who was erased; in
// the place of ids it is uuid.Nil.
const Redacted = "[redacted]"

// StoredMembership is what was last told about a membership of a person.
type StoredMembership struct {
	Scope Scope      // COMMUNITY, TEAM, or the TENANT
	Role  MemberRole // NotMember: has left
	At    time.Time
}

// Erased counts what went with a person.
type Erased struct {
	Bindings, Overrides, Memberships int // deleted
	Redaction
}

// Redaction counts what no longer tells of a person.
type Redaction struct {
	Entries     int // of the journal
	Authorships int // bindings and overrides of others that the person had made
}

// RequestTarget names whom a request is about as the journal does.
func RequestTarget(by, about uuid.UUID) string {
	if by == about {
		return "self"
	}
	return about.String()
}

// UserExported records that somebody was shown what is stored about a person.
func (c Change) UserExported(about uuid.UUID) Entry {
	return c.entry(ActionUserExported, TargetRequest, RequestTarget(c.By, about), map[string]string{})
}

// UserErased records what was deleted with a person. Who erased themselves are
// not named by it; whom somebody else erased are, because that is the proof
// that it was done.
func (c Change) UserErased(about uuid.UUID, e Erased) Entry {
	entry := c.entry(ActionUserErased, TargetRequest, RequestTarget(c.By, about), map[string]string{
		"role_bindings": strconv.Itoa(e.Bindings), "policy_overrides": strconv.Itoa(e.Overrides), "memberships": strconv.Itoa(e.Memberships),
	})
	if c.By == about {
		entry.PerformedBy, entry.Metadata["performed_by"] = uuid.Nil, Redacted
	}
	return entry
}

// Concerns reports whether an entry tells of a person: of what they did, or of
// what was done to them.
func (e Entry) Concerns(person uuid.UUID) bool {
	return e.PerformedBy == person || e.Metadata["user_id"] == person.String() ||
		e.TargetType == TargetRequest && e.TargetID == person.String()
}

// Redact returns the entry without the person, and whether there was anything
// to take out. What happened stays.
func (e Entry) Redact(person uuid.UUID) (Entry, bool) {
	acted, suffered := e.PerformedBy == person, e.Metadata["user_id"] == person.String()
	named := e.TargetType == TargetRequest && e.TargetID == person.String() && e.Action != ActionUserErased
	if !acted && !suffered && !named {
		return e, false
	}
	e.Metadata = maps.Clone(e.Metadata)
	if e.Metadata == nil {
		e.Metadata = map[string]string{}
	}
	replace := func(name string) {
		if e.Metadata[name] != "" {
			e.Metadata[name] = Redacted
		}
	}
	if acted {
		e.PerformedBy, e.Metadata["performed_by"] = uuid.Nil, Redacted
		replace("request_id") // by which the logs tell
	}
	if suffered {
		replace("user_id")
		replace("reason") // words about a person
	}
	if named {
		e.TargetID = Redacted
	}
	return e, true
}
