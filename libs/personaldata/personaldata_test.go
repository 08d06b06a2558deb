package personaldata_test

import (
	"context"
	"errors"
	"slices"
	"strings"
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
)

var (
	tenant = uuid.MustParse("00000000-0000-0000-0000-0000000000aa")
	anna   = uuid.MustParse("00000000-0000-4000-8000-000000000001")
	noon   = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
)

func asService() context.Context {
	return reqctx.With(context.Background(), reqctx.Context{TenantID: tenant, Caller: "bff", RequestID: "req-1"})
}

func asOther() context.Context {
	return reqctx.With(context.Background(), reqctx.Context{TenantID: uuid.New(), Caller: "bff", RequestID: "req-2"})
}

// votes is a section in memory.
type votes struct {
	ids    []uuid.UUID
	erased bool
	fail   error
	more   bool
}

func (v *votes) list(_ context.Context, _, after uuid.UUID, limit int) ([]uuid.UUID, error) {
	var found []uuid.UUID
	for _, id := range v.ids {
		if id.String() > after.String() && len(found) < limit {
			found = append(found, id)
		}
	}
	return found, v.fail
}

func (v *votes) section(name string) personaldata.Section {
	same := func(id uuid.UUID) uuid.UUID { return id }
	return personaldata.Section{
		Name: name,
		Read: personaldata.ByID(v.list, same, func(id uuid.UUID) map[string]any { return map[string]any{"id": id.String()} }),
		Erase: func(context.Context, uuid.UUID) (personaldata.Erased, error) {
			v.erased = true
			return personaldata.Erased{Count: int64(len(v.ids)), More: v.more}, v.fail
		},
	}
}

func profile(found bool) personaldata.Section {
	return personaldata.Section{
		Name: "profile",
		Read: personaldata.Single(func(context.Context, uuid.UUID) (string, error) {
			if !found {
				return "", errs.NotFoundf("No profile.")
			}
			return "Anna", nil
		}, func(name string) map[string]any { return map[string]any{"name": name} }),
		Erase: personaldata.Counted(func(context.Context, uuid.UUID) (int64, error) { return 1, nil }),
	}
}

func ids(n int) []uuid.UUID {
	list := make([]uuid.UUID, n)
	for i := range list {
		list[i] = uuid.New()
	}
	slices.SortFunc(list, func(a, b uuid.UUID) int { return strings.Compare(a.String(), b.String()) })
	return list
}

func newStore(t *testing.T, sections ...personaldata.Section) (*personaldata.Store, *pg.DB) {
	t.Helper()
	db := testkit.DB(t)
	return personaldata.New("toy", db, audit.New(db), func() time.Time { return noon }, sections...), db
}

func export(t *testing.T, s *personaldata.Store, limit int) (items []personaldata.SectionItem, pages int) {
	t.Helper()
	for cursor := ""; ; pages++ {
		got, err := s.Export(asService(), anna, page.Request{Limit: limit, Cursor: cursor})
		require.NoError(t, err)
		require.LessOrEqual(t, len(got.Items), limit)
		require.Equal(t, "toy", got.Service)
		items = append(items, got.Items...)
		if cursor = got.Next; cursor == "" {
			return items, pages + 1
		}
	}
}

func TestExportWalksThroughAllSections(t *testing.T) {
	t.Parallel()
	first, second := &votes{ids: ids(4)}, &votes{ids: ids(3)}
	for limit := 1; limit <= 9; limit++ {
		s, _ := newStore(t, profile(true), first.section("first"), personaldata.Section{Name: "kept", Reason: "none"}, second.section("second"))
		items, pages := export(t, s, limit)
		require.Len(t, items, 8, "limit %d", limit)
		require.GreaterOrEqual(t, pages, (8+limit-1)/limit)
		var order []string
		for _, item := range items {
			order = append(order, item.Section)
		}
		require.Equal(t, []string{"profile", "first", "first", "first", "first", "second", "second", "second"}, order)
		require.Equal(t, first.ids[3].String(), items[4].Data["id"])
	}
}

func TestExportOfAnUnknownUserIsEmpty(t *testing.T) {
	t.Parallel()
	s, db := newStore(t, profile(false), (&votes{}).section("votes"))
	items, pages := export(t, s, 50)
	require.Empty(t, items)
	require.Equal(t, 1, pages)
	p, err := audit.New(db).List(asService(), audit.Filter{}, page.Request{})
	require.NoError(t, err)
	require.Len(t, p.Items, 1, "one entry for the whole export")
	require.Equal(t, "personal_data.exported", p.Items[0].Action)
	require.Equal(t, personaldata.Proof(anna), p.Items[0].TargetID)
	require.Equal(t, audit.Actor{Type: audit.Service, Name: "bff"}, p.Items[0].Actor)
}

func TestOnlyServicesMayAsk(t *testing.T) {
	t.Parallel()
	v := &votes{ids: ids(1)}
	s, _ := newStore(t, v.section("votes"))
	for name, rc := range map[string]reqctx.Context{
		"the user":      {TenantID: tenant, UserID: anna, Caller: "bff"},
		"administrator": {TenantID: tenant, UserID: uuid.New(), Caller: "bff", Flags: reqctx.Flags{SystemAdmin: true}},
		"unsigned":      {TenantID: tenant},
	} {
		ctx := reqctx.With(context.Background(), rc)
		_, err := s.Export(ctx, anna, page.Request{})
		require.Equal(t, errs.Forbidden, errs.KindOf(err), name)
		_, err = s.Erase(ctx, anna)
		require.Equal(t, errs.Forbidden, errs.KindOf(err), name)
	}
	require.False(t, v.erased)
	_, err := s.Erase(asService(), uuid.Nil)
	require.Equal(t, errs.Invalid, errs.KindOf(err))
}

func TestACursorBelongsToOneUser(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t, (&votes{ids: ids(3)}).section("votes"))
	got, err := s.Export(asService(), anna, page.Request{Limit: 1})
	require.NoError(t, err)
	for name, c := range map[string]struct {
		user   uuid.UUID
		cursor string
	}{
		"another user":    {uuid.New(), got.Next},
		"unknown section": {anna, page.Encode("personal data of "+anna.String(), "gone", "")},
		"foreign item":    {anna, page.Encode("personal data of "+anna.String(), "votes", "x")},
		"nonsense":        {anna, "x"},
	} {
		_, err = s.Export(asService(), c.user, page.Request{Cursor: c.cursor})
		require.Equal(t, errs.Invalid, errs.KindOf(err), name)
	}
}

func TestEraseIsOneTransactionWithAReceipt(t *testing.T) {
	t.Parallel()
	v := &votes{ids: ids(2)}
	s, db := newStore(t, profile(true), v.section("votes"))
	byAnna := reqctx.With(context.Background(), reqctx.Context{TenantID: tenant, UserID: anna})
	require.NoError(t, db.Do(byAnna, func(ctx context.Context) error {
		return audit.New(db).Write(ctx, audit.Entry{Action: "voted"})
	}))
	items, _ := export(t, s, 50)
	require.Equal(t, "audit", items[len(items)-1].Section)

	receipt, err := s.Erase(asService(), anna)
	require.NoError(t, err)
	require.Equal(t, personaldata.Receipt{
		Service: "toy", User: anna, At: noon, Complete: true, Counts: map[string]int64{"profile": 1, "votes": 2, "audit": 1},
	}, receipt)
	log := audit.New(db)
	about, err := log.List(asService(), audit.Filter{Concerning: anna}, page.Request{})
	require.NoError(t, err)
	require.Empty(t, about.Items)
	proof, err := log.List(asService(), audit.Filter{Action: "personal_data.erased", TargetID: personaldata.Proof(anna)}, page.Request{})
	require.NoError(t, err)
	require.Len(t, proof.Items, 1)

	v.more = true
	receipt, err = s.Erase(asService(), anna)
	require.NoError(t, err)
	require.False(t, receipt.Complete)
	require.Zero(t, receipt.Counts["audit"])

	v.fail = errors.New("broken")
	_, err = s.Erase(asService(), anna)
	require.ErrorIs(t, err, v.fail)
	proof, err = log.List(asService(), audit.Filter{Action: "personal_data.erased"}, page.Request{})
	require.NoError(t, err)
	require.Len(t, proof.Items, 2, "a failed erasure leaves nothing")
}

func TestASectionCountsForOthersAndRunsAfterTheCommit(t *testing.T) {
	t.Parallel()
	fail := errors.New("away")
	var inTx func(context.Context) bool
	s, db := newStore(t, personaldata.Section{
		Name: "memberships",
		Erase: func(context.Context, uuid.UUID) (personaldata.Erased, error) {
			return personaldata.Erased{Count: 2, Also: map[string]int64{"groups": 3}}, nil
		},
	}, personaldata.Section{Name: "groups", Reason: "erased with memberships"}, personaldata.Section{
		Name: "account", Reason: "belongs to no tenant",
		After: func(ctx context.Context, user uuid.UUID) error {
			require.Equal(t, anna, user)
			require.False(t, inTx(ctx))
			return fail
		},
	})
	inTx = db.InTx
	_, err := s.Erase(asService(), anna)
	require.ErrorIs(t, err, fail)
	fail = nil
	receipt, err := s.Erase(asService(), anna)
	require.NoError(t, err)
	require.Equal(t, map[string]int64{"memberships": 2, "groups": 3, "audit": 0}, receipt.Counts)
	proof, err := audit.New(db).List(asService(), audit.Filter{Action: "personal_data.erased"}, page.Request{})
	require.NoError(t, err)
	require.Len(t, proof.Items, 2, "committed both times")
	require.EqualValues(t, 3, proof.Items[0].Metadata["groups"])
}

func TestToAPIMatchesTheSharedShapes(t *testing.T) {
	t.Parallel()
	e := personaldata.Export{Service: "toy", User: anna, Items: []personaldata.SectionItem{{Section: "votes", Data: map[string]any{}}}, Next: "n"}
	require.Equal(t, "n", e.ToAPI().NextCursor.MustGet())
	require.NotNil(t, personaldata.Export{}.ToAPI().Items)
	require.Equal(t, map[string]int64{"votes": 1}, personaldata.Receipt{Counts: map[string]int64{"votes": 1}}.ToAPI().Counts)
}
