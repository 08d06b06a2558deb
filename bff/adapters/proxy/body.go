package proxy

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"net/http"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/httpx"
)

const (
	// maxBody bounds request bodies that are not uploads. They are read whole to be signed.
	maxBody = 5 << 19 // 2.5 MiB
	// maxPublicBody bounds the bodies of requests that need no session.
	maxPublicBody = 64 << 10
)

// body is the body of a request, which was read to its end: into memory, or for an operation that takes an upload into a file.
type body struct {
	size   int64
	read   []byte
	upload *spool // instead of read
}

// open reads the body from its beginning. It may be called again: the transport repeats a request on another connection.
func (b body) open() io.ReadCloser {
	switch {
	case b.size == 0:
		return http.NoBody
	case b.upload != nil:
		return io.NopCloser(io.NewSectionReader(b.upload.file, 0, b.size))
	}
	return io.NopCloser(bytes.NewReader(b.read))
}

func (b body) close() {
	if b.upload != nil {
		b.upload.close()
	}
}

func (p *Proxy) readBody(w http.ResponseWriter, r *http.Request, ex *exchange) (b body, err error) {
	if !isUpload(r) {
		limit := int64(maxBody)
		if ex.public {
			limit = cmp.Or(ex.maxBody, maxPublicBody)
		}
		b.read, err = httpx.ReadBody(w, r, limit)
		b.size = int64(len(b.read))
		return b, err
	}
	limit := p.uploads.limit(r)
	if ex.public || limit == 0 {
		return b, errs.New(errs.Unsupported, "", "This address does not take an upload.")
	}
	size := r.ContentLength
	if size > limit {
		return b, tooLarge(limit)
	}
	if size < 0 {
		size = limit
	}
	release, err := p.uploads.reserve(ex.rc.UserID, size)
	if err != nil {
		return b, err
	}
	if b.upload, err = newSpool(w, r, limit, release); err != nil {
		return b, err
	}
	b.size = b.upload.size
	return b, nil
}

func tooLarge(limit int64) error {
	return errs.New(errs.TooLarge, "", fmt.Sprintf("The request body is larger than %d bytes.", limit))
}
