package notices

import (
	"github.com/google/uuid"

	"go.updspace.com/activity/notifications/domain"
	"go.updspace.com/api/accessevents"
	"go.updspace.com/libs/authz"
)

// roleGiven tells a person of a role that another person gave. The reward of an achievement is told of by gamification.
func roleGiven(o occasion, b accessevents.RoleBinding) domain.Told {
	n, tell := roleNotice(o, b, "given")
	if !tell {
		return domain.Told{}
	}
	n.Subject = b.SourceRef
	return one(n)
}

// roleTaken tells that the role is gone, and takes back that it was given.
func roleTaken(o occasion, b accessevents.RoleBinding) domain.Told {
	told := domain.Told{Withdrawn: []string{b.SourceRef}}
	if n, tell := roleNotice(o, b, "taken"); tell {
		n.Subject = "taken:" + b.SourceRef
		told.Notices = []domain.Notice{n}
	}
	return told
}

// roleNotice is nothing for those who did it themselves.
func roleNotice(o occasion, b accessevents.RoleBinding, change string) (n domain.Notice, tell bool) {
	if orNil(b.ActorID) == b.UserID || change == "given" && b.Source == accessevents.RoleBindingSourceAchievement {
		return n, false
	}
	n = domain.Notice{
		Cause: "role:" + change + ":" + o.event.String(), Kind: domain.KindRole, Actor: orNil(b.ActorID), To: domain.Named, Persons: []uuid.UUID{b.UserID},
		Title: b.RoleName, Details: domain.Details{Change: change, Names: roleNames(b)}, Link: "/people/" + b.UserID.String(),
	}
	if id, err := uuid.Parse(b.ScopeID); err == nil {
		switch authz.ScopeType(b.ScopeType) {
		case authz.ScopeCommunity:
			n.Scope, n.Link = authz.CommunityScope(id), "/c/"+id.String()
		case authz.ScopeTeam:
			n.Scope, n.Link = authz.Scope{Type: authz.ScopeTeam, ID: id}, "/t/"+id.String()
		case authz.ScopeTenant:
			n.Scope = authz.TenantScope(id)
		}
	}
	return n, true
}

// Roles are named by their tenant; the templates of the platform, and its services, by us.
var (
	templates = map[string]map[string]string{
		"en": {"admin": "Administrator", "moderator": "Moderator", "member": "Member"},
		"ru": {"admin": "Администратор", "moderator": "Модератор", "member": "Участник"},
	}
	services = map[string]map[string]string{
		"en": {"portal": "communities and posts", "voting": "polls", "events": "events", "activity": "feed and news", "gamification": "achievements"},
		"ru": {"portal": "сообщества и посты", "voting": "опросы", "events": "события", "activity": "лента и новости", "gamification": "достижения"},
	}
)

func roleNames(b accessevents.RoleBinding) map[string]string {
	names := make(map[string]string, len(templates))
	for language, words := range templates {
		name := words[b.RoleName]
		if name == "" {
			name = b.RoleName
		}
		if service := services[language][b.RoleService]; service != "" {
			name += " (" + service + ")"
		}
		names[language] = name
	}
	return names
}
