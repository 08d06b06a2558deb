package outbox_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/access/adapters/outbox"
	"go.updspace.com/access/domain"
	kit "go.updspace.com/libs/outbox"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/tools/devkit/testkit"
	"go.updspace.com/tools/devkit/testkit/service"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// Every event of the document is published with every field of it.
func TestEventsAreWhatTheDocumentSays(t *testing.T) {
	t.Parallel()
	db, tenant := testkit.DB(t), uuid.New()
	binding := domain.BindingRecord{
		ID: 7, Tenant: tenant, User: uuid.New(), Scope: domain.TenantScope(tenant), Role: domain.Role{ID: 3, Tenant: tenant, Service: domain.Voting, Name: "crew"},
		Expires: time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC), Source: domain.Manual,
	}
	publisher := outbox.New(kit.NewPublisher(db, "access").Validating())
	ctx := reqctx.With(t.Context(), reqctx.Context{TenantID: tenant})
	require.Error(t, publisher.Publish(ctx, nil))
	for _, event := range []domain.Event{domain.RoleGiven{Binding: binding, By: uuid.New()}, domain.RoleTaken{Binding: binding, By: uuid.New()}} {
		require.NoError(t, db.Do(ctx, func(ctx context.Context) error { return publisher.Publish(ctx, event) }))
	}
	service.FullEvents(t, db, "access")
}
