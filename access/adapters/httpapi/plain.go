package httpapi

import (
	"net/http"
	"strconv"

	"github.com/google/uuid"

	"go.updspace.com/access/app"
	"go.updspace.com/access/domain"
	"go.updspace.com/api/accessapi"
	"go.updspace.com/libs/httpx"
	"go.updspace.com/libs/plainjson"
)

// plain serves checks that are asked in plain JSON without decoding them by
// reflection, which for a batch cost more than everything else together. What
// is not as plain goes the generated way; plain_test.go holds the two against
// each other.
type plain struct {
	accessapi.ServerInterface
	kit *httpx.Kit
	app *app.Decisions
}

func (p plain) CheckPermission(w http.ResponseWriter, r *http.Request) {
	var in app.CheckInput
	if !understand(r, func(c *plainjson.Cursor) bool { return readCheck(c, &in) }) {
		p.ServerInterface.CheckPermission(w, r)
		return
	}
	answer, err := p.app.Check(r.Context(), in)
	if err != nil {
		p.kit.ResponseError(w, r, err)
		return
	}
	send(w, append(appendDecision(make([]byte, 0, 64), answer.Decision), '\n'))
}

func (p plain) CheckPermissions(w http.ResponseWriter, r *http.Request) {
	var in []app.CheckInput
	understood := understand(r, func(c *plainjson.Cursor) bool {
		seen := false
		return c.Object(func(name []byte) bool {
			if string(name) != "checks" || seen {
				return false
			}
			seen = true
			return c.List(func() bool {
				if len(in) >= app.MaxBatch {
					return false
				}
				if in == nil {
					in = make([]app.CheckInput, 0, 16)
				}
				// most batches ask for one permission in many places
				next := app.CheckInput{}
				if len(in) > 0 {
					next.Permission = in[len(in)-1].Permission
				}
				in = append(in, next)
				return readCheck(c, &in[len(in)-1])
			})
		})
	})
	if !understood {
		p.ServerInterface.CheckPermissions(w, r)
		return
	}
	answers, err := p.app.CheckAll(r.Context(), in)
	if err != nil {
		p.kit.ResponseError(w, r, err)
		return
	}
	body := append(make([]byte, 0, 32+64*len(answers)), `{"decisions":[`...)
	for i, a := range answers {
		if i > 0 {
			body = append(body, ',')
		}
		body = appendDecision(body, a.Decision)
	}
	send(w, append(body, "]}\n"...))
}

// understand looks at the body and leaves it for whoever may have to read it again.
func understand(r *http.Request, read func(*plainjson.Cursor) bool) bool {
	body, ok := httpx.Body(r)
	if !ok {
		return false
	}
	c := plainjson.At(body)
	return read(c) && c.End()
}

// Fields that were read, to notice one that comes twice.
const (
	hasPermission = 1 << iota
	hasScope
	hasVisibility
	hasOwner
	hasExplain
)

// readCheck reads one check. in may hold a permission that was read before, which
// saves the memory for another.
func readCheck(c *plainjson.Cursor, in *app.CheckInput) bool {
	seen := 0
	once := func(field int) bool {
		first := seen&field == 0
		seen |= field
		return first
	}
	read := c.Object(func(name []byte) bool {
		switch string(name) {
		case "permission":
			s, ok := c.Str()
			if string(s) != in.Permission {
				in.Permission = string(s)
			}
			return ok && once(hasPermission)
		case "scope":
			return once(hasScope) && readScope(c, in)
		case "resource_visibility":
			s, ok := c.Str()
			in.Visibility = visibilityOf(s)
			return ok && once(hasVisibility)
		case "resource_owner_id":
			s, ok := c.Str()
			if !ok || !once(hasOwner) {
				return false
			}
			var err error
			in.Owner, err = uuid.ParseBytes(s)
			return err == nil
		case "explain":
			explain, ok := c.Bool()
			return ok && !explain && once(hasExplain) // explanations go the generated way
		default: // unknown, or in other letters
			return false
		}
	})
	return read && seen&hasPermission != 0
}

func readScope(c *plainjson.Cursor, in *app.CheckInput) bool {
	typed, named := false, false
	return c.Object(func(name []byte) bool {
		s, ok := c.Str()
		switch {
		case !ok:
			return false
		case string(name) == "type" && !typed:
			typed, in.ScopeType = true, scopeTypeOf(s)
		case string(name) == "id" && !named:
			named, in.ScopeID = true, string(s)
		default:
			return false
		}
		return true
	})
}

// scopeTypeOf and visibilityOf know the usual texts without making new ones.
func scopeTypeOf(s []byte) domain.ScopeType {
	switch string(s) {
	case string(domain.Tenant):
		return domain.Tenant
	case string(domain.Community):
		return domain.Community
	case string(domain.Team):
		return domain.Team
	default:
		return domain.ScopeType(s)
	}
}

func visibilityOf(s []byte) domain.Visibility {
	switch string(s) {
	case string(domain.Public):
		return domain.Public
	case string(domain.VisibleCommunity):
		return domain.VisibleCommunity
	default:
		return domain.Visibility(s)
	}
}

// appendDecision writes a decision. Reasons are names that need no escapes.
func appendDecision(b []byte, d domain.Decision) []byte {
	b = append(b, `{"allowed":`...)
	b = strconv.AppendBool(b, d.Allowed)
	b = append(b, `,"reason_code":"`...)
	b = append(b, d.Reason...)
	return append(b, `"}`...)
}

func send(w http.ResponseWriter, body []byte) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusOK)
	_, _ = w.Write(body) // a caller that went away needs no answer
}
