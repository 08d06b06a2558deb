// Package webhooktarget sends the messages of webhooks over HTTP.
package webhooktarget

import (
	"bytes"
	"context"
	"net/http"
	"strconv"
	"time"

	"go.updspace.com/activity/signature"
	"go.updspace.com/activity/webhooks/domain"
	"go.updspace.com/activity/webhooks/ports"
	"go.updspace.com/libs/egress"
)

// Target implements webhooks/ports.Target.
type Target struct {
	client *egress.Client
	now    func() time.Time
}

var _ ports.Target = (*Target)(nil)

// New returns a target. The client must follow no redirects: a message is for the address that was stated.
func New(client *egress.Client, now func() time.Time) *Target { return &Target{client, now} }

// Check tells why an address cannot be sent to.
func (t *Target) Check(url string) error { return t.client.Check(url) }

// Send posts a message. What the receiver answers beside its status and Retry-After is not kept: it may be anything.
func (t *Target) Send(ctx context.Context, m ports.Message) domain.Result {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, m.URL, bytes.NewReader(m.Body))
	if err != nil {
		return domain.Result{Reason: egress.Reason(egress.ErrURL)}
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("User-Agent", "UpdSpace-Webhooks/1")
	request.Header.Set(signature.HeaderID, m.ID)
	request.Header.Set(signature.HeaderTimestamp, signature.Timestamp(m.At))
	request.Header.Set(signature.HeaderSignature, m.Signature)
	began := time.Now()
	answer, err := t.client.Do(request)
	result := domain.Result{Took: time.Since(began), Reason: egress.Reason(err)}
	if err == nil {
		result.Status, result.RetryAfter = answer.Status, retryAfter(answer.Header.Get("Retry-After"), t.now())
	}
	return result
}

// retryAfter reads both forms of the header (RFC 9110, section 10.2.3).
func retryAfter(text string, now time.Time) time.Duration {
	if seconds, err := strconv.ParseUint(text, 10, 31); err == nil {
		return time.Duration(seconds) * time.Second
	}
	if at, err := http.ParseTime(text); err == nil {
		return at.Sub(now)
	}
	return 0
}
