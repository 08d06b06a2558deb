package app

import (
	"context"
	"strconv"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/errs"
	"go.updspace.com/portal/domain"
	"go.updspace.com/portal/ports"
)

// The scopes that posts can be listed by.
const (
	ScopePublic    = "public"
	ScopeCommunity = "community"
	ScopeTeam      = "team"
)

// MaxPosts is how many posts a page has at most.
const MaxPosts = 100

// ListPosts says which posts to list. Zero values match everything.
type ListPosts struct {
	Scope       string // one place: public, community or team
	CommunityID uuid.UUID
	TeamID      uuid.UUID
	AuthorID    uuid.UUID
	Visibility  domain.Visibility
	Limit       int // brought into 1..MaxPosts
	Cursor      string
}

// Validate checks what can be told without looking anything up. What the contract calls a bad request stays one.
func (in ListPosts) Validate() error {
	missing := func(field string) error {
		return domain.ErrUnknownScope.WithMessage("The scope %s needs %s.", in.Scope, field)
	}
	switch in.Scope {
	case "", ScopePublic:
	case ScopeCommunity:
		if in.CommunityID == uuid.Nil {
			return missing("community_id")
		}
	case ScopeTeam:
		if in.TeamID == uuid.Nil {
			return missing("team_id")
		}
	default:
		return domain.ErrUnknownScope
	}
	fields := errs.Fields{}
	fields.Check(in.Visibility == "" || in.Visibility.Valid(), "visibility", "must be public, community, team or private")
	return fields.Err()
}

// search is what the list has to match, besides being seen.
func (in ListPosts) search() ports.PostSearch {
	search := ports.PostSearch{Author: in.AuthorID, Visibility: in.Visibility}
	switch in.Scope {
	case "":
		search.Community, search.Team = in.CommunityID, in.TeamID
	case ScopePublic:
		search.Standing = &domain.PostPlace{}
	case ScopeCommunity:
		search.Standing = &domain.PostPlace{CommunityID: in.CommunityID}
	case ScopeTeam:
		search.Team = in.TeamID // nothing lies within a team
	}
	return search
}

// List returns the posts that match and that the caller sees, newest first. However many posts there are, it asks
// Access once, about where the caller may read, and leaves the choosing to the database.
func (s *Posts) List(ctx context.Context, by domain.Actor, in ListPosts) (Page[domain.Post], error) {
	if err := in.Validate(); err != nil {
		return Page[domain.Post]{}, err
	}
	after, err := postKey(in.Cursor)
	if err != nil {
		return Page[domain.Post]{}, err
	}
	viewer, err := s.viewer(ctx, by)
	if err != nil {
		return Page[domain.Post]{}, err
	}
	search := in.search()
	if err := s.mayList(ctx, viewer, search); err != nil {
		return Page[domain.Post]{}, err
	}
	limit := min(max(in.Limit, 1), MaxPosts)
	found, err := s.posts.Page(ctx, search, viewer, after, limit+1)
	if err != nil {
		return Page[domain.Post]{}, err
	}
	page := Page[domain.Post]{Items: found[:min(limit, len(found))]}
	for i, post := range page.Items {
		page.Items[i] = s.shown(post)
	}
	if len(found) > limit {
		page.Next = postCursor(ports.PostKeyOf(found[limit-1]))
	}
	return page, nil
}

func (s *Posts) viewer(ctx context.Context, by domain.Actor) (domain.PostViewer, error) {
	reaches, err := s.reaches.Reach(ctx, domain.AsksToRead())
	if err != nil {
		return domain.PostViewer{}, err
	}
	return domain.PostViewer{User: by.User, Public: reaches[0], Community: reaches[1], Team: reaches[2], Private: reaches[3]}, nil
}

// mayList refuses whoever asks for a place that he does not belong to, rather than to show him an empty list.
func (s *Posts) mayList(ctx context.Context, viewer domain.PostViewer, search ports.PostSearch) error {
	place := domain.PostPlace{CommunityID: search.Community, TeamID: search.Team}
	if search.Standing != nil {
		place = *search.Standing
	}
	if place.TeamID != uuid.Nil {
		place.CommunityID = uuid.Nil // which one it is, is not for the caller to say
	}
	if viewer.ReadsNothing() {
		return refused(domain.PermissionPostsRead)
	}
	if place == (domain.PostPlace{}) && search.Standing == nil || viewer.ReadsAt(place) {
		return nil
	}
	if place.TeamID != uuid.Nil { // a right to the whole community opens its teams: which one is it?
		community, err := s.places.CommunityOf(ctx, place.TeamID)
		if err != nil {
			return err
		}
		if community != uuid.Nil && viewer.ReadsAt(domain.PostPlace{CommunityID: community, TeamID: place.TeamID}) {
			return nil
		}
	}
	return refused(domain.PermissionPostsRead)
}

// postCursor is the place after a post; postKey takes it back.
func postCursor(k ports.PostKey) string {
	return encodeCursor(k.ID, strconv.FormatInt(k.At.UnixMicro(), 10))
}

func postKey(cursor string) (ports.PostKey, error) {
	id, rest, err := decodeCursor(cursor)
	if err != nil || id == uuid.Nil {
		return ports.PostKey{}, err
	}
	at, err := strconv.ParseInt(rest, 10, 64)
	if err != nil || at < 0 || at > maxMicro {
		return ports.PostKey{}, errCursor()
	}
	return ports.PostKey{At: time.UnixMicro(at).UTC(), ID: id}, nil
}

// maxMicro is the last moment a cursor can name, well before what PostgreSQL cannot keep.
const maxMicro = int64(253_402_300_799_000_000) // the end of the year 9999
