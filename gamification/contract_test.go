package gamification_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/gamificationapi"
	"go.updspace.com/gamification/domain"
	"go.updspace.com/libs/authz/authztest"
	"go.updspace.com/libs/fx/servicefx"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/tools/devkit/testkit/service"
)

// What the former service left to chance: statuses that are none, pictures that a change takes away, drafts of others.
func TestStatusesAndPicturesAreCheckedWithEveryChange(t *testing.T) {
	t.Parallel()
	s := start(t)
	for _, status := range []gamificationapi.AchievementStatus{"", "shown"} {
		r, err := s.As(s.admin).CreateAchievementWithResponse(t.Context(), s.draft(func(b *gamificationapi.AchievementCreate) { b.Status = &status }))
		service.Invalid(t, r, err, "status")
	}
	draft := s.achievementOf(s.maker)
	service.Invalid(t, s.move(s.admin, draft.ID, ""), nil, "status")
	service.Invalid(t, s.move(s.admin, draft.ID, gamificationapi.AchievementUpdateStatusPublished), nil, "images")
	for _, of := range []*gamificationapi.AchievementUpdate{{NameI18N: some(map[string]string{})}, {NameI18N: some(map[string]string{"en": " "})}} {
		r := s.update(s.admin, draft.ID, *of)
		require.Equal(t, http.StatusUnprocessableEntity, r.StatusCode())
	}

	publisher := s.Actor(domain.PermissionRead, domain.PermissionEdit, domain.PermissionPublish, domain.PermissionViewPrivate)
	shown := s.achievement(published)
	service.Refused(t, http.StatusForbidden, "FORBIDDEN", s.move(publisher, shown.ID, gamificationapi.AchievementUpdateStatusHidden), nil)
	hider := s.Actor(domain.PermissionRead, domain.PermissionEdit, domain.PermissionHide, domain.PermissionViewPrivate)
	service.OK(t, s.move(hider, shown.ID, gamificationapi.AchievementUpdateStatusHidden), nil)
	service.Refused(t, http.StatusForbidden, "FORBIDDEN", s.move(hider, shown.ID, gamificationapi.AchievementUpdateStatusPublished), nil)

	// Drafts are seen by their author; for others they are neither listed nor found.
	own, err := s.As(s.maker).GetAchievementWithResponse(t.Context(), draft.ID)
	service.OK(t, own, err)
	r, err := s.As(s.member).GetAchievementWithResponse(t.Context(), draft.ID)
	service.Refused(t, http.StatusNotFound, "ACHIEVEMENT_NOT_FOUND", r, err)
	require.Empty(t, s.list(s.member, gamificationapi.ListAchievementsParams{Status: []string{"draft", "hidden"}}))
}

// Limits and cursors that are none are refused, as in all services; the former one took the next best.
func TestListsAreCheckedByField(t *testing.T) {
	t.Parallel()
	s := start(t)
	a := s.achievement(published)
	for field, p := range map[string]gamificationapi.ListAchievementsParams{
		"limit": {Limit: new(0)}, "cursor": {Cursor: new("bm9uZQ")},
	} {
		r, err := s.As(s.member).ListAchievementsWithResponse(t.Context(), &p)
		service.Invalid(t, r, err, field)
	}
	r, err := s.As(s.member).ListGrantsWithResponse(t.Context(), a.ID, &gamificationapi.ListGrantsParams{Limit: new(1000)})
	service.Invalid(t, r, err, "limit")
	unknown, err := s.As(s.member).ListGrantsWithResponse(t.Context(), a.ID, &gamificationapi.ListGrantsParams{Visibility: new(gamificationapi.GrantVisibility("friends"))})
	service.Invalid(t, unknown, err, "visibility")
}

// A search looks at the words of names and descriptions in all languages, and not at the text in which they are stored.
func TestASearchLooksAtWords(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.achievement(named("a"), published, func(b *gamificationapi.AchievementCreate) {
		b.NameI18N = gamificationapi.Names{"ru": "Ёлка \"дебют\"", "pt-BR": "Abertura"}
		b.Description, b.DescriptionI18N = some("Ten games"), &gamificationapi.Descriptions{"ru": "100% партий"}
	})
	for q, found := range map[string]bool{
		"ёлка": true, "ЁЛКА": true, "abert": true, "ten g": true, "100%": true, `"деб`: true,
		"ru": false, "pt-BR": false, "{": false, ":": false, "%": true, "_": false, "1%партий": false,
	} {
		require.Equal(t, found, len(s.list(s.member, gamificationapi.ListAchievementsParams{Q: &q})) == 1, q)
	}
}

// One question to access answers a request; without an answer there is none, and not a smaller one. Suspended users are kept out.
func TestAccessIsAskedOnceAndNotDoneWithout(t *testing.T) {
	t.Parallel()
	s := start(t)
	a := s.achievement(published)
	ask := map[string]func(c client) (service.Answer, error){
		"get":    func(c client) (service.Answer, error) { return c.GetAchievementWithResponse(t.Context(), a.ID) },
		"list":   func(c client) (service.Answer, error) { return c.ListAchievementsWithResponse(t.Context(), nil) },
		"grants": func(c client) (service.Answer, error) { return c.ListGrantsWithResponse(t.Context(), a.ID, nil) },
		"held":   func(c client) (service.Answer, error) { return c.ListMyGrantsWithResponse(t.Context(), nil) },
	}
	for name, send := range ask {
		s.Access.TakeChecks()
		r, err := send(s.As(s.member))
		require.NoError(t, err)
		require.Equal(t, http.StatusOK, r.StatusCode())
		_, calls := s.Access.TakeChecks()
		require.Equal(t, 1, calls, name)
	}
	rc := service.Context(s.member)
	rc.Flags = reqctx.Flags{Suspended: true, MembershipStatus: "active"}
	for name, send := range ask {
		r, err := send(s.With("bff", rc))
		require.NoError(t, err)
		require.Equal(t, http.StatusForbidden, r.StatusCode(), name)
	}
	stranger := s.Actor()
	for name, send := range ask {
		r, err := send(s.As(stranger))
		require.NoError(t, err)
		require.Contains(t, []int{http.StatusForbidden, http.StatusNotFound}, r.StatusCode(), "%s needs %s", name, domain.PermissionRead)
	}
	s.Access.Fail(authztest.Unavailable)
	for _, send := range ask {
		r, err := send(s.As(s.member))
		service.Refused(t, http.StatusServiceUnavailable, "SERVICE_UNAVAILABLE", r, err)
	}
}

// lines is a log that is read while it is written.
type lines struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *lines) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(line)
}

// of are the lines about a request.
func (l *lines) of(request string) (found []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for line := range strings.Lines(l.text.String()) {
		if strings.Contains(line, request) {
			found = append(found, line)
		}
	}
	return found
}

// While access is away, a request is answered 503 in the envelope, and one line of the log says which request failed and why.
func TestARequestWithoutAccessIsLoggedOnce(t *testing.T) {
	t.Parallel()
	log := &lines{}
	s := start(t, func(cfg *servicefx.ServiceConfig) { cfg.Log = log })
	a := s.achievement(published)
	ask := func() (request string, answer *gamificationapi.GetAchievementResponse) {
		t.Helper()
		rc := service.Context(s.member)
		rc.RequestID = uuid.NewString()
		r, err := s.With("bff", rc).GetAchievementWithResponse(t.Context(), a.ID)
		require.NoError(t, err)
		require.Eventually(t, func() bool { return len(log.of(rc.RequestID)) > 0 }, 20*time.Second, 5*time.Millisecond)
		return rc.RequestID, r
	}
	s.Access.Fail(authztest.Unavailable)
	away, r := ask()
	service.Refused(t, http.StatusServiceUnavailable, "SERVICE_UNAVAILABLE", r, nil)
	require.Contains(t, string(r.Body), away)
	s.Access.Fail(nil)
	_, r = ask()
	service.OK(t, r, nil)
	require.Len(t, log.of(away), 1)
	var line struct {
		Level, Operation, Error, User string
		Status                        int
	}
	require.NoError(t, json.Unmarshal([]byte(log.of(away)[0]), &line))
	require.Equal(t, []any{"ERROR", "getAchievement", 503, reqctx.LogID(s.member.User)}, []any{line.Level, line.Operation, line.Status, line.User})
	require.Contains(t, line.Error, "access")
}
