package ports

import (
	"context"
	"time"

	"go.updspace.com/activity/domain"
)

// Items stores the items of the feed.
type Items interface {
	// Apply stores what sources tell: items that are new, corrected or retracted. It may be repeated, and changes may come in any
	// order: see domain.Change.After. It runs in the transaction of Tx.Do, if there is one.
	Apply(ctx context.Context, changes ...domain.Change) error
	// BySource returns the item of a source, or domain.ErrItemNotFound when it has none or it is retracted.
	BySource(ctx context.Context, sourceRef string) (domain.Item, error)
	// LockSources makes other changes of the items of sources wait until Tx.Do ends.
	LockSources(ctx context.Context, sourceRefs ...string) error
	// ShownOf returns what is shown of sources, by source: not what is about an item that is gone.
	ShownOf(ctx context.Context, sourceRefs ...string) (map[string]domain.Shown, error)
	// LastID returns the greatest id of an item, or 0.
	LastID(ctx context.Context) (int64, error)
	// Page lists at most limit items that match and that the viewer sees, after a position.
	Page(ctx context.Context, viewer domain.Viewer, filter domain.Filter, after domain.Key, limit int) ([]domain.Item, error)
	// Groups returns what the groups of the matching items are that the viewer sees, those of more than one member.
	Groups(ctx context.Context, viewer domain.Viewer, filter domain.Filter, of []domain.GroupKey) (map[domain.GroupKey]domain.Group, error)
	// Count returns how many items match that the viewer sees, but no more than most.
	Count(ctx context.Context, viewer domain.Viewer, filter domain.Filter, most int) (int, error)
	// Forget deletes, in all tenants, what happened before a time, and what was retracted before another one with the items about it.
	Forget(ctx context.Context, happened, retracted time.Time) error
}
