package standins

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
)

// DiscordBotToken is the token of a bot in the server of the stand-in.
const DiscordBotToken = "stand-in-bot-token-that-nothing-may-show"

// DiscordGuildID is the id of the server. The role that everybody has is named by it, too.
const DiscordGuildID = "81384788765712384"

// DiscordRole is a role of the server.
type DiscordRole struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Managed bool   `json:"managed"` // of an integration
	Above   bool   `json:"-"`       // the bot's own role is below it, so that it cannot be given
}

// The roles of the server.
const (
	DiscordScouts   = "81384788765712385"
	DiscordOfficers = "81384788765712386"
	DiscordOwners   = "81384788765712387"
)

var discordRoles = []DiscordRole{
	{ID: DiscordGuildID, Name: "@everyone"}, {ID: DiscordScouts, Name: "Scouts"}, {ID: DiscordOfficers, Name: "Officers"},
	{ID: DiscordOwners, Name: "Owners", Above: true}, {ID: "81384788765712388", Name: "A bot", Managed: true},
}

// DiscordGuild stands in for one server of Discord and a bot in it (https://discord.com/developers/docs/resources/guild).
type DiscordGuild struct {
	mu      sync.Mutex
	members map[string]map[string]bool // the roles of accounts, by id
	limited bool
	calls   int
}

// NewDiscordGuild returns a server with the accounts that the stand-in of OAuth offers.
func NewDiscordGuild() *DiscordGuild {
	g := &DiscordGuild{members: map[string]map[string]bool{}}
	for _, a := range DiscordAccounts {
		g.members[a.ID] = map[string]bool{}
	}
	return g
}

// Handler serves the server alone, as Discord's API.
func (g *DiscordGuild) Handler() http.Handler {
	mux := http.NewServeMux()
	g.routes(mux)
	return mux
}

func (g *DiscordGuild) routes(mux *http.ServeMux) {
	mux.HandleFunc("GET /api/v10/guilds/{guild}/roles", g.bot(func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, http.StatusOK, discordRoles) }))
	mux.HandleFunc("GET /api/v10/guilds/{guild}/members/{user}", g.bot(g.member))
	mux.HandleFunc("PUT /api/v10/guilds/{guild}/members/{user}/roles/{role}", g.bot(g.change))
	mux.HandleFunc("DELETE /api/v10/guilds/{guild}/members/{user}/roles/{role}", g.bot(g.change))
}

// bot lets the bot in, and holds the lock meanwhile.
func (g *DiscordGuild) bot(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		g.mu.Lock()
		defer g.mu.Unlock()
		g.calls++
		switch {
		case g.limited:
			w.Header().Set("Retry-After", "2")
			writeJSON(w, http.StatusTooManyRequests, object{"message": "You are being rate limited.", "retry_after": 1.5, "global": false})
		case r.Header.Get("Authorization") != "Bot "+DiscordBotToken:
			writeJSON(w, http.StatusUnauthorized, object{"message": "401: Unauthorized", "code": 0})
		case r.PathValue("guild") != DiscordGuildID:
			writeJSON(w, http.StatusNotFound, object{"message": "Unknown Guild", "code": 10004})
		default:
			next(w, r)
		}
	}
}

func (g *DiscordGuild) member(w http.ResponseWriter, r *http.Request) {
	roles, found := g.members[r.PathValue("user")]
	if !found {
		writeJSON(w, http.StatusNotFound, object{"message": "Unknown Member", "code": 10007})
		return
	}
	writeJSON(w, http.StatusOK, object{"user": object{"id": r.PathValue("user")}, "roles": slices.Sorted(maps.Keys(roles))})
}

func (g *DiscordGuild) change(w http.ResponseWriter, r *http.Request) {
	roles, found := g.members[r.PathValue("user")]
	at := slices.IndexFunc(discordRoles, func(role DiscordRole) bool { return role.ID == r.PathValue("role") })
	switch {
	case !found:
		writeJSON(w, http.StatusNotFound, object{"message": "Unknown Member", "code": 10007})
		return
	case at < 0:
		writeJSON(w, http.StatusNotFound, object{"message": "Unknown Role", "code": 10011})
		return
	case discordRoles[at].Above || discordRoles[at].Managed || strings.TrimSpace(r.Header.Get("X-Audit-Log-Reason")) == "":
		writeJSON(w, http.StatusForbidden, object{"message": "Missing Permissions", "code": 50013})
		return
	case r.Method == http.MethodPut:
		roles[discordRoles[at].ID] = true
	default:
		delete(roles, discordRoles[at].ID)
	}
	w.WriteHeader(http.StatusNoContent)
}

// SetRoles states which roles an account has, as the owner of the server does. Without roles it is a member all the same.
func (g *DiscordGuild) SetRoles(user string, roles ...string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.members[user] = map[string]bool{}
	for _, role := range roles {
		g.members[user][role] = true
	}
}

// Leave makes an account leave the server.
func (g *DiscordGuild) Leave(user string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.members, user)
}

// Limit makes the server refuse calls for now, or take them again.
func (g *DiscordGuild) Limit(limited bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.limited = limited
}

// RolesOf are the roles of an account, sorted, and how many calls were made.
func (g *DiscordGuild) RolesOf(user string) (roles []string, calls int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return slices.Sorted(maps.Keys(g.members[user])), g.calls
}
