package e2e

import (
	"bufio"
	"io"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"go.updspace.com/tools/journey"
	"go.updspace.com/tools/platform"
)

// twoGateways are the main gateway and one more.
type twoGateways struct{ other *platform.Instance }

func newTwoGateways(t *testing.T) twoGateways {
	t.Helper()
	other, err := world.Service("bff").StartAnother(t.Context(), nil)
	require.NoError(t, err)
	stopAtEnd(t, other)
	return twoGateways{other}
}

// me is the status of /session/me at both gateways, for a session cookie. The other gateway is asked first.
func (g twoGateways) me(t *testing.T, b *journey.Browser, session string) [2]int {
	t.Helper()
	var statuses [2]int
	for i, url := range []string{g.other.URL, world.Service("bff").URL()} {
		r := request(t, http.MethodGet, url+"/api/v1/session/me", "")
		r.Host = "aef.localhost"
		r.AddCookie(&http.Cookie{Name: "updspace_session", Value: session})
		statuses[i], _ = answer(t, r)
	}
	return statuses
}

var (
	signedInAtBoth  = [2]int{http.StatusOK, http.StatusOK}
	signedOutAtBoth = [2]int{http.StatusUnauthorized, http.StatusUnauthorized}
)

// After the answer of a sign-out the very next request at either gateway is refused, and signing in again asks for
// credentials.
func TestSignOutIsTotal(t *testing.T) {
	gateways := newTwoGateways(t)
	for range 5 {
		b := signedIn(t, journey.Member)
		session := b.Cookie("updspace_session")
		for range 3 { // into the caches of both
			require.Equal(t, signedInAtBoth, gateways.me(t, b, session))
		}
		require.NoError(t, b.Send(t.Context(), http.MethodPost, "/api/v1/session/logout", nil).Expect(http.StatusNoContent))
		require.Equal(t, signedOutAtBoth, gateways.me(t, b, session))

		page := b.Open(t.Context(), "/api/v1/auth/login?next=/")
		require.NoError(t, page.Err)
		require.True(t, journey.AsksForPassword(page), "signing in again ended at %s", page.Request.URL.Redacted())
		require.Empty(t, b.Cookie("updspace_session"))
		require.NoError(t, journey.SignIn(t.Context(), b, journey.Member, journey.Password))
	}
}

// A sign-out at the ID host ends the sessions at both gateways before its answer.
func TestSignOutAtTheIDHostIsTotal(t *testing.T) {
	gateways := newTwoGateways(t)
	b := signedIn(t, journey.Member)
	session := b.Cookie("updspace_session")
	require.Equal(t, signedInAtBoth, gateways.me(t, b, session))

	home := b.Open(t.Context(), world.IDOrigin()+"/")
	require.NoError(t, home.Page())
	require.Equal(t, "/account", home.Request.URL.Path, "the browser is signed in there")
	require.NoError(t, b.Send(t.Context(), http.MethodPost, world.IDOrigin()+"/api/v1/auth/logout", nil).Expect(http.StatusOK))
	require.Equal(t, signedOutAtBoth, gateways.me(t, b, session))

	page := b.Open(t.Context(), "/api/v1/auth/login?next=/")
	require.True(t, journey.AsksForPassword(page), "signing in again ended at %s", page.Request.URL.Redacted())
}

// A mail scanner opens every link of a mail, with GET and HEAD. It changes nothing: the link works afterwards, and the
// scanner is not signed in.
func TestScannersChangeNothing(t *testing.T) {
	b := newBrowser(t, "aef")
	var sent struct {
		Link string `json:"dev_magic_link"`
	}
	request := map[string]any{"email": journey.Member, "next": "/"}
	require.NoError(t, b.Send(t.Context(), http.MethodPost, "/api/v1/session/login", request).JSON(http.StatusOK, &sent))
	for range 2 {
		scanner := newBrowser(t, "aef")
		require.NoError(t, scanner.Send(t.Context(), http.MethodHead, sent.Link, nil).Err)
		require.NoError(t, scanner.Open(t.Context(), sent.Link).Page())
		require.Empty(t, scanner.Cookie("updspace_session"))
		require.NoError(t, scanner.Send(t.Context(), http.MethodGet, "/api/v1/session/me", nil).Expect(http.StatusUnauthorized))
	}
	require.NoError(t, journey.FollowLink(t.Context(), b, sent.Link).Err)
	require.NoError(t, b.Send(t.Context(), http.MethodGet, "/api/v1/session/me", nil).Expect(http.StatusOK))
	require.NoError(t, journey.PreviewLink(t.Context(), newBrowser(t, "aef"), sent.Link).ExpectCode(http.StatusConflict, "TOKEN_USED"))

	// Nor does it use up the code of a sign-in that is under way.
	state := newBrowser(t, "aef").Get(t.Context(), "/api/v1/auth/login?next=/")
	require.NoError(t, state.Expect(http.StatusFound))
	for _, method := range []string{http.MethodHead, http.MethodGet} {
		scan := newBrowser(t, "aef").Send(t.Context(), method, "/api/v1/auth/callback?code=x&state=x", nil)
		require.NoError(t, scan.Err)
		require.GreaterOrEqual(t, scan.Status, http.StatusBadRequest)
	}
}

// After the answer of a sign-out the streams of the session are over, at either gateway: what is published then is not told there.
func TestSignOutEndsStreams(t *testing.T) {
	gateways := newTwoGateways(t)
	b, author := signedIn(t, journey.Member), signedIn(t, journey.Second)
	session := b.Cookie("updspace_session")
	var streams []*bufio.Reader
	for _, url := range []string{gateways.other.URL, world.Service("bff").URL()} {
		r := request(t, http.MethodGet, url+"/api/v1/activity/feed/live", "")
		r.Host = "aef.localhost"
		r.Header.Set("Accept", "text/event-stream")
		r.AddCookie(&http.Cookie{Name: "updspace_session", Value: session})
		response, err := http.DefaultClient.Do(r)
		require.NoError(t, err)
		defer response.Body.Close()
		require.Equal(t, http.StatusOK, response.StatusCode)
		lines := bufio.NewReader(response.Body)
		_, err = lines.ReadString('\n')
		require.NoError(t, err)
		streams = append(streams, lines)
	}
	require.NoError(t, b.Send(t.Context(), http.MethodPost, "/api/v1/session/logout", nil).Expect(http.StatusNoContent))
	require.NoError(t, author.Send(t.Context(), http.MethodPost, "/api/v1/activity/news", map[string]any{"body": "After the end", "visibility": "public"}).Err)
	for _, lines := range streams {
		rest, err := io.ReadAll(lines)
		require.NoError(t, err)
		require.NotContains(t, string(rest), "item-upsert")
	}
}
