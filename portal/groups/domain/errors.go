package domain

import "go.updspace.com/libs/errs"

// The refusals of groups, each with its code on the wire.
var (
	ErrRoleTooHigh         = errs.New(errs.Forbidden, "ROLE_TOO_HIGH", "Only owners can give, change or take away that role.")
	ErrBanned              = errs.New(errs.Forbidden, "BANNED", "This user is banned from the group.")
	ErrRemoved             = errs.New(errs.Forbidden, "REMOVED", "A removed member needs an invitation or an approved join request to come back.")
	ErrGroupNotFound       = errs.New(errs.NotFound, "NOT_FOUND", "There is no such community or team.")
	ErrMemberNotFound      = errs.New(errs.NotFound, "NOT_FOUND", "There is no such member.")
	ErrJoinRequestNotFound = errs.New(errs.NotFound, "NOT_FOUND", "There is no such join request.")
	ErrInviteNotFound      = errs.New(errs.NotFound, "NOT_FOUND", "There is no such invitation.")
	ErrInviteLinkNotFound  = errs.New(errs.NotFound, "NOT_FOUND", "There is no such invite link.")
	ErrBanNotFound         = errs.New(errs.NotFound, "NOT_FOUND", "There is no such ban.")

	ErrNameTaken       = errs.New(errs.Conflict, "ALREADY_EXISTS", "The name is taken.")
	ErrArchived        = errs.New(errs.Conflict, "ARCHIVED", "The group is archived. Restore it first.")
	ErrLastOwner       = errs.New(errs.Conflict, "LAST_OWNER", "A group needs an owner. Make another member an owner first.")
	ErrNotInCommunity  = errs.New(errs.Conflict, "NOT_IN_COMMUNITY", "The user has to be a member of the community first.")
	ErrNotTenantMember = errs.New(errs.Conflict, "NOT_TENANT_MEMBER", "The user is not a member of the tenant.")
	ErrAlreadyMember   = errs.New(errs.Conflict, "ALREADY_MEMBER", "The user is a member already.")
	ErrJoinClosed      = errs.New(errs.Conflict, "JOIN_CLOSED", "This group cannot be joined without a request or an invitation.")
	ErrRequestsClosed  = errs.New(errs.Conflict, "REQUESTS_CLOSED", "This group takes no join requests.")

	ErrRequestPending = errs.New(errs.Conflict, "REQUEST_PENDING", "You have asked already.")
	ErrRequestDecided = errs.New(errs.Conflict, "REQUEST_DECIDED", "The join request is decided already.")
	ErrInvitePending  = errs.New(errs.Conflict, "INVITE_PENDING", "This user is invited already.")
	ErrInviteDecided  = errs.New(errs.Conflict, "INVITE_DECIDED", "The invitation is no longer open.")

	ErrInviteExpired = errs.New(errs.Gone, "INVITE_EXPIRED", "The invitation has expired.")
	ErrInviteRevoked = errs.New(errs.Gone, "INVITE_REVOKED", "The invitation was withdrawn.")
	ErrLinkUsedUp    = errs.New(errs.Gone, "INVITE_USED_UP", "The link has been used as often as it may.")
)
