package domain

// Valid reports whether v is one of the visibilities.
func (v Visibility) Valid() bool {
	switch v {
	case VisibilityPublic, VisibilityCommunity, VisibilityTeam, VisibilityPrivate:
		return true
	}
	return false
}
