package domain

import (
	"bytes"
	"reflect"
	"slices"
	"time"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/valid"
)

// PostEdit is a partial update. A nil field stays as it is.
type PostEdit struct {
	Title      *string
	Body       *string
	Visibility *authz.Visibility
	// Attachments, when not nil, are all attachments of the post.
	Attachments []File
	// Seen is the version that the change is meant for; 0 means any.
	Seen int
}

// Edit returns the post with the changes made, and whether there were any.
//
// A post can become private, and visible again to the members of its scope. A public post belongs to the tenant, so making a
// post public moves it there. A post never moves to another community or team.
func (p Post) Edit(e PostEdit, now time.Time) (edited Post, changed bool, err error) {
	if e.Seen != 0 && e.Seen != p.data.Version {
		return Post{}, false, ErrPostChanged
	}
	d := p.data
	set(&d.Title, e.Title)
	set(&d.Body, e.Body)
	set(&d.Visibility, e.Visibility)
	fields := errs.Fields{}
	d.Title, d.Body = checkedText(d.Title, d.Body, d.Visibility, fields)
	switch d.Visibility {
	case authz.VisibilityCommunity, authz.VisibilityTeam:
		fields.Check(d.Visibility == d.Scope.audience(), "visibility", why.Mismatch("does not fit the scope of the post"))
	case authz.VisibilityPublic:
		d.Scope = PostScope{}
	}
	if err := fields.Err(); err != nil {
		return Post{}, false, err
	}
	if e.Attachments != nil {
		d.Attachments = attachments(e.Attachments)
	}
	if err := (Post{data: d}).CheckContent(); err != nil {
		return Post{}, false, err
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
	p.data.UpdatedAt = valid.Instant(now)
	p.data.Version++
	return p
}

// WithAttachments returns a new post with its files.
func (p Post) WithAttachments(files []File) Post {
	p.data.Attachments = attachments(files)
	return p
}

// attachments sorts files by id, which is the order in which they were uploaded. No files are nil.
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
