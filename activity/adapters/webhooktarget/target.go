// Package webhooktarget sends the messages of webhooks over HTTP.
package webhooktarget

import (
	"bytes"
	"context"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"go.updspace.com/activity/webhooks/domain"
	"go.updspace.com/activity/webhooks/ports"
	"go.updspace.com/libs/egress"
	"go.updspace.com/libs/signature"
)

// Target implements webhooks/ports.Target.
type Target struct {
	client  *egress.Client
	discord string
	now     func() time.Time
}

var _ ports.Target = (*Target)(nil)

// New returns a target. The client must follow no redirects: a message is for the address that was stated.
// discord is the origin of Discord's API.
func New(client *egress.Client, discord string, now func() time.Time) *Target {
	return &Target{client, discord, now}
}

// discordPath is the path of a webhook of Discord: its id and its token.
var discordPath = regexp.MustCompile(`^/api(/v\d{1,2})?/webhooks/\d{15,25}/[A-Za-z0-9_-]{20,100}$`)

// Check tells why an address cannot be sent to. One for Discord must be of its API, so that no other server gets what is meant for it.
func (t *Target) Check(format domain.Format, url string) error {
	if format == domain.Discord {
		path, ok := strings.CutPrefix(url, t.discord)
		if !ok || !discordPath.MatchString(path) {
			return egress.ErrURL
		}
	}
	return t.client.Check(url)
}

// Send posts a message. What the receiver answers beside its status and Retry-After is not kept: it may be anything.
func (t *Target) Send(ctx context.Context, m ports.Message) domain.Result {
	url := m.URL
	if m.Format == domain.Discord {
		url += "?wait=true" // the answer comes when the message is stored, and says so
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(m.Body))
	if err != nil {
		return domain.Result{Reason: egress.Reason(egress.ErrURL)}
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("User-Agent", "UpdSpace-Webhooks/1")
	if m.Signature != "" {
		request.Header.Set(signature.HeaderID, m.ID)
		request.Header.Set(signature.HeaderTimestamp, signature.Timestamp(m.At))
		request.Header.Set(signature.HeaderSignature, m.Signature)
	}
	began := time.Now()
	answer, err := t.client.Do(request)
	result := domain.Result{Took: time.Since(began), Reason: egress.Reason(err)}
	if err == nil {
		result.Status, result.RetryAfter = answer.Status, retryAfter(answer.Header.Get("Retry-After"), t.now())
	}
	return result
}

// retryAfter reads both forms of the header (RFC 9110, section 10.2.3). Discord states fractions of a second.
func retryAfter(text string, now time.Time) time.Duration {
	if seconds, err := strconv.ParseFloat(text, 64); err == nil && seconds >= 0 { // which NaN is not
		return time.Duration(min(seconds, 1<<31) * float64(time.Second))
	}
	if at, err := http.ParseTime(text); err == nil {
		return at.Sub(now)
	}
	return 0
}
