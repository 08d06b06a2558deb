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

// pass is what the gate found out about a caller who sees a poll.
type pass struct {
	domain.Standing
	holds map[domain.Permission]bool
}

// see lets in those who see the poll and finds out which further permissions they hold, with one question to Access.
// Most see a published poll because they may read it, and nothing more is asked then; so pass.Manages stays open here.
// Whoever does not see the poll is told that there is none.
func (g gate) see(ctx context.Context, caller domain.Actor, poll domain.Poll, also ...domain.Permission) (pass, error) {
	if poll.IsDraft() {
		return g.enter(ctx, caller, poll, also...)
	}
	asks := []domain.Ask{poll.AskVisible(domain.PermissionPollRead)}
	for _, permission := range also {
		asks = append(asks, askFor(poll, permission))
	}
	answers, err := g.ask(ctx, asks)
	if err != nil {
		return pass{}, err
	}
	if !answers[0] {
		return g.enter(ctx, caller, poll, also...)
	}
	return pass{Standing: domain.Standing{Sees: true}, holds: held(also, answers[1:])}, nil
}

// enter is see, and finds out whether the caller manages the poll.
func (g gate) enter(ctx context.Context, caller domain.Actor, poll domain.Poll, also ...domain.Permission) (pass, error) {
	asks := []domain.Ask{poll.Ask(domain.PermissionPollRead), poll.AskVisible(domain.PermissionPollRead), poll.Ask(domain.PermissionPollsAdmin)}
	for _, permission := range also {
		asks = append(asks, askFor(poll, permission))
	}
	answers, err := g.ask(ctx, asks)
	if err != nil {
		return pass{}, err
	}
	standing := domain.StandingOf(poll, caller, domain.Grants{Read: answers[0], Visible: answers[1], Admin: answers[2]})
	if !standing.Sees {
		return pass{}, domain.ErrPollNotFound
	}
	return pass{Standing: standing, holds: held(also, answers[3:])}, nil
}

// ask takes the shorter way for a single question.
func (g gate) ask(ctx context.Context, asks []domain.Ask) ([]bool, error) {
	if len(asks) > 1 {
		return g.access.AllowedEach(ctx, asks)
	}
	allowed, err := g.access.Allowed(ctx, asks[0])
	return []bool{allowed}, err
}

func held(permissions []domain.Permission, answers []bool) map[domain.Permission]bool {
	holds := make(map[domain.Permission]bool, len(permissions))
	for i, permission := range permissions {
		holds[permission] = answers[i]
	}
	return holds
}

// require lets in those who see the poll and hold a permission.
func (g gate) require(ctx context.Context, caller domain.Actor, poll domain.Poll, permission domain.Permission) error {
	p, err := g.see(ctx, caller, poll, permission)
	if err == nil && !p.holds[permission] {
		err = domain.ErrForbidden
	}
	return err
}

// manage lets in those who manage the poll.
func (g gate) manage(ctx context.Context, caller domain.Actor, poll domain.Poll) error {
	p, err := g.enter(ctx, caller, poll)
	if err == nil && !p.Manages {
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

// askFor puts a permission about a poll. Voting is for those the poll is meant for; managing a poll lets one see it
// and what came of it, and does not give a vote.
func askFor(poll domain.Poll, permission domain.Permission) domain.Ask {
	if permission == domain.PermissionVoteCast {
		return poll.AskVisible(permission)
	}
	return poll.Ask(permission)
}
