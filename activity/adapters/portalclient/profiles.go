// Package portalclient asks portal for the profiles of users.
package portalclient

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/activity/domain"
	"go.updspace.com/activity/ports"
	"go.updspace.com/api/portalapi"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/wire"
)

const (
	timeout = 300 * time.Millisecond
	atOnce  = 100 // users in one request
)

// Profiles implements ports.Profiles.
type Profiles struct {
	client *portalapi.ClientWithResponses
}

var _ ports.Profiles = (*Profiles)(nil)

// New returns a client of the portal at url. transport signs.
func New(url string, transport http.RoundTripper) (*Profiles, error) {
	client, err := portalapi.NewClientWithResponses(url, portalapi.WithHTTPClient(&http.Client{Transport: transport, Timeout: timeout}))
	if err != nil {
		return nil, fmt.Errorf("portal: %w", err)
	}
	return &Profiles{client}, nil
}

// Lookup implements ports.Profiles.
func (p *Profiles) Lookup(ctx context.Context, users []uuid.UUID) (map[uuid.UUID]domain.Profile, error) {
	profiles := make(map[uuid.UUID]domain.Profile, len(users))
	for some := range slices.Chunk(users, atOnce) {
		r, err := p.client.BatchProfilesWithResponse(ctx, portalapi.ProfileBatch{UserIds: some})
		if err != nil {
			return nil, errs.Unavailablef("The portal is not available right now.").Wrap(err)
		}
		if r.JSON200 == nil {
			return nil, errs.Internalf("portal answered the profiles with %d", r.StatusCode())
		}
		for _, profile := range *r.JSON200 {
			profiles[profile.UserID] = domain.Profile{
				User: profile.UserID, Username: wire.Get(profile.Username), DisplayName: wire.Get(profile.DisplayName),
				FirstName: profile.FirstName, LastName: profile.LastName, AvatarURL: wire.Get(profile.AvatarURL),
			}
		}
	}
	return profiles, nil
}
