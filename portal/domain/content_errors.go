package domain

import "go.updspace.com/libs/errs"

// What is refused about posts, files and profiles.
var (
	ErrPostNotFound    = errs.New(errs.NotFound, "NOT_FOUND", "There is no such post.")
	ErrPostChanged     = errs.New(errs.Conflict, "POST_CHANGED", "Somebody has changed the post meanwhile. Look at it again.")
	ErrUnknownScope    = errs.New(errs.BadRequest, "VALIDATION_ERROR", "Posts are listed by the scope public, community or team.")
	ErrFileNotFound    = errs.New(errs.NotFound, "NOT_FOUND", "There is no such file.")
	ErrFileType        = errs.New(errs.Unsupported, "", "Files of this kind are not taken here.")
	ErrFileTooLarge    = errs.New(errs.TooLarge, "", "The file is too large.")
	ErrFileEmpty       = errs.New(errs.BadRequest, "EMPTY_FILE", "The file is empty.")
	ErrNotAPicture     = errs.New(errs.Unsupported, "", "This is not a picture that can be shown.")
	ErrPictureTooLarge = errs.New(errs.TooLarge, "", "The picture has too many pixels.")
	ErrTooManyPending  = errs.New(errs.Conflict, "TOO_MANY_PENDING", "Attach the files you have uploaded before you upload more.")
	ErrProfileNotFound = errs.New(errs.NotFound, "NOT_FOUND", "There is no such profile.")
	ErrNoAvatar        = errs.New(errs.NotFound, "NOT_FOUND", "There is no avatar.")
	ErrUsernameTaken   = errs.New(errs.Conflict, "USERNAME_TAKEN", "Somebody else has this username.")
)
