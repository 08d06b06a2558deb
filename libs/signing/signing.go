package signing

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"net/http"
	"strconv"
	"sync"
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
	// HeaderBodyDigest is the hex SHA-256 of a body that is verified while it is read: see [Signer.SignDigest].
	HeaderBodyDigest = "X-Updspace-Body-Sha256"
)

// Digest is the SHA-256 of a body.
type Digest = [sha256.Size]byte

// Window is the largest accepted difference between the timestamp and the clock of the receiver, in either direction.
const Window = 60 * time.Second

// Signer signs the calls of one service to another.
type Signer struct {
	caller, audience string
	key              *key
	now              func() time.Time
}

// Signer returns the signer for a pair. It fails when the keyring has no key for the pair.
func (k *Keyring) Signer(caller, audience string) (*Signer, error) {
	keys := k.keys(caller, audience)
	if len(keys) == 0 {
		return nil, fmt.Errorf("signing: no key for %s calling %s", caller, audience)
	}
	return &Signer{caller: caller, audience: audience, key: keys[0], now: time.Now}, nil
}

// At returns a signer that uses now as its clock.
func (s *Signer) At(now func() time.Time) *Signer {
	c := *s
	c.now = now
	return &c
}

// Sign sets the context headers and the signature. body is the body of the request.
func (s *Signer) Sign(r *http.Request, rc reqctx.Context, body []byte) {
	s.sign(r, rc, sha256.Sum256(body))
}

// SignDigest is Sign for a body that is too large for memory. The digest is sent as a header, so the receiver can verify
// the signature first, and the body against the digest while it reads ([Verifier.VerifyDigest]).
func (s *Signer) SignDigest(r *http.Request, rc reqctx.Context, digest Digest) {
	r.Header[HeaderBodyDigest] = []string{hex.EncodeToString(digest[:])}
	s.sign(r, rc, digest)
}

func (s *Signer) sign(r *http.Request, rc reqctx.Context, digest Digest) {
	values := []string{
		rc.RequestID, uuidText(rc.TenantID), rc.TenantSlug, uuidText(rc.UserID), rc.Flags.Encode(),
		strconv.FormatInt(s.now().Unix(), 10), s.caller,
	}
	for i, name := range signedHeaders {
		if values[i] == "" {
			delete(r.Header, name)
			continue
		}
		r.Header[name] = values[i : i+1 : i+1]
	}
	r.Header[HeaderSignature] = []string{hex.EncodeToString(s.key.mac(r, s.audience, digest))}
}

// Transport signs every request with the request context in its context.Context. It reads bodies into memory: calls
// between services are small.
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

// Verifier verifies the calls to one service.
type Verifier struct {
	keyring  *Keyring
	audience string
	now      func() time.Time
}

// Verifier returns the verifier of the named service.
func (k *Keyring) Verifier(audience string) *Verifier {
	return &Verifier{keyring: k, audience: audience, now: time.Now}
}

// At returns a verifier that uses now as its clock.
func (v *Verifier) At(now func() time.Time) *Verifier {
	c := *v
	c.now = now
	return &c
}

// one message for every reason, so that a caller without the key learns nothing
var errSignature = errs.New(errs.Unauthenticated, "", "The request is not signed by a known service.")

// Verify returns the request context of a signed call. Every failure is UNAUTHORIZED; its cause, for the log, names the
// reason.
func (v *Verifier) Verify(r *http.Request, body []byte) (reqctx.Context, error) {
	return v.verify(r, sha256.Sum256(body))
}

// VerifyDigest is Verify for a call signed by [Signer.SignDigest], before its body is read. The reader must compare the
// body with the digest and must not use a body that does not match.
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
	for _, name := range signedHeaders {
		if len(h[name]) > 1 {
			return fail("repeated header " + name)
		}
	}
	if len(h[HeaderSignature]) > 1 {
		return fail("repeated header " + HeaderSignature)
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
		if hmac.Equal(given, key.mac(r, v.audience, digest)) {
			genuine = true
			break
		}
	}
	if !genuine {
		return fail("signature does not match")
	}
	v.keyring.cache(caller, v.audience, keys)

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

// signedHeaders are the headers that the signature covers, in this order.
var signedHeaders = [...]string{HeaderRequestID, HeaderTenantID, HeaderTenantSlug, HeaderUserID, HeaderFlags, HeaderTimestamp, HeaderCaller}

// key is a key of a pair. It keeps its HMACs for the next signature: to begin one costs as much as to sign a short text.
type key struct{ macs sync.Pool }

func newKey(secret []byte) *key {
	return &key{sync.Pool{New: func() any { return hmac.New(sha256.New, secret) }}}
}

// mac computes the signature over the context headers that are set on r. Header values and escaped URLs cannot contain a
// line feed, so a value cannot move into another line.
func (k *key) mac(r *http.Request, audience string, digest Digest) []byte {
	text := make([]byte, 0, 512)
	text = append(append(text, r.Method...), '\n')
	text = append(append(text, r.URL.EscapedPath()...), '\n')
	text = append(append(text, r.URL.RawQuery...), '\n')
	text = append(hex.AppendEncode(text, digest[:]), '\n')
	for _, name := range signedHeaders {
		text = append(append(text, value(r.Header, name)...), '\n')
	}
	text = append(text, audience...)
	m := k.macs.Get().(hash.Hash)
	defer k.macs.Put(m)
	m.Reset()
	_, _ = m.Write(text) // writing to a hash does not fail
	return m.Sum(nil)
}

// value is Header.Get for names in canonical form.
func value(h http.Header, name string) string {
	if v := h[name]; len(v) > 0 {
		return v[0]
	}
	return ""
}

func uuidText(id uuid.UUID) string {
	if id == uuid.Nil {
		return ""
	}
	return id.String()
}

// parseUUID accepts the canonical form only: a value has one text.
func parseUUID(s string) (uuid.UUID, error) {
	if s == "" {
		return uuid.Nil, nil
	}
	if len(s) != 36 {
		return uuid.Nil, fmt.Errorf("%q is not a canonical UUID", s)
	}
	return uuid.Parse(s)
}
