package app

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/gamification/domain"
	"go.updspace.com/gamification/openbadge"
	"go.updspace.com/gamification/ports"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/reqctx"
)

// BadgeIssuer are the use cases of everybody who verifies badges. They need no session.
type BadgeIssuer struct{ Deps }

// forAnyone refuses requests of users: what is open to everybody is asked for by the gateway, for a tenant and no user.
func forAnyone(ctx context.Context) error {
	switch rc := reqctx.From(ctx); {
	case rc.UserID != uuid.Nil:
		return errs.Forbiddenf("This is asked for without a session.")
	case rc.TenantID == uuid.Nil:
		return domain.ErrBadgeNotFound
	}
	return nil
}

// Document returns the DID document of the tenant.
func (s *BadgeIssuer) Document(ctx context.Context) ([]byte, error) {
	if err := forAnyone(ctx); err != nil {
		return nil, err
	}
	return s.document(ctx)
}

// KeySet returns the keys of the tenant as a JSON Web Key Set.
func (s *BadgeIssuer) KeySet(ctx context.Context) ([]byte, error) {
	if err := forAnyone(ctx); err != nil {
		return nil, err
	}
	issuer, keys, err := s.published(ctx)
	if err != nil {
		return nil, err
	}
	return openbadge.KeySet(issuer.DID, keys...)
}

// StatusList returns a status list, signed.
func (s *BadgeIssuer) StatusList(ctx context.Context, list int) (string, error) {
	if err := forAnyone(ctx); err != nil {
		return "", err
	}
	issuer, err := s.Issuers.Find(ctx)
	if err != nil {
		return "", err
	}
	return s.statusList(ctx, issuer, list)
}

// Achievement returns an achievement of which there are badges, as it stands in them.
func (s *BadgeIssuer) Achievement(ctx context.Context, id uuid.UUID) ([]byte, error) {
	achievement, err := s.named(ctx, id)
	if err != nil {
		return nil, err
	}
	issuer, err := s.Issuers.Find(ctx)
	if err != nil {
		return nil, err
	}
	return json.Marshal(achievementContent(issuer, achievement, ""))
}

// AchievementImage returns the picture of an achievement of which there are badges.
func (s *BadgeIssuer) AchievementImage(ctx context.Context, id uuid.UUID) ([]byte, error) {
	achievement, err := s.named(ctx, id)
	if err != nil {
		return nil, err
	}
	return s.badgePicture(ctx, achievement)
}

// named returns an achievement that a badge names. Others are not open to everybody.
func (s *BadgeIssuer) named(ctx context.Context, id uuid.UUID) (domain.Achievement, error) {
	if reqctx.From(ctx).TenantID == uuid.Nil {
		return domain.Achievement{}, domain.ErrAchievementNotFound
	}
	found, err := s.Badges.AnyOf(ctx, id)
	if err == nil && !found { // before callers are refused, because what another tenant owns does not exist
		err = domain.ErrAchievementNotFound
	}
	if err == nil {
		err = forAnyone(ctx)
	}
	if err != nil {
		return domain.Achievement{}, err
	}
	return s.Achievements.Find(ctx, id)
}

func (d Deps) published(ctx context.Context) (issuer ports.Issuer, public []openbadge.PublicKey, err error) {
	if issuer, err = d.Issuers.Find(ctx); err != nil {
		return issuer, nil, err
	}
	keys, err := d.BadgeKeys.List(ctx)
	if err != nil {
		return issuer, nil, err
	}
	for _, key := range keys.Published() {
		parsed, err := openbadge.ParsePublicKey(key.Public)
		if err != nil {
			return issuer, nil, err
		}
		public = append(public, parsed)
	}
	return issuer, public, nil
}

func (d Deps) document(ctx context.Context) ([]byte, error) {
	issuer, keys, err := d.published(ctx)
	if err != nil {
		return nil, err
	}
	return openbadge.NewDocument(issuer.DID, keys...)
}

// A status list says when it was signed in steps, so that it stays the same for a while, and is current for some steps.
const (
	statusListStep = 15 * time.Minute
	statusListLife = time.Hour
)

func (d Deps) statusList(ctx context.Context, issuer ports.Issuer, number int) (string, error) {
	ended, err := d.Badges.Ended(ctx, number)
	if err != nil {
		return "", err
	}
	list := openbadge.NewStatusList()
	for _, index := range ended {
		if err := list.Set(index, true); err != nil {
			return "", err
		}
	}
	keys, err := d.BadgeKeys.List(ctx)
	if err != nil {
		return "", err
	}
	key, found := keys.Signing()
	if !found { // nothing was signed yet
		return "", domain.ErrStatusListNotFound
	}
	from := d.Clock.Now().UTC().Truncate(statusListStep)
	return d.StatusLists.Sign(ctx, issuer.DID, key.ID, openbadge.SignedStatusList{
		URL: issuer.Origin + statusListPath + strconv.Itoa(number), List: list, ValidFrom: from, ValidUntil: from.Add(statusListLife),
	})
}

// SharedBadges are the use cases of everybody who has the link of a badge.
type SharedBadges struct{ Deps }

// SharedBadge is a badge as everybody with its link sees it.
type SharedBadge struct {
	Badge       domain.Badge
	Grant       domain.Grant
	Achievement domain.Achievement
	Issuer      ports.Issuer
	State       domain.BadgeState
}

// Show returns the badge of a link. One whose key was withdrawn is signed anew.
func (s *SharedBadges) Show(ctx context.Context, token domain.BadgeToken) (shared SharedBadge, err error) {
	if err := forAnyone(ctx); err != nil {
		return shared, err
	}
	if shared.Badge, err = s.Badges.OfToken(ctx, token); err != nil {
		return shared, err
	}
	shared.Grant, err = s.Grants.Find(ctx, shared.Badge.Data().GrantID)
	if errors.Is(err, domain.ErrGrantNotFound) {
		err = domain.ErrBadgeNotFound
	}
	if err != nil {
		return shared, err
	}
	if shared.Achievement, err = s.Achievements.Find(ctx, shared.Badge.Data().AchievementID); err != nil {
		return shared, err
	}
	if shared.Issuer, err = s.Issuers.Find(ctx); err != nil {
		return shared, err
	}
	if shared.State = shared.Grant.BadgeState(s.Clock.Now()); shared.State != domain.BadgeValid {
		return shared, nil
	}
	keys, err := s.BadgeKeys.List(ctx)
	if err != nil {
		return shared, err
	}
	if key, found := keys.Find(shared.Badge.Data().KeyID); !found || !key.Published() {
		shared.Badge, err = s.takeOut(ctx, shared.Grant.ID(), shared.Achievement)
	}
	return shared, err
}

// Image returns the picture of the badge of a link with the badge in it.
func (s *SharedBadges) Image(ctx context.Context, token domain.BadgeToken) (SharedBadge, []byte, error) {
	shared, err := s.Show(ctx, token)
	if err != nil {
		return shared, nil, err
	}
	image, err := s.baked(ctx, shared.Badge, shared.Achievement)
	return shared, image, err
}

// Verification is what a verifier found, and when.
type Verification struct {
	openbadge.Report
	At time.Time
}

// Verify verifies the signed badge of a link against the documents as they are published now.
func (s *SharedBadges) Verify(ctx context.Context, token domain.BadgeToken) (Verification, error) {
	shared, err := s.Show(ctx, token)
	if err != nil {
		return Verification{}, err
	}
	issuer, now := shared.Issuer, s.Clock.Now()
	report := openbadge.Verify(ctx, shared.Badge.Data().Credential, now, openbadge.Sources{
		Document: func(ctx context.Context, did string) ([]byte, error) {
			if did != issuer.DID {
				return nil, errors.New("it is another issuer")
			}
			return s.document(ctx)
		},
		StatusList: func(ctx context.Context, address string) ([]byte, error) {
			number, err := strconv.Atoi(strings.TrimPrefix(address, issuer.Origin+statusListPath))
			if err != nil {
				return nil, errors.New("it is a list of another issuer")
			}
			list, err := s.statusList(ctx, issuer, number)
			return []byte(list), err
		},
	})
	return Verification{report, now}, nil
}
