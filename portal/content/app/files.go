package app

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/blob"
	"go.updspace.com/libs/idempotency"
	"go.updspace.com/libs/upload"
	"go.updspace.com/portal/content/domain"
)

// Files are the use cases of attachments.
type Files struct{ Deps }

// UploadFile is the input of Upload.
type UploadFile struct {
	Name    string
	Content io.Reader
}

// requireUpload refuses callers who may not write private posts: a file that is attached to none is read like one.
func (s Files) requireUpload(ctx context.Context, by authz.Actor) error {
	return s.require(ctx, by, domain.PermissionPostsCreatePrivate)
}

// Upload stores a file that is to be attached to a post. Until then only its owner sees it. A repeated request gets the file
// that the first one stored.
func (s Files) Upload(ctx context.Context, by authz.Actor, in UploadFile) (domain.File, error) {
	if err := s.requireUpload(ctx, by); err != nil {
		return domain.File{}, err
	}
	file, err := s.upload(ctx, by, domain.FileAttachment, in)
	if err != nil {
		return domain.File{}, err
	}
	input := struct{ Name, Digest string }{in.Name, file.Data().Digest}
	stored, err := idempotency.Once(ctx, s.Once, "uploadAttachment", input, func(ctx context.Context) (domain.File, error) {
		return file, s.Files.Complete(ctx, file)
	}, domain.File.ID, s.Files.Find)
	if err != nil || stored.ID() != file.ID() {
		s.discard(ctx, file)
	}
	return stored, err
}

// Drop discards a pending file of the caller. A file of another user is not found.
func (s Files) Drop(ctx context.Context, by authz.Actor, id uuid.UUID) error {
	return s.Tx.Do(ctx, func(ctx context.Context) error {
		file, err := s.Files.Find(ctx, id)
		if err == nil && !file.PendingFor(by.User) {
			err = domain.ErrFileNotFound
		}
		if err != nil {
			return err
		}
		return s.Files.Discard(ctx, s.Clock.Now(), id)
	})
}

// Open returns an attachment with its content, which the caller closes.
func (s Files) Open(ctx context.Context, by authz.Actor, id uuid.UUID) (domain.File, io.ReadSeekCloser, error) {
	file, err := s.visible(ctx, by, id)
	if err != nil {
		return domain.File{}, nil, err
	}
	content, err := s.Blobs.Open(ctx, file.Key())
	return file, content, err
}

const linkLife = 5 * time.Minute

// Link returns an address for downloading an attachment and when it expires. The address is empty when the store makes none.
func (s Files) Link(ctx context.Context, by authz.Actor, id uuid.UUID) (file domain.File, url string, until time.Time, err error) {
	if file, err = s.visible(ctx, by, id); err != nil {
		return domain.File{}, "", time.Time{}, err
	}
	d := file.Data()
	url, err = s.Blobs.Link(ctx, file.Key(), blob.Link{Name: d.Name, ContentType: d.ContentType, Inline: file.Inline(), Life: linkLife})
	return file, url, s.Clock.Now().Add(linkLife), err
}

// visible finds an attachment that the caller can read: with its post, or as its owner while it is pending.
func (s Files) visible(ctx context.Context, by authz.Actor, id uuid.UUID) (domain.File, error) {
	file, err := s.Files.Find(ctx, id)
	switch {
	case err != nil:
		return domain.File{}, err
	case file.PendingFor(by.User):
		return file, s.requireUpload(ctx, by)
	case file.Data().PostID == uuid.Nil:
		return domain.File{}, domain.ErrFileNotFound
	}
	_, _, err = s.readable(ctx, by, file.Data().PostID)
	if errors.Is(err, domain.ErrPostNotFound) {
		err = domain.ErrFileNotFound
	}
	return file, err
}

// upload stores the row of a file, then its content. The file is not complete before the caller says so: what is interrupted
// is found and removed by the cleanup.
func (d Deps) upload(ctx context.Context, by authz.Actor, kind domain.FileKind, in UploadFile) (domain.File, error) {
	file, err := domain.NewFile(kind, by, in.Name, d.Clock.Now())
	if err != nil {
		return domain.File{}, err
	}
	received, err := d.Receiver.Inspect(file.Data().Name, in.Content, upload.Rules{Accepts: kind.Accepts, MaxSize: kind.MaxSize()})
	if err != nil {
		return domain.File{}, err
	}
	if err := d.Tx.Do(ctx, func(ctx context.Context) error { return d.Files.Add(ctx, file) }); err != nil {
		return domain.File{}, err
	}
	stored, err := received.Store(ctx, d.Blobs, file.Key())
	if err != nil {
		d.discard(ctx, file)
		return domain.File{}, err
	}
	return file.Arrived(stored.ContentType, stored.Size, stored.Digest), nil
}

// discard discards a file that is not complete. If that fails, the cleanup finds the file later.
func (d Deps) discard(ctx context.Context, file domain.File) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	_ = d.Tx.Do(ctx, func(ctx context.Context) error { return d.Files.Discard(ctx, d.Clock.Now(), file.ID()) })
}
