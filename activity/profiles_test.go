package activity_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/activity"
	"go.updspace.com/activity/domain"
	"go.updspace.com/api/activityapi"
	"go.updspace.com/libs/authz"
	"go.updspace.com/tools/devkit/testkit/service"
)

// portal is the portal service as far as the feed asks it.
type portal struct {
	server *httptest.Server
	mu     sync.Mutex
	away   bool
	names  map[uuid.UUID]string
	asked  [][]uuid.UUID
}

func newPortal(t testing.TB) *portal {
	p := &portal{names: map[uuid.UUID]string{}}
	p.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.mu.Lock()
		defer p.mu.Unlock()
		var body struct {
			UserIDs []uuid.UUID `json:"user_ids"`
		}
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil || r.URL.Path != "/internal/v1/profiles/batch" || r.Header.Get("X-Updspace-Caller") != "activity" || p.away {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		p.asked = append(p.asked, body.UserIDs)
		profiles := []map[string]any{}
		for _, user := range body.UserIDs {
			if name, ok := p.names[user]; ok {
				profiles = append(profiles, map[string]any{"user_id": user, "first_name": name, "last_name": "L", "username": nil, "display_name": "D", "avatar_url": "/a"})
			}
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(profiles)
	}))
	t.Cleanup(p.server.Close)
	return p
}

func (p *portal) set(away bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.away = away
}

func TestActorsHaveTheNamesThatPortalKnows(t *testing.T) {
	p := newPortal(t)
	s := start(t, func(c *activity.Config) { c.PortalURL = p.server.URL })
	reader, ann, stranger := s.Actor(allPermissions...), uuid.New(), uuid.New()
	p.names[ann] = "Ann"
	for _, actor := range []uuid.UUID{ann, stranger, ann, uuid.Nil} {
		put(t, s, func(d *domain.ItemData) { d.Actor = actor })
	}
	names := func(by authz.Actor) (names []string) {
		r, err := s.As(by).ListFeedWithResponse(t.Context(), &activityapi.ListFeedParams{})
		for _, item := range service.OK(t, r, err).JSON200.Items {
			profile, err := item.ActorProfile.Get()
			if err != nil {
				names = append(names, "")
				continue
			}
			require.Equal(t, activityapi.ActorProfile{UserID: ann, DisplayName: "D", FirstName: profile.FirstName, LastName: "L", AvatarURL: profile.AvatarURL}, profile)
			names = append(names, profile.FirstName)
		}
		return names
	}
	p.set(true)
	require.Equal(t, []string{"", "", "", ""}, names(reader), "the feed needs no portal")
	p.set(false)
	require.Equal(t, []string{"", "Ann", "", "Ann"}, names(reader))
	require.Equal(t, []string{"", "Ann", "", "Ann"}, names(reader))
	require.Equal(t, [][]uuid.UUID{{ann, stranger}}, p.asked, "each once, in one request, and then from memory")
	s.Clock.Advance(2 * time.Minute)
	p.set(true)
	require.Equal(t, []string{"", "Ann", "", "Ann"}, names(reader), "an old name is better than none")
}
