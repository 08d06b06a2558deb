package app

import (
	"bytes"
	"context"
	"io"
	"strings"

	"github.com/google/uuid"

	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/blob"
	"go.updspace.com/libs/upload"
)

// Avatars is the pictures of accounts, which their owners set and everyone with the address sees.
type Avatars struct{ *Deps }

func isPicture(contentType string) bool { return strings.HasPrefix(contentType, "image/") }

// Set draws a picture small, without anything but its pixels, and makes it that of the user. It returns the user as they are now.
func (a *Avatars) Set(ctx context.Context, who Current, picture io.Reader, ip string) (domain.User, error) {
	if err := Limited(a.Limiter.Take(ctx, limitAvatar, who.User.ID.String(), 1), domain.ErrRateLimited); err != nil {
		return domain.User{}, err
	}
	raw, err := io.ReadAll(upload.Limit(picture, domain.MaxAvatarSize))
	if err != nil {
		return domain.User{}, err
	}
	drawn, err := a.Pictures.Avatar(ctx, raw)
	if err != nil {
		return domain.User{}, err
	}
	up, err := a.Receiver.Inspect("avatar", bytes.NewReader(drawn), upload.Rules{Accepts: isPicture, MaxSize: domain.MaxAvatarSize})
	if err != nil {
		return domain.User{}, err
	}
	avatar := domain.Avatar{ID: newID(), UserID: who.User.ID, CreatedAt: a.Clock.Now()}
	if err := a.Tx.Platform(ctx, func(ctx context.Context) error { return a.AvatarRows.Add(ctx, avatar) }); err != nil {
		return domain.User{}, err
	}
	stored, err := up.Store(ctx, a.Blobs, avatar.Key())
	if err != nil {
		return domain.User{}, err // the cleanup removes the row
	}
	avatar.ContentType, avatar.Digest = stored.ContentType, stored.Digest
	return a.change(ctx, who.User.ID, &avatar, ip)
}

// Remove removes the picture of a user, if there is one.
func (a *Avatars) Remove(ctx context.Context, who Current, ip string) (domain.User, error) {
	return a.change(ctx, who.User.ID, nil, ip)
}

func (a *Avatars) change(ctx context.Context, id uuid.UUID, avatar *domain.Avatar, ip string) (user domain.User, err error) {
	return user, a.Tx.Platform(ctx, func(ctx context.Context) error {
		if user, err = a.Users.Lock(ctx, id); err != nil {
			return err
		}
		if user.AvatarID == nil && avatar == nil {
			return nil
		}
		if err := a.AvatarRows.Discard(ctx, id); err != nil {
			return err
		}
		user.AvatarID = nil
		if avatar != nil {
			if err := a.AvatarRows.Use(ctx, *avatar); err != nil {
				return err
			}
			user.AvatarID = &avatar.ID
		}
		if err := a.Users.SetAvatar(ctx, id, user.AvatarID); err != nil {
			return err
		}
		return a.Recorder.add(ctx, audit.Entry{
			Actor: by(id), Action: domain.ActionAvatarChanged, TargetType: "user", TargetID: id.String(), IP: ip,
			Metadata: map[string]any{"removed": avatar == nil},
		})
	})
}

// Open returns a picture in use with its content, which the caller closes; else ErrImageUnknown.
func (a *Avatars) Open(ctx context.Context, id uuid.UUID) (domain.Avatar, io.ReadSeekCloser, error) {
	avatar, err := a.AvatarRows.Find(ctx, id)
	if err != nil {
		return domain.Avatar{}, nil, err
	}
	content, err := a.Blobs.Open(ctx, avatar.Key())
	return avatar, content, err
}

// Sweep removes pictures that are not in use.
func (a *Avatars) Sweep(ctx context.Context) (int, error) {
	before := a.Clock.Now().Add(-domain.ImageUploadTime)
	return blob.Sweep(ctx, a.Blobs, func(ctx context.Context, limit int) ([]domain.Avatar, error) {
		return a.AvatarRows.Unused(ctx, before, limit)
	}, domain.Avatar.Key, func(ctx context.Context, avatars []domain.Avatar) error {
		return a.Tx.Platform(ctx, func(ctx context.Context) error { return a.AvatarRows.Forget(ctx, avatars) })
	})
}
