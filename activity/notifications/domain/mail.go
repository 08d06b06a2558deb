package domain

import "github.com/google/uuid"

// Mail is an e-mail to a person: one notification at once, or several in a digest.
type Mail struct {
	ID     uuid.UUID
	Person uuid.UUID
	Slug   string // of the tenant
	Digest bool
	Items  []Notification
	More   int // that the mail does not show
}

// MaxInDigest is how many notifications a digest shows.
const MaxInDigest = 20

// DigestDue is a person whose digest is due.
type DigestDue struct {
	Tenant, Person uuid.UUID
	Settings       Settings
}
