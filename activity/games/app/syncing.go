package app

import (
	"context"
	"errors"
	"time"

	"golang.org/x/sync/errgroup"

	feed "go.updspace.com/activity/domain"
	"go.updspace.com/activity/games/domain"
	"go.updspace.com/activity/games/ports"
	"go.updspace.com/libs/reqctx"
)

// Syncing is the job that reads the accounts that are due. Any number of instances run it: each account is leased to one of them.
type Syncing struct{ Deps }

const (
	syncsAtOnce = 4
	syncLease   = 5 * time.Minute // after which another instance may read; longer than all calls for an account take
)

// Sync reads what is due, until nothing is.
func (s Syncing) Sync(ctx context.Context) error {
	for {
		due, err := s.Links.Claim(ctx, syncsAtOnce, syncLease, s.Clock.Now())
		if err != nil || len(due) == 0 {
			return err
		}
		var group errgroup.Group
		for _, claimed := range due {
			group.Go(func() error {
				return s.read(reqctx.With(ctx, reqctx.Context{TenantID: claimed.Data().TenantID}), claimed)
			})
		}
		if err := group.Wait(); err != nil {
			return err
		}
	}
}

// found is what was read of an account.
type found struct {
	games []domain.Game
	finds []domain.Find
}

func (s Syncing) read(ctx context.Context, claimed ports.Claimed) error {
	known, err := s.Links.Games(ctx, claimed.ID())
	if err != nil {
		return err
	}
	found, problem, err := s.ask(ctx, claimed.Data().ExternalID, known)
	if err != nil {
		return err
	}
	if err := ctx.Err(); err != nil { // stopping: the lease ends by itself
		return err
	}
	if problem.RetryAfter > 0 {
		if err := s.Budget.Block(ctx, claimed.Data().Provider, s.Clock.Now().Add(problem.RetryAfter)); err != nil {
			return err
		}
	}
	now := s.Clock.Now()
	return s.Tx.Do(ctx, func(ctx context.Context) error {
		link, err := s.Links.Held(ctx, claimed)
		if errors.Is(err, domain.ErrLinkNotFound) {
			return nil // unlinked or changed meanwhile: what was read is of no use
		}
		switch {
		case err != nil:
			return err
		case problem.Word != "":
			return s.Links.Update(ctx, link.Failed(problem, now))
		}
		if err := s.Links.PutGames(ctx, link.ID(), found.games); err != nil {
			return err
		}
		if err := s.tell(ctx, link, found.finds, now); err != nil {
			return err
		}
		return s.Links.Update(ctx, link.Synced(now))
	})
}

var tooMany = domain.Problem{Word: domain.RateLimited}

// ask reads the games of an account, and the achievements of those that were played since.
func (s Syncing) ask(ctx context.Context, externalID string, known []domain.Game) (read found, problem domain.Problem, err error) {
	take := func(calls int) bool {
		ok, failed := s.Budget.Take(ctx, domain.Steam, calls, s.Clock.Now())
		err = failed
		return ok && failed == nil
	}
	if !take(1) {
		return read, tooMany, err
	}
	all, problem := s.Accounts.Games(ctx, externalID)
	if problem.Word != "" {
		return read, problem, nil
	}
	before := make(map[int64]domain.Game, len(known))
	for _, game := range known {
		before[game.AppID] = game
	}
	read.games = domain.Played(all)
	changed := domain.Changed(read.games, before)
	if len(changed) > 0 && !take(2*len(changed)) {
		return read, tooMany, err
	}
	counts := map[int64][2]int{}
	for _, game := range changed {
		finds, achieved, all, problem := s.achievements(ctx, externalID, game)
		if problem.Word != "" {
			return read, problem, nil
		}
		counts[game.AppID] = [2]int{achieved, all}
		read.finds = append(read.finds, finds...)
		if played, ok := domain.PlayedGame(game); ok {
			read.finds = append(read.finds, played)
		}
	}
	for i, game := range read.games {
		count, now := counts[game.AppID]
		if !now {
			count = [2]int{before[game.AppID].Achieved, before[game.AppID].Achievements}
		}
		read.games[i].Achieved, read.games[i].Achievements = count[0], count[1]
	}
	return read, domain.Problem{}, nil
}

// achievements are the finds in one game. Their texts are read only when one of them is news.
func (s Syncing) achievements(ctx context.Context, externalID string, game domain.Game) (finds []domain.Find, achieved, all int, problem domain.Problem) {
	unlocked, all, problem := s.Accounts.Unlocked(ctx, externalID, game.AppID)
	if problem.Word != "" {
		return nil, 0, 0, problem
	}
	var words map[string]domain.Words
	for _, u := range unlocked {
		if words == nil && domain.Achieved(game, u, domain.Words{}).News(s.Clock.Now()) {
			if words, problem = s.Accounts.Words(ctx, game.AppID); problem.Word != "" {
				return nil, 0, 0, problem
			}
		}
		finds = append(finds, domain.Achieved(game, u, words[u.Key]))
	}
	return finds, len(unlocked), all, problem
}

// tell makes items of the finds that are new and news.
func (s Syncing) tell(ctx context.Context, link domain.Link, finds []domain.Find, now time.Time) error {
	if len(finds) == 0 {
		return nil
	}
	hashes := make([][32]byte, len(finds))
	for i, find := range finds {
		hashes[i] = find.Hash()
	}
	fresh, err := s.Links.AddHashes(ctx, link.ID(), hashes, now)
	if err != nil {
		return err
	}
	var changes []feed.Change
	for i, find := range finds {
		if !fresh[hashes[i]] || !find.News(now) {
			continue
		}
		item, err := link.Item(find, now)
		if err != nil {
			return err
		}
		changes = append(changes, feed.Put(item))
	}
	for len(changes) > 0 {
		n := min(len(changes), itemsAtOnce)
		if err := s.Feed.Apply(ctx, changes[:n]...); err != nil {
			return err
		}
		changes = changes[n:]
	}
	return nil
}
