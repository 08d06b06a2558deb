package standins

import (
	"net/http"
	"strconv"
	"sync"
	"time"
)

// SteamAPIKey is the key that the stand-in of the Steam Web API takes. It must come in the header x-webapi-key: an address is logged.
const SteamAPIKey = "stand-in-steam-key"

// SteamAPI stands in for the Steam Web API (https://partner.steamgames.com/doc/webapi): the games and achievements of any account. Every
// account has the same games, as if they had been played in the last days before the start.
type SteamAPI struct {
	// Key is the key that is taken.
	Key string

	mu      sync.Mutex
	private map[string]bool
	games   []SteamGame
	answer  http.HandlerFunc
	calls   int
}

// SteamGame is a game of every account.
type SteamGame struct {
	AppID          int64
	Name           string
	Minutes        int
	MinutesLately  int
	LastPlayedAt   time.Time
	Achievements   []SteamAchievement // none: the game has no statistics
	HasNoStatistic bool
}

// SteamAchievement is an achievement of a game. With a time it is unlocked.
type SteamAchievement struct {
	Key, Name, Description string
	UnlockedAt             time.Time
}

// NewSteamAPI returns the stand-in with games that were played before a time.
func NewSteamAPI(now time.Time) *SteamAPI {
	day := 24 * time.Hour
	return &SteamAPI{Key: SteamAPIKey, private: map[string]bool{"76561197960287932": true}, games: []SteamGame{
		{AppID: 620, Name: "Portal 2", Minutes: 1260, MinutesLately: 180, LastPlayedAt: now.Add(-3 * time.Hour), Achievements: []SteamAchievement{
			{"ACH.SURVIVE_CONTAINER_RIDE", "Wake Up Call", "Survive the manual override", now.Add(-400 * day)},
			{"ACH.HI_DOUG", "Door Prize", "Examine all the vitrified test chamber doors", now.Add(-3 * time.Hour)},
			{"ACH.GRADUATE", "Professor Portal", "After completing co-op, complete the calibration course", time.Time{}},
		}},
		{AppID: 570, Name: "Dota 2", Minutes: 73200, MinutesLately: 640, LastPlayedAt: now.Add(-2 * day), HasNoStatistic: true},
		{AppID: 413150, Name: "Stardew Valley", Minutes: 5400, LastPlayedAt: now.Add(-40 * day), Achievements: []SteamAchievement{
			{"Achievement0", "Greenhorn", "Earn 15,000g", now.Add(-200 * day)},
		}},
		{AppID: 400, Name: "Portal", Minutes: 20, LastPlayedAt: now.Add(-900 * day)},
	}}
}

func (s *SteamAPI) routes(mux *http.ServeMux, base string) {
	mux.HandleFunc("GET "+base+"/IPlayerService/GetOwnedGames/v1/", s.keyed(s.ownedGames))
	mux.HandleFunc("GET "+base+"/ISteamUserStats/GetPlayerAchievements/v1/", s.keyed(s.achievements))
	mux.HandleFunc("GET "+base+"/ISteamUserStats/GetSchemaForGame/v2/", s.keyed(s.schema))
}

// Handler serves the stand-in alone.
func (s *SteamAPI) Handler() http.Handler {
	mux := http.NewServeMux()
	s.routes(mux, "")
	return mux
}

// SetGames replaces the games.
func (s *SteamAPI) SetGames(games ...SteamGame) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.games = games
}

// Answers makes every call be answered by a handler; nil ends that.
func (s *SteamAPI) Answers(answer http.HandlerFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answer = answer
}

// Calls counts the calls.
func (s *SteamAPI) Calls() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls
}

func (s *SteamAPI) keyed(serve func(w http.ResponseWriter, steamID string, app int64)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.calls++
		answer := s.answer
		s.mu.Unlock()
		query := r.URL.Query()
		switch {
		case answer != nil:
			answer(w, r)
		case query.Has("key") || r.Header.Get("x-webapi-key") != s.Key:
			w.WriteHeader(http.StatusUnauthorized)
		default:
			app, _ := strconv.ParseInt(query.Get("appid"), 10, 64)
			serve(w, query.Get("steamid"), app)
		}
	}
}

type object = map[string]any

func (s *SteamAPI) ownedGames(w http.ResponseWriter, steamID string, _ int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.private[steamID] {
		writeJSON(w, http.StatusOK, object{"response": object{}})
		return
	}
	games := []object{}
	for _, g := range s.games {
		games = append(games, object{
			"appid": g.AppID, "name": g.Name, "playtime_forever": g.Minutes, "playtime_2weeks": g.MinutesLately, "rtime_last_played": unix(g.LastPlayedAt),
		})
	}
	writeJSON(w, http.StatusOK, object{"response": object{"game_count": len(games), "games": games}})
}

func (s *SteamAPI) achievements(w http.ResponseWriter, steamID string, app int64) {
	game, ok := s.game(app)
	switch {
	case s.private[steamID]:
		writeJSON(w, http.StatusForbidden, object{"playerstats": object{"error": "Profile is not public", "success": false}})
	case !ok || game.HasNoStatistic:
		writeJSON(w, http.StatusBadRequest, object{"playerstats": object{"error": "Requested app has no stats", "success": false}})
	default:
		list := []object{}
		for _, a := range game.Achievements {
			achieved := 0
			if !a.UnlockedAt.IsZero() {
				achieved = 1
			}
			list = append(list, object{"apiname": a.Key, "achieved": achieved, "unlocktime": unix(a.UnlockedAt)})
		}
		writeJSON(w, http.StatusOK, object{"playerstats": object{"steamID": steamID, "gameName": game.Name, "achievements": list, "success": true}})
	}
}

func (s *SteamAPI) schema(w http.ResponseWriter, _ string, app int64) {
	game, _ := s.game(app)
	list := []object{}
	for _, a := range game.Achievements {
		list = append(list, object{"name": a.Key, "displayName": a.Name, "description": a.Description})
	}
	writeJSON(w, http.StatusOK, object{"game": object{"gameName": game.Name, "availableGameStats": object{"achievements": list}}})
}

func (s *SteamAPI) game(app int64) (SteamGame, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, g := range s.games {
		if g.AppID == app {
			return g, true
		}
	}
	return SteamGame{}, false
}

func unix(at time.Time) int64 {
	if at.IsZero() {
		return 0
	}
	return at.Unix()
}
