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

// grants are the permissions that were checked, and whether the caller holds them.
type grants map[authz.Permission]bool

// requireVisible refuses callers who cannot read the poll and returns which further permissions the others hold. Most
// callers can read a published poll because they belong to its audience, so that everything else is checked after a no.
func (a authorizer) requireVisible(ctx context.Context, caller authz.Actor, poll domain.Poll, also ...authz.Permission) (grants, error) {
	if poll.HasAudience() {
		answers, err := a.Access.CheckAll(ctx, withChecks(poll, also, poll.AudienceCheck(domain.PermissionPollRead)))
		if err != nil {
			return nil, err
		}
		if answers[0] {
			return grantsOf(also, answers[1:]), nil
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
	held   grants // of the permissions that were asked about besides
}

// standing is the caller's standing in the poll, of an access that was loaded with voting.vote.cast and voting.results.read.
func (a access) standing(poll domain.Poll, progress domain.Progress, now time.Time) domain.Standing {
	a.grants.Cast, a.grants.Results = a.held[domain.PermissionVoteCast], a.held[domain.PermissionResultsRead]
	return domain.NewStanding(poll, a.role, a.grants, a.PollAccess, progress, now)
}

// loadAccess is requireVisible, and returns everything the caller may do with the poll.
func (a authorizer) loadAccess(ctx context.Context, caller authz.Actor, poll domain.Poll, also ...authz.Permission) (access, error) {
	answers, err := a.Access.CheckAll(ctx, withChecks(poll, also,
		poll.Check(domain.PermissionPollRead), poll.AudienceCheck(domain.PermissionPollRead), poll.Check(domain.PermissionPollsAdmin)))
	if err != nil {
		return access{}, err
	}
	role, err := a.Participants.Role(ctx, poll.ID(), caller.User)
	if err != nil {
		return access{}, err
	}
	given := domain.Grants{Read: answers[0], Audience: answers[1], Admin: answers[2]}
	loaded := access{PollAccess: domain.NewPollAccess(poll, caller, role, given), role: role, grants: given, held: grantsOf(also, answers[3:])}
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
	check := poll.AudienceCheck(domain.PermissionVoteCast)
	if !d.made || d.check != check {
		if allowed, err = access.Check(ctx, check); err != nil {
			return false, err
		}
		*d = voteDecision{check: check, allowed: allowed, made: true}
	}
	return d.allowed, nil
}

func withChecks(poll domain.Poll, permissions []authz.Permission, first ...authz.Check) []authz.Check {
	for _, permission := range permissions {
		first = append(first, poll.Check(permission))
	}
	return first
}

func grantsOf(permissions []authz.Permission, answers []bool) grants {
	held := make(grants, len(permissions))
	for i, permission := range permissions {
		held[permission] = answers[i]
	}
	return held
}
