package inbox

import (
	"github.com/google/uuid"

	"go.updspace.com/activity/domain"
	"go.updspace.com/api/identityevents"
	"go.updspace.com/api/portalevents"
	"go.updspace.com/libs/authz"
)

// tenantMember is a member of the tenant, for all members to see.
func tenantMember(s source, d identityevents.Membership) ([]domain.Change, error) {
	ref := "member:" + d.UserID.String()
	if d.Status != identityevents.MembershipStatusActive {
		return s.retract(ref)
	}
	return s.put(domain.ItemData{
		OccurredAt: timeOf(d.JoinedAt), SourceRef: ref, Type: domain.MemberJoined, Actor: d.UserID, Visibility: authz.VisibilityCommunity, Scope: authz.TenantScope(s.tenant),
		Link: "/people/" + d.UserID.String(),
	})
}

func community(s source, d portalevents.Community) ([]domain.Change, error) {
	return s.put(domain.ItemData{
		SourceRef: d.SourceRef, Type: domain.CommunityCreated, Actor: d.CreatedBy, Title: d.Name, Visibility: authz.Visibility(d.Visibility),
		Scope: authz.CommunityScope(d.CommunityID), Link: communityLink(d.CommunityID), Payload: map[string]any{"community_id": d.CommunityID.String()},
	})
}

func communityGone(s source, d portalevents.Community) ([]domain.Change, error) {
	return s.retract(d.SourceRef)
}

func team(s source, d portalevents.Team) ([]domain.Change, error) {
	return s.put(domain.ItemData{
		SourceRef: d.SourceRef, Type: domain.TeamCreated, Actor: d.CreatedBy, Title: d.Name, Visibility: authz.Visibility(d.Visibility),
		Scope: authz.TeamScope(d.TeamID), Link: teamLink(d.TeamID), Payload: map[string]any{"community_id": d.CommunityID.String(), "team_id": d.TeamID.String()},
	})
}

func teamGone(s source, d portalevents.Team) ([]domain.Change, error) { return s.retract(d.SourceRef) }

// groupMember is a member of a community or a team. Its founder, who is its first owner, is told of with it.
func groupMember(s source, d portalevents.Membership) ([]domain.Change, error) {
	if d.Role == portalevents.MembershipRoleOwner {
		return nil, nil
	}
	item := domain.ItemData{
		SourceRef: membershipRef(d), Parent: d.SourceRef, Type: domain.MemberJoined, Actor: d.UserID, Title: d.ScopeName, Visibility: authz.Visibility(d.Visibility),
		Scope: s.scope(d.ScopeType, d.ScopeID), Link: communityLink(d.ScopeID), Payload: map[string]any{"community_id": d.CommunityID.String()},
	}
	if item.Scope.Type == authz.ScopeTeam {
		item.Link = teamLink(d.ScopeID)
		item.Payload["team_id"] = d.ScopeID.String()
	}
	return s.put(item)
}

func groupMemberGone(s source, d portalevents.Membership) ([]domain.Change, error) {
	return s.retract(membershipRef(d))
}

func membershipRef(d portalevents.Membership) string {
	return "member:" + d.ScopeID.String() + ":" + d.UserID.String()
}

func post(s source, d portalevents.Post) ([]domain.Change, error) {
	payload := map[string]any{"post_id": d.PostID.String()}
	if d.CommunityID != nil {
		payload["community_id"] = d.CommunityID.String()
	}
	if d.TeamID != nil {
		payload["team_id"] = d.TeamID.String()
	}
	return s.put(domain.ItemData{
		OccurredAt: timeOf(d.CreatedAt), SourceRef: d.SourceRef, Type: domain.PostCreated, Actor: d.CreatedBy, Title: d.Title, Visibility: authz.Visibility(d.Visibility),
		Scope: s.scope(d.ScopeType, d.ScopeID), Link: "/posts/" + d.PostID.String(), Payload: payload,
	})
}

func postGone(s source, d portalevents.Post) ([]domain.Change, error) { return s.retract(d.SourceRef) }

func communityLink(id uuid.UUID) string { return "/c/" + id.String() }

func teamLink(id uuid.UUID) string { return "/t/" + id.String() }
