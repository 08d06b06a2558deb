// Package events consumes the events of Portal, identity, gamification and activity: communities, teams, memberships, members of tenants, and
// roles that members have because of achievements or of roles at Discord.
package events

import (
	"context"
	"errors"
	"fmt"

	"github.com/cloudevents/sdk-go/v2/event"
	"github.com/google/uuid"

	"go.updspace.com/access/app"
	"go.updspace.com/access/domain"
	"go.updspace.com/api/activityevents"
	"go.updspace.com/api/gamificationevents"
	"go.updspace.com/api/identityevents"
	"go.updspace.com/api/portalevents"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/outbox"
	"go.updspace.com/libs/reqctx"
)

// Types are the event types to consume, as api/events names them.
var Types = []string{"portal.membership.>", "portal.community.>", "portal.team.>", identityevents.TypeMembershipChanged, "gamification.reward.>", "activity.role.>"}

// Handler returns the handler of the consumer.
func Handler(d app.Deps) outbox.Handler {
	members, rewards := app.Memberships{Deps: d}, app.Rewards{Administration: app.Administration{Deps: d}}
	changed := func(typ domain.ScopeType, status domain.ScopeStatus) outbox.Handler {
		return func(ctx context.Context, e event.Event) error {
			s, err := fromScopeEvent(e, typ)
			switch {
			case err != nil:
				return err
			case status == domain.ScopeDeleted:
				return members.OnScopeDeleted(ctx, s.Scope())
			}
			return members.OnScopeChanged(ctx, s, status)
		}
	}
	member := func(ctx context.Context, e event.Event) error {
		m, err := fromMembershipEvent(e)
		if err != nil {
			return err
		}
		return members.OnMembershipChanged(ctx, m)
	}
	handlers := map[string]outbox.Handler{
		portalevents.TypeMembershipAdded:   member,
		portalevents.TypeMembershipChanged: member,
		portalevents.TypeMembershipRemoved: member,

		portalevents.TypeCommunityCreated:  changed(domain.Community, domain.ScopeUnknown),
		portalevents.TypeCommunityUpdated:  changed(domain.Community, domain.ScopeUnknown),
		portalevents.TypeCommunityArchived: changed(domain.Community, domain.ScopeArchived),
		portalevents.TypeCommunityRestored: changed(domain.Community, domain.ScopeOpen),
		portalevents.TypeCommunityDeleted:  changed(domain.Community, domain.ScopeDeleted),

		portalevents.TypeTeamCreated:  changed(domain.Team, domain.ScopeUnknown),
		portalevents.TypeTeamUpdated:  changed(domain.Team, domain.ScopeUnknown),
		portalevents.TypeTeamArchived: changed(domain.Team, domain.ScopeArchived),
		portalevents.TypeTeamRestored: changed(domain.Team, domain.ScopeOpen),
		portalevents.TypeTeamDeleted:  changed(domain.Team, domain.ScopeDeleted),

		gamificationevents.TypeRewardGiven: func(ctx context.Context, e event.Event) error {
			r, err := outbox.Decode(e, gamificationevents.DecodeReward)
			if err != nil {
				return err
			}
			return rewards.OnGiven(ctx, reqctx.From(ctx).TenantID, fromReward(r))
		},
		gamificationevents.TypeRewardTaken: func(ctx context.Context, e event.Event) error {
			r, err := outbox.Decode(e, gamificationevents.DecodeRewardTaken)
			if err != nil {
				return err
			}
			return rewards.OnTaken(ctx, domain.Reward{
				Source: domain.FromAchievement, Grant: r.GrantID, Version: r.Version, Achievement: r.AchievementID, User: r.UserID,
			})
		},

		activityevents.TypeRoleGiven: func(ctx context.Context, e event.Event) error {
			r, err := outbox.Decode(e, activityevents.DecodeRoleGiven)
			if err != nil {
				return err
			}
			return rewards.OnGiven(ctx, reqctx.From(ctx).TenantID, domain.Reward{
				Source: domain.FromDiscord, Grant: r.HoldingID, Version: r.Version, User: r.UserID, Role: r.RoleID,
				Scope: domain.Scope{Type: domain.ScopeType(r.ScopeType), ID: r.ScopeID.String()}, Responsible: []uuid.UUID{r.DefinedBy},
			})
		},
		activityevents.TypeRoleTaken: func(ctx context.Context, e event.Event) error {
			r, err := outbox.Decode(e, activityevents.DecodeRoleTaken)
			if err != nil {
				return err
			}
			return rewards.OnTaken(ctx, domain.Reward{Source: domain.FromDiscord, Grant: r.HoldingID, Version: r.Version, User: r.UserID})
		},

		// identity.tenant.created names no user; the first administrator comes from here.
		identityevents.TypeMembershipChanged: func(ctx context.Context, e event.Event) error {
			m, err := fromTenantMemberEvent(ctx, e)
			if err != nil {
				return err
			}
			return app.Bootstrap{Deps: d}.OnMembershipChanged(ctx, m)
		},
	}
	return func(ctx context.Context, e event.Event) error {
		handle := handlers[e.Type()]
		if handle == nil {
			return nil
		}
		if reqctx.From(ctx).TenantID == uuid.Nil {
			return outbox.Poison(errors.New("the event names no tenant"))
		}
		err := handle(ctx, e)
		if errs.KindOf(err) == errs.Invalid { // it would be invalid the next time, too
			return outbox.Poison(err)
		}
		return err
	}
}

func fromTenantMemberEvent(ctx context.Context, e event.Event) (app.TenantMember, error) {
	m, err := outbox.Decode(e, identityevents.DecodeMembership)
	if err != nil {
		return app.TenantMember{}, err
	}
	if tenant := reqctx.From(ctx).TenantID; m.TenantID != tenant {
		return app.TenantMember{}, outbox.Poison(fmt.Errorf("an event of tenant %s about tenant %s", tenant, m.TenantID))
	}
	return app.TenantMember{
		User: m.UserID, Active: m.Status == identityevents.MembershipStatusActive,
		Runs: m.BaseRole == identityevents.MembershipBaseRoleOwner || m.BaseRole == identityevents.MembershipBaseRoleAdmin, At: e.Time(),
	}, nil
}

func fromScopeEvent(e event.Event, typ domain.ScopeType) (domain.MemberScope, error) {
	if typ == domain.Team {
		t, err := outbox.Decode(e, portalevents.DecodeTeam)
		return domain.MemberScope{Type: typ, ID: t.TeamID, Community: t.CommunityID}, err
	}
	c, err := outbox.Decode(e, portalevents.DecodeCommunity)
	return domain.MemberScope{Type: typ, ID: c.CommunityID, Community: c.CommunityID}, err
}

func fromMembershipEvent(e event.Event) (domain.Membership, error) {
	m, err := outbox.Decode(e, portalevents.DecodeMembership)
	if err != nil {
		return domain.Membership{}, err
	}
	role := domain.MemberRole(m.Role)
	if e.Type() == portalevents.TypeMembershipRemoved { // its role is the former one
		role = domain.NotMember
	}
	return domain.Membership{
		MembershipKey: domain.MembershipKey{Type: domain.ScopeType(m.ScopeType), Scope: m.ScopeID, User: m.UserID},
		Community:     m.CommunityID, Role: role, Version: m.Version,
	}, nil
}

func fromReward(r gamificationevents.Reward) domain.Reward {
	reward := domain.Reward{
		Source: domain.FromAchievement, Grant: r.GrantID, Version: r.Version, Achievement: r.AchievementID, User: r.UserID, Role: r.RoleID,
		Scope: domain.Scope{Type: domain.ScopeType(r.ScopeType), ID: r.ScopeID.String()}, Responsible: []uuid.UUID{r.DefinedBy},
	}
	if r.IssuerID != nil && *r.IssuerID != r.DefinedBy {
		reward.Responsible = append(reward.Responsible, *r.IssuerID)
	}
	if r.ExpiresAt != nil {
		reward.Expires = *r.ExpiresAt
	}
	return reward
}
