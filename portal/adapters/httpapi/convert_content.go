package httpapi

import (
	"github.com/google/uuid"
	"github.com/oapi-codegen/nullable"

	"go.updspace.com/api/portalapi"
	"go.updspace.com/portal/app"
	"go.updspace.com/portal/domain"
)

const (
	defaultPosts    = 50
	defaultProfiles = 200
)

// FromAPIListPosts converts the query of a list.
func FromAPIListPosts(p portalapi.ListPostsParams) app.ListPosts {
	return app.ListPosts{
		Scope: value(p.Scope), CommunityID: value(p.CommunityID), TeamID: value(p.TeamID), AuthorID: value(p.AuthorID),
		Visibility: domain.Visibility(value(p.Visibility)), Limit: valueOr(p.Limit, defaultPosts), Cursor: value(p.Cursor),
	}
}

// FromAPIPostCreate converts a new post.
func FromAPIPostCreate(b portalapi.PostCreate) app.CreatePost {
	return app.CreatePost{
		Draft: domain.PostDraft{
			Title: b.Title, Body: b.Body, Visibility: domain.Visibility(b.Visibility),
			Place: domain.PostPlace{CommunityID: firstOf(b.CommunityID, b.CommunityIDCamel), TeamID: firstOf(b.TeamID, b.TeamIDCamel)},
		},
		Attachments: eitherList(b.AttachmentIds, b.AttachmentIDsCamel),
	}
}

// FromAPIPostUpdate converts the change of a post.
func FromAPIPostUpdate(b portalapi.PostUpdate) app.EditPost {
	var visibility *domain.Visibility
	if b.Visibility != nil {
		visibility = new(domain.Visibility(*b.Visibility))
	}
	return app.EditPost{
		Edit:        domain.PostEdit{Title: b.Title, Body: b.Body, Visibility: visibility, Seen: value(b.Version)},
		Attachments: eitherList(b.AttachmentIds, b.AttachmentIDsCamel),
	}
}

// FromAPIProfileUpdate converts the change of a profile: null says as little as nothing.
func FromAPIProfileUpdate(b portalapi.ProfileUpdate) domain.ProfileEdit {
	return domain.ProfileEdit{
		Username: text(b.Username), DisplayName: text(b.DisplayName, b.DisplayNameCamel), FirstName: text(b.FirstName, b.FirstNameCamel),
		LastName: text(b.LastName, b.LastNameCamel), Bio: text(b.Bio),
	}
}

// FromAPIListProfiles converts the query of the directory.
func FromAPIListProfiles(p portalapi.ListProfilesParams) app.ListProfiles {
	return app.ListProfiles{Words: value(p.Q), Limit: valueOr(p.Limit, defaultProfiles), Cursor: value(p.Cursor)}
}

// ToAPIPost converts a post.
func ToAPIPost(p domain.Post) portalapi.Post {
	d := p.Data()
	return portalapi.Post{
		ID: d.ID, TenantID: d.TenantID, CommunityID: orNull(d.Place.CommunityID), TeamID: orNull(d.Place.TeamID),
		Title: d.Title, Body: d.Body, BodyHTML: d.Rendered.HTML, Visibility: portalapi.PostVisibility(d.Visibility),
		CreatedBy: d.CreatedBy, CreatedAt: d.CreatedAt, UpdatedAt: d.UpdatedAt, Edited: p.Edited(), Version: d.Version,
		Attachments: each(d.Attachments, ToAPIAttachment),
	}
}

// ToAPIAttachment converts a file.
func ToAPIAttachment(f domain.File) portalapi.Attachment {
	d := f.Data()
	return portalapi.Attachment{
		ID: d.ID, FileName: d.Name, ContentType: d.ContentType, Size: d.Size, Inline: f.Inline(), URL: contentURL(f), CreatedAt: d.CreatedAt,
	}
}

func contentURL(f domain.File) string {
	return "/api/v1/portal/attachments/" + f.ID().String() + "/content"
}

// ToAPIProfile converts a profile. Names that are optional go out as null when there is none, the others as nothing.
func ToAPIProfile(p domain.Profile) portalapi.Profile {
	d := p.Data()
	avatar := ""
	if d.AvatarID != uuid.Nil {
		avatar = "/api/v1/portal/profiles/" + d.UserID.String() + "/avatar?v=" + d.AvatarID.String()
	}
	return portalapi.Profile{
		TenantID: d.TenantID, UserID: d.UserID, Username: orNull(d.Username), DisplayName: orNull(d.DisplayName),
		FirstName: d.FirstName, LastName: d.LastName, Bio: orNull(d.Bio), AvatarURL: orNull(avatar),
		CreatedAt: orNull(d.CreatedAt), UpdatedAt: orNull(d.UpdatedAt),
	}
}

// firstOf is what one of two spellings of a field holds, or nothing.
func firstOf[T comparable](spellings ...nullable.Nullable[T]) (v T) {
	for _, n := range spellings {
		if got, err := n.Get(); err == nil {
			return got
		}
	}
	return v
}

// eitherList is firstOf for lists, where an empty one is not nothing.
func eitherList[T any](a, b []T) []T {
	if a != nil {
		return a
	}
	return b
}

// text is what one of two spellings of a text holds, nil for null and nothing.
func text(spellings ...nullable.Nullable[string]) *string {
	for _, n := range spellings {
		if got, err := n.Get(); err == nil {
			return &got
		}
	}
	return nil
}
