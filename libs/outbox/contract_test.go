package outbox_test

import (
	"context"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/outbox"
	"go.updspace.com/libs/pg"
	"go.updspace.com/tools/devkit/testkit"
	"go.updspace.com/tools/devkit/testkit/suites"
)

func TestPublisherKeepsTheContractOfEvents(t *testing.T) {
	t.Parallel()
	suites.Events(t, func(t *testing.T) suites.EventsPort[outbox.Event] {
		db := testkit.DB(t)
		return suites.EventsPort[outbox.Event]{
			Do: db.Do, Publish: outbox.NewPublisher(db, "voting").Publish,
			New: func(testing.TB) (outbox.Event, string) {
				subject := "poll/" + uuid.NewString()
				return outbox.Event{Type: "voting.vote.cast", Subject: subject, Data: vote{}}, subject
			},
			Published: func(t testing.TB) (subjects []string) {
				require.NoError(t, db.Read(pg.AcrossTenants(t.Context(), "test"), func(ctx context.Context) error {
					return db.Conn(ctx).NewRaw("SELECT subject FROM outbox ORDER BY seq").Scan(ctx, &subjects)
				}))
				return subjects
			},
		}
	})
}
