package app

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"slices"

	"github.com/google/uuid"

	"go.updspace.com/gamification/domain"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/blob"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/idempotency"
	"go.updspace.com/libs/upload"
)

// Images are the use cases of pictures for achievements.
type Images struct{ Deps }

// NewImages returns the use cases.
func NewImages(d Deps) *Images { return &Images{d} }

// UploadImage is the input of Images.Upload.
type UploadImage struct {
	ScopeType authz.ScopeType // of the achievement; default: the tenant
	ScopeID   string
	Content   io.Reader
}

// Upload stores a picture in three sizes. What is interrupted, and what no achievement takes, is removed by Sweep. A repeated request gets
// the picture that the first one stored.
func (s *Images) Upload(ctx context.Context, by authz.Actor, in UploadImage) (domain.Image, error) {
	scope, err := domain.ScopeTypes.Parse(by.Tenant, in.ScopeType, in.ScopeID)
	if err != nil {
		return domain.Image{}, err
	}
	check := authz.Check{Permission: domain.PermissionEdit, Scope: scope}
	if err := authz.RequireAny(ctx, s.Access, check, authz.Check{Permission: domain.PermissionCreate, Scope: scope}); err != nil {
		return domain.Image{}, err
	}
	raw, err := io.ReadAll(upload.Limit(in.Content, domain.MaxUpload))
	if err == nil && len(raw) == 0 {
		err = upload.ErrEmpty
	}
	if err != nil {
		return domain.Image{}, err
	}
	drawn, contentType, err := s.Pictures.Sizes(ctx, raw, domain.ImageSides()...)
	if err != nil {
		return domain.Image{}, err
	}
	now := s.Clock.Now()
	image := domain.NewImage(by, now)
	err = s.Tx.Do(ctx, func(ctx context.Context) error { return s.Images.Add(ctx, image, now.Add(-domain.UploadWindow)) })
	if err != nil {
		return domain.Image{}, err
	}
	for i, size := range domain.ImageSizes() {
		if err := s.Blobs.Put(ctx, image.Key(size), bytes.NewReader(drawn[i])); err != nil {
			return domain.Image{}, err
		}
	}
	image = image.Arrived(contentType)
	digest := sha256.Sum256(raw)
	return idempotency.Once(ctx, s.Once, "uploadImage", hex.EncodeToString(digest[:]), func(ctx context.Context) (domain.Image, error) {
		return image, s.Images.Complete(ctx, image)
	}, domain.Image.ID, s.Images.Find)
}

// Open returns a picture of the tenant with the content of a size, which the caller closes. It asks for no permission: the address cannot
// be guessed.
func (s *Images) Open(ctx context.Context, id uuid.UUID, size domain.ImageSize) (domain.Image, io.ReadSeekCloser, error) {
	image, err := s.Images.Find(ctx, id)
	if err != nil {
		return domain.Image{}, nil, err
	}
	content, err := s.Blobs.Open(ctx, image.Key(size))
	return image, content, err
}

// PNG returns the largest picture of an achievement as PNG. One that was not uploaded is domain.ErrImageNotFound. It checks no permission.
func (s *Images) PNG(ctx context.Context, a domain.Achievement) ([]byte, error) {
	id, size, ok := domain.UploadedImage(a.Data().Images.Largest())
	if !ok {
		return nil, domain.ErrImageNotFound
	}
	_, content, err := s.Open(ctx, id, size)
	if err != nil {
		return nil, err
	}
	raw, err := io.ReadAll(content)
	_ = content.Close() // it was only read
	if err != nil {
		return nil, err
	}
	return s.Pictures.PNG(ctx, raw)
}

// useImages refuses uploaded pictures of an achievement that are not there, and notes which pictures it gets and loses.
func (s *Achievements) useImages(ctx context.Context, before, after domain.Images) error {
	if before == after {
		return nil
	}
	ids := after.Uploaded()
	for _, id := range before.Uploaded() {
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	missing, err := s.Images.Use(ctx, s.Clock.Now(), ids...)
	if err != nil {
		return err
	}
	fields := errs.Fields{}
	for field, address := range map[string]string{"images.small": after.Small, "images.medium": after.Medium, "images.large": after.Large} {
		id, _, uploaded := domain.UploadedImage(address)
		fields.Check(!uploaded || !slices.Contains(missing, id), field, why.NotFound("must be the address of an uploaded picture"))
	}
	return fields.Err()
}

// file is the content of an image in one size.
type file struct {
	image domain.Image
	size  domain.ImageSize
}

// Sweep removes pictures that no achievement has for a day. It works across tenants: its context must say so.
func (s *Images) Sweep(ctx context.Context) error {
	before := s.Clock.Now().Add(-domain.UnusedImageLife)
	_, err := blob.Sweep(ctx, s.Blobs, func(ctx context.Context, limit int) (files []file, err error) {
		err = s.Tx.Do(ctx, func(ctx context.Context) error {
			images, err := s.Images.Discard(ctx, before, limit/len(domain.ImageSizes()))
			for _, image := range images {
				for _, size := range domain.ImageSizes() {
					files = append(files, file{image, size})
				}
			}
			return err
		})
		return files, err
	}, func(f file) string { return f.image.Key(f.size) }, func(ctx context.Context, files []file) error {
		ids := make([]uuid.UUID, len(files))
		for i, f := range files {
			ids[i] = f.image.ID()
		}
		return s.Tx.Do(ctx, func(ctx context.Context) error { return s.Images.Forget(ctx, ids...) })
	})
	return err
}
