package portstest

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/gamification/domain"
	"go.updspace.com/gamification/ports"
	"go.updspace.com/libs/authz"
)

func nominations(t *testing.T, w world) {
	chess := authz.CommunityScope(uuid.New())
	a := w.achievement(t, w.category(t, "skill", 0), func(d *domain.AchievementData) { d.Scope = chess })
	add := func(nominee uuid.UUID) (domain.Nomination, error) {
		n, err := domain.NewNomination(a, w.by, domain.NominationDraft{Nominee: nominee, Text: "Helps"}, domain.NominationStanding{Member: true}, Noon)
		require.NoError(t, err)
		return n, w.Tx.Do(w.ctx, func(ctx context.Context) error { return w.Nominations.Add(ctx, n) })
	}
	first, err := add(uuid.New())
	require.NoError(t, err)
	second, err := add(uuid.New())
	require.NoError(t, err)
	_, err = add(second.Data().NomineeID)
	require.ErrorIs(t, err, domain.ErrNominated)
	decided, err := second.Decline(w.by, "Not yet", Noon.Add(time.Hour))
	require.NoError(t, err)
	w.do(t, func(ctx context.Context) error {
		locked, err := w.Nominations.Lock(ctx, second.ID())
		require.NoError(t, err)
		require.Equal(t, second, locked)
		return w.Nominations.Update(ctx, decided)
	})
	got, err := w.Nominations.Find(w.ctx, second.ID())
	require.NoError(t, err)
	require.Equal(t, decided, got)
	_, err = w.Nominations.Find(w.another, second.ID())
	require.ErrorIs(t, err, domain.ErrNominationNotFound)
	w.do(t, func(ctx context.Context) error {
		n, err := w.Nominations.CountOpen(ctx, w.by.User)
		require.Equal(t, 1, n)
		return err
	})
	third, err := add(second.Data().NomineeID)
	require.NoError(t, err, "a decided one is no hindrance")
	for _, c := range []struct {
		filter ports.NominationFilter
		before uuid.UUID
		want   []domain.Nomination
	}{
		{ports.NominationFilter{}, uuid.Nil, []domain.Nomination{third, decided, first}},
		{ports.NominationFilter{}, third.ID(), []domain.Nomination{decided, first}},
		{ports.NominationFilter{Status: domain.NominationOpen}, uuid.Nil, []domain.Nomination{third, first}},
		{ports.NominationFilter{Nominator: uuid.New()}, uuid.Nil, []domain.Nomination{}},
		{ports.NominationFilter{Scopes: []authz.Scope{chess}}, uuid.Nil, []domain.Nomination{third, decided, first}},
		{ports.NominationFilter{Scopes: []authz.Scope{authz.TenantScope(w.by.Tenant)}}, uuid.Nil, []domain.Nomination{}},
	} {
		list, err := w.Nominations.Page(w.ctx, c.filter, c.before, 10)
		require.NoError(t, err)
		require.Equal(t, c.want, append([]domain.Nomination{}, list...), "%+v", c.filter)
	}
	require.NoError(t, w.Nominations.Forget(w.ctx, Noon.Add(2*time.Hour)))
	list, err := w.Nominations.Page(w.ctx, ports.NominationFilter{}, uuid.Nil, 10)
	require.NoError(t, err)
	require.Equal(t, []domain.Nomination{third, first}, list)
	for range 2 {
		err = w.Tx.Do(w.ctx, func(ctx context.Context) error { return w.Nominations.Delete(ctx, first.ID()) })
	}
	require.ErrorIs(t, err, domain.ErrNominationNotFound)
}
