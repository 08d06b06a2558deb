package app

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"go.updspace.com/activity/roles/domain"
	"go.updspace.com/activity/roles/ports"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/reqctx"
)

// Following is the job that makes the roles of both sides follow one another. Any number of instances run it: each person is leased to one of them.
type Following struct{ Deps }

const (
	atOnce = 4
	lease  = 3 * time.Minute // after which another instance may look; longer than all calls for one person take
)

// Linked follows that a member has linked an account at Discord. What was given because of another account of the member is taken back.
func (f Following) Linked(ctx context.Context, user uuid.UUID, discordID string) error {
	f.Tx.AfterCommit(ctx, f.Wake)
	return f.Members.Link(ctx, user, discordID, f.Clock.Now())
}

// Unlinked follows that the account must not be used any more. What was given because of it is taken back.
func (f Following) Unlinked(ctx context.Context, user uuid.UUID) error {
	f.Tx.AfterCommit(ctx, f.Wake)
	return f.Members.Unlink(ctx, user, f.Clock.Now())
}

// Follow looks at all people who are due, until none is.
func (f Following) Follow(ctx context.Context) error {
	for {
		due, err := f.Members.Claim(ctx, atOnce, lease, f.Clock.Now())
		if err != nil || len(due) == 0 {
			return err
		}
		var group errgroup.Group
		for _, claimed := range due {
			group.Go(func() error {
				return f.look(reqctx.With(ctx, reqctx.Context{TenantID: claimed.TenantID}), claimed)
			})
		}
		if err := group.Wait(); err != nil {
			return err
		}
	}
}

// seen is what both sides say of a person, and what follows from it.
type seen struct {
	present bool
	changes []domain.Change
	actions []domain.Action
	problem domain.Problem
}

func (f Following) look(ctx context.Context, claimed ports.Claimed) error {
	sync, err := f.Syncs.Find(ctx, claimed.SourceID)
	if errors.Is(err, domain.ErrSyncNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if sync.Mode == domain.Paused {
		return f.rest(ctx, claimed)
	}
	s, err := f.see(ctx, sync, claimed.Member)
	if err == nil {
		err = ctx.Err() // stopping: the lease ends by itself
	}
	if err != nil {
		return err
	}
	if sync.Mode == domain.Active {
		held, err := f.begin(ctx, claimed, s.changes)
		if err != nil || !held {
			return err
		}
		s = f.call(ctx, sync, claimed.Member, s)
		if err := ctx.Err(); err != nil {
			return err
		}
	} else {
		s.changes = nil
	}
	if s.problem.RetryAfter > 0 {
		if err := f.Budget.Block(ctx, sync, f.Clock.Now().Add(s.problem.RetryAfter)); err != nil {
			return err
		}
	}
	return f.finish(ctx, claimed, s)
}

// rest leaves a person as they are until the next time.
func (f Following) rest(ctx context.Context, claimed ports.Claimed) error {
	return f.Tx.Do(ctx, func(ctx context.Context) error {
		held, err := f.Members.Held(ctx, claimed)
		if err != nil || !held {
			return err
		}
		m := claimed.Member
		m.NextAt = f.Clock.Now().Add(domain.Every)
		return f.Members.Update(ctx, m)
	})
}

// see asks both sides. When Discord does not answer, what was given here to an account that is not linked any more is taken nevertheless.
func (f Following) see(ctx context.Context, sync domain.Sync, m domain.Member) (s seen, err error) {
	mappings, err := f.Syncs.Mappings(ctx, sync.SourceID)
	if err != nil {
		return s, err
	}
	holdings, err := f.Members.Holdings(ctx, sync.SourceID, m.AccountID)
	if err != nil {
		return s, err
	}
	person := domain.Person{Linked: m.Linked}
	taken, err := f.Budget.Take(ctx, sync, 1, f.Clock.Now())
	if err != nil {
		return s, err
	}
	s.problem = domain.Problem{Word: domain.RateLimited}
	if taken {
		person.There, person.Present, s.problem = f.Discord.Member(ctx, sync, m.DiscordID)
	}
	if s.problem.Word != "" && m.Linked {
		return s, nil
	}
	if person.Here, err = f.held(ctx, m.UserID, mappings); err != nil {
		return s, err
	}
	s.present = person.Present
	for _, mapping := range mappings {
		c := domain.Plan(mapping, holdings[mapping.ID], person)
		if s.problem.Word != "" {
			c.After.There = c.Before.There // it is not known what is there
		}
		if !c.Needed() {
			continue
		}
		if c.After.ID == uuid.Nil {
			c.After.ID = uuid.New()
		}
		s.changes, s.actions = append(s.changes, c), append(s.actions, actionsOf(c)...)
	}
	return s, nil
}

func actionsOf(c domain.Change) (actions []domain.Action) {
	for kind, done := range map[string]bool{
		"give_there": c.Give, "take_there": c.Take, "give_here": c.TellsHere() && c.After.Here, "take_here": c.TellsHere() && c.Before.Here,
	} {
		if done {
			actions = append(actions, domain.Action{Mapping: c.Mapping.ID, Kind: kind})
		}
	}
	return actions
}

// held are the mappings whose role a person has here for another reason than Discord.
func (f Following) held(ctx context.Context, user uuid.UUID, mappings []domain.Mapping) (map[int64]bool, error) {
	here := map[int64]bool{}
	if len(mappings) == 0 {
		return here, nil
	}
	const most = 100 // roles in one question
	for from := 0; from < len(mappings); from += most {
		some := mappings[from:min(from+most, len(mappings))]
		roles := make([]authz.ScopedRole, len(some))
		for i, m := range some {
			roles[i] = authz.ScopedRole{Role: m.Role.ID, Scope: m.Scope}
		}
		held, err := f.Roles.HeldRoles(ctx, user, roles)
		if err != nil {
			return nil, err
		}
		for i, m := range some {
			here[m.ID] = held[i]
		}
	}
	return here, nil
}

// begin tells access, and notes what is about to be given at Discord: whatever happens then, it is known to be ours.
func (f Following) begin(ctx context.Context, claimed ports.Claimed, changes []domain.Change) (held bool, err error) {
	err = f.Tx.Do(ctx, func(ctx context.Context) error {
		if held, err = f.Members.Held(ctx, claimed); err != nil || !held {
			return err
		}
		for _, c := range changes {
			noted := c.After
			noted.There = noted.There || c.Before.There && c.Take
			if err := f.Members.PutHolding(ctx, claimed.SourceID, c.Mapping.ID, claimed.AccountID, noted); err != nil {
				return err
			}
			switch {
			case !c.TellsHere():
			case c.After.Here:
				err = f.Events.RoleGiven(ctx, c.Mapping, c.After, claimed.UserID)
			default:
				err = f.Events.RoleTaken(ctx, c.After, claimed.UserID)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	return held, err
}

// call gives and takes roles at Discord. What was not taken is not a change; it is tried again.
func (f Following) call(ctx context.Context, sync domain.Sync, m domain.Member, s seen) seen {
	for i, c := range s.changes {
		if !c.Give && !c.Take {
			continue
		}
		problem := domain.Problem{Word: domain.RateLimited}
		if ok, err := f.Budget.Take(ctx, sync, 1, f.Clock.Now()); err == nil && ok {
			if c.Give {
				problem = f.Discord.Give(ctx, sync, m.DiscordID, c.Mapping.DiscordRole)
			} else {
				problem = f.Discord.Take(ctx, sync, m.DiscordID, c.Mapping.DiscordRole)
			}
		}
		if problem.Word != "" {
			s.problem = problem
			s.changes[i].After.There = true // ours still, or about to be
		}
	}
	return s
}

// finish stores how it went. A person whose account is not linked any more is let go when nothing is left.
func (f Following) finish(ctx context.Context, claimed ports.Claimed, s seen) error {
	now := f.Clock.Now()
	return f.Tx.Do(ctx, func(ctx context.Context) error {
		held, err := f.Members.Held(ctx, claimed)
		if err != nil || !held {
			return err // changed meanwhile: it is due again
		}
		for _, c := range s.changes {
			if err := f.Members.PutHolding(ctx, claimed.SourceID, c.Mapping.ID, claimed.AccountID, c.After); err != nil {
				return err
			}
		}
		if err := f.Syncs.ForgetMappings(ctx, claimed.SourceID); err != nil {
			return err
		}
		m := claimed.Member.Seen(s.present, s.actions, now)
		if s.problem.Word != "" {
			m = claimed.Member.Failed(s.problem, now)
		}
		if !m.Linked {
			left, err := f.Members.Holdings(ctx, claimed.SourceID, claimed.AccountID)
			if err != nil {
				return err
			}
			if len(left) == 0 || m.Failures >= domain.GiveUp {
				return f.Members.Forget(ctx, m)
			}
		}
		return f.Members.Update(ctx, m)
	})
}
