package domain

import (
	"time"

	"github.com/google/uuid"
)

// Avatar is the picture of an account. Its content is in the blob store under Key.
type Avatar struct {
	ID          uuid.UUID
	UserID      uuid.UUID // uuid.Nil: the account is gone
	ContentType string    // empty until the content is there
	Digest      string    // SHA-256 of the content, in hex
	CreatedAt   time.Time
}

// MaxAvatarSize is how large a picture may be that is uploaded.
const MaxAvatarSize = 2 << 20

// Key is where the content is in the blob store.
func (a Avatar) Key() string { return "avatars/" + a.ID.String() }

// AvatarPath is where an avatar is shown, whose ID follows. The ID is new with each picture, so what is at an address never changes.
const AvatarPath = "/api/v1/auth/avatars/"
