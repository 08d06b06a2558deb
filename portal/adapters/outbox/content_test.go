package outbox_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/events"
	"go.updspace.com/libs/authz"
	"go.updspace.com/portal/adapters/outbox"
	contentdomain "go.updspace.com/portal/content/domain"
	"go.updspace.com/portal/ports/portstest"
)

// Every event about posts and profiles in the document can be published, as the document describes it.
func TestContentEventsMatchTheirDocument(t *testing.T) {
	doc, err := events.Of("portal")
	require.NoError(t, err)
	by := portstest.Someone()
	scope := contentdomain.PostScope{CommunityID: uuid.New(), TeamID: uuid.New()}
	published := map[string]bool{}
	publish := func(event contentdomain.Event) map[string]any {
		wire := outbox.ContentEvent(event)
		text, err := json.Marshal(wire.Data)
		require.NoError(t, err)
		var data map[string]any
		require.NoError(t, json.Unmarshal(text, &data))
		require.NoError(t, doc.Validate(wire.Type, wire.Subject, text))
		published[wire.Type] = true
		require.Equal(t, strings.Replace(wire.Subject, "/", ":", 1), data["source_ref"])
		return data
	}
	for _, visibility := range []authz.Visibility{authz.VisibilityPublic, authz.VisibilityCommunity, authz.VisibilityTeam, authz.VisibilityPrivate} {
		post := portstest.NewPost(t, by, contentdomain.PostDraft{Title: "telling", Visibility: visibility, Scope: scope}, portstest.Noon)
		for _, happened := range []contentdomain.Happened{contentdomain.Created, contentdomain.Updated, contentdomain.Deleted} {
			data := publish(contentdomain.PostEvent{Happened: happened, Post: post, By: by.User})
			require.Equal(t, string(visibility), data["visibility"])
			require.Equal(t, visibility != authz.VisibilityPrivate, data["title"] == "telling", "the title of a private post is not published")
			require.Equal(t, post.AuthzScope().ID.String(), data["scope_id"])
			require.Equal(t, by.User.String(), data["actor_id"])
		}
	}
	profile := contentdomain.NewProfile(by.Tenant, contentdomain.Account{UserID: by.User, DisplayName: "Alice"})
	require.Equal(t, "Alice", publish(contentdomain.ProfileUpdated{Profile: profile, By: by.User, Changed: []string{"bio"}})["title"])
	require.Nil(t, publish(contentdomain.ProfileUpdated{Profile: profile})["actor_id"], "the change followed the account")
	for kind := range doc.Events {
		if strings.HasPrefix(kind, "portal.post.") || strings.HasPrefix(kind, "portal.profile.") {
			require.True(t, published[kind], "%s is in the document and is not published", kind)
		}
	}
}
