package app

import (
	"context"
	"slices"

	"go.updspace.com/gamification/domain"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/idempotency"
)

// Categories are the use cases around categories.
type Categories struct{ Deps }

// List lists all categories in the order in which they are shown.
func (s *Categories) List(ctx context.Context, by authz.Actor) ([]domain.Category, error) {
	if err := s.require(ctx, by, domain.PermissionRead); err != nil {
		return nil, err
	}
	return s.Categories.List(ctx)
}

// Create makes a category.
func (s *Categories) Create(ctx context.Context, by authz.Actor, draft domain.CategoryDraft) (domain.Category, error) {
	if err := s.require(ctx, by, domain.PermissionEdit); err != nil {
		return domain.Category{}, err
	}
	return idempotency.Once(ctx, s.Once, "createCategory", draft, func(ctx context.Context) (domain.Category, error) {
		category, err := domain.NewCategory(by, draft, s.Clock.Now())
		if err != nil {
			return category, err
		}
		all, err := s.Categories.LockAll(ctx)
		if err != nil {
			return category, err
		}
		if len(all) >= domain.MaxCategories {
			return category, domain.ErrTooManyCategories
		}
		if err := s.Categories.Add(ctx, category); err != nil {
			return category, err
		}
		return category, s.Deps.Audit.Write(ctx, categoryEntry("category.created", category))
	}, domain.Category.ID, s.Categories.Find)
}

// ChangeCategory names the category of a change, and the version that the change is made to; nil is any.
type ChangeCategory struct {
	Slug    string
	Version *int
}

// change locks a category and stores what fn makes of it.
func (s *Categories) change(
	ctx context.Context, by authz.Actor, in ChangeCategory, fn func(ctx context.Context, c domain.Category) (audit.Entry, error),
) error {
	if err := s.require(ctx, by, domain.PermissionEdit); err != nil {
		return err
	}
	return s.Tx.Do(ctx, func(ctx context.Context) error {
		category, err := s.Categories.Lock(ctx, in.Slug)
		if err != nil {
			return err
		}
		if in.Version != nil && *in.Version != category.Data().Version {
			return domain.ErrCategoryChanged
		}
		entry, err := fn(ctx, category)
		if err != nil {
			return err
		}
		return s.Deps.Audit.Write(ctx, entry)
	})
}

// Update renames, moves, retires or brings back a category.
func (s *Categories) Update(ctx context.Context, by authz.Actor, in ChangeCategory, edit domain.CategoryEdit) (changed domain.Category, err error) {
	err = s.change(ctx, by, in, func(ctx context.Context, c domain.Category) (audit.Entry, error) {
		if changed, err = c.Edit(edit, s.Clock.Now()); err != nil {
			return audit.Entry{}, err
		}
		return categoryEntry("category.updated", changed), s.Categories.Update(ctx, changed)
	})
	return changed, err
}

// Delete deletes a category.
func (s *Categories) Delete(ctx context.Context, by authz.Actor, in ChangeCategory) error {
	return s.change(ctx, by, in, func(ctx context.Context, c domain.Category) (audit.Entry, error) {
		return categoryEntry("category.deleted", c), s.Categories.Delete(ctx, c.ID())
	})
}

// Order puts all categories into an order.
func (s *Categories) Order(ctx context.Context, by authz.Actor, slugs []string) (ordered []domain.Category, err error) {
	if err := s.require(ctx, by, domain.PermissionEdit); err != nil {
		return nil, err
	}
	err = s.Tx.Do(ctx, func(ctx context.Context) error {
		all, err := s.Categories.LockAll(ctx)
		if err != nil {
			return err
		}
		if ordered, err = domain.OrderCategories(all, slugs, s.Clock.Now()); err != nil {
			return err
		}
		if err := s.Categories.Update(ctx, ordered...); err != nil {
			return err
		}
		return s.Deps.Audit.Write(ctx, audit.Entry{Action: "categories.ordered", TargetType: "category", Metadata: map[string]any{"ids": slugs}})
	})
	return ordered, err
}

// Merge moves the achievements of a category into another one, and deletes it.
func (s *Categories) Merge(ctx context.Context, by authz.Actor, slug, into string) (target domain.Category, err error) {
	if err := s.require(ctx, by, domain.PermissionEdit); err != nil {
		return domain.Category{}, err
	}
	err = s.Tx.Do(ctx, func(ctx context.Context) error {
		all, err := s.Categories.LockAll(ctx)
		if err != nil {
			return err
		}
		find := func(slug string) (domain.Category, bool) {
			i := slices.IndexFunc(all, func(c domain.Category) bool { return c.Data().Slug == slug })
			if i < 0 {
				return domain.Category{}, false
			}
			return all[i], true
		}
		merged, ok := find(slug)
		if !ok {
			return domain.ErrCategoryNotFound
		}
		if target, ok = find(into); !ok || slug == into {
			return errs.Field("into", why.NotFound("must be another category"))
		}
		if !target.Data().Active {
			return errs.Field("into", why.NotAllowed("must be a category that takes new achievements"))
		}
		moved, err := s.Categories.MoveAchievements(ctx, merged.ID(), target.ID())
		if err != nil {
			return err
		}
		if err := s.Categories.Delete(ctx, merged.ID()); err != nil {
			return err
		}
		entry := categoryEntry("category.merged", merged)
		entry.Metadata["into"], entry.Metadata["achievements"] = into, moved
		return s.Deps.Audit.Write(ctx, entry)
	})
	return target, err
}
