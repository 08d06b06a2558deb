package app

import (
	"context"
	"time"

	"go.updspace.com/libs/authz"
	"go.updspace.com/voting/domain"
)

// authorizer asks access what the caller may do with a poll. A poll that the caller cannot read does not exist for the
// caller: the refusal is domain.ErrPollNotFound. Every method makes one call to access for a yes.
type authorizer struct{ Deps }

// requireVisible refuses callers who cannot read the poll and returns which further permissions the others hold. Most
// callers can read a published poll because they belong to its audience, so that everything else is checked after a no.
func (a authorizer) requireVisible(ctx context.Context, caller authz.Actor, poll domain.Poll, also ...authz.Permission) (held map[authz.Permission]bool, err error) {
	if poll.HasAudience() {
		answers, held, err := authz.CheckAlso(ctx, a.Access, []authz.Check{poll.Audience().Check(domain.PermissionPollRead)}, poll.AccessScope(), also...)
		if err != nil {
			return nil, err
		}
		if answers[0] {
			return held, nil
		}
	}
	access, err := a.loadAccess(ctx, caller, poll, also...)
	return access.held, err
}

// access is what the caller may do with a poll, and what that was decided on.
type access struct {
	domain.PollAccess
	role   domain.Role
	grants domain.Grants
	held   map[authz.Permission]bool // of the permissions that were asked about besides
}

// standing is the caller's standing in the poll, of an access that was loaded with voting.vote.cast and voting.results.read.
func (a access) standing(poll domain.Poll, progress domain.Progress, now time.Time) domain.Standing {
	a.grants.Cast, a.grants.Results = a.held[domain.PermissionVoteCast], a.held[domain.PermissionResultsRead]
	return domain.NewStanding(poll, a.role, a.grants, a.PollAccess, progress, now)
}

// loadAccess is requireVisible, and returns everything the caller may do with the poll.
func (a authorizer) loadAccess(ctx context.Context, caller authz.Actor, poll domain.Poll, also ...authz.Permission) (access, error) {
	checks := []authz.Check{poll.Check(domain.PermissionPollRead), poll.Audience().Check(domain.PermissionPollRead), poll.Check(domain.PermissionPollsAdmin)}
	answers, held, err := authz.CheckAlso(ctx, a.Access, checks, poll.AccessScope(), also...)
	if err != nil {
		return access{}, err
	}
	role, err := a.Participants.Role(ctx, poll.ID(), caller.User)
	if err != nil {
		return access{}, err
	}
	given := domain.Grants{Read: answers[0], Audience: answers[1], Admin: answers[2]}
	loaded := access{PollAccess: domain.NewPollAccess(poll, caller, role, given), role: role, grants: given, held: held}
	if !loaded.CanRead {
		return access{}, domain.ErrPollNotFound
	}
	return loaded, nil
}

// require refuses callers who cannot read the poll or lack the permission.
func (a authorizer) require(ctx context.Context, caller authz.Actor, poll domain.Poll, permission authz.Permission) error {
	held, err := a.requireVisible(ctx, caller, poll, permission)
	if err == nil && !held[permission] {
		err = authz.Denied(permission)
	}
	return err
}

// requireVote refuses callers who may not vote in the poll, and says why.
func (a authorizer) requireVote(ctx context.Context, caller authz.Actor, poll domain.Poll) error {
	access, err := a.loadAccess(ctx, caller, poll, domain.PermissionVoteCast)
	switch {
	case err != nil:
		return err
	case !access.held[domain.PermissionVoteCast]:
		return authz.Denied(domain.PermissionVoteCast)
	case !access.CanVote:
		return domain.ErrForbidden
	}
	return nil
}

// voteDecision is the answer of access to the one check that a vote needs. It is kept while casting tries again, so that
// the same check is not made twice.
type voteDecision struct {
	check   authz.Check
	allowed bool
	made    bool
}

// mayVote reports whether the check allows the vote. It does not say why not. It answers no for polls that only some
// users know of: there requireVote decides.
func (d *voteDecision) mayVote(ctx context.Context, access authz.Checker, poll domain.Poll) (allowed bool, err error) {
	if !poll.HasAudience() {
		return false, nil
	}
	check := poll.Audience().Check(domain.PermissionVoteCast)
	if !d.made || d.check != check {
		if allowed, err = access.Check(ctx, check); err != nil {
			return false, err
		}
		*d = voteDecision{check: check, allowed: allowed, made: true}
	}
	return d.allowed, nil
}
