package domain

import (
	"path"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"

	"go.updspace.com/libs/errs"
)

// Bounds of files.
const (
	MaxFileName       = 128
	MaxAttachmentSize = 10 << 20
	MaxAvatarSize     = 2 << 20
	// MaxPending is how many files a person may have uploaded without attaching them to a post.
	MaxPending = 20
	// PendingLife is how long a file waits to be attached.
	PendingLife = 24 * time.Hour
)

// FileKind says what a file is for.
type FileKind string

// The kinds of file.
const (
	FileAttachment FileKind = "attachment"
	FileAvatar     FileKind = "avatar"
)

// File is a file that a person uploaded: an attachment of a post, or an avatar. What is in it lies in the blob store
// under Key; a file always exists before its content does and goes after it, so no content is ever left behind
// unknown.
type File struct {
	data FileData
}

// FileData is everything there is to know about a file.
type FileData struct {
	ID          uuid.UUID
	TenantID    uuid.UUID
	Kind        FileKind
	OwnerID     uuid.UUID
	PostID      uuid.UUID // that it is attached to, or uuid.Nil
	Name        string
	ContentType string // found in the content, whatever its sender called it; empty until it has arrived
	Size        int64
	Digest      string // SHA-256 of the content, in hex
	CreatedAt   time.Time
	// DiscardedAt is when the file was given up; its content goes soon after.
	DiscardedAt time.Time
}

// NewFile makes a file whose content is still to come.
func NewFile(kind FileKind, owner Actor, name string, now time.Time) (File, error) {
	name, err := fileName(name)
	if err != nil {
		return File{}, err
	}
	return File{data: FileData{
		ID: newID(), TenantID: owner.Tenant, Kind: kind, OwnerID: owner.User, Name: name, CreatedAt: Instant(now),
	}}, nil
}

// fileName keeps the last element of what may be a path, because only that is a name.
func fileName(name string) (string, error) {
	fields := errs.Fields{}
	fields.Check(storable(name) && !strings.ContainsFunc(name, unicode.IsControl), "file_name", "must be text")
	name = strings.TrimSpace(path.Base(strings.ReplaceAll(strings.TrimSpace(name), `\`, "/")))
	fields.Check(strings.Trim(name, "./") != "", "file_name", "must not be empty")
	fields.Check(utf8.RuneCountInString(name) <= MaxFileName, "file_name", "must be at most 128 characters long")
	return name, fields.Err()
}

// RestoreFile takes back a file from where it was stored.
func RestoreFile(d FileData) File { return File{data: d} }

// Data returns everything about the file.
func (f File) Data() FileData { return f.data }

// ID is the file's id.
func (f File) ID() uuid.UUID { return f.data.ID }

// Key is where the content lies in the blob store.
func (f File) Key() string {
	return string(f.data.Kind) + "s/" + f.data.TenantID.String() + "/" + f.data.ID.String()
}

// Arrived returns the file with what is known of its content once that is stored.
func (f File) Arrived(contentType string, size int64, digest string) File {
	f.data.ContentType, f.data.Size, f.data.Digest = contentType, size, digest
	return f
}

// Complete reports whether the content has arrived.
func (f File) Complete() bool { return f.data.ContentType != "" }

// AttachableTo says whether an author may attach the file to his post.
func (f File) AttachableTo(post Post, author Actor) bool {
	d := f.data
	return d.Kind == FileAttachment && f.Complete() && d.OwnerID == author.User && d.DiscardedAt.IsZero() &&
		(d.PostID == uuid.Nil || d.PostID == post.ID())
}

// Inline reports whether a browser may show the content in a page; everything else it has to download.
func (f File) Inline() bool { return strings.HasPrefix(f.data.ContentType, "image/") }

// attachmentTypes are the contents that can be attached. None of them is run by a browser that is told not to guess.
var attachmentTypes = map[string]bool{
	"image/png": true, "image/jpeg": true, "image/gif": true, "image/webp": true,
	"application/pdf": true, "text/plain; charset=utf-8": true, "application/zip": true,
	"audio/mpeg": true, "audio/wave": true, "application/ogg": true, "video/mp4": true, "video/webm": true,
}

// Allows says whether files of a kind may have a type of content, as it was found by looking into it.
func (k FileKind) Allows(contentType string) error {
	if k == FileAttachment && attachmentTypes[contentType] {
		return nil
	}
	if k == FileAvatar && (contentType == "image/png" || contentType == "image/jpeg" || contentType == "image/webp") {
		return nil
	}
	return ErrFileType
}

// Limit is how large files of a kind may be.
func (k FileKind) Limit() int64 {
	if k == FileAvatar {
		return MaxAvatarSize
	}
	return MaxAttachmentSize
}
