package activity_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.uber.org/fx"

	"go.updspace.com/activity"
	store "go.updspace.com/activity/adapters/pg"
	"go.updspace.com/activity/domain"
	games "go.updspace.com/activity/games/app"
	gamedomain "go.updspace.com/activity/games/domain"
	"go.updspace.com/api/activityapi"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/seal"
	"go.updspace.com/tools/devkit/standins"
	"go.updspace.com/tools/devkit/testkit/service"
)

const (
	steamID    = "76561197960287930"
	steamKey   = "steam-key-that-nothing-may-show"
	gameTypes  = "game.achievement,game.playtime"
	privateIDs = "76561197960287932"
)

// lines keeps what the service logs.
type lines struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// gameFixture is the service with a stand-in of Steam, and a member.
type gameFixture struct {
	*service.Service[client]

	steam *standins.SteamAPI
	log   *lines
	deps  games.Deps
	owner authz.Actor
}

func startGames(t testing.TB) *gameFixture {
	t.Helper()
	f := &gameFixture{log: &lines{}}
	steam := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { f.steam.Handler().ServeHTTP(w, r) }))
	t.Cleanup(steam.Close)
	f.steam = standins.NewSteamAPI(time.Now())
	f.steam.Key = steamKey
	logged := fx.Decorate(func() *slog.Logger {
		return slog.New(slog.NewJSONHandler(f.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	f.Service = startWith(t, fx.Options(logged, fx.Populate(&f.deps)), func(c *activity.Config) {
		c.SteamURL, c.SteamAPIKey = steam.URL, steamKey
		c.EgressExceptions = []netip.AddrPort{netip.MustParseAddrPort(steam.Listener.Addr().String())}
	})
	now := f.Clock.Now()
	f.steam.SetGames(standins.SteamGame{AppID: 620, Name: "Portal 2", Minutes: 1260, MinutesLately: 180, LastPlayedAt: now.Add(-time.Hour), Achievements: []standins.SteamAchievement{
		{Key: "old", Name: "Wake Up Call", UnlockedAt: now.AddDate(-1, 0, 0)}, {Key: "doug", Name: "Door\u202e Prize", Description: "Examine all doors", UnlockedAt: now.Add(-time.Hour)},
		{Key: "never", Name: "Professor Portal"},
	}}, standins.SteamGame{AppID: 570, Name: "Dota 2", Minutes: 500, LastPlayedAt: now.AddDate(0, -3, 0), HasNoStatistic: true}, standins.SteamGame{AppID: 1, Name: "Owned only"})
	f.owner = f.Actor(domain.PermissionSourcesLink, domain.PermissionFeedRead)
	return f
}

// linked tells that a member has linked an account, as identity does.
func (f *gameFixture) linked(t testing.TB, user uuid.UUID, id string) activityapi.AccountLink {
	t.Helper()
	f.told(t, func(ctx context.Context) error {
		return games.Linking{Deps: f.deps}.Linked(ctx, user, gamedomain.Steam, id, f.Clock.Now())
	})
	return f.links(t)[0]
}

func (f *gameFixture) told(t testing.TB, fn func(ctx context.Context) error) {
	t.Helper()
	require.NoError(t, f.deps.Tx.Do(reqctx.With(t.Context(), reqctx.Context{TenantID: f.Tenant}), fn))
}

func (f *gameFixture) links(t testing.TB) []activityapi.AccountLink {
	t.Helper()
	r, err := f.As(f.owner).ListAccountLinksWithResponse(t.Context())
	return service.OK(t, r, err).JSON200.Items
}

func (f *gameFixture) change(t testing.TB, id int64, update activityapi.AccountLinkUpdate) activityapi.AccountLink {
	t.Helper()
	r, err := f.As(f.owner).UpdateAccountLinkWithResponse(t.Context(), id, update)
	return *service.OK(t, r, err).JSON200
}

// settled waits until the account was read.
func (f *gameFixture) settled(t testing.TB, id int64, want activityapi.AccountLinkStatus) activityapi.SyncStatus {
	t.Helper()
	var last activityapi.SyncStatus
	require.Eventually(t, func() bool {
		r, err := f.As(f.owner).GetSyncStatusWithResponse(t.Context(), id)
		last = *service.OK(t, r, err).JSON200
		return last.Status == want && !last.IsSyncing
	}, 20*time.Second, 20*time.Millisecond, want)
	return last
}

// feed are the titles of games that a member sees, newest first.
func (f *gameFixture) feed(t testing.TB, as authz.Actor) (titles []string) {
	t.Helper()
	r, err := f.As(as).ListFeedItemsWithResponse(t.Context(), &activityapi.ListFeedItemsParams{Types: new(gameTypes)})
	for _, item := range service.OK(t, r, err).JSON200.Items {
		titles = append(titles, item.Title)
	}
	return titles
}

// addLink stores a linked account that is off.
func addLink(t testing.TB, s *service.Service[client], a authz.Actor) int64 {
	t.Helper()
	sealer, err := seal.Parse(sealKeys)
	require.NoError(t, err)
	links, ctx := store.NewAccountLinks(s.DB, sealer), reqctx.With(t.Context(), reqctx.Context{TenantID: a.Tenant})
	require.NoError(t, s.DB.Do(ctx, func(ctx context.Context) error {
		return links.Add(ctx, gamedomain.NewLink(a.Tenant, a.User, gamedomain.Steam, steamID, s.Clock.Now(), s.Clock.Now()))
	}))
	list, err := links.List(ctx, a.User)
	require.NoError(t, err)
	return list[0].ID()
}

func gameOperations(s *service.Service[client]) map[string]service.Operation[client] {
	table := map[string]service.Operation[client]{
		"listAccountLinks": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.ListAccountLinksWithResponse(t.Context())
		}},
		"getAccountLink": {Try: func(t testing.TB, c client, a authz.Actor) (service.Answer, error) {
			return c.GetAccountLinkWithResponse(t.Context(), addLink(t, s, a))
		}},
		"updateAccountLink": {Try: func(t testing.TB, c client, a authz.Actor) (service.Answer, error) {
			return c.UpdateAccountLinkWithResponse(t.Context(), addLink(t, s, a), activityapi.AccountLinkUpdate{})
		}},
		"deleteAccountLink": {Try: func(t testing.TB, c client, a authz.Actor) (service.Answer, error) {
			return c.DeleteAccountLinkWithResponse(t.Context(), addLink(t, s, a))
		}},
		"runSync": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.RunSyncWithResponse(t.Context(), &activityapi.RunSyncParams{})
		}},
		"getSyncStatus": {Try: func(t testing.TB, c client, a authz.Actor) (service.Answer, error) {
			return c.GetSyncStatusWithResponse(t.Context(), addLink(t, s, a))
		}},
	}
	for id, operation := range table {
		operation.Scope = authz.TenantScope(s.Tenant)
		table[id] = operation
	}
	return table
}

// fillGames stores a row in each table of linked accounts.
func fillGames(t testing.TB, s *service.Service[client]) {
	t.Helper()
	id := addLink(t, s, authz.Actor{Tenant: s.Tenant, User: uuid.New()})
	require.NoError(t, s.DB.Do(reqctx.With(t.Context(), reqctx.Context{TenantID: s.Tenant}), func(ctx context.Context) error {
		for _, statement := range []string{
			"INSERT INTO account_games (tenant_id, link_id, app_id, name, played, played_lately, achieved, achievements) VALUES (?0, ?1, 1, 'n', 1, 1, 0, 0)",
			"INSERT INTO account_hashes (tenant_id, link_id, hash, seen_at) VALUES (?0, ?1, sha256('x'), now())",
		} {
			if _, err := s.DB.Conn(ctx).NewRaw(statement, s.Tenant, id).Exec(ctx); err != nil {
				return err
			}
		}
		return nil
	}))
}

func TestALinkedAccountIsOffAndPrivateUntilItsOwnerSaysOtherwise(t *testing.T) {
	t.Parallel()
	f := startGames(t)
	other := f.Actor(domain.PermissionSourcesLink, domain.PermissionFeedRead)
	link := f.linked(t, f.owner.User, steamID)
	require.Equal(t, []any{activityapi.AccountLinkStatusDisabled, activityapi.AccountVisibilityPrivate, "*************7930"}, []any{link.Status, link.Visibility, link.ExternalIdentityRef})
	f.linked(t, f.owner.User, steamID) // told again
	require.Len(t, f.links(t), 1)
	require.Zero(t, f.steam.Calls())
	off, err := f.As(f.owner).RunSyncWithResponse(t.Context(), &activityapi.RunSyncParams{AccountLinkID: &link.ID})
	service.Refused(t, http.StatusConflict, "ACCOUNT_LINK_OFF", off, err)

	f.change(t, link.ID, activityapi.AccountLinkUpdate{Enabled: new(true)})
	status := f.settled(t, link.ID, activityapi.AccountLinkStatusActive)
	require.Equal(t, f.Clock.Now().Add(6*time.Hour), status.NextSyncAt.MustGet())
	require.ElementsMatch(t, []string{"Door Prize", "Portal 2"}, f.feed(t, f.owner), "what was there before the last month is no news")
	require.Empty(t, f.feed(t, other))
	detail, err := f.As(f.owner).GetAccountLinkWithResponse(t.Context(), link.ID)
	require.Len(t, service.OK(t, detail, err).JSON200.Games, 2, "what was never played is left out")
	require.Equal(t, []any{"Portal 2", 1260, 2, 3}, []any{
		detail.JSON200.Games[0].Name, detail.JSON200.Games[0].PlayedMinutes, detail.JSON200.Games[0].Achieved, detail.JSON200.Games[0].Achievements,
	})

	f.change(t, link.ID, activityapi.AccountLinkUpdate{Visibility: new(activityapi.AccountVisibilityCommunity)})
	require.Len(t, f.feed(t, other), 2, "also what is there already")
	f.change(t, link.ID, activityapi.AccountLinkUpdate{Visibility: new(activityapi.AccountVisibilityPrivate)})
	require.Empty(t, f.feed(t, other))
	for _, stranger := range []authz.Actor{other, f.Outsider(domain.PermissionSourcesLink)} {
		hidden, err := f.As(stranger).GetAccountLinkWithResponse(t.Context(), link.ID)
		service.Refused(t, http.StatusNotFound, "ACCOUNT_LINK_NOT_FOUND", hidden, err)
		change, err := f.As(stranger).UpdateAccountLinkWithResponse(t.Context(), link.ID, activityapi.AccountLinkUpdate{Enabled: new(false)})
		service.Refused(t, http.StatusNotFound, "ACCOUNT_LINK_NOT_FOUND", change, err)
		gone, err := f.As(stranger).DeleteAccountLinkWithResponse(t.Context(), link.ID)
		service.Refused(t, http.StatusNotFound, "ACCOUNT_LINK_NOT_FOUND", gone, err)
		run, err := f.As(stranger).RunSyncWithResponse(t.Context(), &activityapi.RunSyncParams{AccountLinkID: &link.ID})
		service.Refused(t, http.StatusNotFound, "ACCOUNT_LINK_NOT_FOUND", run, err)
		state, err := f.As(stranger).GetSyncStatusWithResponse(t.Context(), link.ID)
		service.Refused(t, http.StatusNotFound, "ACCOUNT_LINK_NOT_FOUND", state, err)
	}
}

func TestAnAccountIsReadOnAScheduleAndNothingComesTwice(t *testing.T) {
	t.Parallel()
	f := startGames(t)
	link := f.linked(t, f.owner.User, steamID)
	f.change(t, link.ID, activityapi.AccountLinkUpdate{Enabled: new(true)})
	f.settled(t, link.ID, activityapi.AccountLinkStatusActive)
	first := f.steam.Calls()
	soon, err := f.As(f.owner).RunSyncWithResponse(t.Context(), &activityapi.RunSyncParams{})
	service.Refused(t, http.StatusTooManyRequests, "SYNC_TOO_SOON", soon, err)

	f.Clock.Advance(5 * time.Minute)
	run, err := f.As(f.owner).RunSyncWithResponse(t.Context(), &activityapi.RunSyncParams{AccountLinkID: &link.ID})
	require.Equal(t, 1, service.OK(t, run, err).JSON202.Queued)
	require.Equal(t, f.Clock.Now(), f.settled(t, link.ID, activityapi.AccountLinkStatusActive).LastSyncAt.MustGet())
	require.Equal(t, first+1, f.steam.Calls(), "nothing was played: only the list is asked for")
	require.Len(t, f.feed(t, f.owner), 2)

	f.Clock.Advance(6 * time.Hour)
	now := f.Clock.Now()
	f.steam.SetGames(standins.SteamGame{AppID: 620, Name: "Portal 2", Minutes: 1300, LastPlayedAt: now.Add(-time.Minute), Achievements: []standins.SteamAchievement{
		{Key: "doug", Name: "Door Prize", UnlockedAt: now.Add(-7 * time.Hour)}, {Key: "never", Name: "Professor Portal", UnlockedAt: now.Add(-time.Minute)},
	}})
	require.Eventually(t, func() bool { return len(f.feed(t, f.owner)) >= 3 }, 20*time.Second, 20*time.Millisecond)
	f.settled(t, link.ID, activityapi.AccountLinkStatusActive)
	require.Contains(t, f.feed(t, f.owner), "Professor Portal")
}

func TestWhatCannotBeReadIsSaidAndTriedLessOften(t *testing.T) {
	t.Parallel()
	f := startGames(t)
	link := f.linked(t, f.owner.User, steamID)
	f.steam.Answers(func(w http.ResponseWriter, r *http.Request) {
		http.Error(w, "key="+r.Header.Get("x-webapi-key"), http.StatusInternalServerError)
	})
	f.change(t, link.ID, activityapi.AccountLinkUpdate{Enabled: new(true)})
	status := f.settled(t, link.ID, activityapi.AccountLinkStatusError)
	require.Equal(t, "status_500", status.LastError.MustGet())
	require.Equal(t, f.Clock.Now().Add(15*time.Minute), status.NextSyncAt.MustGet())

	f.steam.Answers(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "7200")
		w.WriteHeader(http.StatusTooManyRequests)
	})
	f.Clock.Advance(15 * time.Minute)
	require.Eventually(t, func() bool {
		return f.settled(t, link.ID, activityapi.AccountLinkStatusError).LastError.MustGet() == "rate_limited"
	}, 20*time.Second, 20*time.Millisecond)
	status = f.settled(t, link.ID, activityapi.AccountLinkStatusError)
	require.Equal(t, f.Clock.Now().Add(2*time.Hour), status.NextSyncAt.MustGet())
	asked := f.steam.Calls()
	f.Clock.Advance(10 * time.Minute)
	again, err := f.As(f.owner).RunSyncWithResponse(t.Context(), &activityapi.RunSyncParams{AccountLinkID: &link.ID})
	service.OK(t, again, err)
	f.settled(t, link.ID, activityapi.AccountLinkStatusError)
	require.Equal(t, asked, f.steam.Calls(), "Steam has asked for a pause, of all accounts")

	f.steam.Answers(nil)
	f.Clock.Advance(24 * time.Hour)
	f.settled(t, link.ID, activityapi.AccountLinkStatusActive)
	require.NotEmpty(t, f.feed(t, f.owner))

	// Another account in the place of the former one begins anew, and this one is private at Steam.
	next := f.linked(t, f.owner.User, privateIDs)
	require.NotEqual(t, link.ID, next.ID)
	require.Empty(t, f.feed(t, f.owner))
}

func TestForgettingAndUnlinkingLeaveNothing(t *testing.T) {
	t.Parallel()
	f := startGames(t)
	link := f.linked(t, f.owner.User, steamID)
	f.change(t, link.ID, activityapi.AccountLinkUpdate{Enabled: new(true)})
	f.settled(t, link.ID, activityapi.AccountLinkStatusActive)
	require.Len(t, f.feed(t, f.owner), 2)
	gone, err := f.As(f.owner).DeleteAccountLinkWithResponse(t.Context(), link.ID)
	service.OK(t, gone, err)
	require.Empty(t, f.feed(t, f.owner))
	require.Equal(t, activityapi.AccountLinkStatusDisabled, f.links(t)[0].Status)
	detail, err := f.As(f.owner).GetAccountLinkWithResponse(t.Context(), link.ID)
	require.Empty(t, service.OK(t, detail, err).JSON200.Games)

	f.Clock.Advance(time.Minute)
	f.change(t, link.ID, activityapi.AccountLinkUpdate{Enabled: new(true)})
	f.settled(t, link.ID, activityapi.AccountLinkStatusActive)
	require.Len(t, f.feed(t, f.owner), 2, "switched on again, it comes back")
	f.told(t, func(ctx context.Context) error {
		return games.Linking{Deps: f.deps}.Unlinked(ctx, f.owner.User, gamedomain.Steam)
	})
	require.Empty(t, f.links(t))
	require.Empty(t, f.feed(t, f.owner))
	f.told(t, func(ctx context.Context) error {
		return games.Linking{Deps: f.deps}.Unlinked(ctx, f.owner.User, gamedomain.Steam)
	})
}

func TestTheKeyAndTheAccountAreShownNowhere(t *testing.T) {
	t.Parallel()
	f := startGames(t)
	link := f.linked(t, f.owner.User, steamID)
	f.steam.Answers(func(w http.ResponseWriter, r *http.Request) {
		http.Error(w, r.URL.String()+r.Header.Get("x-webapi-key"), http.StatusBadGateway)
	})
	f.change(t, link.ID, activityapi.AccountLinkUpdate{Enabled: new(true)})
	f.settled(t, link.ID, activityapi.AccountLinkStatusError)
	f.steam.Answers(nil)
	f.Clock.Advance(time.Hour)
	f.settled(t, link.ID, activityapi.AccountLinkStatusActive)
	detail, err := f.As(f.owner).GetAccountLinkWithResponse(t.Context(), link.ID)
	shown := []string{string(service.OK(t, detail, err).Body), f.log.String()}
	ctx := reqctx.With(t.Context(), reqctx.Context{TenantID: f.Tenant})
	for _, table := range []string{"account_links", "account_games", "account_hashes", "provider_budgets", "items", "audit_entries", "outbox", "idempotency"} {
		var rows []string
		require.NoError(t, f.DB.Read(ctx, func(ctx context.Context) error {
			return f.DB.Conn(ctx).NewRaw("SELECT r::text FROM "+table+" AS r").Scan(ctx, &rows)
		}), table)
		shown = append(shown, rows...)
	}
	for _, text := range shown {
		require.NotContains(t, text, steamKey)
		require.NotContains(t, text, steamID)
	}
}
