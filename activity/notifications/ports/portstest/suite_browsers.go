package portstest

import (
	"bytes"
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"go.updspace.com/activity/notifications/domain"
	"go.updspace.com/activity/notifications/ports"
	"go.updspace.com/tools/devkit/testkit"
)

// Browsers is a store of the browsers that get notifications.
type Browsers struct {
	Browsers ports.Browsers
	Tx       ports.Tx
}

// BrowsersSuite tests a store of browsers.
func BrowsersSuite(t *testing.T, open func(*testing.T) Browsers) {
	t.Helper()
	for name, test := range map[string]func(*testing.T, Browsers){
		"a tenant has one key":                   oneKey,
		"a browser is of one person":             oneOwner,
		"a person has so many browsers":          browsersAreBounded,
		"a message waits for each browser":       queued,
		"one instance sends a message":           sentOnce,
		"messages go with the browser":           goesWithItsMessages,
		"another tenant has no browser of these": browsersOfAnotherTenant,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, open(t))
		})
	}
}

func (s Browsers) do(t require.TestingT, tenant uuid.UUID, fn func(ctx context.Context) error) {
	require.NoError(t, s.Tx.Do(in(tenant), fn))
}

func newBrowser(t require.TestingT, person uuid.UUID, endpoint, language string) domain.Browser {
	b, err := domain.NewBrowser(domain.Browser{
		Person: person, Endpoint: endpoint, Key: []byte("the key of a browser"), Auth: []byte("its secret"), Language: language, Name: "Firefox",
	}, noon)
	require.NoError(t, err)
	return b
}

func (s Browsers) add(t require.TestingT, tenant, person uuid.UUID, endpoint, language string) domain.Browser {
	b := newBrowser(t, person, endpoint, language)
	s.do(t, tenant, func(ctx context.Context) error { return s.Browsers.Add(ctx, b, domain.MaxBrowsers) })
	return b
}

func (s Browsers) of(t *testing.T, tenant, person uuid.UUID) []uuid.UUID {
	t.Helper()
	list, err := s.Browsers.List(in(tenant), person)
	require.NoError(t, err)
	ids := make([]uuid.UUID, len(list))
	for i, b := range list {
		ids[i] = b.ID
		require.Empty(t, b.Endpoint, "a list has no subscriptions")
		require.Empty(t, b.Key)
		require.Empty(t, b.Auth)
	}
	return ids
}

// due are the messages of one tenant.
func (s Browsers) due(t *testing.T, tenant uuid.UUID, now time.Time) (messages []domain.PushMessage) {
	t.Helper()
	all, err := s.Browsers.Due(context.Background(), now, 100)
	require.NoError(t, err)
	for _, m := range all {
		if m.Tenant == tenant {
			messages = append(messages, m)
		}
	}
	return messages
}

var hello = map[string]domain.Message{
	"en": {Title: "Hello", Body: "A reply", Link: "/news/1", Tag: "a"}, "ru": {Title: "Привет", Body: "Ответ", Link: "/news/1", Tag: "a"},
}

func (s Browsers) queue(t *testing.T, tenant, person uuid.UUID) {
	t.Helper()
	s.do(t, tenant, func(ctx context.Context) error {
		return s.Browsers.Queue(ctx, person, hello, noon, noon.Add(time.Hour))
	})
}

func oneKey(t *testing.T, s Browsers) {
	tenant := uuid.New()
	key, err := s.Browsers.PrivateKey(in(tenant))
	require.NoError(t, err)
	require.Nil(t, key)
	var all sync.WaitGroup
	for _, key := range []string{"a", "b", "c"} {
		all.Go(func() {
			assert.NoError(t, s.Tx.Do(in(tenant), func(ctx context.Context) error {
				return s.Browsers.SetPrivateKey(ctx, bytes.Repeat([]byte(key), 32))
			}))
		})
	}
	all.Wait()
	first, err := s.Browsers.PrivateKey(in(tenant))
	require.NoError(t, err)
	require.Len(t, first, 32)
	s.do(t, tenant, func(ctx context.Context) error { return s.Browsers.SetPrivateKey(ctx, []byte("later")) })
	kept, err := s.Browsers.PrivateKey(in(tenant))
	require.NoError(t, err)
	require.Equal(t, first, kept, "subscriptions are bound to the first one")
}

// A browser that another person signs in with is that person's: the former one gets no messages there.
func oneOwner(t *testing.T, s Browsers) {
	tenant, former, latter := uuid.New(), uuid.New(), uuid.New()
	s.add(t, tenant, former, "https://push.example.com/1", "en")
	again := s.add(t, tenant, latter, "https://push.example.com/1", "ru")
	require.Empty(t, s.of(t, tenant, former))
	require.Equal(t, []uuid.UUID{again.ID}, s.of(t, tenant, latter))
	err := s.Tx.Do(in(tenant), func(ctx context.Context) error { return s.Browsers.Remove(ctx, former, again.ID) })
	require.ErrorIs(t, err, domain.ErrSubscriptionNotFound)
	s.do(t, tenant, func(ctx context.Context) error { return s.Browsers.Remove(ctx, latter, again.ID) })
	require.Empty(t, s.of(t, tenant, latter))
}

func browsersAreBounded(t *testing.T, s Browsers) {
	tenant, person := uuid.New(), uuid.New()
	var added atomic.Int32
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			b := newBrowser(t, person, "https://push.example.com/"+uuid.NewString(), "en")
			err := s.Tx.Do(in(tenant), func(ctx context.Context) error { return s.Browsers.Add(ctx, b, 2) })
			if err == nil {
				added.Add(1)
			} else {
				assert.ErrorIs(t, err, domain.ErrTooManyBrowsers)
			}
		})
	}
	all.Wait()
	require.EqualValues(t, 2, added.Load())
	require.Len(t, s.of(t, tenant, person), 2)
}

func queued(t *testing.T, s Browsers) {
	tenant, person := uuid.New(), uuid.New()
	english, russian := s.add(t, tenant, person, "https://push.example.com/en", "en"), s.add(t, tenant, person, "https://push.example.com/ru", "ru")
	s.add(t, tenant, uuid.New(), "https://push.example.com/another", "en")
	s.queue(t, tenant, person)
	s.queue(t, tenant, uuid.New())
	require.Empty(t, s.due(t, tenant, noon.Add(-time.Second)))
	got := map[uuid.UUID]domain.PushMessage{}
	for _, m := range s.due(t, tenant, noon) {
		testkit.Filled(t, m, "Attempts")
		got[m.Browser.ID] = m
	}
	require.Len(t, got, 2)
	for _, b := range []domain.Browser{english, russian} {
		m := got[b.ID]
		require.Equal(t, domain.PushMessage{Tenant: tenant, ID: m.ID, Browser: b, Message: hello[b.Language], Expires: noon.Add(time.Hour)}, m)
	}
}

func sentOnce(t *testing.T, s Browsers) {
	tenant, person := uuid.New(), uuid.New()
	s.add(t, tenant, person, "https://push.example.com/1", "en")
	s.queue(t, tenant, person)
	m := s.due(t, tenant, noon)[0]
	var claimed atomic.Int32
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			assert.NoError(t, s.Tx.Do(in(tenant), func(ctx context.Context) error {
				mine, err := s.Browsers.Claim(ctx, m, noon.Add(time.Minute))
				if mine {
					claimed.Add(1)
				}
				return err
			}))
		})
	}
	all.Wait()
	require.EqualValues(t, 1, claimed.Load())
	require.Empty(t, s.due(t, tenant, noon.Add(time.Minute-1)))
	again := s.due(t, tenant, noon.Add(time.Minute))
	require.Len(t, again, 1, "an instance that has ended gives it up")
	require.Equal(t, 1, again[0].Attempts)
	s.do(t, tenant, func(ctx context.Context) error { return s.Browsers.PutOff(ctx, m.ID, noon.Add(time.Hour)) })
	require.Empty(t, s.due(t, tenant, noon.Add(time.Hour-1)))
	require.Len(t, s.due(t, tenant, noon.Add(time.Hour)), 1)
	s.do(t, tenant, func(ctx context.Context) error { return s.Browsers.Done(ctx, m.ID) })
	require.Empty(t, s.due(t, tenant, noon.Add(time.Hour)))
}

func goesWithItsMessages(t *testing.T, s Browsers) {
	tenant, person := uuid.New(), uuid.New()
	gone, kept := s.add(t, tenant, person, "https://push.example.com/1", "en"), s.add(t, tenant, person, "https://push.example.com/2", "en")
	s.queue(t, tenant, person)
	s.do(t, tenant, func(ctx context.Context) error { return s.Browsers.Forget(ctx, gone.ID) })
	require.Equal(t, []uuid.UUID{kept.ID}, s.of(t, tenant, person))
	waiting := s.due(t, tenant, noon)
	require.Len(t, waiting, 1)
	require.Equal(t, kept.ID, waiting[0].Browser.ID)
}

func browsersOfAnotherTenant(t *testing.T, s Browsers) {
	tenant, other, person := uuid.New(), uuid.New(), uuid.New()
	b := s.add(t, tenant, person, "https://push.example.com/1", "en")
	s.do(t, tenant, func(ctx context.Context) error { return s.Browsers.SetPrivateKey(ctx, []byte("a key")) })
	s.queue(t, tenant, person)
	m := s.due(t, tenant, noon)[0]
	require.Empty(t, s.of(t, other, person))
	key, err := s.Browsers.PrivateKey(in(other))
	require.NoError(t, err)
	require.Nil(t, key)
	s.add(t, other, person, "https://push.example.com/1", "en")
	s.do(t, other, func(ctx context.Context) error {
		require.ErrorIs(t, s.Browsers.Remove(ctx, person, b.ID), domain.ErrSubscriptionNotFound)
		require.NoError(t, s.Browsers.Forget(ctx, b.ID))
		mine, err := s.Browsers.Claim(ctx, m, noon.Add(time.Hour))
		require.False(t, mine)
		require.NoError(t, err)
		return s.Browsers.Done(ctx, m.ID)
	})
	require.Equal(t, []uuid.UUID{b.ID}, s.of(t, tenant, person))
	require.Len(t, s.due(t, tenant, noon), 1)
}
