package domain

import "github.com/google/uuid"

// Holding is what the synchronisation has put for a person and a mapping. What it has not put, it never takes.
type Holding struct {
	ID      uuid.UUID // names it to access
	Version int64     // of what access was told
	Here    bool      // access was told to bind the role
	There   bool      // we have given the role at Discord, or are about to
}

// Empty reports whether nothing is put.
func (h Holding) Empty() bool { return !h.Here && !h.There }

// Person is what both sides say of a person.
type Person struct {
	Linked  bool            // the account at Discord is linked still
	Present bool            // it is a member of the server
	There   map[string]bool // its roles, by id
	Here    map[int64]bool  // mappings whose role is held here for another reason than Discord
}

// Change is what a mapping means for a person now.
type Change struct {
	Mapping Mapping
	Before  Holding
	After   Holding
	Give    bool // the role at Discord
	Take    bool
}

// Needed reports whether anything is to be done.
func (c Change) Needed() bool { return c.Before != c.After || c.Give || c.Take }

// TellsHere reports whether access must be told.
func (c Change) TellsHere() bool { return c.Before.Here != c.After.Here }

// Plan decides about one mapping. A role is taken only where it was put, and only when the side that gave it has it no more:
// so two sides that lead both never fight, and what people gave by hand stays.
func Plan(m Mapping, before Holding, p Person) Change {
	theirs := p.There[m.DiscordRole] && !before.There
	ours := p.Here[m.ID]
	counts := p.Linked && !m.Removed
	after := before
	after.Here = counts && p.Present && m.Direction.from() && theirs
	after.There = counts && p.Present && m.Direction.to() && ours
	if !before.There && p.There[m.DiscordRole] {
		after.There = false // it was there before us, and is not ours to take
	}
	c := Change{Mapping: m, Before: before, After: after}
	if p.Present {
		c.Give = after.There && !p.There[m.DiscordRole]
		c.Take = before.There && !after.There && p.There[m.DiscordRole]
	}
	if c.TellsHere() {
		c.After.Version++
	}
	return c
}
