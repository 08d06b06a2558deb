package pg_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"github.com/uptrace/bun"
	"pgregory.net/rapid"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/pg"
	"go.updspace.com/tools/devkit/testkit"
)

var notes = pg.Migrations{Table: "goose_test", FS: fstest.MapFS{"00001_notes.sql": {Data: []byte(`
-- +goose Up
CREATE TABLE notes (
    tenant_id   uuid    NOT NULL,
    id          integer NOT NULL,
    access_type text    NOT NULL,
    access_id   uuid    NOT NULL,
    visibility  text    NOT NULL,
    created_by  uuid    NOT NULL,
    draft       boolean NOT NULL,
    reader      uuid    NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
SELECT updspace_protect('notes');
`)}}}

type noteRow struct {
	bun.BaseModel `bun:"table:notes,alias:n"`
	pg.Tenanted
	ID         int              `bun:"id,pk"`
	AccessType authz.ScopeType  `bun:"access_type"`
	AccessID   uuid.UUID        `bun:"access_id,type:uuid"`
	Visibility authz.Visibility `bun:"visibility"`
	CreatedBy  uuid.UUID        `bun:"created_by,type:uuid"`
	Draft      bool             `bun:"draft"`
	Reader     uuid.UUID        `bun:"reader,type:uuid"`
}

// Who sees what is the same for a viewer of few scopes and for one of many, whose scopes are looked up in another way.
func TestVisibleTo(t *testing.T) {
	t.Parallel()
	db := testkit.DB(t, notes)
	const scopes = 12
	users := []uuid.UUID{uuid.New(), uuid.New()}
	visibilities := []authz.Visibility{authz.VisibilityPublic, authz.VisibilityCommunity, authz.VisibilityPrivate}
	scope := func(n int) authz.Scope {
		types := []authz.ScopeType{authz.ScopeCommunity, authz.ScopeTeam} // two scopes have one id
		return authz.Scope{Type: types[n%2], ID: uuid.MustParse(fmt.Sprintf("00000000-0000-0000-0000-%012d", n/2))}
	}
	var rows []noteRow
	for n := range scopes {
		for v, visibility := range visibilities {
			for _, draft := range []bool{false, true} {
				s := scope(n)
				rows = append(rows, noteRow{ID: len(rows), AccessType: s.Type, AccessID: s.ID, Visibility: visibility, CreatedBy: users[(n+v)%2], Draft: draft, Reader: users[n%2]})
			}
		}
	}
	require.NoError(t, db.Do(as(aef), func(ctx context.Context) error {
		_, err := db.Conn(ctx).NewInsert().Model(&rows).Exec(ctx)
		return err
	}))
	const read, manage = authz.Permission("notes.read"), authz.Permission("notes.manage")
	rule := pg.VisibilityRule{Read: read, Manage: manage, Shown: "NOT n.draft", Own: "n.reader = ?0 AND n.tenant_id = ?1 AND NOT n.draft"}
	some := rapid.SliceOfNDistinct(rapid.IntRange(0, scopes-1), 0, scopes, rapid.ID)
	rapid.Check(t, func(t *rapid.T) {
		held := func(name string) (list []authz.Scope) {
			for _, n := range some.Draw(t, name) {
				list = append(list, scope(n))
			}
			return list
		}
		viewer := authz.Viewer{Actor: authz.Actor{Tenant: aef, User: rapid.SampledFrom(append(users, uuid.New())).Draw(t, "user")}}
		viewer.Holds = map[authz.Permission][]authz.Scope{read: held("read"), manage: held("manage")}
		for _, s := range held("audiences") {
			viewer.Audiences = append(viewer.Audiences, authz.Audience{Scope: s, Visibility: rapid.SampledFrom(visibilities).Draw(t, "visibility")})
		}
		if rapid.Bool().Draw(t, "of another tenant") {
			viewer.Actor.Tenant = gaming
		}
		var want []int
		for _, r := range rows {
			s := authz.Scope{Type: r.AccessType, ID: r.AccessID}
			audience := !r.Draft && slices.Contains(viewer.Audiences, authz.Audience{Scope: s, Visibility: r.Visibility})
			own := r.Reader == viewer.Actor.User && viewer.Actor.Tenant == aef && !r.Draft
			if slices.Contains(viewer.Holds[read], s) && (audience || r.CreatedBy == viewer.Actor.User || slices.Contains(viewer.Holds[manage], s) || own) {
				want = append(want, r.ID)
			}
		}
		got, err := pg.Many(as(aef), db, func(r *noteRow) int { return r.ID }, func(q *bun.SelectQuery) *bun.SelectQuery {
			return q.Apply(pg.VisibleTo(viewer, rule)).OrderExpr("n.id")
		})
		require.NoError(t, err)
		require.ElementsMatch(t, want, got)
	})

	audiences, err := pg.ListAudiences(as(aef), db, (*noteRow)(nil), func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("n.access_type = 'TEAM'") })
	require.NoError(t, err)
	require.Len(t, audiences, scopes/2*len(visibilities), "each once")
	require.True(t, slices.IsSortedFunc(audiences, func(a, b authz.Audience) int { return strings.Compare(a.Scope.ID.String(), b.Scope.ID.String()) }))
	other, err := pg.ListAudiences(as(gaming), db, (*noteRow)(nil), func(q *bun.SelectQuery) *bun.SelectQuery { return q })
	require.NoError(t, err)
	require.Empty(t, other, "of another tenant")
}
