package domain

import (
	"time"

	"github.com/google/uuid"
)

// Entry is a line of the journal: who did what to which thing. Metadata holds names and counts, never personal values.
type Entry struct {
	ID         uuid.UUID
	ActorID    uuid.UUID
	Action     string
	TargetType string
	TargetID   string
	Metadata   map[string]any
	RequestID  string
	At         time.Time
}

// JournalLife is how long entries are kept.
const JournalLife = 365 * 24 * time.Hour

// NewEntry writes a line about a group.
func NewEntry(by uuid.UUID, action string, scope Scope, metadata map[string]any, now time.Time) Entry {
	target := "community"
	if scope.Type == ScopeTeam {
		target = "team"
	}
	return Entry{ID: newID(), ActorID: by, Action: target + "." + action, TargetType: target, TargetID: scope.ID.String(), Metadata: metadata, At: Instant(now)}
}

// Entry is the line about a move.
func (m Move) Entry(by uuid.UUID, now time.Time) Entry {
	d := m.Membership.Data()
	action, metadata := "membership.changed", map[string]any{"scope_type": string(d.Scope.Type), "role": string(d.Role), "version": d.Version}
	switch {
	case m.Was == Nobody:
		action = "membership.added"
	case !d.Active:
		action = "membership.removed"
	default:
		metadata["was"] = string(m.Was)
	}
	return Entry{
		ID: newID(), ActorID: by, Action: action, TargetType: "membership", TargetID: d.Scope.ID.String() + "/" + d.UserID.String(),
		Metadata: metadata, At: Instant(now),
	}
}
