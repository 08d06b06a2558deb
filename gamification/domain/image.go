package domain

import (
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/valid"
)

// Bounds of uploaded pictures.
const (
	MaxUpload = 5 << 20
	// MaxUploads is how many pictures a member can upload within UploadWindow.
	MaxUploads   = 100
	UploadWindow = 24 * time.Hour
	// UnusedImageLife is how long a picture stays without an achievement.
	UnusedImageLife = 24 * time.Hour
)

// ImageSize is one of the sizes of an uploaded picture.
type ImageSize string

// The sizes.
const (
	ImageSmall  ImageSize = "small"
	ImageMedium ImageSize = "medium"
	ImageLarge  ImageSize = "large"
)

// ImageSizes are the sizes, the largest first.
func ImageSizes() []ImageSize { return []ImageSize{ImageLarge, ImageMedium, ImageSmall} }

// ImageSides are how many pixels the longer side of each of ImageSizes has at most.
func ImageSides() []int { return []int{512, 256, 96} }

// Image is an uploaded picture. Its content is in the blob store, under a key for each size. The row of an image is stored before its
// content and deleted after it, so no content is left behind. Its id cannot be guessed: who knows the address may see the picture.
type Image struct{ data ImageData }

// ImageData is all data of an image, for storing it.
type ImageData struct {
	ID          uuid.UUID
	TenantID    uuid.UUID
	CreatedBy   uuid.UUID
	ContentType string // empty until the content is stored
	CreatedAt   time.Time
	UsedAt      time.Time // when an achievement got it or lost it last
}

// NewImage makes an image without content.
func NewImage(by authz.Actor, now time.Time) Image {
	now = valid.Instant(now)
	return Image{ImageData{ID: uuid.New(), TenantID: by.Tenant, CreatedBy: by.User, CreatedAt: now, UsedAt: now}}
}

// RestoreImage returns a stored image. It is for repositories only.
func RestoreImage(d ImageData) Image { return Image{d} }

// Arrived returns the image with what is known of its stored content.
func (i Image) Arrived(contentType string) Image {
	i.data.ContentType = contentType
	return i
}

// Data returns all data of the image.
func (i Image) Data() ImageData { return i.data }

// ID is the image's id.
func (i Image) ID() uuid.UUID { return i.data.ID }

// Key is the key of the content of a size in the blob store.
func (i Image) Key(size ImageSize) string {
	return "achievement-images/" + i.data.TenantID.String() + "/" + i.data.ID.String() + "/" + string(size)
}

const imagePath = "/api/v1/gamification/images/"

// Addresses are those of the image, for an achievement.
func (i Image) Addresses() Images {
	of := func(size ImageSize) string { return imagePath + i.data.ID.String() + "/" + string(size) }
	return Images{Small: of(ImageSmall), Medium: of(ImageMedium), Large: of(ImageLarge)}
}

// UploadedImage is the id of the uploaded picture that an address names.
func UploadedImage(address string) (id uuid.UUID, size ImageSize, ok bool) {
	rest, own := strings.CutPrefix(address, imagePath)
	name, end, _ := strings.Cut(rest, "/")
	id, err := uuid.Parse(name)
	size = ImageSize(end)
	return id, size, own && err == nil && id.String() == name && slices.Contains(ImageSizes(), size)
}

// Uploaded are the ids of the uploaded pictures among the addresses, each once.
func (i Images) Uploaded() []uuid.UUID {
	ids := []uuid.UUID{}
	for _, address := range []string{i.Small, i.Medium, i.Large} {
		if id, _, ok := UploadedImage(address); ok && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// Largest is the address of the largest picture; empty if there is none.
func (i Images) Largest() string {
	for _, address := range []string{i.Large, i.Medium, i.Small} {
		if address != "" {
			return address
		}
	}
	return ""
}
