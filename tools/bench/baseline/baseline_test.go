package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"go.updspace.com/tools/devkit/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// A baseline that skipped its work would make every service look slow: each is seen to do it.

func ask(t *testing.T, h http.Handler, method, path, body string, cookie ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	for _, value := range cookie {
		r.AddCookie(&http.Cookie{Name: sessionCookie, Value: value})
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestGatewayKnowsItsSessionAndSigns(t *testing.T) {
	var got *http.Request
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { got = r; _, _ = w.Write(payload) }))
	t.Cleanup(upstream.Close)
	t.Cleanup(http.DefaultClient.CloseIdleConnections)
	h, err := gateway(t.Context(), settings{upstream: upstream.URL, redis: testkit.Redis(t), session: "mine"})
	require.NoError(t, err)

	w := ask(t, h, http.MethodGet, "/a/b?c=d", "", "mine")
	require.Equal(t, http.StatusOK, w.Code)
	require.Equal(t, string(payload), w.Body.String())
	require.Equal(t, "/a/b?c=d", got.URL.RequestURI())
	require.Equal(t, "00000000-0000-4000-8000-000000000002", got.Header.Get("X-User-Id"))
	require.Len(t, got.Header.Get("X-Signature"), 64)

	got = nil
	require.Equal(t, http.StatusUnauthorized, ask(t, h, http.MethodGet, "/a/b", "", "another").Code)
	require.Equal(t, http.StatusUnauthorized, ask(t, h, http.MethodGet, "/a/b", "").Code)
	require.Nil(t, got, "nothing passes without a session")
}

func TestGrantIsReadWithItsPerson(t *testing.T) {
	h, err := readGrant(t.Context(), settings{postgres: testkit.Postgres(t).MigrateURL})
	require.NoError(t, err)
	w := ask(t, h, http.MethodGet, "/17", "")
	require.Equal(t, http.StatusOK, w.Code)
	require.Contains(t, w.Body.String(), `"email":"person-17@example.org"`)
	require.Equal(t, http.StatusInternalServerError, ask(t, h, http.MethodGet, "/0", "").Code)
}

func TestRotateUsesATokenOnce(t *testing.T) {
	database := settings{postgres: testkit.Postgres(t).MigrateURL}
	h, err := rotate(t.Context(), database)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, ask(t, h, http.MethodPost, "/", "").Code)
	pool, err := pgxpool.New(t.Context(), database.postgres)
	require.NoError(t, err)
	defer pool.Close()
	var used, all int
	require.NoError(t, pool.QueryRow(t.Context(), "SELECT count(answer) FILTER (WHERE used_at IS NOT NULL), count(*) FROM token_given").Scan(&used, &all))
	require.Equal(t, []int{1, grantsStored + 1}, []int{used, all})
}

func TestSelectReadsTheRowOfItsKey(t *testing.T) {
	h, err := selectByKey(t.Context(), settings{postgres: testkit.Postgres(t).MigrateURL})
	require.NoError(t, err)
	w := ask(t, h, http.MethodGet, "/17", "")
	require.Equal(t, http.StatusOK, w.Code)
	require.Contains(t, w.Body.String(), `"title":"thing 17"`)
	require.Equal(t, http.StatusNotFound, ask(t, h, http.MethodGet, "/0", "").Code)
}

func TestCallAsksBeforeItAnswers(t *testing.T) {
	var asked *http.Request
	status := http.StatusOK
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = r
		w.WriteHeader(status)
		_, _ = w.Write(payload)
	}))
	t.Cleanup(other.Close)
	h, err := selectAndCall(t.Context(), settings{postgres: testkit.Postgres(t).MigrateURL, upstream: other.URL})
	require.NoError(t, err)

	w := ask(t, h, http.MethodGet, "/17", "")
	require.Equal(t, http.StatusOK, w.Code)
	require.Contains(t, w.Body.String(), `"title":"thing 17"`)
	require.Equal(t, http.MethodPost, asked.Method)
	require.Len(t, asked.Header.Get("X-Signature"), 64)

	status = http.StatusForbidden
	require.Equal(t, http.StatusServiceUnavailable, ask(t, h, http.MethodGet, "/17", "").Code)
}

func TestMonthReadsDatesOfTheReadersCommunities(t *testing.T) {
	h, err := month(t.Context(), settings{postgres: testkit.Postgres(t).MigrateURL})
	require.NoError(t, err)
	w := ask(t, h, http.MethodGet, "/", "")
	require.Equal(t, http.StatusOK, w.Code, w.Body.String())
	var dates []eventDate
	require.NoError(t, json.Unmarshal(w.Body.Bytes(), &dates))
	require.InDelta(t, 850, len(dates), 60)
}

func TestBoardIsInTheOrderOfPoints(t *testing.T) {
	h, err := board(t.Context(), settings{postgres: testkit.Postgres(t).MigrateURL})
	require.NoError(t, err)
	w := ask(t, h, http.MethodGet, "/?limit=2", "")
	require.Equal(t, http.StatusOK, w.Code, w.Body.String())
	var places []place
	require.NoError(t, json.Unmarshal(w.Body.Bytes(), &places))
	require.Len(t, places, 2)
	require.Equal(t, []int64{boardMembers, boardMembers - 1}, []int64{places[0].Points, places[1].Points})
	require.Equal(t, []int{1, 2}, []int{places[0].Rank, places[1].Rank})
}

func TestCalendarIsUnchanged(t *testing.T) {
	h, err := calendar(t.Context(), settings{postgres: testkit.Postgres(t).MigrateURL})
	require.NoError(t, err)
	w := ask(t, h, http.MethodGet, "/", "")
	require.Equal(t, http.StatusNotModified, w.Code, w.Body.String())
	require.NotEmpty(t, w.Header().Get("ETag"))
}

func TestInsertCommitsOnce(t *testing.T) {
	h, err := insertOnce(t.Context(), settings{postgres: testkit.Postgres(t).MigrateURL})
	require.NoError(t, err)
	body := `{"voter":"` + uuid.NewString() + `","option":"` + uuid.NewString() + `"}`
	require.Equal(t, http.StatusCreated, ask(t, h, http.MethodPost, "/", body).Code)
	require.Equal(t, http.StatusConflict, ask(t, h, http.MethodPost, "/", body).Code)
}

func TestHashAndSignature(t *testing.T) {
	h, err := hashPassword(t.Context(), settings{})
	require.NoError(t, err)
	require.Equal(t, http.StatusNoContent, ask(t, h, http.MethodPost, "/", "").Code)

	h, err = signToken(t.Context(), settings{})
	require.NoError(t, err)
	one, two := ask(t, h, http.MethodGet, "/", "").Body.String(), ask(t, h, http.MethodGet, "/", "").Body.String()
	require.Len(t, strings.Split(one, "."), 3)
	require.NotEqual(t, one, two, "each is signed anew")
}

func TestThePageIsServedAsTheFrontendsAre(t *testing.T) {
	h, err := page(t.Context(), settings{})
	require.NoError(t, err)
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set("Accept", "text/html")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	require.Equal(t, http.StatusOK, w.Code)
	require.Contains(t, w.Body.String(), "<h1>A bare page</h1>")
	require.NotEmpty(t, w.Header().Get("Content-Security-Policy"))
	require.Equal(t, http.StatusNotFound, ask(t, h, http.MethodGet, "/assets/none.js", "").Code)
}

func TestResolveFollowsTheHierarchy(t *testing.T) {
	h, err := resolve(t.Context(), settings{postgres: testkit.Postgres(t).MigrateURL})
	require.NoError(t, err)
	for path, allowed := range map[string]string{
		"/0/0":  "true", // a member of the team
		"/0/5":  "true", // of its community
		"/0/25": "true", // of a second team's community
		"/0/15": "false", "/0/99": "false", "/600/0": "false",
	} {
		w := ask(t, h, http.MethodGet, path, "")
		require.Equal(t, http.StatusOK, w.Code, w.Body.String())
		require.JSONEq(t, `{"allowed":`+allowed+`}`, w.Body.String(), path)
	}
	require.Equal(t, http.StatusBadRequest, ask(t, h, http.MethodGet, "/me/0", "").Code)
}
