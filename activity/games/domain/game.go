package domain

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"time"

	feed "go.updspace.com/activity/domain"
	"go.updspace.com/libs/authz"
)

// Bounds of an account.
const (
	MaxGames   = 100       // that are kept, those that were played last
	maxRead    = 10        // whose achievements are read at a time
	minPlayed  = time.Hour // a game that was hardly tried is no news
	maxPast    = 30 * 24 * time.Hour
	maxName    = 200
	maxDetails = 500
)

// Game is a game of an account.
type Game struct {
	AppID        int64
	Name         string
	Played       time.Duration // in all
	PlayedLately time.Duration // in two weeks
	LastPlayedAt time.Time
	Achieved     int // achievements that the owner has
	Achievements int // all of the game
}

// Unlocked is an achievement that the owner has.
type Unlocked struct {
	Key string // its name in the game's interface
	At  time.Time
}

// Words are the texts of an achievement.
type Words struct{ Name, Description string }

// Played are the games that are kept: those with playing time, the last one first.
func Played(games []Game) []Game {
	kept := slices.DeleteFunc(slices.Clone(games), func(g Game) bool { return g.AppID <= 0 || g.Played <= 0 || strings.TrimSpace(g.Name) == "" })
	slices.SortFunc(kept, func(a, b Game) int {
		return cmp.Or(b.LastPlayedAt.Compare(a.LastPlayedAt), cmp.Compare(b.Played, a.Played), cmp.Compare(a.AppID, b.AppID))
	})
	return kept[:min(len(kept), MaxGames)]
}

// Changed are those of the games whose achievements are read: what was played since they were known, at most ten.
func Changed(games []Game, known map[int64]Game) (changed []Game) {
	for _, game := range games {
		before, ok := known[game.AppID]
		if game.Played < minPlayed || ok && before.Played == game.Played && before.LastPlayedAt.Equal(game.LastPlayedAt) {
			continue
		}
		if changed = append(changed, game); len(changed) == maxRead {
			break
		}
	}
	return changed
}

// Find is something that was found in an account: news, if it is new.
type Find struct {
	key     string
	kind    feed.ItemType
	at      time.Time
	title   string
	payload map[string]any
}

// Achieved is an achievement that was unlocked.
func Achieved(game Game, u Unlocked, words Words) Find {
	name := cmp.Or(strings.TrimSpace(words.Name), u.Key)
	payload := of(game)
	payload["achievement_name"], payload["achievement_apiname"] = cut(name, maxName), cut(u.Key, maxName)
	if words.Description != "" {
		payload["achievement_description"] = cut(words.Description, maxDetails)
	}
	return Find{"achievement:" + strconv.FormatInt(game.AppID, 10) + ":" + u.Key, feed.GameAchievement, u.At, name, payload}
}

// PlayedGame is a day on which a game was played last.
func PlayedGame(game Game) (Find, bool) {
	if game.LastPlayedAt.IsZero() || game.Played < minPlayed {
		return Find{}, false
	}
	payload := of(game)
	payload["playtime_forever_minutes"], payload["playtime_2weeks_minutes"] = int(game.Played.Minutes()), int(game.PlayedLately.Minutes())
	key := "playtime:" + strconv.FormatInt(game.AppID, 10) + ":" + game.LastPlayedAt.UTC().Format(time.DateOnly)
	return Find{key, feed.GamePlaytime, game.LastPlayedAt, game.Name, payload}, true
}

func of(game Game) map[string]any {
	return map[string]any{"game_name": cut(game.Name, maxName), "game_appid": game.AppID, "source": string(Steam)}
}

// Hash is what is remembered of a find, so that it does not come again when its item is long gone. It tells nothing of the account.
func (f Find) Hash() [sha256.Size]byte { return sha256.Sum256([]byte(f.key)) }

// News tells whether a find is an item: what an account had before it was linked would flood the feed.
func (f Find) News(now time.Time) bool { return !f.at.After(now) && now.Sub(f.at) <= maxPast }

// SourcePrefix begins the sources of the items of a link.
func (l Link) SourcePrefix() string { return "account:" + strconv.FormatInt(l.data.ID, 10) + ":" }

// Item makes the item of a find. It is of the owner, and seen by those whom the owner chose.
func (l Link) Item(f Find, now time.Time) (feed.Item, error) {
	hash := f.Hash()
	return feed.NewItem(feed.ItemData{
		TenantID: l.data.TenantID, SourceRef: l.SourcePrefix() + hex.EncodeToString(hash[:16]), Type: f.kind, Actor: l.data.UserID,
		OccurredAt: f.at, ChangedAt: now, Title: f.title, Payload: f.payload, Visibility: l.data.Visibility, Scope: authz.TenantScope(l.data.TenantID),
	})
}

// Shown is an item of the link as it is seen now.
func (l Link) Shown(item feed.Item, now time.Time) (feed.Item, error) {
	d := item.Data()
	d.Visibility, d.ChangedAt = l.data.Visibility, now
	return feed.NewItem(d)
}

func cut(s string, most int) string {
	s = strings.TrimSpace(s)
	if runes := []rune(s); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return s
}
