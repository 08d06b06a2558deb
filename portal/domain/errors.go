package domain

import "go.updspace.com/libs/errs"

// What portal refuses, each with the code clients know it by.
var (
	ErrForbidden         = errs.New(errs.Forbidden, "FORBIDDEN", "You are not allowed to do this.")
	ErrCommunityNotFound = errs.New(errs.NotFound, "NOT_FOUND", "There is no such community.")
	ErrTeamNotFound      = errs.New(errs.NotFound, "NOT_FOUND", "There is no such team.")
	ErrDuplicate         = errs.New(errs.Conflict, "DUPLICATE", "The name is taken.")
)
