package domain

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/valid"
)

// Bounds of pictures.
const (
	MaxImageSize = 5 << 20
	// MaxImages is how many pictures a poll has, used by options or not.
	MaxImages = 500
	// UnusedImageLife is how long a picture stays without an option.
	UnusedImageLife = 24 * time.Hour
)

// AcceptsImage reports whether pictures may have a content type.
func AcceptsImage(contentType string) bool {
	return slices.Contains([]string{"image/png", "image/jpeg", "image/gif", "image/webp"}, contentType)
}

// Image is a picture for options of a poll. Its content is in the blob store under Key. The row of an image is stored before its
// content and deleted after it, so no content is left behind.
type Image struct {
	data ImageData
}

// ImageData is the state of an image.
type ImageData struct {
	ID          uuid.UUID
	TenantID    uuid.UUID
	PollID      uuid.UUID
	CreatedBy   uuid.UUID
	ContentType string // empty until the content is stored
	Digest      string // SHA-256 of the content, in hex
	CreatedAt   time.Time
}

// NewImage makes an image without content.
func NewImage(poll Poll, by authz.Actor, now time.Time) Image {
	return Image{data: ImageData{ID: valid.NewID(), TenantID: poll.data.TenantID, PollID: poll.data.ID, CreatedBy: by.User, CreatedAt: valid.Instant(now)}}
}

// RestoreImage makes an image from its stored state.
func RestoreImage(d ImageData) Image { return Image{data: d} }

// Data returns the state of the image.
func (i Image) Data() ImageData { return i.data }

// ID returns the id of the image.
func (i Image) ID() uuid.UUID { return i.data.ID }

// Key returns the key of the content in the blob store.
func (i Image) Key() string {
	return "poll-images/" + i.data.TenantID.String() + "/" + i.data.ID.String()
}

// URL returns the path of the image, for the media URL of an option.
func (i Image) URL() string {
	return "/api/v1/voting/polls/" + i.data.PollID.String() + "/images/" + i.data.ID.String()
}

// Arrived returns the image with what is known of its stored content.
func (i Image) Arrived(contentType, digest string) Image {
	i.data.ContentType, i.data.Digest = contentType, digest
	return i
}
