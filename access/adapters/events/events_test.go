package events_test

import (
	"context"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/cloudevents/sdk-go/v2/event"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/access/adapters/events"
	"go.updspace.com/access/app"
	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports/portstest"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/outbox"
	"go.updspace.com/libs/reqctx"
)

type clock struct{}

func (clock) Now() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC) }

var (
	tenant = portstest.Tenant
	alice  = uuid.MustParse("00000000-0000-4000-8000-000000000001")
	bob    = uuid.MustParse("00000000-0000-4000-8000-000000000002")
)

// house is the handler over fakes.
type house struct {
	t      *testing.T
	memory *portstest.Memory
	audit  *portstest.AuditLog
	handle outbox.Handler
}

func build(t *testing.T) *house {
	h := &house{t: t, memory: &portstest.Memory{}, audit: &portstest.AuditLog{}}
	for _, tpl := range domain.Templates(domain.Platform) {
		h.memory.AddRole(domain.Role{Service: tpl.Service, Name: tpl.Name, Keys: tpl.Keys})
	}
	h.handle = events.Handler(app.Deps{
		Catalogue: domain.Platform, Stored: h.memory, Rewards: portstest.MemoryRewards{Memory: h.memory},
		Roles: portstest.MemoryRoles{Memory: h.memory}, Bindings: portstest.MemoryBindings{Memory: h.memory},
		Admins: portstest.Administrators{Memory: h.memory}, Memberships: h.memory, Audit: h.audit, Events: h.memory, Tx: h.memory, Clock: clock{},
	})
	return h
}

type data map[string]any

func (h *house) send(in uuid.UUID, typ string, d data) error {
	h.t.Helper()
	e := event.New()
	e.SetID(uuid.NewString())
	e.SetSource("test")
	e.SetType(typ)
	require.NoError(h.t, e.SetData(event.ApplicationJSON, d))
	return h.handle(reqctx.With(context.Background(), reqctx.Context{TenantID: in, UserID: bob}), e)
}

func (h *house) must(typ string, d data) {
	h.t.Helper()
	require.NoError(h.t, h.send(tenant, typ, whole(typ, d)))
}

// whole adds the required fields of portal's events that access does not read.
func whole(typ string, d data) data {
	full := data{"scope_id": portstest.C1, "visibility": "public", "actor_id": bob, "created_by": bob, "name": "x", "join_policy": "open"}
	switch {
	case strings.HasPrefix(typ, "portal.membership."):
		full = data{"visibility": "community", "actor_id": bob, "source_ref": "community:" + portstest.C1.String()}
	case strings.HasPrefix(typ, "portal.community."):
		full["scope_type"], full["source_ref"] = "COMMUNITY", "community:"+portstest.C1.String()
	case strings.HasPrefix(typ, "portal.team."):
		full["scope_type"], full["source_ref"] = "TEAM", "team:"+portstest.T1.String()
	default:
		return d
	}
	maps.Copy(full, d)
	return full
}

// bindings are how many a user has.
func (h *house) bindings(user uuid.UUID) int {
	h.t.Helper()
	s := domain.Subject{Tenant: tenant, User: user}
	f, err := h.memory.Load(context.Background(), s, clock{}.Now())
	require.NoError(h.t, err)
	return len(f.Bindings)
}

func member(scopeType string, scope, community, user uuid.UUID, role string, version int) data {
	return data{"scope_type": scopeType, "scope_id": scope, "community_id": community, "user_id": user, "role": role, "version": version, "scope_name": "x"}
}

func TestMembershipsFollowTheEvents(t *testing.T) {
	t.Parallel()
	h := build(t)
	services := len(domain.Services())
	h.must("portal.membership.added", member("COMMUNITY", portstest.C1, portstest.C1, alice, "member", 1))
	require.Equal(t, 1, h.bindings(alice))
	h.must("portal.membership.changed", member("COMMUNITY", portstest.C1, portstest.C1, alice, "owner", 2))
	require.Equal(t, services, h.bindings(alice))
	h.must("portal.membership.added", member("COMMUNITY", portstest.C1, portstest.C1, alice, "member", 1))
	require.Equal(t, services, h.bindings(alice), "an old event changes nothing")
	h.must("portal.membership.removed", member("COMMUNITY", portstest.C1, portstest.C1, alice, "owner", 3))
	require.Zero(t, h.bindings(alice))
}

func TestTeamsAndDeletions(t *testing.T) {
	t.Parallel()
	h := build(t)
	h.must("portal.membership.added", member("COMMUNITY", portstest.C1, portstest.C1, alice, "moderator", 1))
	for _, typ := range []string{"portal.team.created", "portal.team.updated", "portal.team.archived", "portal.team.restored"} {
		h.must(typ, data{"team_id": uuid.New(), "community_id": portstest.C1})
	}
	h.must("portal.membership.added", member("TEAM", portstest.T1, portstest.C1, bob, "member", 1))
	f, err := h.memory.Load(context.Background(), domain.Subject{Tenant: tenant, User: alice}, clock{}.Now())
	require.NoError(t, err)
	require.Len(t, f.Teams, 5)

	crew := h.memory.AddRole(domain.Role{Tenant: tenant, Service: domain.Voting, Name: "crew"})
	in := reqctx.With(context.Background(), reqctx.Context{TenantID: tenant})
	_, _, err = h.memory.Grant(in, domain.Grant{User: bob, Role: crew.ID, Scope: domain.Scope{Type: domain.Team, ID: portstest.T1.String()}})
	require.NoError(t, err)
	require.Equal(t, 2, h.bindings(bob))
	h.must("portal.team.deleted", data{"team_id": portstest.T1, "community_id": portstest.C1})
	require.Zero(t, h.bindings(bob))
	entries := h.audit.Entries()
	require.Len(t, entries, 1, "what was bound by hand does not end unrecorded")
	require.Equal(t, app.ActionBindingDeleted, entries[0].Action)
	require.Equal(t, bob, entries[0].Actor.ID)

	h.must("portal.community.deleted", data{"community_id": portstest.C1})
	require.Zero(t, h.bindings(alice))
	h.must("portal.membership.changed", member("COMMUNITY", portstest.C1, portstest.C1, alice, "owner", 9))
	require.Zero(t, h.bindings(alice), "nothing that was on its way brings it back")
}

// Archiving closes a community or team for new bindings until it is restored; deleting closes it for good.
func TestScopesFollowTheEvents(t *testing.T) {
	t.Parallel()
	h := build(t)
	status := func(typ domain.ScopeType, id uuid.UUID) domain.ScopeStatus {
		refs, err := h.memory.References(reqctx.With(t.Context(), reqctx.Context{TenantID: tenant}), alice, domain.Scope{Type: typ, ID: id.String()})
		require.NoError(t, err)
		return refs.Scope
	}
	community, team := data{"community_id": portstest.C1}, data{"team_id": portstest.T1, "community_id": portstest.C1}
	for _, c := range []struct {
		event string
		data  data
		kind  domain.ScopeType
		id    uuid.UUID
	}{{"portal.community.", community, domain.Community, portstest.C1}, {"portal.team.", team, domain.Team, portstest.T1}} {
		require.Equal(t, domain.ScopeUnknown, status(c.kind, c.id))
		for _, step := range []struct {
			name string
			want domain.ScopeStatus
		}{
			{"created", domain.ScopeOpen}, {"archived", domain.ScopeArchived}, {"updated", domain.ScopeArchived},
			{"restored", domain.ScopeOpen}, {"updated", domain.ScopeOpen},
		} {
			h.must(c.event+step.name, c.data)
			require.Equal(t, step.want, status(c.kind, c.id), step.name)
		}
	}
	h.must("portal.community.deleted", community)
	h.must("portal.community.restored", community)
	require.Equal(t, domain.ScopeDeleted, status(domain.Community, portstest.C1))
	require.Equal(t, domain.ScopeDeleted, status(domain.Team, portstest.T1))
}

func TestTheFirstToRunATenantAdministersIt(t *testing.T) {
	t.Parallel()
	of := func(user uuid.UUID, status, role string) data {
		return data{"tenant_id": tenant, "user_id": user, "status": status, "base_role": role}
	}
	const typ = "identity.membership.changed"
	for _, role := range []string{"owner", "admin"} {
		h := build(t)
		h.must(typ, of(alice, "active", "member"))
		h.must(typ, of(alice, "disabled", role))
		require.Zero(t, h.bindings(alice))
		for range 2 {
			h.must(typ, of(alice, "active", role))
			require.Equal(t, len(domain.Services()), h.bindings(alice))
		}
		for _, e := range h.audit.Entries() {
			require.Equal(t, "bootstrap", e.Metadata["via"])
			require.Equal(t, audit.Actor{Type: audit.System}, e.Actor)
		}
		require.Len(t, h.audit.Entries(), len(domain.Services()))
		h.must(typ, of(bob, "active", "owner"))
		require.Zero(t, h.bindings(bob), "only the first; the administrator decides about the rest")
		h.must(typ, of(alice, "disabled", role))
		h.must(typ, of(bob, "active", "owner"))
		require.Equal(t, len(domain.Services()), h.bindings(bob), "and again when the first has left")
	}
}

func TestWhatCanNeverWorkIsPoison(t *testing.T) {
	t.Parallel()
	h := build(t)
	good := whole("portal.membership.added", member("COMMUNITY", portstest.C1, portstest.C1, alice, "member", 1))
	with := func(field string, value any) data {
		d := maps.Clone(good)
		d[field] = value
		return d
	}
	for name, err := range map[string]error{
		"no tenant":                  h.send(uuid.Nil, "portal.membership.added", good),
		"no data":                    h.send(tenant, "portal.membership.added", nil),
		"an odd id":                  h.send(tenant, "portal.membership.added", with("user_id", "me")),
		"no user":                    h.send(tenant, "portal.membership.added", with("user_id", uuid.Nil)),
		"an odd scope":               h.send(tenant, "portal.membership.added", with("scope_type", "TENANT")),
		"an odd role":                h.send(tenant, "portal.membership.added", with("role", "king")),
		"no version":                 h.send(tenant, "portal.membership.added", with("version", 0)),
		"another community":          h.send(tenant, "portal.membership.added", with("community_id", portstest.C2)),
		"a team of nothing":          h.send(tenant, "portal.team.created", data{"team_id": portstest.T1}),
		"a community, no id":         h.send(tenant, "portal.community.deleted", data{}),
		"of another tenant":          h.send(portstest.Other, "identity.membership.changed", data{"tenant_id": tenant, "user_id": alice, "status": "active", "base_role": "owner"}),
		"a nameless tenant":          h.send(tenant, "identity.membership.changed", data{"user_id": alice, "status": "active", "base_role": "owner"}),
		"a community, none":          h.send(tenant, "portal.community.created", data{}),
		"a team deleted, none":       h.send(tenant, "portal.team.deleted", data{}),
		"a reward in another tenant": h.send(portstest.Other, "gamification.reward.given", reward(nil)),
		"a reward, no role":          h.send(tenant, "gamification.reward.given", reward(data{"role_id": 0})),
		"a reward, none":             h.send(tenant, "gamification.reward.taken", data{}),
	} {
		require.ErrorContains(t, err, "poison", name)
	}
	require.Zero(t, h.bindings(alice))
	h.must("portal.membership.adored", good)
	h.must("portal.post.created", data{})
	require.Zero(t, h.bindings(alice), "what is unknown is left alone")
}

func reward(change data) data {
	d := data{
		"grant_id": uuid.New(), "achievement_id": uuid.New(), "user_id": alice, "version": 1, "role_id": 1, "scope_type": "TENANT", "scope_id": tenant,
		"defined_by": bob, "source_ref": "grant:x",
	}
	maps.Copy(d, change)
	return d
}

func TestRewardsFollowTheEvents(t *testing.T) {
	t.Parallel()
	h := build(t)
	of := func(user uuid.UUID, role string) data {
		return data{"tenant_id": tenant, "user_id": user, "status": "active", "base_role": role}
	}
	h.must("identity.membership.changed", of(bob, "owner"))
	h.must("identity.membership.changed", of(alice, "member"))
	moderator, err := h.memory.Template(context.Background(), domain.Voting, domain.RoleModerator)
	require.NoError(t, err)
	given := reward(data{"role_id": moderator.ID, "issuer_id": bob, "expires_at": "2026-03-02T00:00:00Z"})
	h.must("gamification.reward.given", given)
	require.Equal(t, 1, h.bindings(alice))
	h.must("gamification.reward.given", given)
	h.must("gamification.reward.taken", data{
		"grant_id": given["grant_id"], "achievement_id": given["achievement_id"], "user_id": alice, "version": 2, "source_ref": "grant:x",
	})
	require.Zero(t, h.bindings(alice))
	by := reward(data{"role_id": moderator.ID, "issuer_id": alice})
	h.must("gamification.reward.given", by)
	require.Zero(t, h.bindings(alice), "who granted it may not bind the role")
}
