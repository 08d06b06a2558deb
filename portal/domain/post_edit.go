package domain

import (
	"bytes"
	"reflect"
	"slices"
	"time"

	"go.updspace.com/libs/errs"
)

// PostEdit says what to change; nil leaves a thing as it is.
type PostEdit struct {
	Title      *string
	Body       *string
	Visibility *Visibility
	// Attachments, when not nil, are all that shall go with the post.
	Attachments []File
	// Seen is the version the editor saw; 0 when he does not say.
	Seen int
}

// Edit returns the post with the changes made, and whether there were any.
//
// A post can be made private and shown again to those at its place. Making it public takes it out of its place, as
// public posts stand in none; into another community or team no post can move.
func (p Post) Edit(e PostEdit, now time.Time) (edited Post, changed bool, err error) {
	if e.Seen != 0 && e.Seen != p.data.Version {
		return Post{}, false, ErrPostChanged
	}
	d := p.data
	set(&d.Title, e.Title)
	set(&d.Body, e.Body)
	set(&d.Visibility, e.Visibility)
	fields := errs.Fields{}
	PostDraft{Title: d.Title, Body: d.Body, Visibility: d.Visibility}.check(fields)
	switch d.Visibility {
	case VisibilityCommunity, VisibilityTeam:
		fields.Check(d.Visibility == d.Place.audience(), "visibility", "does not fit the place of the post")
	case VisibilityPublic:
		d.Place = PostPlace{}
	}
	if err := fields.Err(); err != nil {
		return Post{}, false, err
	}
	if e.Attachments != nil {
		d.Attachments = attachments(e.Attachments)
	}
	if reflect.DeepEqual(d, p.data) {
		return p, false, nil
	}
	if d.Body != p.data.Body {
		d.Rendered = Rendered{}
	}
	return Post{data: d}.changed(now), true, nil
}

func (p Post) changed(now time.Time) Post {
	p.data.UpdatedAt = Instant(now)
	p.data.Version++
	return p
}

// WithAttachments returns a new post with its files.
func (p Post) WithAttachments(files []File) Post {
	p.data.Attachments = attachments(files)
	return p
}

// attachments are files in the order in which they were uploaded, which their ids tell. None is nil.
func attachments(files []File) []File {
	if len(files) == 0 {
		return nil
	}
	return slices.SortedFunc(slices.Values(files), func(a, b File) int { return bytes.Compare(a.data.ID[:], b.data.ID[:]) })
}

func set[T any](field *T, to *T) {
	if to != nil {
		*field = *to
	}
}
