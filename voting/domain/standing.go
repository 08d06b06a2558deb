package domain

// Standing is what a caller is to one poll.
type Standing struct {
	Sees    bool
	Manages bool
}

// Grants are Access's answers about a caller and one poll.
type Grants struct {
	Read    bool // may read polls in the poll's scope
	Visible bool // and is among those this poll is visible to
	Admin   bool // may manage every poll in the poll's scope
}

// StandingOf says what a caller is to a poll. Nobody is anything to it without the right to read polls in its scope.
// The creator and the scope's poll admins manage it; drafts are theirs alone, and they see it whatever its visibility.
func StandingOf(p Poll, caller Actor, g Grants) Standing {
	if !g.Read || caller.Tenant != p.data.TenantID {
		return Standing{}
	}
	manages := g.Admin || caller.User == p.data.CreatedBy
	return Standing{Manages: manages, Sees: manages || g.Visible && !p.IsDraft()}
}
