package notices

import (
	"strconv"

	"github.com/google/uuid"

	"go.updspace.com/activity/notifications/domain"
	"go.updspace.com/api/gamificationevents"
)

func namesOf(names []gamificationevents.Name) map[string]string {
	byLanguage := make(map[string]string, len(names))
	for _, name := range names {
		byLanguage[name.Language] = name.Text
	}
	return byLanguage
}

func firstOf(names []gamificationevents.Name) string {
	if len(names) == 0 {
		return ""
	}
	return names[0].Text
}

// grantCreated tells the holder. Private grants and secret achievements have no names here; the page has them.
func grantCreated(_ occasion, g gamificationevents.Grant) domain.Told {
	n := domain.Notice{
		Cause: "badge:" + g.GrantID.String(), Kind: domain.KindBadge, Subject: g.SourceRef, Actor: orNil(g.IssuerID), To: domain.Named,
		Persons: []uuid.UUID{g.RecipientID}, Scope: scopeOf(g.ScopeType, g.ScopeID), Title: firstOf(g.Names),
		Details: domain.Details{Names: namesOf(g.Names)}, Link: "/achievements/" + g.AchievementID.String(),
	}
	if g.Reason != nil {
		n.Details.Reason = *g.Reason
	}
	return one(n)
}

func grantRevoked(_ occasion, g gamificationevents.GrantRevoked) domain.Told {
	return domain.Told{Withdrawn: []string{g.SourceRef}}
}

// rewardCause is the same for all events of a grant's reward that say the same.
func rewardCause(change string, grant uuid.UUID, version int64) string {
	return "role:" + change + ":" + grant.String() + ":" + strconv.FormatInt(version, 10)
}

func rewardGiven(_ occasion, r gamificationevents.Reward) domain.Told {
	return one(domain.Notice{
		Cause: rewardCause("given", r.GrantID, r.Version), Kind: domain.KindRole, Subject: "reward:" + r.GrantID.String(), To: domain.Named,
		Persons: []uuid.UUID{r.UserID}, Scope: scopeOf(r.ScopeType, r.ScopeID), Details: domain.Details{Change: "given"}, Link: "/achievements/" + r.AchievementID.String(),
	})
}

func rewardTaken(_ occasion, r gamificationevents.RewardTaken) domain.Told {
	told := one(domain.Notice{
		Cause: rewardCause("taken", r.GrantID, r.Version), Kind: domain.KindRole, Subject: "reward_taken:" + r.GrantID.String(), To: domain.Named,
		Persons: []uuid.UUID{r.UserID}, Details: domain.Details{Change: "taken"}, Link: "/achievements/" + r.AchievementID.String(),
	})
	told.Withdrawn = []string{"reward:" + r.GrantID.String()}
	return told
}

func levelReached(_ occasion, l gamificationevents.LevelReached) domain.Told {
	return one(domain.Notice{
		Cause: l.SourceRef, Kind: domain.KindLevel, Subject: l.SourceRef, To: domain.Named, Persons: []uuid.UUID{l.UserID}, Title: firstOf(l.Titles),
		Scope: scopeOf(l.ScopeType, l.ScopeID), Details: domain.Details{Names: namesOf(l.Titles), Level: int(l.Level)}, Link: "/achievements/points",
	})
}
