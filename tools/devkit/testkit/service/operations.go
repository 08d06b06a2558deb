package service

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"go.updspace.com/api/contract"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/reqctx"
)

// Operation is how one operation of a spec is tried.
type Operation[C any] struct {
	// Try sends the request as an actor. It prepares what the operation needs in other actors' names first.
	Try func(t testing.TB, client C, actor authz.Actor) (Answer, error)
	// Scope is where the declared permission must be asked for; the zero scope means anywhere.
	Scope authz.Scope
	// Status and Code are the answer to an actor who lacks the permission: 403 FORBIDDEN unless set. Use 404 and the code of
	// the object where an actor without the permission does not see it.
	Status int
	Code   string
	// Or are further permissions of which one suffices: an actor who lacks the declared one lacks them, too.
	Or []authz.Permission
}

// Operations tests that every operation of a spec is guarded as it declares. The table must have exactly the operations of
// the spec that are not public. An operation with a permission must succeed for an actor who holds all of permissions, must
// ask access for the declared one, and must refuse an actor who lacks just that one. The other operations must refuse callers
// that are not of the declared kind. Test the rest of what they do elsewhere.
func (s *Service[C]) Operations(t *testing.T, operations contract.Set, permissions []authz.Permission, table map[string]Operation[C]) {
	for _, id := range slices.Sorted(maps.Keys(operations)) {
		declared := operations[id]
		if declared.Public {
			continue
		}
		operation, ok := table[id]
		require.True(t, ok, "%s has no test", id)
		t.Run(id, func(t *testing.T) {
			if declared.Permission == "" {
				s.wrongCaller(t, declared, operation)
				return
			}
			s.permission(t, authz.Permission(declared.Permission), operation, permissions)
		})
	}
	for id := range table {
		operation, ok := operations[id]
		require.True(t, ok && !operation.Public, "%s is tested and not a guarded operation of the spec", id)
	}
}

func (s *Service[C]) permission(t *testing.T, declared authz.Permission, operation Operation[C], permissions []authz.Permission) {
	holder := s.Actor(permissions...)
	s.Access.TakeChecks()
	r, err := operation.Try(t, s.As(holder), holder)
	OK(t, r, err)
	checks, _ := s.Access.TakeChecks()
	require.True(t, slices.ContainsFunc(checks, func(c authz.Check) bool {
		return c.Permission == declared && (operation.Scope == authz.Scope{} || c.Scope == operation.Scope)
	}), "it declares %s and checked %v", declared, checks)

	lacking := s.Actor(slices.DeleteFunc(slices.Clone(permissions), func(p authz.Permission) bool {
		return p == declared || slices.Contains(operation.Or, p)
	})...)
	r, err = operation.Try(t, s.As(lacking), lacking)
	Refused(t, cmp.Or(operation.Status, http.StatusForbidden), cmp.Or(operation.Code, "FORBIDDEN"), r, err)
}

// wrongCaller tries an operation without a permission as a caller that it is not for.
func (s *Service[C]) wrongCaller(t *testing.T, declared contract.Operation, operation Operation[C]) {
	actor := s.Actor()
	switch declared.Authenticated {
	case contract.AuthenticatedUser:
		r, err := operation.Try(t, s.With("bff", reqctx.Context{TenantID: s.Tenant, TenantSlug: "aef"}), actor)
		Refused(t, http.StatusUnauthorized, "UNAUTHORIZED", r, err)
	case contract.AuthenticatedService, contract.AuthenticatedSystemAdmin:
		r, err := operation.Try(t, s.As(actor), actor)
		Refused(t, cmp.Or(operation.Status, http.StatusForbidden), cmp.Or(operation.Code, "FORBIDDEN"), r, err)
	}
}
