package portstest

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/gamification/domain"
	"go.updspace.com/libs/authz"
)

func members(t *testing.T, w world) {
	user, other := uuid.New(), uuid.New()
	check := func(ctx context.Context, user uuid.UUID, active, ranked, shown bool) {
		t.Helper()
		isActive, err := w.Members.IsActive(ctx, user)
		require.NoError(t, err)
		isRanked, isShown, err := w.Members.IsRanked(ctx, user)
		require.NoError(t, err)
		require.Equal(t, []bool{active, ranked, shown}, []bool{isActive, isRanked, isShown})
	}
	put := func(user uuid.UUID, active bool) {
		w.do(t, func(ctx context.Context) error { return w.Members.Put(ctx, user, active) })
	}
	check(w.ctx, user, false, true, false) // unknown
	put(user, true)
	check(w.ctx, user, true, true, true)
	w.do(t, func(ctx context.Context) error { return w.Members.SetRanked(ctx, user, false) })
	put(user, false)
	check(w.ctx, user, false, false, false)
	put(user, true)
	check(w.ctx, user, true, false, false) // the wish stays
	w.do(t, func(ctx context.Context) error { return w.Members.SetRanked(ctx, other, true) })
	check(w.ctx, other, false, true, false)
	check(w.another, user, false, true, false)
}

func images(t *testing.T, w world) {
	add := func(by authz.Actor, at time.Time) (domain.Image, error) {
		image := domain.NewImage(by, at)
		return image, w.Tx.Do(w.ctx, func(ctx context.Context) error { return w.Images.Add(ctx, image, at.Add(-domain.UploadWindow)) })
	}
	image, err := add(w.by, Noon)
	require.NoError(t, err)
	find := func(ctx context.Context, id uuid.UUID) error {
		_, err := w.Images.Find(ctx, id)
		return err
	}
	use := func(ids ...uuid.UUID) (missing []uuid.UUID) {
		w.do(t, func(ctx context.Context) (err error) {
			missing, err = w.Images.Use(ctx, Noon.Add(time.Hour), ids...)
			return err
		})
		return missing
	}
	require.ErrorIs(t, find(w.ctx, image.ID()), domain.ErrImageNotFound, "without content")
	require.Equal(t, []uuid.UUID{image.ID()}, use(image.ID()), "without content")
	image = image.Arrived("image/png")
	w.do(t, func(ctx context.Context) error { return w.Images.Complete(ctx, image) })
	found, err := w.Images.Find(w.ctx, image.ID())
	require.NoError(t, err)
	require.Equal(t, image, found)
	require.ErrorIs(t, find(w.another, image.ID()), domain.ErrImageNotFound)
	unknown := uuid.New()
	require.Equal(t, []uuid.UUID{unknown}, use(unknown, image.ID()))

	w.achievement(t, w.category(t, "skill", 0), func(d *domain.AchievementData) { d.Images = image.Addresses() })
	unused, err := add(w.by, Noon)
	require.NoError(t, err)
	discard := func(before time.Time) (ids []uuid.UUID) {
		require.NoError(t, w.Tx.Do(w.Across(w.ctx), func(ctx context.Context) error {
			found, err := w.Images.Discard(ctx, before, 1000)
			for _, i := range found {
				if i.Data().TenantID == w.by.Tenant {
					ids = append(ids, i.ID())
				}
			}
			return err
		}))
		return ids
	}
	require.Empty(t, discard(Noon))
	for range 2 { // also those that were discarded and not forgotten
		require.Equal(t, []uuid.UUID{unused.ID()}, discard(Noon.Add(24*time.Hour)), "not what an achievement has")
	}
	require.ErrorIs(t, w.Tx.Do(w.ctx, func(ctx context.Context) error { return w.Images.Complete(ctx, unused) }), domain.ErrImageNotFound)
	w.do(t, func(ctx context.Context) error { return w.Images.Forget(ctx, unused.ID()) })
	require.Empty(t, discard(Noon.Add(24*time.Hour)))

	many := authz.Actor{Tenant: w.by.Tenant, User: uuid.New()}
	for range domain.MaxUploads {
		_, err := add(many, Noon)
		require.NoError(t, err)
	}
	_, err = add(many, Noon.Add(domain.UploadWindow-time.Second))
	require.ErrorIs(t, err, domain.ErrTooManyImages)
	_, err = add(many, Noon.Add(domain.UploadWindow))
	require.NoError(t, err)
}
