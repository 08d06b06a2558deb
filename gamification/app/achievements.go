package app

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"go.updspace.com/gamification/domain"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/groups"
	"go.updspace.com/libs/idempotency"
)

// Achievements are the use cases around achievements.
type Achievements struct{ Deps }

// Get returns an achievement.
func (s *Achievements) Get(ctx context.Context, by authz.Actor, id uuid.UUID) (AchievementView, error) {
	view, _, err := s.load(ctx, by, id)
	return view, err
}

// CreateAchievement is the input of Achievements.Create.
type CreateAchievement struct {
	Draft     domain.AchievementDraft // its Scope is set from ScopeType and ScopeID
	Category  string
	ScopeType authz.ScopeType // default: the tenant
	ScopeID   string
}

// Create makes an achievement.
func (s *Achievements) Create(ctx context.Context, by authz.Actor, in CreateAchievement) (AchievementView, error) {
	scope, err := domain.ScopeTypes.Parse(by.Tenant, in.ScopeType, in.ScopeID)
	if err != nil {
		return AchievementView{}, err
	}
	held, err := s.heldIn(ctx, scope)
	if err != nil {
		return AchievementView{}, err
	}
	for _, needed := range []authz.Permission{domain.PermissionCreate, in.Draft.Status.Needed()} {
		if !held.Has(needed) {
			return AchievementView{}, authz.Denied(needed)
		}
	}
	achievement, err := idempotency.Once(ctx, s.Once, "createAchievement", in, func(ctx context.Context) (domain.Achievement, error) {
		in.Draft.Scope = scope
		return s.create(ctx, by, in)
	}, domain.Achievement.ID, s.Achievements.Find)
	return viewOf(achievement, by, held), err
}

func (s *Achievements) create(ctx context.Context, by authz.Actor, in CreateAchievement) (achievement domain.Achievement, err error) {
	if err := groups.RequireActive(ctx, s.Groups, in.Draft.Scope); err != nil {
		return achievement, err
	}
	category, err := s.category(ctx, in.Category)
	if err != nil {
		return achievement, err
	}
	if achievement, err = domain.NewAchievement(by, in.Draft, category, s.Clock.Now()); err != nil {
		return achievement, err
	}
	if err := s.checkPrerequisites(ctx, achievement); err != nil {
		return achievement, err
	}
	if err := s.useImages(ctx, domain.Images{}, achievement.Data().Images); err != nil {
		return achievement, err
	}
	if err := s.Achievements.Add(ctx, achievement); err != nil {
		return achievement, err
	}
	return achievement, s.record(ctx, by, "achievement.created", domain.Achievement{}, achievement)
}

// category finds the category that an input names.
func (s *Achievements) category(ctx context.Context, slug string) (domain.Category, error) {
	category, err := s.Categories.FindOpen(ctx, slug)
	if errors.Is(err, domain.ErrCategoryNotFound) {
		err = errs.Field("category", why.NotFound("must be the id of a category"))
	}
	return category, err
}

func (s *Achievements) checkPrerequisites(ctx context.Context, a domain.Achievement) error {
	missing, err := s.Achievements.Missing(ctx, a.Data().Rules.Prerequisites)
	if err == nil && len(missing) > 0 {
		err = errs.Field("prerequisites", why.NotFound("must be ids of achievements"))
	}
	return err
}

// record writes a change into the audit log, and tells of an achievement that members see from now on.
func (s *Achievements) record(ctx context.Context, by authz.Actor, action string, before, after domain.Achievement) error {
	if after.Shown() && before.Data().PublishedAt.IsZero() {
		if err := s.Events.Publish(ctx, domain.AchievementPublished{Achievement: after, By: by.User}); err != nil {
			return err
		}
	}
	entry := achievementEntry(action, after)
	if was := before.Data().Status; was != "" && was != after.Data().Status {
		entry.Metadata["status_before"] = string(was)
	}
	return s.Audit.Write(ctx, entry)
}

// ChangeAchievement names the achievement of a change, and the version that the change is made to; nil is any.
type ChangeAchievement struct {
	ID      uuid.UUID
	Version *int
}

// change locks an achievement that the caller may edit, and runs fn on it.
func (s *Achievements) change(
	ctx context.Context, by authz.Actor, in ChangeAchievement, status *domain.Status, fn func(ctx context.Context, a domain.Achievement) error,
) (domain.Held, error) {
	view, held, err := s.load(ctx, by, in.ID)
	if err != nil {
		return held, err
	}
	needed := domain.PermissionEdit
	if held.Edit && !view.CanEdit {
		needed = domain.PermissionPublish
	}
	if !view.CanEdit {
		return held, authz.Denied(needed)
	}
	if status != nil && *status != view.Data().Status && !held.Has(status.Needed()) {
		return held, authz.Denied(status.Needed())
	}
	return held, s.Tx.Do(ctx, func(ctx context.Context) error {
		achievement, err := s.Achievements.Lock(ctx, in.ID)
		if err != nil {
			return err
		}
		// What the caller may do was decided on the version that was read. A change of status meanwhile may have changed it.
		if in.Version != nil && *in.Version != achievement.Version() || achievement.Data().Status != view.Data().Status {
			return domain.ErrAchievementChanged
		}
		return fn(ctx, achievement)
	})
}

// Update changes an achievement. category is the slug of the new category; nil or an empty one leaves it.
func (s *Achievements) Update(
	ctx context.Context, by authz.Actor, in ChangeAchievement, category *string, edit domain.AchievementEdit,
) (AchievementView, error) {
	var changed domain.Achievement
	held, err := s.change(ctx, by, in, edit.Status, func(ctx context.Context, before domain.Achievement) (err error) {
		if category != nil && *category != "" {
			found, err := s.category(ctx, *category)
			if err != nil {
				return err
			}
			edit.Category = &found
		}
		if changed, err = before.Edit(edit, s.Clock.Now()); err != nil {
			return err
		}
		if edit.Prerequisites != nil {
			if err := s.checkPrerequisites(ctx, changed); err != nil {
				return err
			}
		}
		if err := s.useImages(ctx, before.Data().Images, changed.Data().Images); err != nil {
			return err
		}
		if err := s.Achievements.Update(ctx, changed); err != nil {
			return err
		}
		return s.record(ctx, by, "achievement.updated", before, changed)
	})
	return viewOf(changed, by, held), err
}

// Delete deletes a draft.
func (s *Achievements) Delete(ctx context.Context, by authz.Actor, in ChangeAchievement) error {
	_, err := s.change(ctx, by, in, nil, func(ctx context.Context, a domain.Achievement) error {
		if a.Data().Status != domain.StatusDraft {
			return domain.ErrNotDraft
		}
		if err := s.Achievements.Delete(ctx, in.ID); err != nil {
			return err
		}
		return s.Audit.Write(ctx, achievementEntry("achievement.deleted", a))
	})
	return err
}
