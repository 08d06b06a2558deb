package outbox_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/outbox"
	"go.updspace.com/libs/testkit"
)

// BenchmarkRelay moves events of many aggregates, and of a single one, whose
// events go one at a time.
func BenchmarkRelay(b *testing.B) {
	for name, subjects := range map[string]int{"one aggregate": 1, "many aggregates": 1000} {
		b.Run(name, func(b *testing.B) {
			db := testkit.DB(b)
			url := testkit.NATS(b)
			p := outbox.NewPublisher(db, "voting")
			events := make([]outbox.Event, 0, b.N)
			for n := range b.N {
				events = append(events, outbox.Event{Type: "voting.vote.cast", Subject: subject(n % subjects), Data: vote{N: n}})
			}
			require.NoError(b, db.Do(request(), func(ctx context.Context) error { return p.Publish(ctx, events...) }))
			b.ResetTimer()
			stop := start(b, outbox.NewRelay(p, relayConfig(url)).Run)
			awaitDrained(b, db)
			b.StopTimer()
			stop()
		})
	}
}

// BenchmarkPublish is what an event adds to the transaction it belongs to.
func BenchmarkPublish(b *testing.B) {
	db := testkit.DB(b)
	p := outbox.NewPublisher(db, "voting")
	require.NoError(b, db.Do(request(), func(ctx context.Context) error {
		for b.Loop() {
			if err := p.Publish(ctx, outbox.Event{Type: "voting.vote.cast", Subject: subject(0), Data: vote{}}); err != nil {
				return err
			}
		}
		return nil
	}))
}
