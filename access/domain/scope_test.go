package domain_test

import (
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/access/domain"
	"go.updspace.com/libs/errs"
)

func TestScopesHaveOneForm(t *testing.T) {
	t.Parallel()
	tenant := uuid.MustParse("00000000-0000-4000-8000-00000000000A")
	for name, c := range map[string]struct {
		typ  domain.ScopeType
		id   string
		want domain.Scope
	}{
		"global has no id":               {domain.Global, "anything", domain.Scope{Type: domain.Global}},
		"a tenant is the own by default": {domain.Tenant, "", domain.TenantScope(tenant)},
		"a tenant in capitals":           {domain.Tenant, strings.ToUpper(tenant.String()), domain.TenantScope(tenant)},
		"a tenant that is not the own":   {domain.Tenant, "other", domain.Scope{Type: domain.Tenant, ID: "other"}},
		"a UUID in capitals":             {domain.Community, "01890A5D-AC96-774B-BCCE-B302099A8057", domain.Scope{Type: domain.Community, ID: "01890a5d-ac96-774b-bcce-b302099a8057"}},
		"another id keeps its case":      {domain.InService, "Voting", domain.Scope{Type: domain.InService, ID: "Voting"}},
		"36 characters, but no UUID":     {domain.Team, strings.Repeat("Z", 36), domain.Scope{Type: domain.Team, ID: strings.Repeat("Z", 36)}},
		"128 characters, more bytes":     {domain.Team, strings.Repeat("ü", 128), domain.Scope{Type: domain.Team, ID: strings.Repeat("ü", 128)}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := domain.NewScope(tenant, c.typ, c.id, "")
			require.NoError(t, err)
			require.Equal(t, c.want, got)
			again, err := domain.NewScope(tenant, got.Type, got.ID, "")
			require.NoError(t, err)
			require.Equal(t, got, again)
		})
	}
}

func TestWhatIsNoScope(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		typ   domain.ScopeType
		id    string
		field string
	}{
		"lower case type":   {"tenant", "x", "scope.type"},
		"no type":           {"", "x", "scope.type"},
		"community, no id":  {domain.Community, "", "scope.id"},
		"team, no id":       {domain.Team, "", "scope.id"},
		"service, no id":    {domain.InService, "", "scope.id"},
		"too long":          {domain.Team, strings.Repeat("x", 129), "scope.id"},
		"control character": {domain.Team, "a\x00b", "scope.id"},
		"not UTF-8":         {domain.Team, "a\xff", "scope.id"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := domain.NewScope(uuid.New(), c.typ, c.id, "scope.")
			var invalid *errs.Error
			require.ErrorAs(t, err, &invalid)
			require.Equal(t, errs.Invalid, invalid.Kind)
			require.Contains(t, invalid.Fields, c.field)
		})
	}
}

func TestGrantsFlowDownwards(t *testing.T) {
	t.Parallel()
	tenant := uuid.New()
	var (
		global    = domain.Scope{Type: domain.Global}
		whole     = domain.TenantScope(tenant)
		community = domain.Scope{Type: domain.Community, ID: "c1"}
		other     = domain.Scope{Type: domain.Community, ID: "c2"}
		team      = domain.Scope{Type: domain.Team, ID: "t1"} // of c1
		orphan    = domain.Scope{Type: domain.Team, ID: "t9"} // of no known community
		namesake  = domain.Scope{Type: domain.Team, ID: "c1"} // a team whose id is a community's
		service   = domain.Scope{Type: domain.InService, ID: "voting"}
		teams     = domain.Teams{"t1": "c1"}
		all       = []domain.Scope{global, whole, community, other, team, orphan, namesake, service}
	)
	for from, reaches := range map[domain.Scope][]domain.Scope{
		global:    all,
		whole:     {whole, community, other, team, orphan, namesake, service},
		community: {community, team},
		other:     {other},
		team:      {team},
		orphan:    {orphan},
		namesake:  {namesake},
		service:   {service},
	} {
		for _, asked := range all {
			want := false
			for _, r := range reaches {
				want = want || r == asked
			}
			require.Equal(t, want, from.Reaches(asked, teams), "%s reaches %s", from, asked)
		}
	}
	require.False(t, community.Reaches(team, nil), "an unknown team belongs to no community")
	require.False(t, domain.Scope{Type: domain.Community}.Reaches(orphan, teams), "an unknown team is not in the community without an id")
}
