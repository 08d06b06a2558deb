// Package app holds the use cases of accounts of games: authorise, apply the rules, call the ports.
package app

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/google/uuid"

	feed "go.updspace.com/activity/domain"
	"go.updspace.com/activity/games/domain"
	"go.updspace.com/activity/games/ports"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/reqctx"
)

// Deps are the ports that the use cases are built on.
type Deps struct {
	Access   authz.Checker
	Links    ports.Links
	Budget   ports.Budget
	Accounts ports.Accounts
	Feed     ports.Feed
	Audit    ports.Audit
	Tx       ports.Tx
	Clock    ports.Clock
	Wake     func() // an account is due: makes Syncing.Sync run
}

// Accounts are the use cases of members around their own accounts.
type Accounts struct{ Deps }

// WithGames is a link and the games of its account.
type WithGames struct {
	domain.Link
	Games []domain.Game
}

func (d Deps) require(ctx context.Context, by authz.Actor) error {
	return authz.Require(ctx, d.Access, authz.Check{Permission: feed.PermissionSourcesLink, Scope: authz.TenantScope(by.Tenant)})
}

// Now is the time of the use cases.
func (s Accounts) Now() time.Time { return s.Clock.Now() }

// List returns the caller's linked accounts.
func (s Accounts) List(ctx context.Context, by authz.Actor) ([]domain.Link, error) {
	if err := s.require(ctx, by); err != nil {
		return nil, err
	}
	return s.Links.List(ctx, by.User)
}

// Get returns a linked account of the caller with its games.
func (s Accounts) Get(ctx context.Context, by authz.Actor, id int64) (found WithGames, err error) {
	if found.Link, err = s.Find(ctx, by, id); err != nil {
		return found, err
	}
	found.Games, err = s.Links.Games(ctx, id)
	return found, err
}

// Find returns a linked account of the caller.
func (s Accounts) Find(ctx context.Context, by authz.Actor, id int64) (domain.Link, error) {
	if err := s.require(ctx, by); err != nil {
		return domain.Link{}, err
	}
	return s.Links.Find(ctx, by.User, id)
}

// Update switches an account on or off, or changes who sees what it brings; also of what is in the feed already.
func (s Accounts) Update(ctx context.Context, by authz.Actor, id int64, edit domain.Edit) (domain.Link, error) {
	return s.change(ctx, by, id, "account_link.updated", func(ctx context.Context, before domain.Link) (domain.Link, error) {
		after, err := before.Edit(edit, s.Clock.Now())
		if err != nil || after.Data().Visibility == before.Data().Visibility {
			return after, err
		}
		return after, s.each(ctx, after, func(item feed.Item) (feed.Change, error) {
			shown, err := after.Shown(item, s.Clock.Now())
			return feed.Put(shown), err
		})
	})
}

// Remove takes what an account brought out of the feed, forgets its games and switches it off. The account itself is unlinked on the ID
// host, for all tenants.
func (s Accounts) Remove(ctx context.Context, by authz.Actor, id int64) error {
	_, err := s.change(ctx, by, id, "account_link.removed", func(ctx context.Context, link domain.Link) (domain.Link, error) {
		if err := s.retract(ctx, link); err != nil {
			return link, err
		}
		return link.Reset(s.Clock.Now()), s.Links.Forget(ctx, id)
	})
	return err
}

// RequestSync makes one account of the caller due, or all that are switched on, and returns how many.
func (s Accounts) RequestSync(ctx context.Context, by authz.Actor, id int64) (due int, err error) {
	if err := s.require(ctx, by); err != nil {
		return 0, err
	}
	err = s.Tx.Do(ctx, func(ctx context.Context) error {
		links, err := s.Links.List(ctx, by.User)
		if err != nil {
			return err
		}
		found := id == 0
		for _, link := range links {
			if id != 0 && link.ID() != id || id == 0 && !link.Data().Enabled {
				continue
			}
			found = true
			if link, err = s.Links.Lock(ctx, by.User, link.ID()); err != nil {
				return err
			}
			if link.Syncing(s.Clock.Now()) {
				continue
			}
			if link, err = link.RequestSync(s.Clock.Now()); err != nil {
				return err
			}
			if err := s.Links.Update(ctx, link); err != nil {
				return err
			}
			due++
		}
		if !found {
			return domain.ErrLinkNotFound
		}
		s.Tx.AfterCommit(ctx, s.Wake)
		return nil
	})
	return due, err
}

func (s Accounts) change(
	ctx context.Context, by authz.Actor, id int64, action string, make func(context.Context, domain.Link) (domain.Link, error),
) (link domain.Link, err error) {
	if err := s.require(ctx, by); err != nil {
		return link, err
	}
	err = s.Tx.Do(ctx, func(ctx context.Context) error {
		if link, err = s.Links.Lock(ctx, by.User, id); err != nil {
			return err
		}
		if link, err = make(ctx, link); err != nil {
			return err
		}
		if err := s.Links.Update(ctx, link); err != nil {
			return err
		}
		s.Tx.AfterCommit(ctx, s.Wake)
		return s.Audit.Write(ctx, linkEntry(action, link))
	})
	return link, err
}

// linkEntry names no account: whose it is, is the owner's business.
func linkEntry(action string, link domain.Link) audit.Entry {
	d := link.Data()
	return audit.Entry{Action: action, TargetType: "account_link", TargetID: strconv.FormatInt(d.ID, 10), Metadata: map[string]any{
		"provider": string(d.Provider), "enabled": d.Enabled, "visibility": string(d.Visibility),
	}}
}

// itemsAtOnce is how many items are changed by one statement.
const itemsAtOnce = 200

// each changes all items of a link.
func (d Deps) each(ctx context.Context, link domain.Link, change func(feed.Item) (feed.Change, error)) error {
	var after int64
	for {
		items, err := d.Links.Items(ctx, link, after, itemsAtOnce)
		if err != nil || len(items) == 0 {
			return err
		}
		changes := make([]feed.Change, len(items))
		for i, item := range items {
			if changes[i], err = change(item); err != nil {
				return err
			}
			after = item.Data().ID
		}
		if err := d.Feed.Apply(ctx, changes...); err != nil {
			return err
		}
	}
}

func (d Deps) retract(ctx context.Context, link domain.Link) error {
	return d.each(ctx, link, func(item feed.Item) (feed.Change, error) {
		return feed.Retract(link.Data().TenantID, item.Data().SourceRef, d.Clock.Now()), nil
	})
}

// Linking follows what identity tells of linked accounts.
type Linking struct{ Deps }

// Linked stores an account that a member has linked. It may be told again. Another account in the place of the former one begins anew.
func (s Linking) Linked(ctx context.Context, user uuid.UUID, provider domain.Provider, externalID string, at time.Time) error {
	if !domain.Reads(provider) || externalID == "" {
		return nil
	}
	known, err := s.Links.LockByProvider(ctx, user, provider)
	switch {
	case err == nil && known.Data().ExternalID == externalID:
		return nil
	case err == nil:
		if err := s.drop(ctx, known); err != nil {
			return err
		}
	case !errors.Is(err, domain.ErrLinkNotFound):
		return err
	}
	return s.Links.Add(ctx, domain.NewLink(reqctx.From(ctx).TenantID, user, provider, externalID, at, s.Clock.Now()))
}

// Unlinked removes an account with all that came of it.
func (s Linking) Unlinked(ctx context.Context, user uuid.UUID, provider domain.Provider) error {
	known, err := s.Links.LockByProvider(ctx, user, provider)
	if errors.Is(err, domain.ErrLinkNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return s.drop(ctx, known)
}

func (s Linking) drop(ctx context.Context, link domain.Link) error {
	if err := s.retract(ctx, link); err != nil {
		return err
	}
	return s.Links.Delete(ctx, link.ID())
}
