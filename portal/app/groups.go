package app

import (
	"context"
	"unicode/utf8"

	"go.updspace.com/libs/errs"
	"go.updspace.com/portal/domain"
	"go.updspace.com/portal/ports"
)

// Groups are the use cases around communities and teams themselves.
type Groups struct {
	gate   gate
	groups ports.Groups
}

// NewGroups needs everything but its own rules from outside.
func NewGroups(access ports.Access, groups ports.Groups) *Groups {
	return &Groups{gate: gate{access}, groups: groups}
}

// ListGroups says which groups to list.
type ListGroups struct {
	Words  string
	Status domain.Status // empty: all
	Limit  int           // brought into 1..MaxPage
	Cursor string
}

const (
	// MaxPage is how many entries a page of a list has at most.
	MaxPage  = 200
	maxWords = 100
)

// Validate checks what can be told without looking anything up.
func (in ListGroups) Validate() error {
	fields := errs.Fields{}
	fields.Check(in.Status == "" || in.Status.Valid(), "status", "must be active or archived")
	fields.Check(utf8.RuneCountInString(in.Words) <= maxWords, "q", "must be at most 100 characters long")
	return fields.Err()
}

// GroupPage is one page of a list. Next is where the next one begins, empty on the last.
type GroupPage struct {
	Items []domain.Group
	Next  string
}

// Communities returns the communities of the tenant that match, by name.
func (s *Groups) Communities(ctx context.Context, by domain.Actor, in ListGroups) (GroupPage, error) {
	if err := in.Validate(); err != nil {
		return GroupPage{}, err
	}
	if err := s.gate.require(ctx, domain.PermissionCommunitiesList, domain.TenantScope(by.Tenant)); err != nil {
		return GroupPage{}, err
	}
	return s.list(ctx, ports.GroupSearch{Kind: domain.ScopeCommunity, Status: in.Status, Words: in.Words}, in)
}

func (s *Groups) list(ctx context.Context, search ports.GroupSearch, in ListGroups) (GroupPage, error) {
	after, err := groupKey(in.Cursor)
	if err != nil {
		return GroupPage{}, err
	}
	limit := min(max(in.Limit, 1), MaxPage)
	found, err := s.groups.List(ctx, search, after, limit+1)
	if err != nil {
		return GroupPage{}, err
	}
	if len(found) <= limit {
		return GroupPage{Items: found}, nil
	}
	return GroupPage{Items: found[:limit], Next: groupCursor(ports.KeyOf(found[limit-1]))}, nil
}
