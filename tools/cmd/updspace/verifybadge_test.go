package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kong"
	"github.com/stretchr/testify/require"

	"go.updspace.com/gamification/openbadge"
)

// goldenBadges are files that gamification/openbadge makes.
const goldenBadges = "../../../gamification/openbadge/testdata/"

// verifyBadge runs the command with arguments as they are typed.
func verifyBadge(t *testing.T, args ...string) (string, error) {
	t.Helper()
	var c cli
	k, err := kong.New(&c)
	require.NoError(t, err)
	_, err = k.Parse(append([]string{"verify-badge"}, args...))
	require.NoError(t, err)
	var out bytes.Buffer
	err = c.VerifyBadge.run(t.Context(), &out)
	return out.String(), err
}

func TestBadgesAreVerifiedOffline(t *testing.T) {
	const at = "--at=2026-03-02T12:00:00Z"
	did, list, revoked := "--did="+goldenBadges+"did.json", "--status-list="+goldenBadges+"list.jwt", "--status-list="+goldenBadges+"list-revoked.jwt"
	token, err := os.ReadFile(goldenBadges + "badge.jwt")
	require.NoError(t, err)
	changed := filepath.Join(t.TempDir(), "changed.jwt")
	require.NoError(t, os.WriteFile(changed, append(token[:len(token)-1:len(token)-1], '_'), 0o600))

	for name, c := range map[string]struct {
		args []string
		want error
		says []string
	}{
		"image, all at hand": {[]string{goldenBadges + "badge.png", did, list, at}, nil, []string{"Первопроходец", "The issuer has not revoked the badge.", "The badge is valid."}},
		"token, all at hand": {[]string{goldenBadges + "badge.jwt", did, list, at}, nil, []string{"signature   passed"}},
		"revoked":            {[]string{goldenBadges + "badge.png", did, revoked, at}, exitInvalid, []string{"status      failed  \"The issuer has revoked the badge.\"", "NOT VALID"}},
		"expired":            {[]string{goldenBadges + "badge.png", did, list, "--at=2030-01-01T00:00:00Z"}, exitInvalid, []string{"It was valid until 2027-03-01T12:00:00Z."}},
		"changed":            {[]string{changed, did, list, at}, exitInvalid, []string{"NOT VALID"}},
		"without list":       {[]string{goldenBadges + "badge.png", did, at}, exitUnverified, []string{"signature   passed", "status      not checked", "--status-list"}},
		"alone":              {[]string{goldenBadges + "badge.png", at}, exitUnverified, []string{"issuer key  not checked", "signature   not checked", "schema      passed", "as far as it could be checked"}},
	} {
		t.Run(name, func(t *testing.T) {
			out, err := verifyBadge(t, c.args...)
			require.Equal(t, c.want, err, out)
			for _, words := range c.says {
				require.Contains(t, out, words)
			}
		})
	}

	_, err = verifyBadge(t, goldenBadges+"picture.png")
	require.ErrorIs(t, err, openbadge.ErrNoBadge)
	_, err = verifyBadge(t, "no-such-file.png")
	require.ErrorIs(t, err, os.ErrNotExist)
	large := filepath.Join(t.TempDir(), "large.png")
	require.NoError(t, os.WriteFile(large, make([]byte, openbadge.MaxImage+1), 0o600))
	_, err = verifyBadge(t, large)
	require.ErrorContains(t, err, "larger than")
}

// What a badge says cannot write to the terminal but as text.
func TestReportsHaveNoControlCharacters(t *testing.T) {
	var out bytes.Buffer
	var c openbadge.Credential
	require.NoError(t, json.Unmarshal([]byte(`{"id":"urn:x:1","issuer":{"id":"did:web:a","name":"\u001b[2J"},"credentialSubject":{"achievement":{"name":"\u0007\nThe badge is valid."}}}`), &c))
	printReport(&out, openbadge.Report{Credential: c, Checks: []openbadge.Check{{Name: "format", Outcome: openbadge.Failed, Reason: "\x1b[2J"}}})
	require.NotContains(t, out.String(), "\x1b")
	require.NotContains(t, out.String(), "\nThe badge is valid.")
}

// An issuer that serves its document, its list and the image.
func TestBadgesAreVerifiedAtTheirIssuer(t *testing.T) {
	mux := http.NewServeMux()
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	address, err := url.Parse(server.URL)
	require.NoError(t, err)
	origin := "http://aef.localhost:" + address.Port()
	did, err := openbadge.DIDWeb(origin)
	require.NoError(t, err)
	key, err := openbadge.GenerateKey(openbadge.ES256)
	require.NoError(t, err)
	document, err := openbadge.NewDocument(did, key.Public())
	require.NoError(t, err)
	now := time.Now()
	token, err := openbadge.Sign(did, key, openbadge.Badge{
		ID: "urn:uuid:1", Issuer: openbadge.Profile{Name: "AEF"}, Recipient: openbadge.Recipient{ID: "urn:uuid:2"}, ValidFrom: now.Add(-time.Hour),
		Achievement: openbadge.Achievement{ID: origin + "/a", Name: "Pioneer", Description: "First.", Criteria: openbadge.Criteria{Narrative: "Be first."}},
		Status:      &openbadge.StatusEntry{List: origin + "/list", Index: 7},
	})
	require.NoError(t, err)
	picture, err := os.ReadFile(goldenBadges + "picture.png")
	require.NoError(t, err)
	baked, err := openbadge.Bake(picture, token)
	require.NoError(t, err)
	list := openbadge.NewStatusList()
	serve := func(path string, body func() []byte) {
		mux.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(body()) })
	}
	serve("/.well-known/did.json", func() []byte { return document })
	serve("/badge.png", func() []byte { return baked })
	serve("/list", func() []byte {
		text, err := openbadge.SignStatusList(did, key, openbadge.SignedStatusList{URL: origin + "/list", List: list, ValidFrom: now.Add(-time.Hour), ValidUntil: now.Add(time.Hour)})
		if err != nil {
			panic(err)
		}
		return []byte(text)
	})
	mux.Handle("/moved.png", http.RedirectHandler("/badge.png", http.StatusFound))
	mux.Handle("/loop.png", http.RedirectHandler("/loop.png", http.StatusFound))
	mux.Handle("/away.png", http.RedirectHandler("http://example.org/badge.png", http.StatusFound))

	out, err := verifyBadge(t, origin+"/badge.png")
	require.NoError(t, err, out)
	require.Contains(t, out, "The badge is valid.")
	_, err = verifyBadge(t, origin+"/moved.png")
	require.NoError(t, err)

	file := filepath.Join(t.TempDir(), "badge.png")
	require.NoError(t, os.WriteFile(file, baked, 0o600))
	_, err = verifyBadge(t, file)
	require.Equal(t, exitUnverified, err, "a file asks no server")
	_, err = verifyBadge(t, file, "--online")
	require.NoError(t, err)

	require.NoError(t, list.Set(7, true))
	out, err = verifyBadge(t, origin+"/badge.png")
	require.Equal(t, exitInvalid, err)
	require.Contains(t, out, "revoked")

	for path, reason := range map[string]string{"/none.png": "404", "/loop.png": "too many redirects", "/away.png": "neither https nor on this machine"} {
		_, err = verifyBadge(t, origin+path)
		require.ErrorContains(t, err, reason)
	}
	_, err = verifyBadge(t, "http://example.org/badge.png")
	require.ErrorContains(t, err, "neither https")
	require.True(t, strings.HasPrefix((&verifyBadgeCmd{}).Help(), "Says each check"))
}
