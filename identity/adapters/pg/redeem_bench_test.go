package pg_test

import (
	"context"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	store "go.updspace.com/identity/adapters/pg"
	"go.updspace.com/identity/domain"
	"go.updspace.com/identity/ports"
)

// The database's part of redeeming a code.
func BenchmarkRedeem(b *testing.B) {
	w := newWorld(b)
	ctx := context.Background()
	_, err := store.Clients{DB: w.db}.Put(ctx, domain.Client{ID: "c", Name: "C", Redirects: []domain.RedirectRule{"https://c.test/"}, GrantTypes: []string{domain.GrantCode}, Algorithm: domain.ES256, RegisteredAt: now})
	require.NoError(b, err)
	challenge, err := domain.ChallengeOf("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
	require.NoError(b, err)
	s, _ := domain.NewSession(uuid.New(), w.alice.ID, domain.MethodPassword, domain.Origin{}, now)
	require.NoError(b, store.Sessions{DB: w.db}.Insert(ctx, s))
	r := domain.AuthorizationRequest{
		Authorization: domain.Authorization{ClientID: "c", UserID: w.alice.ID, SessionID: s.ID, AuthTime: now, Scopes: []string{"openid"}},
		RedirectURI:   "https://c.test/", Challenge: challenge,
	}
	secrets := make([]domain.Secret, b.N)
	for i := range secrets {
		code, secret := r.Code(uuid.Must(uuid.NewV7()), r.Scopes, now)
		secrets[i] = secret
		require.NoError(b, store.Authorizations{DB: w.db}.InsertCode(ctx, code))
	}
	grants := store.Grants{DB: w.db}
	b.ResetTimer()
	for _, secret := range secrets {
		refresh, _ := domain.NewRefreshToken(uuid.New(), now)
		_, _, ok, err := grants.Redeem(ctx, ports.Redemption{Code: secret.Hash(), ClientID: "c", RedirectURI: r.RedirectURI, Challenge: challenge, Refresh: true, Now: now}, refresh)
		if err != nil || !ok {
			b.Fatal(ok, err)
		}
	}
}
