package portstest

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/portal/domain"
	"go.updspace.com/portal/ports"
)

func personSuite() map[string]func(*testing.T, Store) {
	return map[string]func(*testing.T, Store){
		"a profile is found as it was stored":               profileRoundTrip,
		"a username is one person's in a tenant":            usernames,
		"the directory has who matches, by name":            profilePages,
		"changes of one profile come one after another":     profileLock,
		"what is known of a person is no tenant's":          accounts,
		"nobody names a person past whoever claims him":     accountClaim,
		"what there is of a person is handed out":           traceLists,
		"what there is of a person is taken away":           traceErasure,
		"what is taken away in one tenant stays in another": traceStrangers,
	}
}

// profile stores one and returns it.
func (s Store) profile(t testing.TB, ctx context.Context, p domain.Profile) domain.Profile {
	t.Helper()
	p = p.Begun(Noon)
	s.do(t, ctx, func(ctx context.Context) error { return s.Profiles.Save(ctx, p) })
	return p
}

// called stores the profile of a new colleague.
func (s Store) called(t testing.TB, by domain.Actor, first, last, username string) domain.Profile {
	t.Helper()
	return s.profile(t, As(t.Context(), by), domain.NewProfile(by.Tenant, domain.Account{
		UserID: Colleague(by).User, FirstName: first, LastName: last, Username: username,
	}))
}

func profileRoundTrip(t *testing.T, s Store) {
	by, stranger := Someone(), Someone()
	ctx, other := As(t.Context(), by), As(t.Context(), stranger)
	p := s.profile(t, ctx, domain.NewProfile(by.Tenant, domain.Account{UserID: by.User, Username: "Алиса", DisplayName: "d", FirstName: "f", LastName: "l"}))
	found, err := s.Profiles.Find(ctx, by.User)
	require.NoError(t, err)
	same(t, p.Data(), found.Data())

	bio, none := "line\nline", ""
	edited, _, err := p.Edit(domain.ProfileEdit{Username: &none, LastName: &none, Bio: &bio}, Noon.Add(time.Hour))
	require.NoError(t, err)
	edited, _ = edited.AsMember(false)
	edited = edited.WithAvatar(uuid.New(), Noon.Add(2*time.Hour))
	d := edited.Data()
	d.CreatedAt = Noon.Add(time.Minute)
	s.do(t, ctx, func(ctx context.Context) error {
		locked, err := s.Profiles.Lock(ctx, by.User)
		require.NoError(t, err)
		same(t, p.Data(), locked.Data())
		return s.Profiles.Save(ctx, domain.RestoreProfile(d))
	})
	found, err = s.Profiles.Find(ctx, by.User)
	require.NoError(t, err)
	same(t, edited.Data(), found.Data())

	_, err = s.Profiles.Find(other, by.User)
	require.ErrorIs(t, err, domain.ErrProfileNotFound)
	require.ErrorIs(t, s.Tx.Do(other, func(ctx context.Context) error { _, err := s.Profiles.Lock(ctx, by.User); return err }), domain.ErrProfileNotFound)
	second, third := s.called(t, by, "2", "", ""), s.called(t, by, "3", "", "")
	foreign := s.called(t, stranger, "4", "", "")
	each, err := s.Profiles.FindEach(ctx, []uuid.UUID{third.UserID(), foreign.UserID(), by.User, uuid.New(), second.UserID(), third.UserID()})
	require.NoError(t, err)
	require.Equal(t, []domain.Profile{third, edited, second, third}, each, "in the order asked, who has none left out")
	each, err = s.Profiles.FindEach(ctx, nil)
	require.NoError(t, err)
	require.Empty(t, each)
}

func usernames(t *testing.T, s Store) {
	by, stranger := Someone(), Someone()
	ctx := As(t.Context(), by)
	alice, bob := s.called(t, by, "", "", "Алиса"), s.called(t, by, "", "", "bob")
	s.called(t, stranger, "", "", "Алиса")
	for range 2 {
		s.called(t, by, "", "", "") // having none is not having the same
	}
	rename := func(p domain.Profile, username string) domain.Profile {
		d := p.Data()
		d.Username = username
		return domain.RestoreProfile(d)
	}
	save := func(p domain.Profile) error {
		return s.Tx.Do(ctx, func(ctx context.Context) error { return s.Profiles.Save(ctx, p) })
	}
	taken := func(p domain.Profile) bool {
		taken, err := s.Accounts.Taken(ctx, p)
		require.NoError(t, err)
		return taken
	}
	for _, name := range []string{"Алиса", "аЛИСА"} {
		require.True(t, taken(rename(bob, name)))
		require.ErrorIs(t, save(rename(bob, name)), domain.ErrUsernameTaken)
		require.False(t, taken(rename(alice, name)), "it is her own")
		require.NoError(t, save(rename(alice, name)))
	}
	require.False(t, taken(rename(bob, "")))
	require.NoError(t, save(rename(alice, "alice")))
	require.False(t, taken(rename(bob, "Алиса")), "given up")
	require.NoError(t, save(rename(bob, "Алиса")))
}

func profilePages(t *testing.T, s Store) {
	by, stranger := Someone(), Someone()
	ctx := As(t.Context(), by)
	byName := map[string]domain.Profile{}
	for _, name := range [][3]string{{"Alice", "Liddell", "wonder"}, {"Bob", "Baker", "bobby"}, {"Bob", "Baker", ""}, {"Анна", "", "anya.100"}, {"", "a", ""}} {
		byName[name[0]+name[2]] = s.called(t, by, name[0], name[1], name[2])
	}
	s.called(t, stranger, "Alice", "Liddell", "")
	twin, older := byName["Bob"], byName["Bobbobby"]
	if twin.UserID().String() < older.UserID().String() {
		twin, older = older, twin
	}
	alice, anna, lower := byName["Alicewonder"], byName["Аннаanya.100"], byName[""]
	odd := s.called(t, by, "", `50%_\`, "")
	all := []domain.Profile{anna, odd, older, twin, alice}
	for words, want := range map[string][]domain.Profile{
		"": nil, "ali": {alice}, "LIDD": {alice}, "wonder": {alice}, "B": {older, twin}, "нн": {anna}, "АННА": {anna}, "100": {anna}, "%": {odd}, "_": {odd}, `\`: {odd},
		"0%": {odd}, "bobx": nil, "ebob": nil, "elid": nil, "lice lid": nil, alice.UserID().String(): {alice}, strings.ToUpper(anna.UserID().String()): {anna},
		uuid.NewString(): nil, "anything at all that nobody is called": nil,
	} {
		if words == "" {
			want = append(all[:len(all):len(all)], lower)
		}
		var found []uuid.UUID
		for after := (ports.ProfileKey{}); ; { // in pages of one, which is every place a page can end
			page, err := s.Profiles.Page(ctx, words, after, 1)
			require.NoError(t, err)
			if len(page) == 0 {
				break
			}
			found, after = append(found, page[0].UserID()), ports.ProfileKeyOf(page[0])
		}
		var users []uuid.UUID
		for _, p := range want {
			users = append(users, p.UserID())
		}
		require.Equal(t, users, found, words)
	}
	// who is called otherwise is found by that, and no longer by what he was called
	d := alice.Data()
	d.LastName = "Hargreaves"
	s.do(t, ctx, func(ctx context.Context) error { return s.Profiles.Save(ctx, domain.RestoreProfile(d)) })
	for words, n := range map[string]int{"hargr": 1, "liddell": 0} {
		page, err := s.Profiles.Page(ctx, words, ports.ProfileKey{}, 10)
		require.NoError(t, err)
		require.Len(t, page, n, words)
	}
}

func profileLock(t *testing.T, s Store) {
	by := Someone()
	s.profile(t, As(t.Context(), by), domain.NewProfile(by.Tenant, domain.Account{UserID: by.User}))
	s.atOnce(t, by, 30, func(ctx context.Context, _ int) error {
		locked, err := s.Profiles.Lock(ctx, by.User)
		if err != nil {
			return err
		}
		bio := locked.Data().Bio + "x"
		edited, _, err := locked.Edit(domain.ProfileEdit{Bio: &bio}, Noon)
		if err != nil {
			return err
		}
		return s.Profiles.Save(ctx, edited)
	})
	found, err := s.Profiles.Find(As(t.Context(), by), by.User)
	require.NoError(t, err)
	require.Equal(t, strings.Repeat("x", 30), found.Data().Bio)
}

func accounts(t *testing.T, s Store) {
	here := Someone()
	there := domain.Actor{Tenant: uuid.New(), User: here.User}
	ctx := As(t.Context(), here)
	find := func(by domain.Actor) domain.Account {
		t.Helper()
		found, err := s.Accounts.Find(As(t.Context(), by), by.User)
		require.NoError(t, err)
		return found
	}
	stranger := domain.Account{UserID: here.User}
	require.Equal(t, stranger, find(here), "of a stranger, his id")
	s.do(t, ctx, func(ctx context.Context) error {
		claimed, err := s.Accounts.Claim(ctx, here.User)
		require.Equal(t, stranger, claimed)
		return err
	})
	account := domain.Account{UserID: here.User, Username: "alice", DisplayName: "Alice", FirstName: "A", LastName: "L"}
	for range 2 { // again over what is there
		account.DisplayName += "!"
		s.do(t, s.Across(t.Context()), func(ctx context.Context) error { return s.Accounts.Save(ctx, account) })
		require.Equal(t, account, find(here))
		require.Equal(t, account, find(there))
	}
	s.do(t, ctx, func(ctx context.Context) error {
		claimed, err := s.Accounts.Claim(ctx, here.User)
		require.Equal(t, account, claimed)
		return err
	})
	profiles := map[domain.Actor]domain.Profile{}
	for _, by := range []domain.Actor{here, there} {
		profiles[by] = s.profile(t, As(t.Context(), by), domain.NewProfile(by.Tenant, account))
	}
	s.profile(t, ctx, domain.NewProfile(here.Tenant, domain.Account{UserID: uuid.New()}))
	s.do(t, s.Across(t.Context()), func(ctx context.Context) error {
		found, err := s.Accounts.Profiles(ctx, here.User)
		require.ElementsMatch(t, []domain.Profile{profiles[here], profiles[there]}, found, "in every tenant")
		for i, p := range found {
			d := p.Data()
			d.DisplayName = strings.Repeat("x", i+1)
			require.NoError(t, s.Profiles.Save(ctx, domain.RestoreProfile(d)), "and saved across them")
		}
		return err
	})
	for _, by := range []domain.Actor{here, there} {
		require.NoError(t, s.Accounts.Forget(As(t.Context(), by), by.User))
		require.Equal(t, account, find(by), "he has a profile in a tenant")
		s.do(t, As(t.Context(), by), func(ctx context.Context) error { return s.Traces.RemoveProfile(ctx, by.User) })
	}
	for range 2 {
		require.NoError(t, s.Accounts.Forget(ctx, here.User))
		require.Equal(t, stranger, find(here))
	}
}

// accountClaim: who claims a person, known or not, reads and writes what nobody else does meanwhile.
func accountClaim(t *testing.T, s Store) {
	by := Someone()
	s.atOnce(t, by, 30, func(ctx context.Context, _ int) error {
		account, err := s.Accounts.Claim(ctx, by.User)
		if err != nil {
			return err
		}
		account.DisplayName += "x"
		return s.Accounts.Save(ctx, account)
	})
	found, err := s.Accounts.Find(As(t.Context(), by), by.User)
	require.NoError(t, err)
	require.Equal(t, strings.Repeat("x", 30), found.DisplayName)
}
