package httpapi

import (
	"github.com/google/uuid"

	"go.updspace.com/access/app"
	"go.updspace.com/access/domain"
	"go.updspace.com/libs/jsonscan"
)

// The scanners of checks: see httpx.BodyScanner. scan_test.go compares them with the document and the generated code.

func scanCheck(body []byte) (any, bool) {
	c := jsonscan.At(body)
	in, ok := scanInput(c)
	return in, ok && c.End()
}

func scanChecks(body []byte) (any, bool) {
	c := jsonscan.At(body)
	var checks []app.CheckInput
	ok := c.Object(func(name []byte) bool {
		return string(name) == "checks" && c.List(func() bool {
			in, ok := scanInput(c)
			checks = append(checks, in)
			return ok && len(checks) <= app.MaxBatch
		})
	})
	return checks, ok && len(checks) > 0 && c.End()
}

func scanInput(c *jsonscan.Cursor) (in app.CheckInput, ok bool) {
	hasID := false
	ok = c.Object(func(name []byte) bool {
		switch string(name) {
		case "permission":
			return scanText(c, &in.Permission, app.MaxPermission)
		case "scope":
			return c.Object(func(name []byte) bool {
				switch string(name) {
				case "type":
					return scanOneOf(c, &in.ScopeType, domain.Global, domain.Tenant, domain.Community, domain.Team, domain.InService)
				case "id":
					hasID = true
					return scanText(c, &in.ScopeID, domain.MaxScopeID)
				}
				return false
			})
		case "resource_visibility":
			return scanOneOf(c, &in.Visibility, domain.Public, domain.VisibleCommunity, domain.VisibleTeam, domain.Private)
		case "resource_owner_id":
			var text string
			if !scanText(c, &text, len(uuid.Nil.String())) {
				return false
			}
			var err error
			in.Owner, err = uuid.Parse(text)
			return err == nil && len(text) == len(uuid.Nil.String())
		case "explain":
			var ok bool
			in.Explain, ok = c.Bool()
			return ok
		}
		return false
	})
	return in, ok && in.Permission != "" && in.ScopeType != "" && hasID
}

func scanText(c *jsonscan.Cursor, into *string, most int) bool {
	text, ok := c.Str()
	*into = string(text)
	return ok && len(text) <= most
}

func scanOneOf[T ~string](c *jsonscan.Cursor, into *T, allowed ...T) bool {
	text, ok := c.Str()
	for _, value := range allowed {
		if ok && string(text) == string(value) {
			*into = value
			return true
		}
	}
	return false
}
