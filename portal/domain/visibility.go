package domain

// Visibility says who sees a thing. Whether a given caller is among them is for Access to say.
type Visibility string

// The visibilities.
const (
	VisibilityPublic    Visibility = "public"    // every member of the tenant
	VisibilityCommunity Visibility = "community" // members of the community
	VisibilityTeam      Visibility = "team"      // members of the team
	VisibilityPrivate   Visibility = "private"   // the owner of the thing
)
