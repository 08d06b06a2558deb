package domain

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/valid"
)

// BadgeState is what has become of the grant of a badge.
type BadgeState string

// The states.
const (
	BadgeValid   BadgeState = "valid"
	BadgeRevoked BadgeState = "revoked"
	BadgeExpired BadgeState = "expired"
)

// BadgeState is the state of the grant's badge. A grant whose time is over is expired before the job has ended it.
func (g Grant) BadgeState(now time.Time) BadgeState {
	if !g.data.RevokedAt.IsZero() {
		return BadgeRevoked
	}
	if ended, _ := g.Expire(now); ended.Ended() {
		return BadgeExpired
	}
	return BadgeValid
}

const maxBadgeName = 128

// Badge is a grant outside of the platform: what its recipient decides, and the signed badge as it was last taken out.
type Badge struct{ data BadgeData }

// BadgeData is all data of a badge, for showing and storing it.
type BadgeData struct {
	ID            uuid.UUID // of the credential, the same in each edition
	TenantID      uuid.UUID
	GrantID       uuid.UUID // zero after the grant was forgotten or erased
	AchievementID uuid.UUID
	RecipientID   uuid.UUID
	Subject       uuid.UUID // what the badge calls its recipient; it says nothing of the person
	List, Index   int       // its place in the status lists
	Name          string    // of the recipient, as the recipient wants to be named; empty for no name
	Language      string    // of the texts; empty for that of the achievement
	Token         BadgeToken
	SharedAt      time.Time // zero unless the badge is shared
	Credential    string    // as it was last signed; empty before
	Digest        []byte    // of what it says
	KeyID         string    // of the key that signed it
	IssuedAt      time.Time
	CreatedAt     time.Time
}

// NewBadge makes the badge of a grant. Its place in the status lists is given when it is stored.
func NewBadge(g Grant, now time.Time) Badge {
	return Badge{BadgeData{
		ID: valid.NewID(), TenantID: g.data.TenantID, GrantID: g.data.ID, AchievementID: g.data.AchievementID, RecipientID: g.data.RecipientID,
		Subject: uuid.New(), CreatedAt: valid.Instant(now),
	}}
}

// RestoreBadge returns a stored badge. It is for repositories only.
func RestoreBadge(d BadgeData) Badge { return Badge{d} }

// BadgeEdit changes the fields that are not nil.
type BadgeEdit struct {
	Name     *string
	Language *string
	Shared   *bool
}

// Edit returns the changed badge of a grant of an achievement.
func (b Badge) Edit(e BadgeEdit, g Grant, a Achievement, now time.Time) (Badge, error) {
	fields, d := errs.Fields{}, b.data
	if e.Name != nil {
		d.Name = valid.Line(fields, "name", *e.Name, 0, maxBadgeName)
	}
	if e.Language != nil {
		_, known := a.data.Names[*e.Language]
		fields.Check(known || *e.Language == "", "language", why.NotAllowed("must be a language of the achievement's names"))
		d.Language = *e.Language
	}
	if err := fields.Err(); err != nil {
		return b, err
	}
	if d.Name != b.data.Name || d.Language != b.data.Language { // the former edition is not kept
		d.Credential, d.Digest, d.KeyID, d.IssuedAt = "", nil, "", time.Time{}
	}
	switch {
	case e.Shared == nil || *e.Shared == d.Shared():
	case !*e.Shared:
		d.Token, d.SharedAt = "", time.Time{}
	case g.BadgeState(now) != BadgeValid:
		return b, ErrGrantEnded
	default:
		d.Token, d.SharedAt = NewBadgeToken(), valid.Instant(now)
	}
	return Badge{d}, nil
}

// Issued stores an edition that was signed.
func (b Badge) Issued(credential string, digest []byte, keyID string, now time.Time) Badge {
	b.data.Credential, b.data.Digest, b.data.KeyID, b.data.IssuedAt = credential, digest, keyID, valid.Instant(now)
	return b
}

// Placed gives the badge its place in the status lists.
func (b Badge) Placed(list, index int) Badge {
	b.data.List, b.data.Index = list, index
	return b
}

// Data returns all data of the badge.
func (b Badge) Data() BadgeData { return b.data }

// ID is the badge's id.
func (b Badge) ID() uuid.UUID { return b.data.ID }

// Shared reports whether the badge has a page that everybody may see.
func (d BadgeData) Shared() bool { return d.Token != "" }

// BadgeToken is the secret of a badge's link: 256 random bits in base64url.
type BadgeToken string

// NewBadgeToken makes a secret.
func NewBadgeToken() BadgeToken {
	var bits [32]byte
	_, _ = rand.Read(bits[:]) // never fails
	return BadgeToken(base64.RawURLEncoding.EncodeToString(bits[:]))
}

// Hash is what the link is found by.
func (t BadgeToken) Hash() []byte {
	sum := sha256.Sum256([]byte(t))
	return sum[:]
}

// preferredLanguages are those that the texts of badges are in, where there is a choice.
var preferredLanguages = []string{"ru", "en"}

// In returns the language that texts have nearest to the wish: the wish, the preferred ones, the first.
func (t Texts) In(wish string) (language, text string) {
	for _, language := range append([]string{wish}, append(preferredLanguages, slices.Sorted(maps.Keys(t))...)...) {
		if text, ok := t[language]; ok {
			return language, text
		}
	}
	return "", ""
}
