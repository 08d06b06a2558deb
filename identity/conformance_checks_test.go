package identity_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"math"
	"regexp"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/require"
)

// skew is how far clocks may be apart, in the suite as here.
const skew = 5 * time.Minute

// shannon is the entropy of a text in bits, by the frequency of its bytes.
func shannon(text string) (bits float64) {
	counts := map[rune]float64{}
	for _, r := range text {
		counts[r]++
	}
	n := float64(len(text))
	for _, c := range counts {
		bits -= c * math.Log2(c/n)
	}
	return bits
}

// verified reads a JWT that the provider has signed.
func (m *module) verified(f *flow, token string) (claims map[string]any, header jose.Header) {
	m.t.Helper()
	signed, err := jose.ParseSignedCompact(token, []jose.SignatureAlgorithm{jose.RS256, jose.ES256, jose.EdDSA})
	require.NoError(m.t, err)
	header = signed.Signatures[0].Protected
	keys := f.keys.Key(header.KeyID)
	require.Len(m.t, keys, 1)
	require.Equal(m.t, keys[0].Algorithm, header.Algorithm)
	require.Equal(m.t, "sig", keys[0].Use)
	payload, err := signed.Verify(keys[0])
	require.NoError(m.t, err)
	require.NoError(m.t, json.Unmarshal(payload, &claims))
	return claims, header
}

func at(claim any) time.Time {
	seconds, _ := claim.(float64)
	return time.Unix(int64(seconds), 0)
}

// idt is the block IDT.
func (m *module) idt(f *flow) {
	m.t.Helper()
	now := m.clock.Now()
	f.id, f.idHeader = m.verified(f, f.rawID)
	require.Equal(m.t, m.url, f.id["iss"])
	require.Equal(m.t, f.client, f.id["aud"])
	require.True(m.t, at(f.id["exp"]).After(now) && at(f.id["exp"]).Before(now.AddDate(50, 0, 0)))
	require.WithinDuration(m.t, now, at(f.id["iat"]), skew)
	require.True(m.t, at(f.id["auth_time"]).After(now.AddDate(-1, 0, 0)) && !at(f.id["auth_time"]).After(now.Add(skew)))
	require.NotEmpty(m.t, f.id["acr"])
	if f.nonce == "" {
		require.NotContains(m.t, f.id, "nonce")
	} else {
		require.Equal(m.t, f.nonce, f.id["nonce"])
	}
	m.standardClaims(f.id)
	hash := sha256.Sum256([]byte(f.access)) // of RS256 and ES256
	require.Equal(m.t, base64.RawURLEncoding.EncodeToString(hash[:16]), f.id["at_hash"])
	for name := range f.id {
		require.Contains(m.t, []string{"iss", "sub", "aud", "exp", "iat", "auth_time", "acr", "nonce", "at_hash", "azp", "sid"}, name, "a claim that was not asked for")
	}
}

var (
	printable = regexp.MustCompile(`^[\x20-\x7e]{1,255}$`)
	birthdate = regexp.MustCompile(`^\d{4}(-\d{2}-\d{2})?$`)
)

// standardClaims checks the types of the standard claims.
func (m *module) standardClaims(claims map[string]any) {
	m.t.Helper()
	sub, _ := claims["sub"].(string)
	require.Regexp(m.t, printable, sub)
	for _, name := range []string{
		"name", "given_name", "family_name", "middle_name", "nickname", "preferred_username", "profile", "picture", "website", "email", "gender",
		"birthdate", "zoneinfo", "locale", "phone_number",
	} {
		if value, there := claims[name]; there {
			text, ok := value.(string)
			require.True(m.t, ok && strings.TrimSpace(text) != "" && text != "null", "%s: %v", name, value)
		}
	}
	for _, name := range []string{"email_verified", "phone_number_verified"} {
		if value, there := claims[name]; there {
			require.IsType(m.t, true, value, name)
		}
	}
	if born, there := claims["birthdate"].(string); there {
		require.Regexp(m.t, birthdate, born)
	}
	if updated, there := claims["updated_at"]; there {
		require.True(m.t, at(updated).Year() >= 1990 && !at(updated).After(m.clock.Now().Add(skew)))
	}
}

var (
	errorText = regexp.MustCompile(`^[\x20-\x21\x23-\x5b\x5d-\x7e]+$`) // RFC 6749, appendix A.7 and A.8
	errorURI  = regexp.MustCompile(`^[\x21\x23-\x5b\x5d-\x7e]*$`)
)

// oauthError checks the characters of an error. They exclude line breaks and tabs.
func (m *module) oauthError(name, description, uri string) {
	m.t.Helper()
	require.Regexp(m.t, errorText, name)
	require.Regexp(m.t, errorText, description)
	require.Regexp(m.t, errorURI, uri)
}
