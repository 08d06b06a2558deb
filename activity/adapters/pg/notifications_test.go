package pg_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"go.updspace.com/activity/adapters/pg"
	"go.updspace.com/activity/notifications/ports/portstest"
	"go.updspace.com/libs/seal"
	"go.updspace.com/tools/devkit/testkit"
)

func TestNotificationsInPostgres(t *testing.T) {
	t.Parallel()
	portstest.Suite(t, func(t *testing.T) portstest.Store {
		db := testkit.DB(t, pg.Migrations())
		return portstest.Store{Inbox: pg.NewInbox(db), Notices: pg.NewNotices(db), People: pg.NewPeople(db), Preferences: pg.NewPreferences(db), Tx: db}
	})
}

func TestBrowsersInPostgres(t *testing.T) {
	t.Parallel()
	sealer, err := seal.Parse(seal.NewKey("test"))
	require.NoError(t, err)
	portstest.BrowsersSuite(t, func(t *testing.T) portstest.Browsers {
		db := testkit.DB(t, pg.Migrations())
		return portstest.Browsers{Browsers: pg.NewBrowsers(db, sealer), Tx: db}
	})
}
