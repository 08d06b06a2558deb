package contract

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/reqctx"
)

// webhook creates a webhook with a delivery, in the place of those there were: a tenant may have so many only. It returns the ids.
func webhook(t *testing.T, target Target) map[string]string {
	t.Helper()
	const webhooks = "/api/v1/activity/webhooks"
	var old struct{ Items []struct{ ID string } }
	target.get(t, Request{Method: http.MethodGet, Path: webhooks}, &old)
	for _, w := range old.Items {
		target.remove(t, webhooks+"/"+w.ID)
	}
	var made struct{ Webhook struct{ ID string } }
	target.get(t, Request{Method: http.MethodPost, Path: webhooks, Body: encode("application/json", map[string]any{
		"name": "A bot", "url": "https://bot.example.com/hooks", "types": []string{"events.event.created"},
	})}, &made)
	var delivery struct{ ID string }
	target.get(t, Request{Method: http.MethodPost, Path: webhooks + "/" + made.Webhook.ID + "/test"}, &delivery)
	return map[string]string{"webhook_id": made.Webhook.ID, "delivery_id": delivery.ID}
}

// source creates a source, in the place of those there were, and returns its id.
func source(t *testing.T, target Target) map[string]string {
	t.Helper()
	const sources = "/api/v1/activity/admin/sources"
	var old struct{ Items []struct{ ID int64 } }
	target.get(t, Request{Method: http.MethodGet, Path: "/api/v1/activity/sources"}, &old)
	for _, s := range old.Items {
		target.remove(t, sources+"/"+strconv.FormatInt(s.ID, 10))
	}
	var made struct{ Source struct{ ID int64 } }
	target.get(t, Request{Method: http.MethodPost, Path: sources, Body: encode("application/json", map[string]any{
		"kind": "minecraft", "name": "Survival", "types": []string{"player.joined"},
	})}, &made)
	return map[string]string{"source_id": strconv.FormatInt(made.Source.ID, 10)}
}

// game creates a game, in the place of those there were, and returns its id.
func game(t *testing.T, target Target) map[string]string {
	t.Helper()
	const games = "/api/v1/activity/games"
	var old []struct{ ID int64 }
	target.get(t, Request{Method: http.MethodGet, Path: games}, &old)
	for _, g := range old {
		target.remove(t, games+"/"+strconv.FormatInt(g.ID, 10))
	}
	var made struct{ ID int64 }
	target.get(t, Request{Method: http.MethodPost, Path: games, Body: encode("application/json", map[string]any{"name": "Minecraft"})}, &made)
	return map[string]string{"game_id": strconv.FormatInt(made.ID, 10)}
}

// remove deletes what is at a path.
func (t Target) remove(tb testing.TB, path string) {
	tb.Helper()
	got, err := t.Send(tb.Context(), Request{Method: http.MethodDelete, Path: path, Header: http.Header{}}, root)
	require.NoError(tb, err)
	require.Equal(tb, http.StatusNoContent, got.Status, "%s", got.Body)
}

// news creates a post and a comment of another author, of whom there may be so many only, and returns the ids. The comment that the test of
// updateNewsComment changes is of root: only the author may change it.
func news(t *testing.T, target Target) map[string]string {
	t.Helper()
	author := root
	author.UserID = uuid.New()
	send := func(by reqctx.Context, path string, body map[string]any, answer any) {
		t.Helper()
		got, err := target.Send(t.Context(), Request{
			Method: http.MethodPost, Path: "/api/v1/activity/news" + path, Header: http.Header{"Content-Type": {"application/json"}},
			Body: encode("application/json", body),
		}, by)
		require.NoError(t, err)
		require.Equal(t, http.StatusOK, got.Status, "%s", got.Body)
		require.NoError(t, json.Unmarshal(got.Body, answer))
	}
	var post struct {
		Payload struct {
			NewsID string `json:"news_id"`
		} `json:"payload_json"`
	}
	send(author, "", map[string]any{"body": "A post", "visibility": "public"}, &post)
	id := post.Payload.NewsID
	if strings.HasSuffix(t.Name(), "/updateNewsComment") {
		author = root
	}
	var comment struct{ ID int64 }
	send(author, "/"+id+"/comments", map[string]any{"body": "A comment"}, &comment)
	return map[string]string{"news_id": id, "comment_id": strconv.FormatInt(comment.ID, 10)}
}
