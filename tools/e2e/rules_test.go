package e2e

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/tools/journey"
)

// A member writes posts and has an achievement by a rule; it goes with the posts. The events come over the broker.
func TestARuleGrantsByWhatAMemberDoes(t *testing.T) {
	const gamification, posts = "/api/v1/gamification", "/api/v1/portal/posts"
	ctx := t.Context()
	admin, member := signedIn(t, journey.Admin), signedIn(t, journey.Member)
	var made struct{ ID string }
	require.NoError(t, admin.Send(ctx, http.MethodPost, gamification+"/achievements", map[string]any{
		"name_i18n": map[string]string{"en": "Author " + uuid.NewString()}, "category": "community", "status": "published",
		"images": map[string]any{"small": "https://example.com/s.png"}, "kind": "repeatable",
	}).JSON(http.StatusCreated, &made))
	now := time.Now().UTC().Format(time.DateOnly)
	require.NoError(t, admin.Send(ctx, http.MethodPut, gamification+"/achievements/"+made.ID+"/rule", map[string]any{
		"takes_back": true, "conditions": []map[string]any{{"fact": "post_written", "measure": "count", "need": 1, "from": now}},
	}).Expect(http.StatusOK))
	held := func() int {
		var page struct {
			Items []struct{ Achievement struct{ ID string } }
		}
		require.NoError(t, member.Get(ctx, gamification+"/me/grants?limit=100").JSON(http.StatusOK, &page))
		of := slices.DeleteFunc(page.Items, func(h struct{ Achievement struct{ ID string } }) bool { return h.Achievement.ID != made.ID })
		return len(of)
	}
	var rule struct {
		CountedAt *string `json:"counted_at"`
	}
	soon := func(holds func() bool) { t.Helper(); require.Eventually(t, holds, 30*time.Second, 50*time.Millisecond) }
	soon(func() bool {
		require.NoError(t, admin.Get(ctx, gamification+"/achievements/"+made.ID+"/rule").JSON(http.StatusOK, &rule))
		return rule.CountedAt != nil
	})
	before := held()
	var post struct{ ID string }
	require.NoError(t, member.Send(ctx, http.MethodPost, posts, map[string]any{
		"title": "One more", "body": "x", "visibility": "public"}).JSON(http.StatusCreated, &post))
	soon(func() bool { return held() == before+1 })
	require.NoError(t, member.Send(ctx, http.MethodDelete, posts+"/"+post.ID, nil).Expect(http.StatusNoContent))
	soon(func() bool { return held() == before })
}
