// Package authz holds the terms of authorization that every service shares: permissions, scopes, visibility, and the
// Checker that decides. It does no I/O, so domain packages may import it. libs/accessclient implements Checker by
// asking the access service; libs/authz/authztest implements it in memory for tests.
package authz

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"go.updspace.com/libs/errs"
)

// Permission is a key of the catalogue of access, such as "voting.poll.read".
type Permission string

// Actor is the user on whose behalf a request is made, in the tenant of the request.
type Actor struct {
	Tenant uuid.UUID
	User   uuid.UUID
}

// Check asks whether the caller holds a permission in a scope. With a Visibility it also asks whether the caller is
// among those that a resource of that visibility is shown to. Owner is the owner of the resource; only VisibilityPrivate
// depends on it. Equal checks are equal values.
type Check struct {
	Permission Permission
	Scope      Scope
	Visibility Visibility // empty means public
	Owner      uuid.UUID
}

// For returns the check for a resource with the given visibility and owner.
func (c Check) For(v Visibility, owner uuid.UUID) Check {
	c.Visibility, c.Owner = v, owner
	return c
}

// String returns the parts of the check for logs, such as "portal.posts.read in TEAM 0190...".
func (c Check) String() string {
	text := string(c.Permission) + " in " + c.Scope.String()
	if c.Visibility != "" {
		text += " for visibility " + string(c.Visibility)
	}
	return text
}

// Checker decides what the caller of the request context may do. An error means that there is no decision; it is never
// a permission and never a denial.
type Checker interface {
	// Check decides one check.
	Check(ctx context.Context, check Check) (bool, error)
	// CheckAll decides any number of checks, in their order, with as few calls as possible.
	CheckAll(ctx context.Context, checks []Check) ([]bool, error)
	// AllowedScopes returns, in the order of the queries, the scopes in which a permission is held.
	AllowedScopes(ctx context.Context, queries []ScopeQuery) ([]AllowedScopes, error)
}

// ErrDenied is what Denied refines. errors.Is finds it in every denial.
var ErrDenied = errs.New(errs.Forbidden, "", "You are not allowed to do this.")

// Denied is the error for a caller who lacks a permission. details.permission names it. An operation that accepts one of
// several permissions names the one that its specification declares first; details.any_of then lists all of them.
func Denied(permission Permission, alternatives ...Permission) *errs.Error {
	details := map[string]any{"permission": string(permission)}
	if len(alternatives) > 0 {
		anyOf := []string{string(permission)}
		for _, alternative := range alternatives {
			anyOf = append(anyOf, string(alternative))
		}
		details["any_of"] = anyOf
	}
	return ErrDenied.WithDetails(details)
}

// Require returns nil when the check is allowed, Denied when it is not, and the checker's error when there is no decision.
func Require(ctx context.Context, checker Checker, check Check) error {
	allowed, err := checker.Check(ctx, check)
	if err == nil && !allowed {
		err = Denied(check.Permission)
	}
	return err
}

// RequireAny returns nil when at least one of the checks is allowed. Put the check that the operation declares first:
// the denial names its permission.
func RequireAny(ctx context.Context, checker Checker, declared Check, alternatives ...Check) error {
	answers, err := checker.CheckAll(ctx, append([]Check{declared}, alternatives...))
	if err != nil {
		return err
	}
	permissions := make([]Permission, len(alternatives))
	for i, allowed := range answers {
		if allowed {
			return nil
		}
		if i > 0 {
			permissions[i-1] = alternatives[i-1].Permission
		}
	}
	return Denied(declared.Permission, permissions...)
}

// CheckAlso decides checks, and which further permissions the caller holds in a scope, in one call.
func CheckAlso(ctx context.Context, checker Checker, checks []Check, scope Scope, also ...Permission) (answers []bool, held map[Permission]bool, err error) {
	all := slices.Clip(checks)
	for _, permission := range also {
		all = append(all, Check{Permission: permission, Scope: scope})
	}
	answers, err = checker.CheckAll(ctx, all)
	if err != nil {
		return nil, nil, err
	}
	held = make(map[Permission]bool, len(also))
	for i, permission := range also {
		held[permission] = answers[len(checks)+i]
	}
	return answers[:len(checks)], held, nil
}

// AllowAll is the Checker that allows everything, for work that no user asks for, such as making demo data.
type AllowAll struct{}

// Check allows the check.
func (AllowAll) Check(context.Context, Check) (bool, error) { return true, nil }

// CheckAll allows every check.
func (AllowAll) CheckAll(_ context.Context, checks []Check) ([]bool, error) {
	return slices.Repeat([]bool{true}, len(checks)), nil
}

// AllowedScopes allows every scope.
func (AllowAll) AllowedScopes(_ context.Context, queries []ScopeQuery) ([]AllowedScopes, error) {
	return slices.Repeat([]AllowedScopes{{Everywhere: true}}, len(queries)), nil
}
