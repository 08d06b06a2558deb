package activity_test

import (
	"context"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/activity/notifications/app"
	"go.updspace.com/activity/notifications/domain"
	notifications "go.updspace.com/activity/notifications/ports"
	"go.updspace.com/api/activityapi"
	"go.updspace.com/api/gamificationevents"
	"go.updspace.com/tools/devkit/testkit/service"
)

// fakePush is the real sender without its network: it keeps what is sent, and answers as it is told.
type fakePush struct {
	notifications.Pusher

	mu      sync.Mutex
	sent    []domain.PushMessage
	outcome domain.PushOutcome
}

func (p *fakePush) within(d app.Deps) app.Deps {
	p.Pusher, d.Pusher = d.Pusher, p
	return d
}

func (p *fakePush) Push(_ context.Context, _ []byte, m domain.PushMessage) (domain.PushOutcome, time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sent = append(p.sent, m)
	return p.outcome, 0
}

func (p *fakePush) answers(outcome domain.PushOutcome) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.outcome = outcome
}

func (p *fakePush) count() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.sent)
}

// browser is a new browser.
func browser() activityapi.PushSubscriptionCreate {
	return activityapi.PushSubscriptionCreate{
		Endpoint: "https://push.example.net/" + uuid.NewString(), Auth: "BTBZMqHH6r4Tts7J_aSIgg", Language: "en", Browser: new("Firefox"),
		P256Dh: "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
	}
}

func TestNotificationsComeToBrowsers(t *testing.T) {
	t.Parallel()
	s := startTelling(t)
	holder, other := s.member(), s.member()
	push := func() *activityapi.Push {
		r, err := s.As(holder).GetPushWithResponse(t.Context())
		return service.OK(t, r, err).JSON200
	}
	key := push().PublicKey
	require.Len(t, key, 87)
	require.Equal(t, key, push().PublicKey, "the key is made once")
	mine := browser()
	added, err := s.As(holder).SubscribeToPushWithResponse(t.Context(), mine)
	subscription := service.OK(t, added, err).JSON201
	require.Equal(t, []activityapi.PushSubscription{*subscription}, push().Subscriptions)

	s.happened(gamificationevents.TypeGrantCreated, s.badge(holder.User))
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() { require.NoError(t, s.app.SendMessages(context.Background())) })
	}
	wg.Wait()
	require.Equal(t, 1, s.push.count(), "one message, whoever sends it")
	require.Equal(t, "You have a new badge: Full hold", s.push.sent[0].Message.Title)
	require.Equal(t, mine.Endpoint, s.push.sent[0].Browser.Endpoint)

	s.push.answers(domain.PushFails)
	s.happened(gamificationevents.TypeGrantCreated, s.badge(holder.User))
	require.NoError(t, s.app.SendMessages(context.Background()))
	require.Equal(t, 2, s.push.count())
	require.NoError(t, s.app.SendMessages(context.Background()))
	require.Equal(t, 2, s.push.count(), "not before its time")
	s.push.answers(domain.PushGone)
	s.Clock.Advance(2 * time.Minute)
	require.NoError(t, s.app.SendMessages(context.Background()))
	require.Equal(t, 3, s.push.count())
	require.Empty(t, push().Subscriptions, "the browser takes no more messages")

	refused, err := s.As(other).UnsubscribeFromPushWithResponse(t.Context(), subscription.ID)
	service.Refused(t, http.StatusNotFound, "PUSH_SUBSCRIPTION_NOT_FOUND", refused, err)
}

func TestSubscriptionsAreCheckedAndBounded(t *testing.T) {
	t.Parallel()
	s := startTelling(t)
	holder, other := s.member(), s.member()
	for field, edit := range map[string]func(*activityapi.PushSubscriptionCreate){
		"endpoint": func(b *activityapi.PushSubscriptionCreate) { b.Endpoint = "https://127.0.0.1/push" },
		"p256dh":   func(b *activityapi.PushSubscriptionCreate) { b.P256Dh = b.P256Dh[:86] + "x" },
		"auth":     func(b *activityapi.PushSubscriptionCreate) { b.Auth = "********************" },
	} {
		wrong := browser()
		edit(&wrong)
		r, err := s.As(holder).SubscribeToPushWithResponse(t.Context(), wrong)
		service.Invalid(t, r, err, field)
	}
	shared := browser()
	for range domain.MaxBrowsers - 1 {
		r, err := s.As(holder).SubscribeToPushWithResponse(t.Context(), browser())
		service.OK(t, r, err)
	}
	for range 2 { // a second time it is the same browser
		r, err := s.As(holder).SubscribeToPushWithResponse(t.Context(), shared)
		service.OK(t, r, err)
	}
	r, err := s.As(holder).SubscribeToPushWithResponse(t.Context(), browser())
	service.Refused(t, http.StatusConflict, "TOO_MANY_PUSH_SUBSCRIPTIONS", r, err)

	taken, err := s.As(other).SubscribeToPushWithResponse(t.Context(), shared) // another person signs in there
	service.OK(t, taken, err)
	list, err := s.As(holder).GetPushWithResponse(t.Context())
	require.Len(t, service.OK(t, list, err).JSON200.Subscriptions, domain.MaxBrowsers-1)
}
