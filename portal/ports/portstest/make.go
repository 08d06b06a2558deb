package portstest

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/reqctx"
	"go.updspace.com/portal/domain"
)

// Noon is a moment at which nothing in these tests has happened yet.
var Noon = time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC)

// Someone is a new user of a new tenant.
func Someone() domain.Actor { return domain.Actor{Tenant: uuid.New(), User: uuid.New()} }

// Colleague is a new user of the same tenant.
func Colleague(of domain.Actor) domain.Actor {
	return domain.Actor{Tenant: of.Tenant, User: uuid.New()}
}

// As is the request context of an actor, with a request id of its own.
func As(ctx context.Context, a domain.Actor) context.Context {
	return reqctx.With(ctx, reqctx.Context{RequestID: uuid.NewString(), TenantID: a.Tenant, UserID: a.User})
}

// NewCommunity makes a community or fails the test.
func NewCommunity(t testing.TB, by domain.Actor, draft domain.GroupDraft) domain.Group {
	t.Helper()
	g, err := domain.NewCommunity(by, draft, Noon)
	require.NoError(t, err)
	return g
}

// NewTeam makes a team or fails the test.
func NewTeam(t testing.TB, by domain.Actor, community domain.Group, draft domain.GroupDraft) domain.Group {
	t.Helper()
	g, err := domain.NewTeam(by, community, draft, Noon)
	require.NoError(t, err)
	return g
}
