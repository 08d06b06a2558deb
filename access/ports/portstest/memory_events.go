package portstest

import (
	"context"
	"slices"

	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports"
)

var _ ports.Events = (*Memory)(nil)

// Publish implements ports.Events.
func (m *Memory) Publish(_ context.Context, events ...domain.Event) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.published = append(m.published, events...)
	return nil
}

// Published are the events that were published, in order.
func (m *Memory) Published() []domain.Event {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.published)
}
