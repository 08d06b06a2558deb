package domain_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	feed "go.updspace.com/activity/domain"
	"go.updspace.com/activity/games/domain"
	"go.updspace.com/libs/authz"
)

var now = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func link(t *testing.T) domain.Link {
	t.Helper()
	made, err := domain.NewLink(uuid.New(), uuid.New(), domain.Steam, "76561197960287930", now, now).WithID(7).Edit(domain.Edit{Enabled: new(true)}, now)
	require.NoError(t, err)
	return made
}

func TestTheStatusOfALink(t *testing.T) {
	t.Parallel()
	require.True(t, domain.Reads(domain.Steam))
	require.False(t, domain.Reads("github"))
	fresh := domain.NewLink(uuid.New(), uuid.New(), domain.Steam, "76561197960287930", now, now)
	require.Equal(t, []any{domain.Disabled, false, authz.VisibilityPrivate}, []any{fresh.Status(), fresh.Syncing(now), fresh.Data().Visibility})
	on := link(t)
	require.Equal(t, []any{domain.Pending, true}, []any{on.Status(), on.Syncing(now)})
	good := on.Synced(now)
	require.Equal(t, []any{domain.Active, false, now.Add(6 * time.Hour)}, []any{good.Status(), good.Syncing(now), good.Data().NextSyncAt})
	require.True(t, good.Syncing(now.Add(6*time.Hour)))
	bad := good.Failed(domain.Problem{Word: domain.ProfilePrivate}, now.Add(time.Hour))
	require.Equal(t, []any{domain.Failing, "profile_private", now}, []any{bad.Status(), bad.Data().LastError, bad.Data().LastSyncAt})
	off, err := bad.Edit(domain.Edit{Enabled: new(false)}, now)
	require.NoError(t, err)
	require.Equal(t, []any{domain.Disabled, time.Time{}, "", 0}, []any{off.Status(), off.Data().NextSyncAt, off.Data().LastError, off.Data().Failures})
	same, err := bad.Edit(domain.Edit{Enabled: new(true)}, now)
	require.NoError(t, err)
	require.Equal(t, bad.Data().NextSyncAt, same.Data().NextSyncAt, "it was on")
	for _, v := range []authz.Visibility{authz.VisibilityPublic, authz.VisibilityTeam, "x"} {
		_, err := on.Edit(domain.Edit{Visibility: &v}, now)
		require.ErrorContains(t, err, "visibility")
	}
	reset := bad.Reset(now)
	require.Equal(t, []any{int64(7), domain.Disabled, time.Time{}, bad.Data().ExternalID}, []any{reset.ID(), reset.Status(), reset.Data().LastSyncAt, reset.Data().ExternalID})
}

func TestFailuresMakeTriesRarer(t *testing.T) {
	t.Parallel()
	l := link(t)
	for _, wait := range []time.Duration{15 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour, 4 * time.Hour, 8 * time.Hour, 16 * time.Hour, 24 * time.Hour, 24 * time.Hour} {
		l = l.Failed(domain.Problem{Word: "x"}, now)
		require.Equal(t, now.Add(wait), l.Data().NextSyncAt)
	}
	asked := link(t).Failed(domain.Problem{Word: "x", RetryAfter: time.Hour}, now)
	require.Equal(t, now.Add(time.Hour), asked.Data().NextSyncAt)
	asked = link(t).Failed(domain.Problem{Word: "x", RetryAfter: 1000 * time.Hour}, now)
	require.Equal(t, now.Add(24*time.Hour), asked.Data().NextSyncAt)
	require.Zero(t, l.Synced(now).Data().Failures)
}

func TestAnOwnerMayAskForAReading(t *testing.T) {
	t.Parallel()
	_, err := domain.NewLink(uuid.New(), uuid.New(), domain.Steam, "1", now, now).RequestSync(now)
	require.ErrorIs(t, err, domain.ErrLinkOff)
	for _, read := range []domain.Link{link(t).Synced(now), link(t).Failed(domain.Problem{Word: "x"}, now)} {
		_, err = read.RequestSync(now.Add(5*time.Minute - 1))
		require.ErrorIs(t, err, domain.ErrSyncTooSoon)
		due, err := read.RequestSync(now.Add(5 * time.Minute))
		require.NoError(t, err)
		require.Equal(t, now.Add(5*time.Minute), due.Data().NextSyncAt)
	}
}

func TestAnAccountIsShownByItsEnd(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]string{"76561197960287930": "*************7930", "12345": "****2345", "1234": "****", "": "****"} {
		require.Equal(t, want, domain.NewLink(uuid.New(), uuid.New(), domain.Steam, id, now, now).ShownExternalID())
	}
}

func TestWhichGamesAreKeptAndRead(t *testing.T) {
	t.Parallel()
	var all []domain.Game
	for i := range 120 {
		all = append(all, domain.Game{AppID: int64(i + 1), Name: "g", Played: time.Hour, LastPlayedAt: now.Add(time.Duration(i) * time.Minute)})
	}
	all = append(all, domain.Game{AppID: 500, Name: "never"}, domain.Game{AppID: 501, Name: " ", Played: time.Hour}, domain.Game{AppID: -1, Name: "x", Played: time.Hour})
	kept := domain.Played(all)
	require.Len(t, kept, domain.MaxGames)
	require.EqualValues(t, 120, kept[0].AppID, "the one that was played last")

	require.Len(t, domain.Changed(kept, nil), 10)
	known := map[int64]domain.Game{}
	for _, game := range kept {
		known[game.AppID] = game
	}
	require.Empty(t, domain.Changed(kept, known))
	kept[3].Played += time.Minute
	kept[5].LastPlayedAt = kept[5].LastPlayedAt.Add(time.Second)
	require.Equal(t, []domain.Game{kept[3], kept[5]}, domain.Changed(kept, known))
	require.Empty(t, domain.Changed([]domain.Game{{AppID: 1, Name: "tried", Played: time.Hour - 1}}, nil))
}

func TestWhatIsNews(t *testing.T) {
	t.Parallel()
	game := domain.Game{AppID: 620, Name: "Portal 2", Played: 90 * time.Minute, PlayedLately: 30 * time.Minute, LastPlayedAt: now}
	at := func(at time.Time) domain.Find {
		return domain.Achieved(game, domain.Unlocked{Key: "k", At: at}, domain.Words{})
	}
	require.True(t, at(now.Add(-30*24*time.Hour)).News(now))
	require.False(t, at(now.Add(-30*24*time.Hour-1)).News(now))
	require.False(t, at(now.Add(1)).News(now))
	require.Equal(t, at(now).Hash(), at(now.Add(time.Hour)).Hash(), "an achievement is one, whenever")
	other := game
	other.AppID = 621
	require.NotEqual(t, at(now).Hash(), domain.Achieved(other, domain.Unlocked{Key: "k"}, domain.Words{}).Hash())

	achieved := domain.Achieved(game, domain.Unlocked{Key: "ACH", At: now}, domain.Words{Name: "Door Prize", Description: strings.Repeat("d", 600)})
	item, err := link(t).Item(achieved, now.Add(time.Hour))
	require.NoError(t, err)
	d := item.Data()
	require.Equal(t, []any{feed.GameAchievement, "Door Prize", now, now.Add(time.Hour), authz.VisibilityPrivate}, []any{d.Type, d.Title, d.OccurredAt, d.ChangedAt, d.Visibility})
	require.Equal(t, []any{"Portal 2", int64(620), "Door Prize", "ACH", "steam"}, []any{
		d.Payload["game_name"], d.Payload["game_appid"], d.Payload["achievement_name"], d.Payload["achievement_apiname"], d.Payload["source"],
	})
	require.Len(t, []rune(d.Payload["achievement_description"].(string)), 500)
	require.True(t, strings.HasPrefix(d.SourceRef, "account:7:"))

	played, ok := domain.PlayedGame(game)
	require.True(t, ok)
	item, err = link(t).Item(played, now)
	require.NoError(t, err)
	require.Equal(t, []any{feed.GamePlaytime, "Portal 2", 90, 30}, []any{
		item.Data().Type, item.Data().Title, item.Data().Payload["playtime_forever_minutes"], item.Data().Payload["playtime_2weeks_minutes"],
	})
	next := game
	next.LastPlayedAt = now.Add(11 * time.Hour)
	sameDay, _ := domain.PlayedGame(next)
	require.Equal(t, played.Hash(), sameDay.Hash())
	next.LastPlayedAt = now.Add(12 * time.Hour)
	nextDay, _ := domain.PlayedGame(next)
	require.NotEqual(t, played.Hash(), nextDay.Hash())
	for _, none := range []domain.Game{{AppID: 1, Name: "x", Played: time.Hour}, {AppID: 1, Name: "x", Played: time.Hour - 1, LastPlayedAt: now}} {
		_, ok = domain.PlayedGame(none)
		require.False(t, ok)
	}

	open, err := link(t).Edit(domain.Edit{Visibility: new(authz.VisibilityCommunity)}, now)
	require.NoError(t, err)
	shown, err := open.Shown(item, now.Add(time.Minute))
	require.NoError(t, err)
	require.Equal(t, []any{authz.VisibilityCommunity, now.Add(time.Minute), item.Data().Title}, []any{shown.Data().Visibility, shown.Data().ChangedAt, shown.Data().Title})
}
