package domain

import "github.com/google/uuid"

// Visibility says who sees a poll that is not a draft. Whether a given caller is among them is for Access to say.
type Visibility string

// The visibilities.
const (
	VisibilityPublic    Visibility = "public"    // whoever may read polls in the scope
	VisibilityCommunity Visibility = "community" // members of the community the poll belongs to; a tenant is one, too
	VisibilityTeam      Visibility = "team"      // members of the team the poll belongs to
	VisibilityPrivate   Visibility = "private"   // its creator
)

// fits says why v is not possible in a scope, or nothing.
func (v Visibility) fits(scope Scope) string {
	switch v {
	case VisibilityPublic, VisibilityPrivate:
		return ""
	case VisibilityCommunity:
		if scope.Type != ScopeCommunity && scope.Type != ScopeTenant {
			return "community needs a poll of scope COMMUNITY or TENANT"
		}
		return ""
	case VisibilityTeam:
		if scope.Type != ScopeTeam {
			return "team needs a poll of scope TEAM"
		}
		return ""
	}
	return "must be public, community, team or private"
}

// AskVisible asks whether the caller holds a permission in a scope and is among those that something there is visible
// to. The community of a tenant's own scope are its members, and they are who reads there in the first place: Access
// knows of no further belonging, so none is asked for; nor is it for what is public.
func AskVisible(permission Permission, scope Scope, v Visibility, owner uuid.UUID) Ask {
	ask := Ask{Permission: permission, Scope: scope}
	if v != VisibilityPublic && (v != VisibilityCommunity || scope.Type != ScopeTenant) {
		ask.Visibility, ask.Owner = v, owner
	}
	return ask
}

// ResultsVisibility says when those who do not manage a poll see its results.
type ResultsVisibility string

// The times at which results are shown.
const (
	ResultsAlways      ResultsVisibility = "always"
	ResultsAfterClosed ResultsVisibility = "after_closed"
	ResultsAdminsOnly  ResultsVisibility = "admins_only" // never, not even after closing
)

// Valid reports whether v is one of them.
func (v ResultsVisibility) Valid() bool {
	return v == ResultsAlways || v == ResultsAfterClosed || v == ResultsAdminsOnly
}
