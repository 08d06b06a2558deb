package domain

import "go.updspace.com/libs/errs"

// What portal refuses, each with the code clients know it by.
var (
	ErrForbidden         = errs.New(errs.Forbidden, "FORBIDDEN", "You are not allowed to do this.")
	ErrBeyondReach       = errs.New(errs.Forbidden, "ROLE_TOO_HIGH", "Only owners can give, change or take away that role.")
	ErrCommunityNotFound = errs.New(errs.NotFound, "NOT_FOUND", "There is no such community.")
	ErrTeamNotFound      = errs.New(errs.NotFound, "NOT_FOUND", "There is no such team.")
	ErrMemberNotFound    = errs.New(errs.NotFound, "NOT_FOUND", "There is no such member.")
	ErrRequestNotFound   = errs.New(errs.NotFound, "NOT_FOUND", "There is no such request.")
	ErrInviteNotFound    = errs.New(errs.NotFound, "NOT_FOUND", "There is no such invitation.")
	ErrLinkNotFound      = errs.New(errs.NotFound, "NOT_FOUND", "There is no such link.")

	ErrDuplicate      = errs.New(errs.Conflict, "DUPLICATE", "The name is taken.")
	ErrArchived       = errs.New(errs.Conflict, "ARCHIVED", "It is archived. Restore it first.")
	ErrLastOwner      = errs.New(errs.Conflict, "LAST_OWNER", "There must be an owner. Make somebody else one first.")
	ErrNotInCommunity = errs.New(errs.Conflict, "NOT_IN_COMMUNITY", "One has to be a member of the community first.")
	ErrAlreadyMember  = errs.New(errs.Conflict, "ALREADY_MEMBER", "This user is a member already.")
	ErrJoinClosed     = errs.New(errs.Conflict, "JOIN_CLOSED", "One cannot join here without being let in.")
	ErrAskClosed      = errs.New(errs.Conflict, "REQUESTS_CLOSED", "No requests are taken here.")

	ErrRequestPending = errs.New(errs.Conflict, "REQUEST_PENDING", "You have asked already.")
	ErrRequestDecided = errs.New(errs.Conflict, "REQUEST_DECIDED", "The request is decided already.")
	ErrInvitePending  = errs.New(errs.Conflict, "INVITE_PENDING", "This user is invited already.")
	ErrInviteDecided  = errs.New(errs.Conflict, "INVITE_DECIDED", "The invitation is no longer open.")

	ErrInviteExpired = errs.New(errs.Gone, "INVITE_EXPIRED", "The invitation has expired.")
	ErrLinkRevoked   = errs.New(errs.Gone, "INVITE_REVOKED", "The link was withdrawn.")
	ErrLinkUsedUp    = errs.New(errs.Gone, "INVITE_USED_UP", "The link has been used as often as it may.")
)
