// Package domain holds what the domains of groups and of content share.
package domain

import "go.updspace.com/libs/errs"

// Refusals that groups and content share.
var (
	ErrCommunityNotFound = errs.New(errs.NotFound, "NOT_FOUND", "There is no such community.")
	ErrTeamNotFound      = errs.New(errs.NotFound, "NOT_FOUND", "There is no such team.")
	ErrArchived          = errs.New(errs.Conflict, "ARCHIVED", "It is archived. Restore it first.")
)
