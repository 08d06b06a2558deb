package authz

import "go.updspace.com/libs/errs/why"

// Visibility is the audience of a resource, in addition to the permission to read it. Access decides whether a caller
// belongs to the audience.
type Visibility string

// The visibilities. The empty value means public.
const (
	VisibilityPublic    Visibility = "public"    // everyone who holds the permission in the scope
	VisibilityCommunity Visibility = "community" // members of the community, or of the tenant in a TENANT scope
	VisibilityTeam      Visibility = "team"      // members of the team
	VisibilityPrivate   Visibility = "private"   // the owner, and administrators of the service in the scope
)

// Valid reports whether v is one of the four visibilities.
func (v Visibility) Valid() bool {
	switch v {
	case VisibilityPublic, VisibilityCommunity, VisibilityTeam, VisibilityPrivate:
		return true
	}
	return false
}

// Fits returns why a resource in a scope of the given type cannot have the visibility, for a validation error, or no reason
// when it can.
func (v Visibility) Fits(scope ScopeType) why.Reason {
	switch {
	case !v.Valid():
		return why.NotAllowed("must be public, community, team or private")
	case v == VisibilityCommunity && scope != ScopeCommunity && scope != ScopeTenant:
		return why.Mismatch("community needs a scope of type COMMUNITY or TENANT")
	case v == VisibilityTeam && scope != ScopeTeam:
		return why.Mismatch("team needs a scope of type TEAM")
	}
	return why.Reason{}
}
