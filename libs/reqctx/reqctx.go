// Package reqctx carries who is asking, for which tenant and under which
// request id, from the edge of a service to wherever it is needed. The values
// are trustworthy: only package signing and a service's own jobs put them in.
package reqctx

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"

	"go.updspace.com/libs/plainjson"
)

// Context is the verified context of one request.
type Context struct {
	RequestID  string
	TenantID   uuid.UUID // uuid.Nil on calls that concern no tenant
	TenantSlug string
	UserID     uuid.UUID // uuid.Nil on calls made on no user's behalf
	Flags      Flags
	Caller     string // name of the service that signed the call
	Operation  string // operationId, once routing has found it
}

// Flags are the platform-wide facts about the user that travel with a request
// (header X-Master-Flags).
type Flags struct {
	Banned           bool   `json:"banned,omitempty"`
	EmailVerified    bool   `json:"email_verified,omitempty"`
	MembershipStatus string `json:"membership_status,omitempty"` // of the request's tenant: active, disabled or empty
	Status           string `json:"status,omitempty"`
	Suspended        bool   `json:"suspended,omitempty"`
	SystemAdmin      bool   `json:"system_admin,omitempty"`
}

// Encode returns the header form: a compact JSON object with sorted keys,
// empty when no flag is set. The struct's fields are declared in key order.
func (f Flags) Encode() string {
	if f == (Flags{}) {
		return ""
	}
	b, err := json.Marshal(f)
	if err != nil { // a struct of bools and strings always marshals
		return ""
	}
	return string(b)
}

// ParseFlags reads the header form. Unknown keys are ignored, so that a newer
// sender can add flags.
func ParseFlags(s string) (Flags, error) {
	if s == "" {
		return Flags{}, nil
	}
	if f, ok := parsePlain(s); ok {
		return f, nil
	}
	var f Flags
	if err := json.Unmarshal([]byte(s), &f); err != nil {
		return Flags{}, fmt.Errorf("parsing master flags: %w", err)
	}
	return f, nil
}

// parsePlain reads what Encode writes, which every request of every service
// brings; whatever else there is, it leaves alone.
func parsePlain(s string) (f Flags, ok bool) {
	c := plainjson.At([]byte(s))
	flag := func(into *bool) bool {
		on, ok := c.Bool()
		*into = on
		return ok
	}
	text := func(into *string) bool {
		b, ok := c.Str()
		*into = string(b)
		return ok
	}
	ok = c.Object(func(name []byte) bool {
		switch string(name) {
		case "banned":
			return flag(&f.Banned)
		case "email_verified":
			return flag(&f.EmailVerified)
		case "membership_status":
			return text(&f.MembershipStatus)
		case "status":
			return text(&f.Status)
		case "suspended":
			return flag(&f.Suspended)
		case "system_admin":
			return flag(&f.SystemAdmin)
		default:
			return false
		}
	}) && c.End()
	return f, ok
}

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
