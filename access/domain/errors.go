package domain

import (
	"errors"

	"go.updspace.com/libs/errs"
)

// What Access refuses, each with the code clients know it by.
var (
	ErrForbidden        = errs.New(errs.Forbidden, "", "You are not allowed to do this.")
	ErrNotHeld          = errs.New(errs.Forbidden, "PERMISSION_NOT_HELD", "You can only grant what you hold yourself.")
	ErrLastAdmin        = errs.New(errs.Conflict, "LAST_ADMIN", "The tenant would be left without an administrator.")
	ErrManagedByPortal  = errs.New(errs.Conflict, "MANAGED_BY_PORTAL", "This follows a membership and changes with it only.")
	ErrTenantMismatch   = errs.New(errs.BadRequest, "TENANT_MISMATCH", "This is another tenant.")
	ErrRoleNotFound     = errs.New(errs.NotFound, "ROLE_NOT_FOUND", "There is no such role.")
	ErrNoSuchRole       = errs.New(errs.BadRequest, "ROLE_NOT_FOUND", "There is no such role.") // named by a body
	ErrRoleExists       = errs.New(errs.BadRequest, "ROLE_EXISTS", "The service has a role of this name already.")
	ErrUnknownKeys      = errs.New(errs.BadRequest, "PERMISSION_NOT_FOUND", "Some permissions do not exist.")
	ErrBindingNotFound  = errs.New(errs.NotFound, "", "There is no such binding.")
	ErrBindingExists    = errs.New(errs.Conflict, "", "The user holds this role here already.")
	ErrOverrideNotFound = errs.New(errs.NotFound, "", "There is no such override.")
)

// missing says which permissions an error is about.
func missing(e *errs.Error, keys []string) error {
	return e.WithDetails(map[string]any{"missing": keys})
}

// IsRefusal tells errors by which a rule stopped somebody from those about what
// they asked for: a mistake, or something that is not there.
func IsRefusal(err error) bool {
	for _, refusal := range []*errs.Error{ErrForbidden, ErrNotHeld, ErrLastAdmin, ErrManagedByPortal} {
		if errors.Is(err, refusal) {
			return true
		}
	}
	return false
}
