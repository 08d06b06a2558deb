package domain

import "go.updspace.com/libs/errs"

// The errors of accounts of games.
var (
	ErrLinkNotFound = errs.New(errs.NotFound, "ACCOUNT_LINK_NOT_FOUND", "You have no such linked account.")
	ErrLinkOff      = errs.New(errs.Conflict, "ACCOUNT_LINK_OFF", "This account is not used here. Switch it on first.")
	ErrSyncTooSoon  = errs.New(errs.RateLimited, "SYNC_TOO_SOON", "This account was read a moment ago.")
)
