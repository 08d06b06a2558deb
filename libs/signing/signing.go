package signing

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/reqctx"
)

// The context headers. A gateway must drop all of them from client requests.
const (
	HeaderRequestID  = "X-Request-Id"
	HeaderTenantID   = "X-Tenant-Id"
	HeaderTenantSlug = "X-Tenant-Slug"
	HeaderUserID     = "X-User-Id"
	HeaderFlags      = "X-Master-Flags"
	HeaderTimestamp  = "X-Updspace-Timestamp"
	HeaderCaller     = "X-Updspace-Caller"
	HeaderSignature  = "X-Updspace-Signature"
	// HeaderBodyDigest is the hex SHA-256 of a body that is signed before it is
	// read: see [Signer.SignDigest].
	HeaderBodyDigest = "X-Updspace-Body-Sha256"
)

// Digest is the SHA-256 of a body.
type Digest = [sha256.Size]byte

// Window is how far the clocks of two services may differ, either way.
const Window = 60 * time.Second

// Signer signs the calls of one service to another.
type Signer struct {
	caller, audience string
	key              []byte
	now              func() time.Time
}

// Signer returns the signer for a pair, or an error when the keyring has no
// key for it.
func (k *Keyring) Signer(caller, audience string) (*Signer, error) {
	keys := k.keys(caller, audience)
	if len(keys) == 0 {
		return nil, fmt.Errorf("signing: no key for %s calling %s", caller, audience)
	}
	return &Signer{caller: caller, audience: audience, key: keys[0], now: time.Now}, nil
}

// At returns a signer that reads the time from now instead of the system clock.
func (s *Signer) At(now func() time.Time) *Signer {
	c := *s
	c.now = now
	return &c
}

// Sign sets the context headers and the signature. body is what will be sent.
func (s *Signer) Sign(r *http.Request, rc reqctx.Context, body []byte) {
	s.sign(r, rc, sha256.Sum256(body))
}

// SignDigest is Sign for a body that is too large to be held. The digest
// travels along, so that the receiver can check the signature first and the
// body against the digest while it reads on ([Verifier.VerifyDigest]).
func (s *Signer) SignDigest(r *http.Request, rc reqctx.Context, digest Digest) {
	set(r.Header, HeaderBodyDigest, hex.EncodeToString(digest[:]))
	s.sign(r, rc, digest)
}

func (s *Signer) sign(r *http.Request, rc reqctx.Context, digest Digest) {
	h := r.Header
	set(h, HeaderRequestID, rc.RequestID)
	set(h, HeaderTenantID, uuidText(rc.TenantID))
	set(h, HeaderTenantSlug, rc.TenantSlug)
	set(h, HeaderUserID, uuidText(rc.UserID))
	set(h, HeaderFlags, rc.Flags.Encode())
	set(h, HeaderTimestamp, strconv.FormatInt(s.now().Unix(), 10))
	set(h, HeaderCaller, s.caller)
	set(h, HeaderSignature, hex.EncodeToString(mac(s.key, r, s.audience, digest)))
}

// Transport signs every request with the request context found in its
// context.Context. Bodies are read into memory: calls between services are
// small by contract.
func (s *Signer) Transport(base http.RoundTripper) http.RoundTripper {
	return transport{signer: s, base: base}
}

type transport struct {
	signer *Signer
	base   http.RoundTripper
}

func (t transport) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	var body []byte
	if r.Body != nil && r.Body != http.NoBody {
		var err error
		body, err = io.ReadAll(r.Body)
		closeErr := r.Body.Close()
		if err != nil {
			return nil, fmt.Errorf("reading the body to sign: %w", err)
		}
		if closeErr != nil {
			return nil, fmt.Errorf("closing the body to sign: %w", closeErr)
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
	}
	t.signer.Sign(r, reqctx.From(r.Context()), body)
	return t.base.RoundTrip(r)
}

// Verifier checks the calls made to one service.
type Verifier struct {
	keyring  *Keyring
	audience string
	now      func() time.Time
}

// Verifier returns the verifier of the named service.
func (k *Keyring) Verifier(audience string) *Verifier {
	return &Verifier{keyring: k, audience: audience, now: time.Now}
}

// At returns a verifier that reads the time from now.
func (v *Verifier) At(now func() time.Time) *Verifier {
	c := *v
	c.now = now
	return &c
}

// one message for every reason: a caller without the key learns nothing
var errSignature = errs.New(errs.Unauthenticated, "", "The request is not signed by a known service.")

// Verify returns the request context of a signed call. Every failure is an
// UNAUTHORIZED whose cause, for the log, says what did not hold.
func (v *Verifier) Verify(r *http.Request, body []byte) (reqctx.Context, error) {
	return v.verify(r, sha256.Sum256(body))
}

// VerifyDigest is Verify for a call signed by [Signer.SignDigest], before its
// body is read. Whoever reads it must hold it against the digest, and nothing
// may come of a body that does not match.
func (v *Verifier) VerifyDigest(r *http.Request) (reqctx.Context, Digest, error) {
	var digest Digest
	given, err := hex.DecodeString(value(r.Header, HeaderBodyDigest))
	if err != nil || len(given) != len(digest) || len(r.Header[HeaderBodyDigest]) > 1 {
		return reqctx.Context{}, digest, errSignature.Wrap(fmt.Errorf("signature: body digest missing, repeated or malformed"))
	}
	copy(digest[:], given)
	rc, err := v.verify(r, digest)
	return rc, digest, err
}

func (v *Verifier) verify(r *http.Request, digest Digest) (reqctx.Context, error) {
	h := r.Header
	fail := func(why string) (reqctx.Context, error) {
		return reqctx.Context{}, errSignature.Wrap(fmt.Errorf("signature: %s", why))
	}
	for _, name := range []string{HeaderRequestID, HeaderTenantID, HeaderTenantSlug, HeaderUserID, HeaderFlags, HeaderTimestamp, HeaderCaller, HeaderSignature} {
		if len(h[name]) > 1 {
			return fail("repeated header " + name)
		}
	}
	stamp, err := strconv.ParseInt(value(h, HeaderTimestamp), 10, 64)
	if err != nil {
		return fail("timestamp missing or malformed")
	}
	if age := v.now().Sub(time.Unix(stamp, 0)); age > Window || age < -Window {
		return fail("timestamp outside the window")
	}
	given, err := hex.DecodeString(value(h, HeaderSignature))
	if err != nil || len(given) != sha256.Size {
		return fail("signature missing or malformed")
	}
	caller := value(h, HeaderCaller)
	keys := v.keyring.keys(caller, v.audience)
	genuine := false
	for _, key := range keys {
		if hmac.Equal(given, mac(key, r, v.audience, digest)) {
			genuine = true
			break
		}
	}
	if !genuine {
		return fail("signature does not match")
	}
	v.keyring.remember(caller, v.audience, keys)

	rc := reqctx.Context{RequestID: value(h, HeaderRequestID), TenantSlug: value(h, HeaderTenantSlug), Caller: caller}
	if rc.TenantID, err = parseUUID(value(h, HeaderTenantID)); err != nil {
		return fail("tenant id is not a UUID")
	}
	if rc.UserID, err = parseUUID(value(h, HeaderUserID)); err != nil {
		return fail("user id is not a UUID")
	}
	if rc.Flags, err = reqctx.ParseFlags(value(h, HeaderFlags)); err != nil {
		return fail("master flags are not a JSON object")
	}
	return rc, nil
}

// mac computes the signature over the context headers already set on r. Header
// values and escaped URLs cannot hold a line feed, so lines cannot be shifted.
func mac(key []byte, r *http.Request, audience string, digest Digest) []byte {
	text := make([]byte, 0, 512)
	text = append(append(text, r.Method...), '\n')
	text = append(append(text, r.URL.EscapedPath()...), '\n')
	text = append(append(text, r.URL.RawQuery...), '\n')
	text = append(hex.AppendEncode(text, digest[:]), '\n')
	for _, name := range [...]string{HeaderRequestID, HeaderTenantID, HeaderTenantSlug, HeaderUserID, HeaderFlags, HeaderTimestamp, HeaderCaller} {
		text = append(append(text, value(r.Header, name)...), '\n')
	}
	text = append(text, audience...)
	m := hmac.New(sha256.New, key)
	_, _ = m.Write(text) // writing to a hash never fails
	return m.Sum(nil)
}

// value is Header.Get for names known to be in canonical form.
func value(h http.Header, name string) string {
	if v := h[name]; len(v) > 0 {
		return v[0]
	}
	return ""
}

func set(h http.Header, name, value string) {
	if value == "" {
		h.Del(name)
		return
	}
	h[name] = []string{value}
}

func uuidText(id uuid.UUID) string {
	if id == uuid.Nil {
		return ""
	}
	return id.String()
}

// parseUUID accepts the canonical form only, so that one value has one text.
func parseUUID(s string) (uuid.UUID, error) {
	if s == "" {
		return uuid.Nil, nil
	}
	if len(s) != 36 {
		return uuid.Nil, fmt.Errorf("%q is not a canonical UUID", s)
	}
	return uuid.Parse(s)
}
