package authz_test

import (
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
)

func TestScopesAreParsed(t *testing.T) {
	t.Parallel()
	types := authz.ScopeTypes{authz.ScopeTenant, authz.ScopeCommunity, authz.ScopeTeam, "EVENT"}
	require.Equal(t, "must be TENANT, COMMUNITY, TEAM or EVENT", types.NotAllowed().String())
	tenant, id := uuid.New(), uuid.New()
	for name, c := range map[string]struct {
		kind  authz.ScopeType
		id    string
		want  authz.Scope
		field string
		err   error
	}{
		"nothing named":          {"", "", authz.TenantScope(tenant), "", nil},
		"the tenant":             {authz.ScopeTenant, strings.ToUpper(tenant.String()), authz.TenantScope(tenant), "", nil},
		"another tenant":         {authz.ScopeTenant, uuid.NewString(), authz.Scope{}, "scope_id", nil},
		"a tenant by name":       {authz.ScopeTenant, "aef", authz.Scope{}, "scope_id", nil},
		"a community":            {authz.ScopeCommunity, " " + id.String() + " ", authz.CommunityScope(id), "", nil},
		"a team":                 {authz.ScopeTeam, id.String(), authz.TeamScope(id), "", nil},
		"a type of the service":  {"EVENT", id.String(), authz.Scope{Type: "EVENT", ID: id}, "", nil},
		"a community by name":    {authz.ScopeCommunity, "not-a-uuid", authz.Scope{}, "scope_id", nil},
		"the nil UUID":           {"EVENT", uuid.Nil.String(), authz.Scope{}, "scope_id", nil},
		"a community without id": {authz.ScopeCommunity, " ", authz.Scope{}, "", authz.ErrScopeRequired},
		"the platform":           {authz.ScopeGlobal, "", authz.Scope{}, "scope_type", nil},
		"something else":         {"PLANET", "earth", authz.Scope{}, "scope_type", nil},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := types.Parse(tenant, c.kind, c.id)
			require.Equal(t, c.want, got)
			if c.err != nil {
				require.ErrorIs(t, err, c.err)
			}
			if c.field != "" {
				var e *errs.Error
				require.ErrorAs(t, err, &e)
				require.Len(t, e.Fields, 1)
				require.Contains(t, e.Fields, c.field)
			}
			require.Equal(t, c.field == "" && c.err == nil, err == nil)
		})
	}
}
