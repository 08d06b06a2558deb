package app

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"slices"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/activity/connectors/domain"
	"go.updspace.com/activity/discord"
	feed "go.updspace.com/activity/domain"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/reqctx"
)

// Interactions are the use case of slash commands that people give in Discord.
type Interactions struct{ Deps }

const (
	looked     = 100 // newest items that a command looks at
	eventPages = 10  // as many times as many are looked at for events: a series is announced once
	listed     = 5   // items that it shows
)

// Answer answers a signed interaction for the address with the key. Exactly the same interaction is answered once.
func (s Interactions) Answer(ctx context.Context, key uuid.UUID, m discord.Signed) (reply discord.Reply, err error) {
	switch rc := reqctx.From(ctx); {
	case rc.UserID != uuid.Nil:
		return reply, errs.Forbiddenf("Interactions are passed on by the gateway, for no user.")
	case rc.TenantID == uuid.Nil:
		return reply, domain.ErrHookRefused
	case len(m.Body) > maxMessage:
		return reply, domain.ErrHookTooLong
	}
	var refusal error // is recorded with the source, so it must not roll back
	err = s.Tx.Do(ctx, func(ctx context.Context) error {
		source, err := s.Sources.LockByKey(ctx, key)
		if errors.Is(err, domain.ErrSourceNotFound) || err == nil && source.Data().Kind != domain.Discord {
			return domain.ErrHookRefused
		}
		if err != nil {
			return err
		}
		now := s.Clock.Now()
		switch err := discord.Key(source.Data().PublicKey).Verify(m, now); {
		case errors.Is(err, discord.ErrStale):
			return domain.ErrHookStale.Wrap(err)
		case err != nil: // strangers leave no trace at the source
			return domain.ErrHookRefused.Wrap(err)
		}
		if refusal, err = s.admit(ctx, source, sha256.Sum256([]byte(m.Timestamp+"."+m.Signature)), now); err != nil {
			return err
		}
		if refusal == nil {
			if reply, refusal, err = s.reply(ctx, source, m.Body, now); err != nil {
				return err
			}
		}
		return s.Sources.Update(ctx, source.Received(problem(refusal), now))
	})
	if err == nil {
		err = refusal
	}
	return reply, err
}

func (s Interactions) reply(ctx context.Context, source domain.Source, body []byte, now time.Time) (reply discord.Reply, refusal, err error) {
	asked, failed := discord.ParseInteraction(body)
	if failed != nil {
		return reply, domain.ErrHookBody.Wrap(failed), nil
	}
	if asked.Ping {
		return discord.Pong(), nil, nil
	}
	language := words["en"]
	if asked.Russian {
		language = words["ru"]
	}
	var embeds []discord.Embed
	none := language.unknown
	switch asked.Command {
	case "news":
		none = language.noNews
		embeds, err = s.newest(ctx, source)
	case "events":
		none = language.noEvents
		embeds, err = s.next(ctx, source, now)
	}
	message := discord.NewMessage(embeds...)
	if len(embeds) == 0 {
		message.Content = none
	}
	return discord.Show(message), nil, err
}

type commandWords struct{ noNews, noEvents, unknown string }

var words = map[string]commandWords{
	"en": {"There is no news yet.", "No events are planned.", "This command is not known here. There are /news and /events."},
	"ru": {"Новостей пока нет.", "Событий пока не запланировано.", "Такой команды здесь нет. Есть /news и /events."},
}

// public lists the newest items of types that everybody in the tenant may see, in the scope of the source, of so many
// pages.
func (s Interactions) public(ctx context.Context, source domain.Source, pages int, types ...feed.ItemType) (items []feed.Item, err error) {
	d := source.Data()
	viewer, filter := feed.PublicViewer(d.TenantID), feed.Filter{Types: types, Scopes: []authz.Scope{d.Scope}}
	var after feed.Key
	for range pages {
		page, err := s.Feed.Page(ctx, viewer, filter, after, looked)
		if err != nil {
			return nil, err
		}
		for _, item := range page {
			if after = item.Key(); item.Data().Visibility == authz.VisibilityPublic {
				items = append(items, item)
			}
		}
		if len(page) < looked {
			break
		}
	}
	return items, nil
}

func (s Interactions) newest(ctx context.Context, source domain.Source) ([]discord.Embed, error) {
	items, err := s.public(ctx, source, 1, feed.NewsPosted, feed.PostCreated)
	if err != nil {
		return nil, err
	}
	return s.embeds(ctx, items, func(feed.Item) string { return "" })
}

// next are the events that begin next, of those that were announced last.
func (s Interactions) next(ctx context.Context, source domain.Source, now time.Time) ([]discord.Embed, error) {
	items, err := s.public(ctx, source, eventPages, feed.EventCreated)
	if err != nil {
		return nil, err
	}
	starts := make(map[int64]time.Time, len(items))
	for _, item := range items {
		starts[item.Data().ID] = domain.NextDate(item.Data().Payload, now)
	}
	startOf := func(i feed.Item) time.Time { return starts[i.Data().ID] }
	items = slices.DeleteFunc(items, func(i feed.Item) bool { return startOf(i).IsZero() })
	slices.SortFunc(items, func(a, b feed.Item) int {
		return cmp.Or(startOf(a).Compare(startOf(b)), cmp.Compare(a.Data().ID, b.Data().ID))
	})
	return s.embeds(ctx, items, func(i feed.Item) string { return discord.Time(startOf(i)) })
}

func (s Interactions) embeds(ctx context.Context, items []feed.Item, about func(feed.Item) string) ([]discord.Embed, error) {
	origin, err := s.Origin(ctx)
	if err != nil {
		return nil, err
	}
	var embeds []discord.Embed
	for _, item := range items[:min(len(items), listed)] {
		d := item.Data()
		e := discord.Embed{Title: discord.Plain(d.Title), Description: about(item)}
		if e.Title == "" {
			continue
		}
		if d.Link != "" && origin != "" {
			e.URL = origin + d.Link
		}
		if e.Description == "" {
			e.Timestamp = &d.OccurredAt
		}
		embeds = append(embeds, e)
	}
	return embeds, nil
}
