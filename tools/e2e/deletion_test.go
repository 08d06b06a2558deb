package e2e

import (
	"archive/zip"
	"bytes"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"go.updspace.com/identity"
	"go.updspace.com/libs/config"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/tools/journey"
)

const dataPatience = 2 * time.Minute // reached only by a defect

// A person with traces in every service takes an export along and is deleted. Afterwards no database, no Redis, no stream and no log of the run
// holds the id, the address or the name, and the vote still counts.
func TestADeletedPersonIsNowhere(t *testing.T) {
	ctx, admin, stored := t.Context(), signedIn(t, journey.Admin), whatIsKept(t)
	u := newPerson(t)
	member := signedIn(t, u.Email)
	send := func(b *journey.Browser, method, path string, body, into any) {
		t.Helper()
		answer := b.Send(ctx, method, path, body)
		require.Contains(t, []int{http.StatusOK, http.StatusCreated, http.StatusAccepted}, answer.Status, path)
		if into != nil {
			require.NoError(t, answer.JSON(answer.Status, into))
		}
	}
	vote := leavesTraces(t, stored, admin, member, u, send)
	look := traces{u.ID.String(), strings.ReplaceAll(u.ID.String(), "-", ""), u.Email, u.FirstName, u.LastName}
	await(t, func() bool { // the search finds what is there
		places := strings.Join(slices.Collect(maps.Keys(look.databases(t, stored))), " ")
		for _, service := range world.Services() {
			if !strings.Contains(places, service.Name+".") {
				return false
			}
		}
		return stored.underWay(t) == ""
	})
	require.NotEmpty(t, look.streams(t, stored))
	require.NotEmpty(t, traces{"identity:limit:"}.redis(t), "its keys have hashes")
	require.Empty(t, look.logs(t), "a log has hashes from the beginning")
	require.NotEmpty(t, traces{reqctx.LogID(u.ID)}.logs(t))

	id := world.IDOrigin()
	send(member, http.MethodPost, id+"/api/v1/auth/data/export/begin", nil, nil)
	var archive *journey.Answer
	await(t, func() bool {
		archive = member.Get(ctx, id+"/api/v1/auth/data/export/archive")
		return archive.Status == http.StatusOK
	})
	requireArchive(t, archive.Body, u)

	send(member, http.MethodPost, id+"/api/v1/auth/account/delete", map[string]any{"password": journey.Password}, nil)
	send(member, http.MethodGet, "/api/v1/session/me", nil, nil) // within the grace everything works
	isDeleted(t, stored, u.ID)
	require.NotEqual(t, http.StatusOK, member.Get(ctx, "/api/v1/session/me").Status)
	assert.Eventually(t, func() bool { // the last events and mails are on their way
		return stored.underWay(t) == "" && len(look.databases(t, stored)) == 0
	}, dataPatience, time.Second)
	assert.Empty(t, look.databases(t, stored))
	assert.Empty(t, look.streams(t, stored))
	assert.Empty(t, look.redis(t))
	assert.Empty(t, look.logs(t))
	require.Equal(t, 1, count(t, stored.databases["voting"], "SELECT count(*) FROM ballots WHERE poll_id = $1", vote.ID), "the vote counts")

	// The address is free, and an account with it does not get the old things.
	operator(t, "user-create", u.Email, "Another")
	require.Zero(t, count(t, stored.databases["identity"], "SELECT count(*) FROM memberships m JOIN users u ON u.id = m.user_id WHERE u.email = $1", u.Email))
}

func await(t *testing.T, holds func() bool) {
	t.Helper()
	require.Eventually(t, holds, dataPatience, 100*time.Millisecond)
}

// person is a member of the tenant aef whose names no one else has.
type person struct {
	ID                               uuid.UUID
	Email, FirstName, LastName, Name string
}

func newPerson(t *testing.T) person {
	t.Helper()
	cfg, err := config.Parse[identity.Config](world.Env("identity"))
	require.NoError(t, err)
	u := identity.DefaultDemo().Users[1]
	u.ID = uuid.New()
	u.FirstName, u.LastName = "Xanthippe"+u.ID.String()[:8], "Quillfeather"+u.ID.String()[:8]
	u.DisplayName, u.Username, u.Email = u.FirstName+" "+u.LastName, strings.ToLower(u.LastName), strings.ToLower(u.FirstName)+"@aef.test"
	var demo identity.Demo
	demo.Users = append(demo.Users, u)
	require.NoError(t, identity.SeedDemo(t.Context(), cfg, demo))
	return person{u.ID, u.Email, u.FirstName, u.LastName, u.DisplayName}
}

// leavesTraces has a person do something in every service, and others write about the person. It returns the poll in which the person voted.
func leavesTraces(
	t *testing.T, stored kept, admin, member *journey.Browser, u person, send func(b *journey.Browser, method, path string, body, into any),
) poll {
	t.Helper()
	const second = "00000000-0000-4000-8000-000000000003"
	send(member, http.MethodGet, "/api/v1/session/me", nil, nil)
	send(member, http.MethodPatch, "/api/v1/portal/me", map[string]any{"display_name": u.Name, "bio": "I am " + u.FirstName}, nil)
	send(member, http.MethodPost, "/api/v1/portal/posts", map[string]any{"title": "From " + u.FirstName, "body": "x", "visibility": "public"}, nil)
	send(member, http.MethodPost, "/api/v1/activity/news", map[string]any{"body": "News of " + u.FirstName, "visibility": "public"}, nil)
	p := newPoll(t, admin, 2)
	require.NoError(t, cast(t.Context(), member, p, 0).Expect(http.StatusCreated))
	var event, achievement struct{ ID string }
	start := time.Now().AddDate(0, 1, 0)
	send(admin, http.MethodPost, "/api/v1/events", map[string]any{
		"title": "Evening", "scopeType": "TENANT", "visibility": "public", "startsAt": start, "endsAt": start.Add(time.Hour), "timeZone": "UTC",
	}, &event)
	send(member, http.MethodPost, "/api/v1/events/"+event.ID+"/rsvp", map[string]any{"status": "going"}, nil)
	send(admin, http.MethodPost, "/api/v1/gamification/achievements", map[string]any{
		"name_i18n": map[string]string{"en": "Helper " + uuid.NewString()}, "category": "community", "status": "published",
		"images": map[string]any{"small": "https://example.com/s.png"},
	}, &achievement)
	await(t, func() bool { return stored.underWay(t) == "" }) // gamification knows the new member
	for _, to := range []string{u.ID.String(), second} {
		send(admin, http.MethodPost, "/api/v1/gamification/achievements/"+achievement.ID+"/grants", map[string]any{"recipient_id": to, "reason": "With " + u.Name}, nil)
	}
	send(member, http.MethodPost, "/api/v1/activity/subscriptions", map[string]any{"scopes": []any{}}, nil)
	return p
}

// requireArchive holds that an export has a part of each service, and the person in it.
func requireArchive(t *testing.T, content []byte, u person) {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	require.NoError(t, err)
	var names []string
	for _, f := range archive.File {
		names = append(names, f.Name)
	}
	for _, service := range []string{"voting", "portal", "events", "activity", "gamification", "access", "bff"} {
		require.Contains(t, names, "communities/aef/"+service+".json")
	}
	account, err := archive.Open("account.json")
	require.NoError(t, err)
	defer account.Close()
	text := new(bytes.Buffer)
	_, err = text.ReadFrom(account)
	require.NoError(t, err)
	require.Contains(t, text.String(), u.Email)
}

// isDeleted has the time of each step of a deletion come when all events of the step before have arrived, and waits for the last one.
func isDeleted(t *testing.T, stored kept, user uuid.UUID) {
	t.Helper()
	db, request := stored.databases["identity"], uuid.UUID{}
	require.NoError(t, db.QueryRowContext(t.Context(), "SELECT id FROM data_requests WHERE user_id = $1 AND kind = 'deletion'", user).Scan(&request))
	await(t, func() bool {
		if stored.underWay(t) == "" {
			_, err := db.ExecContext(t.Context(), "UPDATE data_requests SET due_at = now() WHERE id = $1 AND due_at > now() AND state <> 'done'", request)
			require.NoError(t, err)
		}
		return count(t, db, "SELECT count(*) FROM data_requests WHERE id = $1 AND state = 'done'", request) == 1
	})
}
