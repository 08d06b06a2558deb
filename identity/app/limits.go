package app

import (
	"time"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/ratelimit"
)

// The names of the limits.
const (
	LimitRequests       = "requests"
	LimitOAuthFailures  = "oauth-failures"
	limitAccount        = "login-account"
	limitKnownBrowser   = "login-known-browser"
	limitAddress        = "login-address"
	limitLinks          = "magic-link"
	limitLinking        = "external-identity"
	limitExternal       = "external-sign-in"
	limitAvatar         = "avatar"
	limitPasswordChange = "password-change"
	limitResets         = "password-reset"
	limitDeviceMails    = "new-device-mail"
	limitEmailChange    = "email-change"
	limitResetAddress   = "password-reset-address"
	limitFactor         = "second-factor"
	limitKnownFactor    = "second-factor-known-browser"
	limitConfirm        = "reauthentication"
	limitSetup          = "factor-setup"
	limitCeremonies     = "passkey-sign-in"
	limitAdminReads     = "administration"
	limitAdminChanges   = "administration-changes"
	limitKeySets        = "key-set"
	limitSignUps        = "sign-up"
	limitSignUpAddress  = "sign-up-address"
	limitSignUpConfirm  = "sign-up-confirmation"
	limitExports        = "data-export"
)

// Limits is the table of limits. Guessing slows down and locks no account: after five wrong passwords strangers may try one a
// minute, while a browser that has signed the account in before has a limit of its own. An address may belong to a house
// full of people, so only failures count against it, and a known browser is not stopped by it. requests is how many requests a
// minute an address may send in all; 0 is no limit.
func Limits(requests int) []ratelimit.Rule {
	return []ratelimit.Rule{
		{Name: LimitRequests, Key: ratelimit.Address, Burst: requests, Per: time.Minute, Portion: 50}, // unsigned ones, before any lookup
		{Name: LimitOAuthFailures, Key: ratelimit.Address, Burst: 100, Per: time.Minute},              // clients and codes that are not valid
		{Name: limitAccount, Key: ratelimit.Account, Burst: 5, Per: 5 * time.Minute},
		{Name: limitKnownBrowser, Key: ratelimit.Account, Burst: 10, Per: 5 * time.Minute},
		{Name: limitAddress, Key: ratelimit.Address, Burst: 50, Per: 5 * time.Minute},
		{Name: limitLinks, Key: ratelimit.Account, Burst: 5, Per: 15 * time.Minute},
		{Name: limitPasswordChange, Key: ratelimit.User, Burst: 10, Per: 10 * time.Minute},
		{Name: limitResets, Key: ratelimit.Account, Burst: 3, Per: 15 * time.Minute},
		{Name: limitResetAddress, Key: ratelimit.Address, Burst: 30, Per: 15 * time.Minute},
		{Name: limitEmailChange, Key: ratelimit.User, Burst: 5, Per: time.Hour},          // each sends a mail to an address of the user's choice
		{Name: limitDeviceMails, Key: ratelimit.User, Burst: 10, Per: 24 * time.Hour},    // a browser that keeps no cookies is always new
		{Name: limitApplications, Key: ratelimit.Account, Burst: 3, Per: 24 * time.Hour}, // each is a mail to the address
		{Name: limitInvitations, Key: ratelimit.Account, Burst: 5, Per: 24 * time.Hour},  // likewise
		{Name: limitInviters, Key: ratelimit.User, Burst: 500, Per: 24 * time.Hour},
		{Name: limitAvatar, Key: ratelimit.User, Burst: 20, Per: time.Hour},             // each is drawn and stored
		{Name: limitLinking, Key: ratelimit.User, Burst: 20, Per: 10 * time.Minute},     // ways to providers, each of which may call one
		{Name: limitExternal, Key: ratelimit.Address, Burst: 100, Per: 5 * time.Minute}, // likewise; an address may be a house full of people
		{Name: limitSignUps, Key: ratelimit.Account, Burst: 3, Per: time.Hour},          // each is a mail to the address
		{Name: limitSignUpAddress, Key: ratelimit.Address, Burst: 20, Per: 10 * time.Minute},
		{Name: limitSignUpConfirm, Key: ratelimit.Account, Burst: 10, Per: time.Hour}, // passwords that are tried with one link
		{Name: limitExports, Key: ratelimit.User, Burst: 3, Per: 24 * time.Hour},      // each asks every service
		// A code has a million values, of which three are right at a time, and only those who know the password may guess.
		{Name: limitFactor, Key: ratelimit.User, Burst: 5, Per: 30 * time.Minute},
		{Name: limitKnownFactor, Key: ratelimit.Account, Burst: 10, Per: 30 * time.Minute},
		{Name: limitConfirm, Key: ratelimit.User, Burst: 5, Per: 5 * time.Minute},
		{Name: limitSetup, Key: ratelimit.User, Burst: 20, Per: 10 * time.Minute},
		{Name: limitAdminReads, Key: ratelimit.User, Burst: 600, Per: time.Minute},
		{Name: limitAdminChanges, Key: ratelimit.User, Burst: 120, Per: 10 * time.Minute},
		{Name: limitKeySets, Key: ratelimit.Client, Burst: 1, Per: time.Minute},       // each asks the site of a client
		{Name: limitCeremonies, Key: ratelimit.Address, Burst: 300, Per: time.Minute}, // each stores a row, and every sign-in page begins one
	}
}

// Limited is the error of a verdict, nil if the request is allowed.
func Limited(v ratelimit.Verdict, err *errs.Error) error {
	if v.Allowed {
		return nil
	}
	return err.WithRetryAfter(v.RetryAfter).WithDetails(map[string]any{"retry_after_seconds": int((v.RetryAfter + time.Second - 1) / time.Second)})
}
