package access_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	accesspg "go.updspace.com/access/adapters/pg"
	"go.updspace.com/access/domain"
	"go.updspace.com/api/accessapi"
	"go.updspace.com/libs/reqctx"
)

func root(tenant uuid.UUID) person {
	return person{tenant: tenant, user: uuid.New(), flags: reqctx.Flags{SystemAdmin: true}}
}

func (s *service) export(p person, user uuid.UUID, params ...accessapi.ExportUserParams) *accessapi.ExportUserResponse {
	s.t.Helper()
	resp, err := s.as(p).ExportUserWithResponse(context.Background(), user, &append(params, accessapi.ExportUserParams{})[0])
	require.NoError(s.t, err)
	return resp
}

func (s *service) erase(p person, user uuid.UUID) reply {
	s.t.Helper()
	resp, err := s.as(p).EraseUserWithResponse(context.Background(), user)
	require.NoError(s.t, err)
	return of(resp)
}

func (s *service) erased(p person, user uuid.UUID) accessapi.UserErasure {
	s.t.Helper()
	return made[accessapi.UserErasure](s, s.erase(p, user), 200)
}

// history is somebody who holds, was given, and gave a little of everything: the
// administrator of a tenant that has another one.
func (s *service) history(tenant uuid.UUID) (p person, boss person) {
	s.t.Helper()
	boss, p = s.administrator(tenant), s.administrator(tenant)
	grant := func(by person, role int64, to uuid.UUID) {
		in := grantOf(role, to)
		in.TenantID, in.ScopeID = tenant, tenant.String()
		require.Equal(s.t, 201, s.bindRole(by, in).status)
	}
	override := func(by person, to uuid.UUID, rest string) {
		body := fmt.Sprintf(`{"tenant_id":%q,"user_id":%q,%s}`, tenant, to, rest)
		require.Equal(s.t, 201, s.call(by, http.MethodPost, "/policy-overrides", body).status)
	}
	crew := s.createRole(boss, "voting", "crew", "voting.poll.read").ID
	grant(boss, crew, p.user)
	override(boss, p.user, `"action":"deny","permission_key":"voting.vote.cast","reason":"was rude"`)
	grant(p, crew, boss.user)
	override(p, boss.user, `"action":"deny","permission_key":"voting.vote.cast","reason":"was ruder"`)
	s.refused(s.call(p, http.MethodDelete, "/admin/role-bindings/"+fmt.Sprint(s.derived(p)), ""), 409, "MANAGED_BY_PORTAL")
	return p, boss
}

// derived makes the person a member of a community and returns the binding that follows.
func (s *service) derived(p person) int {
	s.t.Helper()
	community := uuid.New()
	require.NoError(s.t, accesspg.NewMemberships(s.db).Put(p.in(), []domain.Membership{{
		MembershipKey: domain.MembershipKey{Type: domain.Community, Scope: community, User: p.user}, Community: community, Role: domain.PlainMember, Version: 1,
	}}, s.clock.Now()))
	return s.count(p.tenant, "SELECT id FROM role_bindings WHERE user_id = ? AND source = 'membership'", p.user)
}

func TestPeopleSeeWhatIsStoredAboutThem(t *testing.T) {
	s := start(t)
	p, boss := s.history(aef)
	s.history(gaming)
	all := s.export(p, p.user)
	require.NotNil(t, all.JSON200, string(all.Body))
	d := all.JSON200
	require.Equal(t, accessapi.UserExportServiceAccess, d.Service)
	require.Equal(t, aef, d.TenantID)
	require.Equal(t, p.user, d.UserID)
	require.Equal(t, s.clock.Now().UTC(), d.ExportedAt.UTC())
	require.Len(t, d.RoleBindings, len(domain.Services())+2)
	require.Len(t, d.PolicyOverrides, 1)
	require.Equal(t, "was rude", d.PolicyOverrides[0].Reason)
	require.Len(t, d.Memberships, 1)
	require.Equal(t, "member", d.Memberships[0].Role.MustGet())
	want := append([]string{"write_refused", "override_created", "binding_created", "override_created"}, make([]string, len(domain.Services())+1)...)
	for i := 4; i < len(want); i++ {
		want[i] = "binding_created"
	}
	require.ElementsMatch(t, want, actions(d.AuditEvents))
	require.Empty(t, all.HTTPResponse.Header.Get("X-Next-Cursor"))

	events := s.events(boss, "target_type=dsar_request")
	require.Equal(t, []string{"dsar.exported"}, actions(events))
	require.Equal(t, "self", events[0].TargetID.MustGet())
	require.Equal(t, p.user, events[0].PerformedBy)
	require.Empty(t, events[0].Metadata)

	// in pages of any size it is the same, but for the entry about the first export
	for _, limit := range []int{1, 2, 3, 7, 9, 20} {
		var paged accessapi.UserExport
		params := accessapi.ExportUserParams{Limit: &limit}
		for {
			page := s.export(p, p.user, params)
			require.NotNil(t, page.JSON200, string(page.Body))
			part := page.JSON200
			require.LessOrEqual(t, len(part.RoleBindings)+len(part.PolicyOverrides)+len(part.Memberships)+len(part.AuditEvents), limit)
			paged.RoleBindings = append(paged.RoleBindings, part.RoleBindings...)
			paged.PolicyOverrides = append(paged.PolicyOverrides, part.PolicyOverrides...)
			paged.Memberships = append(paged.Memberships, part.Memberships...)
			for _, e := range part.AuditEvents {
				if e.TargetType != "dsar_request" {
					paged.AuditEvents = append(paged.AuditEvents, e)
				}
			}
			next := page.HTTPResponse.Header.Get("X-Next-Cursor")
			if next == "" {
				break
			}
			params.Cursor = &next
		}
		require.Equal(t, d.RoleBindings, paged.RoleBindings)
		require.Equal(t, d.PolicyOverrides, paged.PolicyOverrides)
		require.Equal(t, d.Memberships, paged.Memberships)
		require.Equal(t, d.AuditEvents, paged.AuditEvents)
	}
	for _, cursor := range []string{"x", "WyJ4Il0", "WyI5IiwiIiwiIl0", "WyIwIiwieCIsIiJd", "WyIxIiwieCIsInkiXQ"} {
		require.Equal(t, 422, s.export(p, p.user, accessapi.ExportUserParams{Cursor: &cursor}).StatusCode(), cursor)
	}
}

func TestWhoMayAskForWhatIsStored(t *testing.T) {
	s := start(t)
	p, boss := s.history(aef)
	suspended := root(aef)
	suspended.flags.Suspended = true
	for name, asker := range map[string]person{"an administrator": boss, "a member": member(aef), "a suspended system administrator": suspended} {
		s.refused(of(s.export(asker, p.user)), 403, "FORBIDDEN")
		s.refused(s.erase(asker, p.user), 403, "FORBIDDEN")
		require.Equal(t, 1, s.count(aef, "SELECT count(*) FROM audit_events WHERE action = 'write_refused' AND performed_by = ? AND target_id = ? AND metadata ->> 'operation' = 'eraseUser'",
			asker.user, p.user.String()), name)
	}
	require.Zero(t, s.count(aef, "SELECT count(*) FROM audit_events WHERE action LIKE 'dsar.%'"))

	// of what they are in another tenant nobody learns anything, and it stays
	for _, asker := range []person{root(gaming), {tenant: gaming, user: p.user}} {
		d := s.export(asker, p.user).JSON200
		require.NotNil(t, d)
		require.Empty(t, d.RoleBindings)
		require.Empty(t, d.PolicyOverrides)
		require.Empty(t, d.Memberships)
		for _, e := range d.AuditEvents {
			require.Equal(t, "dsar_request", e.TargetType)
		}
		e := s.erased(asker, p.user)
		require.Zero(t, e.Counts.RoleBindingsDeleted+e.Counts.PolicyOverridesDeleted+e.Counts.MembershipsDeleted+e.Counts.AuthorshipsRemoved)
	}
	require.Len(t, s.export(p, p.user).JSON200.RoleBindings, len(domain.Services())+2)

	p.flags.Suspended = true // whoever may nothing else may this
	require.Equal(t, 200, s.export(p, p.user).StatusCode())
	s.refused(of(s.export(root(aef), uuid.Nil)), 422, "VALIDATION_ERROR")
	s.refused(s.erase(root(aef), uuid.Nil), 422, "VALIDATION_ERROR")
}

func TestPeopleAreForgotten(t *testing.T) {
	for name, asker := range map[string]func(person) person{
		"by themselves":             func(p person) person { return p },
		"by a system administrator": func(p person) person { return root(p.tenant) },
	} {
		t.Run(name, func(t *testing.T) {
			s := start(t)
			p, boss := s.history(aef)
			by := asker(p)
			require.Equal(t, 200, s.export(p, p.user).StatusCode())
			before := s.count(aef, "SELECT count(*) FROM audit_events")
			require.True(t, s.decide(p, inTenant(domain.WriteRoles, p)).Allowed)

			e := s.erased(by, p.user)
			require.Equal(t, accessapi.UserErasureModeHybrid, e.Mode)
			require.Equal(t, s.clock.Now().UTC(), e.ErasedAt.UTC())
			require.True(t, e.Complete)
			services := len(domain.Services())
			require.Equal(t, accessapi.UserErasureCounts{
				RoleBindingsDeleted: services + 2, PolicyOverridesDeleted: 1, MembershipsDeleted: 1,
				AuditEventsRedacted: services + 6, AuthorshipsRemoved: 2,
			}, e.Counts)
			require.False(t, s.decide(p, inTenant(domain.WriteRoles, p)).Allowed, "at once")

			// what happened is still told, not of whom
			require.Equal(t, before+1, s.count(aef, "SELECT count(*) FROM audit_events"))
			for _, table := range []string{"role_bindings", "policy_overrides", "memberships", "tenant_members", "teams", "roles"} {
				require.Zero(t, s.count(aef, "SELECT count(*) FROM "+table+" AS r WHERE r::text LIKE ?", "%"+p.user.String()+"%"), table)
			}
			require.Equal(t, 1, s.count(aef, "SELECT count(*) FROM audit_events WHERE metadata ->> 'user_id' = '[redacted]' AND metadata ->> 'reason' = '[redacted]'"))
			require.Equal(t, 1, s.count(aef, "SELECT count(*) FROM audit_events WHERE metadata ->> 'reason' = 'was ruder' AND performed_by = ? AND metadata ->> 'performed_by' = '[redacted]'", uuid.Nil),
				"and what they did to others is theirs to know")

			last := s.events(boss, "action=dsar.erased")
			require.Len(t, last, 1)
			require.Equal(t, fmt.Sprint(services+2), last[0].Metadata["role_bindings"])
			named := s.count(aef, "SELECT count(*) FROM audit_events AS a WHERE a::text LIKE ?", "%"+p.user.String()+"%")
			if by.user == p.user {
				require.Equal(t, "self", last[0].TargetID.MustGet())
				require.Equal(t, uuid.Nil, last[0].PerformedBy)
				require.Zero(t, named)
			} else {
				require.Equal(t, p.user.String(), last[0].TargetID.MustGet())
				require.Equal(t, by.user, last[0].PerformedBy)
				require.Equal(t, "system_admin", last[0].Metadata["via"])
				require.Equal(t, 1, named, "the proof")
			}

			require.Zero(t, s.erased(by, p.user).Counts, "again: nothing is left to do")
			require.Equal(t, 200, s.export(p, p.user).StatusCode())
		})
	}
}

func TestTheLastAdministratorIsNotErased(t *testing.T) {
	s := start(t)
	p := s.administrator(aef)
	state := func() string {
		d := s.export(p, p.user).JSON200
		text, err := json.Marshal([]any{d.RoleBindings, d.PolicyOverrides, d.Memberships})
		require.NoError(t, err)
		return string(text)
	}
	before := state()
	for _, by := range []person{p, root(aef)} {
		s.refused(s.erase(by, p.user), 409, "LAST_ADMIN")
	}
	require.Equal(t, before, state())
	require.Equal(t, 2, s.count(aef, "SELECT count(*) FROM audit_events WHERE action = 'write_refused' AND metadata ->> 'code' = 'LAST_ADMIN'"))
	require.Zero(t, s.count(aef, "SELECT count(*) FROM audit_events WHERE metadata ->> 'user_id' = '[redacted]'"))
	s.administrator(aef)
	require.True(t, s.erased(p, p.user).Complete)
}

// Two administrators who leave at the same moment: one of them stays.
func TestAdministratorsAreErasedTogether(t *testing.T) {
	s := start(t)
	for range 5 {
		tenant := uuid.New()
		people := []person{s.steward(tenant), s.steward(tenant)}
		replies := make([]reply, len(people))
		var wg sync.WaitGroup
		for i, p := range people {
			wg.Go(func() { replies[i] = s.erase(p, p.user) })
		}
		wg.Wait()
		statuses := []int{replies[0].status, replies[1].status}
		require.ElementsMatch(t, []int{200, 409}, statuses)
	}
}

// A long journal is redacted in parts, and the answer says so.
func TestALongJournalTakesSeveralRequests(t *testing.T) {
	s := start(t)
	p := member(aef)
	const entries = 20_000
	s.exec(aef, `INSERT INTO audit_events (id, tenant_id, performed_by, action, target_type, created_at)
		SELECT gen_random_uuid(), ?, ?, 'system_admin_decision', 'permission', now() FROM generate_series(1, ?)`, aef, p.user, entries+5)
	first := s.erased(p, p.user)
	require.False(t, first.Complete)
	require.Equal(t, entries, first.Counts.AuditEventsRedacted)
	second := s.erased(p, p.user)
	require.True(t, second.Complete)
	require.Equal(t, 5, second.Counts.AuditEventsRedacted)
}

// What cannot be journalled is neither shown nor deleted.
func TestNothingIsHandledWithoutAnEntry(t *testing.T) {
	s := start(t)
	p, _ := s.history(aef)
	owner, err := sql.Open("pgx", s.cfg.Database.MigrateURL)
	require.NoError(t, err)
	defer owner.Close()
	_, err = owner.Exec("ALTER TABLE audit_events ADD CONSTRAINT none_more CHECK (action NOT LIKE 'dsar.%')")
	require.NoError(t, err)
	s.refused(of(s.export(p, p.user)), 503, "SERVICE_UNAVAILABLE")
	require.GreaterOrEqual(t, s.erase(p, p.user).status, 400)
	require.Equal(t, len(domain.Services())+2, s.count(aef, "SELECT count(*) FROM role_bindings WHERE user_id = ?", p.user))
	require.Equal(t, 2*len(domain.Services()), s.count(aef, "SELECT count(*) FROM audit_events WHERE performed_by = ?", uuid.Nil),
		"the platform's own: the two who were made administrators")
}
