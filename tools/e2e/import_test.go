package e2e

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"go.updspace.com/tools/importer"
	"go.updspace.com/tools/journey"
	"go.updspace.com/tools/oldsystem"
	"go.updspace.com/tools/platform"
)

// importOld imports a synthetic old installation into the running platform.
func importOld(t *testing.T) {
	t.Helper()
	from, err := oldsystem.Make(t.Context(), world.Postgres.AdminURL, "old_", 210)
	require.NoError(t, err)
	var to []string
	for _, service := range platform.Names() {
		if service != "bff" { // its sessions start anew
			to = append(to, world.Env(service)["DATABASE_MIGRATE_URL"])
		}
	}
	_, err = importer.Import(t.Context(), importer.Options{From: from, To: to, Now: time.Now()})
	require.NoError(t, err)
}

// People of an imported installation sign in with their old passwords and find everything in its place.
func TestImportedPeopleSignIn(t *testing.T) {
	importOld(t)
	ctx := t.Context()
	enter := func(person int, password string) (*journey.Browser, error) {
		b := newBrowser(t, oldsystem.Tenant)
		return b, journey.SignIn(ctx, b, oldsystem.Email(person), password)
	}
	for _, person := range []int{oldsystem.PersonPBKDF2, oldsystem.PersonBcrypt, 2} {
		for range 2 { // the second time by the hash that took the place of the old one
			_, err := enter(person, oldsystem.Password)
			require.NoError(t, err, person)
		}
	}
	for _, person := range []int{oldsystem.PersonUnverified, oldsystem.PersonTOTP, oldsystem.PersonBanned, oldsystem.PersonNoAccount} {
		_, err := enter(person, oldsystem.Password)
		require.Error(t, err, person)
	}
	_, err := enter(oldsystem.Admin, "not the password")
	require.Error(t, err)
	b, err := enter(oldsystem.Admin, oldsystem.Password)
	require.NoError(t, err)

	get := func(path string, into any) {
		t.Helper()
		require.NoError(t, b.Get(ctx, path).JSON(http.StatusOK, into), path)
	}
	var me struct{ User struct{ ID string } }
	get("/api/v1/session/me", &me)
	require.Equal(t, oldsystem.User(oldsystem.Admin).String(), me.User.ID, "people keep their ids")

	var post struct {
		Title    string
		BodyHTML string `json:"body_html"`
	}
	get("/api/v1/portal/posts/"+oldsystem.Post(5).String(), &post)
	require.Equal(t, "Пост 5", post.Title)
	require.Contains(t, post.BodyHTML, "<strong>", "it is rendered when it is read")

	var results struct {
		Nominations []struct {
			Options []struct{ Votes int }
		}
	}
	get("/api/v1/voting/polls/"+oldsystem.Poll(6).String()+"/results", &results)
	votes := 0
	for _, q := range results.Nominations {
		for _, o := range q.Options {
			votes += o.Votes
		}
	}
	require.NotZero(t, votes)

	var event struct {
		Title      string
		RsvpCounts struct{ Going int } `json:"rsvpCounts"`
	}
	get("/api/v1/events/"+oldsystem.Event(1).String(), &event)
	require.Equal(t, "Событие 1", event.Title)
	var news struct {
		Payload struct {
			Body     string
			Comments int `json:"comments_count"`
		} `json:"payload_json"`
	}
	get("/api/v1/activity/news/"+oldsystem.News(1).String(), &news)
	require.NotEmpty(t, news.Payload.Body)
	require.NotZero(t, news.Payload.Comments)
	for path, id := range map[string]fmt.Stringer{
		"/api/v1/portal/communities?limit=100":        oldsystem.Community(1),
		"/api/v1/voting/polls?limit=100":              oldsystem.Poll(6),
		"/api/v1/gamification/achievements?limit=100": oldsystem.Achievement(1),
		"/api/v1/gamification/me/grants?limit=100":    oldsystem.Achievement(6),
		"/api/v1/portal/people?limit=100":             oldsystem.User(1),
	} {
		require.Contains(t, string(b.Get(ctx, path).Body), id.String(), path)
	}
	var feed struct{ Items []struct{ Title string } }
	other, err := enter(2, oldsystem.Password) // the feed of the first is limited to a community
	require.NoError(t, err)
	require.NoError(t, other.Get(ctx, "/api/v1/activity/v2/feed?types=news.posted&from=2025-01-01T00:00:00Z").JSON(http.StatusOK, &feed))
	require.NotEmpty(t, feed.Items)
	require.Contains(t, feed.Items[0].Title, "Новость")
	// What the import wrote can be used: an answer to an event that is to come.
	require.NoError(t, b.Send(ctx, http.MethodPost, "/api/v1/events/"+oldsystem.Event(1).String()+"/rsvp", map[string]any{"status": "going"}).Expect(http.StatusOK))
}
