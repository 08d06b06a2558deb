package pg_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/personaldata"
	kit "go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/portal/adapters/pg"
	contentdomain "go.updspace.com/portal/content/domain"
	contentports "go.updspace.com/portal/content/ports"
	"go.updspace.com/portal/ports/portstest"
	"go.updspace.com/tools/devkit/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

var recycled = testkit.Recycled(func(context.Context, kit.Config) error { return nil }, nil, pg.Migrations())

// openDB opens an empty database that the test does not share at the same time.
func openDB(t testing.TB) *kit.DB { return testkit.OpenDB(t, recycled(t)) }

func TestPostgres(t *testing.T) {
	t.Parallel()
	portstest.Suite(t, func(t *testing.T) portstest.Store { return newStore(openDB(t)) })
}

func newStore(db *kit.DB) portstest.Store {
	return portstest.Store{
		Groups: pg.NewGroups(db), Memberships: pg.NewMemberships(db), Requests: pg.NewJoinRequests(db), Invites: pg.NewInvites(db), Links: pg.NewInviteLinks(db),
		Bans: pg.NewBans(db), Pending: pg.NewPending(db), Traces: pg.NewGroupTraces(db),
		Tenants: pg.NewTenants(db), Tx: db,
		Posts: pg.NewPosts(db), Targets: pg.NewPostTargets(db), Files: pg.NewFiles(db), Profiles: pg.NewProfiles(db), Accounts: pg.NewAccounts(db),
		Cards: pg.NewCards(db), People: pg.NewPeople(db),
		RemoveProfile: func(ctx context.Context, user uuid.UUID) error {
			_, err := db.Conn(ctx).NewRaw("DELETE FROM profiles WHERE tenant_id = ? AND user_id = ?", reqctx.From(ctx).TenantID, user).Exec(ctx)
			return err
		},
		Across: func(ctx context.Context) context.Context { return kit.AcrossTenants(ctx, "test") },
	}
}

func TestPersonalData(t *testing.T) {
	t.Parallel()
	portstest.PersonalData(t, rendered, func(t *testing.T) (portstest.Store, []personaldata.Section) {
		db := openDB(t)
		return newStore(db), pg.PersonalData(db, pg.Erasers{Markdown: renderer{}, Events: noEvents{}, Clock: later{}})
	})
}

var rendered = contentdomain.Rendered{HTML: "<p>erased</p>", Excerpt: "erased", By: "1"}

type renderer struct{ contentports.Markdown }

func (renderer) Render(string) (contentdomain.Rendered, error) { return rendered, nil }

type noEvents struct{}

func (noEvents) Publish(context.Context, ...contentdomain.Event) error { return nil }

type later struct{}

func (later) Now() time.Time { return portstest.Noon.Add(time.Hour) }
