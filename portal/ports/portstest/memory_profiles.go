package portstest

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/google/uuid"

	"go.updspace.com/libs/valid"
	contentdomain "go.updspace.com/portal/content/domain"
	contentports "go.updspace.com/portal/content/ports"
)

type memoryProfiles struct{ *Memory }

func (m memoryProfiles) Find(ctx context.Context, user uuid.UUID) (profile contentdomain.Profile, err error) {
	m.use(ctx, func(s *state) {
		found, ok := s.profiles[ownKey{tenantOf(ctx), user}]
		if profile = found; !ok {
			err = contentdomain.ErrProfileNotFound
		}
	})
	return profile, err
}

func (m memoryProfiles) FindEach(ctx context.Context, users []uuid.UUID) (profiles []contentdomain.Profile, err error) {
	m.use(ctx, func(s *state) {
		for _, user := range users {
			if profile, ok := s.profiles[ownKey{tenantOf(ctx), user}]; ok {
				profiles = append(profiles, profile)
			}
		}
	})
	return profiles, nil
}

func (m memoryProfiles) Lock(ctx context.Context, user uuid.UUID) (contentdomain.Profile, error) {
	if ctx.Value(inTx{}) == nil {
		return contentdomain.Profile{}, errLock
	}
	return m.Find(ctx, user)
}

func (m memoryProfiles) Save(ctx context.Context, profile contentdomain.Profile) (err error) {
	m.use(ctx, func(s *state) {
		if s.taken(profile) {
			err = contentdomain.ErrUsernameTaken
			return
		}
		d := profile.Data()
		key := ownKey{d.TenantID, d.UserID}
		if was, ok := s.profiles[key]; ok {
			d.CreatedAt = was.Data().CreatedAt
		}
		s.profiles[key] = contentdomain.RestoreProfile(d)
	})
	return err
}

// taken reports whether another profile of the tenant has the username.
func (s *state) taken(profile contentdomain.Profile) bool {
	d := profile.Data()
	for key, other := range s.profiles {
		if d.Username != "" && key.tenant == d.TenantID && key.id != d.UserID && valid.UsernameKey(other.Data().Username) == valid.UsernameKey(d.Username) {
			return true
		}
	}
	return false
}

func (m memoryProfiles) Page(ctx context.Context, words string, after contentports.ProfileKey, limit int) (found []contentdomain.Profile, err error) {
	id, _ := uuid.Parse(words)
	m.use(ctx, func(s *state) {
		for key, p := range s.profiles {
			if key.tenant == tenantOf(ctx) && (hasName(p, words) || id == key.id) && (after == contentports.ProfileKey{} || compareNames(contentports.ProfileKeyOf(p), after) > 0) {
				found = append(found, p)
			}
		}
	})
	slices.SortFunc(found, func(a, b contentdomain.Profile) int {
		return compareNames(contentports.ProfileKeyOf(a), contentports.ProfileKeyOf(b))
	})
	return found[:min(limit, len(found))], nil
}

func compareNames(a, b contentports.ProfileKey) int {
	return cmp.Or(strings.Compare(a.LastName, b.LastName), strings.Compare(a.FirstName, b.FirstName), strings.Compare(a.UserID.String(), b.UserID.String()))
}

// hasName reports whether words are a part of one of the names, whatever their case.
func hasName(p contentdomain.Profile, words string) bool {
	d := p.Data()
	return slices.ContainsFunc([]string{d.FirstName, d.LastName, d.Username, d.DisplayName}, func(name string) bool {
		return strings.Contains(valid.Fold(name), valid.Fold(words))
	})
}

// called reports whether words are in a user's profile; its caller has the state.
func (s *state) called(ctx context.Context, user uuid.UUID, words string) bool {
	profile, ok := s.profiles[ownKey{tenantOf(ctx), user}]
	return ok && hasName(profile, words)
}

type memoryAccounts struct{ *Memory }

func (m memoryAccounts) Find(ctx context.Context, user uuid.UUID) (account contentdomain.Account, err error) {
	m.use(ctx, func(s *state) {
		account = s.accounts[user]
		account.UserID = user
	})
	return account, nil
}

func (m memoryAccounts) Save(ctx context.Context, account contentdomain.Account) error {
	m.use(ctx, func(s *state) { s.accounts[account.UserID] = account })
	return nil
}

func (m memoryAccounts) Claim(ctx context.Context, user uuid.UUID) (contentdomain.Account, error) {
	if ctx.Value(inTx{}) == nil {
		return contentdomain.Account{}, errLock
	}
	return m.Find(ctx, user)
}

func (m memoryAccounts) Profiles(ctx context.Context, user uuid.UUID) (found []contentdomain.Profile, err error) {
	m.use(ctx, func(s *state) {
		for key, p := range s.profiles {
			if sees(ctx, key.tenant) && key.id == user {
				found = append(found, p)
			}
		}
	})
	slices.SortFunc(found, func(a, b contentdomain.Profile) int {
		return strings.Compare(a.Data().TenantID.String(), b.Data().TenantID.String())
	})
	return found, nil
}

func (m memoryAccounts) Forget(ctx context.Context, user uuid.UUID) error {
	if ctx.Value(inTx{}) != nil {
		return errInTx
	}
	m.use(ctx, func(s *state) {
		for key := range s.profiles {
			if key.id == user {
				return
			}
		}
		delete(s.accounts, user)
	})
	return nil
}

func (m memoryAccounts) Taken(ctx context.Context, profile contentdomain.Profile) (taken bool, err error) {
	m.use(ctx, func(s *state) { taken = s.taken(profile) })
	return taken, nil
}

func (m memoryProfiles) Membership(ctx context.Context, user uuid.UUID) (member, known bool, err error) {
	profile, missing := m.Find(ctx, user)
	return profile.Data().Member, missing == nil, nil
}
