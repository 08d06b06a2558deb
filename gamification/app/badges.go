package app

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"go.updspace.com/gamification/domain"
	"go.updspace.com/gamification/ports"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/page"
)

// Badges are the use cases of recipients who take their grants out of the platform.
type Badges struct{ Deps }

// BadgeView is a badge with its state.
type BadgeView struct {
	domain.Badge
	State domain.BadgeState
}

// own returns a grant of the caller. Those of others do not exist here.
func (s *Badges) own(ctx context.Context, by authz.Actor, id uuid.UUID) (domain.Grant, domain.Achievement, error) {
	grant, err := s.Grants.Find(ctx, id)
	if err == nil && grant.Data().RecipientID != by.User {
		err = domain.ErrGrantNotFound
	}
	if err != nil {
		return domain.Grant{}, domain.Achievement{}, err
	}
	achievement, err := s.Achievements.Find(ctx, grant.Data().AchievementID)
	return grant, achievement, err
}

// Get returns how an own grant is shown outside. One that was never taken out is answered as it would be, without an id.
func (s *Badges) Get(ctx context.Context, by authz.Actor, id uuid.UUID) (BadgeView, error) {
	grant, _, err := s.own(ctx, by, id)
	if err != nil {
		return BadgeView{}, err
	}
	badge, err := s.Deps.Badges.OfGrant(ctx, id)
	if errors.Is(err, domain.ErrBadgeNotFound) {
		badge, err = domain.NewBadge(grant, s.Clock.Now()), nil
	}
	return BadgeView{badge, grant.BadgeState(s.Clock.Now())}, err
}

// Update changes how an own grant is shown outside. What was signed before says what it says; what is shared is signed anew at once.
func (s *Badges) Update(ctx context.Context, by authz.Actor, id uuid.UUID, edit domain.BadgeEdit) (view BadgeView, err error) {
	_, achievement, err := s.own(ctx, by, id)
	if err != nil {
		return view, err
	}
	err = s.Tx.Do(ctx, func(ctx context.Context) error {
		grant, err := s.Grants.Lock(ctx, id)
		if err != nil {
			return err
		}
		badge, err := s.badgeOf(ctx, grant)
		if err != nil {
			return err
		}
		if badge, err = badge.Edit(edit, grant, achievement, s.Clock.Now()); err != nil {
			return err
		}
		if err := s.Deps.Badges.Update(ctx, badge); err != nil {
			return err
		}
		if badge.Data().Shared() {
			if badge, err = s.issue(ctx, badge, grant, achievement); err != nil {
				return err
			}
		}
		view = BadgeView{badge, grant.BadgeState(s.Clock.Now())}
		return nil
	})
	return view, err
}

// MySharedBadge is a badge that has a page for everybody, with its achievement.
type MySharedBadge struct {
	BadgeView
	Achievement domain.Achievement
}

// ListShared returns a page of the badges of the caller that are shared, newest first, those of grants that have ended among them.
func (s *Badges) ListShared(ctx context.Context, by authz.Actor, p page.Request) (page.Page[MySharedBadge], error) {
	none := page.Page[MySharedBadge]{}
	list := "shared badges of " + by.User.String()
	var before uuid.UUID
	if _, err := page.Decode(list, p.Cursor, &before); err != nil {
		return none, err
	}
	badges, err := page.Fetch(p.Limit, func(limit int) ([]domain.Badge, error) { return s.Deps.Badges.SharedOf(ctx, by.User, before, limit) },
		func(last domain.Badge) string { return page.Encode(list, last.ID()) })
	if err != nil {
		return none, err
	}
	grants, ids := make([]uuid.UUID, len(badges.Items)), make([]uuid.UUID, len(badges.Items))
	for i, badge := range badges.Items {
		grants[i], ids[i] = badge.Data().GrantID, badge.Data().AchievementID
	}
	granted, err := s.Grants.FindAll(ctx, grants)
	if err != nil {
		return none, err
	}
	achievements, err := s.Achievements.FindAll(ctx, ids)
	if err != nil {
		return none, err
	}
	shared := page.Page[MySharedBadge]{Next: badges.Next}
	for _, badge := range badges.Items {
		grant, found := granted[badge.Data().GrantID]
		if !found { // forgotten: its page is gone
			continue
		}
		view := BadgeView{badge, grant.BadgeState(s.Clock.Now())}
		shared.Items = append(shared.Items, MySharedBadge{view, achievements[badge.Data().AchievementID]})
	}
	return shared, nil
}

// Credential returns an own grant as a signed badge.
func (s *Badges) Credential(ctx context.Context, by authz.Actor, id uuid.UUID) (domain.Badge, error) {
	badge, _, err := s.export(ctx, by, id)
	return badge, err
}

// Image returns an own grant as a picture with the signed badge in it.
func (s *Badges) Image(ctx context.Context, by authz.Actor, id uuid.UUID) (domain.Badge, []byte, error) {
	badge, achievement, err := s.export(ctx, by, id)
	if err != nil {
		return badge, nil, err
	}
	image, err := s.baked(ctx, badge, achievement)
	return badge, image, err
}

func (s *Badges) export(ctx context.Context, by authz.Actor, id uuid.UUID) (badge domain.Badge, achievement domain.Achievement, err error) {
	_, achievement, err = s.own(ctx, by, id)
	if err != nil {
		return badge, achievement, err
	}
	badge, err = s.takeOut(ctx, id, achievement)
	return badge, achievement, err
}

// SignedBadge is a badge with its achievement.
type SignedBadge struct {
	Badge       domain.Badge
	Achievement domain.Achievement
}

// List returns a page of everything that the caller has, signed, newest first. What is signed already is read at once.
func (s *Badges) List(ctx context.Context, by authz.Actor, p page.Request) (page.Page[SignedBadge], error) {
	none := page.Page[SignedBadge]{}
	list, err := pageOfGrants("badges of "+by.User.String(), p, func(after *ports.GrantKey, limit int) ([]domain.Grant, error) {
		return s.Grants.PageOf(ctx, by.User, authz.Viewer{Actor: by}, after, limit)
	})
	if err != nil {
		return none, err
	}
	grants, ids := make([]uuid.UUID, len(list.Items)), make([]uuid.UUID, len(list.Items))
	for i, g := range list.Items {
		grants[i], ids[i] = g.ID(), g.Data().AchievementID
	}
	achievements, err := s.Achievements.FindAll(ctx, ids)
	if err != nil {
		return none, err
	}
	badges, err := s.Deps.Badges.OfGrants(ctx, grants)
	if err != nil {
		return none, err
	}
	issuer, err := s.Issuers.Find(ctx)
	if err != nil {
		return none, err
	}
	keys, err := s.BadgeKeys.List(ctx)
	if err != nil {
		return none, err
	}
	signed := page.Page[SignedBadge]{Next: list.Next}
	for _, grant := range list.Items {
		if grant.BadgeState(s.Clock.Now()) != domain.BadgeValid {
			continue
		}
		achievement := achievements[grant.Data().AchievementID]
		badge, found := badges[grant.ID()]
		now, err := newEdition(issuer, badge, grant, achievement)
		if err != nil {
			return none, err
		}
		if !found || !now.signed(badge, keys) {
			badge, err = s.takeOut(ctx, grant.ID(), achievement)
			if errors.Is(err, domain.ErrGrantEnded) || errors.Is(err, domain.ErrGrantNotFound) { // meanwhile
				continue
			}
			if err != nil {
				return none, err
			}
		}
		signed.Items = append(signed.Items, SignedBadge{badge, achievement})
	}
	return signed, nil
}
