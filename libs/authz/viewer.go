package authz

import (
	"context"
	"slices"
)

// Audience is whom resources are shown to: a scope that access knows, and a visibility in it. Equal audiences are equal
// values.
type Audience struct {
	Scope      Scope
	Visibility Visibility
}

// Check checks a permission, and that the caller belongs to the audience. For the members of a tenant no visibility is
// sent: only they can read in its scope. Nor is it for private resources, whose audience only their service knows.
func (a Audience) Check(permission Permission) Check {
	check := Check{Permission: permission, Scope: a.Scope}
	if a.Visibility == VisibilityTeam || a.Visibility == VisibilityCommunity && a.Scope.Type != ScopeTenant {
		check.Visibility = a.Visibility
	}
	return check
}

// Viewer is a caller who lists resources, with the answers of access about all their scopes at once. Lists are filtered by
// it in SQL: see pg.VisibleTo.
type Viewer struct {
	Actor     Actor
	Holds     map[Permission][]Scope // the scopes in which the viewer holds a permission
	Audiences []Audience             // those that the viewer belongs to; never private ones
}

// Has reports whether the viewer holds a permission in a scope.
func (v Viewer) Has(permission Permission, scope Scope) bool {
	return slices.Contains(v.Holds[permission], scope)
}

// In reports whether the viewer belongs to an audience.
func (v Viewer) In(audience Audience) bool { return slices.Contains(v.Audiences, audience) }

// ViewerQuery is what a list asks about its caller.
type ViewerQuery struct {
	Read      Permission   // without it the other permissions give nothing in a scope
	Also      []Permission // further ones, such as the permission to manage
	Scope     Scope        // where the list is, else the tenant
	Named     bool         // the caller named Scope, and is refused without Read in it
	Audiences []Audience   // of the resources that match
}

// RequireViewer asks access once in which scopes the caller holds the permissions and to which audiences the caller
// belongs. It refuses callers who may read nowhere, or not in the scope that they named.
func RequireViewer(ctx context.Context, checker Checker, caller Actor, q ViewerQuery) (Viewer, error) {
	scopes, audiences := []Scope{q.Scope}, make([]Audience, 0, len(q.Audiences))
	for _, audience := range q.Audiences {
		if !slices.Contains(scopes, audience.Scope) {
			scopes = append(scopes, audience.Scope)
		}
		if audience.Visibility != VisibilityPrivate {
			audiences = append(audiences, audience)
		}
	}
	permissions := append([]Permission{q.Read}, q.Also...)
	checks := make([]Check, 0, len(permissions)*len(scopes)+len(audiences))
	for _, scope := range scopes {
		for _, permission := range permissions {
			checks = append(checks, Check{Permission: permission, Scope: scope})
		}
	}
	for _, audience := range audiences {
		checks = append(checks, audience.Check(q.Read))
	}
	answers, err := checker.CheckAll(ctx, checks)
	if err != nil {
		return Viewer{}, err
	}
	viewer := Viewer{Actor: caller, Holds: make(map[Permission][]Scope, len(permissions))}
	for _, scope := range scopes {
		reads := answers[0]
		for i, permission := range permissions {
			if reads && answers[i] {
				viewer.Holds[permission] = append(viewer.Holds[permission], scope)
			}
		}
		answers = answers[len(permissions):]
	}
	for i, audience := range audiences {
		if answers[i] {
			viewer.Audiences = append(viewer.Audiences, audience)
		}
	}
	if len(viewer.Holds[q.Read]) == 0 || q.Named && !viewer.Has(q.Read, q.Scope) {
		return Viewer{}, Denied(q.Read)
	}
	return viewer, nil
}
