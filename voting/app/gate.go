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

// enter finds out what the caller is to a poll and whether he holds further permissions, with one question to Access.
// Whoever does not see the poll is told that there is none.
func (g gate) enter(ctx context.Context, caller domain.Actor, poll domain.Poll, also ...domain.Permission) (pass, error) {
	asks := []domain.Ask{poll.Ask(domain.PermissionPollRead), poll.AskVisible(domain.PermissionPollRead), poll.Ask(domain.PermissionPollsAdmin)}
	for _, permission := range also {
		asks = append(asks, askFor(poll, permission))
	}
	answers, err := g.access.AllowedEach(ctx, asks)
	if err != nil {
		return pass{}, err
	}
	p := pass{
		Standing: domain.StandingOf(poll, caller, domain.Grants{Read: answers[0], Visible: answers[1], Admin: answers[2]}),
		holds:    make(map[domain.Permission]bool, len(also)),
	}
	if !p.Sees {
		return pass{}, domain.ErrPollNotFound
	}
	for i, permission := range also {
		p.holds[permission] = answers[3+i]
	}
	return p, nil
}

// require is enter for those who must hold a permission.
func (g gate) require(ctx context.Context, caller domain.Actor, poll domain.Poll, permission domain.Permission) (pass, error) {
	p, err := g.enter(ctx, caller, poll, permission)
	if err == nil && !p.holds[permission] {
		err = domain.ErrForbidden
	}
	return p, err
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
	_, err := g.require(ctx, caller, poll, domain.PermissionVoteCast)
	return err
}

// askFor puts a permission about a poll. Voting is for those the poll is meant for; managing a poll lets one see it
// and what came of it, and does not give a vote.
func askFor(poll domain.Poll, permission domain.Permission) domain.Ask {
	if permission == domain.PermissionVoteCast {
		return poll.AskVisible(permission)
	}
	return poll.Ask(permission)
}
