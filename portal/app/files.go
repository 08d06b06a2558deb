package app

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/portal/domain"
	"go.updspace.com/portal/ports"
)

// Files are the use cases around attachments before and beside their posts.
type Files struct {
	gate  gate
	store store
	posts *Posts
}

// NewFiles needs everything but its own rules from outside. Who sees a post, posts knows.
func NewFiles(access ports.Access, files ports.Files, blobs ports.Blobs, sniffer ports.Sniffer, posts *Posts, tx ports.Tx, clock ports.Clock) *Files {
	return &Files{gate: gate{access}, store: store{files, blobs, sniffer, tx, clock}, posts: posts}
}

// UploadFile is a file on its way in.
type UploadFile struct {
	Name    string
	Content io.Reader
}

// Upload stores a file that is to be attached to a post. Until then it is its owner's alone, as a private post is, and
// the right to write one is the right to upload.
func (s *Files) Upload(ctx context.Context, by domain.Actor, in UploadFile) (domain.File, error) {
	if err := s.gate.ask(ctx, domain.PostDraft{Visibility: domain.VisibilityPrivate}.AskToWrite(by)); err != nil {
		return domain.File{}, err
	}
	waiting, err := s.store.files.Pending(ctx, by.User)
	if err != nil {
		return domain.File{}, err
	}
	if waiting >= domain.MaxPending {
		return domain.File{}, domain.ErrTooManyPending
	}
	file, err := domain.NewFile(domain.FileAttachment, by, in.Name, s.store.clock.Now())
	if err != nil {
		return domain.File{}, err
	}
	if file, err = s.store.put(ctx, file, in.Content); err != nil {
		return domain.File{}, err
	}
	return file, s.store.tx.Do(ctx, func(ctx context.Context) error { return s.store.files.Complete(ctx, file) })
}

// Drop gives up a file that its owner has not attached. Anybody else's does not exist for him.
func (s *Files) Drop(ctx context.Context, by domain.Actor, id uuid.UUID) error {
	return s.store.tx.Do(ctx, func(ctx context.Context) error {
		file, err := s.store.files.Find(ctx, id)
		if err != nil {
			return err
		}
		if d := file.Data(); d.OwnerID != by.User || d.PostID != uuid.Nil || d.Kind != domain.FileAttachment {
			return domain.ErrFileNotFound
		}
		return s.store.files.Discard(ctx, s.store.clock.Now(), id)
	})
}

// Open returns an attachment with its content, which the caller closes.
func (s *Files) Open(ctx context.Context, by domain.Actor, id uuid.UUID) (domain.File, io.ReadCloser, error) {
	file, err := s.see(ctx, by, id)
	if err != nil {
		return domain.File{}, nil, err
	}
	content, err := s.store.blobs.Open(ctx, file.Key())
	return file, content, err
}

const linkLife = 5 * time.Minute

// Link returns an address to download an attachment from, and until when it holds; no address when the store gives
// none and the content has to be asked for here.
func (s *Files) Link(ctx context.Context, by domain.Actor, id uuid.UUID) (file domain.File, url string, until time.Time, err error) {
	if file, err = s.see(ctx, by, id); err != nil {
		return domain.File{}, "", time.Time{}, err
	}
	d := file.Data()
	until = s.store.clock.Now().Add(linkLife)
	url, err = s.store.blobs.Link(ctx, file.Key(), ports.BlobLink{Name: d.Name, ContentType: d.ContentType, Inline: file.Inline(), Life: linkLife})
	return file, url, until, err
}

// see finds an attachment for those who see its post, and for its owner while it has none.
func (s *Files) see(ctx context.Context, by domain.Actor, id uuid.UUID) (domain.File, error) {
	file, err := s.store.files.Find(ctx, id)
	if err != nil {
		return domain.File{}, err
	}
	d := file.Data()
	if d.Kind != domain.FileAttachment || d.PostID == uuid.Nil && d.OwnerID != by.User {
		return domain.File{}, domain.ErrFileNotFound
	}
	if d.PostID == uuid.Nil {
		return file, s.gate.ask(ctx, domain.PostDraft{Visibility: domain.VisibilityPrivate}.AskToWrite(by))
	}
	_, _, err = s.posts.enter(ctx, by, d.PostID)
	if errors.Is(err, domain.ErrPostNotFound) {
		err = domain.ErrFileNotFound
	}
	return file, err
}

// store keeps files and their content together.
type store struct {
	files   ports.Files
	blobs   ports.Blobs
	sniffer ports.Sniffer
	tx      ports.Tx
	clock   ports.Clock
}

// sniffed is how much of a file says what it is.
const sniffed = 512

// put takes a file in as it comes, without ever holding more of it than its beginning. It exists before its content
// does, and is not complete before its caller says so, with what it is for: what is cut off half-way is found and cleared
// away by the janitor.
func (s store) put(ctx context.Context, file domain.File, content io.Reader) (domain.File, error) {
	head := make([]byte, sniffed)
	n, err := io.ReadFull(content, head)
	switch {
	case errors.Is(err, io.EOF):
		return domain.File{}, domain.ErrFileEmpty
	case err != nil && !errors.Is(err, io.ErrUnexpectedEOF):
		return domain.File{}, err
	}
	contentType := s.sniffer.ContentType(head[:n])
	if err := file.Data().Kind.Allows(contentType); err != nil {
		return domain.File{}, err
	}
	if err := s.tx.Do(ctx, func(ctx context.Context) error { return s.files.Add(ctx, file) }); err != nil {
		return domain.File{}, err
	}
	measured := &meter{from: io.MultiReader(bytes.NewReader(head[:n]), content), limit: file.Data().Kind.Limit(), digest: sha256.New()}
	if err := s.blobs.Put(ctx, file.Key(), measured); err != nil {
		_ = s.discard(ctx, file.ID()) // or the janitor finds it: it has not arrived and never will
		return domain.File{}, err
	}
	return file.Arrived(contentType, measured.size, hex.EncodeToString(measured.digest.Sum(nil))), nil
}

func (s store) discard(ctx context.Context, id uuid.UUID) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	return s.tx.Do(ctx, func(ctx context.Context) error { return s.files.Discard(ctx, s.clock.Now(), id) })
}

// meter measures what passes through it, and refuses too much of it.
type meter struct {
	from   io.Reader
	limit  int64
	size   int64
	digest hash.Hash
}

func (m *meter) Read(p []byte) (int, error) {
	n, err := m.from.Read(p)
	m.size += int64(n)
	if m.size > m.limit {
		return 0, domain.ErrFileTooLarge
	}
	_, _ = m.digest.Write(p[:n]) // a hash takes everything
	return n, err
}
