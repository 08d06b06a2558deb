package app_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"go.updspace.com/libs/errs"
	"go.updspace.com/portal/app"
	"go.updspace.com/portal/domain"
	"go.updspace.com/portal/ports"
)

// Whatever is told of people and whatever they call themselves, in two tenants at once: nobody is called like another in
// his tenant, names follow the account until they are chosen and never after, the events tell what is stored, and of
// avatars nothing is kept but what is shown.
func TestWhateverPeopleAreCalled(t *testing.T) {
	names := []string{"alice", "ALICE", "Bob", "bob", "Ёж", "ёЖ", "", "not a name"}
	rapid.Check(t, func(rt *rapid.T) {
		s := openStudy(asIs)
		tenants, users := []uuid.UUID{uuid.New(), uuid.New()}, []uuid.UUID{uuid.New(), uuid.New(), uuid.New()}
		var people []domain.Actor
		for _, user := range users {
			s.access.Member(user, readers...)
			for _, tenant := range tenants {
				people = append(people, domain.Actor{Tenant: tenant, User: user})
			}
		}
		person := rapid.SampledFrom(people)
		name := rapid.SampledFrom(names)
		accounts, chosen := map[uuid.UUID]domain.Account{}, map[domain.Actor]map[string]string{}
		in := func(ctx context.Context, fn func(ctx context.Context) error) {
			require.NoError(rt, s.memory.Do(ctx, fn))
		}
		rt.Repeat(map[string]func(*rapid.T){
			"named": func(rt *rapid.T) {
				user := rapid.SampledFrom(users).Draw(rt, "user")
				account := domain.Account{UserID: user, Username: name.Draw(rt, "username"), DisplayName: name.Draw(rt, "display name")}
				in(s.memory.Across(context.Background()), func(ctx context.Context) error { return s.accounts.Named(ctx, account) })
				accounts[user] = account
			},
			"joined": func(rt *rapid.T) {
				who := person.Draw(rt, "who")
				in(s.as(who), func(ctx context.Context) error { return s.accounts.Joined(ctx, who.Tenant, who.User) })
			},
			"edit": func(rt *rapid.T) {
				who, to := person.Draw(rt, "who"), map[string]string{}
				var edit domain.ProfileEdit
				if rapid.Bool().Draw(rt, "rename") {
					username := name.Draw(rt, "username")
					edit.Username, to["username"] = &username, username
				}
				if rapid.Bool().Draw(rt, "redisplay") {
					display := name.Draw(rt, "display name")
					edit.DisplayName, to["display_name"] = &display, display
				}
				_, err := s.profiles.Edit(s.as(who), who, edit)
				if err != nil {
					require.True(rt, errors.Is(err, domain.ErrUsernameTaken) || to["username"] == "not a name", "%v", err)
					return
				}
				if chosen[who] == nil {
					chosen[who] = map[string]string{}
				}
				for field, text := range to {
					chosen[who][field] = text
				}
			},
			"picture": func(rt *rapid.T) {
				who := person.Draw(rt, "who")
				_, err := s.profiles.SetAvatar(s.as(who), who, strings.NewReader("picture of "+who.User.String()))
				require.NoError(rt, err)
			},
			"no picture": func(rt *rapid.T) {
				who := person.Draw(rt, "who")
				_, err := s.profiles.RemoveAvatar(s.as(who), who)
				require.NoError(rt, err)
			},
			"": func(rt *rapid.T) {
				taken, avatars := map[[2]string]bool{}, []string{}
				for _, who := range people {
					mine, err := s.profiles.Mine(s.as(who), who)
					require.NoError(rt, err)
					d := mine.Data()
					for field, text := range chosen[who] {
						require.Equal(rt, text, map[string]string{"username": d.Username, "display_name": d.DisplayName}[field], "his own choice")
					}
					if _, own := chosen[who]["display_name"]; !own {
						require.Equal(rt, accounts[who.User].DisplayName, d.DisplayName)
					}
					if d.Username != "" && !d.CreatedAt.IsZero() {
						key := [2]string{who.Tenant.String(), domain.Fold(d.Username)}
						require.False(rt, taken[key], "two are called %s", d.Username)
						taken[key] = true
					}
					avatars = append(avatars, s.avatar(rt, who, d)...)
				}
				require.ElementsMatch(rt, avatars, s.sweep(rt), "nothing is kept but what is shown")
				s.told(rt)
			},
		})
	})
}

// avatar is the key of somebody's avatar, if he has one: everybody in the tenant is shown it.
func (s *study) avatar(t require.TestingT, who domain.Actor, d domain.ProfileData) []string {
	file, content, err := s.profiles.Avatar(s.as(who), who, who.User)
	if d.AvatarID == uuid.Nil {
		require.Equal(t, errs.NotFound, errs.KindOf(err), "%v", err)
		return nil
	}
	require.NoError(t, err)
	picture, err := io.ReadAll(content)
	require.NoError(t, err)
	require.Equal(t, "picture of "+who.User.String(), string(picture))
	return []string{file.Key()}
}

// told requires that the last event of every profile tells what is stored.
func (s *study) told(t require.TestingT) {
	last := map[domain.Actor]domain.Profile{}
	for _, event := range s.memory.Events() {
		if e, ok := event.(domain.ProfileUpdated); ok {
			d := e.Profile.Data()
			last[domain.Actor{Tenant: d.TenantID, User: d.UserID}] = e.Profile
		}
	}
	for who, told := range last {
		stored, err := s.memory.Profiles().Find(s.as(who), who.User)
		require.NoError(t, err)
		is, said := stored.Data(), told.Data()
		require.Equal(t, []any{is.Username, is.DisplayName, is.AvatarID}, []any{said.Username, said.DisplayName, said.AvatarID})
	}
}

// forgetful is profiles that cannot be saved.
type forgetful struct{ ports.Profiles }

var errForgetful = errors.New("the database is away")

func (forgetful) Save(context.Context, domain.Profile) error { return errForgetful }

// A picture that never became anybody's avatar is found by the janitor, however it came to that.
func TestAPictureThatNobodyShows(t *testing.T) {
	s := openStudy(func(p ports.Profiles) ports.Profiles { return forgetful{p} })
	who := domain.Actor{Tenant: uuid.New(), User: uuid.New()}
	s.access.Member(who.User, readers...)
	_, err := s.profiles.SetAvatar(s.as(who), who, strings.NewReader("picture"))
	require.ErrorIs(t, err, errForgetful)
	require.Len(t, s.sweep(t), 1, "it may be on its way still")
	s.clock.Advance(domain.PendingLife + time.Second)
	require.Empty(t, s.sweep(t))
	_, err = s.files.Upload(s.as(who), who, app.UploadFile{Name: "x", Content: strings.NewReader("text")})
	require.NoError(t, err)
}
