package e2e

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"go.updspace.com/tools/journey"
)

// A suspension must reach sessions that are under way, within a minute, and everywhere.
func TestSuspensionBites(t *testing.T) {
	second := signedIn(t, journey.Second)
	p := newPoll(t, signedIn(t, journey.Admin), 2)
	require.NoError(t, cast(t.Context(), second, p, 0).Expect(http.StatusCreated))

	db := database(t, "db_id")
	status := func(ctx context.Context, status string) {
		result, err := db.ExecContext(ctx, `UPDATE users SET status = $1 WHERE email = $2`, status, journey.Second)
		require.NoError(t, err)
		n, err := result.RowsAffected()
		require.NoError(t, err)
		require.EqualValues(t, 1, n)
	}
	status(t.Context(), "suspended")
	t.Cleanup(func() { status(context.WithoutCancel(t.Context()), "active") })
	require.Eventually(t, func() bool {
		a := second.Send(t.Context(), http.MethodGet, "/api/v1/voting/polls", nil)
		return a.Status == http.StatusUnauthorized || a.Status == http.StatusForbidden
	}, time.Minute, 500*time.Millisecond)
	for _, a := range []*journey.Answer{
		cast(t.Context(), second, p, 1),
		second.Send(t.Context(), http.MethodGet, "/api/v1/session/me", nil),
		second.Send(t.Context(), http.MethodGet, "/api/v1/voting/polls/"+p.ID+"/info", nil),
		second.Send(t.Context(), http.MethodGet, "/api/v1/access/permissions", nil),
	} {
		require.Contains(t, []int{http.StatusUnauthorized, http.StatusForbidden}, a.Status, string(a.Body))
		_, err := a.Envelope()
		require.NoError(t, err)
	}
	require.Error(t, journey.SignIn(t.Context(), newBrowser(t, "aef"), journey.Second, journey.Password))
}
