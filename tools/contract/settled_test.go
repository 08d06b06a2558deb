package contract

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/outbox"
	"go.updspace.com/tools/platform"
)

// durables are the consumers of all services. One that has only just been started is not known to the broker yet, and
// would not be waited for.
var durables = []string{"access", "activity-account-links", "activity-accounts", "activity-feed", "activity-groups", "activity-notices", "activity-webhooks", "events-accounts", "events-groups", "events-mails", "events-members", "events-tenant-members", "gamification-facts", "gamification-groups", "gamification-members", "gamification-memberships", "gamification-tenants", "identity-mails", "portal-accounts", "portal-members", "voting-groups"}

const (
	patience = 2 * time.Minute // reached only by a defect
	tick     = 20 * time.Millisecond
)

// settle waits until no event is under way: none waits in an outbox, and every consumer has dealt with all it wants.
func settle(t *testing.T, p *platform.Platform) {
	t.Helper()
	nc, err := nats.Connect(p.NATS.URL())
	require.NoError(t, err)
	defer nc.Close()
	js, err := jetstream.New(nc)
	require.NoError(t, err)
	outboxes := map[string]*sql.DB{}
	for _, s := range p.Services() {
		db, err := sql.Open("pgx", p.AdminDatabaseURL(s.Database()))
		require.NoError(t, err)
		defer func() { require.NoError(t, db.Close()) }()
		outboxes[s.Name] = db
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	look := time.NewTicker(tick)
	defer look.Stop()
	for {
		why := underWay(t.Context(), js, outboxes)
		if why == nil {
			return
		}
		select {
		case <-look.C:
		case <-ctx.Done():
			require.NoError(t, why, "events should have arrived by now")
		}
	}
}

// underWay says what has not arrived yet. A consumer may publish what it concludes, so nothing has happened only if the
// consumers stand after a look into the outboxes where they stood before it.
func underWay(ctx context.Context, js jetstream.JetStream, outboxes map[string]*sql.DB) error {
	before, err := standing(ctx, js)
	if err != nil {
		return err
	}
	for service, db := range outboxes {
		var waiting int
		if err := db.QueryRowContext(ctx, "SELECT count(*) FROM outbox WHERE published_at IS NULL").Scan(&waiting); err != nil {
			return fmt.Errorf("%s: %w", service, err)
		}
		if waiting > 0 {
			return fmt.Errorf("%s has %d events in its outbox", service, waiting)
		}
	}
	after, err := standing(ctx, js)
	if err != nil {
		return err
	}
	if before != after {
		return fmt.Errorf("consumers went from %s to %s", before, after)
	}
	return nil
}

// standing is up to where every consumer has dealt with the stream, and an error while one of them has something to do.
func standing(ctx context.Context, js jetstream.JetStream) (string, error) {
	stream, err := js.Stream(ctx, outbox.StreamEvents)
	if err != nil {
		return "", err
	}
	var names, floors []string
	list := stream.ListConsumers(ctx)
	for c := range list.Info() {
		if c.Config.Durable == "" { // of one instance, which changes nothing
			continue
		}
		if c.NumPending > 0 || c.NumAckPending > 0 || c.AckFloor.Consumer != c.Delivered.Consumer {
			return "", fmt.Errorf("%s has %d events to read, and %d of %d to acknowledge", c.Name, c.NumPending, c.NumAckPending, c.Delivered.Consumer)
		}
		names = append(names, c.Name)
		floors = append(floors, fmt.Sprintf("%s:%d", c.Name, c.AckFloor.Consumer))
	}
	if err := list.Err(); err != nil {
		return "", err
	}
	slices.Sort(names)
	if !slices.Equal(names, durables) {
		return "", fmt.Errorf("the consumers are %v, not %v", names, durables)
	}
	slices.Sort(floors)
	return strings.Join(floors, " "), nil
}
