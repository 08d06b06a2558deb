// Package nats hears from the ID service that a user's standing or a tenant has changed, so that a suspension bites on the
// next request and not when the gateway would have asked again.
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

// subjects are those of events about users, their memberships, and tenants.
var subjects = []string{"updspace.identity.user.>", "updspace.identity.membership.>", tenantSubject + ">"}

const tenantSubject = "updspace.identity.tenant."

// Memory is what is remembered of one kind.
type Memory[K any] interface {
	Forget(key K)
	ForgetAll()
}

// Streams are the requests that stay open. They are looked at anew when what let them begin has changed.
type Streams interface {
	RecheckUser(user uuid.UUID)
	RecheckTenant(slug string)
	Recheck()
}

// Listener drops what is remembered about users and tenants, and has their open streams looked at. Every instance has its own
// memory, so each one listens for itself, on a plain subscription without an inbox: what it does can be repeated, and what it
// misses is found out by asking again within half a minute.
type Listener struct {
	url     string
	users   Memory[uuid.UUID]
	tenants Memory[string] // by slug
	streams Streams
	log     *slog.Logger
}

// New makes a listener on the broker at url.
func New(url string, users Memory[uuid.UUID], tenants Memory[string], streams Streams, log *slog.Logger) *Listener {
	return &Listener{url: url, users: users, tenants: tenants, streams: streams, log: log}
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
	conn.SetReconnectHandler(func(*nats.Conn) { // who knows what was missed
		l.users.ForgetAll()
		l.tenants.ForgetAll()
		l.streams.Recheck()
	})
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
		Data    struct {
			Slug string `json:"slug"`
		} `json:"data"`
	}
	if err := json.Unmarshal(m.Data, &event); err != nil {
		l.log.Warn("an event of identity cannot be read", "subject", m.Subject, "error", err)
		return
	}
	if strings.HasPrefix(m.Subject, tenantSubject) {
		l.tenants.Forget(event.Data.Slug)
		l.streams.RecheckTenant(event.Data.Slug)
		return
	}
	text, ok := strings.CutPrefix(event.Subject, "user/")
	user, err := uuid.Parse(text)
	if !ok || err != nil {
		l.log.Warn("an event names no user", "type", m.Subject, "subject", event.Subject)
		return
	}
	l.users.Forget(user)
	l.streams.RecheckUser(user)
}
