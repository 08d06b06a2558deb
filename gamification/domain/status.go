package domain

import "slices"

// Status is what members see of an achievement.
type Status string

// The statuses.
const (
	StatusDraft     Status = "draft"
	StatusPublished Status = "published" // members see it, and it can be granted
	StatusHidden    Status = "hidden"    // taken out of sight; those who hold it keep it
	StatusArchived  Status = "archived"  // history
)

// successors are the statuses that each status can become.
var successors = map[Status][]Status{
	StatusDraft:     {StatusPublished},
	StatusPublished: {StatusHidden, StatusArchived},
	StatusHidden:    {StatusPublished, StatusArchived},
	StatusArchived:  {StatusHidden},
}

// Valid reports whether s is one of the statuses.
func (s Status) Valid() bool { return successors[s] != nil }

// CanBecome reports whether an achievement of the status can get another one.
func (s Status) CanBecome(other Status) bool { return slices.Contains(successors[s], other) }
