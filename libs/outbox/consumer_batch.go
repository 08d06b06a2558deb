package outbox

import (
	"context"
	"errors"
	"fmt"

	"github.com/cloudevents/sdk-go/v2/event"
	"github.com/google/uuid"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"go.updspace.com/libs/reqctx"
)

func (c *Consumer) consumeBatches(ctx context.Context, js jetstream.JetStream, durable jetstream.Consumer) error {
	behind := false
	for {
		messages, err := c.nextBatch(ctx, durable, behind)
		behind = len(messages) == c.most
		if err != nil {
			return fmt.Errorf("durable %s: %w", c.cfg.Name, err)
		}
		if err := c.processBatch(ctx, js, messages); err != nil {
			return err
		}
	}
}

// nextBatch waits for a message, and returns it with those that come within batchWait, or that wait already if it is behind. Nothing is
// fetched ahead: what an instance holds, it keeps alive. If no message comes for a while, there is none.
func (c *Consumer) nextBatch(ctx context.Context, durable jetstream.Consumer, behind bool) ([]jetstream.Msg, error) {
	wait, cancel := context.WithTimeout(ctx, ackWait)
	defer cancel()
	first, err := durable.Next(jetstream.FetchContext(wait))
	if errors.Is(err, nats.ErrTimeout) && ctx.Err() == nil {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	messages := []jetstream.Msg{first}
	if !behind {
		pause[struct{}](ctx, batchWait, nil)
	}
	more, err := durable.FetchNoWait(c.most - 1)
	if err != nil {
		return messages, nil // what was fetched is handled; the next call says what is wrong
	}
	for m := range more.Messages() {
		messages = append(messages, m)
	}
	return messages, nil
}

// part is what a batch has of one tenant.
type part struct {
	ctx      context.Context
	messages []jetstream.Msg
	events   []event.Event
}

// processBatch handles messages, those of a tenant together. If that fails, or a message cannot be read, each is processed by itself.
func (c *Consumer) processBatch(ctx context.Context, js jetstream.JetStream, messages []jetstream.Msg) error {
	defer keepAlive(messages...)()
	var alone []jetstream.Msg
	parts := map[uuid.UUID]*part{}
	for _, m := range messages {
		ctx, e, err := read(ctx, m)
		if err != nil || m.Headers().Get(headerFor) != "" {
			alone = append(alone, m)
			continue
		}
		tenant := reqctx.From(ctx).TenantID
		if parts[tenant] == nil {
			parts[tenant] = &part{ctx: ctx}
		}
		p := parts[tenant]
		p.messages, p.events = append(p.messages, m), append(p.events, e)
	}
	for _, p := range parts {
		if err := c.handleOnce(p.ctx, p.events); err != nil {
			c.log.Debug("a batch failed; its events are handled one by one", "events", len(p.events), "error", err)
			alone = append(alone, p.messages...)
			continue
		}
		for _, m := range p.messages {
			if err := m.Ack(); err != nil {
				return err
			}
		}
	}
	for _, m := range alone {
		if err := c.process(ctx, js, m); err != nil {
			return err
		}
	}
	return nil
}
