package standins_test

import (
	"crypto/ed25519"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"go.updspace.com/tools/devkit/standins"
)

func ask(t *testing.T, method, url, body string, header http.Header) (status int, answer string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	require.NoError(t, err)
	for name, values := range header {
		request.Header[name] = values
	}
	r, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer r.Body.Close()
	read, err := io.ReadAll(r.Body)
	require.NoError(t, err)
	return r.StatusCode, string(read)
}

func TestDiscordTakesMessagesOfItsWebhooks(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(standins.New("http://stand-ins.test"))
	t.Cleanup(server.Close)
	webhook := standins.DiscordWebhook(server.URL)
	status, _ := ask(t, http.MethodPost, webhook+"?wait=true", `{"embeds":[{"title":"Finals"}]}`, nil)
	require.Equal(t, http.StatusOK, status)
	status, _ = ask(t, http.MethodPost, webhook, `{"content":"x"}`, nil)
	require.Equal(t, http.StatusNoContent, status)
	status, answer := ask(t, http.MethodPost, webhook+"x", `{"content":"x"}`, nil)
	require.Equal(t, http.StatusNotFound, status)
	require.Contains(t, answer, "10015")
	status, _ = ask(t, http.MethodPost, webhook, ``, nil)
	require.Equal(t, http.StatusBadRequest, status)
	_, answer = ask(t, http.MethodGet, server.URL+"/discord/messages", "", nil)
	require.Contains(t, answer, "Finals")
}

func TestDiscordSignsInteractions(t *testing.T) {
	t.Parallel()
	public, key, err := ed25519.GenerateKey(nil)
	require.NoError(t, err)
	header := standins.SignInteraction(key, time.Unix(1614265330, 0), "{}")
	signature, err := hex.DecodeString(header.Get("X-Signature-Ed25519"))
	require.NoError(t, err)
	require.True(t, ed25519.Verify(public, []byte("1614265330{}"), signature))
}

func TestSteamTakesItsKeyInAHeaderOnly(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(standins.New("http://stand-ins.test"))
	t.Cleanup(server.Close)
	games := server.URL + "/steam/api/IPlayerService/GetOwnedGames/v1/?steamid=76561197960287930"
	key := http.Header{"X-Webapi-Key": {standins.SteamAPIKey}}
	status, answer := ask(t, http.MethodGet, games, "", key)
	require.Equal(t, http.StatusOK, status)
	require.Contains(t, answer, "Portal 2")
	status, _ = ask(t, http.MethodGet, games+"&key="+standins.SteamAPIKey, "", key)
	require.Equal(t, http.StatusUnauthorized, status)
	status, _ = ask(t, http.MethodGet, games, "", nil)
	require.Equal(t, http.StatusUnauthorized, status)
	_, answer = ask(t, http.MethodGet, server.URL+"/steam/api/ISteamUserStats/GetSchemaForGame/v2/?appid=620", "", key)
	require.Contains(t, answer, "Door Prize")
	status, _ = ask(t, http.MethodGet, server.URL+"/steam/api/ISteamUserStats/GetPlayerAchievements/v1/?appid=570&steamid=1", "", key)
	require.Equal(t, http.StatusBadRequest, status)
	_, answer = ask(t, http.MethodGet, strings.Replace(games, "930", "932", 1), "", key)
	require.NotContains(t, answer, "games", "a private profile")
}
