package audit_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/page"
	"go.updspace.com/libs/personaldata"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/tools/devkit/testkit"
	"go.updspace.com/tools/devkit/testkit/suites"
)

var (
	tenant      = uuid.MustParse("00000000-0000-0000-0000-0000000000aa")
	otherTenant = uuid.MustParse("00000000-0000-0000-0000-0000000000bb")
	anna        = uuid.MustParse("00000000-0000-4000-8000-000000000001")
	boris       = uuid.MustParse("00000000-0000-4000-8000-000000000002")
	noon        = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
)

func by(user uuid.UUID) context.Context {
	return reqctx.With(context.Background(), reqctx.Context{TenantID: tenant, UserID: user, RequestID: "req-1", Caller: "bff"})
}

func write(t *testing.T, db *pg.DB, ctx context.Context, entries ...audit.Entry) { //nolint:revive // t first
	t.Helper()
	require.NoError(t, db.Do(ctx, func(ctx context.Context) error { return audit.New(db).Write(ctx, entries...) }))
}

func list(t *testing.T, db *pg.DB, ctx context.Context, f audit.Filter) []audit.Entry { //nolint:revive // t first
	t.Helper()
	p, err := audit.New(db).List(ctx, f, page.Request{})
	require.NoError(t, err)
	return p.Items
}

func actions(entries []audit.Entry) []string {
	names := []string{}
	for _, e := range entries {
		names = append(names, e.Action)
	}
	return names
}

func TestLogPassesTheSuite(t *testing.T) {
	t.Parallel()
	suites.Audit(t, func(t *testing.T) (personaldata.Log, personaldata.Tx) {
		db := testkit.DB(t)
		return audit.New(db), db
	})
}

func TestActors(t *testing.T) {
	t.Setenv("SUDO_USER", "igor")
	service := reqctx.With(context.Background(), reqctx.Context{TenantID: tenant, Caller: "portal"})
	for _, c := range []struct {
		ctx    context.Context
		actor  audit.Actor
		reason string
	}{
		{by(anna), audit.Actor{Type: audit.User, ID: anna}, ""},
		{service, audit.Actor{Type: audit.Service, Name: "portal"}, ""},
		{context.Background(), audit.Actor{Type: audit.System}, ""},
		{audit.AsOperator(by(anna), "asked by mail"), audit.Actor{Type: audit.Operator, Name: "igor"}, "asked by mail"},
	} {
		actor, reason := audit.ActorOf(c.ctx)
		require.Equal(t, c.actor, actor)
		require.Equal(t, c.reason, reason)
	}
	t.Setenv("SUDO_USER", "")
	actor, _ := audit.ActorOf(audit.AsOperator(context.Background(), ""))
	require.NotEmpty(t, actor.Name)

	db := testkit.DB(t)
	write(t, db, audit.AsOperator(by(anna), "asked by mail"), audit.Entry{Action: "tenant.closed"})
	got := list(t, db, by(anna), audit.Filter{})[0]
	require.Equal(t, "asked by mail", got.Reason)
	require.Equal(t, audit.Operator, got.Actor.Type)
}

func TestAnEntryIsStoredWithItsChangeOrNotAtAll(t *testing.T) {
	t.Parallel()
	db := testkit.DB(t)
	log := audit.New(db)
	require.Equal(t, errs.Internal, errs.KindOf(log.Write(by(anna), audit.Entry{Action: "a"})), "outside of a transaction")
	require.NoError(t, log.Write(by(anna)))

	refused := errors.New("refused")
	require.ErrorIs(t, db.Do(by(anna), func(ctx context.Context) error {
		require.NoError(t, log.Write(ctx, audit.Entry{Action: "a"}))
		return refused
	}), refused)
	require.Empty(t, list(t, db, by(anna), audit.Filter{}))
}

func TestFilters(t *testing.T) {
	t.Parallel()
	db := testkit.DB(t)
	write(t, db, by(anna),
		audit.Entry{Action: "a", TargetType: "role", TargetID: "1", At: noon},
		audit.Entry{Action: "b", TargetType: "role", TargetID: "12", At: noon.Add(time.Hour), About: boris})
	write(t, db, by(boris), audit.Entry{Action: "c", TargetType: "user", TargetID: "1/7", At: noon.Add(2 * time.Hour)})
	other := reqctx.With(context.Background(), reqctx.Context{TenantID: otherTenant, UserID: anna})
	write(t, db, other, audit.Entry{Action: "d", At: noon})
	nowhere := reqctx.With(context.Background(), reqctx.Context{UserID: anna})
	write(t, db, nowhere, audit.Entry{Action: "signed_in", At: noon})

	for _, c := range []struct {
		filter audit.Filter
		want   []string
	}{
		{audit.Filter{}, []string{"c", "b", "a"}},
		{audit.Filter{Actor: anna}, []string{"b", "a"}},
		{audit.Filter{Concerning: boris}, []string{"c", "b"}},
		{audit.Filter{Action: "b"}, []string{"b"}},
		{audit.Filter{TargetType: "role"}, []string{"b", "a"}},
		{audit.Filter{TargetID: "1"}, []string{"c", "a"}},
		{audit.Filter{From: noon.Add(time.Hour)}, []string{"c", "b"}},
		{audit.Filter{To: noon.Add(time.Hour)}, []string{"a"}},
	} {
		require.Equal(t, c.want, actions(list(t, db, by(anna), c.filter)), "%+v", c.filter)
	}
	require.Equal(t, []string{"d"}, actions(list(t, db, other, audit.Filter{})))
	require.Equal(t, []string{"signed_in"}, actions(list(t, db, nowhere, audit.Filter{})))
	require.Len(t, list(t, db, pg.AcrossTenants(context.Background(), "test"), audit.Filter{}), 5)
}

func TestPagesFollowOneAnother(t *testing.T) {
	t.Parallel()
	db := testkit.DB(t)
	var want []string
	for i := range 7 {
		write(t, db, by(anna), audit.Entry{Action: fmt.Sprint(i), At: noon.Add(time.Duration(i/3) * time.Hour)}) // equal times, too
		want = append([]string{fmt.Sprint(i)}, want...)
	}
	var got []string
	request := page.Request{Limit: 2}
	for {
		p, err := audit.New(db).List(by(anna), audit.Filter{}, request)
		require.NoError(t, err)
		got = append(got, actions(p.Items)...)
		if request.Cursor = p.Next; p.Next == "" {
			break
		}
	}
	require.ElementsMatch(t, want, got)
	require.Equal(t, "6", got[0])
	_, err := audit.New(db).List(by(anna), audit.Filter{}, page.Request{Cursor: "x"})
	require.Equal(t, errs.Invalid, errs.KindOf(err))
}

func TestRedactUserRemovesTheUserAndKeepsWhatWasDone(t *testing.T) {
	t.Parallel()
	db := testkit.DB(t)
	write(t, db, by(anna),
		audit.Entry{Action: "a", IP: "203.0.113.7", Reason: "because", At: noon, TargetType: "member", TargetID: "x/" + anna.String()},
		audit.Entry{Action: "b", At: noon.Add(time.Hour), About: boris, Metadata: map[string]any{"user_id": boris.String(), "n": 1.0}})
	write(t, db, by(boris), audit.Entry{Action: "c", IP: "203.0.113.8", At: noon.Add(2 * time.Hour), About: anna, Metadata: map[string]any{"ids": []any{anna.String()}}})
	other := reqctx.With(context.Background(), reqctx.Context{TenantID: otherTenant, UserID: anna})
	write(t, db, other, audit.Entry{Action: "d", At: noon})

	log := audit.New(db)
	n, err := log.RedactUser(by(boris), anna, 2)
	require.NoError(t, err)
	require.Equal(t, 2, n)
	n, err = log.RedactUser(by(boris), anna, 2)
	require.NoError(t, err)
	require.Equal(t, 1, n)

	got := list(t, db, by(boris), audit.Filter{})
	require.Equal(t, []string{"c", "b", "a"}, actions(got))
	require.Empty(t, list(t, db, by(boris), audit.Filter{Concerning: anna}))
	require.Equal(t, boris, got[0].Actor.ID)
	require.Equal(t, uuid.Nil, got[0].About)
	require.Equal(t, map[string]any{"ids": []any{uuid.Nil.String()}}, got[0].Metadata)
	require.Equal(t, uuid.Nil, got[1].Actor.ID)
	require.Equal(t, boris, got[1].About)
	require.Equal(t, map[string]any{"user_id": boris.String(), "n": 1.0}, got[1].Metadata)
	require.Equal(t, "x/"+uuid.Nil.String(), got[2].TargetID)
	require.Empty(t, got[2].IP+got[2].Reason)
	require.Equal(t, anna, list(t, db, other, audit.Filter{})[0].Actor.ID, "another tenant's entries")
}

func TestPruneDeletesOldEntriesOfAllTenants(t *testing.T) {
	t.Parallel()
	db := testkit.DB(t)
	write(t, db, by(anna), audit.Entry{Action: "old", At: noon.Add(-time.Hour)}, audit.Entry{Action: "new", At: noon})
	write(t, db, reqctx.With(context.Background(), reqctx.Context{}), audit.Entry{Action: "old", At: noon.Add(-time.Hour)})
	require.NoError(t, audit.Prune(t.Context(), db, noon))
	require.Equal(t, []string{"new"}, actions(list(t, db, pg.AcrossTenants(t.Context(), "test"), audit.Filter{})))
}

func TestToAPIMatchesTheSharedShape(t *testing.T) {
	t.Parallel()
	api := audit.ToAPI(page.Page[audit.Entry]{Items: []audit.Entry{{Action: "a", Metadata: map[string]any{}}}})
	require.True(t, api.NextCursor.IsNull())
	require.True(t, api.Items[0].ActorID.IsNull())
	who := anna
	require.Equal(t, audit.Filter{Actor: anna}, audit.FromAPI(&who, nil, nil, nil, nil, nil))
}
