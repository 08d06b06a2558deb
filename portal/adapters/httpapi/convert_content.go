package httpapi

import (
	"github.com/google/uuid"
	"github.com/oapi-codegen/nullable"

	"go.updspace.com/api/portalapi"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/page"
	"go.updspace.com/libs/wire"
	contentapp "go.updspace.com/portal/content/app"
	contentdomain "go.updspace.com/portal/content/domain"
)

// defaultProfiles is how many profiles are listed when the caller names no limit, as the old frontends expect.
const defaultProfiles = 200

// FromAPIListPosts converts the query of a list.
func FromAPIListPosts(p portalapi.ListPostsParams) contentapp.ListPosts {
	return contentapp.ListPosts{
		Scope: string(wire.Value(p.Scope)), CommunityID: wire.Value(p.CommunityID), TeamID: wire.Value(p.TeamID), AuthorID: wire.Value(p.AuthorID),
		Visibility: authz.Visibility(wire.Value(p.Visibility)), Page: page.Request{Limit: wire.Value(p.Limit), Cursor: wire.Value(p.Cursor)},
	}
}

// FromAPIPostCreate converts a new post.
func FromAPIPostCreate(b portalapi.PostCreate) contentapp.CreatePost {
	return contentapp.CreatePost{
		Draft: contentdomain.PostDraft{
			Title: b.Title, Body: b.Body, Visibility: authz.Visibility(b.Visibility),
			Scope: contentdomain.PostScope{CommunityID: firstOf(b.CommunityID, b.CommunityIDCamel), TeamID: firstOf(b.TeamID, b.TeamIDCamel)},
		},
		Attachments: eitherList(b.AttachmentIds, b.AttachmentIDsCamel), AltTexts: altTexts(b.AltTexts, b.AltTextsCamel),
	}
}

// altTexts are descriptions by the ids of their attachments.
func altTexts(lists ...[]portalapi.AltText) map[uuid.UUID]string {
	texts := map[uuid.UUID]string{}
	for _, list := range lists {
		for _, t := range list {
			texts[t.ID] = t.Text
		}
	}
	return texts
}

// FromAPIPostUpdate converts the change of a post.
func FromAPIPostUpdate(b portalapi.PostUpdate) contentapp.EditPost {
	var visibility *authz.Visibility
	if b.Visibility != nil {
		visibility = new(authz.Visibility(*b.Visibility))
	}
	return contentapp.EditPost{
		Edit:        contentdomain.PostEdit{Title: b.Title, Body: b.Body, Visibility: visibility, Seen: wire.Value(b.Version)},
		Attachments: eitherList(b.AttachmentIds, b.AttachmentIDsCamel), AltTexts: altTexts(b.AltTexts, b.AltTextsCamel),
	}
}

// FromAPIProfileUpdate converts the change of a profile: null says as little as nothing.
func FromAPIProfileUpdate(b portalapi.ProfileUpdate) contentdomain.ProfileEdit {
	return contentdomain.ProfileEdit{
		Username: text(b.Username), DisplayName: text(b.DisplayName, b.DisplayNameCamel), FirstName: text(b.FirstName, b.FirstNameCamel),
		LastName: text(b.LastName, b.LastNameCamel), Bio: text(b.Bio), ListedToGuests: said(b.ListedToGuests, b.ListedToGuestsCamel),
	}
}

// FromAPIListProfiles converts the query of the directory.
func FromAPIListProfiles(p portalapi.ListProfilesParams) contentapp.ListProfiles {
	return contentapp.ListProfiles{Query: wire.Value(p.Q), Page: page.Request{Limit: wire.ValueOr(p.Limit, defaultProfiles), Cursor: wire.Value(p.Cursor)}}
}

// ToAPIPost converts a post.
func ToAPIPost(p contentdomain.Post) portalapi.Post {
	d := p.Data()
	return portalapi.Post{
		ID: d.ID, TenantID: d.TenantID, CommunityID: wire.OrNull(d.Scope.CommunityID), TeamID: wire.OrNull(d.Scope.TeamID),
		Title: d.Title, Body: d.Body, BodyHTML: d.Rendered.HTML, Visibility: portalapi.PostVisibility(d.Visibility),
		CreatedBy: d.CreatedBy, CreatedAt: d.CreatedAt, UpdatedAt: d.UpdatedAt, Edited: p.Edited(), Version: d.Version,
		Attachments: wire.Each(d.Attachments, ToAPIAttachment),
	}
}

// ToAPIPostSummary converts a post of a list.
func ToAPIPostSummary(p contentdomain.Post) portalapi.PostSummary {
	d := p.Data()
	excerpt, truncated := d.Rendered.Summary()
	return portalapi.PostSummary{
		ID: d.ID, TenantID: d.TenantID, CommunityID: wire.OrNull(d.Scope.CommunityID), TeamID: wire.OrNull(d.Scope.TeamID),
		Title: d.Title, ExcerptHTML: excerpt, Truncated: truncated, Visibility: portalapi.PostVisibility(d.Visibility),
		CreatedBy: d.CreatedBy, CreatedAt: d.CreatedAt, UpdatedAt: d.UpdatedAt, Edited: p.Edited(), Version: d.Version,
		Attachments: wire.Each(d.Attachments, ToAPIAttachment),
	}
}

// ToAPIAttachment converts a file.
func ToAPIAttachment(f contentdomain.File) portalapi.Attachment {
	d := f.Data()
	return portalapi.Attachment{
		ID: d.ID, FileName: d.Name, ContentType: d.ContentType, Size: d.Size, Inline: f.Inline(), URL: contentURL(f), AltText: d.AltText, CreatedAt: d.CreatedAt,
	}
}

func contentURL(f contentdomain.File) string {
	return "/api/v1/portal/attachments/" + f.ID().String() + "/content"
}

// ToAPIProfile converts a profile. Names that are optional go out as null when there is none, the others as nothing.
func ToAPIProfile(p contentdomain.Profile) portalapi.Profile {
	d := p.Data()
	return portalapi.Profile{
		TenantID: d.TenantID, UserID: d.UserID, Username: wire.OrNull(d.Username), DisplayName: wire.OrNull(d.DisplayName),
		FirstName: d.FirstName, LastName: d.LastName, Bio: wire.OrNull(d.Bio), AvatarURL: avatarURL(d.UserID, d.AvatarID), ListedToGuests: d.ListedToGuests,
		CreatedAt: wire.OrNull(d.CreatedAt), UpdatedAt: wire.OrNull(d.UpdatedAt),
	}
}

// FromAPIListPeople converts the query of a list of people.
func FromAPIListPeople(p portalapi.ListPeopleParams) contentapp.ListPeople {
	return contentapp.ListPeople{
		Query: wire.Value(p.Q), CommunityID: wire.Value(p.CommunityID), TeamID: wire.Value(p.TeamID), Page: pageRequest(p.Limit, p.Cursor),
	}
}

// ToAPIPerson converts a user.
func ToAPIPerson(p contentdomain.Person) portalapi.Person {
	return portalapi.Person{
		UserID: p.User, DisplayName: wire.OrNull(p.Name), Username: wire.OrNull(p.Username), AvatarURL: avatarURL(p.User, p.Avatar), Status: personStatus(p),
	}
}

// ToAPIListedPerson converts a user of a list.
func ToAPIListedPerson(p contentdomain.Person) portalapi.ListedPerson {
	return portalapi.ListedPerson{
		UserID: p.User, DisplayName: wire.OrNull(p.Name), Username: wire.OrNull(p.Username), AvatarURL: avatarURL(p.User, p.Avatar), Status: personStatus(p),
		CommunityCount: int32(p.Communities),
	}
}

func personStatus(p contentdomain.Person) portalapi.PersonStatus {
	if p.Member {
		return portalapi.PersonStatusActive
	}
	return portalapi.PersonStatusLeft
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

// avatarURL is where the avatar of a user is; null without one.
func avatarURL(user, avatar uuid.UUID) nullable.Nullable[string] {
	if avatar == uuid.Nil {
		return nullable.NewNullNullable[string]()
	}
	return nullable.NewNullableWithValue("/api/v1/portal/profiles/" + user.String() + "/avatar?v=" + avatar.String())
}

// text is what one of two spellings of a text holds, nil for null and nothing.
func text(spellings ...nullable.Nullable[string]) *string { return said(spellings...) }

// said is what one of two spellings of a field holds, nil for null and nothing.
func said[T any](spellings ...nullable.Nullable[T]) *T {
	for _, n := range spellings {
		if got, err := n.Get(); err == nil {
			return &got
		}
	}
	return nil
}
