package notices

import (
	"github.com/google/uuid"

	"go.updspace.com/activity/notifications/domain"
	"go.updspace.com/api/portalevents"
	"go.updspace.com/libs/authz"
)

func membershipOf(m portalevents.Membership, member bool) domain.Membership {
	return domain.Membership{Scope: scopeOf(m.ScopeType, m.ScopeID), Community: m.CommunityID, Person: m.UserID, Member: member}
}

// membershipNotice tells a person of what another person did.
func membershipNotice(o occasion, kind domain.Kind, m portalevents.Membership, change string) []domain.Notice {
	if m.ActorID == m.UserID {
		return nil
	}
	scope := scopeOf(m.ScopeType, m.ScopeID)
	page := "/c/"
	if scope.Type == authz.ScopeTeam {
		page = "/t/"
	}
	return []domain.Notice{{
		Cause: string(kind) + ":" + o.event.String(), Kind: kind, Subject: m.SourceRef, Actor: m.ActorID, To: domain.Named, Persons: []uuid.UUID{m.UserID},
		Scope: scope, Title: m.ScopeName, Details: domain.Details{Role: m.Role, Change: change}, Link: page + m.ScopeID.String(),
	}}
}

func membershipAdded(o occasion, m portalevents.Membership) domain.Told {
	return domain.Told{Members: []domain.Membership{membershipOf(m, true)}, Notices: membershipNotice(o, domain.KindRequestDecided, m, "accepted")}
}

func membershipChanged(o occasion, m portalevents.Membership) domain.Told {
	return domain.Told{Notices: membershipNotice(o, domain.KindRole, m, "changed")}
}

func membershipRemoved(o occasion, m portalevents.Membership) domain.Told {
	return domain.Told{Members: []domain.Membership{membershipOf(m, false)}, Notices: membershipNotice(o, domain.KindRole, m, "taken")}
}

func communityDeleted(_ occasion, c portalevents.Community) domain.Told {
	return domain.Told{Closed: []authz.Scope{authz.CommunityScope(c.CommunityID)}, Withdrawn: []string{c.SourceRef}}
}

func teamDeleted(_ occasion, t portalevents.Team) domain.Told {
	return domain.Told{Closed: []authz.Scope{authz.TeamScope(t.TeamID)}, Withdrawn: []string{t.SourceRef}}
}
