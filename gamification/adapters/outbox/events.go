// Package outbox publishes the events of api/events/gamification.yaml through the outbox.
package outbox

import (
	"maps"
	"slices"
	"strconv"

	"github.com/google/uuid"

	"go.updspace.com/api/gamificationevents"
	"go.updspace.com/gamification/domain"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/outbox"
)

// New implements ports.Events through publisher.
func New(publisher *outbox.Publisher) *outbox.Events[domain.Event] {
	return outbox.NewEvents(publisher, toWire)
}

func toWire(event domain.Event) (outbox.Event, error) {
	switch e := event.(type) {
	case domain.AchievementPublished:
		data := achievement(e.Achievement, e.By)
		return outbox.Event{Type: gamificationevents.TypeAchievementPublished, Subject: data.Subject(), Data: data}, nil
	case domain.GrantCreated:
		data := grant(e.Grant, e.Achievement)
		return outbox.Event{Type: gamificationevents.TypeGrantCreated, Subject: data.Subject(), Data: data}, nil
	case domain.GrantRevoked:
		data := revoked(e.Grant, e.Achievement)
		return outbox.Event{Type: gamificationevents.TypeGrantRevoked, Subject: data.Subject(), Data: data}, nil
	case domain.RewardGiven:
		data := rewardGiven(e)
		return outbox.Event{Type: gamificationevents.TypeRewardGiven, Subject: data.Subject(), Data: data}, nil
	case domain.RewardTaken:
		data := rewardTaken(e)
		return outbox.Event{Type: gamificationevents.TypeRewardTaken, Subject: data.Subject(), Data: data}, nil
	case domain.LevelReached:
		data := levelReached(e)
		return outbox.Event{Type: gamificationevents.TypeLevelReached, Subject: data.Subject(), Data: data}, nil
	case domain.SeasonClosed:
		data := seasonClosed(e)
		return outbox.Event{Type: gamificationevents.TypeSeasonClosed, Subject: data.Subject(), Data: data}, nil
	}
	return outbox.Event{}, errs.Internalf("gamification: no wire form of %T", event)
}

func achievement(a domain.Achievement, by uuid.UUID) gamificationevents.Achievement {
	d := a.Data()
	return gamificationevents.Achievement{
		AchievementID: d.ID, Names: names(d.Names), Category: d.Category.Slug, ScopeType: string(d.Scope.Type), ScopeID: d.Scope.ID,
		Visibility: string(domain.VisibilityOf(d.Scope)), CreatedBy: d.CreatedBy, ActorID: orNil(by), SourceRef: "achievement:" + d.ID.String(),
	}
}

// names are texts in the order of their languages.
func names(texts domain.Texts) []gamificationevents.Name {
	list := make([]gamificationevents.Name, 0, len(texts))
	for _, language := range slices.Sorted(maps.Keys(texts)) {
		list = append(list, gamificationevents.Name{Language: language, Text: texts[language]})
	}
	return list
}

// orNil is nil for the zero value, which stands for none.
func orNil[T comparable](v T) (p *T) {
	if v != *new(T) {
		p = &v
	}
	return p
}

// grant leaves out what private grants and grants of secret achievements must not tell.
func grant(g domain.Grant, a domain.Achievement) gamificationevents.Grant {
	d, of := g.Data(), a.Data()
	data := gamificationevents.Grant{
		GrantID: d.ID, AchievementID: d.AchievementID, RecipientID: d.RecipientID, IssuerID: orNil(d.IssuerID), Visibility: string(d.Visibility),
		ScopeType: string(of.Scope.Type), ScopeID: of.Scope.ID, CreatedAt: d.CreatedAt, ExpiresAt: orNil(d.ExpiresAt), SourceRef: "grant:" + d.ID.String(),
	}
	if d.Visibility == domain.GrantPublic {
		data.Reason = orNil(d.Reason)
		if !of.Rules.Secret {
			data.Names = names(of.Names)
		}
	}
	return data
}

func revoked(g domain.Grant, a domain.Achievement) gamificationevents.GrantRevoked {
	d, was := g.Data(), grant(g, a)
	data := gamificationevents.GrantRevoked{
		GrantID: was.GrantID, AchievementID: was.AchievementID, Names: was.Names, RecipientID: was.RecipientID, IssuerID: was.IssuerID, Visibility: was.Visibility,
		Reason: was.Reason, ScopeType: was.ScopeType, ScopeID: was.ScopeID, CreatedAt: was.CreatedAt, ExpiresAt: was.ExpiresAt, SourceRef: was.SourceRef,
		RevokedAt: d.RevokedAt, RevokedBy: orNil(d.RevokedBy),
	}
	if d.Visibility == domain.GrantPublic {
		data.RevokeReason = orNil(d.RevokeReason)
	}
	return data
}

func rewardGiven(e domain.RewardGiven) gamificationevents.Reward {
	d, of := e.Grant.Data(), e.Achievement.Data()
	return gamificationevents.Reward{
		GrantID: d.ID, AchievementID: d.AchievementID, UserID: d.RecipientID, Version: int64(e.Version), RoleID: e.Reward.Role.ID,
		ScopeType: string(of.Scope.Type), ScopeID: of.Scope.ID, DefinedBy: e.Reward.DefinedBy, IssuerID: orNil(e.By), ExpiresAt: orNil(d.ExpiresAt),
		SourceRef: "grant:" + d.ID.String(),
	}
}

func rewardTaken(e domain.RewardTaken) gamificationevents.RewardTaken {
	d := e.Grant.Data()
	return gamificationevents.RewardTaken{
		GrantID: d.ID, AchievementID: d.AchievementID, UserID: d.RecipientID, Version: int64(e.Version), SourceRef: "grant:" + d.ID.String(),
	}
}

// levelReached is private for a member who shows no points to others.
func levelReached(e domain.LevelReached) gamificationevents.LevelReached {
	visibility := gamificationevents.LevelReachedVisibilityPublic
	if !e.Ranked {
		visibility = gamificationevents.LevelReachedVisibilityPrivate
	}
	return gamificationevents.LevelReached{
		UserID: e.User, Level: int64(e.Number), Titles: names(e.Level.Titles), Points: e.Points, Visibility: visibility,
		ScopeType: string(authz.ScopeTenant), ScopeID: e.Tenant, SourceRef: "level:" + e.User.String() + ":" + strconv.Itoa(e.Number),
	}
}

func seasonClosed(e domain.SeasonClosed) gamificationevents.SeasonClosed {
	d := e.Season.Data()
	first := make([]gamificationevents.Ranked, len(e.First))
	for i, p := range e.First {
		first[i] = gamificationevents.Ranked{Rank: int64(p.Rank), UserID: p.Person, Points: p.Points}
	}
	return gamificationevents.SeasonClosed{
		SeasonID: d.ID, Names: names(d.Names), StartsAt: d.StartsAt, EndsAt: d.EndsAt, ClosedAt: d.ClosedAt, First: first,
		ScopeType: string(authz.ScopeTenant), ScopeID: d.TenantID, Visibility: gamificationevents.SeasonClosedVisibilityPublic, SourceRef: "season:" + d.ID.String(),
	}
}
