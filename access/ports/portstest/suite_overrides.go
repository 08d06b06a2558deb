package portstest

import (
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports"
)

func runOverrides(t *testing.T, fresh func(t testing.TB) AdminStore) {
	r := fresh(t)
	ctx := within(Tenant)
	newOverride := func(tenant, user uuid.UUID, o domain.Override, at time.Time) domain.OverrideRecord {
		t.Helper()
		record := domain.OverrideRecord{ID: uuid.Must(uuid.NewV7()), Tenant: tenant, User: user, Override: o, CreatedAt: at, By: users[2]}
		require.NoError(t, r.Overrides.Add(within(tenant), record))
		return record
	}
	until := noon.Add(time.Hour)
	all := []domain.OverrideRecord{
		newOverride(Tenant, users[0], domain.Override{Effect: domain.Deny, Expires: noon}, noon.Add(-time.Hour)),
		newOverride(Tenant, users[1], domain.Override{Effect: domain.Allow}, noon.Add(-time.Minute)),
		newOverride(Tenant, users[0], domain.Override{Effect: domain.Deny, Permission: "voting.vote.cast", Reason: "a reason", Expires: until}, noon),
	}
	slices.Reverse(all) // newest first
	foreign := newOverride(Other, users[0], domain.Override{Effect: domain.Deny}, noon)

	t.Run("an override is what was stored", func(t *testing.T) {
		for _, want := range all {
			got, err := r.Overrides.Find(ctx, want.ID)
			require.NoError(t, err)
			require.Equal(t, want, got)
		}
	})
	t.Run("another tenant's is not there", func(t *testing.T) {
		_, err := r.Overrides.Find(ctx, foreign.ID)
		require.ErrorIs(t, err, domain.ErrOverrideNotFound)
		stolen := foreign
		stolen.Tenant = Tenant
		require.ErrorIs(t, r.Overrides.Update(ctx, stolen), domain.ErrOverrideNotFound)
		require.ErrorIs(t, r.Overrides.Delete(ctx, foreign.ID), domain.ErrOverrideNotFound)
		got, err := r.Overrides.Find(within(Other), foreign.ID)
		require.NoError(t, err)
		require.Equal(t, foreign, got)
	})
	t.Run("pages", func(t *testing.T) {
		yes, no := true, false
		for name, c := range map[string]struct {
			search ports.OverrideSearch
			want   []int
		}{
			"everything":    {ports.OverrideSearch{}, []int{0, 1, 2}},
			"by effect":     {ports.OverrideSearch{Effect: domain.Allow}, []int{1}},
			"by user":       {ports.OverrideSearch{User: users[0]}, []int{0, 2}},
			"by permission": {ports.OverrideSearch{Permission: "voting.vote.cast"}, []int{0}},
			"in force":      {ports.OverrideSearch{Active: &yes, At: noon}, []int{0, 1}},
			"expired":       {ports.OverrideSearch{Active: &no, At: noon}, []int{2}},
			"later":         {ports.OverrideSearch{Active: &yes, At: until}, []int{1}},
		} {
			t.Run(name, func(t *testing.T) {
				var got []domain.OverrideRecord
				c.search.Limit = 1
				for {
					page, err := r.Overrides.Page(ctx, c.search)
					require.NoError(t, err)
					if len(page) == 0 {
						break
					}
					require.Len(t, page, 1)
					got = append(got, page...)
					c.search.Before = page[0].ID
				}
				var want []domain.OverrideRecord
				for _, i := range c.want {
					want = append(want, all[i])
				}
				require.Equal(t, want, got)
			})
		}
	})
	t.Run("changed and deleted", func(t *testing.T) {
		changed := all[0]
		changed.Override = domain.Override{Effect: domain.Allow, Reason: "another"}
		require.NoError(t, r.Overrides.Update(ctx, changed))
		got, err := r.Overrides.Find(ctx, changed.ID)
		require.NoError(t, err)
		require.Equal(t, changed, got)
		require.NoError(t, r.Overrides.Delete(ctx, changed.ID))
		require.ErrorIs(t, r.Overrides.Delete(ctx, changed.ID), domain.ErrOverrideNotFound)
	})
}
