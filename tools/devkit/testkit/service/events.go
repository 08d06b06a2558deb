package service

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/events"
	"go.updspace.com/libs/pg"
)

// Event is an event as the service published it.
type Event struct {
	ID, Type, Subject, Source string
	TenantID                  uuid.UUID
	ActorID, RequestID        string
	Data                      json.RawMessage
}

// Events returns the events that are in the outbox, sent or not, in their order.
func (s *Service[C]) Events() []Event { return Events(s.T, s.DB) }

// Events returns the events in the outbox of a database.
func Events(t testing.TB, db *pg.DB) []Event {
	t.Helper()
	var texts []string
	require.NoError(t, db.Read(pg.AcrossTenants(context.Background(), "test"), func(ctx context.Context) error {
		return db.Conn(ctx).NewRaw("SELECT event FROM outbox ORDER BY seq").Scan(ctx, &texts)
	}))
	list := make([]Event, len(texts))
	for i, text := range texts {
		require.NoError(t, json.Unmarshal([]byte(text), &list[i]))
	}
	return list
}

// FullEvents tests that the events in the outbox of a database show all that the event document of a service describes: each
// of its types, and each field of its data with a value that is not zero. A field that is added to the document fails the test
// until an event of the test has it.
func FullEvents(t testing.TB, db *pg.DB, source string) {
	t.Helper()
	family, err := events.Of(source)
	require.NoError(t, err)
	filled := map[string]map[string]bool{} // the fields with a value, by type
	for _, e := range Events(t, db) {
		var data map[string]any
		require.NoError(t, json.Unmarshal(e.Data, &data))
		if filled[e.Type] == nil {
			filled[e.Type] = map[string]bool{}
		}
		for field, value := range data {
			list, isList := value.([]any)
			if value != nil && value != "" && value != false && value != 0.0 && (!isList || len(list) > 0) {
				filled[e.Type][field] = true
			}
		}
	}
	for kind, described := range family.Events {
		require.NotNil(t, filled[kind], "%s is in the document and is not published", kind)
		schema, _ := family.Schemas[described.Schema()].(map[string]any)
		fields, _ := schema["properties"].(map[string]any)
		require.NotEmpty(t, fields, kind)
		for field := range fields {
			require.True(t, filled[kind][field], "no %s of this test has a value for %s", kind, field)
		}
	}
}

// checkEvents fails the test when an event does not match its event document.
func (s *Service[C]) checkEvents() {
	s.T.Helper()
	if s.T.Failed() { // the database may be away on purpose, or the failure says enough
		return
	}
	for _, e := range s.Events() {
		family, err := events.For(s.options.Name, e.Type)
		require.NoError(s.T, err)
		require.NoError(s.T, family.Validate(e.Type, e.Subject, e.Data), "%s: %s", e.Type, e.Data)
	}
}
