package domain

// The permissions that posts ask for.
const (
	PermissionPostsRead            Permission = "portal.posts.read"
	PermissionPostsReadPrivate     Permission = "portal.posts.read_private"
	PermissionPostsManage          Permission = "portal.posts.manage"
	PermissionPostsCreatePublic    Permission = "portal.posts.create_public"
	PermissionPostsCreateCommunity Permission = "portal.posts.create_community"
	PermissionPostsCreateTeam      Permission = "portal.posts.create_team"
	PermissionPostsCreatePrivate   Permission = "portal.posts.create_private"
)

// AskToWrite is the question whether somebody may write the post. Community and team posts are written by those who
// belong there, so the question carries the visibility.
func (d PostDraft) AskToWrite(by Actor) Ask {
	switch d.Visibility {
	case VisibilityCommunity:
		return Ask{Permission: PermissionPostsCreateCommunity, Scope: CommunityScope(d.Place.CommunityID), Visibility: VisibilityCommunity}
	case VisibilityTeam:
		return Ask{Permission: PermissionPostsCreateTeam, Scope: TeamScope(d.Place.TeamID), Visibility: VisibilityTeam}
	case VisibilityPrivate:
		return Ask{Permission: PermissionPostsCreatePrivate, Scope: TenantScope(by.Tenant)}
	}
	return Ask{Permission: PermissionPostsCreatePublic, Scope: TenantScope(by.Tenant)}
}

// AskToRead is the question whether somebody sees the post.
func (p Post) AskToRead() Ask {
	ask := Ask{Permission: PermissionPostsRead, Scope: p.Scope(), Visibility: p.data.Visibility}
	if p.data.Visibility == VisibilityPrivate {
		ask.Owner = p.data.CreatedBy
	}
	return ask
}

// AskToReadPrivate is the question whether somebody sees private posts of others where the post stands.
func (p Post) AskToReadPrivate() Ask {
	return Ask{Permission: PermissionPostsReadPrivate, Scope: p.Scope()}
}

// AskToManage is the question whether somebody may change posts of others where the post stands.
func (p Post) AskToManage() Ask {
	return Ask{Permission: PermissionPostsManage, Scope: p.Scope()}
}

// AskToShow is the question whether an author may give the post another visibility.
func (p Post) AskToShow(v Visibility) Ask {
	return PostDraft{Visibility: v, Place: p.data.Place}.AskToWrite(Actor{Tenant: p.data.TenantID})
}
