package domain

import "go.updspace.com/libs/errs"

// Errors of posts, files and profiles.
var (
	ErrPostNotFound    = errs.New(errs.NotFound, "NOT_FOUND", "There is no such post.")
	ErrPostChanged     = errs.New(errs.Conflict, "POST_CHANGED", "The post was changed meanwhile. Reload it.")
	ErrFileNotFound    = errs.New(errs.NotFound, "NOT_FOUND", "There is no such file.")
	ErrTooManyPending  = errs.New(errs.Conflict, "TOO_MANY_PENDING", "Attach the files you have uploaded before you upload more.")
	ErrProfileNotFound = errs.New(errs.NotFound, "NOT_FOUND", "There is no such profile.")
	ErrNoAvatar        = errs.New(errs.NotFound, "NOT_FOUND", "There is no avatar.")
	ErrUsernameTaken   = errs.New(errs.Conflict, "USERNAME_TAKEN", "This username is taken.")
)
