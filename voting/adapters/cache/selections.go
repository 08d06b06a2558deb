// Package cache holds decorators of ports that answer from memory where an out-of-date answer does no harm.
package cache

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	lru "github.com/hashicorp/golang-lru/v2"

	"go.updspace.com/libs/reqctx"
	"go.updspace.com/voting/domain"
	"go.updspace.com/voting/ports"
)

const (
	maxSelections = 4096 // a few megabytes
	maxTotals     = 4096
)

// Ballots is ports.Ballots with two caches. Selections: all voters for an option read the same, and it does not change
// until the poll does. Totals: see Ballots.Totals.
type Ballots struct {
	ports.Ballots
	clock      ports.Clock
	selections *lru.Cache[selectionKey, domain.Selection]
	totals     *lru.Cache[uuid.UUID, total]
}

// selectionKey includes the tenant, so that no tenant reads another's entry.
type selectionKey struct {
	tenant, poll, question, option uuid.UUID
}

// NewBallots decorates ballots.
func NewBallots(ballots ports.Ballots, clock ports.Clock) (*Ballots, error) {
	selections, err := lru.New[selectionKey, domain.Selection](maxSelections)
	if err != nil {
		return nil, fmt.Errorf("cache of selections: %w", err)
	}
	totals, err := lru.New[uuid.UUID, total](maxTotals)
	if err != nil {
		return nil, fmt.Errorf("cache of totals: %w", err)
	}
	return &Ballots{Ballots: ballots, clock: clock, selections: selections, totals: totals}, nil
}

// Selection answers from the cache unless fresh is set. Only what exists is cached, so that a refusal never is.
func (b *Ballots) Selection(ctx context.Context, poll, question, option uuid.UUID, fresh bool) (domain.Selection, error) {
	key := selectionKey{reqctx.From(ctx).TenantID, poll, question, option}
	if !fresh {
		if selection, ok := b.selections.Get(key); ok {
			return selection, nil
		}
	}
	selection, err := b.Ballots.Selection(ctx, poll, question, option, fresh)
	if err == nil && selection.Offered {
		b.selections.Add(key, selection)
	}
	return selection, err
}
