package proxy

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"os"
	"time"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/httpx"
	"go.updspace.com/libs/signing"
)

const (
	// MaxUpload bounds uploads, which pass through a file: what a service takes of
	// them is its own to say.
	MaxUpload = 16 << 20
	// uploadTime is how long a slow line may take for one.
	uploadTime = 5 * time.Minute
)

// spool is an upload that has been read into a file, so that its digest is
// known before it is passed on and no memory holds it. The file has no name:
// it is gone with the process, however that ends.
type spool struct {
	file   *os.File
	size   int64
	digest signing.Digest
}

// isUpload tells whether the body is a stream of bytes.
func isUpload(r *http.Request) bool {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return err == nil && kind == "application/octet-stream" && r.Body != nil && r.Body != http.NoBody
}

// newSpool reads the body of a request.
func newSpool(w http.ResponseWriter, r *http.Request) (*spool, error) {
	tooLarge := errs.New(errs.TooLarge, "", fmt.Sprintf("The request body is larger than %d bytes.", MaxUpload))
	if r.ContentLength > MaxUpload {
		return nil, tooLarge
	}
	// a writer without deadlines, as in some tests, has none to move
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(uploadTime))
	file, err := os.CreateTemp("", "updspace-upload-")
	if err != nil {
		return nil, errs.Unavailablef("Uploads are not possible right now.").Wrap(err)
	}
	s := &spool{file: file}
	if err := os.Remove(file.Name()); err != nil {
		return nil, errors.Join(errs.Unavailablef("Uploads are not possible right now.").Wrap(err), s.Close())
	}
	sum := sha256.New()
	s.size, err = io.Copy(io.MultiWriter(file, sum), http.MaxBytesReader(w, r.Body, MaxUpload))
	if err != nil {
		_ = s.Close() // what is in it is of no use
		var max *http.MaxBytesError
		if errors.As(err, &max) {
			return nil, tooLarge
		}
		return nil, errs.BadRequestf("The request body could not be read.").Wrap(err)
	}
	copy(s.digest[:], sum.Sum(nil))
	return s, nil
}

// body reads the upload from its beginning. The reader's Close leaves the file
// open, because the transport may ask for another.
func (s *spool) body() io.ReadCloser {
	return io.NopCloser(io.NewSectionReader(s.file, 0, s.size))
}

// Close deletes the upload.
func (s *spool) Close() error { return s.file.Close() }

// readBody takes the body of a request in: as it is, or through a file.
func readBody(w http.ResponseWriter, r *http.Request, ex *exchange) (err error) {
	if isUpload(r) {
		ex.upload, err = newSpool(w, r)
		return err
	}
	ex.body, err = httpx.ReadBody(w, r, MaxBody)
	return err
}
