package proxy

import (
	"mime"
	"net/http"
	"sync"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/api/contract"
	"go.updspace.com/libs/errs"
)

const (
	// maxSpooled bounds the bytes of all uploads that are being read.
	maxSpooled = 256 << 20
	// maxPerUser bounds the uploads of one user that are being read.
	maxPerUser = 4
	// uploadTime bounds one upload, uploadPause the wait for its next bytes.
	uploadTime  = 5 * time.Minute
	uploadPause = 15 * time.Second
)

// uploads knows the operations that take a stream of bytes, and what is being read for them.
type uploads struct {
	mux    *http.ServeMux   // knows the operations by their patterns, and handles none
	limits map[string]int64 // by pattern

	mu     sync.Mutex
	bytes  int64
	byUser map[uuid.UUID]int
}

func newUploads(sets ...contract.Set) *uploads {
	u := &uploads{mux: http.NewServeMux(), limits: map[string]int64{}, byUser: map[uuid.UUID]int{}}
	for _, set := range sets {
		for _, op := range set {
			if op.Upload > 0 && !op.Public {
				pattern := op.Method + " " + op.Path
				u.mux.Handle(pattern, http.NotFoundHandler())
				u.limits[pattern] = op.Upload
			}
		}
	}
	return u
}

// isUpload reports whether the body of a request is a stream of bytes.
func isUpload(r *http.Request) bool {
	if r.Body == nil || r.Body == http.NoBody {
		return false
	}
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return err == nil && kind == "application/octet-stream"
}

// limit is how large a stream the operation of a request takes, 0 if it takes none.
func (u *uploads) limit(r *http.Request) int64 {
	_, pattern := u.mux.Handler(r)
	return u.limits[pattern]
}

// reserve makes room for an upload of a user, or refuses it before anything is read.
func (u *uploads) reserve(user uuid.UUID, size int64) (release func(), err error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.byUser[user] >= maxPerUser {
		return nil, errs.New(errs.RateLimited, "", "Too many uploads at once. Wait for one to finish.").WithRetryAfter(uploadPause)
	}
	if u.bytes+size > maxSpooled {
		return nil, errs.Unavailablef("Too many uploads are under way. Try again in a moment.").WithRetryAfter(uploadPause)
	}
	u.byUser[user]++
	u.bytes += size
	return func() {
		u.mu.Lock()
		defer u.mu.Unlock()
		u.bytes -= size
		if u.byUser[user]--; u.byUser[user] == 0 {
			delete(u.byUser, user)
		}
	}, nil
}
