package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/require"

	"go.updspace.com/bff/app"
	"go.updspace.com/bff/domain"
	"go.updspace.com/bff/ports"
	"go.updspace.com/libs/authz"
)

// knows answers what the overview asks, or fails.
type knows struct {
	ports.Identity
	err error
}

func (k knows) Profile(context.Context) (json.RawMessage, error) {
	if k.err != nil {
		return nil, k.err
	}
	return json.RawMessage(`{"name":"Anna"}`), nil
}

func (k knows) Effective(_ context.Context, scope authz.Scope) (authz.Effective, error) {
	if scope != authz.TenantScope(aef.ID) {
		return authz.Effective{}, errors.New("not the tenant's scope")
	}
	return authz.Effective{Permissions: []string{"voting.poll.read"}, Roles: []string{"owner", "member"}}, k.err
}

// A part that cannot be had leaves the others as they are.
func TestTheOverviewGoesWithoutAPart(t *testing.T) {
	t.Parallel()
	profile := json.RawMessage(`{"name":"Anna"}`)
	held, roles := domain.Capabilities([]string{"voting.poll.read"}), []string{"member", "owner"}
	away := knows{err: errors.New("away")}
	for name, c := range map[string]struct {
		identity ports.Identity
		access   ports.Access
		portal   ports.Portal
		want     app.Parts
		logged   string // the part that is missing
	}{
		"everything":    {knows{}, knows{}, knows{}, app.Parts{IDProfile: profile, PortalProfile: profile, Capabilities: held, Roles: roles}, ""},
		"no portal":     {knows{}, knows{}, nil, app.Parts{IDProfile: profile, Capabilities: held, Roles: roles}, ""},
		"portal away":   {knows{}, knows{}, away, app.Parts{IDProfile: profile, Capabilities: held, Roles: roles}, "part=portal_profile"},
		"access away":   {knows{}, away, knows{}, app.Parts{IDProfile: profile, PortalProfile: profile, Capabilities: []string{}, Roles: []string{}}, "part=capabilities"},
		"identity away": {away, knows{}, knows{}, app.Parts{PortalProfile: profile, Capabilities: held, Roles: roles}, "part=id_profile"},
	} {
		var log bytes.Buffer
		got := app.NewOverview(c.identity, c.access, c.portal, slog.New(slog.NewTextHandler(&log, nil))).Describe(t.Context(), aef)
		require.Equal(t, c.want, got, name)
		require.Equal(t, c.logged == "", log.Len() == 0, name)
		require.Contains(t, log.String(), c.logged, name)
	}
}
