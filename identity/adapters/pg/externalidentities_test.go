package pg_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	store "go.updspace.com/identity/adapters/pg"
	"go.updspace.com/identity/domain"
)

func TestExternalIdentities(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	s := store.ExternalIdentities{DB: w.db}
	steam := domain.ExternalIdentity{UserID: w.alice.ID, Provider: "steam", ExternalAccount: domain.ExternalAccount{Subject: "1", Label: "Gordon"}, LinkedAt: now.Add(time.Second)}
	github := domain.ExternalIdentity{UserID: w.alice.ID, Provider: "github", ExternalAccount: domain.ExternalAccount{Subject: "1"}, LinkedAt: now}
	require.NoError(t, s.Insert(ctx, steam))
	require.NoError(t, s.Insert(ctx, github), "ids of two providers have nothing to do with each other")
	for _, taken := range []domain.ExternalIdentity{
		{UserID: w.bob.ID, Provider: "steam", ExternalAccount: steam.ExternalAccount, LinkedAt: now},
		{UserID: w.alice.ID, Provider: "steam", ExternalAccount: domain.ExternalAccount{Subject: "2"}, LinkedAt: now},
	} {
		require.ErrorIs(t, s.Insert(ctx, taken), domain.ErrIdentityConflict)
	}
	steam.Label = "Alyx"
	require.NoError(t, s.SetLabel(ctx, steam))
	got, err := s.Of(ctx, w.alice.ID)
	require.NoError(t, err)
	require.Equal(t, []domain.ExternalIdentity{github, steam}, got)
	found, err := s.ByAccount(ctx, "steam", "1")
	require.NoError(t, err)
	require.Equal(t, steam, found)
	_, err = s.ByAccount(ctx, "github", "2")
	require.ErrorIs(t, err, domain.ErrIdentityNotLinked)
	require.ErrorIs(t, s.Delete(ctx, w.bob.ID, "steam"), domain.ErrIdentityUnknown)
	require.NoError(t, s.Delete(ctx, w.alice.ID, "steam"))
	require.ErrorIs(t, s.Delete(ctx, w.alice.ID, "steam"), domain.ErrIdentityUnknown)
	require.ErrorIs(t, s.SetLabel(ctx, steam), domain.ErrIdentityUnknown)
}

func TestLinkFlows(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	session, _ := domain.NewSession(uuid.New(), w.alice.ID, domain.MethodPassword, domain.Origin{}, now)
	require.NoError(t, store.Sessions{DB: w.db}.Insert(ctx, session))
	s := store.ProviderFlows{DB: w.db, Seal: w.sealer}
	var flows []domain.ProviderFlow
	for i := range 12 {
		flow, _ := domain.NewLinkFlow(session.ID, "steam", "/account", now.Add(time.Duration(i)*time.Second))
		require.NoError(t, s.Insert(ctx, flow))
		flows = append(flows, flow)
	}
	require.Equal(t, 10, w.rows("external_identity_flows"), "the newest of a session")
	take := func(f domain.ProviderFlow, session uuid.UUID, provider string, at time.Time) error {
		_, err := s.Take(ctx, f.StateHash, domain.FlowHolder{SessionID: session}, provider, at)
		return err
	}
	last := flows[11]
	require.ErrorIs(t, take(flows[0], session.ID, "steam", now), domain.ErrLinkFlow)
	require.ErrorIs(t, take(last, uuid.New(), "steam", now), domain.ErrLinkFlow)
	require.ErrorIs(t, take(last, session.ID, "discord", now), domain.ErrLinkFlow)
	require.ErrorIs(t, take(last, session.ID, "steam", last.ExpiresAt), domain.ErrLinkFlow)
	got, err := s.Take(ctx, last.StateHash, domain.FlowHolder{SessionID: session.ID}, "steam", last.ExpiresAt.Add(-time.Second))
	require.NoError(t, err)
	require.Equal(t, last, got)
	require.ErrorIs(t, take(last, session.ID, "steam", now), domain.ErrLinkFlow, "once")
	_, err = store.ProviderFlows{DB: w.db, Seal: newSealer(t, "b")}.Take(ctx, flows[10].StateHash, domain.FlowHolder{SessionID: session.ID}, "steam", now)
	require.Error(t, err, "a proof that cannot be opened proves nothing")

	browser, other := domain.NewSecret(), domain.NewSecret()
	for i := range 11 {
		last, _ = domain.NewSignInFlow(browser, "steam", "/account", now.Add(time.Duration(i)*time.Second))
		require.NoError(t, s.Insert(ctx, last))
	}
	require.Equal(t, 18, w.rows("external_identity_flows"), "the newest of a browser, beside those of the session")
	for _, holder := range []domain.FlowHolder{{}, {SessionID: session.ID}, {SessionID: session.ID, Browser: other}} {
		_, err = s.Take(ctx, last.StateHash, holder, "steam", now)
		require.ErrorIs(t, err, domain.ErrLinkFlow)
	}
	got, err = s.Take(ctx, last.StateHash, domain.FlowHolder{Browser: browser}, "steam", now)
	require.NoError(t, err)
	require.Equal(t, last, got)

	var stored []string
	require.NoError(t, w.tx.Platform(ctx, func(ctx context.Context) error {
		return w.db.Conn(ctx).NewRaw("SELECT f::text || encode(f.sealed, 'escape') FROM external_identity_flows f").Scan(ctx, &stored)
	}))
	require.NotEmpty(t, stored)
	for _, text := range stored {
		for _, flow := range flows {
			require.NotContains(t, text, string(flow.Proof.Verifier))
			require.NotContains(t, text, string(flow.Proof.Nonce))
		}
	}
	w.clock.Set(now.Add(time.Hour))
	require.NoError(t, store.Cleanup{DB: w.db, Clock: w.clock}.Prune(ctx))
	require.Zero(t, w.rows("external_identity_flows"))
}
