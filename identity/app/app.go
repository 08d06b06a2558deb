// Package app holds what can be done with accounts, sessions, links, clients
// and tokens: one type per subject, each method one use case.
package app

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/identity/domain"
	"go.updspace.com/identity/ports"
	"go.updspace.com/libs/reqctx"
)

// newID makes the id of something new. They sort by the time they were made,
// which keeps indexes dense.
func newID() uuid.UUID { return uuid.Must(uuid.NewV7()) }

// Recorder fills in what every entry of the journal has in common.
type Recorder struct {
	Journal ports.Journal
	Clock   ports.Clock
}

// entry is what differs.
type entry struct {
	actor      uuid.UUID // uuid.Nil: nobody known
	action     string
	targetType string
	targetID   string
	ip         string
	meta       map[string]string
}

func (r Recorder) add(ctx context.Context, e entry) error {
	out := domain.AuditEntry{
		ID: newID(), At: r.Clock.Now(), Action: e.action, TargetType: e.targetType, TargetID: e.targetID,
		IP: e.ip, RequestID: reqctx.From(ctx).RequestID, Meta: e.meta,
	}
	if e.actor != uuid.Nil {
		out.Actor = &e.actor
	}
	return r.Journal.Add(ctx, out)
}
