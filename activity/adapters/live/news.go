package live

import (
	"context"
	"slices"

	"go.updspace.com/activity/domain"
	"go.updspace.com/activity/ports"
)

// Events decorates the events of news, so that open pages of a post are told of its reactions and comments, which change no item. Its views are
// not announced: each reader would make all others read the post again.
func (a *Announcer) Events(events ports.Events) ports.Events { return announcedEvents{events, a} }

type announcedEvents struct {
	ports.Events

	by *Announcer
}

// Publish implements ports.Events.
func (d announcedEvents) Publish(ctx context.Context, events ...domain.Event) error {
	if err := d.Events.Publish(ctx, events...); err != nil {
		return err
	}
	for _, event := range events {
		changed, is := event.(domain.NewsWasChanged)
		if !is || !changed.Post.Listed() {
			continue
		}
		if update, answers := answersOf(changed); answers {
			if err := d.by.announce(ctx, changed.Post.Data().TenantID, []domain.Update{update}); err != nil {
				return err
			}
		}
	}
	return nil
}

// answersOf is the update of the item of a post that has other reactions or comments.
func answersOf(e domain.NewsWasChanged) (u domain.Update, answers bool) {
	post := e.Post.Data()
	u = domain.Update{SourceRef: e.Post.SourceRef(), Type: domain.NewsPosted, OccurredAt: post.PublishedAt}
	for _, part := range []domain.NewsPart{domain.NewsReactions, domain.NewsComments} {
		if slices.Contains(e.Parts, part) {
			u.Fields = append(u.Fields, string(part))
		}
	}
	sight := domain.Sight{Type: domain.NewsPosted, Visibility: post.Visibility, Scope: post.Scope, Actor: post.AuthorID}
	u.Before, u.After = []domain.Sight{sight}, []domain.Sight{sight}
	return u, len(u.Fields) > 0
}
