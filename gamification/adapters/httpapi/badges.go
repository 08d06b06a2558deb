package httpapi

import (
	"context"

	"go.updspace.com/api/gamificationapi"
	"go.updspace.com/gamification/app"
	"go.updspace.com/gamification/domain"
	"go.updspace.com/gamification/openbadge"
	"go.updspace.com/libs/page"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/wire"
)

// The types of what is signed and of pictures.
const (
	typeBadge      = "application/jwt"
	typeStatusList = "application/vc+jwt"
	typeLinkedData = "application/ld+json"
	typeJSON       = "application/json"
	typePNG        = "image/png"
)

// fileName names a badge that is downloaded.
func fileName(b domain.Badge, ending string) string { return "badge-" + b.ID().String() + ending }

func (s *server) GetBadge(ctx context.Context, r gamificationapi.GetBadgeRequestObject) (gamificationapi.GetBadgeResponseObject, error) {
	view, err := s.badges.Get(ctx, reqctx.From(ctx).Actor(), r.GrantID)
	if err != nil {
		return nil, err
	}
	return gamificationapi.GetBadge200JSONResponse(ToAPIBadge(view)), nil
}

func (s *server) UpdateBadge(ctx context.Context, r gamificationapi.UpdateBadgeRequestObject) (gamificationapi.UpdateBadgeResponseObject, error) {
	view, err := s.badges.Update(ctx, reqctx.From(ctx).Actor(), r.GrantID, domain.BadgeEdit{
		Name: wire.Edit(r.Body.Name), Language: wire.Edit(r.Body.Language), Shared: r.Body.Shared,
	})
	if err != nil {
		return nil, err
	}
	return gamificationapi.UpdateBadge200JSONResponse(ToAPIBadge(view)), nil
}

func (s *server) GetBadgeCredential(ctx context.Context, r gamificationapi.GetBadgeCredentialRequestObject) (gamificationapi.GetBadgeCredentialResponseObject, error) {
	badge, err := s.badges.Credential(ctx, reqctx.From(ctx).Actor(), r.GrantID)
	if err != nil {
		return nil, err
	}
	return published{[]byte(badge.Data().Credential), typeBadge, askedAgain, fileName(badge, ".jwt"), r.Params.IfNoneMatch}, nil
}

func (s *server) GetBadgeImage(ctx context.Context, r gamificationapi.GetBadgeImageRequestObject) (gamificationapi.GetBadgeImageResponseObject, error) {
	badge, image, err := s.badges.Image(ctx, reqctx.From(ctx).Actor(), r.GrantID)
	if err != nil {
		return nil, err
	}
	return published{image, typePNG, askedAgain, fileName(badge, ".png"), r.Params.IfNoneMatch}, nil
}

// mostBadges is how long a page of signed badges may be.
const mostBadges = 50

func (s *server) ListMyBadges(ctx context.Context, r gamificationapi.ListMyBadgesRequestObject) (gamificationapi.ListMyBadgesResponseObject, error) {
	list, err := s.badges.List(ctx, reqctx.From(ctx).Actor(), page.Request{
		Limit: min(wire.ValueOr(r.Params.Limit, defaultLimit), mostBadges), Cursor: wire.Value(r.Params.Cursor),
	})
	if err != nil {
		return nil, err
	}
	return gamificationapi.ListMyBadges200JSONResponse{Items: wire.Each(list.Items, ToAPISignedBadge), NextCursor: wire.OrNull(list.Next)}, nil
}

func (s *server) ListMySharedBadges(
	ctx context.Context, r gamificationapi.ListMySharedBadgesRequestObject,
) (gamificationapi.ListMySharedBadgesResponseObject, error) {
	list, err := s.badges.ListShared(ctx, reqctx.From(ctx).Actor(), page.Request{
		Limit: wire.ValueOr(r.Params.Limit, defaultLimit), Cursor: wire.Value(r.Params.Cursor),
	})
	if err != nil {
		return nil, err
	}
	return gamificationapi.ListMySharedBadges200JSONResponse{Items: wire.Each(list.Items, func(b app.MySharedBadge) gamificationapi.MySharedBadge {
		return gamificationapi.MySharedBadge{Badge: ToAPIBadge(b.BadgeView), NameI18N: gamificationapi.Names(b.Achievement.Data().Names)}
	}), NextCursor: wire.OrNull(list.Next)}, nil
}

func (s *server) GetSharedBadge(ctx context.Context, r gamificationapi.GetSharedBadgeRequestObject) (gamificationapi.GetSharedBadgeResponseObject, error) {
	shared, err := s.shared.Show(ctx, domain.BadgeToken(r.Token))
	if err != nil {
		return nil, err
	}
	return gamificationapi.GetSharedBadge200JSONResponse(ToAPISharedBadge(shared)), nil
}

func (s *server) VerifySharedBadge(ctx context.Context, r gamificationapi.VerifySharedBadgeRequestObject) (gamificationapi.VerifySharedBadgeResponseObject, error) {
	found, err := s.shared.Verify(ctx, domain.BadgeToken(r.Token))
	if err != nil {
		return nil, err
	}
	return gamificationapi.VerifySharedBadge200JSONResponse{
		Valid: found.Valid(), CheckedAt: found.At, Checks: wire.Each(found.Checks, func(c openbadge.Check) gamificationapi.BadgeCheck {
			return gamificationapi.BadgeCheck{Name: gamificationapi.BadgeCheckName(c.Name), Outcome: gamificationapi.BadgeCheckOutcome(c.Outcome), Reason: c.Reason}
		}),
	}, nil
}

func (s *server) GetSharedBadgeCredential(
	ctx context.Context, r gamificationapi.GetSharedBadgeCredentialRequestObject,
) (gamificationapi.GetSharedBadgeCredentialResponseObject, error) {
	shared, err := s.shared.Show(ctx, domain.BadgeToken(r.Token))
	if err != nil {
		return nil, err
	}
	return published{[]byte(shared.Badge.Data().Credential), typeBadge, askedAgain, fileName(shared.Badge, ".jwt"), r.Params.IfNoneMatch}, nil
}

func (s *server) GetSharedBadgeImage(ctx context.Context, r gamificationapi.GetSharedBadgeImageRequestObject) (gamificationapi.GetSharedBadgeImageResponseObject, error) {
	_, image, err := s.shared.Image(ctx, domain.BadgeToken(r.Token))
	if err != nil {
		return nil, err
	}
	return published{image, typePNG, askedAgain, "", r.Params.IfNoneMatch}, nil
}

func (s *server) GetDIDDocument(ctx context.Context, r gamificationapi.GetDIDDocumentRequestObject) (gamificationapi.GetDIDDocumentResponseObject, error) {
	document, err := s.issuer.Document(ctx)
	return published{document, typeJSON, forMinute, "", r.Params.IfNoneMatch}, err
}

func (s *server) GetBadgeKeySet(ctx context.Context, r gamificationapi.GetBadgeKeySetRequestObject) (gamificationapi.GetBadgeKeySetResponseObject, error) {
	keys, err := s.issuer.KeySet(ctx)
	return published{keys, typeJSON, forMinute, "", r.Params.IfNoneMatch}, err
}

func (s *server) GetBadgeStatusList(ctx context.Context, r gamificationapi.GetBadgeStatusListRequestObject) (gamificationapi.GetBadgeStatusListResponseObject, error) {
	list, err := s.issuer.StatusList(ctx, r.List)
	return published{[]byte(list), typeStatusList, forMinute, "", r.Params.IfNoneMatch}, err
}

func (s *server) GetBadgeAchievement(ctx context.Context, r gamificationapi.GetBadgeAchievementRequestObject) (gamificationapi.GetBadgeAchievementResponseObject, error) {
	achievement, err := s.issuer.Achievement(ctx, r.AchievementID)
	return published{achievement, typeLinkedData, forMinute, "", r.Params.IfNoneMatch}, err
}

func (s *server) GetBadgeAchievementImage(
	ctx context.Context, r gamificationapi.GetBadgeAchievementImageRequestObject,
) (gamificationapi.GetBadgeAchievementImageResponseObject, error) {
	image, err := s.issuer.AchievementImage(ctx, r.AchievementID)
	return published{image, typePNG, forHour, "", r.Params.IfNoneMatch}, err
}

func (s *server) ListBadgeKeys(ctx context.Context, _ gamificationapi.ListBadgeKeysRequestObject) (gamificationapi.ListBadgeKeysResponseObject, error) {
	keys, err := s.keys.List(ctx, reqctx.From(ctx).Actor())
	if err != nil {
		return nil, err
	}
	return gamificationapi.ListBadgeKeys200JSONResponse{Items: wire.Each(keys, ToAPIBadgeKey)}, nil
}

func (s *server) RotateBadgeKey(ctx context.Context, _ gamificationapi.RotateBadgeKeyRequestObject) (gamificationapi.RotateBadgeKeyResponseObject, error) {
	key, err := s.keys.Rotate(ctx, reqctx.From(ctx).Actor())
	if err != nil {
		return nil, err
	}
	return gamificationapi.RotateBadgeKey201JSONResponse(ToAPIBadgeKey(key)), nil
}

func (s *server) WithdrawBadgeKey(ctx context.Context, r gamificationapi.WithdrawBadgeKeyRequestObject) (gamificationapi.WithdrawBadgeKeyResponseObject, error) {
	key, err := s.keys.Withdraw(ctx, reqctx.From(ctx).Actor(), r.KeyID, r.Body.Reason)
	if err != nil {
		return nil, err
	}
	return gamificationapi.WithdrawBadgeKey200JSONResponse(ToAPIBadgeKey(key)), nil
}

// ToAPIBadge converts a badge for its recipient.
func ToAPIBadge(v app.BadgeView) gamificationapi.Badge {
	d := v.Data()
	badge := gamificationapi.Badge{
		GrantID: d.GrantID, AchievementID: d.AchievementID, State: gamificationapi.BadgeState(v.State), CredentialID: wire.OrNull(""),
		IssuedAt: wire.TimeOrNull(d.IssuedAt), Name: wire.OrNull(d.Name), Language: wire.OrNull(d.Language), SharedPath: wire.OrNull(""),
		SharedAt: wire.TimeOrNull(d.SharedAt),
	}
	if d.Credential != "" {
		badge.CredentialID = wire.OrNull(d.ID.URN())
	}
	if d.Shared() {
		badge.SharedPath = wire.OrNull("/badges/" + string(d.Token))
	}
	return badge
}

// ToAPISignedBadge converts a badge that is taken out.
func ToAPISignedBadge(b app.SignedBadge) gamificationapi.SignedBadge {
	d := b.Badge.Data()
	return gamificationapi.SignedBadge{
		GrantID: d.GrantID, AchievementID: d.AchievementID, NameI18N: gamificationapi.Names(b.Achievement.Data().Names), Credential: d.Credential,
	}
}

// ToAPISharedBadge converts a badge for everybody with its link.
func ToAPISharedBadge(b app.SharedBadge) gamificationapi.SharedBadge {
	badge, grant, a := b.Badge.Data(), b.Grant.Data(), b.Achievement.Data()
	return gamificationapi.SharedBadge{
		NameI18N: gamificationapi.Names(a.Names), Description: wire.OrNull(a.Description), DescriptionI18N: gamificationapi.Descriptions(a.Descriptions),
		ImageAlt: a.ImageAlt, ImageAltI18N: gamificationapi.ImageAlts(a.ImageAlts), Tier: gamificationapi.Tier(a.Rules.Tier), State: gamificationapi.BadgeState(b.State), AwardedAt: grant.CreatedAt,
		ExpiresAt: wire.TimeOrNull(grant.ExpiresAt), EndedAt: wire.TimeOrNull(grant.EndedAt), RecipientName: wire.OrNull(badge.Name),
		IssuerName: b.Issuer.Name, IssuerID: b.Issuer.DID, IssuerURL: b.Issuer.Origin, CredentialID: badge.ID.URN(),
	}
}

// ToAPIBadgeKey converts a key.
func ToAPIBadgeKey(k domain.BadgeKey) gamificationapi.BadgeKey {
	state := gamificationapi.BadgeKeyStateSigning
	switch {
	case !k.Published():
		state = gamificationapi.BadgeKeyStateWithdrawn
	case !k.Signs():
		state = gamificationapi.BadgeKeyStateRetired
	}
	return gamificationapi.BadgeKey{
		ID: k.ID, State: state, CreatedAt: k.CreatedAt, RetiredAt: wire.TimeOrNull(k.RetiredAt), WithdrawnAt: wire.TimeOrNull(k.WithdrawnAt),
	}
}
