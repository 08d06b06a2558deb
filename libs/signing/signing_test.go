package signing_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/signing"
)

const secret = "0123456789abcdef0123456789abcdef"

var (
	moment = time.Unix(1_700_000_000, 0)
	who    = reqctx.Context{
		RequestID:  "req-1",
		TenantID:   uuid.MustParse("00000000-0000-0000-0000-000000000001"),
		TenantSlug: "aef",
		UserID:     uuid.MustParse("00000000-0000-4000-8000-000000000002"),
		Flags:      reqctx.Flags{EmailVerified: true, MembershipStatus: "active"},
	}
)

func at(t time.Time) func() time.Time { return func() time.Time { return t } }

func keyring(t testing.TB, cfg signing.Config) *signing.Keyring {
	t.Helper()
	k, err := signing.NewKeyring(cfg)
	require.NoError(t, err)
	return k
}

func signed(t testing.TB, k *signing.Keyring, body string) *http.Request {
	t.Helper()
	signer, err := k.Signer("bff", "voting")
	require.NoError(t, err)
	r := httptest.NewRequest(http.MethodPost, "/api/v1/voting/polls/%D0%B0?limit=1&q=x", strings.NewReader(body))
	signer.At(at(moment)).Sign(r, who, []byte(body))
	return r
}

func TestVerifyReturnsTheSignedContext(t *testing.T) {
	k := keyring(t, signing.Config{Secret: secret})
	got, err := k.Verifier("voting").At(at(moment)).Verify(signed(t, k, `{"a":1}`), []byte(`{"a":1}`))
	require.NoError(t, err)
	want := who
	want.Caller = "bff"
	require.Equal(t, want, got)
}

// A change of any signed value is refused.
func TestVerifyRefusesEveryChange(t *testing.T) {
	k := keyring(t, signing.Config{Secret: secret})
	header := func(name, value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set(name, value) }
	}
	changes := map[string]func(*http.Request){
		"method":            func(r *http.Request) { r.Method = http.MethodPut },
		"path":              func(r *http.Request) { r.URL.Path, r.URL.RawPath = "/api/v1/voting/votes", "" },
		"query":             func(r *http.Request) { r.URL.RawQuery = "limit=2&q=x" },
		"query added":       func(r *http.Request) { r.URL.RawQuery += "&all=true" },
		"request id":        header(signing.HeaderRequestID, "req-2"),
		"tenant":            header(signing.HeaderTenantID, "00000000-0000-0000-0000-000000000002"),
		"slug":              header(signing.HeaderTenantSlug, "gaming"),
		"user":              header(signing.HeaderUserID, "00000000-0000-4000-8000-000000000001"),
		"flags":             header(signing.HeaderFlags, `{"system_admin":true}`),
		"flags removed":     func(r *http.Request) { r.Header.Del(signing.HeaderFlags) },
		"timestamp":         header(signing.HeaderTimestamp, "1700000001"),
		"timestamp missing": func(r *http.Request) { r.Header.Del(signing.HeaderTimestamp) },
		"caller":            header(signing.HeaderCaller, "portal"),
		"signature":         header(signing.HeaderSignature, strings.Repeat("0", 64)),
		"signature missing": func(r *http.Request) { r.Header.Del(signing.HeaderSignature) },
		"repeated header":   func(r *http.Request) { r.Header.Add(signing.HeaderUserID, uuid.NewString()) },
	}
	for name, change := range changes {
		t.Run(name, func(t *testing.T) {
			r := signed(t, k, "{}")
			change(r)
			_, err := k.Verifier("voting").At(at(moment)).Verify(r, []byte("{}"))
			require.Equal(t, errs.Unauthenticated, errs.KindOf(err))
		})
	}
	t.Run("body", func(t *testing.T) {
		_, err := k.Verifier("voting").At(at(moment)).Verify(signed(t, k, "{}"), []byte("[]"))
		require.Equal(t, errs.Unauthenticated, errs.KindOf(err))
	})
	t.Run("audience", func(t *testing.T) {
		_, err := k.Verifier("access").At(at(moment)).Verify(signed(t, k, "{}"), []byte("{}"))
		require.Equal(t, errs.Unauthenticated, errs.KindOf(err))
	})
	t.Run("another secret", func(t *testing.T) {
		other := keyring(t, signing.Config{Secret: strings.Repeat("x", 32)})
		_, err := other.Verifier("voting").At(at(moment)).Verify(signed(t, k, "{}"), []byte("{}"))
		require.Equal(t, errs.Unauthenticated, errs.KindOf(err))
	})
}

func TestVerifyWindow(t *testing.T) {
	require.Equal(t, 60*time.Second, signing.Window)
	k := keyring(t, signing.Config{Secret: secret})
	for offset, ok := range map[time.Duration]bool{
		0: true, signing.Window: true, -signing.Window: true,
		signing.Window + time.Second: false, -signing.Window - time.Second: false,
	} {
		_, err := k.Verifier("voting").At(at(moment.Add(offset))).Verify(signed(t, k, ""), nil)
		require.Equal(t, ok, err == nil, "offset %s: %v", offset, err)
	}
}

func TestRotation(t *testing.T) {
	old := keyring(t, signing.Config{Secret: secret})
	both := keyring(t, signing.Config{Secret: strings.Repeat("n", 32), PreviousSecret: secret})
	_, err := both.Verifier("voting").At(at(moment)).Verify(signed(t, old, ""), nil)
	require.NoError(t, err, "the previous secret still verifies")
	_, err = old.Verifier("voting").At(at(moment)).Verify(signed(t, both, ""), nil)
	require.Error(t, err, "the new secret signs")
}

// With explicit pairs a service has only the keys it needs, so it cannot speak
// as another.
func TestOnlyListedPairsHaveKeys(t *testing.T) {
	const pairs = `[{"caller":"bff","audience":"voting","keys":["MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="]}]`
	k := keyring(t, signing.Config{Pairs: pairs})
	_, err := k.Verifier("voting").At(at(moment)).Verify(signed(t, k, ""), nil)
	require.NoError(t, err)
	_, err = k.Signer("voting", "access")
	require.Error(t, err)
}

func TestNewKeyringRefuses(t *testing.T) {
	for name, cfg := range map[string]signing.Config{
		"nothing":      {},
		"short secret": {Secret: "short"},
		"short key":    {Pairs: `[{"caller":"a","audience":"b","keys":["AAAA"]}]`},
		"no JSON":      {Pairs: "a:b"},
	} {
		_, err := signing.NewKeyring(cfg)
		require.Error(t, err, name)
	}
}

func TestTheTransportSignsTheSentBody(t *testing.T) {
	k := keyring(t, signing.Config{Secret: secret})
	var got reqctx.Context
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err == nil {
			got, err = k.Verifier("voting").Verify(r, body)
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusUnauthorized)
		}
	}))
	defer server.Close()
	signer, err := k.Signer("bff", "voting")
	require.NoError(t, err)
	client := &http.Client{Transport: signer.Transport(http.DefaultTransport)}
	r, err := http.NewRequestWithContext(reqctx.With(t.Context(), who), http.MethodPost, server.URL+"/x?y=1", strings.NewReader("body"))
	require.NoError(t, err)
	resp, err := client.Do(r)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	require.Equal(t, http.StatusOK, resp.StatusCode)
	require.Equal(t, who.UserID, got.UserID)
	require.Empty(t, r.Header.Get(signing.HeaderSignature), "the caller's request is left alone")
}

func TestEveryContextIsVerifiedUnchanged(t *testing.T) {
	k := keyring(t, signing.Config{Secret: secret})
	signer, err := k.Signer("a", "b")
	require.NoError(t, err)
	rapid.Check(t, func(t *rapid.T) {
		in := reqctx.Context{
			RequestID:  rapid.StringMatching(`[A-Za-z0-9._:-]{1,64}`).Draw(t, "id"),
			TenantSlug: rapid.StringMatching(`[a-z0-9-]{0,32}`).Draw(t, "slug"),
			TenantID:   uuid.UUID(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "tenant")),
			UserID:     uuid.UUID(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "user")),
			Flags: reqctx.Flags{
				Banned: rapid.Bool().Draw(t, "banned"), SystemAdmin: rapid.Bool().Draw(t, "admin"),
				Status: rapid.String().Draw(t, "status"),
			},
		}
		body := rapid.SliceOf(rapid.Byte()).Draw(t, "body")
		r := httptest.NewRequest(http.MethodPost, "/p", nil)
		signer.Sign(r, in, body)
		out, err := k.Verifier("b").Verify(r, body)
		if err != nil {
			t.Fatal(err)
		}
		in.Caller = "a"
		if want, _ := reqctx.ParseFlags(in.Flags.Encode()); want != out.Flags { // JSON replaces invalid UTF-8
			t.Fatalf("flags %+v, want %+v", out.Flags, want)
		}
		in.Flags, out.Flags = reqctx.Flags{}, reqctx.Flags{}
		if in != out {
			t.Fatalf("got %+v, want %+v", out, in)
		}
	})
}
