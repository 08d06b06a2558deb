package pg_test

import (
	"testing"

	"go.updspace.com/activity/adapters/pg"
	"go.updspace.com/activity/notifications/ports/portstest"
	"go.updspace.com/tools/devkit/testkit"
)

func TestNotificationsInPostgres(t *testing.T) {
	t.Parallel()
	portstest.Suite(t, func(t *testing.T) portstest.Store {
		db := testkit.DB(t, pg.Migrations())
		return portstest.Store{Inbox: pg.NewInbox(db), Notices: pg.NewNotices(db), People: pg.NewPeople(db), Preferences: pg.NewPreferences(db), Tx: db}
	})
}
