package domain

import "go.updspace.com/libs/errs"

// What the gateway refuses, under the codes the frontends know.
var (
	ErrTenantClosed    = errs.New(errs.Gone, "TENANT_CLOSED", "This community is closed.")
	ErrTenantNotFound  = errs.New(errs.NotFound, "TENANT_NOT_FOUND", "There is no community at this address.")
	ErrTenantMismatch  = errs.New(errs.Forbidden, "TENANT_MISMATCH", "This session belongs to another community.")
	ErrTenantForbidden = errs.New(errs.Forbidden, "TENANT_FORBIDDEN", "You are not a member of this community.")

	ErrUnauthenticated  = errs.New(errs.Unauthenticated, "UNAUTHORIZED", "Sign in to continue.")
	ErrAccountSuspended = errs.New(errs.Forbidden, "ACCOUNT_SUSPENDED", "This account is suspended.")
	ErrAccountBanned    = errs.New(errs.Forbidden, "ACCOUNT_BANNED", "This account is banned.")

	ErrCSRF        = errs.New(errs.Forbidden, "CSRF_FAILED", "The page is out of date. Reload it and try again.")
	ErrRateLimited = errs.New(errs.RateLimited, "RATE_LIMITED", "Too many requests. Try again in a moment.")

	ErrIdentityAway       = errs.New(errs.Unavailable, "", "The ID service is not available right now. Try again in a moment.")
	ErrSignOutUnconfirmed = errs.New(errs.Unavailable, "SIGN_OUT_UNCONFIRMED", "You are signed out here, but the ID service could not be reached. Sign out again in a moment.")

	ErrOAuth          = errs.New(errs.BadRequest, "OAUTH_ERROR", "The ID service did not complete the sign-in.")
	ErrCallback       = errs.New(errs.BadRequest, "", "The answer of the ID service lacks its code or state.")
	ErrInvalidState   = errs.New(errs.BadRequest, "INVALID_STATE", "This sign-in was not started here, or took too long. Start again.")
	ErrTokenExchange  = errs.New(errs.Unauthenticated, "TOKEN_EXCHANGE_FAILED", "The ID service did not accept the sign-in code. Start again.")
	ErrInvalidIDToken = errs.New(errs.Unauthenticated, "INVALID_ID_TOKEN", "The ID service's answer could not be verified. Start again.")
	ErrSignedOut      = errs.New(errs.Unauthenticated, "SIGNED_OUT", "You signed out while this sign-in was under way. Sign in again.")
	ErrLogoutToken    = errs.New(errs.BadRequest, "INVALID_LOGOUT_TOKEN", "The logout token could not be verified.")
	ErrInvalidCode    = errs.New(errs.Unauthenticated, "", "This link has been used or is too old. Ask for a new one.")
)
