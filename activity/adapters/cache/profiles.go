// Package cache holds decorators of ports that answer from memory.
package cache

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	lru "github.com/hashicorp/golang-lru/v2"

	"go.updspace.com/activity/domain"
	"go.updspace.com/activity/ports"
	"go.updspace.com/libs/reqctx"
)

const (
	maxProfiles = 20_000 // of about 300 bytes each
	profileAge  = time.Minute
)

// Profiles is ports.Profiles with a cache: a name that was changed is shown within a minute.
type Profiles struct {
	profiles ports.Profiles
	clock    ports.Clock
	known    *lru.Cache[profileKey, knownProfile]
}

type profileKey struct{ tenant, user uuid.UUID }

type knownProfile struct {
	domain.Profile
	exists bool
	at     time.Time
}

var _ ports.Profiles = (*Profiles)(nil)

// NewProfiles decorates profiles.
func NewProfiles(profiles ports.Profiles, clock ports.Clock) (*Profiles, error) {
	known, err := lru.New[profileKey, knownProfile](maxProfiles)
	if err != nil {
		return nil, fmt.Errorf("cache of profiles: %w", err)
	}
	return &Profiles{profiles, clock, known}, nil
}

// Lookup implements ports.Profiles. When the portal fails, it returns those that are known, however old, and the error.
func (p *Profiles) Lookup(ctx context.Context, users []uuid.UUID) (map[uuid.UUID]domain.Profile, error) {
	found, now, tenant := make(map[uuid.UUID]domain.Profile, len(users)), p.clock.Now(), reqctx.From(ctx).TenantID
	var missing []uuid.UUID
	for _, user := range users {
		known, ok := p.known.Get(profileKey{tenant, user})
		if ok && known.exists {
			found[user] = known.Profile
		}
		if !ok || now.Sub(known.at) > profileAge {
			missing = append(missing, user)
		}
	}
	if len(missing) == 0 {
		return found, nil
	}
	fresh, err := p.profiles.Lookup(ctx, missing)
	if err != nil {
		return found, err
	}
	for _, user := range missing {
		profile, exists := fresh[user]
		p.known.Add(profileKey{tenant, user}, knownProfile{profile, exists, now})
		delete(found, user)
		if exists {
			found[user] = profile
		}
	}
	return found, nil
}
