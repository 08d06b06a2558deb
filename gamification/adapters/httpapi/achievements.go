package httpapi

import (
	"context"
	"strings"

	"github.com/google/uuid"
	"github.com/oapi-codegen/nullable"

	"go.updspace.com/api/gamificationapi"
	"go.updspace.com/gamification/app"
	"go.updspace.com/gamification/domain"
	"go.updspace.com/gamification/ports"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/page"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/wire"
)

func (s *server) ListAchievements(ctx context.Context, r gamificationapi.ListAchievementsRequestObject) (gamificationapi.ListAchievementsResponseObject, error) {
	list, err := s.achievements.List(ctx, reqctx.From(ctx).Actor(), FromAPIListAchievements(r.Params))
	if err != nil {
		return nil, err
	}
	return gamificationapi.ListAchievements200JSONResponse{Items: wire.Each(list.Items, ToAPIAchievement), NextCursor: wire.OrNull(list.Next)}, nil
}

func (s *server) CreateAchievement(ctx context.Context, r gamificationapi.CreateAchievementRequestObject) (gamificationapi.CreateAchievementResponseObject, error) {
	view, err := s.achievements.Create(ctx, reqctx.From(ctx).Actor(), FromAPIAchievementCreate(*r.Body))
	if err != nil {
		return nil, err
	}
	return gamificationapi.CreateAchievement201JSONResponse{
		Headers: gamificationapi.CreateAchievement201ResponseHeaders{ETag: wire.ETag(view.Version())}, Body: ToAPIAchievement(view),
	}, nil
}

func (s *server) GetAchievement(ctx context.Context, r gamificationapi.GetAchievementRequestObject) (gamificationapi.GetAchievementResponseObject, error) {
	view, err := s.achievements.Get(ctx, reqctx.From(ctx).Actor(), r.AchievementID)
	if err != nil {
		return nil, err
	}
	return gamificationapi.GetAchievement200JSONResponse{
		Headers: gamificationapi.GetAchievement200ResponseHeaders{ETag: wire.ETag(view.Version())}, Body: ToAPIAchievement(view),
	}, nil
}

func (s *server) UpdateAchievement(ctx context.Context, r gamificationapi.UpdateAchievementRequestObject) (gamificationapi.UpdateAchievementResponseObject, error) {
	in := app.ChangeAchievement{ID: r.AchievementID, Version: wire.IfMatch(r.Params.IfMatch)}
	view, err := s.achievements.Update(ctx, reqctx.From(ctx).Actor(), in, wire.Given(r.Body.Category), FromAPIAchievementUpdate(*r.Body))
	if err != nil {
		return nil, err
	}
	return gamificationapi.UpdateAchievement200JSONResponse{
		Headers: gamificationapi.UpdateAchievement200ResponseHeaders{ETag: wire.ETag(view.Version())}, Body: ToAPIAchievement(view),
	}, nil
}

func (s *server) DeleteAchievement(ctx context.Context, r gamificationapi.DeleteAchievementRequestObject) (gamificationapi.DeleteAchievementResponseObject, error) {
	in := app.ChangeAchievement{ID: r.AchievementID, Version: wire.IfMatch(r.Params.IfMatch)}
	if err := s.achievements.Delete(ctx, reqctx.From(ctx).Actor(), in); err != nil {
		return nil, err
	}
	return gamificationapi.DeleteAchievement204Response{}, nil
}

// FromAPIListAchievements converts the query of a list.
func FromAPIListAchievements(p gamificationapi.ListAchievementsParams) app.ListAchievements {
	in := app.ListAchievements{
		Filter: ports.AchievementFilter{
			Statuses: wire.Each(joined(p.Status), func(s string) domain.Status { return domain.Status(s) }), Categories: joined(p.Category), IDs: p.ID,
			Query: wire.Value(p.Q),
		},
		ScopeType: authz.ScopeType(wire.Value(p.ScopeType)), Mine: wire.Value(p.CreatedBy) == gamificationapi.ListAchievementsParamsCreatedByMe,
		Page: page.Request{Limit: wire.ValueOr(p.Limit, defaultLimit), Cursor: wire.Value(p.Cursor)},
	}
	in.Filter.Rarest = wire.Value(p.Sort) == gamificationapi.ListAchievementsParamsSortRarest
	if p.ScopeID != nil {
		in.ScopeID = p.ScopeID.String()
	}
	return in
}

const defaultLimit = 20

// joined are the values of a filter, which may be repeated and may be joined by commas.
func joined(values []string) (all []string) {
	for _, value := range values {
		for part := range strings.SplitSeq(value, ",") {
			if part = strings.TrimSpace(part); part != "" {
				all = append(all, part)
			}
		}
	}
	return all
}

// FromAPIAchievementCreate converts a new achievement.
func FromAPIAchievementCreate(b gamificationapi.AchievementCreate) app.CreateAchievement {
	return app.CreateAchievement{
		Draft: domain.AchievementDraft{
			Names: domain.Texts(b.NameI18N), Description: wire.Get(b.Description), Descriptions: domain.Texts(wire.Value(b.DescriptionI18N)),
			Status: domain.Status(wire.Value(b.Status)), Images: FromAPIImages(wire.Value(b.Images)), ImageAlt: wire.Value(b.ImageAlt),
			ImageAlts: domain.Texts(wire.Value(b.ImageAltI18N)),
			Rules: domain.Rules{
				Tier: domain.Tier(wire.Value(b.Tier)), Rarity: domain.Rarity(wire.Value(b.Rarity)), Secret: wire.Value(b.Secret), Kind: domain.Kind(wire.Value(b.Kind)),
				MaxGrants: wire.Get(b.MaxGrants), IssuerDailyLimit: wire.Get(b.IssuerDailyLimit), ExpiresAfterDays: wire.Get(b.ExpiresAfterDays),
				Prerequisites: b.Prerequisites, Points: wire.Value(b.Points),
			},
		},
		Category: b.Category, ScopeType: authz.ScopeType(wire.Value(b.ScopeType)), ScopeID: wire.Get(b.ScopeID),
	}
}

// FromAPIImages converts the addresses of a picture.
func FromAPIImages(i gamificationapi.ImagesWrite) domain.Images {
	return domain.Images{Small: wire.Get(i.Small), Medium: wire.Get(i.Medium), Large: wire.Get(i.Large)}
}

// FromAPIAchievementUpdate converts the change of an achievement.
func FromAPIAchievementUpdate(b gamificationapi.AchievementUpdate) domain.AchievementEdit {
	edit := domain.AchievementEdit{
		Names: wire.Get(b.NameI18N), Description: wire.Given(b.Description), ImageAlt: b.ImageAlt, Tier: wire.As[domain.Tier](b.Tier),
		Rarity: wire.As[domain.Rarity](b.Rarity), Secret: b.Secret, Kind: wire.As[domain.Kind](b.Kind), MaxGrants: wire.Edit(b.MaxGrants),
		IssuerDailyLimit: wire.Edit(b.IssuerDailyLimit), ExpiresAfterDays: wire.Edit(b.ExpiresAfterDays), Points: b.Points, Status: wire.As[domain.Status](wire.Given(b.Status)),
	}
	if b.Prerequisites != nil {
		edit.Prerequisites = &b.Prerequisites
	}
	if b.DescriptionI18N != nil {
		edit.Descriptions = domain.Texts(*b.DescriptionI18N)
	}
	if b.ImageAltI18N != nil {
		edit.ImageAlts = domain.Texts(*b.ImageAltI18N)
	}
	if b.Images != nil {
		edit.Images = new(FromAPIImages(*b.Images))
	}
	return edit
}

// ToAPIAchievement converts an achievement and what the caller may do with it.
func ToAPIAchievement(v app.AchievementView) gamificationapi.Achievement {
	d := v.Data()
	images := nullable.NewNullNullable[gamificationapi.Images]()
	if !d.Images.None() {
		images.Set(ToAPIImages(d.Images))
	}
	return gamificationapi.Achievement{
		ID: d.ID, NameI18N: gamificationapi.Names(d.Names), Description: wire.OrNull(d.Description), DescriptionI18N: gamificationapi.Descriptions(d.Descriptions),
		Category: d.Category.Slug, Status: gamificationapi.AchievementStatus(d.Status), Images: images, ImageAlt: d.ImageAlt, ImageAltI18N: gamificationapi.ImageAlts(d.ImageAlts),
		Tier: gamificationapi.Tier(d.Rules.Tier), Rarity: gamificationapi.Rarity(d.Rules.Rarity), Secret: d.Rules.Secret,
		Kind: gamificationapi.AchievementKind(d.Rules.Kind), MaxGrants: wire.OrNull(d.Rules.MaxGrants), IssuerDailyLimit: wire.OrNull(d.Rules.IssuerDailyLimit),
		ExpiresAfterDays: wire.OrNull(d.Rules.ExpiresAfterDays), Prerequisites: wire.Each(d.Rules.Prerequisites, func(id uuid.UUID) uuid.UUID { return id }),
		Points:    d.Rules.Points,
		ScopeType: gamificationapi.AchievementScope(d.Scope.Type), ScopeID: d.Scope.ID, CreatedBy: d.CreatedBy, CreatedAt: d.CreatedAt, UpdatedAt: d.UpdatedAt,
		PublishedAt: wire.TimeOrNull(d.PublishedAt), HasRule: d.HasRule, Version: d.Version, Holders: d.Holders, HeldBy: v.HeldBy(), CanEdit: v.CanEdit, CanPublish: v.CanPublish, CanHide: v.CanHide,
		CanAssign: v.CanAssign, CanRevoke: v.CanRevoke, CanViewPrivate: v.CanViewPrivate,
	}
}
