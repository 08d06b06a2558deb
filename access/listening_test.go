package access_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"testing"
	"time"

	"github.com/cloudevents/sdk-go/v2/event"
	"github.com/google/uuid"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"

	accesspg "go.updspace.com/access/adapters/pg"
	"go.updspace.com/api/accessapi"
	"go.updspace.com/libs/outbox"
	"go.updspace.com/libs/testkit"
)

// publish puts an event where the relay of another service would.
func publish(t *testing.T, js jetstream.JetStream, source, typ string, tenant uuid.UUID, data map[string]any) {
	t.Helper()
	e := event.New()
	e.SetID(uuid.NewString())
	e.SetSource(source)
	e.SetType(typ)
	e.SetSubject("some/thing")
	e.SetTime(time.Now())
	e.SetExtension(outbox.ExtTenant, tenant.String())
	require.NoError(t, e.SetData(event.ApplicationJSON, data))
	body, err := json.Marshal(e)
	require.NoError(t, err)
	_, err = js.Publish(context.Background(), "updspace."+typ, body)
	require.NoError(t, err)
}

func TestWhatOthersTellBecomesRights(t *testing.T) {
	url := testkit.NATS(t)
	s := startWith(t, testkit.Postgres(t, accesspg.Migrations()), url)
	nc, err := outbox.Connect(url, "test", slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	t.Cleanup(nc.Close)
	js, err := jetstream.New(nc)
	require.NoError(t, err)
	require.NoError(t, outbox.EnsureStreams(context.Background(), js, 1))

	owner, p, community, team := stranger(aef), stranger(aef), uuid.New(), uuid.New()
	member := map[string]any{
		"scope_type": "COMMUNITY", "scope_id": community, "community_id": community, "user_id": p.user, "role": "owner", "version": 1,
	}
	publish(t, js, "identity", "identity.membership.changed", aef, map[string]any{"tenant_id": aef, "user_id": owner.user, "status": "active", "base_role": "owner"})
	publish(t, js, "identity", "identity.user.created", aef, map[string]any{}) // none of ours
	publish(t, js, "portal", "portal.membership.added", aef, member)
	publish(t, js, "portal", "portal.team.created", aef, map[string]any{"team_id": team, "community_id": community})

	manage := question("portal.teams.manage", accessapi.ScopeTypeTEAM, team.String())
	require.Eventually(t, func() bool { return s.decide(p, manage).Allowed }, 20*time.Second, 5*time.Millisecond)
	require.True(t, s.decide(owner, inTenant("portal.role_bindings.write", owner)).Allowed)
	require.Equal(t, 6, s.count(aef, "SELECT count(*) FROM audit_events WHERE metadata ->> 'via' = 'bootstrap'"))

	// the only administrator leaves; somebody else who runs the tenant takes over
	heir := stranger(aef)
	publish(t, js, "identity", "identity.membership.changed", aef, map[string]any{"tenant_id": aef, "user_id": owner.user, "status": "disabled", "base_role": "owner"})
	publish(t, js, "identity", "identity.membership.changed", aef, map[string]any{"tenant_id": aef, "user_id": heir.user, "status": "active", "base_role": "admin"})
	require.Eventually(t, func() bool { return s.decide(heir, inTenant("portal.role_bindings.write", heir)).Allowed }, 20*time.Second, 5*time.Millisecond)
	s.refused(s.erase(heir, heir.user), 409, "LAST_ADMIN")
	require.True(t, s.erased(owner, owner.user).Complete)

	publish(t, js, "portal", "portal.community.deleted", aef, map[string]any{"community_id": community})
	require.Eventually(t, func() bool { return !s.decide(p, manage).Allowed }, 20*time.Second, 5*time.Millisecond)
}
