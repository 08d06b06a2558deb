// Package nats hears from the ID service that a user's standing has changed,
// so that a suspension bites on the next request and not when the gateway
// would have asked again.
package nats

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"

	"github.com/google/uuid"
	"github.com/nats-io/nats.go"

	"go.updspace.com/libs/outbox"
)

// subjects are those of events about users and their memberships.
var subjects = []string{"updspace.identity.user.>", "updspace.identity.membership.>"}

// Listener drops what is remembered about users. Every instance has its own
// memory, so each one listens for itself, on a plain subscription without an
// inbox: what it does can be repeated, and what it misses is found out by
// asking again within half a minute.
type Listener struct {
	url       string
	forget    func(user uuid.UUID)
	forgetAll func()
	log       *slog.Logger
}

// New makes a listener on the broker at url.
func New(url string, forget func(user uuid.UUID), forgetAll func(), log *slog.Logger) *Listener {
	return &Listener{url: url, forget: forget, forgetAll: forgetAll, log: log}
}

// Run listens until ctx ends.
func (l *Listener) Run(ctx context.Context) error {
	if l.url == "" {
		return nil
	}
	conn, err := outbox.Connect(l.url, "bff", l.log)
	if err != nil {
		return err
	}
	defer conn.Close()
	conn.SetReconnectHandler(func(*nats.Conn) { l.forgetAll() }) // who knows what was missed
	for _, subject := range subjects {
		if _, err := conn.Subscribe(subject, l.heard); err != nil {
			return fmt.Errorf("listening for %s: %w", subject, err)
		}
	}
	<-ctx.Done()
	return nil
}

func (l *Listener) heard(m *nats.Msg) {
	var event struct {
		Subject string `json:"subject"`
	}
	if err := json.Unmarshal(m.Data, &event); err != nil {
		l.log.Warn("an event about a user cannot be read", "subject", m.Subject, "error", err)
		return
	}
	text, ok := strings.CutPrefix(event.Subject, "user/")
	user, err := uuid.Parse(text)
	if !ok || err != nil {
		l.log.Warn("an event names no user", "type", m.Subject, "subject", event.Subject)
		return
	}
	l.forget(user)
}
