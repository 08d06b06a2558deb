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

// An operation whose body is application/octet-stream takes a stream of bytes, as uploads are. When the caller signed the digest
// of the body, the body is not read before the handler reads it, so only a piece of it is in memory at a time. The last read
// fails when the body is not the one that was signed. A caller that signs the body itself is served as in other operations,
// within the usual body limit.

const bytesType = "application/octet-stream"

// HeaderAuthenticator returns who sends a request, before its body is read, and which digest the body must have.
type HeaderAuthenticator func(r *http.Request, op contract.Operation) (reqctx.Context, signing.Digest, error)

// SignedHeader authenticates by the signature of the calling service.
func SignedHeader(v *signing.Verifier) HeaderAuthenticator {
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

// streamLimit is the bound that the document sets for a stream; 0 when the operation takes none.
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

// streamed tells whether the body of the request is a stream that was signed by its digest.
func (rt *route) streamed(r *http.Request) bool {
	return rt.stream > 0 && rt.operation.NeedsSignature() && r.Header.Get(signing.HeaderBodyDigest) != ""
}

// stream authenticates the caller of a stream and limits the stream to what the document allows.
func (s *Server) stream(w http.ResponseWriter, r *http.Request, route *route) (reqctx.Context, error) {
	rc, digest, err := s.authenticateHeader(r, route.operation)
	if err != nil {
		return reqctx.Context{}, err
	}
	if r.ContentLength > route.stream {
		return reqctx.Context{}, tooLarge(route.stream)
	}
	r.Body = newDigestBody(http.MaxBytesReader(w, r.Body, route.stream), route.stream, digest)
	return rc, nil
}

// digestBody is a body whose digest must be the signed one.
type digestBody struct {
	io.ReadCloser
	limit  int64
	want   signing.Digest
	digest hash.Hash
}

func newDigestBody(body io.ReadCloser, limit int64, want signing.Digest) *digestBody {
	return &digestBody{ReadCloser: body, limit: limit, want: want, digest: sha256.New()}
}

func (c *digestBody) Read(p []byte) (int, error) {
	n, err := c.ReadCloser.Read(p)
	_, _ = c.digest.Write(p[:n]) // never fails
	var max *http.MaxBytesError
	switch {
	case err == nil:
	case errors.As(err, &max):
		return n, tooLarge(c.limit)
	case !errors.Is(err, io.EOF):
		return n, errs.BadRequestf("The request body could not be read.").Wrap(err)
	case subtle.ConstantTimeCompare(c.digest.Sum(nil), c.want[:]) == 0:
		return n, errs.BadRequestf("The request body is not the one that was signed.").Wrap(fmt.Errorf("its digest is %x", c.digest.Sum(nil)))
	}
	return n, err
}
