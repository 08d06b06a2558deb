package app

import (
	"context"

	"go.updspace.com/voting/domain"
	"go.updspace.com/voting/ports"
)

// gate asks Access about the caller and a poll.
type gate struct {
	access ports.Access
}

// rights are the permissions that were asked about, and whether the caller holds them.
type rights map[domain.Permission]bool

// see lets in those who see the poll and finds out which further permissions they hold, with one question to Access.
// Whoever does not see the poll is told that there is none. Most see a published poll because they may read it, and
// then it is not asked whether they manage it.
func (g gate) see(ctx context.Context, caller domain.Actor, poll domain.Poll, also ...domain.Permission) (rights, error) {
	if !poll.IsDraft() {
		answers, err := g.ask(ctx, append([]domain.Ask{poll.AskVisible(domain.PermissionPollRead)}, asksFor(poll, also)...))
		if err != nil {
			return nil, err
		}
		if answers[0] {
			return rightsOf(also, answers[1:]), nil
		}
	}
	_, held, err := g.enter(ctx, caller, poll, also...)
	return held, err
}

// enter is see, and finds out what the caller is to the poll.
func (g gate) enter(ctx context.Context, caller domain.Actor, poll domain.Poll, also ...domain.Permission) (domain.Standing, rights, error) {
	answers, err := g.ask(ctx, append([]domain.Ask{
		poll.Ask(domain.PermissionPollRead), poll.AskVisible(domain.PermissionPollRead), poll.Ask(domain.PermissionPollsAdmin),
	}, asksFor(poll, also)...))
	if err != nil {
		return domain.Standing{}, nil, err
	}
	standing := domain.StandingOf(poll, caller, domain.Grants{Read: answers[0], Visible: answers[1], Admin: answers[2]})
	if !standing.Sees {
		return domain.Standing{}, nil, domain.ErrPollNotFound
	}
	return standing, rightsOf(also, answers[3:]), nil
}

// ask takes the shorter way for a single question.
func (g gate) ask(ctx context.Context, asks []domain.Ask) ([]bool, error) {
	if len(asks) > 1 {
		return g.access.AllowedEach(ctx, asks)
	}
	allowed, err := g.access.Allowed(ctx, asks[0])
	return []bool{allowed}, err
}

func rightsOf(permissions []domain.Permission, answers []bool) rights {
	held := make(rights, len(permissions))
	for i, permission := range permissions {
		held[permission] = answers[i]
	}
	return held
}

// require lets in those who see the poll and hold a permission.
func (g gate) require(ctx context.Context, caller domain.Actor, poll domain.Poll, permission domain.Permission) error {
	held, err := g.see(ctx, caller, poll, permission)
	if err == nil && !held[permission] {
		err = domain.ErrForbidden
	}
	return err
}

// manage lets in those who manage the poll.
func (g gate) manage(ctx context.Context, caller domain.Actor, poll domain.Poll) error {
	standing, _, err := g.enter(ctx, caller, poll)
	if err == nil && !standing.Manages {
		err = domain.ErrForbidden
	}
	return err
}

// vote lets in those who may vote in the poll. It is the busiest gate, so a yes takes the single question that a vote
// needs; why it is a no is found out only then. Drafts take the long way, because only managers know of them.
func (g gate) vote(ctx context.Context, caller domain.Actor, poll domain.Poll) error {
	if !poll.IsDraft() {
		allowed, err := g.access.Allowed(ctx, askFor(poll, domain.PermissionVoteCast))
		if allowed || err != nil {
			return err
		}
	}
	return g.require(ctx, caller, poll, domain.PermissionVoteCast)
}

func asksFor(poll domain.Poll, permissions []domain.Permission) []domain.Ask {
	asks := make([]domain.Ask, len(permissions))
	for i, permission := range permissions {
		asks[i] = askFor(poll, permission)
	}
	return asks
}

// askFor puts a permission about a poll. Voting is for those the poll is meant for; managing a poll lets one see it
// and what came of it, and does not give a vote.
func askFor(poll domain.Poll, permission domain.Permission) domain.Ask {
	if permission == domain.PermissionVoteCast {
		return poll.AskVisible(permission)
	}
	return poll.Ask(permission)
}
