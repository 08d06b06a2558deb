package portstest

import (
	"bytes"
	"context"
	"io"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/blob"
	contentdomain "go.updspace.com/portal/content/domain"
)

type memoryFiles struct{ *Memory }

func (m memoryFiles) Add(ctx context.Context, file contentdomain.File) (err error) {
	m.use(ctx, func(s *state) {
		owner := file.Data().OwnerID
		pending := s.filesOf(ctx, func(f contentdomain.File) bool {
			d := f.Data()
			return d.OwnerID == owner && d.Kind == contentdomain.FileAttachment && d.PostID == uuid.Nil && d.DiscardedAt.IsZero()
		})
		if file.Data().Kind == contentdomain.FileAttachment && len(pending) >= contentdomain.MaxPending {
			err = contentdomain.ErrTooManyPending
			return
		}
		s.files[ownKey{file.Data().TenantID, file.ID()}] = file
	})
	return err
}

func (m memoryFiles) Find(ctx context.Context, id uuid.UUID) (contentdomain.File, error) {
	found, err := m.FindEach(ctx, []uuid.UUID{id})
	if err != nil || len(found) == 0 {
		return contentdomain.File{}, contentdomain.ErrFileNotFound
	}
	return found[0], nil
}

func (m memoryFiles) FindEach(ctx context.Context, ids []uuid.UUID) (found []contentdomain.File, err error) {
	m.use(ctx, func(s *state) {
		found = s.filesOf(ctx, func(f contentdomain.File) bool {
			return slices.Contains(ids, f.ID()) && f.Complete() && f.Data().DiscardedAt.IsZero()
		})
	})
	return found, nil
}

// filesOf lists files that a context sees.
func (s *state) filesOf(ctx context.Context, keep func(contentdomain.File) bool) (found []contentdomain.File) {
	for key, f := range s.files {
		if sees(ctx, key.tenant) && keep(f) {
			found = append(found, f)
		}
	}
	return found
}

func (m memoryFiles) Complete(ctx context.Context, file contentdomain.File) (err error) {
	m.use(ctx, func(s *state) {
		key := ownKey{tenantOf(ctx), file.ID()}
		was, ok := s.files[key]
		if !ok || !was.Data().DiscardedAt.IsZero() {
			err = contentdomain.ErrFileNotFound
			return
		}
		d := file.Data()
		s.files[key] = was.Arrived(d.ContentType, d.Size, d.Digest)
	})
	return err
}

func (m memoryFiles) Attach(ctx context.Context, post uuid.UUID, ids []uuid.UUID, at time.Time) (all bool, err error) {
	m.use(ctx, func(s *state) {
		n := 0
		for _, f := range s.filesOf(ctx, func(contentdomain.File) bool { return true }) {
			d := f.Data()
			wanted := slices.Contains(ids, d.ID)
			switch {
			case wanted && d.Kind == contentdomain.FileAttachment && f.Complete() && d.DiscardedAt.IsZero() && (d.PostID == uuid.Nil || d.PostID == post):
				d.PostID = post
				n++
			case !wanted && d.PostID == post:
				d.PostID, d.DiscardedAt = uuid.Nil, at
			}
			s.files[ownKey{d.TenantID, d.ID}] = contentdomain.RestoreFile(d)
		}
		all = n == len(ids)
	})
	return all, nil
}

func (m memoryFiles) Describe(ctx context.Context, files []contentdomain.File) error {
	m.use(ctx, func(s *state) {
		for _, f := range files {
			key := ownKey{tenantOf(ctx), f.ID()}
			if was, ok := s.files[key]; ok {
				d := was.Data()
				d.AltText = f.Data().AltText
				s.files[key] = contentdomain.RestoreFile(d)
			}
		}
	})
	return nil
}

func (m memoryFiles) Discard(ctx context.Context, at time.Time, ids ...uuid.UUID) error {
	m.use(ctx, func(s *state) {
		s.discard(ctx, at, func(f contentdomain.File) bool { return slices.Contains(ids, f.ID()) })
	})
	return nil
}

func (s *state) discard(ctx context.Context, at time.Time, which func(contentdomain.File) bool) {
	for _, f := range s.filesOf(ctx, which) {
		d := f.Data()
		d.PostID, d.DiscardedAt = uuid.Nil, at
		s.files[ownKey{d.TenantID, d.ID}] = contentdomain.RestoreFile(d)
	}
}

func (m memoryFiles) Abandoned(ctx context.Context, before time.Time, limit int) (found []contentdomain.File, err error) {
	m.use(ctx, func(s *state) {
		found = s.filesOf(ctx, func(f contentdomain.File) bool {
			d := f.Data()
			used := d.Kind == contentdomain.FileAvatar && f.Complete()
			return !d.DiscardedAt.IsZero() || d.PostID == uuid.Nil && !used && d.CreatedAt.Before(before)
		})
	})
	return found[:min(limit, len(found))], nil
}

func (m memoryFiles) Forget(ctx context.Context, ids ...uuid.UUID) error {
	m.use(ctx, func(s *state) {
		maps.DeleteFunc(s.files, func(key ownKey, _ contentdomain.File) bool {
			return sees(ctx, key.tenant) && slices.Contains(ids, key.id)
		})
	})
	return nil
}

// MemoryBlobs is blob.Store in memory. It gives out no links.
type MemoryBlobs struct {
	mu      sync.Mutex
	content map[string][]byte
}

// NewMemoryBlobs is empty.
func NewMemoryBlobs() *MemoryBlobs { return &MemoryBlobs{content: map[string][]byte{}} }

// Put implements blob.Store.
func (b *MemoryBlobs) Put(_ context.Context, key string, content io.Reader) error {
	all, err := io.ReadAll(content)
	if err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.content[key] = all
	return nil
}

// Open implements blob.Store.
func (b *MemoryBlobs) Open(_ context.Context, key string) (io.ReadSeekCloser, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	content, ok := b.content[key]
	if !ok {
		return nil, contentdomain.ErrFileNotFound
	}
	return memoryContent{bytes.NewReader(content)}, nil
}

type memoryContent struct{ *bytes.Reader }

func (memoryContent) Close() error { return nil }

// Delete implements blob.Store.
func (b *MemoryBlobs) Delete(_ context.Context, key string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.content, key)
	return nil
}

// Link implements blob.Store.
func (b *MemoryBlobs) Link(context.Context, string, blob.Link) (string, error) {
	return "", nil
}

// Keys are what is there, in order.
func (b *MemoryBlobs) Keys() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Sorted(maps.Keys(b.content))
}
