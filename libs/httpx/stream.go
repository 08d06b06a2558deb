package httpx

import (
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"hash"
	"io"
	"mime"
	"net/http"

	"github.com/getkin/kin-openapi/openapi3"

	"go.updspace.com/api/contract"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/signing"
)

// An operation whose body is application/octet-stream takes a stream of bytes,
// as uploads are. When the caller signed the body's digest, the body is not
// read before the handler reads it, so however large it may be, no more than a
// piece of it is ever in memory. The handler learns at the end whether it got
// what was signed: the last read fails if not. A caller that signs the body
// itself is served as everywhere else, within the kit's limit.

const bytesType = "application/octet-stream"

// Ahead settles who sends a request before its body is read, and which digest
// the body must have.
type Ahead func(r *http.Request, op contract.Operation) (reqctx.Context, signing.Digest, error)

// SignedAhead authenticates by the signature of the calling service.
func SignedAhead(v *signing.Verifier) Ahead {
	return func(r *http.Request, op contract.Operation) (reqctx.Context, signing.Digest, error) {
		rc, digest, err := v.VerifyDigest(r)
		if err == nil {
			err = complete(rc, op)
		}
		if err != nil {
			return reqctx.Context{}, signing.Digest{}, err
		}
		return rc, digest, nil
	}
}

// streamLimit is the bound that the document sets to a stream, 0 when the
// operation takes none.
func streamLimit(operation *openapi3.Operation) (int64, error) {
	if operation.RequestBody == nil {
		return 0, nil
	}
	body := operation.RequestBody.Value.Content[bytesType]
	if body == nil {
		return 0, nil
	}
	if body.Schema == nil || body.Schema.Value.MaxLength == nil {
		return 0, errors.New("a stream needs a maxLength")
	}
	if len(operation.RequestBody.Value.Content) > 1 {
		return 0, errors.New("a stream cannot be something else as well")
	}
	return int64(*body.Schema.Value.MaxLength), nil
}

func isBytes(r *http.Request) bool {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return err == nil && kind == bytesType
}

// streamed tells whether the request brings a stream that was signed as one.
func (rt *route) streamed(r *http.Request) bool {
	return rt.stream > 0 && rt.operation.NeedsSignature() && r.Header.Get(signing.HeaderBodyDigest) != ""
}

// stream settles who sends a stream, and lets it be read no further than the
// document allows.
func (k *Kit) stream(w http.ResponseWriter, r *http.Request, route *route) (reqctx.Context, error) {
	rc, digest, err := k.ahead(r, route.operation)
	if err != nil {
		return reqctx.Context{}, err
	}
	if r.ContentLength > route.stream {
		return reqctx.Context{}, tooLarge(route.stream)
	}
	r.Body = newChecked(http.MaxBytesReader(w, r.Body, route.stream), route.stream, digest)
	return rc, nil
}

// checked is a body that must turn out to be what was signed.
type checked struct {
	io.ReadCloser
	limit  int64
	want   signing.Digest
	digest hash.Hash
}

func newChecked(body io.ReadCloser, limit int64, want signing.Digest) *checked {
	return &checked{ReadCloser: body, limit: limit, want: want, digest: sha256.New()}
}

func (c *checked) Read(p []byte) (int, error) {
	n, err := c.ReadCloser.Read(p)
	_, _ = c.digest.Write(p[:n]) // a hash takes everything
	var max *http.MaxBytesError
	switch {
	case err == nil:
	case errors.As(err, &max):
		return n, tooLarge(c.limit)
	case !errors.Is(err, io.EOF):
		return n, errs.BadRequestf("The request body could not be read.").Wrap(err)
	case subtle.ConstantTimeCompare(c.digest.Sum(nil), c.want[:]) == 0:
		return n, errs.BadRequestf("The request body is not the one that was announced.").Wrap(fmt.Errorf("its digest is %x", c.digest.Sum(nil)))
	}
	return n, err
}
