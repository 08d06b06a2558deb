package access_test

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	accesspg "go.updspace.com/access/adapters/pg"
	"go.updspace.com/access/domain"
	"go.updspace.com/api/accessapi"
	"go.updspace.com/api/commonapi"
	"go.updspace.com/libs/personaldata"
	"go.updspace.com/libs/reqctx"
)

func systemAdmin(tenant uuid.UUID) person {
	return person{tenant: tenant, user: uuid.New(), flags: reqctx.Flags{SystemAdmin: true}}
}

// gateway is the bff, on behalf of no user.
func gateway(tenant uuid.UUID) person { return person{tenant: tenant, caller: "bff"} }

// export reads all pages of a user's data, by section.
func (s *fixture) export(tenant, user uuid.UUID, limit int) map[string][]map[string]any {
	s.T.Helper()
	found := map[string][]map[string]any{}
	for params := (accessapi.ExportPersonalDataParams{Limit: &limit}); ; {
		resp, err := s.as(gateway(tenant)).ExportPersonalDataWithResponse(context.Background(), user, &params)
		require.NoError(s.T, err)
		require.NotNil(s.T, resp.JSON200, string(resp.Body))
		require.LessOrEqual(s.T, len(resp.JSON200.Items), limit)
		for _, item := range resp.JSON200.Items {
			found[item.Section] = append(found[item.Section], item.Data)
		}
		next, err := resp.JSON200.NextCursor.Get()
		if err != nil {
			return found
		}
		params.Cursor = &next
	}
}

func (s *fixture) erase(as person, user uuid.UUID) reply {
	s.T.Helper()
	resp, err := s.as(as).ErasePersonalDataWithResponse(context.Background(), user)
	require.NoError(s.T, err)
	return of(resp)
}

func (s *fixture) erased(as person, user uuid.UUID) commonapi.ErasureReceipt {
	s.T.Helper()
	return made[commonapi.ErasureReceipt](s, s.erase(as, user), 200)
}

// history makes two administrators of a tenant. The first holds, was given and gave something of each kind.
func (s *fixture) history(tenant uuid.UUID) (p, other person) {
	s.T.Helper()
	other, p = s.administrator(tenant), s.administrator(tenant)
	grant := func(by person, role int64, to uuid.UUID) {
		in := grantOf(role, to)
		in.TenantID, in.ScopeID = tenant, tenant.String()
		require.Equal(s.T, 201, s.bindRole(by, in).status)
	}
	override := func(by person, to uuid.UUID, rest string) {
		body := fmt.Sprintf(`{"tenant_id":%q,"user_id":%q,%s}`, tenant, to, rest)
		require.Equal(s.T, 201, s.call(by, http.MethodPost, "/policy-overrides", body).status)
	}
	crew := s.createRole(other, "voting", "crew", "voting.poll.read").ID
	grant(other, crew, p.user)
	override(other, p.user, `"action":"deny","permission_key":"voting.vote.cast","reason":"was rude"`)
	grant(p, crew, other.user)
	override(p, other.user, `"action":"deny","permission_key":"voting.vote.cast","reason":"was ruder"`)
	s.refused(s.call(p, http.MethodDelete, "/admin/role-bindings/"+fmt.Sprint(s.derived(p)), ""), 409, "MANAGED_BY_PORTAL")
	return p, other
}

// derived makes the user a member of a community and returns the derived binding.
func (s *fixture) derived(p person) int {
	s.T.Helper()
	community := uuid.New()
	require.NoError(s.T, accesspg.NewMemberships(s.DB).Put(p.in(), []domain.Membership{{
		MembershipKey: domain.MembershipKey{Type: domain.Community, Scope: community, User: p.user}, Community: community, Role: domain.PlainMember, Version: 1,
	}}, s.Clock.Now()))
	return s.count(p.tenant, "SELECT id FROM role_bindings WHERE user_id = ? AND source = 'membership'", p.user)
}

func TestPersonalDataIsExportedInPages(t *testing.T) {
	t.Parallel()
	s := start(t)
	p, _ := s.history(aef)
	s.history(gaming)
	all := s.export(aef, p.user, 100)
	require.Len(t, all["role_bindings"], len(domain.Services())+2)
	require.Len(t, all["policy_overrides"], 1)
	require.Equal(t, "was rude", all["policy_overrides"][0]["reason"])
	require.Len(t, all["memberships"], 2, "of a community and of the tenant")
	require.Equal(t, "member", all["memberships"][0]["role"])
	want := append([]string{"write_refused", "override_created", "binding_created", "override_created", "binding_created"}, slices.Repeat([]string{"binding_created"}, len(domain.Services()))...)
	var actions []string
	for _, entry := range all["audit"] {
		actions = append(actions, entry["action"].(string))
	}
	require.ElementsMatch(t, want, actions)
	require.Equal(t, 1, s.count(aef, "SELECT count(*) FROM audit_entries WHERE action = 'personal_data.exported' AND target_id = ?", personaldata.Proof(p.user)))
	for _, limit := range []int{1, 2, 3, 7} {
		require.Equal(t, all, s.export(aef, p.user, limit))
	}
	require.Empty(t, s.export(gaming, p.user, 100), "another tenant's data is not shown")
}

func TestPersonalDataIsForServicesOnly(t *testing.T) {
	t.Parallel()
	s := start(t)
	p, other := s.history(aef)
	for _, asker := range []person{p, other, systemAdmin(aef)} {
		resp, err := s.as(asker).ExportPersonalDataWithResponse(context.Background(), p.user, nil)
		require.NoError(t, err)
		s.refused(of(resp), 403, "FORBIDDEN")
		s.refused(s.erase(asker, p.user), 403, "FORBIDDEN")
	}
	require.Zero(t, s.count(aef, "SELECT count(*) FROM audit_entries WHERE action LIKE 'personal_data.%'"))
	s.refused(s.erase(gateway(aef), uuid.Nil), 422, "VALIDATION_ERROR")
}

func TestErasureRemovesTheUser(t *testing.T) {
	t.Parallel()
	s := start(t)
	p, _ := s.history(aef)
	require.True(t, s.decide(p, inTenant(domain.WriteRoles, p)).Allowed)
	for _, n := range s.erased(gateway(gaming), p.user).Counts {
		require.Zero(t, n, "data of another tenant stays")
	}
	before := s.count(aef, "SELECT count(*) FROM audit_entries")

	e := s.erased(gateway(aef), p.user)
	require.Equal(t, s.Clock.Now().UTC(), e.ErasedAt.UTC())
	require.True(t, e.Complete)
	services := int64(len(domain.Services()))
	require.Equal(t, map[string]int64{
		"role_bindings": services + 2, "policy_overrides": 1, "memberships": 2, "rewards": 0, "grants_to_others": 2, "requests": 2, "sent_events": 0, "audit": services + 5,
	}, e.Counts)
	require.False(t, s.decide(p, inTenant(domain.WriteRoles, p)).Allowed, "at once")

	require.Equal(t, before+1, s.count(aef, "SELECT count(*) FROM audit_entries"), "what happened stays")
	for _, table := range []string{"role_bindings", "policy_overrides", "memberships", "tenant_members", "teams", "scopes", "roles"} {
		require.Zero(t, s.count(aef, "SELECT count(*) FROM "+table+" AS r WHERE r::text LIKE ?", "%"+p.user.String()+"%"), table)
	}
	require.Zero(t, s.count(aef, "SELECT count(*) FROM audit_entries AS a WHERE a::text LIKE ?", "%"+p.user.String()+"%"))
	require.Equal(t, 1, s.count(aef, "SELECT count(*) FROM audit_entries WHERE action = 'personal_data.erased' AND target_id = ?", personaldata.Proof(p.user)), "the proof")
	require.Zero(t, s.count(aef, "SELECT count(*) FROM audit_entries WHERE reason <> ''"))

	for _, n := range s.erased(gateway(aef), p.user).Counts {
		require.Zero(t, n, "again: nothing is left")
	}
}

func TestTheLastAdministratorIsNotErased(t *testing.T) {
	t.Parallel()
	s := start(t)
	p := s.administrator(aef)
	s.refused(s.erase(gateway(aef), p.user), 409, "LAST_ADMIN")
	require.Equal(t, len(domain.Services()), s.count(aef, "SELECT count(*) FROM role_bindings WHERE user_id = ?", p.user))
	require.Equal(t, 1, s.count(aef, "SELECT count(*) FROM audit_entries WHERE action = 'write_refused' AND metadata ->> 'code' = 'LAST_ADMIN' AND metadata ->> 'operation' = 'erasePersonalData'"))
	s.administrator(aef)
	require.True(t, s.erased(gateway(aef), p.user).Complete)
}

// Of two administrators who are erased at the same moment one stays.
func TestConcurrentErasuresLeaveAnAdministrator(t *testing.T) {
	t.Parallel()
	s := start(t)
	for range 5 {
		tenant := uuid.New()
		admins := []person{s.steward(tenant), s.steward(tenant)}
		replies := make([]reply, len(admins))
		var wg sync.WaitGroup
		for i, p := range admins {
			wg.Go(func() { replies[i] = s.erase(gateway(tenant), p.user) })
		}
		wg.Wait()
		require.ElementsMatch(t, []int{200, 409}, []int{replies[0].status, replies[1].status})
	}
}

func TestPersonalDataIsNotTouchedWithoutAnAuditEntry(t *testing.T) {
	t.Parallel()
	s := startNew(t)
	p, _ := s.history(aef)
	owner, err := sql.Open("pgx", s.cfg.Database.MigrateURL)
	require.NoError(t, err)
	defer owner.Close()
	_, err = owner.Exec("ALTER TABLE audit_entries ADD CONSTRAINT none_more CHECK (action NOT LIKE 'personal_data.%')")
	require.NoError(t, err)
	resp, err := s.as(gateway(aef)).ExportPersonalDataWithResponse(context.Background(), p.user, nil)
	require.NoError(t, err)
	require.GreaterOrEqual(t, resp.StatusCode(), 400)
	require.GreaterOrEqual(t, s.erase(gateway(aef), p.user).status, 400)
	require.Equal(t, len(domain.Services())+2, s.count(aef, "SELECT count(*) FROM role_bindings WHERE user_id = ?", p.user))
}
