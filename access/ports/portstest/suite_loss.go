package portstest

import (
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports"
)

// runLoss compares Loss with the definition, which is Loss in memory, over random rights.
func runLoss(t *testing.T, fresh func(t testing.TB) AdminStore) {
	keys := []string{"voting.poll.read", "voting.vote.cast", "voting.poll.create"}
	member := domain.Role{Service: domain.Voting, Name: "member", Keys: keys[:1]}
	store := fresh(t)
	store.AddTemplate(member)
	rapid.Check(t, func(draw *rapid.T) {
		tenant, memory := uuid.New(), MemoryAdminStore() // each draw begins with nothing
		memory.AddTemplate(member)
		stores := []AdminStore{store, memory}
		var roles [2][]domain.Role
		each := func(do func(i int, r AdminStore)) {
			for i, r := range stores {
				do(i, r)
			}
		}
		names := []string{"member", "crew", "other"}
		held := make([][]string, len(names))
		for i := range held {
			held[i] = rapid.SliceOfDistinct(rapid.SampledFrom(keys), rapid.ID).Draw(draw, "keys")
			slices.Sort(held[i])
		}
		ownMember := rapid.Bool().Draw(draw, "own member")
		each(func(i int, r AdminStore) {
			for n, name := range names {
				if name == "member" && !ownMember {
					name = "plain"
				}
				roles[i] = append(roles[i], addRole(t, r, tenant, draft(name, held[n]...)))
			}
			require.NoError(t, r.Memberships.PutScope(within(tenant), domain.MemberScope{Type: domain.Team, ID: T1, Community: C1}, domain.ScopeOpen, noon))
		})
		scopes := []domain.Scope{domain.TenantScope(tenant), {Type: domain.Global}, scopeIn(C1), scopeIn(T1)}
		for range rapid.IntRange(1, 8).Draw(draw, "bindings") {
			user, n, scope := User().Draw(draw, "user"), rapid.IntRange(0, 2).Draw(draw, "role"), rapid.SampledFrom(scopes).Draw(draw, "scope")
			expires := rapid.SampledFrom([]time.Time{{}, {}, noon, noon.Add(time.Hour)}).Draw(draw, "expires")
			each(func(i int, r AdminStore) {
				if _, err := r.Bindings.Same(within(tenant), user, roles[i][n].ID, scope); err != nil {
					addBinding(t, r, tenant, domain.Grant{User: user, Role: roles[i][n].ID, Scope: scope, Expires: expires})
				}
			})
		}
		for range rapid.IntRange(0, 3).Draw(draw, "overrides") {
			o := domain.OverrideRecord{ID: uuid.Must(uuid.NewV7()), Tenant: tenant, User: User().Draw(draw, "whom"), CreatedAt: noon, Override: domain.Override{
				Effect:     rapid.SampledFrom([]domain.Effect{domain.Deny, domain.Allow}).Draw(draw, "effect"),
				Permission: rapid.SampledFrom(append(keys, "")).Draw(draw, "key"),
				Expires:    rapid.SampledFrom([]time.Time{{}, noon}).Draw(draw, "until"),
			}}
			each(func(_ int, r AdminStore) { require.NoError(t, r.Overrides.Add(within(tenant), o)) })
		}
		for range rapid.IntRange(0, 3).Draw(draw, "members") {
			user, active := User().Draw(draw, "who"), rapid.Bool().Draw(draw, "active")
			each(func(_ int, r AdminStore) {
				require.NoError(t, r.Admins.SetTenantMember(within(tenant), user, active, noon))
			})
		}
		n := rapid.IntRange(0, 2).Draw(draw, "changed")
		deleted := rapid.Bool().Draw(draw, "deleted")
		removed := roles[0][n].Keys
		if !deleted {
			removed = slices.DeleteFunc(slices.Clone(removed), func(string) bool { return rapid.Bool().Draw(draw, "stays") })
		}
		var losses [2]domain.RoleLoss
		each(func(i int, r AdminStore) {
			var err error
			losses[i], err = r.Roles.Loss(within(tenant), ports.LossQuery{Role: roles[i][n], Removed: removed, Deleted: deleted, At: noon})
			require.NoError(t, err)
		})
		if losses[0].Holders != losses[1].Holders || losses[0].Losers != losses[1].Losers ||
			!slices.Equal(losses[0].Keys, losses[1].Keys) ||
			!slices.EqualFunc(losses[0].First, losses[1].First, func(a, b domain.Loser) bool { return a.User == b.User && slices.Equal(a.Keys, b.Keys) }) {
			draw.Fatalf("got %+v, by definition %+v", losses[0], losses[1])
		}
	})
}
