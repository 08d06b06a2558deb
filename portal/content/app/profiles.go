package app

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/page"
	"go.updspace.com/libs/upload"
	"go.updspace.com/portal/content/domain"
	"go.updspace.com/portal/content/ports"
)

// Profiles are the use cases of profiles.
type Profiles struct{ Deps }

// Mine returns the caller's own profile. Every page reads it, so it does not call Access. It writes nothing: a caller without a
// profile gets one made of the names of the account.
func (s Profiles) Mine(ctx context.Context, by authz.Actor) (domain.Profile, error) {
	return s.find(ctx, by, s.Profiles.Find)
}

func (s Profiles) find(ctx context.Context, by authz.Actor, find func(context.Context, uuid.UUID) (domain.Profile, error)) (domain.Profile, error) {
	profile, err := find(ctx, by.User)
	if !errors.Is(err, domain.ErrProfileNotFound) {
		return profile, err
	}
	account, err := s.Accounts.Find(ctx, by.User)
	if err != nil {
		return domain.Profile{}, err
	}
	profile = domain.NewProfile(by.Tenant, account)
	taken, err := s.Accounts.Taken(ctx, profile)
	if taken {
		profile = profile.WithoutUsername()
	}
	return profile, err
}

// Edit changes the caller's own profile.
func (s Profiles) Edit(ctx context.Context, by authz.Actor, edit domain.ProfileEdit) (profile domain.Profile, err error) {
	if err := s.require(ctx, by, domain.PermissionProfileEdit); err != nil {
		return domain.Profile{}, err
	}
	err = s.Tx.Do(ctx, func(ctx context.Context) error {
		profile, err = s.change(ctx, by, func(p domain.Profile) (domain.Profile, error) { return p.Edit(edit, s.Clock.Now()) })
		return err
	})
	return profile, err
}

// SetAvatar makes a picture the caller's avatar.
func (s Profiles) SetAvatar(ctx context.Context, by authz.Actor, picture io.Reader) (domain.Profile, error) {
	if err := s.require(ctx, by, domain.PermissionProfileEdit); err != nil {
		return domain.Profile{}, err
	}
	raw, err := io.ReadAll(upload.Limit(picture, domain.MaxAvatarSize))
	if err != nil {
		return domain.Profile{}, err
	}
	drawn, err := s.Avatars.Avatar(ctx, raw)
	if err != nil {
		return domain.Profile{}, err
	}
	file, err := s.upload(ctx, by, domain.FileAvatar, UploadFile{Name: "avatar", Content: bytes.NewReader(drawn)})
	if err != nil {
		return domain.Profile{}, err
	}
	return s.useAvatar(ctx, by, file)
}

// RemoveAvatar removes the caller's avatar.
func (s Profiles) RemoveAvatar(ctx context.Context, by authz.Actor) (domain.Profile, error) {
	if err := s.require(ctx, by, domain.PermissionProfileEdit); err != nil {
		return domain.Profile{}, err
	}
	return s.useAvatar(ctx, by, domain.File{})
}

// useAvatar makes an uploaded file the caller's avatar, or removes the avatar when there is no file.
func (s Profiles) useAvatar(ctx context.Context, by authz.Actor, file domain.File) (profile domain.Profile, err error) {
	err = s.Tx.Do(ctx, func(ctx context.Context) error {
		if file.Complete() { // an avatar is in use from now on
			if err := s.Files.Complete(ctx, file); err != nil {
				return err
			}
		}
		profile, err = s.change(ctx, by, func(p domain.Profile) (domain.Profile, error) {
			return p.WithAvatar(file.ID(), s.Clock.Now()), nil
		})
		return err
	})
	return profile, err
}

// change stores a change of the caller's profile, which is made if there is none, and records it.
func (s Profiles) change(ctx context.Context, by authz.Actor, edit func(domain.Profile) (domain.Profile, error)) (domain.Profile, error) {
	before, err := s.find(ctx, by, s.Profiles.Lock)
	if err != nil {
		return domain.Profile{}, err
	}
	profile, err := edit(before)
	if err != nil || profile == before {
		return profile, err
	}
	if before.Data().CreatedAt.IsZero() {
		profile = profile.Begun(s.Clock.Now())
	}
	if err := s.Profiles.Save(ctx, profile); err != nil {
		return profile, err
	}
	if old := before.Data().AvatarID; old != uuid.Nil && old != profile.Data().AvatarID {
		if err := s.Files.Discard(ctx, s.Clock.Now(), old); err != nil {
			return profile, err
		}
	}
	changed := profile.Changes(before)
	if len(changed) == 0 { // a name is the user's own now, and the same
		return profile, nil
	}
	return profile, s.recordProfile(ctx, domain.ProfileUpdated{Profile: profile, By: by.User, Changed: changed})
}

// Of returns the profile of a user of the tenant.
func (s Profiles) Of(ctx context.Context, by authz.Actor, user uuid.UUID) (domain.Profile, error) {
	if err := s.require(ctx, by, domain.PermissionProfilesRead); err != nil {
		return domain.Profile{}, err
	}
	return s.Profiles.Find(ctx, user)
}

// Avatar returns the avatar of a user of the tenant with its content, which the caller closes.
func (s Profiles) Avatar(ctx context.Context, by authz.Actor, user uuid.UUID) (domain.File, io.ReadSeekCloser, error) {
	if user != by.User {
		if err := s.require(ctx, by, domain.PermissionProfilesRead); err != nil {
			return domain.File{}, nil, err
		}
	}
	profile, err := s.Profiles.Find(ctx, user)
	if err == nil && profile.Data().AvatarID == uuid.Nil {
		err = domain.ErrNoAvatar
	}
	if err != nil {
		return domain.File{}, nil, err
	}
	file, err := s.Files.Find(ctx, profile.Data().AvatarID)
	if err != nil {
		return domain.File{}, nil, err
	}
	content, err := s.Blobs.Open(ctx, file.Key())
	return file, content, err
}

// Each returns the profiles of users in the order of the users. It is for other services and checks no permission.
func (s Profiles) Each(ctx context.Context, users []uuid.UUID) ([]domain.Profile, error) {
	return s.Profiles.FindEach(ctx, users)
}

// ListProfiles selects profiles.
type ListProfiles struct {
	Query string // a part of a name
	Page  page.Request
}

const (
	// MaxProfiles is how many profiles a page has at most: more than elsewhere, because the old frontend asks for 200.
	MaxProfiles = 500
	maxQuery    = 128
	profileList = "profiles" // in cursors
)

// List searches the directory of the tenant.
func (s Profiles) List(ctx context.Context, by authz.Actor, in ListProfiles) (page.Page[domain.Profile], error) {
	fields := errs.Fields{}
	fields.Check(utf8.RuneCountInString(in.Query) <= maxQuery, "q", why.TooLong(maxQuery))
	if err := fields.Err(); err != nil {
		return page.Page[domain.Profile]{}, err
	}
	var after ports.ProfileKey
	if _, err := page.Decode(profileList, in.Page.Cursor, &after.LastName, &after.FirstName, &after.UserID); err != nil {
		return page.Page[domain.Profile]{}, err
	}
	tenant := authz.TenantScope(by.Tenant)
	if err := authz.RequireAny(ctx, s.Access, authz.Check{Permission: domain.PermissionRolesRead, Scope: tenant},
		authz.Check{Permission: domain.PermissionAchievementsAssign, Scope: tenant}); err != nil {
		return page.Page[domain.Profile]{}, err
	}
	return page.FetchMax(in.Page.Limit, MaxProfiles, func(limit int) ([]domain.Profile, error) {
		return s.Profiles.Page(ctx, strings.TrimSpace(in.Query), after, limit)
	}, func(last domain.Profile) string {
		key := ports.ProfileKeyOf(last)
		return page.Encode(profileList, key.LastName, key.FirstName, key.UserID)
	})
}
