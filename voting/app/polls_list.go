package app

import (
	"context"
	"slices"
	"unicode/utf8"

	"github.com/google/uuid"

	"go.updspace.com/libs/errs"
	"go.updspace.com/voting/domain"
	"go.updspace.com/voting/ports"
)

// ListPolls says which polls to list. Zero values match everything.
type ListPolls struct {
	ScopeType domain.ScopeType
	ScopeID   string // needs ScopeType
	Status    domain.Status
	Words     string
	Limit     int // brought into 1..100
	Offset    int // below 0 counts as 0
}

const (
	maxPage  = 100
	maxWords = 100
)

// Validate checks what can be told without looking anything up.
func (in ListPolls) Validate() error {
	fields := errs.Fields{}
	fields.Check(in.ScopeType == "" || in.ScopeType.Valid(), "scope_type", "must be TENANT, COMMUNITY, TEAM, EVENT or POST")
	fields.Check(in.ScopeID == "" || in.ScopeType != "", "scope_type", "is needed with scope_id")
	fields.Check(in.Status == "" || in.Status.Valid(), "status", "must be draft, active or closed")
	fields.Check(utf8.RuneCountInString(in.Words) <= maxWords, "q", "must be at most 100 characters long")
	return fields.Err()
}

// PollPage is one page of a list.
type PollPage struct {
	Items  []PollView
	Total  int
	Limit  int
	Offset int
}

// List returns the polls that match and that the caller sees, newest first. However many polls there are, it asks
// Access once, about the places they are in, and leaves the choosing to the database.
func (s *Polls) List(ctx context.Context, by domain.Actor, in ListPolls) (PollPage, error) {
	if err := in.Validate(); err != nil {
		return PollPage{}, err
	}
	search := ports.PollSearch{ScopeType: in.ScopeType, ScopeID: in.ScopeID, Status: in.Status, Words: in.Words}
	asked := domain.TenantScope(by.Tenant)
	named := in.ScopeID != "" || in.ScopeType == domain.ScopeTenant
	if named {
		scope, err := domain.NewScope(by.Tenant, in.ScopeType, in.ScopeID)
		if err != nil {
			return PollPage{}, err
		}
		search.ScopeID, asked = scope.ID, scope.ForAccess(by.Tenant)
	}
	places, err := s.polls.Places(ctx, search)
	if err != nil {
		return PollPage{}, err
	}
	viewer, err := s.gate.view(ctx, by, asked, places)
	if err != nil {
		return PollPage{}, err
	}
	if len(viewer.Reads) == 0 || named && !slices.Contains(viewer.Reads, asked) {
		return PollPage{}, domain.ErrForbidden
	}
	page := PollPage{Limit: min(max(in.Limit, 1), maxPage), Offset: max(in.Offset, 0)}
	polls, total, err := s.polls.Page(ctx, search, viewer, page.Limit, page.Offset)
	if err != nil {
		return PollPage{}, err
	}
	page.Total = total
	totals, err := s.ballots.Totals(ctx, polls...)
	if err != nil {
		return PollPage{}, err
	}
	page.Items = make([]PollView, len(polls))
	for i, poll := range polls {
		page.Items[i] = PollView{Poll: poll, Votes: totals[poll.ID()]}
	}
	return page, nil
}

// view finds out what the caller may see in a scope and in places.
func (g gate) view(ctx context.Context, caller domain.Actor, scope domain.Scope, places []ports.Place) (ports.Viewer, error) {
	scopes := []domain.Scope{scope}
	for _, place := range places {
		if !slices.Contains(scopes, place.Scope) {
			scopes = append(scopes, place.Scope)
		}
	}
	asks := make([]domain.Ask, 0, 2*len(scopes)+len(places))
	for _, scope := range scopes {
		asks = append(asks,
			domain.Ask{Permission: domain.PermissionPollRead, Scope: scope},
			domain.Ask{Permission: domain.PermissionPollsAdmin, Scope: scope})
	}
	for _, place := range places { // without an owner: that the caller's own are visible to him, the database knows
		asks = append(asks, domain.AskVisible(domain.PermissionPollRead, place.Scope, place.Visibility, uuid.Nil))
	}
	answers, err := g.access.AllowedEach(ctx, asks)
	if err != nil {
		return ports.Viewer{}, err
	}
	viewer := ports.Viewer{Actor: caller}
	for i, scope := range scopes {
		if reads, manages := answers[2*i], answers[2*i+1]; reads {
			viewer.Reads = append(viewer.Reads, scope)
			if manages {
				viewer.Manages = append(viewer.Manages, scope)
			}
		}
	}
	for i, place := range places {
		if answers[2*len(scopes)+i] && place.Visibility != domain.VisibilityPrivate {
			viewer.Open = append(viewer.Open, place)
		}
	}
	return viewer, nil
}
