// Package contract holds the authorization of the operations of a spec.
//
// `make gen` writes one Operations table for each spec from the extensions x-public, x-permission and x-authenticated. It
// refuses an operation that has none of them or more than one. libs/httpx enforces the table; component tests prove with
// it that each operation checks the permission that it declares.
//
// kin-openapi does not check a string format unless it is defined. The specs use uuid and email, so a package that
// validates with kin-openapi calls once, before the first request:
//
//	openapi3.DefineStringFormatValidator("uuid", openapi3.NewRegexpFormatValidator(contract.UUIDPattern))
//	openapi3.DefineStringFormatValidator("email", openapi3.NewRegexpFormatValidator(openapi3.FormatOfStringForEmail))
package contract

import "slices"

// UUIDPattern accepts every UUID in its canonical form. The pattern of kin-openapi requires a version and a variant, which
// the fixed ids of tenants (00000000-0000-0000-0000-000000000001) do not have.
const UUIDPattern = `^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$`

// The values of x-authenticated: the required caller of an operation without a permission.
const (
	AuthenticatedUser        = "user"         // a user, for their own data
	AuthenticatedService     = "service"      // another service; tenant and user are optional
	AuthenticatedSystemAdmin = "system_admin" // a system administrator; the use case checks the flag
)

// Operation is one operation of a spec. Exactly one of Public, Permission and Authenticated is set.
type Operation struct {
	Handler       string // the name in generated code and strict middlewares: CreatePoll for createPoll
	Method        string
	Path          string // the template: /api/v1/voting/polls/{poll_id}
	Public        bool
	Authenticated string
	Permission    string // the key of the permission that the operation checks
	Scope         string // the scope of the check, for readers: tenant, poll, community ...
	// Alternatives are permission keys that are checked in place of Permission, depending on the request.
	Alternatives []string
	// ErrorCodes are the codes that the operation can answer besides those that libs/httpx answers for any operation.
	ErrorCodes []string
	Upload     int64 // the largest stream of bytes (application/octet-stream) it takes; 0 if its body is none
}

// NeedsSignature reports whether a request needs a valid signature.
func (o Operation) NeedsSignature() bool { return !o.Public }

// NeedsUser reports whether the request context must have a tenant and a user.
func (o Operation) NeedsUser() bool {
	return o.Permission != "" || o.Authenticated == AuthenticatedUser || o.Authenticated == AuthenticatedSystemAdmin
}

// Set is the table of a spec, by operationId.
type Set map[string]Operation

// ByHandler returns the operation with the given name in generated code.
func (s Set) ByHandler(name string) (Operation, bool) {
	for _, op := range s {
		if op.Handler == name {
			return op, true
		}
	}
	return Operation{}, false
}

// Permissions lists the permission keys of the spec, sorted, each once.
func (s Set) Permissions() []string {
	var keys []string
	for _, op := range s {
		if op.Permission != "" {
			keys = append(append(keys, op.Permission), op.Alternatives...)
		}
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}
