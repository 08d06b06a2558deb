package events_test

import (
	"context"
	"maps"
	"os"
	"testing"
	"time"

	"github.com/cloudevents/sdk-go/v2/event"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"go.updspace.com/access/adapters/events"
	"go.updspace.com/access/app"
	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports/portstest"
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
	t       *testing.T
	memory  *portstest.Memory
	journal *portstest.Journal
	handle  outbox.Handler
}

func build(t *testing.T) *house {
	h := &house{t: t, memory: &portstest.Memory{}, journal: &portstest.Journal{}}
	for _, tpl := range domain.Templates(domain.Platform) {
		h.memory.AddRole(domain.Role{Service: tpl.Service, Name: tpl.Name, Keys: tpl.Keys})
	}
	h.handle = events.Handler(
		app.NewMemberships(h.memory, h.memory, h.journal, clock{}),
		app.NewBootstrap(h.memory, h.memory, h.memory, portstest.Administrators{Memory: h.memory}, h.journal, clock{}),
	)
	return h
}

type data map[string]any

func (h *house) send(in uuid.UUID, typ string, d data) error {
	h.t.Helper()
	e := event.New()
	e.SetID(uuid.NewString())
	e.SetSource("somebody")
	e.SetType(typ)
	require.NoError(h.t, e.SetData(event.ApplicationJSON, d))
	return h.handle(reqctx.With(context.Background(), reqctx.Context{TenantID: in, UserID: bob}), e)
}

func (h *house) must(typ string, d data) {
	h.t.Helper()
	require.NoError(h.t, h.send(tenant, typ, d))
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
	entries := h.journal.Entries()
	require.Len(t, entries, 1, "what was bound by hand does not end unrecorded")
	require.Equal(t, domain.ActionBindingDeleted, entries[0].Action)
	require.Equal(t, bob, entries[0].PerformedBy)

	h.must("portal.community.deleted", data{"community_id": portstest.C1})
	require.Zero(t, h.bindings(alice))
	h.must("portal.membership.changed", member("COMMUNITY", portstest.C1, portstest.C1, alice, "owner", 9))
	require.Zero(t, h.bindings(alice), "nothing that was on its way brings it back")
}

func TestTheFirstToRunATenantAdministersIt(t *testing.T) {
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
		for _, e := range h.journal.Entries() {
			require.Equal(t, "bootstrap", e.Metadata["via"])
			require.Equal(t, uuid.Nil, e.PerformedBy)
		}
		require.Len(t, h.journal.Entries(), len(domain.Services()))
		h.must(typ, of(bob, "active", "owner"))
		require.Zero(t, h.bindings(bob), "only the first; whoever administers the tenant decides about the rest")
		h.must(typ, of(alice, "disabled", role))
		h.must(typ, of(bob, "active", "owner"))
		require.Equal(t, len(domain.Services()), h.bindings(bob), "and again when the first has left")
	}
}

func TestWhatCanNeverWorkIsPoison(t *testing.T) {
	h := build(t)
	good := member("COMMUNITY", portstest.C1, portstest.C1, alice, "member", 1)
	with := func(field string, value any) data {
		d := maps.Clone(good)
		d[field] = value
		return d
	}
	for name, err := range map[string]error{
		"no tenant":            h.send(uuid.Nil, "portal.membership.added", good),
		"no data":              h.send(tenant, "portal.membership.added", nil),
		"an odd id":            h.send(tenant, "portal.membership.added", with("user_id", "me")),
		"no user":              h.send(tenant, "portal.membership.added", with("user_id", uuid.Nil)),
		"an odd scope":         h.send(tenant, "portal.membership.added", with("scope_type", "TENANT")),
		"an odd role":          h.send(tenant, "portal.membership.added", with("role", "king")),
		"no version":           h.send(tenant, "portal.membership.added", with("version", 0)),
		"another community":    h.send(tenant, "portal.membership.added", with("community_id", portstest.C2)),
		"a team of nothing":    h.send(tenant, "portal.team.created", data{"team_id": portstest.T1}),
		"a community, no id":   h.send(tenant, "portal.community.deleted", data{}),
		"somebody else's":      h.send(portstest.Other, "identity.membership.changed", data{"tenant_id": tenant, "user_id": alice, "status": "active", "base_role": "owner"}),
		"a nameless tenant":    h.send(tenant, "identity.membership.changed", data{"user_id": alice, "status": "active", "base_role": "owner"}),
		"a team deleted, none": h.send(tenant, "portal.team.deleted", data{}),
	} {
		require.ErrorContains(t, err, "poison", name)
	}
	require.Zero(t, h.bindings(alice))
	h.must("portal.membership.adored", good)
	h.must("portal.community.created", data{})
	require.Zero(t, h.bindings(alice), "what is unknown is left alone")
}

// The handler reads the fields that the documents promise.
func TestTheEventsAreThoseOfTheDocuments(t *testing.T) {
	promised := map[string][]string{
		"portal.membership.added":   {"scope_type", "scope_id", "community_id", "user_id", "role", "version"},
		"portal.membership.changed": {"version"}, "portal.membership.removed": {"version"},
		"portal.team.created": {"team_id", "community_id"}, "portal.team.updated": {"team_id"}, "portal.team.archived": {"team_id"},
		"portal.team.restored": {"team_id"}, "portal.team.deleted": {"team_id"}, "portal.community.deleted": {"community_id"},
		"identity.membership.changed": {"tenant_id", "user_id", "status", "base_role"},
	}
	seen := 0
	for _, service := range []string{"portal", "identity"} {
		raw, err := os.ReadFile("../../../api/events/" + service + ".yaml")
		require.NoError(t, err)
		var doc struct {
			Events map[string]struct {
				Data struct {
					Ref string `yaml:"$ref"`
				}
			}
			Schemas map[string]struct{ Required []string }
		}
		require.NoError(t, yaml.Unmarshal(raw, &doc))
		for typ, e := range doc.Events {
			if fields, ours := promised[typ]; ours {
				seen++
				require.Subset(t, doc.Schemas[e.Data.Ref[len("#/schemas/"):]].Required, fields, typ)
			}
		}
	}
	require.Len(t, promised, seen)
}
