// Package cache holds decorators of ports that answer from memory where an out-of-date answer does no harm.
package cache

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	lru "github.com/hashicorp/golang-lru/v2"

	"go.updspace.com/events/ports"
	"go.updspace.com/libs/reqctx"
)

const maxAnswerable = 4096 // events on a date: some ten megabytes

// Answers is ports.Answers with a cache of what is answered about: all who answer about a date read the same.
type Answers struct {
	ports.Answers
	answerable *lru.Cache[key, ports.Answerable]
}

// key includes the tenant, so that no tenant reads another's entry. Without an occurrence it is the date that is on or comes next.
type key struct {
	tenant, event, occurrence uuid.UUID
}

// NewAnswers decorates answers.
func NewAnswers(answers ports.Answers) (*Answers, error) {
	entries, err := lru.New[key, ports.Answerable](maxAnswerable)
	if err != nil {
		return nil, fmt.Errorf("cache of dates: %w", err)
	}
	return &Answers{Answers: answers, answerable: entries}, nil
}

// Answerable answers from the cache unless fresh is set. A date that is over is not cached: another may be the next one by then.
func (a *Answers) Answerable(ctx context.Context, event uuid.UUID, occurrence *uuid.UUID, now time.Time, fresh bool) (ports.Answerable, error) {
	k := key{tenant: reqctx.From(ctx).TenantID, event: event}
	if occurrence != nil {
		k.occurrence = *occurrence
	}
	if entry, ok := a.answerable.Get(k); ok && !fresh && entry.Occurrence.Data().Ends.After(now) {
		entry.Cached = true
		return entry, nil
	}
	entry, err := a.Answers.Answerable(ctx, event, occurrence, now, fresh)
	if err == nil {
		a.answerable.Add(k, entry)
	}
	return entry, err
}
