package app

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"slices"

	"github.com/google/uuid"

	"go.updspace.com/activity/domain"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/blob"
	"go.updspace.com/libs/idempotency"
	"go.updspace.com/libs/upload"
)

// RequestUpload is the input of News.RequestUpload.
type RequestUpload struct {
	FileName, ContentType string
	Size                  int64 // in bytes
}

// RequestUpload makes a picture that waits for its content. Only the caller can send it, and attach it to a post. A repeated
// request gets the picture of the first one.
func (s *News) RequestUpload(ctx context.Context, by authz.Actor, in RequestUpload) (domain.NewsImage, error) {
	image, err := domain.NewNewsImage(by, in.FileName, in.ContentType, in.Size, s.Clock.Now())
	if err != nil {
		return image, err
	}
	if err := authz.Require(ctx, s.Access, authz.Check{Permission: domain.PermissionNewsCreate, Scope: authz.TenantScope(by.Tenant)}); err != nil {
		return image, err
	}
	return idempotency.Once(ctx, s.Once, "requestNewsUpload", in, func(ctx context.Context) (domain.NewsImage, error) {
		return image, s.Images.Add(ctx, image)
	}, domain.NewsImage.ID, s.Images.Find)
}

// Upload takes in the content of a picture: its type is found in the content, metadata is removed, and a thumbnail is drawn.
// What is interrupted is removed by Sweep. The same content may be sent again.
func (s *News) Upload(ctx context.Context, by authz.Actor, id uuid.UUID, content io.Reader) error {
	image, err := s.Images.Find(ctx, id)
	switch {
	case err != nil:
		return err
	case image.Data().UploaderID != by.User:
		return domain.ErrMediaNotFound
	case !image.Complete() && s.Clock.Now().After(image.Data().CreatedAt.Add(domain.UploadLife)):
		return domain.ErrUploadExpired
	}
	raw, err := io.ReadAll(upload.Limit(content, domain.MaxMediaSize))
	if err == nil && len(raw) == 0 {
		err = upload.ErrEmpty
	}
	if err != nil {
		return err
	}
	sum := sha256.Sum256(raw)
	digest := hex.EncodeToString(sum[:])
	if image.Complete() {
		if image.Data().Content.Digest != digest {
			return domain.ErrMediaNotFound
		}
		return nil
	}
	contentType := s.Types.ContentType("", raw[:min(len(raw), 512)])
	if !slices.Contains(domain.MediaTypes(), contentType) {
		return upload.ErrType
	}
	stripped, err := s.Pictures.Strip(contentType, raw)
	if err != nil {
		return err
	}
	width, height, err := s.Pictures.Dimensions(stripped)
	if err != nil {
		return err
	}
	drawn, thumbnailType, err := s.Pictures.Sizes(ctx, raw, domain.ThumbnailSide)
	if err != nil {
		return err
	}
	for size, content := range map[domain.MediaSize][]byte{domain.MediaOriginal: stripped, domain.MediaThumbnail: drawn[0]} {
		if err := s.Blobs.Put(ctx, image.BlobKey(size), bytes.NewReader(content)); err != nil {
			return err
		}
	}
	arrived := image.Arrived(domain.StoredContent{
		Type: contentType, ThumbnailType: thumbnailType, Digest: digest, Size: int64(len(stripped)), Width: width, Height: height,
	})
	return s.Tx.Do(ctx, func(ctx context.Context) error { return s.Images.Complete(ctx, arrived) })
}

// OpenImage returns a picture with the content of a size, which the caller closes. Those who see its post see it; while it has
// none, its uploader.
func (s *News) OpenImage(ctx context.Context, by authz.Actor, id uuid.UUID, size domain.MediaSize) (domain.NewsImage, io.ReadSeekCloser, error) {
	image, err := s.Images.Find(ctx, id)
	if err == nil && !image.Complete() {
		err = domain.ErrMediaNotFound
	}
	if err != nil {
		return image, nil, err
	}
	if post := image.Data().PostID; post != uuid.Nil {
		_, _, err = s.seen(ctx, by, post)
	} else if image.Data().UploaderID != by.User {
		err = domain.ErrMediaNotFound
	}
	if errors.Is(err, domain.ErrNewsNotFound) {
		err = domain.ErrMediaNotFound
	}
	if err != nil {
		return image, nil, err
	}
	content, err := s.Blobs.Open(ctx, image.BlobKey(size))
	return image, content, err
}

// content is the content of a picture in one size.
type imageContent struct {
	image domain.NewsImage
	size  domain.MediaSize
}

// SweepImages removes pictures that no post has for a day. It works across tenants: its context must say so.
func (s *News) SweepImages(ctx context.Context) error {
	before := s.Clock.Now().Add(-domain.PendingMediaLife)
	sizes := []domain.MediaSize{domain.MediaOriginal, domain.MediaThumbnail}
	_, err := blob.Sweep(ctx, s.Blobs, func(ctx context.Context, limit int) (due []imageContent, err error) {
		err = s.Tx.Do(ctx, func(ctx context.Context) error {
			images, err := s.Images.Abandoned(ctx, before, limit/len(sizes))
			for _, image := range images {
				for _, size := range sizes {
					due = append(due, imageContent{image, size})
				}
			}
			return err
		})
		return due, err
	}, func(c imageContent) string { return c.image.BlobKey(c.size) }, func(ctx context.Context, gone []imageContent) error {
		ids := make([]uuid.UUID, len(gone))
		for i, c := range gone {
			ids[i] = c.image.ID()
		}
		return s.Tx.Do(ctx, func(ctx context.Context) error { return s.Images.Forget(ctx, ids...) })
	})
	return err
}
