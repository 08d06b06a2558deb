package cache

import (
	"context"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/voting/domain"
)

// freshness is the age up to which the number of ballots in an open poll is shown.
const freshness = time.Second

type total struct {
	version int // of the poll that was counted; a changed poll is counted again
	votes   int64
	at      time.Time
}

// Totals counts only polls that are not cached. The number of a closed poll never changes; that of an open one may be a
// second old. Drafts have no ballots. The results of a poll are always counted.
//
// The key needs no tenant: poll ids are unique, and the caller has been shown the poll already.
func (b *Ballots) Totals(ctx context.Context, polls ...domain.Poll) (map[uuid.UUID]int64, error) {
	now := b.clock.Now()
	totals := make(map[uuid.UUID]int64, len(polls))
	var missing []domain.Poll
	for _, poll := range polls {
		if poll.IsDraft() {
			continue
		}
		t, ok := b.totals.Get(poll.ID())
		if ok && t.version == poll.Version() && (poll.Data().Status == domain.StatusClosed || now.Sub(t.at) < freshness) {
			totals[poll.ID()] = t.votes
			continue
		}
		missing = append(missing, poll)
	}
	if len(missing) == 0 {
		return totals, nil
	}
	counted, err := b.Ballots.Totals(ctx, missing...)
	if err != nil {
		return nil, err
	}
	for _, poll := range missing {
		totals[poll.ID()] = counted[poll.ID()]
		b.totals.Add(poll.ID(), total{version: poll.Version(), votes: counted[poll.ID()], at: now})
	}
	return totals, nil
}
