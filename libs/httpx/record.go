package httpx

import (
	"context"
	"net/http"
	"sync"

	"go.updspace.com/libs/authz"
)

// RecordError leaves the cause of a failure for the access log, for answers that are not the envelope of [WriteError].
func RecordError(ctx context.Context, err error) { recordOf(ctx).err = err }

// RecordDenial leaves a denied permission check and its reason code for the access log. The line of a request that is
// refused (403 or 404) lists its denied checks under "denied".
func RecordDenial(ctx context.Context, check authz.Check, reason string) {
	recordOf(ctx).denials.add(check.String() + ": " + reason)
}

// maxDenials bounds the denied checks in the log line of one request.
const maxDenials = 10

// denials are the denied checks of a request, which may ask from several goroutines.
type denials struct {
	mu    sync.Mutex
	texts []string
}

func (d *denials) add(text string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.texts) < maxDenials {
		d.texts = append(d.texts, text)
	}
}

// of returns the denied checks that may explain an answer with the given status.
func (d *denials) of(status int) []string {
	if status != http.StatusForbidden && status != http.StatusNotFound {
		return nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.texts
}
