package domain

import "go.updspace.com/libs/errs"

// What is refused.
var (
	ErrNotFound             = errs.New(errs.NotFound, "NOTIFICATION_NOT_FOUND", "This notification does not exist.")
	ErrSubscriptionNotFound = errs.New(errs.NotFound, "PUSH_SUBSCRIPTION_NOT_FOUND", "This browser is not subscribed.")
	ErrTooManyMutes         = errs.New(errs.Conflict, "TOO_MANY_MUTES", "You have muted as many communities and teams as is possible.")
	ErrTooManyBrowsers      = errs.New(errs.Conflict, "TOO_MANY_PUSH_SUBSCRIPTIONS", "You have subscribed with as many browsers as is possible.")
)
