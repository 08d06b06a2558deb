// Package upload takes in files that users send. It finds the type of a file in its content, refuses what the purpose does
// not accept, removes metadata from pictures, measures and digests the content, and puts it into a [blob.Store].
//
// A service stores a row for the file between the two steps, so that content whose row is missing does not exist:
//
//	up, err := receiver.Inspect(name, content, upload.Rules{Accepts: kind.Accepts, MaxSize: kind.MaxSize()})
//	... // store the row, as incomplete
//	stored, err := up.Store(ctx, blobs, key)
//	... // complete the row, or leave it to blob.Sweep
package upload

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"strings"

	"go.updspace.com/libs/blob"
	"go.updspace.com/libs/errs"
)

// Reasons to refuse a file.
var (
	ErrType     = errs.New(errs.Unsupported, "", "Files of this type are not accepted.")
	ErrTooLarge = errs.New(errs.TooLarge, "", "The file is too large.")
	ErrEmpty    = errs.New(errs.BadRequest, "EMPTY_FILE", "The file is empty.")
)

// Types finds the content type of a file by its first bytes, headSize if there are as many: filetype.Detector.
type Types interface {
	ContentType(name string, head []byte) string
}

// Pictures removes metadata from a picture and leaves its pixels as they are: imaging.Imaging.
type Pictures interface {
	Strip(contentType string, picture []byte) ([]byte, error)
}

// Receiver takes in files.
type Receiver struct {
	Types    Types
	Pictures Pictures
}

// Rules are what a file of one purpose may be.
type Rules struct {
	Accepts func(contentType string) bool
	MaxSize int64
}

// Upload is a file of which only the beginning was read.
type Upload struct {
	pictures    Pictures
	contentType string
	maxSize     int64
	content     io.Reader
}

// Stored describes content that was stored.
type Stored struct {
	ContentType string
	Size        int64
	Digest      string // SHA-256, in hex
}

// headSize is how much of a file tells its type.
const headSize = 512

// Inspect reads the beginning of a file and refuses types that the rules do not accept.
func (r Receiver) Inspect(name string, content io.Reader, rules Rules) (*Upload, error) {
	head := make([]byte, headSize)
	n, err := io.ReadFull(content, head)
	switch {
	case errors.Is(err, io.EOF):
		return nil, ErrEmpty
	case err != nil && !errors.Is(err, io.ErrUnexpectedEOF):
		return nil, err
	}
	contentType := r.Types.ContentType(name, head[:n])
	if !rules.Accepts(contentType) {
		return nil, ErrType
	}
	return &Upload{
		pictures: r.Pictures, contentType: contentType, maxSize: rules.MaxSize, content: io.MultiReader(bytes.NewReader(head[:n]), content),
	}, nil
}

// Store puts the file under a key. It is streamed, unless it is a picture. A file that turns out too large is ErrTooLarge and
// leaves the key as it was.
func (u *Upload) Store(ctx context.Context, blobs blob.Store, key string) (Stored, error) {
	content := Limit(u.content, u.maxSize)
	if strings.HasPrefix(u.contentType, "image/") {
		picture, err := io.ReadAll(content)
		if err != nil {
			return Stored{}, err
		}
		if picture, err = u.pictures.Strip(u.contentType, picture); err != nil {
			return Stored{}, err
		}
		content = bytes.NewReader(picture)
	}
	measured := &meter{from: content, digest: sha256.New()}
	if err := blobs.Put(ctx, key, measured); err != nil {
		return Stored{}, err
	}
	return Stored{ContentType: u.contentType, Size: measured.size, Digest: hex.EncodeToString(measured.digest.Sum(nil))}, nil
}

// meter measures and digests what is read through it.
type meter struct {
	from   io.Reader
	size   int64
	digest hash.Hash
}

func (m *meter) Read(p []byte) (int, error) {
	n, err := m.from.Read(p)
	m.size += int64(n)
	_, _ = m.digest.Write(p[:n]) // a hash takes everything
	return n, err
}

// Limit returns a reader that fails with ErrTooLarge when content is longer than most.
func Limit(content io.Reader, most int64) io.Reader { return &limited{content, most} }

type limited struct {
	from io.Reader
	left int64
}

func (l *limited) Read(p []byte) (int, error) {
	n, err := l.from.Read(p)
	if l.left -= int64(n); l.left < 0 {
		return 0, ErrTooLarge
	}
	return n, err
}
