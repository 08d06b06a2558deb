package portstest

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports"
)

// Archive is everything in which people are named.
type Archive struct {
	Rights
	Memberships ports.Memberships
	Journal     Chronicle
	People      ports.People
}

// MemoryArchive is an Archive over a Memory.
func MemoryArchive() Archive {
	m, j := &Memory{}, &Journal{}
	return Archive{Rights: memoryRights(m), Memberships: m, Journal: j, People: MemoryPeople{Memory: m, Journal: j}}
}

// RunPeople holds an archive to what ports.People promises.
func RunPeople(t *testing.T, fresh func(t testing.TB) Archive) {
	t.Run("deleting", func(t *testing.T) { runForgetting(t, fresh(t)) })
	t.Run("authorship", func(t *testing.T) { runAuthorship(t, fresh(t)) })
	t.Run("journal", func(t *testing.T) { runRedaction(t, fresh(t)) })
}

func runForgetting(t *testing.T, a Archive) {
	person, other := users[0], users[1]
	in := map[uuid.UUID]domain.Role{}
	for _, tenant := range []uuid.UUID{Tenant, Other} {
		in[tenant] = addRole(t, a.Rights, tenant, draft("crew"))
		for _, user := range []uuid.UUID{person, other} {
			addBinding(t, a.Rights, tenant, domain.Grant{User: user, Role: in[tenant].ID, Scope: domain.TenantScope(tenant), Expires: noon.Add(-time.Hour)})
			addBinding(t, a.Rights, tenant, domain.Grant{User: user, Role: in[tenant].ID, Scope: domain.Scope{Type: domain.Team, ID: "t"}})
			require.NoError(t, a.Overrides.Add(within(tenant), domain.OverrideRecord{
				ID: uuid.New(), Tenant: tenant, User: user, CreatedAt: noon, Override: domain.Override{Effect: domain.Deny},
			}))
			require.NoError(t, a.Admins.Belongs(within(tenant), user, false, noon))
			require.NoError(t, a.Memberships.Put(within(tenant), []domain.Membership{
				{MembershipKey: domain.MembershipKey{Type: domain.Community, Scope: C1, User: user}, Community: C1, Version: 1},
				{MembershipKey: domain.MembershipKey{Type: domain.Team, Scope: T1, User: user}, Community: C1, Role: domain.MemberOwner, Version: 1},
			}, noon))
		}
	}
	known := []domain.StoredMembership{
		{Scope: domain.Scope{Type: domain.Community, ID: C1.String()}, At: noon},
		{Scope: domain.Scope{Type: domain.Team, ID: T1.String()}, Role: domain.MemberOwner, At: noon},
		{Scope: domain.TenantScope(Tenant), At: noon},
	}
	memberships := func(tenant, user uuid.UUID, limit int) (all []domain.StoredMembership) {
		var after *domain.Scope
		for {
			page, err := a.People.Memberships(within(tenant), user, after, limit)
			require.NoError(t, err)
			all = append(all, page...)
			if len(page) < limit {
				return all
			}
			after = &page[len(page)-1].Scope
		}
	}
	for limit := 1; limit < 5; limit++ {
		require.Equal(t, known, memberships(Tenant, person, limit))
	}

	gone, err := a.People.Delete(within(Tenant), person)
	require.NoError(t, err)
	require.Equal(t, domain.Erased{Bindings: 2, Overrides: 1, Memberships: 3}, gone)
	gone, err = a.People.Delete(within(Tenant), person)
	require.NoError(t, err)
	require.Zero(t, gone)
	left := func(tenant, user uuid.UUID) string {
		bindings, err := a.Bindings.Page(within(tenant), ports.BindingSearch{User: user, Limit: 10})
		require.NoError(t, err)
		overrides, err := a.Overrides.Page(within(tenant), ports.OverrideSearch{User: user, Limit: 10})
		require.NoError(t, err)
		return fmt.Sprint(len(bindings), len(overrides), len(memberships(tenant, user, 10)))
	}
	require.Equal(t, "0 0 0", left(Tenant, person))
	for tenant, user := range map[uuid.UUID]uuid.UUID{Tenant: other, Other: person} {
		require.Equal(t, "2 1 3", left(tenant, user), "everything else stays")
	}
}

func runAuthorship(t *testing.T, a Archive) {
	person, other := users[0], users[1]
	for _, tenant := range []uuid.UUID{Tenant, Other} {
		role := addRole(t, a.Rights, tenant, draft("crew"))
		for i, by := range []uuid.UUID{person, person, other} {
			addBinding(t, a.Rights, tenant, domain.Grant{User: other, Role: role.ID, Scope: domain.Scope{Type: domain.Team, ID: fmt.Sprint(i)}, By: by})
			require.NoError(t, a.Overrides.Add(within(tenant), domain.OverrideRecord{
				ID: uuid.New(), Tenant: tenant, User: other, CreatedAt: noon, By: by, Override: domain.Override{Effect: domain.Deny},
			}))
		}
	}
	total := 0
	for range 3 {
		done, err := a.People.Redact(within(Tenant), person, 3)
		require.NoError(t, err)
		require.LessOrEqual(t, done.Authorships, 3)
		total += done.Authorships
	}
	require.Equal(t, 4, total)
	for tenant, want := range map[uuid.UUID]int{Tenant: 0, Other: 4} {
		bindings, err := a.Bindings.Page(within(tenant), ports.BindingSearch{Limit: 10})
		require.NoError(t, err)
		overrides, err := a.Overrides.Page(within(tenant), ports.OverrideSearch{Limit: 10})
		require.NoError(t, err)
		made := map[uuid.UUID]int{}
		for _, b := range bindings {
			made[b.By]++
		}
		for _, o := range overrides {
			made[o.By]++
		}
		require.Equal(t, want, made[person])
		require.Equal(t, 2, made[other])
	}
}

// runRedaction compares what becomes of a journal with the definition, over
// random entries.
func runRedaction(t *testing.T, a Archive) {
	person := users[0]
	ids := rapid.SampledFrom([]string{person.String(), users[1].String(), ""})
	rapid.Check(t, func(t *rapid.T) {
		tenant := uuid.New() // of this draw
		var entries []domain.Entry
		for i := range rapid.IntRange(0, 6).Draw(t, "entries") {
			e := domain.Entry{
				Tenant: tenant, At: noon.Add(-time.Duration(i) * time.Second), Metadata: map[string]string{},
				PerformedBy: rapid.SampledFrom([]uuid.UUID{person, users[1], uuid.Nil}).Draw(t, "by"),
				Action:      rapid.SampledFrom([]string{domain.ActionUserErased, domain.ActionUserExported, domain.ActionOverrideCreated}).Draw(t, "action"),
				TargetType:  rapid.SampledFrom([]string{domain.TargetRequest, domain.TargetBinding}).Draw(t, "kind"),
				TargetID:    ids.Draw(t, "target"),
			}
			if id := ids.Draw(t, "user"); id != "" {
				e.Metadata["user_id"] = id
			}
			for _, field := range []string{"reason", "request_id", "via"} {
				if rapid.Bool().Draw(t, field) {
					e.Metadata[field] = rapid.SampledFrom([]string{"", "words"}).Draw(t, "word")
				}
			}
			entries = append(entries, e)
			require.NoError(t, a.Journal.Record(within(tenant), e))
		}
		var concerning, want []domain.Entry
		touched := 0
		for _, e := range entries {
			if e.Concerns(person) {
				concerning = append(concerning, e)
			}
			redacted, changed := e.Redact(person)
			if changed {
				touched++
			}
			want = append(want, redacted)
		}
		require.Equal(t, concerning, entriesOf(t, a.Journal, ports.EntrySearch{Concerning: person, Limit: 10}, tenant))

		done, err := a.People.Redact(within(Other), person, 10)
		require.NoError(t, err)
		require.Zero(t, done, "a tenant's journal is its own")
		limit := rapid.IntRange(1, 3).Draw(t, "limit")
		for total := 0; ; {
			done, err := a.People.Redact(within(tenant), person, limit)
			require.NoError(t, err)
			require.LessOrEqual(t, done.Entries, limit)
			if total += done.Entries; done.Entries < limit {
				require.Equal(t, touched, total)
				break
			}
		}
		require.Equal(t, want, entriesOf(t, a.Journal, ports.EntrySearch{Limit: 10}, tenant))
		for _, e := range want {
			again, changed := e.Redact(person)
			require.False(t, changed)
			require.Equal(t, e, again)
		}
	})
}

func entriesOf(t require.TestingT, j Chronicle, search ports.EntrySearch, tenant uuid.UUID) (entries []domain.Entry) {
	recorded, err := j.Page(within(tenant), search)
	require.NoError(t, err)
	for _, r := range recorded {
		entries = append(entries, r.Entry)
	}
	return entries
}
