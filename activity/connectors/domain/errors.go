package domain

import "go.updspace.com/libs/errs"

// The errors of sources.
var (
	ErrSourceNotFound    = errs.New(errs.NotFound, "SOURCE_NOT_FOUND", "This source does not exist.")
	ErrTooManySources    = errs.New(errs.Conflict, "TOO_MANY_SOURCES", "There are as many sources as one tenant may have.")
	ErrSourceHasRoleSync = errs.New(errs.Conflict, "SOURCE_HAS_ROLE_SYNC", "Roles are synchronised with this source. End that first.")
	ErrNoSecret          = errs.New(errs.Conflict, "SOURCE_HAS_NO_SECRET", "A source of this kind receives no messages, so it has no secret.")

	// ErrHookRefused is the one answer to unknown addresses and to messages that are not signed right, so that it tells neither from the other.
	ErrHookRefused = errs.New(errs.Unauthenticated, "HOOK_REFUSED", "The message was refused: its address or its signature is not right.")
	ErrHookStale   = errs.New(errs.Unauthenticated, "HOOK_STALE", "The time of the message is more than five minutes off.")
	ErrHookReplay  = errs.New(errs.Conflict, "HOOK_REPLAYED", "Exactly this message has come before.")
	ErrHookPaused  = errs.New(errs.Conflict, "SOURCE_PAUSED", "This source is switched off.")
	ErrHookRate    = errs.New(errs.RateLimited, "HOOK_RATE", "This source sends too many messages.")
	ErrHookBody    = errs.New(errs.BadRequest, "HOOK_BODY", "The body must be one JSON object.")
	ErrHookType    = errs.New(errs.BadRequest, "HOOK_TYPE", "Messages of this type are not accepted from this source.")
	ErrHookTooLong = errs.New(errs.TooLarge, "", "A message may have at most 32 KB.")
)
