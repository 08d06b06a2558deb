package domain

import (
	"strings"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
)

// What is refused about posts.
var (
	ErrNewsNotFound  = errs.New(errs.NotFound, "NEWS_NOT_FOUND", "This post does not exist.")
	ErrMediaNotFound = errs.New(errs.NotFound, "MEDIA_NOT_FOUND", "This picture does not exist.")
	ErrUploadExpired = errs.New(errs.Forbidden, "MEDIA_UPLOAD_EXPIRED", "The upload took too long. Ask for a new address.")
	ErrTooManyMedia  = errs.New(errs.Conflict, "TOO_MANY_PENDING", "You have many pictures that no post has. Use them first, or wait a day.")
)

// NewsOf is the post that an item of the feed is about.
func NewsOf(item Item) (uuid.UUID, bool) {
	text, ok := strings.CutPrefix(item.data.SourceRef, "news:")
	id, err := uuid.Parse(text)
	return id, ok && err == nil && item.data.Type == NewsPosted
}

// NewsViewer is a member who reads news: what every reader of the feed is, and where the member manages news.
type NewsViewer struct {
	Viewer
	Manage authz.AllowedScopes
}

// NewsViewerQueries are the questions whose answers make a NewsViewer.
func NewsViewerQueries() []authz.ScopeQuery {
	return append(ViewerQueries(), authz.ScopeQuery{Permission: PermissionNewsManage})
}

// NewNewsViewer makes a viewer of the answers to NewsViewerQueries, or refuses one who may read the feed nowhere.
func NewNewsViewer(actor authz.Actor, answers []authz.AllowedScopes) (NewsViewer, error) {
	last := len(answers) - 1
	viewer, err := NewViewer(actor, answers[:last])
	return NewsViewer{Viewer: viewer, Manage: answers[last]}, err
}

// SeesPost reports whether the viewer sees a post: as one of its audience when it is published and not hidden, as its author,
// or as a moderator. Authors and moderators must be able to read in its scope, too.
func (v NewsViewer) SeesPost(p NewsPost) bool {
	d := p.data
	if d.GroupDeleted || !includes(v.Feed.Public, d.Scope, d.Community) {
		return false
	}
	if p.WrittenBy(v.Actor.User) || v.Moderates(p) {
		return true
	}
	return p.Listed() && v.Sees(RestoreItem(ItemData{Type: NewsPosted, Actor: d.AuthorID, Visibility: d.Visibility, Scope: d.Scope}), d.Community)
}

// Moderates reports whether the viewer manages news in the scope of the post.
func (v NewsViewer) Moderates(p NewsPost) bool {
	return includes(v.Manage, p.data.Scope, p.data.Community)
}

// Changes reports whether the viewer may change and delete the post.
func (v NewsViewer) Changes(p NewsPost) bool { return p.WrittenBy(v.Actor.User) || v.Moderates(p) }

// WriteCheck checks whether the caller may write a post. In a community and in a team, only those write who belong to it.
func (p NewsPost) WriteCheck() authz.Check {
	check := authz.Check{Permission: PermissionNewsCreate, Scope: p.data.Scope}
	switch p.data.Scope.Type {
	case authz.ScopeCommunity:
		check.Visibility = authz.VisibilityCommunity
	case authz.ScopeTeam:
		check.Visibility = authz.VisibilityTeam
	}
	return check
}

// RankHalf is how much age outweighs a factor of ten in points in the list of the best. The rank of a post depends on no
// clock: the order of two posts changes only with their points.
const RankHalf = 12 * time.Hour
