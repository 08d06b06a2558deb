// Package app holds the use cases that span groups and content.
package app

import (
	"context"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	contentapp "go.updspace.com/portal/content/app"
	contentdomain "go.updspace.com/portal/content/domain"
	contentports "go.updspace.com/portal/content/ports"
	groupsapp "go.updspace.com/portal/groups/app"
	groupsdomain "go.updspace.com/portal/groups/domain"
)

// Search is the use case of the command palette.
type Search struct {
	Access authz.Checker
	Quota  contentports.Quota
	People contentapp.People
	Posts  contentapp.Posts
	Groups groupsapp.Groups
}

// Found is what a search has found, at most some of each kind.
type Found struct {
	People      []contentdomain.Person
	Communities []groupsapp.GroupView
	Teams       []groupsapp.GroupView
	Posts       []contentdomain.Post
}

const (
	defaultResults = 5
	maxResults     = 8 // of each kind
	maxSearch      = 100
	// searchTime bounds a search: a palette shows what is found while a user types.
	searchTime = 2 * time.Second
)

// Find returns what a text finds and the caller may see. It asks Access once.
func (s Search) Find(ctx context.Context, by authz.Actor, query string, limit int) (Found, error) {
	query = strings.TrimSpace(query)
	fields := errs.Fields{}
	fields.Check(utf8.RuneCountInString(query) <= maxSearch, "q", why.TooLong(maxSearch))
	fields.Check(longEnough(query), "q", why.TooShort(2))
	if err := fields.Err(); err != nil {
		return Found{}, err
	}
	if limit < 1 {
		limit = defaultResults
	}
	limit = min(limit, maxResults)
	if err := s.Quota.Take(ctx, contentports.RuleSearches, by.User); err != nil {
		return Found{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, searchTime)
	defer cancel()
	return s.find(ctx, by, query, limit)
}

func (s Search) find(ctx context.Context, by authz.Actor, query string, limit int) (found Found, err error) {
	reads := contentdomain.ReadQueries()
	allowed, err := s.Access.AllowedScopes(ctx, append(reads,
		authz.ScopeQuery{Permission: contentdomain.PermissionProfilesRead}, authz.ScopeQuery{Permission: groupsdomain.PermissionCommunitiesList},
		authz.ScopeQuery{Permission: groupsdomain.PermissionTeamsList}, authz.ScopeQuery{Permission: groupsdomain.PermissionCommunityMembersRead},
		authz.ScopeQuery{Permission: groupsdomain.PermissionTeamMembersRead}))
	if err != nil {
		return Found{}, err
	}
	posts, rest := allowed[:len(reads)], allowed[len(reads):]
	if rest[0].InTenant() {
		if found.People, err = s.People.Found(ctx, query, limit); err != nil {
			return Found{}, err
		}
	}
	see := groupsapp.Seeing{Communities: rest[1], Teams: rest[2], Faces: rest[3].Everywhere, TeamFaces: rest[4].Everywhere}
	if found.Communities, found.Teams, err = s.Groups.Found(ctx, by, see, query, limit); err != nil {
		return Found{}, err
	}
	found.Posts, err = s.Posts.Found(ctx, contentdomain.NewPostViewer(by.User, posts), query, limit)
	return found, err
}

// longEnough reports whether a text finds few enough to be worth a search. A character of Chinese, Japanese or Korean is a word.
func longEnough(query string) bool {
	return utf8.RuneCountInString(query) >= 2 || strings.ContainsFunc(query, func(r rune) bool {
		return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul)
	})
}
