package httpapi

import (
	"go.updspace.com/access/app"
	"go.updspace.com/access/domain"
	"go.updspace.com/libs/jsonscan"
	"go.updspace.com/libs/reqctx"
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

func scanSubjects(body []byte) (any, bool) {
	c := jsonscan.At(body)
	var subjects []app.SubjectChecks
	ok := c.Object(func(name []byte) bool {
		return string(name) == "subjects" && c.List(func() bool {
			s, ok := scanSubject(c)
			subjects = append(subjects, s)
			return ok && len(subjects) <= app.MaxSubjects
		})
	})
	return subjects, ok && len(subjects) > 0 && c.End()
}

func scanSubject(c *jsonscan.Cursor) (s app.SubjectChecks, ok bool) {
	hasTenant, hasUser, hasFlags := false, false, false
	ok = c.Object(func(name []byte) bool {
		switch string(name) {
		case "tenant_id":
			hasTenant = true
			return c.UUID(&s.Tenant)
		case "user_id":
			hasUser = true
			return c.UUID(&s.User)
		case "flags":
			hasFlags = true
			return scanFlags(c, &s.Flags)
		case "checks":
			return c.List(func() bool {
				in, ok := scanInput(c)
				s.Checks = append(s.Checks, in)
				return ok && len(s.Checks) <= app.MaxSubjectChecks
			})
		}
		return false
	})
	return s, ok && hasTenant && hasUser && hasFlags && len(s.Checks) > 0
}

func scanFlags(c *jsonscan.Cursor, f *reqctx.Flags) bool {
	flag := func(into *bool) (ok bool) {
		*into, ok = c.Bool()
		return ok
	}
	return c.Object(func(name []byte) bool {
		switch string(name) {
		case "banned":
			return flag(&f.Banned)
		case "email_verified":
			return flag(&f.EmailVerified)
		case "membership_status":
			return scanText(c, &f.MembershipStatus, app.MaxStatus)
		case "status":
			return scanText(c, &f.Status, app.MaxStatus)
		case "suspended":
			return flag(&f.Suspended)
		case "system_admin":
			return flag(&f.SystemAdmin)
		}
		return false
	})
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
			return c.UUID(&in.Owner)
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
