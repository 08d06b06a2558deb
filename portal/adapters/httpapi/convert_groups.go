package httpapi

import (
	"github.com/google/uuid"
	"github.com/oapi-codegen/nullable"

	"go.updspace.com/api/portalapi"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/page"
	"go.updspace.com/libs/wire"
	groupsapp "go.updspace.com/portal/groups/app"
	groupsdomain "go.updspace.com/portal/groups/domain"
	groupsports "go.updspace.com/portal/groups/ports"
)

func pageRequest(limit *int, cursor *string) page.Request {
	return page.Request{Limit: wire.Value(limit), Cursor: wire.Value(cursor)}
}

// FromAPIListGroups converts the query of a list of groups; the default is active groups.
func FromAPIListGroups(q *string, status *portalapi.ListedStatus, limit int, cursor *string) groupsapp.ListGroups {
	in := groupsapp.ListGroups{Query: wire.Value(q), Request: page.Request{Limit: limit, Cursor: wire.Value(cursor)}}
	if listed := wire.ValueOr(status, portalapi.ListedStatusActive); listed != portalapi.ListedStatusAll {
		in.Status = groupsdomain.Status(listed)
	}
	return in
}

// joinPolicy reads a field that former clients write in camel case.
func joinPolicy[A ~string](snake *portalapi.JoinPolicy, camel *A) groupsdomain.JoinPolicy {
	return wire.Value(either(wire.As[groupsdomain.JoinPolicy](snake), wire.As[groupsdomain.JoinPolicy](camel)))
}

// either returns the first of two names of a field that is set.
func either[T any](snake, camel *T) *T {
	if snake != nil {
		return snake
	}
	return camel
}

// required refuses a missing field that has two names, which the specification cannot require.
func required(field string, id *uuid.UUID) (uuid.UUID, error) {
	fields := errs.Fields{}
	fields.Check(id != nil, field, why.Required)
	return wire.Value(id), fields.Err()
}

// FromAPIMembershipQuestion converts a question of another service.
func FromAPIMembershipQuestion(q portalapi.MembershipQuestion) groupsports.MembershipKey {
	return groupsports.MembershipKey{User: q.UserID, Scope: authz.Scope{Type: authz.ScopeType(q.ScopeType), ID: q.ScopeID}}
}

func role(r groupsdomain.Role) portalapi.MyRole { return portalapi.MyRole(r) }

// ToAPIGroup converts a group.
func ToAPIGroup(v groupsapp.GroupView) portalapi.Group {
	d := v.Group.Data()
	return portalapi.Group{
		ID: d.ID, TenantID: d.TenantID, Kind: portalapi.GroupKind(d.Kind), CommunityID: d.CommunityID, Name: d.Name, Description: d.Description,
		JoinPolicy: portalapi.JoinPolicy(d.JoinPolicy), Status: portalapi.GroupStatus(d.Status), MemberCount: int32(d.Members),
		CommunityName: v.Card.CommunityName, Hue: toAPIHue(d.Hue), Faces: wire.Each(v.Card.Faces, ToAPIFace),
		MyState: portalapi.MyState(v.Card.State()), MyJoinRequestID: wire.OrNull(v.Card.JoinRequest), MyInviteID: wire.OrNull(v.Card.Invite),
		MyRole: wire.OrNull(role(v.Card.Role)), CreatedBy: d.CreatedBy, CreatedAt: d.CreatedAt, UpdatedAt: d.UpdatedAt,
	}
}

// ToAPIFace converts a member of a card.
func ToAPIFace(f groupsdomain.Face) portalapi.Face {
	return portalapi.Face{UserID: f.User, DisplayName: wire.OrNull(f.Name), AvatarURL: avatarURL(f.User, f.Avatar)}
}

// fullCircle is what red is in the domain, where 0 is no colour of one's own.
const fullCircle = 360

func toAPIHue(degrees int) nullable.Nullable[portalapi.Hue] {
	if degrees == 0 {
		return nullable.NewNullNullable[portalapi.Hue]()
	}
	return nullable.NewNullableWithValue(degrees % fullCircle)
}

// fromAPIHue is nil for a colour that is left out.
func fromAPIHue(hue nullable.Nullable[portalapi.Hue]) *int {
	switch {
	case !hue.IsSpecified():
		return nil
	case hue.IsNull():
		return new(0)
	case wire.Get(hue) == 0:
		return new(fullCircle)
	}
	return new(wire.Get(hue))
}

// ToAPIQueue converts what waits for the caller.
func ToAPIQueue(w groupsapp.Waiting) portalapi.Queue {
	return portalapi.Queue{
		Invites:      portalapi.QueuedInvites{Count: int32(w.Invites.Count), Items: wire.Each(w.Invites.First, ToAPIInvite)},
		JoinRequests: portalapi.QueuedJoinRequests{Count: int32(w.JoinRequests.Count), Items: wire.Each(w.JoinRequests.First, ToAPIJoinRequest)},
	}
}

// ToAPIMember converts a membership. role_hint is the name of the role in the former API.
func ToAPIMember(m groupsdomain.Membership) portalapi.Member {
	role := portalapi.Role(m.Role())
	return portalapi.Member{UserID: m.Data().UserID, Role: role, RoleHint: role, JoinedAt: m.Data().JoinedAt}
}

// ToAPIBan converts a ban.
func ToAPIBan(b groupsdomain.Ban) portalapi.Ban {
	d := b.Data()
	return portalapi.Ban{UserID: d.UserID, Reason: d.Reason, Until: wire.TimeOrNull(d.Until), CreatedBy: d.CreatedBy, CreatedAt: d.CreatedAt}
}

// ToAPIJoinRequest converts a join request.
func ToAPIJoinRequest(v groupsapp.JoinRequest) portalapi.JoinRequest {
	d := v.Of.Data()
	return portalapi.JoinRequest{
		ID: d.ID, ScopeType: portalapi.GroupKind(d.Scope.Type), ScopeID: d.Scope.ID, CommunityID: d.CommunityID, ScopeName: v.GroupName,
		UserID: d.UserID, Message: d.Message, Status: portalapi.RequestStatus(d.Status),
		CreatedAt: d.CreatedAt, DecidedAt: wire.TimeOrNull(d.DecidedAt), DecidedBy: wire.OrNull(d.DecidedBy),
	}
}

// ToAPIJoinRequestPage converts a page of join requests.
func ToAPIJoinRequestPage(p page.Page[groupsapp.JoinRequest]) portalapi.JoinRequestPage {
	return portalapi.JoinRequestPage{Items: wire.Each(p.Items, ToAPIJoinRequest), NextCursor: wire.OrNull(p.Next)}
}

// ToAPIInvite converts an invitation.
func ToAPIInvite(v groupsapp.Invite) portalapi.Invite {
	d := v.Of.Data()
	return portalapi.Invite{
		ID: d.ID, ScopeType: portalapi.GroupKind(d.Scope.Type), ScopeID: d.Scope.ID, CommunityID: d.CommunityID, ScopeName: v.GroupName,
		UserID: d.UserID, Role: portalapi.InviteRole(d.Role), Status: portalapi.InviteStatus(d.Status),
		InvitedBy: d.Maker.User, CreatedAt: d.CreatedAt, ExpiresAt: d.ExpiresAt,
	}
}

// ToAPIInvitePage converts a page of invitations.
func ToAPIInvitePage(p page.Page[groupsapp.Invite]) portalapi.InvitePage {
	return portalapi.InvitePage{Items: wire.Each(p.Items, ToAPIInvite), NextCursor: wire.OrNull(p.Next)}
}

// ToAPIInviteLink converts an invite link.
func ToAPIInviteLink(l groupsdomain.InviteLink) portalapi.InviteLink {
	d := l.Data()
	return portalapi.InviteLink{
		ID: d.ID, ScopeType: portalapi.GroupKind(d.Scope.Type), ScopeID: d.Scope.ID, CommunityID: d.CommunityID,
		MaxUses: wire.OrNull(int32(d.MaxUses)), Uses: int32(d.Uses), CreatedBy: d.Maker.User,
		CreatedAt: d.CreatedAt, ExpiresAt: d.ExpiresAt, RevokedAt: wire.TimeOrNull(d.RevokedAt),
	}
}

// ToAPIInviteLinkPreview converts the group of an invite link.
func ToAPIInviteLinkPreview(v groupsapp.InviteLinkView) portalapi.InviteLinkPreview {
	l, g := v.Link.Data(), v.Group.Group.Data()
	return portalapi.InviteLinkPreview{
		ScopeType: portalapi.GroupKind(l.Scope.Type), ScopeID: l.Scope.ID, CommunityID: l.CommunityID,
		Name: g.Name, Description: g.Description, CommunityName: v.Group.Community.Data().Name, MemberCount: int32(g.Members),
		MyRole: wire.OrNull(role(v.Role)), ExpiresAt: l.ExpiresAt,
	}
}

// ToAPIUserMembership converts a membership with the name of its group.
func ToAPIUserMembership(v groupsapp.WithGroup[groupsdomain.Membership]) portalapi.UserMembership {
	d := v.Of.Data()
	return portalapi.UserMembership{
		ScopeType: portalapi.GroupKind(d.Scope.Type), ScopeID: d.Scope.ID, CommunityID: d.CommunityID, Name: v.GroupName,
		Role: portalapi.Role(v.Of.Role()), JoinedAt: d.JoinedAt,
	}
}

// ToAPIMembershipAnswer converts the answer to a question of another service.
func ToAPIMembershipAnswer(r groupsdomain.Role) portalapi.MembershipAnswer {
	return portalapi.MembershipAnswer{Member: r != groupsdomain.RoleNone, Role: wire.OrNull(role(r))}
}

// next is the X-Next-Cursor header; the last page has none.
func next(cursor string) *string {
	if cursor == "" {
		return nil
	}
	return &cursor
}
