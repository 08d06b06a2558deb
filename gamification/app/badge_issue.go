package app

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"strconv"

	"github.com/google/uuid"

	"go.updspace.com/gamification/domain"
	"go.updspace.com/gamification/openbadge"
	"go.updspace.com/gamification/ports"
)

// Addresses that badges name, below the origin of the tenant. They are those of the spec.
const (
	statusListPath       = "/api/v1/gamification/badges/issuer/status-lists/"
	badgeAchievementPath = "/api/v1/gamification/badges/issuer/achievements/"
)

// achievementContent is an achievement as badges in a language have it.
func achievementContent(issuer ports.Issuer, a domain.Achievement, wish string) openbadge.Achievement {
	d := a.Data()
	address := issuer.Origin + badgeAchievementPath + d.ID.String()
	language, name := d.Names.In(wish)
	description := cmp.Or(d.Descriptions[language], d.Description, name)
	return openbadge.Achievement{
		ID: address, Name: name, Description: description, Criteria: openbadge.Criteria{Narrative: description},
		Image: &openbadge.Image{ID: address + "/image", Caption: cmp.Or(d.ImageAlts[language], d.ImageAlt)}, Language: language,
	}
}

// badgeContent is what a badge says. It names its recipient only if the recipient wants that; the reason of the grant stays inside.
func badgeContent(issuer ports.Issuer, b domain.BadgeData, g domain.GrantData, a domain.Achievement) openbadge.Badge {
	content := openbadge.Badge{
		ID: b.ID.URN(), Issuer: openbadge.Profile{Name: issuer.Name, URL: issuer.Origin}, Recipient: openbadge.Recipient{ID: b.Subject.URN()},
		Achievement: achievementContent(issuer, a, b.Language), Awarded: g.CreatedAt, ValidFrom: g.CreatedAt, ValidUntil: g.ExpiresAt,
		Status: &openbadge.StatusEntry{List: issuer.Origin + statusListPath + strconv.Itoa(b.List), Index: b.Index},
	}
	if b.Name != "" {
		content.Recipient.Identities = []openbadge.Identity{openbadge.PlainIdentity("name", b.Name)}
	}
	return content
}

// edition is what a badge should say now.
type edition struct {
	issuer  ports.Issuer
	content openbadge.Badge
	digest  []byte
}

func newEdition(issuer ports.Issuer, b domain.Badge, g domain.Grant, a domain.Achievement) (edition, error) {
	content := badgeContent(issuer, b.Data(), g.Data(), a)
	text, err := json.Marshal(struct {
		DID     string
		Content openbadge.Badge
	}{issuer.DID, content})
	digest := sha256.Sum256(text)
	return edition{issuer, content, digest[:]}, err
}

// signed reports whether the badge says what it should and its key is published.
func (e edition) signed(b domain.Badge, keys domain.BadgeKeys) bool {
	d := b.Data()
	key, known := keys.Find(d.KeyID)
	return d.Credential != "" && bytes.Equal(d.Digest, e.digest) && known && key.Published()
}

// issue signs a badge unless its last edition is what it should be. It runs in a transaction that has locked the grant.
func (d Deps) issue(ctx context.Context, b domain.Badge, g domain.Grant, a domain.Achievement) (domain.Badge, error) {
	issuer, err := d.Issuers.Find(ctx)
	if err != nil {
		return b, err
	}
	keys, err := d.BadgeKeys.List(ctx)
	if err != nil {
		return b, err
	}
	now, err := newEdition(issuer, b, g, a)
	if err != nil || now.signed(b, keys) {
		return b, err
	}
	key, err := d.signingKey(ctx, keys)
	if err != nil {
		return b, err
	}
	private, err := d.BadgeKeys.Private(ctx, key.ID)
	if err != nil {
		return b, err
	}
	credential, err := openbadge.Sign(issuer.DID, private, now.content)
	if err != nil {
		return b, err
	}
	b = b.Issued(credential, now.digest, key.ID, d.Clock.Now())
	return b, d.Badges.Update(ctx, b)
}

// badgeOf returns the badge of a grant that is locked, and makes it when there is none.
func (d Deps) badgeOf(ctx context.Context, g domain.Grant) (domain.Badge, error) {
	badge, err := d.Badges.OfGrant(ctx, g.ID())
	if errors.Is(err, domain.ErrBadgeNotFound) {
		return d.Badges.Add(ctx, domain.NewBadge(g, d.Clock.Now()))
	}
	return badge, err
}

// takeOut makes and signs the badge of a grant, as far as that is to be done.
func (d Deps) takeOut(ctx context.Context, grant uuid.UUID, a domain.Achievement) (badge domain.Badge, err error) {
	err = d.Tx.Do(ctx, func(ctx context.Context) error {
		g, err := d.Grants.Lock(ctx, grant)
		if err != nil {
			return err
		}
		if g.BadgeState(d.Clock.Now()) != domain.BadgeValid {
			return domain.ErrGrantEnded
		}
		if badge, err = d.badgeOf(ctx, g); err != nil {
			return err
		}
		badge, err = d.issue(ctx, badge, g, a)
		return err
	})
	return badge, err
}

// baked is the picture of an achievement with a badge in it.
func (d Deps) baked(ctx context.Context, b domain.Badge, a domain.Achievement) ([]byte, error) {
	picture, err := d.badgePicture(ctx, a)
	if err != nil {
		return nil, err
	}
	return openbadge.Bake(picture, b.Data().Credential)
}

// badgePicture is the uploaded picture of an achievement, or a drawn one. Addresses elsewhere are never asked.
func (d Deps) badgePicture(ctx context.Context, a domain.Achievement) ([]byte, error) {
	picture, err := (&Images{d}).PNG(ctx, a)
	if errors.Is(err, domain.ErrImageNotFound) {
		return d.BadgePictures.Draw(ctx, a)
	}
	return picture, err
}
