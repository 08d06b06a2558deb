package standins

import "net/http"

// discordOAuth signs people in as Discord does (https://discord.com/developers/docs/topics/oauth2).
type discordOAuth struct{ oauth }

func newDiscordOAuth() *discordOAuth {
	return &discordOAuth{oauth{system: "Discord", accounts: DiscordAccounts}}
}

func (d *discordOAuth) routes(mux *http.ServeMux) {
	mux.HandleFunc("GET /discord/oauth2/authorize", d.page)
	mux.HandleFunc("POST /discord/oauth2/authorize", d.answer)
	mux.HandleFunc("POST /discord/api/oauth2/token", func(w http.ResponseWriter, r *http.Request) {
		if _, token, ok := d.redeem(w, r, http.StatusBadRequest); ok {
			writeJSON(w, http.StatusOK, map[string]any{"access_token": token, "token_type": "Bearer", "expires_in": 604800, "refresh_token": "refresh-" + token, "scope": "identify"})
		}
	})
	mux.HandleFunc("GET /discord/api/v10/users/@me", func(w http.ResponseWriter, r *http.Request) {
		if id, ok := d.bearer(w, r); ok {
			name := nameOf(DiscordAccounts, id)
			writeJSON(w, http.StatusOK, map[string]any{"id": id, "username": name, "discriminator": "0", "global_name": name})
		}
	})
}
