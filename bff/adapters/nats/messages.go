package nats

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/nats-io/nats.go/jetstream"

	"go.updspace.com/libs/outbox"
)

// Messages implements ports.Events: the messages that the broker keeps.
type Messages struct {
	URL string // empty: there is no broker
	Log *slog.Logger
}

// Forget implements ports.Events.
func (m Messages) Forget(ctx context.Context, texts ...string) error {
	if m.URL == "" {
		return nil
	}
	conn, err := outbox.Connect(m.URL, "bff", m.Log)
	if err != nil {
		return err
	}
	defer conn.Close()
	js, err := jetstream.New(conn)
	if err != nil {
		return fmt.Errorf("connecting to the streams: %w", err)
	}
	_, err = outbox.Forget(ctx, js, texts...)
	return err
}
