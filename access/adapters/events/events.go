// Package events listens to what Portal and identity tell: who belongs where,
// which teams a community has, and who should administer a new tenant.
package events

import (
	"context"
	"errors"
	"fmt"

	"github.com/cloudevents/sdk-go/v2/event"
	"github.com/google/uuid"

	"go.updspace.com/access/app"
	"go.updspace.com/access/domain"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/outbox"
	"go.updspace.com/libs/reqctx"
)

// The types of the events that matter here, as api/events describes them.
const (
	memberAdded      = "portal.membership.added"
	memberChanged    = "portal.membership.changed"
	memberRemoved    = "portal.membership.removed"
	teamCreated      = "portal.team.created"
	teamUpdated      = "portal.team.updated"
	teamArchived     = "portal.team.archived"
	teamRestored     = "portal.team.restored"
	teamDeleted      = "portal.team.deleted"
	communityDeleted = "portal.community.deleted"
	// identity.tenant.created names nobody; whoever is to administer the tenant,
	// or no longer can, is told of here.
	tenantMember = "identity.membership.changed"
)

// Types are what a consumer must be given.
func Types() []string {
	return []string{"portal.membership.>", "portal.team.>", communityDeleted, tenantMember}
}

// Handler returns what a consumer does with an event.
func Handler(members *app.Memberships, bootstrap *app.Bootstrap) outbox.Handler {
	return func(ctx context.Context, e event.Event) error {
		handle := handlers(members, bootstrap)[e.Type()]
		if handle == nil {
			return nil
		}
		if reqctx.From(ctx).TenantID == uuid.Nil {
			return outbox.Poison(errors.New("the event names no tenant"))
		}
		err := handle(ctx, e)
		if errs.KindOf(err) == errs.Invalid { // and will be the next time
			return outbox.Poison(err)
		}
		return err
	}
}

func handlers(members *app.Memberships, bootstrap *app.Bootstrap) map[string]outbox.Handler {
	member := func(ctx context.Context, e event.Event) error {
		m, err := membershipOf(e)
		if err != nil {
			return err
		}
		return members.Changed(ctx, m)
	}
	team := func(ctx context.Context, e event.Event) error {
		t, err := teamOf(e)
		if err != nil {
			return err
		}
		return members.TeamKnown(ctx, t.TeamID, t.CommunityID)
	}
	return map[string]outbox.Handler{
		memberAdded: member, memberChanged: member, memberRemoved: member,
		teamCreated: team, teamUpdated: team, teamArchived: team, teamRestored: team,
		teamDeleted: func(ctx context.Context, e event.Event) error {
			t, err := teamOf(e)
			if err != nil {
				return err
			}
			return members.ScopeDeleted(ctx, domain.Scope{Type: domain.Team, ID: t.TeamID.String()})
		},
		communityDeleted: func(ctx context.Context, e event.Event) error {
			var c struct {
				CommunityID uuid.UUID `json:"community_id"`
			}
			if err := read(e, &c, &c.CommunityID); err != nil {
				return err
			}
			return members.ScopeDeleted(ctx, domain.Scope{Type: domain.Community, ID: c.CommunityID.String()})
		},
		tenantMember: func(ctx context.Context, e event.Event) error {
			var m struct {
				TenantID uuid.UUID `json:"tenant_id"`
				UserID   uuid.UUID `json:"user_id"`
				Status   string    `json:"status"`
				BaseRole string    `json:"base_role"`
			}
			if err := read(e, &m, &m.TenantID, &m.UserID); err != nil {
				return err
			}
			if tenant := reqctx.From(ctx).TenantID; m.TenantID != tenant {
				return outbox.Poison(fmt.Errorf("an event of tenant %s about tenant %s", tenant, m.TenantID))
			}
			return bootstrap.Told(ctx, app.TenantMember{
				User: m.UserID, Active: m.Status == "active", Runs: m.BaseRole == "owner" || m.BaseRole == "admin", At: e.Time(),
			})
		},
	}
}

type team struct {
	TeamID      uuid.UUID `json:"team_id"`
	CommunityID uuid.UUID `json:"community_id"`
}

func teamOf(e event.Event) (t team, err error) {
	return t, read(e, &t, &t.TeamID, &t.CommunityID)
}

func membershipOf(e event.Event) (domain.Membership, error) {
	var m struct {
		ScopeType   string    `json:"scope_type"`
		ScopeID     uuid.UUID `json:"scope_id"`
		CommunityID uuid.UUID `json:"community_id"`
		UserID      uuid.UUID `json:"user_id"`
		Role        string    `json:"role"`
		Version     int64     `json:"version"`
	}
	if err := read(e, &m, &m.ScopeID, &m.CommunityID, &m.UserID); err != nil {
		return domain.Membership{}, err
	}
	role := domain.MemberRole(m.Role)
	if e.Type() == memberRemoved { // the role is the one that was
		role = domain.NotMember
	}
	return domain.Membership{
		MembershipKey: domain.MembershipKey{Type: domain.ScopeType(m.ScopeType), Scope: m.ScopeID, User: m.UserID},
		Community:     m.CommunityID, Role: role, Version: m.Version,
	}, nil
}

// read decodes the data of an event, in which the given ids must be.
func read(e event.Event, into any, ids ...*uuid.UUID) error {
	if err := e.DataAs(into); err != nil {
		return outbox.Poison(fmt.Errorf("reading the data: %w", err))
	}
	for _, id := range ids {
		if *id == uuid.Nil {
			return outbox.Poison(errors.New("an id is missing in the data"))
		}
	}
	return nil
}
