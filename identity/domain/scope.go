package domain

import (
	"slices"
	"strings"
)

// Scopes that mean more to us than a set of claims.
const (
	ScopeOpenID  = "openid"
	ScopeOffline = "offline_access"
	ScopeGroups  = "groups" // only of clients whose registration names it
)

// Scope is what a client may ask for.
type Scope struct {
	Name        string
	Description string
}

// Scopes lists all of them, in the order in which they are shown.
var Scopes = []Scope{
	{ScopeOpenID, "Know who you are"},
	{"profile", "Your name, picture and language"},
	{"profile_basic", "Your name and picture"},
	{"profile_extended", "Your name, picture, language and date of birth"},
	{"email", "Your e-mail address"},
	{"phone", "Your phone number"},
	{ScopeGroups, "Your communities, and your role in each"},
	{ScopeOffline, "Access while you are away"},
}

// FindScope finds a scope by name.
func FindScope(name string) (Scope, bool) {
	i := slices.IndexFunc(Scopes, func(s Scope) bool { return s.Name == name })
	if i < 0 {
		return Scope{}, false
	}
	return Scopes[i], true
}

// ParseScopes returns the requested scopes that exist and that the client may have, in order and without repetitions. Others
// are ignored, as RFC 6749 section 3.3 and OpenID Connect Core 3.1.2.1 recommend. openid is required; no scope means openid.
func (c Client) ParseScopes(param string) ([]string, error) {
	requested := strings.Fields(param)
	if len(requested) == 0 {
		return []string{ScopeOpenID}, nil
	}
	var scopes []string
	for _, name := range requested {
		_, known := FindScope(name)
		allowed := (len(c.Scopes) == 0 && name != ScopeGroups) || slices.Contains(c.Scopes, name)
		if known && allowed && !slices.Contains(scopes, name) {
			scopes = append(scopes, name)
		}
	}
	if !slices.Contains(scopes, ScopeOpenID) {
		return nil, ErrInvalidScope.WithMessage("The scope openid is required.")
	}
	return scopes, nil
}

// Covers reports whether have includes every scope of want.
func Covers(have, want []string) bool {
	for _, s := range want {
		if !slices.Contains(have, s) {
			return false
		}
	}
	return true
}
