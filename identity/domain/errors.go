package domain

import "go.updspace.com/libs/errs"

// The failures that callers tell apart. Messages are for people; the ones about
// credentials never say which part was wrong.
var (
	ErrInvalidFormToken   = errs.New(errs.BadRequest, "INVALID_FORM_TOKEN", "The form has expired. Reload the page and try again.")
	ErrInvalidCredentials = errs.New(errs.Unauthenticated, "INVALID_CREDENTIALS", "The e-mail or the password is wrong.")
	ErrLoginRateLimited   = errs.New(errs.RateLimited, "LOGIN_RATE_LIMITED", "Too many failed attempts. Try again later.")
	ErrRateLimited        = errs.New(errs.RateLimited, "RATE_LIMITED", "Too many requests. Try again later.")
	ErrBusy               = errs.New(errs.Unavailable, "SERVICE_BUSY", "Too many people are signing in right now. Try again in a moment.")

	ErrAccountSuspended = errs.New(errs.Forbidden, "ACCOUNT_SUSPENDED", "This account is suspended.")
	ErrAccountBanned    = errs.New(errs.Forbidden, "ACCOUNT_BANNED", "This account is banned.")
	ErrAccountNotActive = errs.New(errs.Forbidden, "ACCOUNT_NOT_ACTIVE", "This account has not been activated yet.")
	ErrEmailNotVerified = errs.New(errs.Forbidden, "EMAIL_NOT_VERIFIED", "Confirm your e-mail address first.")

	ErrNotSignedIn     = errs.New(errs.Unauthenticated, "UNAUTHORIZED", "Sign in to continue.")
	ErrInvalidSession  = errs.New(errs.Unauthenticated, "INVALID_OR_EXPIRED_TOKEN", "The session is over. Sign in again.")
	ErrCrossSite       = errs.New(errs.Forbidden, "CSRF_FAILED", "The request did not come from this site.")
	ErrTenantForbidden = errs.New(errs.Forbidden, "TENANT_FORBIDDEN", "You are not a member of this community.")
	ErrUserUnknown     = errs.New(errs.NotFound, "USER_NOT_FOUND", "There is no such account.")
	ErrTenantUnknown   = errs.New(errs.NotFound, "TENANT_NOT_FOUND", "There is no such community.")
	ErrEmailTaken      = errs.New(errs.Conflict, "EMAIL_ALREADY_EXISTS", "An account with this e-mail exists already.")
	ErrTenantTaken     = errs.New(errs.Conflict, "TENANT_ALREADY_EXISTS", "A community with this address exists already.")

	ErrLinkUnknown    = errs.New(errs.NotFound, "TOKEN_NOT_FOUND", "This link is not valid.")
	ErrLinkUsed       = errs.New(errs.Conflict, "TOKEN_USED", "This link has been used already.")
	ErrLinkExpired    = errs.New(errs.Gone, "TOKEN_EXPIRED", "This link has expired.")
	ErrExchange       = errs.New(errs.Unauthenticated, "UNAUTHORIZED", "The code is not valid.")
	ErrNoTenant       = errs.New(errs.BadRequest, "MISSING_TENANT_CONTEXT", "The request names no tenant.")
	ErrRedirectTarget = errs.New(errs.BadRequest, "INVALID_REDIRECT_URI", "The redirect address is not registered.")

	ErrClientUnknown     = errs.New(errs.NotFound, "CLIENT_NOT_FOUND", "The application is not known here.")
	ErrInvalidClient     = errs.New(errs.Unauthenticated, "INVALID_CLIENT", "The client could not be authenticated.")
	ErrResponseType      = errs.New(errs.BadRequest, "UNSUPPORTED_RESPONSE_TYPE", "Only the response type code is supported.")
	ErrPKCERequired      = errs.New(errs.BadRequest, "PKCE_REQUIRED", "A code_challenge is required.")
	ErrPKCEMethod        = errs.New(errs.BadRequest, "INVALID_PKCE_METHOD", "The code_challenge_method must be S256.")
	ErrInvalidScope      = errs.New(errs.BadRequest, "INVALID_SCOPE", "A requested scope is not available.")
	ErrRequestUnknown    = errs.New(errs.NotFound, "REQUEST_NOT_FOUND", "This authorization request is not waiting for an answer.")
	ErrRequestExpired    = errs.New(errs.BadRequest, "REQUEST_EXPIRED", "This authorization request has expired. Start again.")
	ErrGrantType         = errs.New(errs.BadRequest, "UNSUPPORTED_GRANT_TYPE", "The grant type is not supported.")
	ErrInvalidCode       = errs.New(errs.BadRequest, "INVALID_CODE", "The code is not valid.")
	ErrCodeExpired       = errs.New(errs.BadRequest, "CODE_EXPIRED", "The code has expired.")
	ErrCodeRedirect      = errs.New(errs.BadRequest, "INVALID_REDIRECT_URI", "The redirect_uri is not the one the code was issued for.")
	ErrInvalidPKCE       = errs.New(errs.BadRequest, "INVALID_PKCE", "The code_verifier does not match.")
	ErrInvalidRefresh    = errs.New(errs.BadRequest, "INVALID_REFRESH_TOKEN", "The refresh token is not valid.")
	ErrInvalidToken      = errs.New(errs.Unauthenticated, "INVALID_TOKEN", "The access token is not valid.")
	ErrUnknownKey        = errs.New(errs.Unauthenticated, "UNKNOWN_KEY", "The access token is signed with a key that is not ours.")
	ErrTokenRevoked      = errs.New(errs.Unauthenticated, "TOKEN_REVOKED", "The access token has been revoked.")
	ErrOAuthRequest      = errs.New(errs.BadRequest, "INVALID_REQUEST", "The request lacks a parameter.")
	ErrNoAccessToken     = errs.New(errs.Unauthenticated, "UNAUTHORIZED", "An access token is required.")
	ErrSigningKeyMissing = errs.New(errs.Unavailable, "", "No signing key is ready.")
)
