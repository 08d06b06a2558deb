package app

import (
	"context"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/gamification/domain"
	"go.updspace.com/gamification/ports"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/idempotency"
	"go.updspace.com/libs/page"
)

// Grants are the use cases around grants.
type Grants struct{ Deps }

// requireAssign refuses callers who may not grant the achievement.
func (s *Grants) requireAssign(ctx context.Context, by authz.Actor, achievement uuid.UUID) error {
	view, held, err := s.load(ctx, by, achievement)
	switch {
	case err != nil:
		return err
	case !held.Assign:
		return authz.Denied(domain.PermissionAssign)
	}
	return s.requireGiving(ctx, achievement, view.Data().Scope)
}

// Create grants an achievement to a member. created is false for a member who has it and can have only one.
func (s *Grants) Create(ctx context.Context, by authz.Actor, achievement uuid.UUID, draft domain.GrantDraft) (grant domain.Grant, created bool, err error) {
	if err := s.requireAssign(ctx, by, achievement); err != nil {
		return grant, false, err
	}
	input := struct {
		Achievement uuid.UUID
		Draft       domain.GrantDraft
	}{achievement, draft}
	grant, err = idempotency.Once(ctx, s.Once, "createGrant", input, func(ctx context.Context) (grant domain.Grant, err error) {
		if err := s.lockPersons(ctx, draft.Recipient); err != nil {
			return grant, err
		}
		locked, err := s.Achievements.Lock(ctx, achievement)
		if err != nil {
			return grant, err
		}
		grant, created, err = s.grant(ctx, by, locked, draft)
		return grant, err
	}, domain.Grant.ID, s.Grants.Find)
	return grant, created, err
}

// grant makes a grant of an achievement that is locked, as is the recipient, so that racing grants of it come one after another.
func (s *Grants) grant(ctx context.Context, by authz.Actor, a domain.Achievement, draft domain.GrantDraft) (grant domain.Grant, created bool, err error) {
	round, err := s.round(ctx, by, a, draft.Recipient)
	if err != nil {
		return grant, false, err
	}
	grant, held, err := round.decide(draft)
	if err != nil || held {
		return grant, false, err
	}
	return grant, true, s.add(ctx, a, grant)
}

// add makes new grants of an achievement, and writes them into the audit log.
func (s *Grants) add(ctx context.Context, a domain.Achievement, grants ...domain.Grant) error {
	if len(grants) == 0 {
		return nil
	}
	if err := s.give(ctx, a, grants...); err != nil {
		return err
	}
	entries := make([]audit.Entry, len(grants))
	for i, grant := range grants {
		entries[i] = grantEntry("grant.created", grant)
		entries[i].Reason = grant.Data().Reason
	}
	return s.Audit.Write(ctx, entries...)
}

// round decides about grants of one achievement, which is locked, to members.
type round struct {
	by        authz.Actor
	a         domain.Achievement
	now       time.Time
	currents  map[uuid.UUID]domain.Grant
	standings map[uuid.UUID]domain.Standing
	made      int // grants that it decided on; the standings do not know them
}

// round reads what grants to members depend on, and ends their grants whose time is over.
func (s *Grants) round(ctx context.Context, by authz.Actor, a domain.Achievement, recipients ...uuid.UUID) (r *round, err error) {
	r = &round{by: by, a: a, now: s.Clock.Now()}
	if r.currents, err = s.Grants.Currents(ctx, a.ID(), recipients); err != nil {
		return nil, err
	}
	for recipient, current := range r.currents {
		ended, over := current.Expire(r.now)
		if !over {
			continue
		}
		if err := s.Grants.Update(ctx, ended); err != nil {
			return nil, err
		}
		delete(r.currents, recipient)
	}
	r.standings, err = s.Grants.Standings(ctx, a, recipients, by.User, r.now.Add(-domain.IssuerWindow))
	return r, err
}

// decide returns the new grant of one of the members, or the one that the member has.
func (r *round) decide(draft domain.GrantDraft) (grant domain.Grant, held bool, err error) {
	if current, held := r.currents[draft.Recipient]; held {
		return current, true, nil
	}
	standing := r.standings[draft.Recipient]
	standing.Granted += r.made
	standing.IssuedLately += r.made
	if grant, err = domain.NewGrant(r.a, r.by, draft, standing, r.now); err == nil {
		r.made++
	}
	return grant, false, err
}

// Revoke takes an achievement back from a member. A grant that has ended is returned as it is.
func (s *Grants) Revoke(ctx context.Context, by authz.Actor, id uuid.UUID, reason string) (grant domain.Grant, err error) {
	if grant, err = s.Grants.Find(ctx, id); err != nil {
		return grant, err
	}
	achievement, err := s.Achievements.Find(ctx, grant.Data().AchievementID)
	if err != nil {
		return grant, err
	}
	held, err := s.heldIn(ctx, achievement.Data().Scope)
	if err != nil {
		return grant, err
	}
	if !held.Read || !held.Revoke {
		seen := viewOf(achievement, by, held).CanRead && (grant.Data().Visibility == domain.GrantPublic || held.ViewPrivate)
		if !seen && grant.Data().RecipientID != by.User {
			return domain.Grant{}, domain.ErrGrantNotFound
		}
		return domain.Grant{}, authz.Denied(domain.PermissionRevoke)
	}
	err = s.Tx.Do(ctx, func(ctx context.Context) error {
		if err := s.lockPersons(ctx, grant.Data().RecipientID); err != nil {
			return err
		}
		if grant, err = s.Grants.Lock(ctx, id); err != nil {
			return err
		}
		revoked, changed, err := grant.Revoke(by.User, reason, s.Clock.Now())
		if err != nil || !changed {
			return err
		}
		grant = revoked
		if err := s.take(ctx, grant, achievement); err != nil {
			return err
		}
		entry := grantEntry("grant.revoked", grant)
		entry.Reason = grant.Data().RevokeReason
		return s.Audit.Write(ctx, entry)
	})
	return grant, err
}

// ListGrants is the input of Grants.List.
type ListGrants struct {
	Achievement uuid.UUID
	Visibility  domain.GrantVisibility // empty for both
	Ended       bool                   // also grants that have ended
	Page        page.Request
}

// List returns a page of the grants of an achievement, newest first.
func (s *Grants) List(ctx context.Context, by authz.Actor, in ListGrants) (page.Page[domain.Grant], error) {
	_, held, err := s.load(ctx, by, in.Achievement)
	if err == nil && in.Ended && !held.ViewPrivate {
		err = authz.Denied(domain.PermissionViewPrivate)
	}
	if err != nil {
		return page.Page[domain.Grant]{}, err
	}
	filter := ports.GrantFilter{Achievement: in.Achievement, Visibility: in.Visibility, Ended: in.Ended}
	if !held.ViewPrivate {
		filter.SeenBy = by.User
	}
	return pageOfGrants("grants "+in.Achievement.String(), in.Page, func(after *ports.GrantKey, limit int) ([]domain.Grant, error) {
		return s.Grants.Page(ctx, filter, after, limit)
	})
}

func pageOfGrants(list string, p page.Request, read func(after *ports.GrantKey, limit int) ([]domain.Grant, error)) (page.Page[domain.Grant], error) {
	var key ports.GrantKey
	var after *ports.GrantKey
	found, err := page.Decode(list, p.Cursor, &key.CreatedAt, &key.ID)
	if err != nil {
		return page.Page[domain.Grant]{}, err
	}
	if found {
		after = &key
	}
	return page.Fetch(p.Limit, func(limit int) ([]domain.Grant, error) { return read(after, limit) },
		func(last domain.Grant) string { return page.Encode(list, last.Data().CreatedAt, last.ID()) })
}

// HeldAchievement is a grant with its achievement.
type HeldAchievement struct {
	Grant       domain.Grant
	Achievement AchievementView
}

// ListOf returns a page of what a member has, newest first, with the achievements.
func (s *Grants) ListOf(ctx context.Context, by authz.Actor, user uuid.UUID, p page.Request) (page.Page[HeldAchievement], error) {
	none := page.Page[HeldAchievement]{}
	viewer, err := s.viewerOf(ctx, by, user)
	if err != nil {
		return none, err
	}
	list, err := pageOfGrants("grants of "+user.String(), p, func(after *ports.GrantKey, limit int) ([]domain.Grant, error) {
		return s.Grants.PageOf(ctx, user, viewer, after, limit)
	})
	if err != nil {
		return none, err
	}
	held, err := s.withAchievements(ctx, by, viewer, list.Items)
	return page.Page[HeldAchievement]{Items: held, Next: list.Next}, err
}
