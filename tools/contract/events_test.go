package contract

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/events"
	"go.updspace.com/api/identityevents"
)

var (
	eventTypes = regexp.MustCompile(`^[a-z_]+\.[a-z_]+\.[a-z_]+$`)
	subjects   = regexp.MustCompile(`^[a-z_]+(/\{[a-z_]+\})+$`)
)

// The event documents have one form: each names its source, and each event has a summary, a subject and a schema. Every
// schema is used.
func TestEventDocumentsAreWellFormed(t *testing.T) {
	sources, err := events.Sources()
	require.NoError(t, err)
	require.NotEmpty(t, sources)
	for _, source := range sources {
		t.Run(source, func(t *testing.T) {
			family, err := events.Of(source)
			require.NoError(t, err)
			require.NotEmpty(t, family.Events)
			text, err := json.Marshal(family.Schemas)
			require.NoError(t, err)
			used := map[string]bool{}
			for kind, event := range family.Events {
				require.Regexp(t, eventTypes, kind)
				require.True(t, strings.HasPrefix(kind, source+"."), kind)
				require.NotEmpty(t, event.Summary, kind)
				require.Regexp(t, subjects, event.Subject, kind)
				require.Contains(t, family.Schemas, event.Schema(), kind)
				used[event.Schema()] = true
			}
			for schema, definition := range family.Schemas {
				require.True(t, used[schema] || strings.Contains(string(text), `"#/schemas/`+schema+`"`), "no event uses schema %s", schema)
				require.Equal(t, false, definition.(map[string]any)["additionalProperties"], "%s: producers must not send fields that the document does not have", schema)
			}
		})
	}
}

// identityUser is an event that its document allows; the cases below change one thing each.
func identityUser() (kind, subject string, fields map[string]any) {
	user := uuid.NewString()
	return identityevents.TypeUserUpdated, "user/" + user, map[string]any{
		"user_id": user, "username": "ann", "display_name": "Ann", "first_name": "", "last_name": "Bee",
		"status": "active", "created_at": time.Now().UTC().Format(time.RFC3339Nano),
	}
}

func TestEventsAreHeldAgainstTheirDocument(t *testing.T) {
	family, err := events.Of("identity")
	require.NoError(t, err)
	kind, subject, fields := identityUser()
	valid, err := json.Marshal(fields)
	require.NoError(t, err)
	require.NoError(t, family.Validate(kind, subject, valid))
	require.ErrorContains(t, family.Validate("identity.user.renamed", subject, valid), "is not in api/events/identity.yaml")
	require.ErrorContains(t, family.Validate(kind, "user/2", valid), "subject")
	_, err = events.Of("weather")
	require.Error(t, err)

	decoded, err := identityevents.DecodeUser(kind, valid)
	require.NoError(t, err)
	require.Equal(t, subject, decoded.Subject())
	require.Equal(t, "Bee", decoded.LastName)
	_, err = identityevents.DecodeUser(identityevents.TypeTenantCreated, valid)
	require.ErrorContains(t, err, "schema User", "the data of another event")
	_, err = identityevents.DecodeUser(kind, []byte("{"))
	require.Error(t, err)

	for name, change := range map[string]func(fields map[string]any){
		"a missing field":     func(f map[string]any) { delete(f, "first_name") },
		"a value of no enum":  func(f map[string]any) { f["status"] = "asleep" },
		"an id that is none":  func(f map[string]any) { f["user_id"] = "me" },
		"a time that is none": func(f map[string]any) { f["created_at"] = "yesterday" },
		"another type":        func(f map[string]any) { f["username"] = 7 },
		"null":                func(f map[string]any) { f["username"] = nil },
		"text that is long":   func(f map[string]any) { f["username"] = strings.Repeat("x", 151) },
	} {
		kind, subject, fields := identityUser()
		change(fields)
		data, err := json.Marshal(fields)
		require.NoError(t, err)
		require.Error(t, family.Validate(kind, subject, data), name)
		_, err = identityevents.DecodeUser(kind, data)
		require.Error(t, err, name)
	}

	kind, subject, fields = identityUser()
	fields["nickname"] = "new"
	later, err := json.Marshal(fields)
	require.NoError(t, err)
	require.Error(t, family.Validate(kind, subject, later), "a producer must not send a field that the document does not have")
	_, err = identityevents.DecodeUser(kind, later)
	require.NoError(t, err, "a consumer ignores the fields of a later version")
}
