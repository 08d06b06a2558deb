// Package cache holds decorators of ports that answer from memory.
package cache

import (
	"context"
	"crypto/sha256"
	"fmt"

	lru "github.com/hashicorp/golang-lru/v2"

	"go.updspace.com/gamification/openbadge"
	"go.updspace.com/gamification/ports"
)

const maxStatusLists = 256 // of some kilobytes each

// StatusLists is ports.StatusLists with a cache of what was signed: until a badge is revoked, all readers get the same list.
type StatusLists struct {
	lists  ports.StatusLists
	signed *lru.Cache[[sha256.Size]byte, string]
}

// NewStatusLists decorates lists.
func NewStatusLists(lists ports.StatusLists) (*StatusLists, error) {
	signed, err := lru.New[[sha256.Size]byte, string](maxStatusLists)
	if err != nil {
		return nil, fmt.Errorf("cache of status lists: %w", err)
	}
	return &StatusLists{lists, signed}, nil
}

// Sign signs a list, or returns it as it was signed with the same key before.
func (s *StatusLists) Sign(ctx context.Context, did, key string, list openbadge.SignedStatusList) (string, error) {
	bits, err := list.List.Encode()
	if err != nil {
		return "", err
	}
	content := sha256.Sum256(fmt.Appendf(nil, "%q %q %q %d %d %s", did, key, list.URL, list.ValidFrom.Unix(), list.ValidUntil.Unix(), bits))
	if signed, ok := s.signed.Get(content); ok {
		return signed, nil
	}
	signed, err := s.lists.Sign(ctx, did, key, list)
	if err == nil {
		s.signed.Add(content, signed)
	}
	return signed, err
}
