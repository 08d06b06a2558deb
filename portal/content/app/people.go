package app

import (
	"context"
	"slices"
	"unicode/utf8"

	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/page"
	"go.updspace.com/portal/content/domain"
	"go.updspace.com/portal/content/ports"
)

// People are the use cases of what members of a tenant see of each other.
type People struct{ Deps }

// MaxLookup is how many users can be looked up at once.
const MaxLookup = 100

// Lookup returns users of the tenant by their ids, each once.
func (s People) Lookup(ctx context.Context, by authz.Actor, users []uuid.UUID) ([]domain.Person, error) {
	fields := errs.Fields{}
	fields.Check(len(users) <= MaxLookup, "ids", why.TooMany(MaxLookup))
	if err := fields.Err(); err != nil {
		return nil, err
	}
	if err := s.require(ctx, by, domain.PermissionProfilesRead); err != nil {
		return nil, err
	}
	var once []uuid.UUID
	for _, user := range users {
		if !slices.Contains(once, user) {
			once = append(once, user)
		}
	}
	return s.People.Lookup(ctx, once)
}

// ListPeople selects people.
type ListPeople struct {
	Query       string // a part of a name
	CommunityID uuid.UUID
	TeamID      uuid.UUID
	Page        page.Request
}

// search converts the input for the repository.
func (in ListPeople) search() (ports.PeopleSearch, error) {
	fields := errs.Fields{}
	fields.Check(utf8.RuneCountInString(in.Query) <= maxQuery, "q", why.TooLong(maxQuery))
	fields.Check(in.CommunityID == uuid.Nil || in.TeamID == uuid.Nil, "team_id", why.Mismatch("must not be there together with community_id"))
	search := ports.PeopleSearch{Query: in.Query}
	switch {
	case in.TeamID != uuid.Nil:
		search.Group = authz.TeamScope(in.TeamID)
	case in.CommunityID != uuid.Nil:
		search.Group = authz.CommunityScope(in.CommunityID)
	}
	return search, fields.Err()
}

const peopleList = "people" // in cursors

// List returns members of the tenant, by name.
func (s People) List(ctx context.Context, by authz.Actor, in ListPeople) (page.Page[domain.Person], error) {
	search, err := in.search()
	if err != nil {
		return page.Page[domain.Person]{}, err
	}
	var after ports.PersonKey
	if _, err := page.Decode(peopleList, in.Page.Cursor, &after.Name, &after.User); err != nil {
		return page.Page[domain.Person]{}, err
	}
	if err := s.requireAll(ctx, peopleChecks(by, search.Group)); err != nil {
		return page.Page[domain.Person]{}, err
	}
	found, err := page.Fetch(in.Page.Limit, func(limit int) ([]ports.ListedPerson, error) {
		return s.People.List(ctx, search, after, limit)
	}, func(last ports.ListedPerson) string { return page.Encode(peopleList, last.Key.Name, last.Key.User) })
	if err != nil {
		return page.Page[domain.Person]{}, err
	}
	return page.Map(found, func(p ports.ListedPerson) domain.Person { return p.Person }), nil
}

// peopleChecks are what a caller needs to list people, of a group or of the whole tenant.
func peopleChecks(by authz.Actor, group authz.Scope) []authz.Check {
	checks := []authz.Check{{Permission: domain.PermissionProfilesRead, Scope: authz.TenantScope(by.Tenant)}}
	switch group.Type {
	case authz.ScopeTeam:
		checks = append(checks, authz.Check{Permission: domain.PermissionTeamMembersRead, Scope: group})
	case authz.ScopeCommunity:
		checks = append(checks, authz.Check{Permission: domain.PermissionCommunityMembersRead, Scope: group})
	}
	return checks
}

// requireAll refuses callers who lack any of the permissions, in one question.
func (d Deps) requireAll(ctx context.Context, checks []authz.Check) error {
	answers, err := d.Access.CheckAll(ctx, checks)
	if err != nil {
		return err
	}
	if i := slices.Index(answers, false); i >= 0 {
		return authz.Denied(checks[i].Permission)
	}
	return nil
}
