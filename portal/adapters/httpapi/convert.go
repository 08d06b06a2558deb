package httpapi

import (
	"go.updspace.com/api/portalapi"
	"go.updspace.com/portal/app"
	"go.updspace.com/portal/domain"
)

// ToAPI functions turn what use cases answer into what the wire carries.

func myRole(r domain.Role) portalapi.MyRole { return portalapi.MyRole(r) }

// ToAPICommunity converts a community.
func ToAPICommunity(v app.GroupView) portalapi.Community {
	d := v.Group.Data()
	return portalapi.Community{
		ID: d.ID, TenantID: d.TenantID, Name: d.Name, Description: d.Description, JoinPolicy: portalapi.JoinPolicy(d.JoinPolicy),
		Status: portalapi.GroupStatus(d.Status), MemberCount: int32(d.Members), MyRole: orNull(myRole(v.Role)),
		CreatedBy: d.CreatedBy, CreatedAt: d.CreatedAt, UpdatedAt: d.UpdatedAt,
	}
}

// ToAPITeam converts a team.
func ToAPITeam(v app.GroupView) portalapi.Team {
	d := v.Group.Data()
	return portalapi.Team{
		ID: d.ID, TenantID: d.TenantID, CommunityID: d.CommunityID, Name: d.Name, Description: d.Description, JoinPolicy: portalapi.JoinPolicy(d.JoinPolicy),
		Status: portalapi.GroupStatus(d.Status), MemberCount: int32(d.Members), MyRole: orNull(myRole(v.Role)),
		CreatedBy: d.CreatedBy, CreatedAt: d.CreatedAt, UpdatedAt: d.UpdatedAt,
	}
}

// ToAPIMember converts a membership.
func ToAPIMember(m domain.Membership) portalapi.Member {
	role := portalapi.Role(m.Role())
	return portalapi.Member{UserID: m.Data().UserID, Role: role, RoleHint: role, JoinedAt: m.Data().JoinedAt}
}

// ToAPIMemberCheck converts a membership that was asked for.
func ToAPIMemberCheck(m domain.Membership) portalapi.MemberCheck {
	role := portalapi.Role(m.Role())
	return portalapi.MemberCheck{Member: true, RoleHint: role, Role: role, JoinedAt: m.Data().JoinedAt}
}

// ToAPIMemberPage converts a page of members.
func ToAPIMemberPage(p app.Page[domain.Membership]) portalapi.MemberPage {
	return portalapi.MemberPage{Items: each(p.Items, ToAPIMember), NextCursor: orNull(p.Next)}
}

// ToAPIRequest converts a request.
func ToAPIRequest(v app.RequestView) portalapi.JoinRequest {
	d := v.Request.Data()
	return portalapi.JoinRequest{
		ID: d.ID, ScopeType: portalapi.GroupKind(d.Scope.Type), ScopeID: d.Scope.ID, CommunityID: d.CommunityID, ScopeName: v.Group,
		UserID: d.UserID, Message: d.Message, Status: portalapi.RequestStatus(d.Status),
		CreatedAt: d.CreatedAt, DecidedAt: timeOrNull(d.DecidedAt), DecidedBy: orNull(d.DecidedBy),
	}
}

// ToAPIRequestPage converts a page of requests.
func ToAPIRequestPage(p app.Page[app.RequestView]) portalapi.RequestPage {
	return portalapi.RequestPage{Items: each(p.Items, ToAPIRequest), NextCursor: orNull(p.Next)}
}

// ToAPIInvite converts an invitation.
func ToAPIInvite(v app.InviteView) portalapi.Invite {
	d := v.Invite.Data()
	return portalapi.Invite{
		ID: d.ID, ScopeType: portalapi.GroupKind(d.Scope.Type), ScopeID: d.Scope.ID, CommunityID: d.CommunityID, ScopeName: v.Group,
		UserID: d.UserID, Role: portalapi.InviteRole(d.Role), Status: portalapi.InviteStatus(v.Status),
		InvitedBy: d.InvitedBy, CreatedAt: d.CreatedAt, ExpiresAt: d.ExpiresAt,
	}
}

// ToAPIInvitePage converts a page of invitations.
func ToAPIInvitePage(p app.Page[app.InviteView]) portalapi.InvitePage {
	return portalapi.InvitePage{Items: each(p.Items, ToAPIInvite), NextCursor: orNull(p.Next)}
}

// ToAPILink converts a link.
func ToAPILink(l domain.Link) portalapi.Link {
	d := l.Data()
	return portalapi.Link{
		ID: d.ID, ScopeType: portalapi.GroupKind(d.Scope.Type), ScopeID: d.Scope.ID, CommunityID: d.CommunityID,
		MaxUses: orNull(int32(d.MaxUses)), Uses: int32(d.Uses), CreatedBy: d.CreatedBy,
		CreatedAt: d.CreatedAt, ExpiresAt: d.ExpiresAt, RevokedAt: timeOrNull(d.RevokedAt),
	}
}

// ToAPINewLink converts a link with its token.
func ToAPINewLink(l app.NewLink) portalapi.NewLink {
	return portalapi.NewLink{Link: ToAPILink(l.Link), Token: l.Token}
}

// ToAPILinkPage converts a page of links.
func ToAPILinkPage(p app.Page[domain.Link]) portalapi.LinkPage {
	return portalapi.LinkPage{Items: each(p.Items, ToAPILink), NextCursor: orNull(p.Next)}
}

// ToAPILinkPreview converts what a link leads to.
func ToAPILinkPreview(v app.LinkView) portalapi.LinkPreview {
	l, g := v.Link.Data(), v.Place.Group.Data()
	return portalapi.LinkPreview{
		ScopeType: portalapi.GroupKind(l.Scope.Type), ScopeID: l.Scope.ID, CommunityID: l.CommunityID,
		Name: g.Name, Description: g.Description, CommunityName: v.Place.Community.Data().Name, MemberCount: int32(g.Members),
		MyRole: orNull(myRole(v.Role)), ExpiresAt: l.ExpiresAt,
	}
}

// ToAPIEntryPage converts a page of the journal.
func ToAPIEntryPage(p app.Page[domain.Entry]) portalapi.EntryPage {
	return portalapi.EntryPage{NextCursor: orNull(p.Next), Items: each(p.Items, func(e domain.Entry) portalapi.Entry {
		return portalapi.Entry{
			ID: e.ID, ActorID: e.ActorID, Action: e.Action, TargetType: e.TargetType, TargetID: e.TargetID,
			Metadata: e.Metadata, RequestID: e.RequestID, CreatedAt: e.At,
		}
	})}
}

// ToAPIUserMembership converts one of the memberships of a user.
func ToAPIUserMembership(v app.MembershipView) portalapi.UserMembership {
	d := v.Membership.Data()
	return portalapi.UserMembership{
		ScopeType: portalapi.GroupKind(d.Scope.Type), ScopeID: d.Scope.ID, CommunityID: d.CommunityID, Name: v.Group,
		Role: portalapi.Role(v.Membership.Role()), JoinedAt: d.JoinedAt,
	}
}

// ToAPIMembershipAnswer converts the answer to a question of another service.
func ToAPIMembershipAnswer(r domain.Role) portalapi.MembershipAnswer {
	return portalapi.MembershipAnswer{Member: r != domain.Nobody, Role: orNull(myRole(r))}
}

// each converts a list; an empty one stays a list, because null is not one on the wire.
func each[A, B any](list []A, convert func(A) B) []B {
	converted := make([]B, len(list))
	for i, v := range list {
		converted[i] = convert(v)
	}
	return converted
}

// next is the header that leads to the next page; the last page has none.
func next(cursor string) *string {
	if cursor == "" {
		return nil
	}
	return &cursor
}
