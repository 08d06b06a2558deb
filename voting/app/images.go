package app

import (
	"context"
	"io"

	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/blob"
	"go.updspace.com/libs/idempotency"
	"go.updspace.com/libs/upload"
	"go.updspace.com/voting/domain"
)

// Images are the use cases of pictures for options.
type Images struct{ Deps }

// Upload stores a picture for an option of a draft. What is interrupted, and what no option takes, is removed by Sweep. A repeated
// request gets the picture that the first one stored.
func (s *Images) Upload(ctx context.Context, by authz.Actor, id uuid.UUID, content io.Reader) (domain.Image, error) {
	questions := Questions{s.Deps}
	if err := questions.requireEdit(ctx, by, id); err != nil {
		return domain.Image{}, err
	}
	received, err := s.Receiver.Inspect("picture", content, upload.Rules{Accepts: domain.AcceptsImage, MaxSize: domain.MaxImageSize})
	if err != nil {
		return domain.Image{}, err
	}
	var image domain.Image
	err = s.Tx.Do(ctx, func(ctx context.Context) error {
		poll, err := s.Polls.Lock(ctx, id)
		if err != nil {
			return err
		}
		if err := poll.CanEditQuestions(); err != nil {
			return err
		}
		image = domain.NewImage(poll, by, s.Clock.Now())
		return s.Images.Add(ctx, image)
	})
	if err != nil {
		return domain.Image{}, err
	}
	stored, err := received.Store(ctx, s.Blobs, image.Key())
	if err != nil {
		return domain.Image{}, err
	}
	image = image.Arrived(stored.ContentType, stored.Digest)
	input := struct {
		Poll   uuid.UUID
		Digest string
	}{id, stored.Digest}
	return idempotency.Once(ctx, s.Once, "uploadImage", input, func(ctx context.Context) (domain.Image, error) {
		return image, s.Images.Complete(ctx, image)
	}, domain.Image.ID, func(ctx context.Context, image uuid.UUID) (domain.Image, error) { return s.Images.Find(ctx, id, image) })
}

// Open returns a picture of a poll that the caller sees, with its content, which the caller closes.
func (s *Images) Open(ctx context.Context, by authz.Actor, id, image uuid.UUID) (domain.Image, io.ReadSeekCloser, error) {
	poll, err := s.Polls.Find(ctx, id)
	if err != nil {
		return domain.Image{}, nil, err
	}
	if _, err := (authorizer{s.Deps}).requireVisible(ctx, by, poll); err != nil {
		return domain.Image{}, nil, err
	}
	found, err := s.Images.Find(ctx, id, image)
	if err != nil {
		return domain.Image{}, nil, err
	}
	content, err := s.Blobs.Open(ctx, found.Key())
	return found, content, err
}

// Sweep removes pictures of deleted polls, and those that no option has for a day. It works across tenants: its context must say
// so.
func (s *Images) Sweep(ctx context.Context) error {
	now := s.Clock.Now()
	_, err := blob.Sweep(ctx, s.Blobs, func(ctx context.Context, limit int) ([]domain.Image, error) {
		return s.Images.Abandoned(ctx, now.Add(-domain.UnusedImageLife), limit)
	}, domain.Image.Key, func(ctx context.Context, images []domain.Image) error {
		ids := make([]uuid.UUID, len(images))
		for i, image := range images {
			ids[i] = image.ID()
		}
		return s.Tx.Do(ctx, func(ctx context.Context) error { return s.Images.Forget(ctx, ids...) })
	})
	return err
}
