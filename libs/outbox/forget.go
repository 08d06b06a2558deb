package outbox

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/nats-io/nats.go/jetstream"
)

// ErrUnread says that a consumer has not come yet to messages that are to be deleted.
var ErrUnread = errors.New("outbox: a consumer has not read all messages that are to be deleted")

// Forget deletes the messages of the streams in which one of some texts stands, in any case, dead letters among them, and overwrites their content. It reads every message
// that was there when it began, and returns how many it deleted. It deletes nothing and fails with [ErrUnread] while a service has not handled all
// of them: what they tell would be lost on it. The stream itself lets go of them at the end of their time.
func Forget(ctx context.Context, js jetstream.JetStream, texts ...string) (deleted int, err error) {
	for _, name := range []string{StreamEvents, StreamDead} {
		n, err := forget(ctx, js, name, texts)
		deleted += n
		if err != nil && !errors.Is(err, jetstream.ErrStreamNotFound) {
			return deleted, fmt.Errorf("outbox: forgetting in %s: %w", name, err)
		}
	}
	return deleted, nil
}

func forget(ctx context.Context, js jetstream.JetStream, name string, texts []string) (deleted int, err error) {
	stream, err := js.Stream(ctx, name)
	if err != nil {
		return 0, err
	}
	found, err := find(ctx, js, stream, texts)
	if err != nil || len(found) == 0 {
		return 0, err
	}
	if err := handled(ctx, stream, found[len(found)-1]); err != nil {
		return 0, err
	}
	for _, seq := range found {
		if err := stream.SecureDeleteMsg(ctx, seq); err != nil && !errors.Is(err, jetstream.ErrMsgNotFound) {
			return deleted, err
		}
		deleted++
	}
	return deleted, nil
}

// find lists the messages in which one of some texts stands, in their order.
func find(ctx context.Context, js jetstream.JetStream, stream jetstream.Stream, texts []string) (found []uint64, err error) {
	state := stream.CachedInfo().State
	if state.Msgs == 0 {
		return nil, nil
	}
	consumer, err := js.OrderedConsumer(ctx, stream.CachedInfo().Config.Name, jetstream.OrderedConsumerConfig{DeliverPolicy: jetstream.DeliverAllPolicy})
	if err != nil {
		return nil, err
	}
	messages, err := consumer.Messages()
	if err != nil {
		return nil, err
	}
	defer messages.Stop()
	for {
		m, err := messages.Next(jetstream.NextContext(ctx))
		if err != nil {
			return nil, err
		}
		at, err := m.Metadata()
		if err != nil {
			return nil, err
		}
		if names(m, texts) {
			found = append(found, at.Sequence.Stream)
		}
		if at.Sequence.Stream >= state.LastSeq || at.NumPending == 0 {
			return found, nil
		}
	}
}

// handled tells with an error that a consumer of a service has not dealt with all messages up to one.
func handled(ctx context.Context, stream jetstream.Stream, last uint64) error {
	consumers := stream.ListConsumers(ctx)
	var unread error
	for c := range consumers.Info() { // to the end: the list would wait for its reader
		idle := c.NumPending == 0 && c.NumAckPending == 0
		if c.Config.Durable != "" && !idle && c.AckFloor.Stream < last {
			unread = fmt.Errorf("%w: %s", ErrUnread, c.Name)
		}
	}
	return errors.Join(consumers.Err(), unread)
}

func names(m jetstream.Msg, texts []string) bool {
	content := strings.ToLower(string(m.Data()))
	for _, values := range m.Headers() {
		content += " " + strings.ToLower(strings.Join(values, " "))
	}
	return slices.ContainsFunc(texts, func(text string) bool { return strings.Contains(content, strings.ToLower(text)) })
}
