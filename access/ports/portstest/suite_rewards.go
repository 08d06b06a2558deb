package portstest

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports"
)

// RunRewards holds an implementation of ports.Rewards to what it promises.
func RunRewards(t *testing.T, fresh func(t testing.TB) FactStore) {
	alice, ctx := users[0], within(Tenant)
	type world struct {
		FactStore
		rewards ports.Rewards
		role    domain.Role
		key     domain.RewardKey
	}
	begin := func(t *testing.T) world {
		w := world{FactStore: fresh(t)}
		w.rewards = w.Rewarded()
		w.role = w.AddRole(domain.Role{Tenant: Tenant, Service: domain.Voting, Name: "crew", Keys: []string{"voting.poll.read"}})
		w.key = domain.RewardKey{Source: domain.FromAchievement, User: alice, Role: w.role.ID, Scope: domain.TenantScope(Tenant)}
		return w
	}
	given := func(w world, version int64, expires time.Time) domain.Reward {
		return domain.Reward{
			Source: domain.FromAchievement, Grant: uuid.New(), Version: version, Achievement: uuid.New(), User: alice, Role: w.role.ID, Scope: w.key.Scope, Expires: expires,
		}
	}
	derive := func(t *testing.T, w world) (before, after domain.BindingRecord) {
		t.Helper()
		before, after, err := w.rewards.Derive(ctx, w.key, noon)
		require.NoError(t, err)
		return before, after
	}
	held := func(t *testing.T, w world) []domain.Binding {
		t.Helper()
		f, err := w.Load(ctx, domain.Subject{Tenant: Tenant, User: alice}, noon)
		require.NoError(t, err)
		return f.Bindings
	}

	t.Run("a reward is stored and replaced", func(t *testing.T) {
		w := begin(t)
		r := given(w, 1, noon.Add(time.Hour))
		_, found, err := w.rewards.Find(ctx, r.Grant)
		require.NoError(t, err)
		require.False(t, found)
		for _, put := range []domain.Reward{r, {Source: domain.FromAchievement, Grant: r.Grant, Version: 2, Achievement: r.Achievement, User: alice}, given(w, 3, time.Time{})} {
			put.Grant = r.Grant
			require.NoError(t, w.rewards.Put(ctx, put, noon))
			got, found, err := w.rewards.Find(ctx, r.Grant)
			require.NoError(t, err)
			require.True(t, found)
			require.Equal(t, put, got)
			_, found, err = w.rewards.Find(within(Other), r.Grant)
			require.NoError(t, err)
			require.False(t, found, "another tenant's")
		}
	})

	t.Run("the binding is what the rewards say together", func(t *testing.T) {
		w := begin(t)
		before, after := derive(t, w)
		require.Equal(t, []domain.BindingRecord{{}, {}}, []domain.BindingRecord{before, after})
		short, long, refused := given(w, 1, noon.Add(time.Hour)), given(w, 1, noon.Add(2*time.Hour)), given(w, 1, time.Time{})
		refused.Refused = "FORBIDDEN"
		expired := given(w, 1, noon)
		foreign := given(w, 1, time.Time{})
		foreign.User = users[1]
		for _, r := range []domain.Reward{short, refused, expired, foreign} {
			require.NoError(t, w.rewards.Put(ctx, r, noon))
		}
		before, after = derive(t, w)
		require.Zero(t, before)
		require.Equal(t, domain.BindingRecord{
			ID: after.ID, Tenant: Tenant, User: alice, Scope: w.key.Scope, Role: w.role, Expires: short.Expires, CreatedAt: noon, Source: domain.FromAchievement, Achievement: short.Achievement,
		}, after)
		require.Equal(t, []domain.Binding{{Scope: w.key.Scope, Role: w.role, Expires: short.Expires, Achievement: short.Achievement}}, held(t, w))

		require.NoError(t, w.rewards.Put(ctx, long, noon))
		was, after := derive(t, w)
		require.Equal(t, short.Achievement, was.Achievement)
		require.Equal(t, []any{was.ID, long.Expires, long.Achievement}, []any{after.ID, after.Expires, after.Achievement}, "until the last of them ends")
		require.NoError(t, w.rewards.Put(ctx, domain.Reward{Source: domain.FromAchievement, Grant: long.Grant, Version: 2, Achievement: long.Achievement, User: alice}, noon))
		_, after = derive(t, w)
		require.Equal(t, short.Expires, after.Expires)
		_, again := derive(t, w)
		require.Equal(t, after, again)
		require.NoError(t, w.rewards.Put(ctx, domain.Reward{Source: domain.FromAchievement, Grant: short.Grant, Version: 2, Achievement: short.Achievement, User: alice}, noon))
		_, after = derive(t, w)
		require.Zero(t, after)
		require.Empty(t, held(t, w))
	})

	t.Run("a role that follows Discord is another binding", func(t *testing.T) {
		w := begin(t)
		r := given(w, 1, time.Time{})
		require.NoError(t, w.rewards.Put(ctx, r, noon))
		derive(t, w)
		follows := domain.Reward{Source: domain.FromDiscord, Grant: uuid.New(), Version: 1, User: alice, Role: w.role.ID, Scope: w.key.Scope}
		require.NoError(t, w.rewards.Put(ctx, follows, noon))
		got, _, err := w.rewards.Find(ctx, follows.Grant)
		require.NoError(t, err)
		require.Equal(t, follows, got)
		badge := w.key
		w.key.Source = domain.FromDiscord
		before, after := derive(t, w)
		require.Zero(t, before)
		require.Equal(t, domain.BindingRecord{
			ID: after.ID, Tenant: Tenant, User: alice, Scope: w.key.Scope, Role: w.role, CreatedAt: noon, Source: domain.FromDiscord,
		}, after)
		require.Len(t, held(t, w), 2)
		require.NoError(t, w.rewards.Put(ctx, domain.Reward{Source: domain.FromDiscord, Grant: follows.Grant, Version: 2, User: alice}, noon))
		_, after = derive(t, w)
		require.Zero(t, after)
		w.key = badge
		before, after = derive(t, w)
		require.Equal(t, before, after, "the reward stays")
	})

	t.Run("a binding for another reason stays", func(t *testing.T) {
		w := begin(t)
		id, _ := bind(t, w.FactStore, Tenant, domain.Grant{User: alice, Role: w.role.ID, Scope: w.key.Scope})
		r := given(w, 1, time.Time{})
		require.NoError(t, w.rewards.Put(ctx, r, noon))
		_, after := derive(t, w)
		require.NotEqual(t, id, after.ID)
		require.Len(t, held(t, w), 2)
		require.NoError(t, w.rewards.Put(ctx, domain.Reward{Source: domain.FromAchievement, Grant: r.Grant, Version: 2, Achievement: r.Achievement, User: alice}, noon))
		derive(t, w)
		require.Equal(t, []domain.Binding{{Scope: w.key.Scope, Role: w.role}}, held(t, w))
	})

	t.Run("a role that is not there is not bound", func(t *testing.T) {
		w := begin(t)
		foreign := w.AddRole(domain.Role{Tenant: Other, Service: domain.Voting, Name: "crew"})
		for _, role := range []int64{foreign.ID, foreign.ID + 1000} {
			r := given(w, 1, time.Time{})
			r.Role = role
			require.NoError(t, w.rewards.Put(ctx, r, noon))
			w.key.Role = role
			_, after := derive(t, w)
			require.Zero(t, after)
		}
	})

	t.Run("a deleted community ends the rewards in it and its teams", func(t *testing.T) {
		w := begin(t)
		require.NoError(t, w.PutScope(ctx, domain.MemberScope{Type: domain.Team, ID: T1, Community: C1}, domain.ScopeUnknown, noon))
		for _, scope := range []uuid.UUID{C1, T1} {
			w.key.Scope = scopeIn(scope)
			require.NoError(t, w.rewards.Put(ctx, given(w, 1, time.Time{}), noon))
			_, after := derive(t, w)
			require.NotZero(t, after)
		}
		gone, err := w.DeleteScope(ctx, scopeIn(C1), noon)
		require.NoError(t, err)
		require.Len(t, gone, 2, "they are told of: the audit log has them")
		for _, scope := range []uuid.UUID{C1, T1} {
			w.key.Scope = scopeIn(scope)
			_, after := derive(t, w)
			require.Zero(t, after)
		}
	})

	t.Run("what ended long ago is forgotten", func(t *testing.T) {
		w := begin(t)
		lasting, expired, taken := given(w, 1, time.Time{}), given(w, 1, noon.Add(-time.Hour)), given(w, 1, time.Time{})
		late := given(w, 1, noon.Add(time.Hour))
		taken.Role, taken.Scope = 0, domain.Scope{}
		for _, r := range []domain.Reward{lasting, expired, late} {
			require.NoError(t, w.rewards.Put(ctx, r, noon))
		}
		require.NoError(t, w.rewards.Put(ctx, taken, noon.Add(-time.Minute)))
		require.NoError(t, w.rewards.Forget(context.Background(), noon))
		for i, r := range []domain.Reward{lasting, late, expired, taken} {
			_, found, err := w.rewards.Find(ctx, r.Grant)
			require.NoError(t, err)
			require.Equal(t, i < 2, found)
		}
	})
}
