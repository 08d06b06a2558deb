package proxy

import (
	"crypto/sha256"
	"errors"
	"io"
	"net/http"
	"os"
	"time"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/signing"
)

// spool is an upload that has been read into a file, so that its digest is known before it is forwarded and it is never
// in memory. The file has no name: it is gone with the process, however that ends.
type spool struct {
	file    *os.File
	size    int64
	digest  signing.Digest
	release func()
}

// newSpool reads the body of a request, of at most limit bytes, in the room that was reserved for it.
func newSpool(w http.ResponseWriter, r *http.Request, limit int64, release func()) (_ *spool, err error) {
	s := &spool{release: release}
	defer func() {
		if err != nil {
			s.close() // its content is of no use
		}
	}()
	if s.file, err = os.CreateTemp("", "updspace-upload-"); err == nil {
		err = os.Remove(s.file.Name())
	}
	if err != nil {
		return nil, errs.Unavailablef("Uploads are not possible right now.").Wrap(err)
	}
	sum := sha256.New()
	paced := &pacedReader{Reader: http.MaxBytesReader(w, r.Body, limit), control: http.NewResponseController(w), end: time.Now().Add(uploadTime)}
	s.size, err = io.Copy(io.MultiWriter(s.file, sum), paced)
	var tooMany *http.MaxBytesError
	switch {
	case errors.As(err, &tooMany):
		return nil, tooLarge(limit)
	case errors.Is(err, os.ErrDeadlineExceeded):
		return nil, errs.New(errs.Timeout, "", "The upload took too long.").Wrap(err)
	case err != nil:
		return nil, errs.BadRequestf("The request body could not be read.").Wrap(err)
	}
	copy(s.digest[:], sum.Sum(nil))
	return s, nil
}

// close deletes the upload.
func (s *spool) close() {
	s.release()
	_ = s.file.Close() // without a file, too
}

// pacedReader waits for the next bytes of an upload only so long, and for all of them only until the end.
type pacedReader struct {
	io.Reader
	control *http.ResponseController
	end     time.Time
}

func (p *pacedReader) Read(b []byte) (int, error) {
	next := time.Now().Add(uploadPause)
	if next.After(p.end) {
		next = p.end
	}
	_ = p.control.SetReadDeadline(next) // a writer without deadlines, as in some tests, has none to move
	return p.Reader.Read(b)
}
