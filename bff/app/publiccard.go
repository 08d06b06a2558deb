package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/bff/domain"
	"go.updspace.com/bff/ports"
	"go.updspace.com/libs/errs"
)

// PublicCardFresh is how long a card is used.
const PublicCardFresh = 30 * time.Second

// PublicCard is what guests of a tenant may see.
type PublicCard struct {
	Body json.RawMessage
	ETag string // with its quotes
}

// PublicCards remembers the cards of tenants, so that guests cost the portal one question a tenant and half a minute. While the
// portal is away, a card is used for ten minutes.
type PublicCards struct {
	answers *directory[tenantKey, PublicCard]
}

type tenantKey struct {
	id   uuid.UUID
	slug string
}

// NewPublicCards makes the directory. cards may be nil: then the portal is not installed.
func NewPublicCards(cards ports.PublicCards, clock ports.Clock) (*PublicCards, error) {
	answers, err := newDirectory(clock, directoryConfig[tenantKey, PublicCard]{
		ask: func(ctx context.Context, key tenantKey) (PublicCard, error) {
			if cards == nil {
				return PublicCard{}, errNoPortal
			}
			body, err := cards.PublicCard(ctx, domain.Tenant{ID: key.id, Slug: key.slug})
			digest := sha256.Sum256(body)
			return PublicCard{Body: body, ETag: `"` + hex.EncodeToString(digest[:16]) + `"`}, err
		},
		none: []*errs.Error{errNoPortal}, away: errs.Unavailablef("The community cannot be shown right now."),
		size: 1024, fresh: PublicCardFresh, gone: PublicCardFresh, stale: 10 * time.Minute,
	})
	return &PublicCards{answers: answers}, err
}

// errNoPortal is the answer of an installation without a portal.
var errNoPortal = errs.New(errs.NotImplemented, "", "This part of the platform is not installed.")

// Of returns the card of a tenant.
func (c *PublicCards) Of(ctx context.Context, tenant domain.Tenant) (PublicCard, error) {
	return c.answers.get(ctx, tenantKey{tenant.ID, tenant.Slug})
}
