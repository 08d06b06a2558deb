// Package reqctx carries the request context through a service: request id, tenant, user, flags and caller. The values are
// verified: only package signing and a service's own jobs set them.
package reqctx

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
)

// Context is the verified context of one request.
type Context struct {
	RequestID  string
	TenantID   uuid.UUID // uuid.Nil when the request concerns no tenant
	TenantSlug string
	UserID     uuid.UUID // uuid.Nil when the request is made for no user
	Flags      Flags
	Caller     string // the service that signed the request
	Operation  string // the operationId, after routing
}

// Flags are the platform-wide facts about the user of a request (header X-Master-Flags).
type Flags struct {
	Banned           bool   `json:"banned,omitempty"`
	EmailVerified    bool   `json:"email_verified,omitempty"`
	MembershipStatus string `json:"membership_status,omitempty"` // of the request's tenant: active, disabled or empty
	Status           string `json:"status,omitempty"`
	Suspended        bool   `json:"suspended,omitempty"`
	SystemAdmin      bool   `json:"system_admin,omitempty"`
}

// Blocked reports whether the user is suspended or banned. The status says the same in words and may be newer.
func (f Flags) Blocked() bool {
	return f.Suspended || f.Banned || f.Status == "suspended" || f.Status == "banned"
}

// ordinaryFlags is the header form of ordinary(), which nearly every request carries: it is neither parsed nor written.
const ordinaryFlags = `{"email_verified":true,"membership_status":"active","status":"active"}`

// ordinary are the flags of a member about whom there is nothing to say.
func ordinary() Flags {
	return Flags{EmailVerified: true, MembershipStatus: "active", Status: "active"}
}

// Encode returns the header form: a compact JSON object with sorted keys, or "" when no flag is set. The fields of the
// struct are declared in the order of the keys.
func (f Flags) Encode() string {
	switch f {
	case Flags{}:
		return ""
	case ordinary():
		return ordinaryFlags
	}
	b, err := json.Marshal(f)
	if err != nil { // a struct of bools and strings always marshals
		return ""
	}
	return string(b)
}

// ParseFlags parses the header form. It ignores unknown keys, so a newer sender can add flags.
func ParseFlags(s string) (Flags, error) {
	switch s {
	case "":
		return Flags{}, nil
	case ordinaryFlags:
		return ordinary(), nil
	}
	var f Flags
	if err := json.Unmarshal([]byte(s), &f); err != nil {
		return Flags{}, fmt.Errorf("parsing master flags: %w", err)
	}
	return f, nil
}

// Actor returns the user and the tenant of the request.
func (c Context) Actor() authz.Actor { return authz.Actor{Tenant: c.TenantID, User: c.UserID} }

type key struct{}

// With returns a context that carries c.
func With(ctx context.Context, c Context) context.Context {
	return context.WithValue(ctx, key{}, &c)
}

// From returns the request context, or the zero value outside of a request.
func From(ctx context.Context) Context {
	if c, ok := ctx.Value(key{}).(*Context); ok {
		return *c
	}
	return Context{}
}
