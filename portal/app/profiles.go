package app

import (
	"context"
	"errors"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"go.updspace.com/libs/errs"
	"go.updspace.com/portal/domain"
	"go.updspace.com/portal/ports"
)

// Profiles are the use cases around profiles.
type Profiles struct {
	gate     gate
	profiles ports.Profiles
	accounts ports.Accounts
	store    store
	pictures ports.Pictures
	events   ports.Events
	journal  ports.Journal
}

// ProfilesNeed is what the use cases of profiles need from outside.
type ProfilesNeed struct {
	Access   ports.Access
	Profiles ports.Profiles
	Accounts ports.Accounts
	Files    ports.Files
	Blobs    ports.Blobs
	Sniffer  ports.Sniffer
	Pictures ports.Pictures
	Events   ports.Events
	Journal  ports.Journal
	Tx       ports.Tx
	Clock    ports.Clock
}

// NewProfiles needs everything but its own rules from outside.
func NewProfiles(n ProfilesNeed) *Profiles {
	return &Profiles{
		gate: gate{n.Access}, profiles: n.Profiles, accounts: n.Accounts, store: store{n.Files, n.Blobs, n.Sniffer, n.Tx, n.Clock},
		pictures: n.Pictures, events: n.Events, journal: n.Journal,
	}
}

// Mine returns the caller's own profile. It is part of every page, so it costs no question to Access; it writes
// nothing either, so that somebody who has none yet is shown what his account says.
func (s *Profiles) Mine(ctx context.Context, by domain.Actor) (domain.Profile, error) {
	return s.find(ctx, by.Tenant, by.User, s.profiles.Find)
}

func (s *Profiles) find(ctx context.Context, tenant, user uuid.UUID, find func(context.Context, uuid.UUID) (domain.Profile, error)) (domain.Profile, error) {
	profile, err := find(ctx, user)
	if !errors.Is(err, domain.ErrProfileNotFound) {
		return profile, err
	}
	account, err := s.accounts.Find(ctx, user)
	if err != nil {
		return domain.Profile{}, err
	}
	profile = domain.NewProfile(tenant, account)
	taken, err := s.accounts.Taken(ctx, profile)
	if taken {
		profile = profile.WithoutUsername()
	}
	return profile, err
}

// Edit changes the caller's own profile.
func (s *Profiles) Edit(ctx context.Context, by domain.Actor, changes domain.ProfileEdit) (domain.Profile, error) {
	return s.change(ctx, by, func(p domain.Profile) (domain.Profile, []string, error) {
		return p.Edit(changes, s.store.clock.Now())
	})
}

// SetAvatar draws a picture anew and shows it as the caller's avatar.
func (s *Profiles) SetAvatar(ctx context.Context, by domain.Actor, picture io.Reader) (domain.Profile, error) {
	if err := s.mayEdit(ctx, by); err != nil {
		return domain.Profile{}, err
	}
	drawn, err := s.pictures.Avatar(picture)
	if err != nil {
		return domain.Profile{}, err
	}
	file, err := domain.NewFile(domain.FileAvatar, by, "avatar", s.store.clock.Now())
	if err != nil {
		return domain.Profile{}, err
	}
	if file, err = s.store.put(ctx, file, drawn); err != nil {
		return domain.Profile{}, err
	}
	var profile domain.Profile
	err = s.store.tx.Do(ctx, func(ctx context.Context) error {
		if err := s.store.files.Complete(ctx, file); err != nil { // an avatar is in use from then on
			return err
		}
		profile, err = s.apply(ctx, by, withAvatar(file.ID(), s.store.clock.Now()))
		return err
	})
	return profile, err
}

// RemoveAvatar takes the caller's avatar away.
func (s *Profiles) RemoveAvatar(ctx context.Context, by domain.Actor) (domain.Profile, error) {
	return s.change(ctx, by, withAvatar(uuid.Nil, s.store.clock.Now()))
}

// edit changes a profile, and says which of its fields, by their names on the wire.
type edit func(domain.Profile) (domain.Profile, []string, error)

func withAvatar(file uuid.UUID, now time.Time) edit {
	return func(p domain.Profile) (domain.Profile, []string, error) {
		if p.Data().AvatarID == file {
			return p, nil, nil
		}
		return p.WithAvatar(file, now), []string{"avatar_url"}, nil
	}
}

func (s *Profiles) mayEdit(ctx context.Context, by domain.Actor) error {
	return s.gate.require(ctx, domain.PermissionProfileEdit, domain.TenantScope(by.Tenant))
}

// change makes a change of the caller's own profile.
func (s *Profiles) change(ctx context.Context, by domain.Actor, fn edit) (profile domain.Profile, err error) {
	if err := s.mayEdit(ctx, by); err != nil {
		return domain.Profile{}, err
	}
	err = s.store.tx.Do(ctx, func(ctx context.Context) error {
		profile, err = s.apply(ctx, by, fn)
		return err
	})
	return profile, err
}

// apply stores a change of a profile, which begins to exist with it, and says what happened.
func (s *Profiles) apply(ctx context.Context, by domain.Actor, fn edit) (domain.Profile, error) {
	before, err := s.find(ctx, by.Tenant, by.User, s.profiles.Lock)
	if err != nil {
		return domain.Profile{}, err
	}
	profile, changed, err := fn(before)
	if err != nil || profile == before {
		return profile, err
	}
	if before.Data().CreatedAt.IsZero() {
		profile = profile.Begun(s.store.clock.Now())
	}
	if err := s.profiles.Save(ctx, profile); err != nil {
		return profile, err
	}
	if old := before.Data().AvatarID; old != uuid.Nil && old != profile.Data().AvatarID {
		if err := s.store.files.Discard(ctx, s.store.clock.Now(), old); err != nil {
			return profile, err
		}
	}
	if len(changed) == 0 {
		return profile, nil
	}
	if err := s.journal.Write(ctx, domain.NewProfileEntry(by.User, changed, s.store.clock.Now())); err != nil {
		return profile, err
	}
	return profile, s.events.Publish(ctx, domain.ProfileUpdated{Profile: profile, By: by.User, Changed: changed})
}

// Of returns the profile of somebody in the tenant.
func (s *Profiles) Of(ctx context.Context, by domain.Actor, user uuid.UUID) (domain.Profile, error) {
	if err := s.gate.require(ctx, domain.PermissionProfilesRead, domain.TenantScope(by.Tenant)); err != nil {
		return domain.Profile{}, err
	}
	return s.profiles.Find(ctx, user)
}

// Avatar returns the avatar of somebody in the tenant with its content, which the caller closes.
func (s *Profiles) Avatar(ctx context.Context, by domain.Actor, user uuid.UUID) (domain.File, io.ReadCloser, error) {
	if user != by.User {
		if err := s.gate.require(ctx, domain.PermissionProfilesRead, domain.TenantScope(by.Tenant)); err != nil {
			return domain.File{}, nil, err
		}
	}
	profile, err := s.profiles.Find(ctx, user)
	if err == nil && profile.Data().AvatarID == uuid.Nil {
		err = domain.ErrNoAvatar
	}
	if err != nil {
		return domain.File{}, nil, err
	}
	file, err := s.store.files.Find(ctx, profile.Data().AvatarID)
	if err != nil {
		return domain.File{}, nil, err
	}
	content, err := s.store.blobs.Open(ctx, file.Key())
	return file, content, err
}

// Each returns the profiles of users in the order of the users, for a service that has been let in as such.
func (s *Profiles) Each(ctx context.Context, users []uuid.UUID) ([]domain.Profile, error) {
	return s.profiles.FindEach(ctx, users)
}

// ListProfiles says which profiles to list.
type ListProfiles struct {
	Words  string
	Limit  int // brought into 1..MaxProfiles
	Cursor string
}

const (
	// MaxProfiles is how many profiles a page has at most.
	MaxProfiles     = 500
	maxProfileWords = 128
)

// Validate checks what can be told without looking anything up.
func (in ListProfiles) Validate() error {
	fields := errs.Fields{}
	fields.Check(utf8.RuneCountInString(in.Words) <= maxProfileWords, "q", "must be at most 128 characters long")
	return fields.Err()
}

// List searches the directory of the tenant.
func (s *Profiles) List(ctx context.Context, by domain.Actor, in ListProfiles) (Page[domain.Profile], error) {
	if err := in.Validate(); err != nil {
		return Page[domain.Profile]{}, err
	}
	after, err := profileKey(in.Cursor)
	if err != nil {
		return Page[domain.Profile]{}, err
	}
	tenant := domain.TenantScope(by.Tenant)
	answers, err := s.gate.access.AllowedEach(ctx, []domain.Ask{
		{Permission: domain.PermissionRolesRead, Scope: tenant}, {Permission: domain.PermissionAchievementsAssign, Scope: tenant},
	})
	if err != nil {
		return Page[domain.Profile]{}, err
	}
	if !answers[0] && !answers[1] {
		return Page[domain.Profile]{}, refused(domain.PermissionAchievementsAssign)
	}
	limit := min(max(in.Limit, 1), MaxProfiles)
	found, err := s.profiles.Page(ctx, strings.TrimSpace(in.Words), after, limit+1)
	if err != nil {
		return Page[domain.Profile]{}, err
	}
	if len(found) <= limit {
		return Page[domain.Profile]{Items: found}, nil
	}
	return Page[domain.Profile]{Items: found[:limit], Next: profileCursor(ports.ProfileKeyOf(found[limit-1]))}, nil
}

// profileCursor is the place after a profile; profileKey takes it back. Names are in one line, so lines keep them apart.
func profileCursor(k ports.ProfileKey) string {
	return encodeCursor(k.UserID, k.LastName+"\n"+k.FirstName)
}

func profileKey(cursor string) (ports.ProfileKey, error) {
	id, names, err := decodeCursor(cursor)
	if err != nil || id == uuid.Nil {
		return ports.ProfileKey{}, err
	}
	last, first, ok := strings.Cut(names, "\n")
	if !ok || strings.ContainsRune(names, 0) {
		return ports.ProfileKey{}, errCursor()
	}
	return ports.ProfileKey{LastName: last, FirstName: first, UserID: id}, nil
}
