package accessclient

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/oapi-codegen/nullable"

	"go.updspace.com/api/accessapi"
	"go.updspace.com/libs/errs"
)

// How many memberships one call may hold.
const (
	MaxMembershipChanges = 100
	MaxMembershipPage    = 1000
)

const (
	syncBudget      = time.Second      // at least, or as long as for a question: a user waits for it
	reconcileBudget = 30 * time.Second // nobody does
)

// The roles of members. The empty role is what somebody has who left.
const (
	Owner     = "owner"
	Moderator = "moderator"
	Member    = "member"
)

// Membership is what Portal knows about somebody in a community or team.
type Membership struct {
	MembershipKey
	CommunityID uuid.UUID // of the team; of a community, its own id
	Role        string    // empty: no member any more
	Version     int64     // grows with every change
}

// MembershipKey names a membership in its tenant. Pages are in the order of
// its fields.
type MembershipKey struct {
	ScopeType string // COMMUNITY or TEAM
	ScopeID   uuid.UUID
	UserID    uuid.UUID
}

// MembershipPage is all active memberships of a tenant after one key, up to
// and including another. Nil is an open end.
type MembershipPage struct {
	After, Until *MembershipKey
	Memberships  []Membership
}

// Drift counts what access had to repair.
type Drift struct{ Added, Changed, Removed int }

// SyncMemberships tells access what has become of memberships. When it returns
// nil, every decision knows. It is not tried again, because the events that
// Portal publishes say the same. The caller must be portal.
func (c *Client) SyncMemberships(ctx context.Context, changes []Membership) error {
	for len(changes) > 0 {
		n := min(len(changes), MaxMembershipChanges)
		body := accessapi.MembershipChanges{Changes: make([]accessapi.MembershipChange, n)}
		for i, m := range changes[:n] {
			body.Changes[i] = toAPIChange(m)
		}
		if err := c.tell(ctx, max(syncBudget, c.budget), "telling of memberships", http.StatusNoContent, func(ctx context.Context) (status, error) {
			return c.api.SyncMembershipsWithResponse(ctx, body)
		}); err != nil {
			return err
		}
		changes = changes[n:]
	}
	return nil
}

// ReconcileMemberships has access compare a page with what it knows and repair
// itself. The caller must be portal.
func (c *Client) ReconcileMemberships(ctx context.Context, page MembershipPage) (Drift, error) {
	body := accessapi.MembershipPage{
		After: toAPIKey(page.After), Until: toAPIKey(page.Until),
		Memberships: make([]accessapi.Membership, len(page.Memberships)),
	}
	for i, m := range page.Memberships {
		body.Memberships[i] = accessapi.Membership{
			ScopeType: accessapi.MemberScopeType(m.ScopeType), ScopeID: m.ScopeID, CommunityID: m.CommunityID,
			UserID: m.UserID, Role: accessapi.MemberRole(m.Role), Version: m.Version,
		}
	}
	var resp *accessapi.ReconcileMembershipsResponse
	err := c.tell(ctx, reconcileBudget, "reconciling memberships", http.StatusOK, func(ctx context.Context) (_ status, err error) {
		resp, err = c.api.ReconcileMembershipsWithResponse(ctx, body)
		return resp, err
	})
	if err != nil {
		return Drift{}, err
	}
	if resp.JSON200 == nil {
		return Drift{}, unexpected("reconciling memberships", resp.StatusCode())
	}
	return Drift{Added: resp.JSON200.Added, Changed: resp.JSON200.Changed, Removed: resp.JSON200.Removed}, nil
}

type status interface{ StatusCode() int }

// tell makes a call that is no question: once, and apart from the breaker of
// the checks, which have to go on when it fails.
func (c *Client) tell(ctx context.Context, budget time.Duration, what string, want int, call func(context.Context) (status, error)) error {
	ctx, cancel := context.WithTimeout(ctx, budget)
	defer cancel()
	resp, err := call(ctx)
	if err != nil {
		return errAway.Wrap(fmt.Errorf("%s: %w", what, err))
	}
	switch got := resp.StatusCode(); {
	case got == want:
		return nil
	case got >= http.StatusInternalServerError || got == http.StatusTooManyRequests:
		return errAway.Wrap(fmt.Errorf("%s: access answered %d", what, got))
	case got == http.StatusForbidden:
		return errs.Internalf("%s: access listens to portal only", what)
	default:
		return unexpected(what, got)
	}
}

func toAPIChange(m Membership) accessapi.MembershipChange {
	role := nullable.NewNullNullable[accessapi.MemberRole]()
	if m.Role != "" {
		role.Set(accessapi.MemberRole(m.Role))
	}
	return accessapi.MembershipChange{
		ScopeType: accessapi.MemberScopeType(m.ScopeType), ScopeID: m.ScopeID, CommunityID: m.CommunityID,
		UserID: m.UserID, Role: role, Version: m.Version,
	}
}

func toAPIKey(k *MembershipKey) nullable.Nullable[accessapi.MembershipKey] {
	if k == nil {
		return nullable.NewNullNullable[accessapi.MembershipKey]()
	}
	return nullable.NewNullableWithValue(accessapi.MembershipKey{
		ScopeType: accessapi.MemberScopeType(k.ScopeType), ScopeID: k.ScopeID, UserID: k.UserID,
	})
}
