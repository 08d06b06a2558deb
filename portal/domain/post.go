package domain

import (
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"go.updspace.com/libs/errs"
)

// Bounds of a post.
const (
	MaxPostTitle       = 256
	MaxPostBody        = 50_000
	MaxPostAttachments = 10
)

// Post is something a person wrote, for everybody in the tenant, for a community, for a team, or for himself. The zero
// Post is no post; use NewPost.
type Post struct {
	data PostData
}

// PostData is everything there is to know about a post, for showing and storing it.
type PostData struct {
	ID         uuid.UUID
	TenantID   uuid.UUID
	Place      PostPlace
	Title      string
	Body       string // Markdown, as it was written
	Rendered   Rendered
	Visibility Visibility
	// Attachments are the files that go with the post, as they were uploaded.
	Attachments []File
	CreatedBy   uuid.UUID
	CreatedAt   time.Time
	UpdatedAt   time.Time
	// Version counts the changes. An editor may state the version he saw, and is refused when there is a newer one.
	Version int
}

// Rendered is the body as HTML that is safe to show, and by which renderer: what an older one made is made again
// before it is shown.
type Rendered struct {
	HTML string
	By   string
}

// PostPlace is where a post stands: in a team, in a community, or, when both are uuid.Nil, in the tenant as a whole. A
// team's post names the team's community, too.
type PostPlace struct {
	CommunityID uuid.UUID
	TeamID      uuid.UUID
}

// audience is the visibility of a post that is for everybody at the place.
func (p PostPlace) audience() Visibility {
	switch {
	case p.TeamID != uuid.Nil:
		return VisibilityTeam
	case p.CommunityID != uuid.Nil:
		return VisibilityCommunity
	}
	return VisibilityPublic
}

// Scope is where Access decides about what stands at the place.
func (p PostPlace) Scope(tenant uuid.UUID) Scope {
	switch {
	case p.TeamID != uuid.Nil:
		return TeamScope(p.TeamID)
	case p.CommunityID != uuid.Nil:
		return CommunityScope(p.CommunityID)
	}
	return TenantScope(tenant)
}

// PostDraft is what the author of a post decides.
type PostDraft struct {
	ID         uuid.UUID // usually left to us
	Title      string
	Body       string
	Visibility Visibility
	Place      PostPlace // of community and team posts; the others stand in the tenant
}

// Check says what is wrong with a draft that can be told from it alone.
func (d PostDraft) Check() error {
	fields := errs.Fields{}
	d.check(fields)
	if err := fields.Err(); err != nil {
		return err
	}
	switch {
	case d.Visibility == VisibilityCommunity && d.Place.CommunityID == uuid.Nil:
		return missingPlace("community_id", "is required for a community post")
	case d.Visibility == VisibilityTeam && d.Place.TeamID == uuid.Nil:
		return missingPlace("team_id", "is required for a team post")
	}
	return nil
}

func (d PostDraft) check(fields errs.Fields) {
	checkPostText(d.Title, MaxPostTitle, "title", "must be at most 256 characters long", fields)
	checkPostText(d.Body, MaxPostBody, "body", "must be at most 50000 characters long", fields)
	fields.Check(d.Visibility.Valid(), "visibility", "must be public, community, team or private")
}

func checkPostText(text string, limit int, field, why string, fields errs.Fields) {
	fields.Check(utf8.RuneCountInString(text) <= limit, field, why)
	fields.Check(storable(text), field, "must be text")
}

// missingPlace is a 400 and not a 422: the contract of the post list and of its create says so.
func missingPlace(field, why string) error {
	e := errs.New(errs.BadRequest, "VALIDATION_ERROR", "Some fields are not valid.")
	e.Fields = map[string]string{field: why}
	return e
}

// NewPost makes a post.
func NewPost(author Actor, d PostDraft, now time.Time) (Post, error) {
	if err := d.Check(); err != nil {
		return Post{}, err
	}
	switch d.Visibility {
	case VisibilityPublic, VisibilityPrivate:
		d.Place = PostPlace{}
	case VisibilityCommunity:
		d.Place.TeamID = uuid.Nil
	}
	if d.ID == uuid.Nil {
		d.ID = newID()
	}
	now = Instant(now)
	return Post{data: PostData{
		ID: d.ID, TenantID: author.Tenant, Place: d.Place, Title: d.Title, Body: d.Body, Visibility: d.Visibility,
		CreatedBy: author.User, CreatedAt: now, UpdatedAt: now, Version: 1,
	}}, nil
}

// RestorePost takes back a post from where it was stored.
func RestorePost(d PostData) Post { return Post{data: d} }

// Data returns everything about the post.
func (p Post) Data() PostData { return p.data }

// ID is the post's id.
func (p Post) ID() uuid.UUID { return p.data.ID }

// Edited reports whether the post was changed since it was written.
func (p Post) Edited() bool { return p.data.Version > 1 }

// Scope is where Access decides about the post.
func (p Post) Scope() Scope { return p.data.Place.Scope(p.data.TenantID) }

// WrittenBy reports whether the user is the author.
func (p Post) WrittenBy(user uuid.UUID) bool { return p.data.CreatedBy == user }

// WithRendered returns the post with its body rendered.
func (p Post) WithRendered(r Rendered) Post {
	p.data.Rendered = r
	return p
}
