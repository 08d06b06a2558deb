// Package browserpush sends messages to browsers by Web Push.
package browserpush

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"go.updspace.com/activity/notifications/domain"
	"go.updspace.com/activity/notifications/ports"
	"go.updspace.com/libs/egress"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/webpush"
)

// Pusher implements ports.Pusher. The address of a browser comes from outside, so that it is called by a client that reaches public addresses only.
type Pusher struct {
	client  *egress.Client
	contact string // of the sender: an https address
	now     func() time.Time
}

var _ ports.Pusher = (*Pusher)(nil)

// New sends through client, which must follow no redirects. origin is that of the portal.
func New(client *egress.Client, origin string, now func() time.Time) *Pusher {
	return &Pusher{client, strings.ReplaceAll(origin, "{tenant}.", ""), now}
}

// NewKey makes a private key.
func (p *Pusher) NewKey() ([]byte, error) {
	key, err := webpush.NewKey()
	if err != nil {
		return nil, errs.Internalf("a key: %w", err)
	}
	return key.Bytes()
}

// Public returns the public half of a key.
func (p *Pusher) Public(raw []byte) (string, error) {
	key, err := webpush.ParseKey(raw)
	if err != nil {
		return "", errs.Internalf("a key: %w", err)
	}
	return key.Public()
}

func subscription(b domain.Browser) webpush.Subscription {
	return webpush.Subscription{Endpoint: b.Endpoint, Key: b.Key, Auth: b.Auth}
}

// Check refuses subscriptions that cannot be sent to.
func (p *Pusher) Check(b domain.Browser) error {
	fields := errs.Fields{}
	if p.client.Check(b.Endpoint) != nil {
		fields.Add("endpoint", why.NotAllowed("is no public https address"))
	}
	if subscription(b).Check() != nil {
		fields.Add("p256dh", why.InvalidFormat("is not the key of a subscription, or auth is not"))
	}
	return fields.Err()
}

// payload is what the service worker of the portal reads.
type payload struct {
	Title string `json:"title"`
	Body  string `json:"body,omitempty"`
	Link  string `json:"link,omitempty"`
	Tag   string `json:"tag"`
}

// Push sends a message.
func (p *Pusher) Push(ctx context.Context, raw []byte, m domain.PushMessage) (domain.PushOutcome, time.Duration) {
	key, err := webpush.ParseKey(raw)
	if err != nil {
		return domain.PushFails, 0
	}
	text, err := json.Marshal(payload(m.Message))
	if err != nil {
		return domain.PushFails, 0
	}
	now := p.now()
	request, err := key.Request(subscription(m.Browser), text, p.contact, strings.ReplaceAll(m.Message.Tag, "-", ""), m.Expires.Sub(now), now)
	if err != nil {
		return domain.PushGone, 0 // it was checked when it was stored: no attempt will help
	}
	answer, err := p.client.Do(request.WithContext(ctx))
	if err != nil {
		return domain.PushFails, 0
	}
	switch {
	case answer.Status >= 200 && answer.Status < 300:
		return domain.Pushed, 0
	case answer.Status == http.StatusNotFound || answer.Status == http.StatusGone:
		return domain.PushGone, 0
	case answer.Status == http.StatusTooManyRequests || answer.Status >= 500:
		seconds, _ := strconv.ParseUint(answer.Header.Get("Retry-After"), 10, 16)
		return domain.PushFails, time.Duration(seconds) * time.Second //nolint:gosec // at most 16 bits
	}
	return domain.Pushed, 0 // refused: another attempt would be, too
}
