package domain

import "go.updspace.com/libs/authz"

// Grants are the answers of access about a caller and a poll.
type Grants struct {
	Read     bool // the caller holds voting.poll.read in the poll's scope
	Audience bool // the same, and belongs to the audience of the poll's visibility
	Admin    bool // the caller holds voting.votings.admin in the poll's scope
	Cast     bool // the caller holds voting.vote.cast there; NewPollAccess does not look at it
	Results  bool // the caller holds voting.results.read there; likewise
}

// GrantsOf are the grants of a viewer of a list.
func GrantsOf(v authz.Viewer, p Poll) Grants {
	scope := p.AccessScope()
	return Grants{
		Read: v.Has(PermissionPollRead, scope), Audience: v.In(p.Audience()), Admin: v.Has(PermissionPollsAdmin, scope),
		Cast: v.Has(PermissionVoteCast, scope), Results: v.Has(PermissionResultsRead, scope),
	}
}

// PollAccess is what a caller may do with a poll. Permissions that access grants (to vote, to read results) are needed
// besides.
type PollAccess struct {
	CanRead             bool
	CanVote             bool // belongs to those who the poll is for
	CanEditQuestions    bool
	CanManage           bool // settings, status and participants
	CanDelete           bool // and may make participants owners
	CanReadEarlyResults bool // whatever the poll's results visibility
}

// NewPollAccess decides what a caller may do with a poll, from the caller's role in the poll and the answers of access.
//
// Without voting.poll.read in the scope the caller may do nothing. The creator is an owner for ever. Drafts can be read by
// those who edit them only. A hidden poll, whose community or team was deleted, can be read by those who manage it.
func NewPollAccess(p Poll, caller authz.Actor, role Role, g Grants) PollAccess {
	d := p.data
	if !g.Read || caller.Tenant != d.TenantID {
		return PollAccess{}
	}
	owner := role == RoleOwner || caller.User == d.CreatedBy
	manage := owner || g.Admin || role == RoleAdmin
	edit := manage || role == RoleModerator
	audience := owner || role != RoleNone || g.Audience && d.Visibility != authz.VisibilityPrivate
	a := PollAccess{
		CanVote:             audience && role != RoleObserver,
		CanEditQuestions:    edit,
		CanManage:           manage,
		CanDelete:           owner || g.Admin,
		CanReadEarlyResults: edit || role == RoleObserver,
	}
	switch {
	case d.Hidden:
		a.CanRead, a.CanVote = manage, false
	case p.IsDraft():
		a.CanRead = edit
	default:
		a.CanRead = edit || audience
	}
	return a
}
