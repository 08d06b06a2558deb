package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"go.updspace.com/libs/errs"
)

// Folder is a Store in a folder. os.Root keeps every key inside it.
type Folder struct {
	root *os.Root
}

var _ Store = (*Folder)(nil)

// OpenFolder opens a folder as a store, and makes it if there is none.
func OpenFolder(dir string) (*Folder, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("making the folder of blobs: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("opening the folder of blobs: %w", err)
	}
	return &Folder{root: root}, nil
}

// Close closes the folder.
func (f *Folder) Close() error { return f.root.Close() }

// Put writes beside the key and renames the file when it is complete and on the disk, so that no reader gets a part.
func (f *Folder) Put(ctx context.Context, key string, content io.Reader) error {
	name := filepath.FromSlash(key)
	if err := f.root.MkdirAll(path.Dir(key), 0o700); err != nil {
		return errs.Unavailablef("Files cannot be stored right now.").Wrap(err)
	}
	part := name + ".part"
	file, err := f.root.OpenFile(part, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return errs.Unavailablef("Files cannot be stored right now.").Wrap(err)
	}
	_, err = io.Copy(file, reader{ctx, content})
	if err == nil {
		err = file.Sync()
	}
	if closeErr := file.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		err = f.root.Rename(part, name)
	}
	if err != nil {
		return errors.Join(err, f.root.Remove(part))
	}
	return nil
}

// Open returns the content.
func (f *Folder) Open(_ context.Context, key string) (io.ReadSeekCloser, error) {
	file, err := f.root.Open(filepath.FromSlash(key))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNotFound.Wrap(err)
	}
	if err != nil {
		return nil, errs.Unavailablef("Files cannot be read right now.").Wrap(err)
	}
	return file, nil
}

// Delete removes the content, and what an interrupted Put left.
func (f *Folder) Delete(_ context.Context, key string) error {
	name := filepath.FromSlash(key)
	for _, name := range []string{name, name + ".part"} {
		if err := f.root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return errs.Unavailablef("Files cannot be deleted right now.").Wrap(err)
		}
	}
	return nil
}

// Link returns none: a folder is not reached from outside.
func (f *Folder) Link(context.Context, string, Link) (string, error) { return "", nil }

// reader ends with its context.
type reader struct {
	ctx  context.Context
	from io.Reader
}

func (r reader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.from.Read(p)
}
