// Package recall remembers what was read of the database, where an old answer does no harm.
package recall

import (
	"context"
	"sync"

	"github.com/google/uuid"

	"go.updspace.com/libs/reqctx"
	"go.updspace.com/voting/domain"
	"go.updspace.com/voting/ports"
)

// maxChoices bounds the memory of choices to a few megabytes. When it is full it starts afresh: what is voted on just
// now is back with the next vote.
const maxChoices = 4096

// Choices is ports.Choices. Everybody who votes for an option points at the same thing, and it stays what it is until
// the poll is closed.
type Choices struct {
	mu    sync.RWMutex
	known map[pointed]domain.Choice
}

var _ ports.Choices = (*Choices)(nil)

// pointed names a choice. The tenant is part of it: what another tenant asked for is not there for this one.
type pointed struct {
	tenant, poll, question, option uuid.UUID
}

// NewChoices remembers nothing yet.
func NewChoices() *Choices { return &Choices{known: map[pointed]domain.Choice{}} }

// Recall returns a choice as it once was.
func (c *Choices) Recall(ctx context.Context, poll, question, option uuid.UUID) (domain.Choice, bool) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	choice, ok := c.known[pointed{reqctx.From(ctx).TenantID, poll, question, option}]
	return choice, ok
}

// Remember keeps a choice.
func (c *Choices) Remember(ctx context.Context, choice domain.Choice) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.known) >= maxChoices {
		clear(c.known)
	}
	c.known[pointed{reqctx.From(ctx).TenantID, choice.Poll.ID(), choice.QuestionID, choice.OptionID}] = choice
}
