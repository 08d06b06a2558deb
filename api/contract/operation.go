// Package contract holds what a spec decides about its operations besides their shape: who may call them.
//
// `make gen` writes one Operations table per spec from the x-public, x-permission and x-authenticated extensions and
// refuses an operation that has none of them or more than one. The kit reads the table to enforce identity; component
// tests read it to prove that the permission declared is the permission asked.
//
// A note for whoever validates requests with kin-openapi: a string format is accepted unchecked unless it is defined.
// Our specs rely on uuid and email, so the validating package does this once, before the first request:
//
//	openapi3.DefineStringFormatValidator("uuid", openapi3.NewRegexpFormatValidator(contract.UUIDPattern))
//	openapi3.DefineStringFormatValidator("email", openapi3.NewRegexpFormatValidator(openapi3.FormatOfStringForEmail))
package contract

import "slices"

// UUIDPattern accepts every UUID in its canonical form. kin-openapi's own pattern insists on a version and a variant,
// which the fixed ids of tenants (00000000-0000-0000-0000-000000000001) do not have.
const UUIDPattern = `^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$`

// Who must have signed a request, for operations that need no permission.
const (
	AuthenticatedUser        = "user"         // a signed call on behalf of a user, acting on what is his own
	AuthenticatedService     = "service"      // a signed call of another service; tenant and user are optional
	AuthenticatedSystemAdmin = "system_admin" // on behalf of a system administrator; the use case refuses everybody else
)

// Operation is one operation of a spec. Exactly one of Public, Permission and Authenticated is set.
type Operation struct {
	Handler       string // the name generated code and strict middlewares use: CreatePoll for createPoll
	Method        string
	Path          string // the template: /api/v1/voting/polls/{poll_id}
	Public        bool
	Authenticated string
	Permission    string // the permission key asked of access
	Scope         string // where it is asked, for readers: tenant, poll, community ...
}

// NeedsSignature reports whether the kit must refuse the request without a valid signed context.
func (o Operation) NeedsSignature() bool { return !o.Public }

// NeedsUser reports whether the signed context must name a tenant and a user.
func (o Operation) NeedsUser() bool {
	return o.Permission != "" || o.Authenticated == AuthenticatedUser || o.Authenticated == AuthenticatedSystemAdmin
}

// Set is the table of a spec, by operationId.
type Set map[string]Operation

// ByHandler finds an operation by the name strict middlewares are given.
func (s Set) ByHandler(name string) (Operation, bool) {
	for _, op := range s {
		if op.Handler == name {
			return op, true
		}
	}
	return Operation{}, false
}

// Permissions lists the permission keys the spec asks for, sorted, each once.
func (s Set) Permissions() []string {
	var keys []string
	for _, op := range s {
		if op.Permission != "" {
			keys = append(keys, op.Permission)
		}
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}
