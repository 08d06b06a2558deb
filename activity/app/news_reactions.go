package app

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/activity/domain"
	"go.updspace.com/activity/ports"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/valid"
)

// React adds a reaction of the caller to a post, or removes it, and returns all reactions. Both may be repeated.
func (s *News) React(ctx context.Context, by authz.Actor, id uuid.UUID, emoji string, add bool) ([]ports.Emoji, error) {
	if !valid.Emoji(emoji) {
		return nil, errs.Field("emoji", why.InvalidFormat("must be one emoji"))
	}
	_, post, err := s.seenListed(ctx, by, id)
	if err != nil {
		return nil, err
	}
	err = s.Tx.Do(ctx, func(ctx context.Context) error {
		if !add {
			changed, err := s.Reactions.Withdraw(ctx, id, by.User, emoji)
			if err != nil || !changed {
				return err
			}
			return s.Events.Publish(ctx, domain.NewsWasChanged{Post: post, By: by.User, Parts: []domain.NewsPart{domain.NewsReactions}})
		}
		changed, err := s.Reactions.React(ctx, id, by.User, emoji, s.Clock.Now())
		if err != nil || !changed {
			return err
		}
		err = s.Events.Publish(ctx,
			domain.NewsWasReacted{Post: post, By: by.User, Emoji: emoji},
			domain.NewsWasChanged{Post: post, By: by.User, Parts: []domain.NewsPart{domain.NewsReactions}})
		if err != nil {
			return err
		}
		return s.Quota.Take(ctx, ports.RuleReactions, by.User)
	})
	if err != nil {
		return nil, err
	}
	reactions, err := s.Reactions.Of(ctx, by.User, []uuid.UUID{id})
	return reactions[id], err
}

// GivenReaction is a reaction with the profile of the member, nil while it is not known.
type GivenReaction struct {
	ports.NewsReaction
	Profile *domain.Profile
}

// Given lists who reacted to a post, newest first.
func (s *News) Given(ctx context.Context, by authz.Actor, id uuid.UUID, offset, limit int) ([]GivenReaction, error) {
	if _, _, err := s.seen(ctx, by, id); err != nil {
		return nil, err
	}
	found, err := s.Reactions.Given(ctx, id, offset, limit)
	if err != nil {
		return nil, err
	}
	users := make([]uuid.UUID, len(found))
	for i, r := range found {
		users[i] = r.UserID
	}
	profiles := s.profiles(ctx, users)
	given := make([]GivenReaction, len(found))
	for i, r := range found {
		given[i] = GivenReaction{NewsReaction: r, Profile: profiles(r.UserID)}
	}
	return given, nil
}

// View notes that the caller saw a post. Views of its author do not count, and each user counts once.
func (s *News) View(ctx context.Context, by authz.Actor, id uuid.UUID) (views int, counted bool, err error) {
	_, post, err := s.seen(ctx, by, id)
	if err != nil || !post.Listed() || post.WrittenBy(by.User) {
		return post.Data().Views, false, err
	}
	err = s.Tx.Do(ctx, func(ctx context.Context) error {
		if counted, err = s.Reactions.View(ctx, id, by.User, s.Clock.Now()); err != nil || !counted {
			return err
		}
		return s.Events.Publish(ctx, domain.NewsWasChanged{Post: post, By: by.User, Parts: []domain.NewsPart{domain.NewsViews}})
	})
	if err != nil {
		return 0, false, err
	}
	post, err = s.News.Find(ctx, id)
	return post.Data().Views, counted, err
}
