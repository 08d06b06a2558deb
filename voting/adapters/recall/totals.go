package recall

import (
	"context"
	"sync"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/voting/domain"
	"go.updspace.com/voting/ports"
)

const (
	maxTotals = 4096
	// freshness is how old the number of ballots in an open poll may be when it is shown.
	freshness = time.Second
)

// Ballots is ports.Ballots that does not count the ballots of a poll again for everybody who looks at it: those of a
// draft or a closed poll never change, and for an open one a second does not matter. Results are always counted.
type Ballots struct {
	ports.Ballots
	clock ports.Clock

	mu    sync.Mutex
	known map[uuid.UUID]total
}

type total struct {
	version int // of the poll that was counted: a change, a close among them, calls for counting again
	votes   int64
	at      time.Time
}

// NewBallots remembers the totals of what it passes on to ballots.
func NewBallots(ballots ports.Ballots, clock ports.Clock) *Ballots {
	return &Ballots{Ballots: ballots, clock: clock, known: map[uuid.UUID]total{}}
}

// Totals counts only the polls whose number is not known. Polls are known by ids that no other tenant's poll can have,
// and whoever asks has been shown the poll already.
func (b *Ballots) Totals(ctx context.Context, polls ...domain.Poll) (map[uuid.UUID]int64, error) {
	now := b.clock.Now()
	totals := make(map[uuid.UUID]int64, len(polls))
	unknown := b.recall(now, polls, totals)
	if len(unknown) == 0 {
		return totals, nil
	}
	counted, err := b.Ballots.Totals(ctx, unknown...)
	if err != nil {
		return nil, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.known)+len(unknown) > maxTotals {
		clear(b.known)
	}
	for _, poll := range unknown {
		totals[poll.ID()] = counted[poll.ID()]
		b.known[poll.ID()] = total{version: poll.Version(), votes: counted[poll.ID()], at: now}
	}
	return totals, nil
}

func (b *Ballots) recall(now time.Time, polls []domain.Poll, totals map[uuid.UUID]int64) (unknown []domain.Poll) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, poll := range polls {
		if poll.IsDraft() {
			continue // has none
		}
		t, ok := b.known[poll.ID()]
		if ok && t.version == poll.Version() && (poll.Data().Status == domain.StatusClosed || now.Sub(t.at) < freshness) {
			totals[poll.ID()] = t.votes
			continue
		}
		unknown = append(unknown, poll)
	}
	return unknown
}
