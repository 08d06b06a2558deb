package outbox

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/nats-io/nats.go/jetstream"
)

// Forget deletes the messages of the streams in which a text stands, dead letters among them, and overwrites their content. It reads every message
// that was there when it began, and returns how many it deleted. A consumer that has not read such a message misses it.
func Forget(ctx context.Context, js jetstream.JetStream, text string) (deleted int, err error) {
	for _, name := range []string{StreamEvents, StreamDead} {
		n, err := forget(ctx, js, name, text)
		deleted += n
		if err != nil && !errors.Is(err, jetstream.ErrStreamNotFound) {
			return deleted, fmt.Errorf("outbox: forgetting in %s: %w", name, err)
		}
	}
	return deleted, nil
}

func forget(ctx context.Context, js jetstream.JetStream, name, text string) (deleted int, err error) {
	stream, err := js.Stream(ctx, name)
	if err != nil {
		return 0, err
	}
	state := stream.CachedInfo().State
	if state.Msgs == 0 {
		return 0, nil
	}
	consumer, err := js.OrderedConsumer(ctx, name, jetstream.OrderedConsumerConfig{DeliverPolicy: jetstream.DeliverAllPolicy})
	if err != nil {
		return 0, err
	}
	messages, err := consumer.Messages()
	if err != nil {
		return 0, err
	}
	defer messages.Stop()
	for {
		m, err := messages.Next(jetstream.NextContext(ctx))
		if err != nil {
			return deleted, err
		}
		at, err := m.Metadata()
		if err != nil {
			return deleted, err
		}
		if names(m, text) {
			if err := stream.SecureDeleteMsg(ctx, at.Sequence.Stream); err != nil && !errors.Is(err, jetstream.ErrMsgNotFound) {
				return deleted, err
			}
			deleted++
		}
		if at.Sequence.Stream >= state.LastSeq || at.NumPending == 0 {
			return deleted, nil
		}
	}
}

func names(m jetstream.Msg, text string) bool {
	if bytes.Contains(m.Data(), []byte(text)) {
		return true
	}
	for _, values := range m.Headers() {
		for _, v := range values {
			if strings.Contains(v, text) {
				return true
			}
		}
	}
	return false
}
