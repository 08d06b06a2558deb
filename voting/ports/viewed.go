package ports

import (
	"time"

	"github.com/google/uuid"

	"go.updspace.com/voting/domain"
)

// PollSort is an order of the polls that a viewer sees.
type PollSort string

// The orders. In the first two come open polls by their end, scheduled ones by their start, then drafts and closed ones by
// their last change, latest first.
const (
	SortToDo     PollSort = "todo"     // the polls that wait for the viewer's vote first
	SortDeadline PollSort = "deadline" // without that
	SortNewest   PollSort = "newest"   // all by their creation, latest first
)

// ViewedPolls is a part of the polls that a viewer sees: those of a phase, or all, after a place.
type ViewedPolls struct {
	Filter PollFilter
	Phase  domain.Phase // empty for all
	Sort   PollSort
	Now    time.Time
	After  *ViewedPosition
	Limit  int
}

// ViewedPoll is a poll with the viewer's role in it and its place in the list.
type ViewedPoll struct {
	Poll     domain.Poll
	Role     domain.Role
	Position ViewedPosition
}

// ViewedPosition is a place in a list: by rank, then by key, then by id.
type ViewedPosition struct {
	Rank int
	Key  int64
	ID   uuid.UUID
}

// PhaseCounts is how many polls there are in each phase, and how many of the open ones wait for the viewer's vote.
type PhaseCounts struct {
	Phases map[domain.Phase]int
	ToDo   int
}

// Position is the place of a poll in a list.
func (s PollSort) Position(p domain.Poll, standing domain.Standing, now time.Time) ViewedPosition {
	d := p.Data()
	var rank int
	var at time.Time
	switch phase := p.Phase(now); {
	case s == SortNewest:
		return ViewedPosition{Key: -d.CreatedAt.UnixMicro(), ID: d.ID}
	case phase == domain.PhaseOpen:
		rank, at = 1, d.Schedule.Ends
		if s == SortToDo && standing.ToDo() {
			rank = 0
		}
		if at.IsZero() {
			return ViewedPosition{Rank: rank, Key: NoDeadline, ID: d.ID}
		}
	case phase == domain.PhaseScheduled:
		rank, at = 2, d.Schedule.Starts
	case phase == domain.PhaseDraft:
		return ViewedPosition{Rank: 3, Key: -d.UpdatedAt.UnixMicro(), ID: d.ID}
	default:
		return ViewedPosition{Rank: 4, Key: -d.UpdatedAt.UnixMicro(), ID: d.ID}
	}
	return ViewedPosition{Rank: rank, Key: at.UnixMicro(), ID: d.ID}
}

// NoDeadline is the key of open polls without an end: after all ends.
const NoDeadline = int64(1) << 62
