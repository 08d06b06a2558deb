package outbox_test

import (
	"context"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/votingevents"
	"go.updspace.com/libs/outbox"
	"go.updspace.com/tools/devkit/testkit"
)

// BenchmarkRelay relays events of many aggregates, and of a single one, whose events are sent one at a time.
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

// BenchmarkPublish is the cost that an event adds to its transaction.
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

// BenchmarkEncode is the part of it that PostgreSQL has nothing to do with.
func BenchmarkEncode(b *testing.B) {
	p := outbox.NewPublisher(nil, "voting")
	data := votingevents.Vote{
		PollID: uuid.New(), Title: "Which map next?", ScopeType: "TENANT", ScopeID: aef, Visibility: "public", CreatedBy: actor,
		SourceRef: "poll:" + aef.String(), VoteID: uuid.New(), NominationID: uuid.New(), OptionID: uuid.New(), UserID: &actor,
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := p.Encode(request(), outbox.Event{Type: votingevents.TypeVoteCast, Subject: data.Subject(), Data: data}); err != nil {
			b.Fatal(err)
		}
	}
}
