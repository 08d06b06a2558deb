package app

import (
	"context"

	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports"
	"go.updspace.com/libs/errs"
)

// History shows the journal of a tenant.
type History struct {
	decisions *Decisions
	history   ports.History
}

// NewHistory makes the use case.
func NewHistory(d *Decisions, h ports.History) *History { return &History{decisions: d, history: h} }

// List shows entries of the journal, newest first.
func (h *History) List(ctx context.Context, search ports.EntrySearch) (Page[domain.Recorded], error) {
	if err := h.decisions.requireAny(ctx, domain.ReadRoles); err != nil {
		return Page[domain.Recorded]{}, err
	}
	if !search.From.IsZero() && !search.To.IsZero() && search.To.Before(search.From) {
		return Page[domain.Recorded]{}, errs.Fields{"to": "must not lie before from"}.Err()
	}
	return pageOf(search.Limit, func(limit int) ([]domain.Recorded, error) {
		search.Limit = limit
		return h.history.Page(ctx, search)
	})
}
