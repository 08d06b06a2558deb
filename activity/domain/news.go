package domain

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/valid"
)

// Bounds of a news post. Lengths are in characters.
const (
	MaxNewsTitle  = 256
	MaxNewsBody   = 5000
	MaxNewsTags   = 10
	MaxNewsTag    = 50
	MaxNewsMedia  = 8
	MaxReason     = 500
	excerptLength = 120
	// MaxSchedule is how far ahead a post can be scheduled.
	MaxSchedule = 365 * 24 * time.Hour
)

// NewsStatus is the stage of a post.
type NewsStatus string

// The stages. A scheduled post is published by a job when its time comes.
const (
	NewsDraft     NewsStatus = "draft"
	NewsScheduled NewsStatus = "scheduled"
	NewsPublished NewsStatus = "published"
)

// NewsScopes are the scopes that a post can belong to.
var NewsScopes = authz.ScopeTypes{authz.ScopeTenant, authz.ScopeCommunity, authz.ScopeTeam}

// NewsPost is a post of the news. A post that violates a rule cannot be built.
type NewsPost struct{ data NewsData }

// NewsData is the state of a post.
type NewsData struct {
	ID         uuid.UUID
	TenantID   uuid.UUID
	AuthorID   uuid.UUID // uuid.Nil after the author was erased
	Title      string    // may be empty
	Body       string    // Markdown
	Tags       []string
	Media      []NewsMedia
	Visibility authz.Visibility
	Scope      authz.Scope
	Status     NewsStatus
	// PublishAt is when a scheduled post is to be published, PublishedAt when it was published first.
	PublishAt, PublishedAt time.Time
	PinnedAt               time.Time // zero unless the post is pinned
	HiddenAt               time.Time // zero unless a moderator has hidden the post
	HiddenBy               uuid.UUID
	HiddenReason           string
	CommentsLocked         bool
	// The storage fills in the community of the scope, whether the group of the scope is gone, and the id of the item in the
	// feed, which is zero without one.
	Community    uuid.UUID
	GroupDeleted bool
	ItemID       int64
	// Comments, Reactions and Views are counters that the storage keeps. Update does not store them.
	Comments, Reactions, Views int
	EditedAt                   time.Time // when a published post was edited last; zero unless it was
	CreatedAt, UpdatedAt       time.Time
	Version                    int
}

// NewsDraftInput is what a caller states of a new post.
type NewsDraftInput struct {
	Title, Body string
	Tags        []string
	Media       []NewsMedia
	Visibility  authz.Visibility // public when empty, which only drafts may leave it
	ScopeType   authz.ScopeType  // follows from the visibility when empty
	ScopeID     string
	Status      NewsStatus // published when empty
	PublishAt   time.Time
}

// NewNewsPost creates a post, or reports every wrong field.
func NewNewsPost(by authz.Actor, in NewsDraftInput, now time.Time) (NewsPost, error) {
	now = valid.Instant(now)
	d := NewsData{ID: uuid.New(), TenantID: by.Tenant, AuthorID: by.User, CreatedAt: now, UpdatedAt: now, Version: 1}
	scope, err := newsScope(by.Tenant, in)
	if err != nil {
		return NewsPost{}, err
	}
	fields := errs.Fields{}
	d.Title, d.Body, d.Tags, d.Media, d.Scope = in.Title, in.Body, in.Tags, in.Media, scope
	if d.Status = in.Status; d.Status == "" {
		d.Status = NewsPublished
	}
	if d.Visibility = in.Visibility; d.Visibility == "" {
		fields.Check(d.Status == NewsDraft, "visibility", why.Required)
		d.Visibility = authz.VisibilityPublic
	}
	d.PublishAt = in.PublishAt
	d = d.checked(fields, now)
	return NewsPost{d}, fields.Err()
}

// newsScope is the scope that a new post names, or the one that its visibility implies.
func newsScope(tenant uuid.UUID, in NewsDraftInput) (authz.Scope, error) {
	kind := authz.ScopeType(strings.ToUpper(string(in.ScopeType)))
	if kind == "" {
		switch in.Visibility {
		case authz.VisibilityCommunity:
			kind = authz.ScopeCommunity
		case authz.VisibilityTeam:
			kind = authz.ScopeTeam
		}
	}
	return NewsScopes.Parse(tenant, kind, in.ScopeID)
}

// RestoreNewsPost makes a post from its stored state.
func RestoreNewsPost(d NewsData) NewsPost { return NewsPost{d} }

// Data returns the state of the post.
func (p NewsPost) Data() NewsData { return p.data }

// ID returns the id of the post.
func (p NewsPost) ID() uuid.UUID { return p.data.ID }

// checked cleans the fields that people write, and brings the times into step with the status.
func (d NewsData) checked(fields errs.Fields, now time.Time) NewsData {
	d.Title = valid.Line(fields, "title", d.Title, 0, MaxNewsTitle)
	d.Body = valid.Text(fields, "body", d.Body, 1, MaxNewsBody)
	d.Tags = CleanTags(fields, d.Tags)
	d.Media = checkedMedia(fields, d.Media)
	if reason := d.Visibility.Fits(d.Scope.Type); !reason.None() {
		fields.Add("visibility", reason)
	}
	switch d.Status {
	case NewsDraft:
		d.PublishAt = time.Time{}
	case NewsPublished:
		d.PublishAt = time.Time{}
		if d.PublishedAt.IsZero() {
			d.PublishedAt = now
		}
	case NewsScheduled:
		d.PublishAt = valid.Instant(d.PublishAt)
		switch {
		case d.PublishAt.IsZero():
			fields.Add("publish_at", why.Required)
		case !d.PublishAt.After(now):
			fields.Add("publish_at", why.InPast("must lie in the future"))
		case d.PublishAt.After(now.Add(MaxSchedule)):
			fields.Add("publish_at", why.NotAllowed("must lie within a year"))
		}
	default:
		fields.Add("status", why.NotAllowed("must be draft, scheduled or published"))
	}
	return d
}

var tagSpaces = regexp.MustCompile(`\s+`)

// CleanTags brings tags into their form: trimmed, lower case, spaces as hyphens, each once, in the order given. Empty ones are
// left out.
func CleanTags(fields errs.Fields, tags []string) []string {
	cleaned := []string{}
	for _, tag := range tags {
		tag = tagSpaces.ReplaceAllString(strings.ToLower(strings.TrimSpace(tag)), "-")
		if tag = valid.Line(fields, "tags", tag, 0, MaxNewsTag); tag != "" && !slices.Contains(cleaned, tag) {
			cleaned = append(cleaned, tag)
		}
	}
	fields.Check(len(cleaned) <= MaxNewsTags, "tags", why.TooMany(MaxNewsTags))
	return cleaned
}

// Heading is the title, or the beginning of the body where the post has none.
func (p NewsPost) Heading() string {
	if p.data.Title != "" {
		return p.data.Title
	}
	line := []rune(strings.Join(strings.Fields(p.data.Body), " "))
	return string(line[:min(len(line), excerptLength)])
}

// WrittenBy reports whether a user is the author.
func (p NewsPost) WrittenBy(user uuid.UUID) bool {
	return user != uuid.Nil && p.data.AuthorID == user
}

// Hidden reports whether a moderator has hidden the post.
func (p NewsPost) Hidden() bool { return !p.data.HiddenAt.IsZero() }

// Listed reports whether the post is in the feed of its audience.
func (p NewsPost) Listed() bool { return p.data.Status == NewsPublished && !p.Hidden() }

// SourceRef names the post in the feed.
func (p NewsPost) SourceRef() string { return "news:" + p.data.ID.String() }

// Path is the path of the post's page.
func (p NewsPost) Path() string { return "/news/" + p.data.ID.String() }

// Audience is whom the post is shown to.
func (p NewsPost) Audience() authz.Audience {
	return authz.Audience{Scope: p.data.Scope, Visibility: p.data.Visibility}
}
