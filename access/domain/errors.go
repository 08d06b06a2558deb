package domain

import (
	"errors"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
)

// Errors of Access, each with its code on the wire.
var (
	ErrForbidden            = authz.ErrDenied
	ErrNotHeld              = errs.New(errs.Forbidden, "PERMISSION_NOT_HELD", "You can only grant what you hold yourself.")
	ErrLastAdmin            = errs.New(errs.Conflict, "LAST_ADMIN", "The tenant would be left without an administrator.")
	ErrManagedByPortal      = errs.New(errs.Conflict, "MANAGED_BY_PORTAL", "This binding follows a membership and changes only with it.")
	ErrManagedByAchievement = errs.New(errs.Conflict, "MANAGED_BY_ACHIEVEMENT", "This binding is the reward of an achievement and ends with its grant.")
	ErrManagedByDiscord     = errs.New(errs.Conflict, "MANAGED_BY_DISCORD", "This binding follows a role at Discord and ends there.")
	ErrNotRewardable        = errs.New(errs.Conflict, "ROLE_NOT_REWARDABLE", "This role cannot be the reward of an achievement.")
	ErrTenantMismatch       = errs.New(errs.BadRequest, "TENANT_MISMATCH", "This is another tenant.")
	ErrRoleNotFound         = errs.New(errs.NotFound, "ROLE_NOT_FOUND", "There is no such role.")
	ErrRoleExists           = errs.New(errs.Conflict, "ROLE_EXISTS", "The service already has a role of this name.")
	ErrUnknownKeys          = errs.New(errs.NotFound, "PERMISSION_NOT_FOUND", "Some permissions do not exist.")
	ErrBindingNotFound      = errs.New(errs.NotFound, "", "There is no such binding.")
	ErrBindingExists        = errs.New(errs.Conflict, "", "The user already holds this role here.")
	ErrOverrideNotFound     = errs.New(errs.NotFound, "", "There is no such override.")
	ErrMemberNotFound       = errs.New(errs.NotFound, "MEMBER_NOT_FOUND", "This user is not a member of the tenant. It can take a moment until a new member is known here.")
	ErrScopeNotFound        = errs.New(errs.NotFound, "SCOPE_NOT_FOUND", "There is no such scope. It can take a moment until a new community or team is known here.")
	ErrScopeArchived        = errs.New(errs.Conflict, "SCOPE_ARCHIVED", "This community or team is archived, so no roles can be granted there.")
)

// missing adds the permissions that an error is about.
func missing(e *errs.Error, keys []string) error {
	return e.WithDetails(map[string]any{"missing": keys})
}

// IsRefusal reports whether a rule refused the caller, as opposed to a mistake in the input or something not found.
// Refusals are recorded in the audit log.
func IsRefusal(err error) bool {
	for _, refusal := range []*errs.Error{ErrForbidden, ErrNotHeld, ErrLastAdmin, ErrManagedByPortal, ErrManagedByAchievement, ErrManagedByDiscord} {
		if errors.Is(err, refusal) {
			return true
		}
	}
	return false
}
