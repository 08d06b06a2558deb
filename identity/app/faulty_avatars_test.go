package app_test

import (
	"context"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/identity/domain"
)

func (p storedAvatars) Add(context.Context, domain.Avatar) error { return p.Next() }

func (p storedAvatars) Use(context.Context, domain.Avatar) error { return p.Next() }

func (p storedAvatars) Find(context.Context, uuid.UUID) (domain.Avatar, error) {
	return domain.Avatar{}, p.Next()
}

func (p storedAvatars) Discard(context.Context, uuid.UUID) error { return p.Next() }

func (p storedAvatars) Unused(context.Context, time.Time, int) ([]domain.Avatar, error) {
	if len(p.images) == 0 {
		return nil, p.Next()
	}
	return []domain.Avatar{{ID: p.images[0].ID}}, p.Next()
}

func (p storedAvatars) Forget(context.Context, []domain.Avatar) error {
	p.images = nil
	return p.Next()
}

func (p storedUsers) SetAvatar(context.Context, uuid.UUID, *uuid.UUID) error { return p.Next() }
