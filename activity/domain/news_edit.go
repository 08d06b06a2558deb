package domain

import (
	"reflect"
	"slices"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/valid"
)

// NewsEdit changes the fields that are not nil. A post never moves to another scope.
type NewsEdit struct {
	Title, Body *string
	Tags        *[]string
	Media       *[]NewsMedia
	Visibility  *authz.Visibility
	Status      *NewsStatus
	PublishAt   *time.Time
	// Seen is the version that the change is meant for; 0 means any.
	Seen int
}

// ErrNewsChanged says that the post was changed since the caller has read it.
var ErrNewsChanged = errs.New(errs.Conflict, "NEWS_CHANGED", "The post was changed meanwhile. Look at it again.")

// NewsPart is a part of a post that changed.
type NewsPart string

// The parts.
const (
	NewsBody       NewsPart = "body"
	NewsTags       NewsPart = "tags"
	NewsMediaPart  NewsPart = "media"
	NewsVisibility NewsPart = "visibility"
	NewsStatusPart NewsPart = "status"
	NewsReactions  NewsPart = "reactions"
	NewsViews      NewsPart = "views"
	NewsComments   NewsPart = "comments"
	NewsModeration NewsPart = "moderation"
)

// Edit returns the post with the changes made and the parts that differ, or reports every wrong field.
func (p NewsPost) Edit(e NewsEdit, now time.Time) (NewsPost, []NewsPart, error) {
	if e.Seen != 0 && e.Seen != p.data.Version {
		return NewsPost{}, nil, ErrNewsChanged
	}
	now = p.Touched(now)
	d := p.data
	set(&d.Title, e.Title)
	set(&d.Body, e.Body)
	set(&d.Tags, e.Tags)
	set(&d.Media, e.Media)
	set(&d.Visibility, e.Visibility)
	set(&d.Status, e.Status)
	set(&d.PublishAt, e.PublishAt)
	fields := errs.Fields{}
	if e.PublishAt == nil && d.Status == NewsScheduled && p.data.Status == NewsScheduled && !d.PublishAt.After(now) {
		d.PublishAt = now.Add(time.Microsecond) // it is due, and other fields change before the job comes to it
	}
	if d.Status == NewsScheduled && !d.PublishedAt.IsZero() {
		fields.Add("status", why.Mismatch("a post that was published cannot be scheduled"))
	}
	d = d.checked(fields, now)
	if err := fields.Err(); err != nil {
		return NewsPost{}, nil, err
	}
	changed := p.data.differs(d)
	if len(changed) > 0 {
		d.UpdatedAt, d.Version = now, d.Version+1
	}
	if slices.ContainsFunc(changed, func(part NewsPart) bool { return part == NewsBody || part == NewsTags || part == NewsMediaPart }) && !p.data.PublishedAt.IsZero() {
		d.EditedAt = now
	}
	return NewsPost{d}, changed, nil
}

// Touched is now, or just after the last change: changes of a post are told apart by their times.
func (p NewsPost) Touched(now time.Time) time.Time {
	now = valid.Instant(now)
	if earliest := p.data.UpdatedAt.Add(time.Microsecond); now.Before(earliest) {
		return earliest
	}
	return now
}

func set[T any](field *T, to *T) {
	if to != nil {
		*field = *to
	}
}

// differs lists the parts in which two states of a post differ.
func (d NewsData) differs(other NewsData) (parts []NewsPart) {
	note := func(part NewsPart, differs bool) {
		if differs {
			parts = append(parts, part)
		}
	}
	note(NewsBody, d.Title != other.Title || d.Body != other.Body)
	note(NewsStatusPart, d.Status != other.Status || !d.PublishAt.Equal(other.PublishAt))
	note(NewsVisibility, d.Visibility != other.Visibility)
	note(NewsMediaPart, !reflect.DeepEqual(d.Media, other.Media))
	note(NewsTags, !slices.Equal(d.Tags, other.Tags))
	return parts
}

// Publish publishes a scheduled post whose time has come. It is false for every other post.
func (p NewsPost) Publish(now time.Time) (NewsPost, bool) {
	now = p.Touched(now)
	if p.data.Status != NewsScheduled || p.data.PublishAt.After(now) {
		return p, false
	}
	d := p.data
	d.Status, d.PublishedAt, d.PublishAt, d.UpdatedAt, d.Version = NewsPublished, now, time.Time{}, now, d.Version+1
	return NewsPost{d}, true
}

// Unscheduled returns a scheduled post as a draft.
func (p NewsPost) Unscheduled(now time.Time) NewsPost {
	p.data.UpdatedAt = p.Touched(now)
	p.data.Status, p.data.PublishAt, p.data.Version = NewsDraft, time.Time{}, p.data.Version+1
	return p
}

// NewsModerationEdit changes what moderators decide about a post. Nil stays as it is.
type NewsModerationEdit struct {
	Pinned, CommentsLocked, Hidden *bool
	Reason                         string // why; required to hide a post
}

// Moderate returns the post with the decisions made and whether there were any.
func (p NewsPost) Moderate(by uuid.UUID, e NewsModerationEdit, now time.Time) (NewsPost, bool, error) {
	now = p.Touched(now)
	d, fields := p.data, errs.Fields{}
	reason := valid.Text(fields, "reason", e.Reason, 0, MaxReason)
	if e.Pinned != nil && *e.Pinned != !d.PinnedAt.IsZero() {
		if d.PinnedAt = (time.Time{}); *e.Pinned {
			fields.Check(p.Listed(), "pinned", why.Mismatch("only a post that others see can be pinned"))
			d.PinnedAt = now
		}
	}
	set(&d.CommentsLocked, e.CommentsLocked)
	if e.Hidden != nil && *e.Hidden != p.Hidden() {
		d.HiddenAt, d.HiddenBy, d.HiddenReason = time.Time{}, uuid.Nil, ""
		if *e.Hidden {
			fields.Check(reason != "", "reason", why.Required)
			d.HiddenAt, d.HiddenBy, d.HiddenReason, d.PinnedAt = now, by, reason, time.Time{}
		}
	}
	if err := fields.Err(); err != nil {
		return NewsPost{}, false, err
	}
	if reflect.DeepEqual(d, p.data) {
		return p, false, nil
	}
	d.UpdatedAt, d.Version = now, d.Version+1
	return NewsPost{d}, true, nil
}
