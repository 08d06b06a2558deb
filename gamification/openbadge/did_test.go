package openbadge_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/require"

	"go.updspace.com/gamification/openbadge"
)

func TestOriginsAndTheirDocuments(t *testing.T) {
	for origin, want := range map[string]struct{ did, url string }{
		"https://aef.updspace.com":  {"did:web:aef.updspace.com", "https://aef.updspace.com/.well-known/did.json"},
		"https://AEF.updspace.com/": {"did:web:aef.updspace.com", "https://aef.updspace.com/.well-known/did.json"},
		"http://aef.localhost:8080": {"did:web:aef.localhost%3A8080", "http://aef.localhost:8080/.well-known/did.json"},
		"https://example.org:8443":  {"did:web:example.org%3A8443", "https://example.org:8443/.well-known/did.json"},
	} {
		did, err := openbadge.DIDWeb(origin)
		require.NoError(t, err)
		require.Equal(t, want.did, did)
		url, err := openbadge.DocumentURL(did)
		require.NoError(t, err)
		require.Equal(t, want.url, url)
	}
	url, err := openbadge.DocumentURL("did:web:example.org:issuers:7")
	require.NoError(t, err)
	require.Equal(t, "https://example.org/issuers/7/did.json", url)
	for _, origin := range []string{"", "aef", "ftp://aef", "https://", "https://a@b", "https://a/b", "https://a?b", "https://a#b", "https://a b"} {
		_, err := openbadge.DIDWeb(origin)
		require.Error(t, err, origin)
	}
	for _, did := range []string{
		"", "did:key:z6Mk", "https://example.org", "did:web:", "did:web:a:", "did:web::a", "did:web:a%2Fb", "did:web:a:..", "did:web:a:%2e%2e", "did:web:a%40b", "did:web:a%3Fb",
		"did:web:a%23b", "did:web:%zz", "did:web:a%3A", "did:web:a%3Ab", "did:web:a b", "did:web:a:b%3Ac",
	} {
		_, err := openbadge.DocumentURL(did)
		require.Error(t, err, did)
	}
}

func TestPublishedKeysHaveNoPrivateParts(t *testing.T) {
	var public []openbadge.PublicKey
	for _, alg := range []openbadge.Algorithm{openbadge.RS256, openbadge.ES256, openbadge.EdDSA} {
		public = append(public, generate(t, alg).Public())
	}
	set, err := openbadge.KeySet(did, public...)
	require.NoError(t, err)
	document, err := openbadge.NewDocument(did, public...)
	require.NoError(t, err)
	var keys jose.JSONWebKeySet
	require.NoError(t, json.Unmarshal(set, &keys))
	require.Len(t, keys.Keys, 3)
	for i, k := range keys.Keys {
		require.True(t, k.IsPublic() && k.Valid())
		require.Equal(t, public[i].ID(did), k.KeyID)
		require.True(t, strings.HasPrefix(k.KeyID, did+"#"))
		require.Contains(t, string(document), k.KeyID)
	}
	for _, private := range []string{`"d"`, `"p"`, `"q"`, `"dp"`} {
		require.NotContains(t, string(set)+string(document), private)
	}
	empty, err := openbadge.KeySet(did)
	require.NoError(t, err)
	require.JSONEq(t, `{"keys":[]}`, string(empty))
}

func TestAchievementAtItsAddressIsTheOneInBadges(t *testing.T) {
	text, err := json.Marshal(badge().Achievement)
	require.NoError(t, err)
	var alone map[string]any
	require.NoError(t, json.Unmarshal(text, &alone))
	require.Len(t, alone["@context"], 2)
	delete(alone, "@context")
	var whole struct {
		CredentialSubject struct {
			Achievement map[string]any `json:"achievement"`
		} `json:"credentialSubject"`
	}
	require.NoError(t, json.Unmarshal([]byte(payloadOf(t, sign(t, key(t), badge()))), &whole))
	require.Equal(t, whole.CredentialSubject.Achievement, alone)
}

// The public half of a key is stored alone, and is the same key afterwards.
func TestPublicKeysAreStored(t *testing.T) {
	for _, alg := range []openbadge.Algorithm{openbadge.RS256, openbadge.ES256, openbadge.EdDSA} {
		public := generate(t, alg).Public()
		der, err := public.PKIX()
		require.NoError(t, err)
		again, err := openbadge.ParsePublicKey(der)
		require.NoError(t, err)
		require.Equal(t, public, again)
		require.Equal(t, "did:web:a#"+public.Thumbprint(), again.ID("did:web:a"))
	}
	_, err := openbadge.ParsePublicKey([]byte("no key"))
	require.Error(t, err)
}
