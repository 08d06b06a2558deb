package portstest

import (
	"bytes"
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/activity/notifications/domain"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/valid"
	"go.updspace.com/tools/devkit/testkit/memory"
)

// NewMemoryBrowsers is a store of browsers in memory. It passes the same suite as PostgreSQL does.
func NewMemoryBrowsers() Browsers {
	db := memory.New()
	return Browsers{Tx: db, Browsers: &memoryBrowsers{
		DB: db, keys: memory.NewTable[string, []byte](db), browsers: memory.NewTable[uuid.UUID, domain.Browser](db),
		messages: memory.NewTable[uuid.UUID, keptMessage](db),
	}}
}

type memoryBrowsers struct {
	*memory.DB

	keys     *memory.Table[string, []byte]
	browsers *memory.Table[uuid.UUID, domain.Browser]
	messages *memory.Table[uuid.UUID, keptMessage]
}

type keptMessage struct {
	domain.PushMessage
	due time.Time
}

const privateKey = "private"

func (m *memoryBrowsers) PrivateKey(ctx context.Context) ([]byte, error) {
	key, _ := m.keys.Get(ctx, privateKey)
	return key, nil
}

func (m *memoryBrowsers) SetPrivateKey(ctx context.Context, key []byte) error {
	if _, known := m.keys.Get(ctx, privateKey); !known {
		m.keys.Put(ctx, privateKey, key)
	}
	return nil
}

func (m *memoryBrowsers) List(ctx context.Context, person uuid.UUID) ([]domain.Browser, error) {
	list := m.browsers.All(ctx, func(b domain.Browser) bool { return b.Person == person })
	slices.SortFunc(list, func(a, b domain.Browser) int { return bytes.Compare(a.ID[:], b.ID[:]) })
	for i := range list {
		list[i].Endpoint, list[i].Key, list[i].Auth = "", nil, nil
	}
	return list, nil
}

func (m *memoryBrowsers) Add(ctx context.Context, b domain.Browser, most int) error {
	m.remove(ctx, func(known domain.Browser) bool { return known.Endpoint == b.Endpoint })
	if len(m.browsers.All(ctx, func(known domain.Browser) bool { return known.Person == b.Person })) >= most {
		return domain.ErrTooManyBrowsers
	}
	m.browsers.Put(ctx, b.ID, b)
	return nil
}

// remove removes browsers with their messages.
func (m *memoryBrowsers) remove(ctx context.Context, match func(domain.Browser) bool) (n int) {
	for _, b := range m.browsers.All(ctx, match) {
		m.messages.Delete(ctx, func(k keptMessage) bool { return k.Browser.ID == b.ID })
	}
	return m.browsers.Delete(ctx, match)
}

func (m *memoryBrowsers) Remove(ctx context.Context, person, id uuid.UUID) error {
	if m.remove(ctx, func(b domain.Browser) bool { return b.ID == id && b.Person == person }) == 0 {
		return domain.ErrSubscriptionNotFound
	}
	return nil
}

func (m *memoryBrowsers) Forget(ctx context.Context, id uuid.UUID) error {
	m.remove(ctx, func(b domain.Browser) bool { return b.ID == id })
	return nil
}

func (m *memoryBrowsers) Queue(ctx context.Context, person uuid.UUID, byLanguage map[string]domain.Message, due, expires time.Time) error {
	for _, b := range m.browsers.All(ctx, func(b domain.Browser) bool { return b.Person == person }) {
		id := valid.NewID()
		m.messages.Put(ctx, id, keptMessage{domain.PushMessage{
			Tenant: reqctx.From(ctx).TenantID, ID: id, Browser: b, Message: byLanguage[b.Language], Expires: expires,
		}, due})
	}
	return nil
}

func (m *memoryBrowsers) Due(ctx context.Context, now time.Time, limit int) ([]domain.PushMessage, error) {
	kept := m.messages.AllTenants(ctx, func(k keptMessage) bool { return !k.due.After(now) })
	slices.SortFunc(kept, func(a, b keptMessage) int { return a.due.Compare(b.due) })
	messages := make([]domain.PushMessage, min(limit, len(kept)))
	for i := range messages {
		messages[i] = kept[i].PushMessage
	}
	return messages, nil
}

func (m *memoryBrowsers) Claim(ctx context.Context, message domain.PushMessage, until time.Time) (bool, error) {
	kept, ok := m.messages.Get(ctx, message.ID)
	if !ok || kept.Attempts != message.Attempts {
		return false, nil
	}
	kept.Attempts++
	kept.due = until
	m.messages.Put(ctx, message.ID, kept)
	return true, nil
}

func (m *memoryBrowsers) PutOff(ctx context.Context, id uuid.UUID, until time.Time) error {
	if kept, ok := m.messages.Get(ctx, id); ok {
		kept.due = until
		m.messages.Put(ctx, id, kept)
	}
	return nil
}

func (m *memoryBrowsers) Done(ctx context.Context, id uuid.UUID) error {
	m.messages.Delete(ctx, func(k keptMessage) bool { return k.ID == id })
	return nil
}
