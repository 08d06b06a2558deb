package accessclient

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/oapi-codegen/nullable"

	"go.updspace.com/api/accessapi"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
)

// The most memberships that one call may carry.
const (
	MaxMembershipChanges = 100
	MaxMembershipPage    = 1000
)

const (
	syncBudget      = time.Second      // or the budget of a check, if that is longer: a user waits for the answer
	reconcileBudget = 30 * time.Second // for a background job
)

// The roles of members. The empty role means that the user is no longer a member.
const (
	Owner     = "owner"
	Moderator = "moderator"
	Member    = "member"
)

// Membership is the state of a user's membership in a community or team.
type Membership struct {
	MembershipKey
	CommunityID uuid.UUID // of a team, its community; of a community, its own id
	Role        string    // empty: the user is not a member
	Version     int64     // grows with every change
}

// MembershipKey identifies a membership within its tenant. Pages are ordered by scope type, scope id and user id.
type MembershipKey struct {
	Scope  authz.Scope // of type COMMUNITY or TEAM
	UserID uuid.UUID
}

// MembershipPage holds all active memberships of a tenant after one key, up to and including another. Nil means no bound.
type MembershipPage struct {
	After, Until *MembershipKey
	Memberships  []Membership
}

// Drift counts the memberships that access had to repair.
type Drift struct{ Added, Changed, Removed int }

// SyncMemberships sends changed memberships to access. When it returns nil, every later decision includes them. It does
// not retry, because access also receives the same changes as events. The calling service must be portal.
func (c *Client) SyncMemberships(ctx context.Context, changes []Membership) error {
	for len(changes) > 0 {
		n := min(len(changes), MaxMembershipChanges)
		body := accessapi.MembershipChanges{Changes: make([]accessapi.MembershipChange, n)}
		for i, m := range changes[:n] {
			body.Changes[i] = toAPIChange(m)
		}
		if err := c.send(ctx, max(syncBudget, c.budget), "sending memberships", http.StatusNoContent, func(ctx context.Context) (status, error) {
			return c.api.SyncMembershipsWithResponse(ctx, body)
		}); err != nil {
			return err
		}
		changes = changes[n:]
	}
	return nil
}

// ReconcileMemberships sends a page of memberships to access, which compares it with its own and repairs the
// differences. The calling service must be portal.
func (c *Client) ReconcileMemberships(ctx context.Context, page MembershipPage) (Drift, error) {
	body := accessapi.MembershipPage{
		After: toAPIKey(page.After), Until: toAPIKey(page.Until),
		Memberships: make([]accessapi.Membership, len(page.Memberships)),
	}
	for i, m := range page.Memberships {
		body.Memberships[i] = accessapi.Membership{
			ScopeType: accessapi.MemberScopeType(m.Scope.Type), ScopeID: m.Scope.ID, CommunityID: m.CommunityID,
			UserID: m.UserID, Role: accessapi.MemberRole(m.Role), Version: m.Version,
		}
	}
	var resp *accessapi.ReconcileMembershipsResponse
	err := c.send(ctx, reconcileBudget, "reconciling memberships", http.StatusOK, func(ctx context.Context) (_ status, err error) {
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

// send makes a call once, outside of the circuit breaker, so that its failures do not stop checks.
func (c *Client) send(ctx context.Context, budget time.Duration, what string, want int, call func(context.Context) (status, error)) error {
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
		return errs.Internalf("%s: access accepts memberships from portal only", what)
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
		ScopeType: accessapi.MemberScopeType(m.Scope.Type), ScopeID: m.Scope.ID, CommunityID: m.CommunityID,
		UserID: m.UserID, Role: role, Version: m.Version,
	}
}

func toAPIKey(k *MembershipKey) nullable.Nullable[accessapi.MembershipKey] {
	if k == nil {
		return nullable.NewNullNullable[accessapi.MembershipKey]()
	}
	return nullable.NewNullableWithValue(accessapi.MembershipKey{
		ScopeType: accessapi.MemberScopeType(k.Scope.Type), ScopeID: k.Scope.ID, UserID: k.UserID,
	})
}
