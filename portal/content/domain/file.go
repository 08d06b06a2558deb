package domain

import (
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/valid"
)

// Bounds of files.
const (
	MaxFileName       = 128
	MaxAltText        = 500
	MaxAttachmentSize = 10 << 20
	MaxAvatarSize     = 2 << 20
	// MaxPending is how many attachments a user may have that are not attached to a post.
	MaxPending = 20
	// PendingLife is how long an attachment stays without a post.
	PendingLife = 24 * time.Hour
)

// FileKind is the purpose of a file.
type FileKind string

// The kinds of file.
const (
	FileAttachment FileKind = "attachment"
	FileAvatar     FileKind = "avatar"
)

// contentTypes are the content types of files. A browser runs none of them when it does not guess types.
var contentTypes = map[FileKind][]string{
	FileAttachment: {
		"image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf", "application/zip",
		"text/plain; charset=utf-8", "text/plain; charset=utf-16le", "text/plain; charset=utf-16be",
		"audio/mpeg", "audio/wave", "application/ogg", "video/mp4", "video/webm",
	},
	FileAvatar: {"image/png", "image/jpeg", "image/webp"},
}

// Accepts reports whether files of the kind may have a content type.
func (k FileKind) Accepts(contentType string) bool {
	return slices.Contains(contentTypes[k], contentType)
}

// MaxSize returns the largest size of files of the kind.
func (k FileKind) MaxSize() int64 {
	if k == FileAvatar {
		return MaxAvatarSize
	}
	return MaxAttachmentSize
}

// File is an uploaded file: an attachment of a post, or an avatar. Its content is in the blob store under Key. The row of a file
// is stored before its content and deleted after it, so no content is left behind.
type File struct {
	data FileData
}

// FileData is the state of a file.
type FileData struct {
	ID          uuid.UUID
	TenantID    uuid.UUID
	Kind        FileKind
	OwnerID     uuid.UUID
	PostID      uuid.UUID // uuid.Nil while it is attached to none
	Name        string
	ContentType string // found in the content; empty until the content is stored
	Size        int64
	Digest      string // SHA-256 of the content, in hex
	AltText     string // what a picture shows, for readers who do not see it
	CreatedAt   time.Time
	// DiscardedAt is when the file was discarded. The cleanup removes it soon after.
	DiscardedAt time.Time
}

// NewFile makes a file without content.
func NewFile(kind FileKind, owner authz.Actor, name string, now time.Time) (File, error) {
	fields := errs.Fields{}
	name = valid.FileName(fields, "file_name", name, MaxFileName)
	return File{data: FileData{
		ID: valid.NewID(), TenantID: owner.Tenant, Kind: kind, OwnerID: owner.User, Name: name, CreatedAt: valid.Instant(now),
	}}, fields.Err()
}

// RestoreFile makes a file from its stored state.
func RestoreFile(d FileData) File { return File{data: d} }

// Data returns the state of the file.
func (f File) Data() FileData { return f.data }

// ID returns the id of the file.
func (f File) ID() uuid.UUID { return f.data.ID }

// Key returns the key of the content in the blob store.
func (f File) Key() string {
	return string(f.data.Kind) + "s/" + f.data.TenantID.String() + "/" + f.data.ID.String()
}

// Arrived returns the file with what is known of its stored content.
func (f File) Arrived(contentType string, size int64, digest string) File {
	f.data.ContentType, f.data.Size, f.data.Digest = contentType, size, digest
	return f
}

// Complete reports whether the content is stored.
func (f File) Complete() bool { return f.data.ContentType != "" }

// PendingFor reports whether a user can attach the file to a post: it is the user's own, and attached to none.
func (f File) PendingFor(user uuid.UUID) bool {
	d := f.data
	return d.Kind == FileAttachment && f.Complete() && d.OwnerID == user && d.PostID == uuid.Nil && d.DiscardedAt.IsZero()
}

// Described returns the files with descriptions by their ids. A file without one keeps its own. A description of a file that is
// not among them is refused.
func Described(files []File, texts map[uuid.UUID]string) ([]File, error) {
	fields := errs.Fields{}
	described := slices.Clone(files)
	found := 0
	for i, file := range described {
		if text, ok := texts[file.ID()]; ok {
			described[i].data.AltText = valid.Line(fields, "alt_texts", text, 0, MaxAltText)
			found++
		}
	}
	fields.Check(found == len(texts), "alt_texts", why.NotFound("must describe attachments of the post"))
	return described, fields.Err()
}

// Inline reports whether a browser may show the content in a page. Other content is downloaded.
func (f File) Inline() bool { return strings.HasPrefix(f.data.ContentType, "image/") }
