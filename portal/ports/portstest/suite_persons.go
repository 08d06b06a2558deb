package portstest

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/authz"
	contentdomain "go.updspace.com/portal/content/domain"
	contentports "go.updspace.com/portal/content/ports"
)

func personSuite() map[string]func(*testing.T, Store) {
	return map[string]func(*testing.T, Store){
		"a profile is found as it was stored":           profileRoundTrip,
		"a username is one person's in a tenant":        usernames,
		"the directory has who matches, by name":        profilePages,
		"people are listed by their shown names":        peoplePages,
		"changes of one profile come one after another": profileLock,
		"what is known of a person is no tenant's":      accounts,
		"a claim locks the account":                     accountClaim,
	}
}

// profile stores one and returns it.
func (s Store) profile(t testing.TB, ctx context.Context, p contentdomain.Profile) contentdomain.Profile {
	t.Helper()
	p = p.Begun(Noon)
	s.do(t, ctx, func(ctx context.Context) error { return s.Profiles.Save(ctx, p) })
	return p
}

// called stores the profile of a new colleague.
func (s Store) called(t testing.TB, by authz.Actor, first, last, username string) contentdomain.Profile {
	t.Helper()
	return s.profile(t, As(t.Context(), by), contentdomain.NewProfile(by.Tenant, contentdomain.Account{
		UserID: Colleague(by).User, FirstName: first, LastName: last, Username: username,
	}))
}

func profileRoundTrip(t *testing.T, s Store) {
	by, stranger := Someone(), Someone()
	ctx, other := As(t.Context(), by), As(t.Context(), stranger)
	p := s.profile(t, ctx, contentdomain.NewProfile(by.Tenant, contentdomain.Account{UserID: by.User, Username: "Алиса", DisplayName: "d", FirstName: "f", LastName: "l"}))
	found, err := s.Profiles.Find(ctx, by.User)
	require.NoError(t, err)
	same(t, p.Data(), found.Data())

	bio, none := "line\nline", ""
	agreed := true
	edited, err := p.Edit(contentdomain.ProfileEdit{Username: &none, LastName: &none, Bio: &bio, ListedToGuests: &agreed}, Noon.Add(time.Hour))
	require.NoError(t, err)
	edited = edited.AsMember(false)
	require.False(t, found.Data().ListedToGuests, "not until the user says so")
	edited = edited.WithAvatar(uuid.New(), Noon.Add(2*time.Hour))
	d := edited.Data()
	d.CreatedAt = Noon.Add(time.Minute)
	s.do(t, ctx, func(ctx context.Context) error {
		locked, err := s.Profiles.Lock(ctx, by.User)
		require.NoError(t, err)
		same(t, p.Data(), locked.Data())
		return s.Profiles.Save(ctx, contentdomain.RestoreProfile(d))
	})
	found, err = s.Profiles.Find(ctx, by.User)
	require.NoError(t, err)
	same(t, edited.Data(), found.Data())

	_, err = s.Profiles.Find(other, by.User)
	require.ErrorIs(t, err, contentdomain.ErrProfileNotFound)
	require.ErrorIs(t, s.Tx.Do(other, func(ctx context.Context) error { _, err := s.Profiles.Lock(ctx, by.User); return err }), contentdomain.ErrProfileNotFound)
	second, third := s.called(t, by, "2", "", ""), s.called(t, by, "3", "", "")
	foreign := s.called(t, stranger, "4", "", "")
	each, err := s.Profiles.FindEach(ctx, []uuid.UUID{third.Data().UserID, foreign.Data().UserID, by.User, uuid.New(), second.Data().UserID, third.Data().UserID})
	require.NoError(t, err)
	require.Equal(t, []contentdomain.Profile{third, edited, second, third}, each, "in the order asked, who has none left out")
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
	rename := func(p contentdomain.Profile, username string) contentdomain.Profile {
		d := p.Data()
		d.Username = username
		return contentdomain.RestoreProfile(d)
	}
	save := func(p contentdomain.Profile) error {
		return s.Tx.Do(ctx, func(ctx context.Context) error { return s.Profiles.Save(ctx, p) })
	}
	taken := func(p contentdomain.Profile) bool {
		taken, err := s.Accounts.Taken(ctx, p)
		require.NoError(t, err)
		return taken
	}
	for _, name := range []string{"Алиса", "аЛИСА"} {
		require.True(t, taken(rename(bob, name)))
		require.ErrorIs(t, save(rename(bob, name)), contentdomain.ErrUsernameTaken)
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
	byName := map[string]contentdomain.Profile{}
	for _, name := range [][3]string{{"Alice", "Liddell", "wonder"}, {"Bob", "Baker", "bobby"}, {"Bob", "Baker", ""}, {"Анна", "", "anya.100"}, {"", "a", ""}} {
		byName[name[0]+name[2]] = s.called(t, by, name[0], name[1], name[2])
	}
	s.called(t, stranger, "Alice", "Liddell", "")
	twin, older := byName["Bob"], byName["Bobbobby"]
	if twin.Data().UserID.String() < older.Data().UserID.String() {
		twin, older = older, twin
	}
	alice, anna, lower := byName["Alicewonder"], byName["Аннаanya.100"], byName[""]
	odd := s.called(t, by, "", `50%_\`, "")
	all := []contentdomain.Profile{anna, odd, older, twin, alice}
	for words, want := range map[string][]contentdomain.Profile{
		"": nil, "ali": {alice}, "LIDD": {alice}, "wonder": {alice}, "B": {older, twin}, "нн": {anna}, "АННА": {anna}, "100": {anna}, "%": {odd}, "_": {odd}, `\`: {odd},
		"0%": {odd}, "bobx": nil, "ebob": nil, "elid": nil, "lice lid": nil, alice.Data().UserID.String(): {alice}, strings.ToUpper(anna.Data().UserID.String()): {anna},
		uuid.NewString(): nil, "a name that no profile has": nil,
	} {
		if words == "" {
			want = append(all[:len(all):len(all)], lower)
		}
		var found []uuid.UUID
		for after := (contentports.ProfileKey{}); ; { // in pages of one, which is every place a page can end
			page, err := s.Profiles.Page(ctx, words, after, 1)
			require.NoError(t, err)
			if len(page) == 0 {
				break
			}
			found, after = append(found, page[0].Data().UserID), contentports.ProfileKeyOf(page[0])
		}
		var users []uuid.UUID
		for _, p := range want {
			users = append(users, p.Data().UserID)
		}
		require.Equal(t, users, found, words)
	}
	// a renamed user is found by the new name, and no longer by the old one
	d := alice.Data()
	d.LastName = "Hargreaves"
	s.do(t, ctx, func(ctx context.Context) error { return s.Profiles.Save(ctx, contentdomain.RestoreProfile(d)) })
	for words, n := range map[string]int{"hargr": 1, "liddell": 0} {
		page, err := s.Profiles.Page(ctx, words, contentports.ProfileKey{}, 10)
		require.NoError(t, err)
		require.Len(t, page, n, words)
	}
}

func profileLock(t *testing.T, s Store) {
	by := Someone()
	s.profile(t, As(t.Context(), by), contentdomain.NewProfile(by.Tenant, contentdomain.Account{UserID: by.User}))
	s.atOnce(t, by, 30, func(ctx context.Context, _ int) error {
		locked, err := s.Profiles.Lock(ctx, by.User)
		if err != nil {
			return err
		}
		bio := locked.Data().Bio + "x"
		edited, err := locked.Edit(contentdomain.ProfileEdit{Bio: &bio}, Noon)
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
	there := authz.Actor{Tenant: uuid.New(), User: here.User}
	ctx := As(t.Context(), here)
	find := func(by authz.Actor) contentdomain.Account {
		t.Helper()
		found, err := s.Accounts.Find(As(t.Context(), by), by.User)
		require.NoError(t, err)
		return found
	}
	stranger := contentdomain.Account{UserID: here.User}
	require.Equal(t, stranger, find(here), "of an unknown user, the id")
	s.do(t, ctx, func(ctx context.Context) error {
		claimed, err := s.Accounts.Claim(ctx, here.User)
		require.Equal(t, stranger, claimed)
		return err
	})
	account := contentdomain.Account{UserID: here.User, Username: "alice", DisplayName: "Alice", FirstName: "A", LastName: "L"}
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
	profiles := map[authz.Actor]contentdomain.Profile{}
	for _, by := range []authz.Actor{here, there} {
		profiles[by] = s.profile(t, As(t.Context(), by), contentdomain.NewProfile(by.Tenant, account))
	}
	s.profile(t, ctx, contentdomain.NewProfile(here.Tenant, contentdomain.Account{UserID: uuid.New()}))
	s.do(t, s.Across(t.Context()), func(ctx context.Context) error {
		found, err := s.Accounts.Profiles(ctx, here.User)
		require.ElementsMatch(t, []contentdomain.Profile{profiles[here], profiles[there]}, found, "in every tenant")
		for i, p := range found {
			d := p.Data()
			d.DisplayName = strings.Repeat("x", i+1)
			require.NoError(t, s.Profiles.Save(ctx, contentdomain.RestoreProfile(d)), "and saved across them")
		}
		return err
	})
	for _, by := range []authz.Actor{here, there} {
		require.NoError(t, s.Accounts.Forget(As(t.Context(), by), by.User))
		require.Equal(t, account, find(by), "the user has a profile in a tenant")
		s.do(t, As(t.Context(), by), func(ctx context.Context) error { return s.RemoveProfile(ctx, by.User) })
	}
	for range 2 {
		require.NoError(t, s.Accounts.Forget(ctx, here.User))
		require.Equal(t, stranger, find(here))
	}
}

// accountClaim: a claim of a person, known or not, locks the person's rows against other transactions.
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
