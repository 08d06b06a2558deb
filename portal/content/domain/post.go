package domain

import (
	"cmp"
	"html"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/valid"
)

// Bounds of a post.
const (
	MaxPostTitle       = 256
	MaxPostBody        = 50_000
	MaxPostAttachments = 10
)

// Post is a text by a user, for the tenant, a community, a team, or its author alone. Use NewPost to make one.
type Post struct {
	data PostData
}

// PostData is the state of a post.
type PostData struct {
	ID         uuid.UUID
	TenantID   uuid.UUID
	Scope      PostScope
	Title      string
	Body       string // Markdown, as it was written
	Rendered   Rendered
	Visibility authz.Visibility
	// Attachments are in the order in which they were uploaded.
	Attachments []File
	CreatedBy   uuid.UUID
	CreatedAt   time.Time
	UpdatedAt   time.Time
	// Version counts the changes. A change that states an older version is refused.
	Version int
}

// Rendered is a body as HTML that is safe to show.
type Rendered struct {
	HTML string
	// Excerpt is what lists show of a long post; empty when they show all of it.
	Excerpt string
	By      string // version of the renderer
}

// Summary is the HTML that lists show, and whether it is only the beginning.
func (r Rendered) Summary() (excerpt string, truncated bool) {
	return cmp.Or(r.Excerpt, r.HTML), r.Excerpt != ""
}

// plainRunes is how much PlainText shows.
const plainRunes = 200

// PlainText shows the beginning of a body as text. It stands in for a stored body that the renderer refuses by rules that
// came after it.
func PlainText(body string) Rendered {
	runes := []rune(body)
	return Rendered{HTML: "<p>" + html.EscapeString(string(runes[:min(len(runes), plainRunes)])) + "</p>"}
}

// PostScope is the scope of a post: a team with its community, a community, or, when both are uuid.Nil, the tenant.
type PostScope struct {
	CommunityID uuid.UUID
	TeamID      uuid.UUID
}

// audience is the visibility of a post for all members of the scope.
func (s PostScope) audience() authz.Visibility {
	switch {
	case s.TeamID != uuid.Nil:
		return authz.VisibilityTeam
	case s.CommunityID != uuid.Nil:
		return authz.VisibilityCommunity
	}
	return authz.VisibilityPublic
}

// AuthzScope returns the scope in the terms of authorization.
func (s PostScope) AuthzScope(tenant uuid.UUID) authz.Scope {
	switch {
	case s.TeamID != uuid.Nil:
		return authz.TeamScope(s.TeamID)
	case s.CommunityID != uuid.Nil:
		return authz.CommunityScope(s.CommunityID)
	}
	return authz.TenantScope(tenant)
}

// PostDraft is the input of NewPost.
type PostDraft struct {
	ID         uuid.UUID // a new one when it is uuid.Nil
	Title      string
	Body       string
	Visibility authz.Visibility
	Scope      PostScope // of community and team posts
}

// Checked returns the draft in the form in which it is stored, or every rule that it breaks.
func (d PostDraft) Checked() (PostDraft, error) {
	fields := errs.Fields{}
	d.Title, d.Body = checkedText(d.Title, d.Body, d.Visibility, fields)
	fields.Check(d.Visibility != authz.VisibilityCommunity || d.Scope.CommunityID != uuid.Nil, "community_id", why.Required.Saying("is required for a community post"))
	fields.Check(d.Visibility != authz.VisibilityTeam || d.Scope.TeamID != uuid.Nil, "team_id", why.Required.Saying("is required for a team post"))
	return d, fields.Err()
}

func checkedText(title, body string, visibility authz.Visibility, fields errs.Fields) (checkedTitle, checkedBody string) {
	fields.Check(visibility.Valid(), "visibility", why.NotAllowed("must be public, community, team or private"))
	return valid.Line(fields, "title", title, 0, MaxPostTitle), valid.Text(fields, "body", body, 0, MaxPostBody)
}

// NewPost makes a post.
func NewPost(author authz.Actor, d PostDraft, now time.Time) (Post, error) {
	d, err := d.Checked()
	if err != nil {
		return Post{}, err
	}
	switch d.Visibility {
	case authz.VisibilityPublic, authz.VisibilityPrivate:
		d.Scope = PostScope{}
	case authz.VisibilityCommunity:
		d.Scope.TeamID = uuid.Nil
	}
	if d.ID == uuid.Nil {
		d.ID = valid.NewID()
	}
	now = valid.Instant(now)
	return Post{data: PostData{
		ID: d.ID, TenantID: author.Tenant, Scope: d.Scope, Title: d.Title, Body: d.Body, Visibility: d.Visibility,
		CreatedBy: author.User, CreatedAt: now, UpdatedAt: now, Version: 1,
	}}, nil
}

// RestorePost makes a post from its stored state.
func RestorePost(d PostData) Post { return Post{data: d} }

// Data returns the state of the post.
func (p Post) Data() PostData { return p.data }

// ID returns the id of the post.
func (p Post) ID() uuid.UUID { return p.data.ID }

// Edited reports whether the post was changed since it was written.
func (p Post) Edited() bool { return p.data.Version > 1 }

// AuthzScope returns the scope of the post in the terms of authorization.
func (p Post) AuthzScope() authz.Scope { return p.data.Scope.AuthzScope(p.data.TenantID) }

// WrittenBy reports whether the user is the author.
func (p Post) WrittenBy(user uuid.UUID) bool { return p.data.CreatedBy == user }

// CheckContent refuses a post that shows nothing.
func (p Post) CheckContent() error {
	fields := errs.Fields{}
	d := p.data
	fields.Check(d.Title != "" || d.Body != "" || len(d.Attachments) > 0, "body", why.Required.Saying("must not be empty when there is no title and no attachment"))
	return fields.Err()
}

// WithRendered returns the post with its body rendered.
func (p Post) WithRendered(r Rendered) Post {
	p.data.Rendered = r
	return p
}
