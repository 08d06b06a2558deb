package app

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/page"
	"go.updspace.com/portal/content/domain"
	"go.updspace.com/portal/content/ports"
)

// The scopes that posts can be listed by.
const (
	ScopePublic    = "public"
	ScopeCommunity = "community"
	ScopeTeam      = "team"
)

// ListPosts selects posts. Zero values match all.
type ListPosts struct {
	Scope       string // public, community or team: posts of exactly that scope
	CommunityID uuid.UUID
	TeamID      uuid.UUID
	AuthorID    uuid.UUID
	Visibility  authz.Visibility
	Page        page.Request
}

// search converts the input for the repository.
func (in ListPosts) search(renderer string) (ports.PostSearch, error) {
	search := ports.PostSearch{Author: in.AuthorID, Visibility: in.Visibility, Renderer: renderer}
	fields := errs.Fields{}
	switch in.Scope {
	case "":
		search.Community, search.Team = in.CommunityID, in.TeamID
	case ScopePublic:
		search.Exactly = &domain.PostScope{}
	case ScopeCommunity:
		fields.Check(in.CommunityID != uuid.Nil, "community_id", why.Required.Saying("is required for the scope community"))
		search.Exactly = &domain.PostScope{CommunityID: in.CommunityID}
	case ScopeTeam:
		fields.Check(in.TeamID != uuid.Nil, "team_id", why.Required.Saying("is required for the scope team"))
		search.Team = in.TeamID // a team contains no other scope
	default:
		fields.Add("scope", why.NotAllowed("must be public, community or team"))
	}
	fields.Check(in.Visibility == "" || in.Visibility.Valid(), "visibility", why.NotAllowed("must be public, community, team or private"))
	return search, fields.Err()
}

// List returns the posts that match and that the caller can read, newest first. It asks Access once, for the scopes in which
// the caller can read, and filters by them in the database.
func (s Posts) List(ctx context.Context, by authz.Actor, in ListPosts) (page.Page[domain.Post], error) {
	search, err := in.search(s.Markdown.Version())
	if err != nil {
		return page.Page[domain.Post]{}, err
	}
	var after ports.PostKey
	if _, err := page.Decode(postList, in.Page.Cursor, &after.At, &after.ID); err != nil {
		return page.Page[domain.Post]{}, err
	}
	allowed, err := s.Access.AllowedScopes(ctx, domain.ReadQueries())
	if err != nil {
		return page.Page[domain.Post]{}, err
	}
	viewer := domain.NewPostViewer(by.User, allowed)
	if err := s.requireList(ctx, viewer, search); err != nil {
		return page.Page[domain.Post]{}, err
	}
	found, err := page.Fetch(in.Page.Limit, func(limit int) ([]domain.Post, error) {
		return s.Posts.Page(ctx, search, viewer, after, limit)
	}, func(last domain.Post) string { return page.Encode(postList, last.Data().CreatedAt, last.ID()) })
	for i, post := range found.Items {
		found.Items[i] = s.shown(post)
	}
	return found, err
}

// postList names the list of posts in its cursors.
const postList = "posts"

// requireList refuses a caller who names a community or team in which the caller cannot read, instead of answering with an
// empty list.
func (s Posts) requireList(ctx context.Context, viewer domain.PostViewer, search ports.PostSearch) error {
	scope := domain.PostScope{CommunityID: search.Community, TeamID: search.Team}
	if search.Exactly != nil {
		scope = *search.Exactly
	}
	if scope.TeamID != uuid.Nil {
		scope.CommunityID = uuid.Nil // the community of a team is looked up, not taken from the caller
	}
	if viewer.ReadsNothing() {
		return authz.Denied(domain.PermissionPostsRead)
	}
	if scope == (domain.PostScope{}) && search.Exactly == nil || viewer.ReadsAt(scope) {
		return nil
	}
	if scope.TeamID != uuid.Nil { // a permission in the community includes its teams
		community, err := s.Targets.CommunityOf(ctx, scope.TeamID)
		if err != nil {
			return err
		}
		scope.CommunityID = community
		if viewer.ReadsAt(scope) {
			return nil
		}
	}
	return authz.Denied(domain.PermissionPostsRead)
}
