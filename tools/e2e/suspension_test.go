package e2e

import (
	"context"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"go.updspace.com/identity"
	"go.updspace.com/libs/config"
	"go.updspace.com/tools/journey"
)

// operator runs one of the ID service's operator commands, as `identity user-suspend ...` would.
func operator(t *testing.T, verb string, args ...string) {
	t.Helper()
	cfg, err := config.Parse[identity.Config](world.Env("identity"))
	require.NoError(t, err)
	for _, command := range identity.Commands() {
		if command.Name == verb {
			require.NoError(t, command.Run(context.WithoutCancel(t.Context()), cfg, args))
			return
		}
	}
	t.Fatal("no such command: " + verb)
}

// A suspension reaches sessions that are under way with their next request, at every gateway.
func TestSuspensionBites(t *testing.T) {
	second := signedIn(t, journey.Second)
	p := newPoll(t, signedIn(t, journey.Admin), 2)
	require.NoError(t, cast(t.Context(), second, p, 0).Expect(http.StatusCreated))

	other := newTwin(t)
	status, code := other.send(t, second, http.MethodGet, "/api/v1/voting/polls", nil)
	require.Equal(t, http.StatusOK, status, code)

	operator(t, "user-suspend", journey.Second)
	t.Cleanup(func() { operator(t, "user-reinstate", journey.Second) })
	status, code = other.send(t, second, http.MethodGet, "/api/v1/voting/polls", nil)
	require.Contains(t, []int{http.StatusUnauthorized, http.StatusForbidden}, status, code)
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
