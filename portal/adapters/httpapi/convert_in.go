package httpapi

import (
	"time"

	"github.com/oapi-codegen/nullable"

	"go.updspace.com/api/portalapi"
	"go.updspace.com/portal/app"
	"go.updspace.com/portal/domain"
	"go.updspace.com/portal/ports"
)

// FromAPI functions turn what the wire brought into what the use cases take. Older clients write the names of fields in
// camel case; where both come, the one in snake case counts.

const (
	defaultList = 200 // entries of a list that used to come whole
	defaultPage = 50
)

func paging(limit *int32, cursor *string) app.Paging {
	return app.Paging{Limit: int(valueOr(limit, defaultPage)), Cursor: value(cursor)}
}

// FromAPIListGroups converts the query of a list: groups in use, unless said otherwise.
func FromAPIListGroups(q *string, status *portalapi.ListedStatus, limit *int32, cursor *string) app.ListGroups {
	in := app.ListGroups{Words: value(q), Status: domain.StatusActive, Paging: app.Paging{Limit: int(valueOr(limit, defaultList)), Cursor: value(cursor)}}
	switch value(status) {
	case portalapi.ListedStatusAll:
		in.Status = ""
	case portalapi.ListedStatusArchived:
		in.Status = domain.StatusArchived
	}
	return in
}

// FromAPIGroupCreate converts a new community.
func FromAPIGroupCreate(b portalapi.GroupCreate) domain.GroupDraft {
	return domain.GroupDraft{
		Name: b.Name, Description: get(b.Description),
		JoinPolicy: value(either(as[domain.JoinPolicy](b.JoinPolicy), as[domain.JoinPolicy](b.JoinPolicyCamel))),
	}
}

// FromAPITeamCreate converts a new team.
func FromAPITeamCreate(b portalapi.TeamCreate) app.CreateTeam {
	return app.CreateTeam{Community: value(either(b.CommunityID, b.CommunityIDCamel)), Team: domain.GroupDraft{
		Name: b.Name, Description: get(b.Description),
		JoinPolicy: value(either(as[domain.JoinPolicy](b.JoinPolicy), as[domain.JoinPolicy](b.JoinPolicyCamel))),
	}}
}

// FromAPIGroupUpdate converts the change of a group.
func FromAPIGroupUpdate(b portalapi.GroupUpdate) domain.GroupEdit {
	return domain.GroupEdit{
		Name: b.Name, Description: edit(b.Description),
		JoinPolicy: either(as[domain.JoinPolicy](b.JoinPolicy), as[domain.JoinPolicy](b.JoinPolicyCamel)),
	}
}

// FromAPIMemberChange converts whom to add or remove.
func FromAPIMemberChange(b portalapi.MemberChange) app.PutMember {
	role := domain.Role(get(b.RoleHint))
	if !b.RoleHint.IsSpecified() {
		role = domain.Role(get(b.RoleHintCamel))
	}
	return app.PutMember{User: value(either(b.UserID, b.UserIDCamel)), Role: role}
}

// FromAPIListRequests converts the query of a list of requests.
func FromAPIListRequests(status *portalapi.RequestStatus, limit *int32, cursor *string) app.ListRequests {
	return app.ListRequests{Status: domain.RequestStatus(value(status)), Paging: paging(limit, cursor)}
}

// FromAPIListInvites converts the query of a list of invitations.
func FromAPIListInvites(pending *bool, limit *int32, cursor *string) app.ListInvites {
	return app.ListInvites{Pending: value(pending), Paging: paging(limit, cursor)}
}

// FromAPILinkCreate converts a new link.
func FromAPILinkCreate(b portalapi.LinkCreate) domain.LinkDraft {
	return domain.LinkDraft{MaxUses: int(get(b.MaxUses)), ExpiresAt: get(b.ExpiresAt)}
}

// FromAPIMembershipQuestion converts a question of another service.
func FromAPIMembershipQuestion(q portalapi.MembershipQuestion) ports.Pair {
	return ports.Pair{User: q.UserID, Scope: domain.Scope{Type: domain.ScopeType(q.ScopeType), ID: q.ScopeID}}
}

// value is what an optional field holds, or nothing; valueOr has something else in that case.
func value[T any](p *T) (v T) { return valueOr(p, v) }

func valueOr[T any](p *T, otherwise T) T {
	if p == nil {
		return otherwise
	}
	return *p
}

// either is the first of two names of a field that is there.
func either[T any](snake, camel *T) *T {
	if snake != nil {
		return snake
	}
	return camel
}

// get is what a nullable field holds, or nothing when it is null or absent.
func get[T any](n nullable.Nullable[T]) (v T) {
	if got, err := n.Get(); err == nil {
		v = got
	}
	return v
}

// edit says what a nullable field asks for: nil for nothing, nothing for null.
func edit[T any](n nullable.Nullable[T]) *T {
	if !n.IsSpecified() {
		return nil
	}
	v := get(n)
	return &v
}

// as changes the type of an optional enumeration.
func as[B, A ~string](p *A) *B {
	if p == nil {
		return nil
	}
	v := B(*p)
	return &v
}

// orNull is null for the value that stands for none.
func orNull[T comparable](v T) nullable.Nullable[T] {
	var none T
	if v == none {
		return nullable.NewNullNullable[T]()
	}
	return nullable.NewNullableWithValue(v)
}

// timeOrNull is orNull for moments, which are not compared by ==.
func timeOrNull(t time.Time) nullable.Nullable[time.Time] {
	if t.IsZero() {
		return nullable.NewNullNullable[time.Time]()
	}
	return nullable.NewNullableWithValue(t)
}
