package app

import (
	"context"
	"unicode/utf8"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/page"
	"go.updspace.com/voting/domain"
	"go.updspace.com/voting/ports"
)

// ListPolls is the input of Polls.List. Zero values match everything.
type ListPolls struct {
	ScopeType authz.ScopeType
	ScopeID   string // needs ScopeType
	Status    domain.Status
	Query     string
	Cursor    string // of the page before; then Offset does not count
	Limit     int    // brought into 1..100
	Offset    int    // below 0 counts as 0
}

const maxQuery = 100

// Validate checks what needs no lookup.
func (in ListPolls) Validate() error {
	fields := errs.Fields{}
	fields.Check(in.ScopeType == "" || domain.ScopeTypes.Has(in.ScopeType), "scope_type", domain.ScopeTypes.NotAllowed())
	fields.Check(in.ScopeID == "" || in.ScopeType != "", "scope_type", why.Required.Saying("is needed with scope_id"))
	fields.Check(in.Status == "" || in.Status.Valid(), "status", why.NotAllowed("must be draft, active or closed"))
	fields.Check(utf8.RuneCountInString(in.Query) <= maxQuery, "q", why.TooLong(maxQuery))
	return fields.Err()
}

// PollPage is one page of a list.
type PollPage struct {
	page.Page[PollView]
	Total  int
	Limit  int
	Offset int
}

// List returns the polls that match and that the caller sees, newest first. It makes one call to access, about the scopes
// of the polls that match, and filters in the database.
func (s *Polls) List(ctx context.Context, by authz.Actor, in ListPolls) (PollPage, error) {
	if err := in.Validate(); err != nil {
		return PollPage{}, err
	}
	filter, viewer, err := s.requireViewer(ctx, by, ports.PollFilter{ScopeType: in.ScopeType, Status: in.Status, Query: in.Query}, in.ScopeID)
	if err != nil {
		return PollPage{}, err
	}
	return s.page(ctx, filter, viewer, in)
}

// requireViewer completes the filter with a scope, if one is named, and returns what the caller sees of the polls that
// match. It refuses callers who may read polls nowhere, or not in the scope.
func (s *Polls) requireViewer(ctx context.Context, by authz.Actor, filter ports.PollFilter, scopeID string, also ...authz.Permission) (ports.PollFilter, authz.Viewer, error) {
	asked := authz.TenantScope(by.Tenant)
	named := scopeID != "" || filter.ScopeType == authz.ScopeTenant
	if named {
		scope, err := domain.ScopeTypes.Parse(by.Tenant, filter.ScopeType, scopeID)
		if err != nil {
			return filter, authz.Viewer{}, err
		}
		filter.ScopeID, asked = scope.ID, domain.AccessScope(scope, by.Tenant)
	}
	audiences, err := s.Polls.Audiences(ctx, filter)
	if err != nil {
		return filter, authz.Viewer{}, err
	}
	viewer, err := authz.RequireViewer(ctx, s.Access, by, authz.ViewerQuery{
		Read: domain.PermissionPollRead, Also: append([]authz.Permission{domain.PermissionPollsAdmin}, also...),
		Scope: asked, Named: named, Audiences: audiences,
	})
	return filter, viewer, err
}

func (s *Polls) page(ctx context.Context, filter ports.PollFilter, viewer authz.Viewer, in ListPolls) (PollPage, error) {
	list := PollPage{Limit: min(max(in.Limit, 1), page.MaxLimit), Offset: max(in.Offset, 0)}
	part := ports.PageRange{Offset: list.Offset}
	var after ports.PollPosition
	found, err := page.Decode("polls", in.Cursor, &after.CreatedAt, &after.ID)
	if err != nil {
		return PollPage{}, err
	}
	if found {
		list.Offset, part = 0, ports.PageRange{After: &after}
	}
	polls, err := page.Fetch(list.Limit, func(limit int) ([]domain.Poll, error) {
		part.Limit = limit
		return s.Polls.Page(ctx, filter, viewer, part)
	}, func(last domain.Poll) string { return page.Encode("polls", last.Data().CreatedAt, last.ID()) })
	if err != nil {
		return PollPage{}, err
	}
	if list.Total, err = s.Polls.Count(ctx, filter, viewer); err != nil {
		return PollPage{}, err
	}
	totals, err := s.Ballots.Totals(ctx, polls.Items...)
	if err != nil {
		return PollPage{}, err
	}
	list.Page = page.Map(polls, func(p domain.Poll) PollView {
		return PollView{Poll: p, Votes: totals[p.ID()], Phase: p.Phase(s.Clock.Now())}
	})
	return list, nil
}
