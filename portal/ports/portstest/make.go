package portstest

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/reqctx"
	groupsdomain "go.updspace.com/portal/groups/domain"
)

// Noon is a moment at which nothing in these tests has happened yet.
var Noon = time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC)

// Someone is a new user of a new tenant.
func Someone() authz.Actor { return authz.Actor{Tenant: uuid.New(), User: uuid.New()} }

// Colleague is a new user of the same tenant.
func Colleague(of authz.Actor) authz.Actor {
	return authz.Actor{Tenant: of.Tenant, User: uuid.New()}
}

// As is the request context of an actor, who is a member of the tenant, with a request id of its own.
func As(ctx context.Context, a authz.Actor) context.Context {
	return reqctx.With(ctx, reqctx.Context{RequestID: uuid.NewString(), TenantID: a.Tenant, UserID: a.User, Flags: reqctx.Flags{MembershipStatus: "active"}})
}

// NewCommunity makes a community or fails the test.
func NewCommunity(t testing.TB, by authz.Actor, draft groupsdomain.GroupDraft) groupsdomain.Group {
	t.Helper()
	g, err := groupsdomain.NewCommunity(by, draft, Noon)
	require.NoError(t, err)
	return g
}

// NewTeam makes a team or fails the test.
func NewTeam(t testing.TB, by authz.Actor, community groupsdomain.Group, draft groupsdomain.GroupDraft) groupsdomain.Group {
	t.Helper()
	g, err := groupsdomain.NewTeam(by, community, draft, Noon)
	require.NoError(t, err)
	return g
}
