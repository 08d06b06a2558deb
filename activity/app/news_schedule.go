package app

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"go.updspace.com/activity/domain"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/groups"
	"go.updspace.com/libs/reqctx"
)

// dueAtOnce is how many scheduled posts one run looks at together.
const dueAtOnce = 100

// PublishDue publishes the scheduled posts of all tenants whose time has come. Instances may run it at the same time: a post is
// published by the one that locks it first. A post whose group takes nothing new becomes a draft again.
func (s *News) PublishDue(ctx context.Context) error {
	for {
		due, err := s.News.Due(ctx, s.Clock.Now(), dueAtOnce)
		if err != nil {
			return err
		}
		for _, post := range due {
			ctx := reqctx.With(ctx, reqctx.Context{TenantID: post.Data().TenantID})
			if err := s.publishDue(ctx, post.ID()); err != nil {
				return err
			}
		}
		if len(due) < dueAtOnce {
			return nil
		}
	}
}

func (s *News) publishDue(ctx context.Context, id uuid.UUID) error {
	return s.Tx.Do(ctx, func(ctx context.Context) error {
		before, err := s.News.Lock(ctx, id)
		if errors.Is(err, domain.ErrNewsNotFound) { // deleted meanwhile
			return nil
		}
		if err != nil {
			return err
		}
		after, due := before.Publish(s.Clock.Now())
		if !due {
			return nil
		}
		if err := groups.RequireActive(ctx, s.Groups, after.Data().Scope); err != nil {
			if kind := errs.KindOf(err); kind != errs.Invalid && kind != errs.Conflict {
				return err
			}
			return s.News.Update(ctx, before.Unscheduled(s.Clock.Now()))
		}
		return s.store(ctx, before, after, uuid.Nil, nil)
	})
}
