package live

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/activity/app"
	"go.updspace.com/activity/domain"
	"go.updspace.com/api/activityevents"
	"go.updspace.com/libs/outbox"
	"go.updspace.com/libs/reqctx"
)

// NewFollower tells the hub of an instance of what all instances announce: one subscription for all its streams.
func NewFollower(natsURL string, hub *app.Hub, log *slog.Logger) *outbox.Follower {
	return outbox.NewFollower(outbox.FollowerConfig{
		NATSURL: natsURL, Name: "activity live", Logger: log,
		Types: []string{activityevents.TypeFeedUpdated, activityevents.TypeFeedRead, activityevents.TypeInboxChanged},
	}, hub.Started, func(ctx context.Context, e outbox.Followed) {
		if err := pass(ctx, hub, e); err != nil {
			log.Error("open streams are not told of an event", "event", e.ID(), "type", e.Type(), "error", err)
		}
	})
}

func pass(ctx context.Context, hub *app.Hub, e outbox.Followed) error {
	tenant := reqctx.From(ctx).TenantID
	switch e.Type() {
	case activityevents.TypeFeedRead:
		read, err := outbox.Decode(e.Event, activityevents.DecodeFeedRead)
		if err == nil {
			hub.Read(tenant, read.UserID)
		}
		return err
	case activityevents.TypeInboxChanged:
		changed, err := outbox.Decode(e.Event, activityevents.DecodeInboxChanged)
		if err == nil {
			hub.Tell(tenant, changed.UserIds...)
		}
		return err
	}
	data, err := outbox.Decode(e.Event, activityevents.DecodeFeedUpdated)
	if err != nil {
		return err
	}
	updates := make([]domain.Update, len(data.Updates))
	for i, u := range data.Updates {
		updates[i] = fromFeedUpdate(u)
	}
	hub.Receive(tenant, domain.Position{At: e.At, Seq: e.Seq}, updates...)
	return nil
}

// Alone tells the hub of the only instance of an installation without a broker.
type Alone struct {
	hub *app.Hub

	mu  sync.Mutex
	seq uint64
}

// NewAlone returns what tells a hub.
func NewAlone(hub *app.Hub) *Alone {
	hub.Started(time.Now(), 0)
	return &Alone{hub: hub}
}

func (a *Alone) receive(tenant uuid.UUID, updates []domain.Update) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.seq++
	a.hub.Receive(tenant, domain.Position{At: time.Now(), Seq: a.seq}, updates...)
}
