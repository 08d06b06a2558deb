package outbox_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"go.updspace.com/portal/adapters/outbox"
	"go.updspace.com/portal/domain"
	"go.updspace.com/portal/ports/portstest"
)

// Every event about posts and profiles that the document lists can be told, and what is told is what it says.
func TestContentEventsAreWhatTheirDocumentSays(t *testing.T) {
	raw, err := os.ReadFile("../../../api/events/portal.yaml")
	require.NoError(t, err)
	var doc struct {
		Events map[string]struct {
			Data struct {
				Ref string `yaml:"$ref"`
			}
		}
		Schemas map[string]any
	}
	require.NoError(t, yaml.Unmarshal(raw, &doc))
	by := portstest.Someone()
	place := domain.PostPlace{CommunityID: uuid.New(), TeamID: uuid.New()}
	told := map[string]bool{}
	tell := func(event domain.Event) map[string]any {
		wire, err := outbox.ToWire(event)
		require.NoError(t, err)
		text, err := json.Marshal(wire.Data)
		require.NoError(t, err)
		var data map[string]any
		require.NoError(t, json.Unmarshal(text, &data))
		listed, ok := doc.Events[wire.Type]
		require.True(t, ok, "%s is not in the document", wire.Type)
		told[wire.Type] = true
		definition, err := json.Marshal(doc.Schemas[strings.TrimPrefix(listed.Data.Ref, "#/schemas/")])
		require.NoError(t, err)
		schema := openapi3.NewSchema()
		require.NoError(t, json.Unmarshal(definition, schema))
		require.NoError(t, schema.VisitJSON(data), "%s: %s", wire.Type, text)
		require.Equal(t, strings.Replace(wire.Subject, "/", ":", 1), data["source_ref"])
		return data
	}
	for _, visibility := range []domain.Visibility{domain.VisibilityPublic, domain.VisibilityCommunity, domain.VisibilityTeam, domain.VisibilityPrivate} {
		post := portstest.NewPost(t, by, domain.PostDraft{Title: "telling", Visibility: visibility, Place: place}, portstest.Noon)
		about := domain.PostEvent{Post: post, By: by.User}
		for _, event := range []domain.Event{domain.PostCreated{PostEvent: about}, domain.PostUpdated{PostEvent: about}, domain.PostDeleted{PostEvent: about}} {
			data := tell(event)
			require.Equal(t, string(visibility), data["visibility"])
			require.Equal(t, visibility != domain.VisibilityPrivate, data["title"] == "telling", "nobody learns what a private post is called")
			require.Equal(t, post.Scope().ID.String(), data["scope_id"])
			require.Equal(t, by.User.String(), data["actor_id"])
		}
	}
	profile := domain.NewProfile(by.Tenant, domain.Account{UserID: by.User, DisplayName: "Alice"})
	require.Equal(t, "Alice", tell(domain.ProfileUpdated{Profile: profile, By: by.User, Changed: []string{"bio"}})["title"])
	require.Nil(t, tell(domain.ProfileUpdated{Profile: profile})["actor_id"], "it followed the account")
	for kind := range doc.Events {
		if strings.HasPrefix(kind, "portal.post.") || strings.HasPrefix(kind, "portal.profile.") {
			require.True(t, told[kind], "%s is in the document and never told", kind)
		}
	}
}
