package inbox

import (
	"go.updspace.com/activity/domain"
	"go.updspace.com/api/gamificationevents"
	"go.updspace.com/libs/authz"
)

func achievement(s source, d gamificationevents.Achievement) ([]domain.Change, error) {
	title, names := named(d.Names)
	return s.put(domain.ItemData{
		SourceRef: d.SourceRef, Type: domain.AchievementPublished, Actor: d.CreatedBy, Title: title, Visibility: authz.Visibility(d.Visibility),
		Scope: s.scope(d.ScopeType, d.ScopeID), Link: "/achievements/" + d.AchievementID.String(),
		Payload: map[string]any{"achievement_id": d.AchievementID.String(), "names": names, "category": d.Category},
	})
}

// grant is an achievement of a member that others may know of. Private ones are not told of, nor secret ones, which carry no names. Who
// granted it, and why, is for those who open the achievement.
func grant(s source, d gamificationevents.Grant) ([]domain.Change, error) {
	if d.Visibility != gamificationevents.GrantVisibilityPublic || len(d.Names) == 0 {
		return nil, nil
	}
	title, names := named(d.Names)
	return s.put(domain.ItemData{
		SourceRef: d.SourceRef, Type: domain.AchievementGranted, Actor: d.RecipientID, Title: title, Visibility: inScope(d.ScopeType),
		Scope: s.scope(d.ScopeType, d.ScopeID), Link: "/achievements/" + d.AchievementID.String(), OccurredAt: d.CreatedAt,
		Payload: map[string]any{"grant_id": d.GrantID.String(), "achievement_id": d.AchievementID.String(), "names": names},
	})
}

func grantGone(s source, d gamificationevents.GrantRevoked) ([]domain.Change, error) {
	return s.retract(d.SourceRef)
}

// level is a level of a member who shows points to others.
func level(s source, d gamificationevents.LevelReached) ([]domain.Change, error) {
	if d.Visibility != gamificationevents.LevelReachedVisibilityPublic {
		return nil, nil
	}
	title, names := named(d.Titles)
	return s.put(domain.ItemData{
		SourceRef: d.SourceRef, Type: domain.LevelReached, Actor: d.UserID, Title: title, Visibility: authz.VisibilityPublic, Scope: authz.TenantScope(s.tenant),
		Link: "/people/" + d.UserID.String(), Payload: map[string]any{"level": d.Level, "names": names},
	})
}

func season(s source, d gamificationevents.SeasonClosed) ([]domain.Change, error) {
	title, names := named(d.Names)
	return s.put(domain.ItemData{
		SourceRef: d.SourceRef, Type: domain.SeasonClosed, Title: title, Visibility: authz.VisibilityPublic, Scope: authz.TenantScope(s.tenant),
		Link: "/achievements/leaderboard", Payload: map[string]any{"season_id": d.SeasonID.String(), "names": names},
	})
}

// inScope is the audience of what belongs to a scope, as gamification has it: the members of a community or a team.
func inScope(kind string) authz.Visibility {
	switch authz.ScopeType(kind) {
	case authz.ScopeCommunity:
		return authz.VisibilityCommunity
	case authz.ScopeTeam:
		return authz.VisibilityTeam
	}
	return authz.VisibilityPublic
}

// named are texts by their language, and the first of them.
func named(list []gamificationevents.Name) (first string, byLanguage map[string]any) {
	byLanguage = make(map[string]any, len(list))
	for i, name := range list {
		if i == 0 {
			first = name.Text
		}
		byLanguage[name.Language] = name.Text
	}
	return first, byLanguage
}
