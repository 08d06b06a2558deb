package identity_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"go.updspace.com/identity"
	store "go.updspace.com/identity/adapters/pg"
	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/pg"
)

// refreshing is a client that holds a refresh token.
type refreshing struct {
	*service
	token string
}

func (s *service) refreshing() refreshing {
	s.t.Helper()
	c := s.client("offline_access")
	held, err := c.redeem(s.code(c, "member@aef.test"))
	require.NoError(s.t, err)
	return refreshing{s, held.RefreshToken}
}

func (r refreshing) refresh(token string) (int, map[string]any) {
	r.t.Helper()
	status, _, body := r.form("/oauth/token", url.Values{
		"grant_type": {"refresh_token"}, "refresh_token": {token}, "client_id": {"portal"}, "client_secret": {portalSecret},
	})
	return status, body
}

// isRevoked requires that no token of an answer works any more.
func (r refreshing) isRevoked(answer map[string]any) {
	r.t.Helper()
	status, body := r.refresh(answer["refresh_token"].(string))
	require.Equal(r.t, http.StatusBadRequest, status)
	require.Equal(r.t, "invalid_grant", body["error"])
	info, err := r.script("Authorization", "Bearer "+answer["access_token"].(string)).GetUserinfoWithResponse(ctx)
	refused(r.t, 401, "TOKEN_REVOKED", info, err)
}

func TestALostAnswerIsGivenAgain(t *testing.T) {
	t.Parallel()
	s := start(t)
	t.Run("for a moment", func(t *testing.T) {
		r := s.refreshing()
		_, first := r.refresh(r.token)
		s.clock.Advance(10*time.Second - time.Nanosecond)
		status, second := r.refresh(r.token)
		require.Equal(t, http.StatusOK, status)
		require.Equal(t, first, second, "the same answer")
		s.clock.Advance(time.Nanosecond)
		status, body := r.refresh(r.token)
		require.Equal(t, http.StatusBadRequest, status)
		require.Equal(t, "invalid_grant", body["error"])
		r.isRevoked(first)
	})
	t.Run("until it is known to have arrived", func(t *testing.T) {
		r := s.refreshing()
		_, first := r.refresh(r.token)
		_, second := r.refresh(first["refresh_token"].(string))
		status, _ := r.refresh(r.token)
		require.Equal(t, http.StatusBadRequest, status)
		r.isRevoked(second)
	})
	t.Run("to the client alone", func(t *testing.T) {
		r := s.refreshing()
		_, first := r.refresh(r.token)
		other := s.application("other", func(*domain.Client) {})
		status, _, body := s.form("/oauth/token", url.Values{
			"grant_type": {"refresh_token"}, "refresh_token": {r.token}, "client_id": {other.oauth.ClientID}, "client_secret": {"other-secret"},
		})
		require.Equal(t, http.StatusBadRequest, status)
		require.Equal(t, "invalid_grant", body["error"])
		status, again := r.refresh(r.token)
		require.Equal(t, http.StatusOK, status, "that was not the client's doing")
		require.Equal(t, first, again)
	})
	t.Run("not to an account that may not sign in", func(t *testing.T) {
		r := s.refreshing()
		_, _ = r.refresh(r.token)
		_, err := s.operate("user-suspend", "member@aef.test")
		require.NoError(t, err)
		status, _ := r.refresh(r.token)
		require.Equal(t, http.StatusBadRequest, status)
		_, err = s.operate("user-reinstate", "member@aef.test")
		require.NoError(t, err)
	})
	t.Run("and is not kept for longer", func(t *testing.T) {
		r := s.refreshing()
		_, _ = r.refresh(r.token)
		db, err := pg.Open(ctx, pg.Config{URL: s.cfg.Database.MigrateURL})
		require.NoError(t, err)
		defer func() { require.NoError(t, db.Close()) }()
		kept := func() (n int) {
			require.NoError(t, db.Conn(pg.AcrossTenants(ctx, "test")).NewRaw("SELECT count(*) FROM oidc_refresh_tokens WHERE answer IS NOT NULL").Scan(ctx, &n))
			return n
		}
		require.Positive(t, kept())
		s.clock.Advance(time.Minute)
		require.NoError(t, store.Cleanup{DB: db, Clock: s.clock}.Prune(ctx))
		require.Zero(t, kept())
	})
}

func TestWithoutGraceAReplayIsOne(t *testing.T) {
	t.Parallel()
	s := start(t, func(c *identity.Config) { c.RefreshGrace = 0 })
	r := s.refreshing()
	_, first := r.refresh(r.token)
	status, _ := r.refresh(r.token)
	require.Equal(t, http.StatusBadRequest, status)
	r.isRevoked(first)

	r = s.refreshing()
	outcomes := race(100, func() (int, string) {
		status, _ := r.refresh(r.token)
		return status, ""
	})
	require.Len(t, outcomes[http.StatusOK], 1, "%v", outcomes)
	require.Len(t, outcomes[http.StatusBadRequest], 99)
}
