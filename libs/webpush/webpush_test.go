package webpush

import (
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"encoding/json"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func decoded(t testing.TB, text string) []byte {
	t.Helper()
	raw, err := base64url.DecodeString(text)
	require.NoError(t, err)
	return raw
}

// browser is that of RFC 8291, appendix A.
func browser(t testing.TB) Subscription {
	return Subscription{
		Endpoint: "https://push.example.net/push/JzLQ3raZJfFBR0aqvOMsLrt54w4rJUsV",
		Key:      decoded(t, "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"),
		Auth:     decoded(t, "BTBZMqHH6r4Tts7J_aSIgg"),
	}
}

func TestTheVectorOfTheRFC(t *testing.T) {
	t.Parallel()
	sender, err := ecdh.P256().NewPrivateKey(decoded(t, "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"))
	require.NoError(t, err)
	body, err := encrypt(browser(t), []byte("When I grow up, I want to be a watermelon"), sender, decoded(t, "DGv6ra1nlYgDCS1FRnbzlw"))
	require.NoError(t, err)
	require.Equal(t, "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN",
		base64url.EncodeToString(body))
}

func TestARequestIsSignedForTheOriginOfItsEndpoint(t *testing.T) {
	t.Parallel()
	made, err := NewKey()
	require.NoError(t, err)
	raw, err := made.Bytes()
	require.NoError(t, err)
	key, err := ParseKey(raw)
	require.NoError(t, err)
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	r, err := key.Request(browser(t), []byte("hello"), "https://aef.updspace.com", "topic", time.Hour, now)
	require.NoError(t, err)
	require.Equal(t, "aes128gcm", r.Header.Get("Content-Encoding"))
	require.Equal(t, "3600", r.Header.Get("TTL"))
	require.Equal(t, "topic", r.Header.Get("Topic"))
	token, public, ok := strings.Cut(strings.TrimPrefix(r.Header.Get("Authorization"), "vapid t="), ", k=")
	require.True(t, ok)
	own, err := key.Public()
	require.NoError(t, err)
	require.Equal(t, own, public)

	parts := strings.Split(token, ".")
	require.Len(t, parts, 3)
	signature, digest := decoded(t, parts[2]), sha256.Sum256([]byte(parts[0]+"."+parts[1]))
	verifier, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), decoded(t, public))
	require.NoError(t, err)
	require.True(t, ecdsa.Verify(verifier, digest[:], new(big.Int).SetBytes(signature[:32]), new(big.Int).SetBytes(signature[32:])))
	var claims map[string]any
	require.NoError(t, json.Unmarshal(decoded(t, parts[1]), &claims))
	require.Equal(t, map[string]any{"aud": "https://push.example.net", "exp": float64(now.Add(12 * time.Hour).Unix()), "sub": "https://aef.updspace.com"}, claims)
}

func TestWhatCannotBeEncryptedIsRefused(t *testing.T) {
	t.Parallel()
	short, off := browser(t), browser(t)
	short.Auth = short.Auth[:15]
	off.Key = append([]byte{}, off.Key...)
	off.Key[64] ^= 1
	for _, s := range []Subscription{{}, short, off} {
		_, err := Encrypt(s, nil)
		require.Error(t, err)
	}
	_, err := Encrypt(browser(t), make([]byte, MaxMessage+1))
	require.Error(t, err)
	body, err := Encrypt(browser(t), make([]byte, MaxMessage))
	require.NoError(t, err)
	require.Len(t, body, 4096)
	_, err = ParseKey([]byte{1})
	require.Error(t, err)
}
