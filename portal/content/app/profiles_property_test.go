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

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/valid"
	contentapp "go.updspace.com/portal/content/app"
	contentdomain "go.updspace.com/portal/content/domain"
	contentports "go.updspace.com/portal/content/ports"
)

// For any sequence of account events and profile changes in two tenants: usernames are unique per tenant, names follow the
// account until the user chooses one, the events match what is stored, and only shown avatars are kept.
func TestProfilesModel(t *testing.T) {
	names := []string{"alice", "ALICE", "Bob", "bob", "Ёж", "ёЖ", "", "not a name"}
	rapid.Check(t, func(rt *rapid.T) {
		s := newFixture(asIs)
		tenants, users := []uuid.UUID{uuid.New(), uuid.New()}, []uuid.UUID{uuid.New(), uuid.New(), uuid.New()}
		var people []authz.Actor
		for _, user := range users {
			for _, tenant := range tenants {
				who := authz.Actor{Tenant: tenant, User: user}
				s.access.Member(who, readers...)
				people = append(people, who)
			}
		}
		person := rapid.SampledFrom(people)
		name := rapid.SampledFrom(names)
		accounts, chosen := map[uuid.UUID]contentdomain.Account{}, map[authz.Actor]map[string]string{}
		in := func(ctx context.Context, fn func(ctx context.Context) error) {
			require.NoError(rt, s.memory.Do(ctx, fn))
		}
		rt.Repeat(map[string]func(*rapid.T){
			"named": func(rt *rapid.T) {
				user := rapid.SampledFrom(users).Draw(rt, "user")
				account := contentdomain.Account{UserID: user, Username: name.Draw(rt, "username"), DisplayName: name.Draw(rt, "display name")}
				in(s.memory.Across(context.Background()), func(ctx context.Context) error { return s.accounts.Named(ctx, account) })
				accounts[user] = account
			},
			"joined": func(rt *rapid.T) {
				who := person.Draw(rt, "who")
				in(s.as(who), func(ctx context.Context) error { return s.accounts.Joined(ctx, who.Tenant, who.User) })
			},
			"edit": func(rt *rapid.T) {
				who, to := person.Draw(rt, "who"), map[string]string{}
				var edit contentdomain.ProfileEdit
				if rapid.Bool().Draw(rt, "rename") {
					username := name.Draw(rt, "username")
					edit.Username, to["username"] = &username, strings.ToLower(username)
				}
				if rapid.Bool().Draw(rt, "redisplay") {
					display := name.Draw(rt, "display name")
					edit.DisplayName, to["display_name"] = &display, display
				}
				_, err := s.profiles.Edit(s.as(who), who, edit)
				if err != nil {
					require.True(rt, errors.Is(err, contentdomain.ErrUsernameTaken) || to["username"] == "not a name", "%v", err)
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
						require.Equal(rt, text, map[string]string{"username": d.Username, "display_name": d.DisplayName}[field], "the user set it")
					}
					if _, own := chosen[who]["display_name"]; !own {
						require.Equal(rt, accounts[who.User].DisplayName, d.DisplayName)
					}
					if d.Username != "" && !d.CreatedAt.IsZero() {
						key := [2]string{who.Tenant.String(), valid.UsernameKey(d.Username)}
						require.False(rt, taken[key], "two are called %s", d.Username)
						taken[key] = true
					}
					avatars = append(avatars, s.avatar(rt, who, d)...)
				}
				require.ElementsMatch(rt, avatars, s.sweep(rt), "nothing is kept but what is shown")
				s.requireEvents(rt)
			},
		})
	})
}

// avatar is the key of a user's avatar, if there is one. Every user of the tenant can read it.
func (s *fixture) avatar(t require.TestingT, who authz.Actor, d contentdomain.ProfileData) []string {
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
func (s *fixture) requireEvents(t require.TestingT) {
	last := map[authz.Actor]contentdomain.Profile{}
	for _, event := range s.memory.Events() {
		if e, ok := event.(contentdomain.ProfileUpdated); ok {
			d := e.Profile.Data()
			last[authz.Actor{Tenant: d.TenantID, User: d.UserID}] = e.Profile
		}
	}
	for who, told := range last {
		stored, err := s.memory.Profiles().Find(s.as(who), who.User)
		require.NoError(t, err)
		is, said := stored.Data(), told.Data()
		require.Equal(t, []any{is.Username, is.DisplayName, is.AvatarID}, []any{said.Username, said.DisplayName, said.AvatarID})
	}
}

// unsavableProfiles is profiles that cannot be saved.
type unsavableProfiles struct{ contentports.Profiles }

var errSave = errors.New("the database is away")

func (unsavableProfiles) Save(context.Context, contentdomain.Profile) error { return errSave }

// A picture that became no avatar is removed by the cleanup.
func TestUnusedAvatarsAreRemoved(t *testing.T) {
	s := newFixture(func(p contentports.Profiles) contentports.Profiles { return unsavableProfiles{p} })
	who := authz.Actor{Tenant: uuid.New(), User: uuid.New()}
	s.access.Member(who, readers...)
	_, err := s.profiles.SetAvatar(s.as(who), who, strings.NewReader("picture"))
	require.ErrorIs(t, err, errSave)
	require.Len(t, s.sweep(t), 1, "it may be on its way still")
	s.clock.Advance(contentdomain.PendingLife + time.Second)
	require.Empty(t, s.sweep(t))
	_, err = s.files.Upload(s.as(who), who, contentapp.UploadFile{Name: "x", Content: strings.NewReader("text")})
	require.NoError(t, err)
}
