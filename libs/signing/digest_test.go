package signing_test

import (
	"crypto/sha256"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/signing"
)

func TestADigestIsVerifiedBeforeTheBodyIsRead(t *testing.T) {
	k := keyring(t, signing.Config{Secret: secret})
	signer, err := k.Signer("bff", "portal")
	require.NoError(t, err)
	rc := reqctx.Context{RequestID: "req-1", TenantID: uuid.New(), UserID: uuid.New()}
	digest := sha256.Sum256([]byte("a large body"))
	upload := func(change func(h http.Header)) (reqctx.Context, signing.Digest, error) {
		r := httptest.NewRequest(http.MethodPost, "/api/v1/portal/attachments", nil)
		signer.SignDigest(r, rc, digest)
		change(r.Header)
		return k.Verifier("portal").VerifyDigest(r)
	}
	got, gotDigest, err := upload(func(http.Header) {})
	require.NoError(t, err)
	require.Equal(t, digest, gotDigest)
	require.Equal(t, rc.UserID, got.UserID)

	for name, change := range map[string]func(h http.Header){
		"no digest":         func(h http.Header) { h.Del(signing.HeaderBodyDigest) },
		"no hexadecimal":    func(h http.Header) { h.Set(signing.HeaderBodyDigest, strings.Repeat("x", 64)) },
		"too short":         func(h http.Header) { h.Set(signing.HeaderBodyDigest, h.Get(signing.HeaderBodyDigest)[:62]) },
		"too long":          func(h http.Header) { h.Set(signing.HeaderBodyDigest, h.Get(signing.HeaderBodyDigest)+"00") },
		"a repeated header": func(h http.Header) { h.Add(signing.HeaderBodyDigest, h.Get(signing.HeaderBodyDigest)) },
		"another digest":    func(h http.Header) { h.Set(signing.HeaderBodyDigest, strings.Repeat("00", 32)) },
	} {
		_, _, err := upload(change)
		require.Equal(t, errs.Unauthenticated, errs.KindOf(err), name)
	}
}

// body fails as its fields say.
type body struct{ read, close error }

func (b body) Read([]byte) (int, error) { return 0, b.read }
func (b body) Close() error             { return b.close }

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestABodyThatCannotBeReadIsNotSent(t *testing.T) {
	signer, err := keyring(t, signing.Config{Secret: secret}).Signer("bff", "portal")
	require.NoError(t, err)
	broken := errors.New("broken")
	for _, b := range []body{{read: broken}, {read: io.EOF, close: broken}} {
		r := httptest.NewRequest(http.MethodPost, "/", b)
		_, err := signer.Transport(roundTrip(func(*http.Request) (*http.Response, error) {
			t.Error("the request was sent")
			return nil, errors.New("sent")
		})).RoundTrip(r) //nolint:bodyclose // there is no response
		require.ErrorIs(t, err, broken)
	}
}

// Only callers with a valid signature are cached, so invented names cannot fill the memory.
func TestDerivedKeysAreCachedAfterAValidSignature(t *testing.T) {
	k := keyring(t, signing.Config{Secret: secret})
	_, err := k.Verifier("voting").At(at(moment)).Verify(signed(t, k, ""), []byte("another body"))
	require.Error(t, err)
	require.False(t, k.Cached("bff", "voting"))
	_, err = k.Verifier("voting").At(at(moment)).Verify(signed(t, k, ""), nil)
	require.NoError(t, err)
	require.True(t, k.Cached("bff", "voting"))
	_, err = k.Verifier("voting").At(at(moment)).Verify(signed(t, k, ""), nil)
	require.NoError(t, err)
}
