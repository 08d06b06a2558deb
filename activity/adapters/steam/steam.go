// Package steam reads accounts by the Steam Web API (https://partner.steamgames.com/doc/webapi). The key of the installation travels in a
// header and never in an address, so that it is in no log and in no error.
package steam

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"time"

	feed "go.updspace.com/activity/domain"
	"go.updspace.com/activity/games/domain"
	"go.updspace.com/activity/games/ports"
	"go.updspace.com/libs/egress"
	"go.updspace.com/libs/valid"
)

// MaxBody is how many bytes of an answer are read: an account may have thousands of games.
const MaxBody = 8 << 20

const (
	maxGames        = 50_000
	maxAchievements = 20_000
	maxRetryAfter   = 24 * time.Hour
)

// API implements games/ports.Accounts.
type API struct {
	client  *egress.Client
	origin  string
	key     string
	nowhere bool
}

var _ ports.Accounts = (*API)(nil)

// New returns the API at an origin. Without a key every account fails with domain.NotConfigured.
func New(client *egress.Client, origin, key string) *API {
	return &API{client: client, origin: origin, key: key, nowhere: key == ""}
}

// Games asks IPlayerService/GetOwnedGames/v1. The answer of a private profile has no list.
func (a *API) Games(ctx context.Context, externalID string) ([]domain.Game, domain.Problem) {
	var answer struct {
		Response struct {
			Games *[]struct {
				AppID        int64  `json:"appid"`
				Name         string `json:"name"`
				Played       int64  `json:"playtime_forever"`
				PlayedLately int64  `json:"playtime_2weeks"`
				LastPlayed   int64  `json:"rtime_last_played"`
			} `json:"games"`
			Count *int `json:"game_count"`
		} `json:"response"`
	}
	_, problem := a.get(ctx, "/IPlayerService/GetOwnedGames/v1/", url.Values{
		"steamid": {externalID}, "include_appinfo": {"true"}, "include_played_free_games": {"true"},
	}, &answer)
	switch {
	case problem.Word != "":
		return nil, problem
	case answer.Response.Games == nil && answer.Response.Count == nil:
		return nil, domain.Problem{Word: domain.ProfilePrivate}
	case answer.Response.Games == nil:
		return nil, domain.Problem{}
	}
	list := (*answer.Response.Games)[:min(len(*answer.Response.Games), maxGames)]
	games := make([]domain.Game, 0, len(list))
	for _, g := range list {
		games = append(games, domain.Game{
			AppID: g.AppID, Name: feed.OneLine(g.Name, 200), Played: minutes(g.Played), PlayedLately: minutes(g.PlayedLately), LastPlayedAt: moment(g.LastPlayed),
		})
	}
	return games, domain.Problem{}
}

// Unlocked asks ISteamUserStats/GetPlayerAchievements/v1. For a game without achievements it answers 400.
func (a *API) Unlocked(ctx context.Context, externalID string, app int64) (unlocked []domain.Unlocked, all int, problem domain.Problem) {
	var answer struct {
		Stats struct {
			Achievements []struct {
				Key      string `json:"apiname"`
				Achieved int    `json:"achieved"`
				At       int64  `json:"unlocktime"`
			} `json:"achievements"`
		} `json:"playerstats"`
	}
	status, problem := a.get(ctx, "/ISteamUserStats/GetPlayerAchievements/v1/", url.Values{
		"steamid": {externalID}, "appid": {strconv.FormatInt(app, 10)},
	}, &answer)
	switch {
	case status == http.StatusBadRequest:
		return nil, 0, domain.Problem{}
	case problem.Word != "":
		return nil, 0, problem
	}
	list := answer.Stats.Achievements[:min(len(answer.Stats.Achievements), maxAchievements)]
	for _, u := range list {
		if at := moment(u.At); u.Achieved == 1 && !at.IsZero() && u.Key != "" && len(u.Key) <= 256 && valid.Storable(u.Key) {
			unlocked = append(unlocked, domain.Unlocked{Key: u.Key, At: at})
		}
	}
	return unlocked, len(list), domain.Problem{}
}

// Words asks ISteamUserStats/GetSchemaForGame/v2.
func (a *API) Words(ctx context.Context, app int64) (map[string]domain.Words, domain.Problem) {
	var answer struct {
		Game struct {
			Stats struct {
				Achievements []struct {
					Key         string `json:"name"`
					Name        string `json:"displayName"`
					Description string `json:"description"`
				} `json:"achievements"`
			} `json:"availableGameStats"`
		} `json:"game"`
	}
	if _, problem := a.get(ctx, "/ISteamUserStats/GetSchemaForGame/v2/", url.Values{"appid": {strconv.FormatInt(app, 10)}, "l": {"english"}}, &answer); problem.Word != "" {
		return nil, problem
	}
	words := map[string]domain.Words{}
	for _, w := range answer.Game.Stats.Achievements[:min(len(answer.Game.Stats.Achievements), maxAchievements)] {
		words[w.Key] = domain.Words{Name: feed.OneLine(w.Name, 200), Description: feed.OneLine(w.Description, 500)}
	}
	return words, domain.Problem{}
}

// get asks and decodes. A problem names no address and nothing of the answer.
func (a *API) get(ctx context.Context, path string, query url.Values, into any) (status int, problem domain.Problem) {
	if a.nowhere {
		return 0, domain.Problem{Word: domain.NotConfigured}
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, a.origin+path+"?"+query.Encode(), nil)
	if err != nil {
		return 0, domain.Problem{Word: egress.Reason(egress.ErrURL)}
	}
	request.Header.Set("User-Agent", "UpdSpace-Steam/1")
	request.Header.Set("x-webapi-key", a.key)
	answer, err := a.client.Do(request)
	switch {
	case err != nil:
		return 0, domain.Problem{Word: egress.Reason(err)}
	case answer.Status == http.StatusTooManyRequests || answer.Status == http.StatusServiceUnavailable:
		return answer.Status, domain.Problem{Word: domain.RateLimited, RetryAfter: retryAfter(answer.Header.Get("Retry-After"))}
	case answer.Status == http.StatusUnauthorized || answer.Status == http.StatusForbidden:
		return answer.Status, domain.Problem{Word: refusedWord(path)}
	case answer.Status != http.StatusOK:
		return answer.Status, domain.Problem{Word: "status_" + strconv.Itoa(answer.Status)}
	case json.Unmarshal(answer.Body, into) != nil:
		return answer.Status, domain.Problem{Word: "unreadable"}
	}
	return answer.Status, domain.Problem{}
}

// refusedWord is why Steam refuses: for achievements, that the profile is private; else, that the key is not right.
func refusedWord(path string) string {
	if path == "/ISteamUserStats/GetPlayerAchievements/v1/" {
		return domain.ProfilePrivate
	}
	return domain.NotConfigured
}

// retryAfter is the wait that Steam asks for, or a minute.
func retryAfter(text string) time.Duration {
	if seconds, err := strconv.ParseUint(text, 10, 31); err == nil && seconds > 0 {
		return min(time.Duration(seconds)*time.Second, maxRetryAfter)
	}
	return time.Minute
}

func minutes(n int64) time.Duration { return time.Duration(min(max(n, 0), 1<<30)) * time.Minute }

// moment is a time in seconds since 1970; zero and what no calendar has are none.
func moment(seconds int64) time.Time {
	if seconds <= 0 || seconds > 1<<33 {
		return time.Time{}
	}
	return time.Unix(seconds, 0).UTC()
}
