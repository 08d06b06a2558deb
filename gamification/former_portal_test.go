package gamification_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/authz"
	"go.updspace.com/tools/devkit/testkit/service"
)

// browser sends what the former portal sends, byte for byte, and reads answers as it does: by names.
type browser struct {
	s  *fixture
	by authz.Actor
}

func (b browser) send(method, path, body string) map[string]any {
	b.s.T.Helper()
	var content io.Reader
	if body != "" {
		content = strings.NewReader(body)
	}
	r, err := http.NewRequestWithContext(b.s.T.Context(), method, b.s.URL+"/api/v1/gamification"+path, content)
	require.NoError(b.s.T, err)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	response, err := b.s.HTTP("bff", service.Context(b.by)).Do(r)
	require.NoError(b.s.T, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	require.NoError(b.s.T, err)
	require.Less(b.s.T, response.StatusCode, 300, "%s %s: %s", method, path, text)
	var answer map[string]any
	require.NoError(b.s.T, json.NewDecoder(bytes.NewReader(text)).Decode(&answer))
	return answer
}

func (b browser) items(path string) (items []map[string]any) {
	b.s.T.Helper()
	answer := b.send(http.MethodGet, path, "")
	require.Contains(b.s.T, answer, "items")
	list, ok := answer["items"].([]any)
	require.True(b.s.T, ok)
	for _, item := range list {
		fields, ok := item.(map[string]any)
		require.True(b.s.T, ok)
		items = append(items, fields)
	}
	return items
}

func hasFields(t *testing.T, object map[string]any, names ...string) {
	t.Helper()
	for _, name := range names {
		require.Contains(t, object, name)
	}
}

// The calls of the former portal, in the order in which a manager uses its screens.
func TestTheFormerPortalsCallsAnswerFieldByField(t *testing.T) {
	t.Parallel()
	s := start(t)
	b := browser{s, s.admin}

	category := b.send(http.MethodPost, "/categories", `{"id":"skill","name_i18n":{"ru":"Мастерство"},"order":0,"is_active":true}`)
	require.Equal(t, "skill", category["id"])
	listed := b.items("/categories")
	hasFields(t, listed[0], "id", "name_i18n", "order", "is_active", "created_at", "updated_at")
	patched := b.send(http.MethodPatch, "/categories/skill", `{"name_i18n":{"ru":"Навык"},"order":5,"is_active":true}`)
	require.InDelta(t, 5, patched["order"], 0)

	made := b.send(http.MethodPost, "/achievements", `{"name_i18n":{"ru":"Знаток"},"description":"","category":"skill","status":"draft","images":{}}`)
	id, ok := made["id"].(string)
	require.True(t, ok)
	got := b.send(http.MethodGet, "/achievements/"+id, "")
	hasFields(t, got, "id", "name_i18n", "description", "category", "status", "images", "updated_at", "can_edit", "can_publish", "can_hide", "created_by", "created_at")
	require.Nil(t, got["images"])
	require.Nil(t, got["description"])
	require.Equal(t, "skill", got["category"])

	b.send(http.MethodPatch, "/achievements/"+id,
		`{"name_i18n":{"ru":"Знаток","en":"Expert"},"description":"Text","category":"skill","images":{"small":"https://example.com/s.png","medium":null,"large":null}}`)
	require.Equal(t, id, b.send(http.MethodPatch, "/achievements/"+id, `{"status":"published"}`)["id"])
	shown := b.send(http.MethodGet, "/achievements/"+id, "")
	require.Equal(t, map[string]any{"small": "https://example.com/s.png", "medium": nil, "large": nil}, shown["images"])
	require.Equal(t, []any{"published", "Text", false, true}, []any{shown["status"], shown["description"], shown["can_publish"], shown["can_hide"]})

	// Filters are joined by commas in one value, or repeated; empty ones are left out.
	for _, query := range []string{
		"limit=20&created_by=any", "status=published&category=skill&q=знаток&created_by=me&limit=20", "status=draft,published&limit=8", "status=draft&status=published&limit=50",
		"category=other,skill", "status=published,active",
	} {
		items := b.items("/achievements?" + query)
		require.Len(t, items, 1, query)
		hasFields(t, items[0], "id", "name_i18n", "category", "status", "updated_at", "can_edit", "can_publish", "can_hide")
	}
	require.Contains(t, b.send(http.MethodGet, "/achievements?limit=20", ""), "next_cursor")

	grant := b.send(http.MethodPost, "/achievements/"+id+"/grants", `{"recipient_id":"`+s.member.User.String()+`","reason":"","visibility":"private"}`)
	hasFields(t, grant, "id", "achievement_id", "recipient_id", "issuer_id", "reason", "visibility", "created_at", "revoked_at")
	require.Equal(t, []any{nil, "private", nil}, []any{grant["reason"], grant["visibility"], grant["revoked_at"]})
	again := b.send(http.MethodPost, "/achievements/"+id+"/grants", `{"recipient_id":"`+s.member.User.String()+`","reason":"x","visibility":"public"}`)
	require.Equal(t, grant, again, "granting again is the grant that there is")
	for _, query := range []string{"limit=20", "visibility=private&limit=20"} {
		items := b.items("/achievements/" + id + "/grants?" + query)
		require.Len(t, items, 1)
		hasFields(t, items[0], "id", "recipient_id", "visibility", "created_at", "reason")
	}
	require.Contains(t, b.send(http.MethodGet, "/achievements/"+id+"/grants?limit=20", ""), "next_cursor")
	require.Empty(t, b.items("/achievements/"+id+"/grants?visibility=public&limit=20"))
	revoked := b.send(http.MethodPost, "/grants/"+grant["id"].(string)+"/revoke", "")
	require.NotNil(t, revoked["revoked_at"])
	repeated := b.send(http.MethodPost, "/grants/"+grant["id"].(string)+"/revoke", "")
	require.Equal(t, revoked, repeated)
	require.Equal(t, []string{"achievement.published", "grant.created", "grant.revoked"}, s.eventTypes(), "each once")

	b.send(http.MethodPatch, "/achievements/"+id, `{"status":"hidden"}`)
	require.Len(t, b.items("/achievements?status=hidden"), 1)
	require.Equal(t, true, b.send(http.MethodGet, "/achievements/"+id, "")["can_publish"])
	require.Empty(t, browser{s, s.member}.items("/achievements?status=hidden&limit=20"))
}
