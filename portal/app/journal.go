package app

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/portal/domain"
	"go.updspace.com/portal/ports"
)

// Journal are the use cases around what was written by whom.
type Journal struct {
	gate    gate
	journal ports.Journal
}

// NewJournal needs everything but its own rules from outside.
func NewJournal(access ports.Access, journal ports.Journal) *Journal {
	return &Journal{gate: gate{access}, journal: journal}
}

// ListEntries says which entries to list. Zero values match everything.
type ListEntries struct {
	Actor  uuid.UUID
	Action string
	Target string
	Paging
}

// List returns entries, newest first, to those who administer the communities of the tenant.
func (s *Journal) List(ctx context.Context, by domain.Actor, in ListEntries) (Page[domain.Entry], error) {
	if err := s.gate.require(ctx, domain.PermissionCommunitiesManage, domain.TenantScope(by.Tenant)); err != nil {
		return Page[domain.Entry]{}, err
	}
	after, err := idKey(in.Cursor)
	if err != nil {
		return Page[domain.Entry]{}, err
	}
	last := func(e domain.Entry) string { return idCursor(e.ID) }
	return page(in.Paging, last, func(limit int) ([]domain.Entry, error) {
		return s.journal.List(ctx, ports.EntrySearch{Actor: in.Actor, Action: in.Action, Target: in.Target}, after, limit)
	})
}
