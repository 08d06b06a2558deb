package domain

import (
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
)

// ConsentKind is what a user consents to.
type ConsentKind string

// The kinds of consents.
const (
	ConsentDataProcessing ConsentKind = "data_processing" // an account cannot be without it
	ConsentMarketing      ConsentKind = "marketing"
	ConsentParental       ConsentKind = "parental"
)

// ConsentSource is where a consent was given.
type ConsentSource string

// The sources of consents.
const (
	ConsentAtSignup  ConsentSource = "signup"
	ConsentAtAccount ConsentSource = "account"
	ConsentAtImport  ConsentSource = "import"
)

// ConsentVersion is that of the texts that are shown now.
const ConsentVersion = "v1"

// UserConsent is a consent of a user.
type UserConsent struct {
	ID            uuid.UUID
	UserID        uuid.UUID
	Kind          ConsentKind
	Version       string
	Source        ConsentSource
	GuardianEmail string // parental: who consented
	GrantedAt     time.Time
	RevokedAt     *time.Time
}

// NewUserConsent is a consent to the texts that are shown now.
func NewUserConsent(id, user uuid.UUID, kind ConsentKind, source ConsentSource, now time.Time) UserConsent {
	return UserConsent{ID: id, UserID: user, Kind: kind, Version: ConsentVersion, Source: source, GrantedAt: now}
}

// ScopePolicy is what happens when an application asks for a scope.
type ScopePolicy string

// The policies. A scope that is allowed is asked for like the others; the page says that the user means to allow it.
const (
	PolicyAllow ScopePolicy = "allow"
	PolicyAsk   ScopePolicy = "ask"
	PolicyDeny  ScopePolicy = "deny" // the scope is left out as if the application had not asked for it
)

// ScopePolicies are the policies of a user, by scope.
type ScopePolicies map[string]ScopePolicy

// DefaultScopePolicies hold where the user has chosen none.
var DefaultScopePolicies = ScopePolicies{"profile_basic": PolicyAllow, "email": PolicyAsk, "phone": PolicyAsk, "profile_extended": PolicyAsk}

// Over returns the policies with those of p in place of others.
func (p ScopePolicies) Over(others ScopePolicies) ScopePolicies {
	all := maps.Clone(others)
	maps.Copy(all, p)
	return all
}

// Check refuses scopes and policies that there are not.
func (p ScopePolicies) Check() error {
	fields := errs.Fields{}
	for scope, policy := range p {
		_, known := DefaultScopePolicies[scope]
		fields.Check(known, "privacy_scope_defaults", why.NotAllowed("the keys must be profile_basic, profile_extended, email or phone"))
		fields.Check(slices.Contains([]ScopePolicy{PolicyAllow, PolicyAsk, PolicyDeny}, policy), "privacy_scope_defaults", why.NotAllowed("the values must be allow, ask or deny"))
	}
	return fields.Err()
}

// Permitted are the scopes that the user does not deny.
func (p ScopePolicies) Permitted(scopes []string) []string {
	return slices.DeleteFunc(slices.Clone(scopes), func(scope string) bool { return p[scope] == PolicyDeny })
}
