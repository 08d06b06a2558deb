package e2e

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	bff "go.updspace.com/bff/domain"
	"go.updspace.com/identity"
	"go.updspace.com/libs/config"
)

// attendee is a member with a session at the gateway.
type attendee struct {
	user     uuid.UUID
	username string
	session  bff.Secret
	csrf     string
}

// crowd makes members of the tenant aef who are signed in. Their sessions are written where the gateway stores them: to sign in hundreds of
// people would take longer than what the test is about.
func crowd(t *testing.T, n int) []attendee {
	t.Helper()
	cfg, err := config.Parse[identity.Config](world.Env("identity"))
	require.NoError(t, err)
	var demo identity.Demo
	of := uuid.NewString()[:8]
	for i := range n {
		u := identity.DefaultDemo().Users[1]
		u.ID, u.Username, u.DisplayName, u.Password = uuid.New(), fmt.Sprintf("crowd-%s-%d", of, i), fmt.Sprintf("Crowd %d", i), ""
		u.Email = u.Username + "@aef.test"
		demo.Users = append(demo.Users, u)
	}
	require.NoError(t, identity.SeedDemo(t.Context(), cfg, demo))
	people := make([]attendee, n)
	sessions := database(t, "db_bff")
	for i, u := range demo.Users {
		session, token := bff.NewSession(aef(u.ID).TenantID, bff.SignIn{UserID: u.ID, SID: uuid.New()}, time.Now().UTC())
		people[i] = attendee{u.ID, u.Username, token, bff.NewCSRFToken(token)}
		_, err := sessions.ExecContext(t.Context(), "INSERT INTO sessions (token_hash, tenant_id, user_id, sid, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)",
			session.ID[:], session.TenantID, session.UserID, session.SID, session.CreatedAt, session.ExpiresAt)
		require.NoError(t, err)
	}
	return people
}

// known waits until access and activity have heard of people: until then they are asked about in vain.
func known(t *testing.T, people []attendee) {
	t.Helper()
	users := make([]string, len(people))
	for i, a := range people {
		users[i] = a.user.String()
	}
	access, activity, tenant := database(t, "db_access"), database(t, "db_activity"), aef(memberID).TenantID
	require.Eventually(t, func() bool {
		return count(t, access, "SELECT count(*) FROM tenant_members WHERE tenant_id = $1 AND user_id = ANY ($2::uuid[])", tenant, users) == len(people) &&
			count(t, activity, "SELECT count(*) FROM notification_members WHERE tenant_id = $1 AND scope_type = 'TENANT' AND user_id = ANY ($2::uuid[])", tenant, users) == len(people) &&
			count(t, activity, "SELECT count(*) FROM notification_accounts WHERE username <> '' AND user_id = ANY ($1::uuid[])", users) == len(people)
	}, 2*time.Minute, 50*time.Millisecond)
}

// request is a request of a member to a gateway.
func (a attendee) request(ctx context.Context, method, address string, body []byte) (*http.Request, error) {
	r, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Host = "aef.localhost"
	r.Header = http.Header{
		"Origin": {world.Origin("aef")}, "X-Csrf-Token": {a.csrf}, "X-Request-Id": {uuid.NewString()},
		"Cookie": {"updspace_session=" + string(a.session) + "; updspace_csrf=" + a.csrf},
	}
	if len(body) > 0 {
		r.Header.Set("Content-Type", "application/json")
	}
	return r, nil
}

// send sends a request through a gateway until the answer is one of those expected: under a crowd a 503 is allowed, and the page tries again under the
// same request id.
func (a attendee) send(ctx context.Context, client *http.Client, method, address string, body any, expected ...int) (status int, answer []byte, err error) {
	var encoded []byte
	if body != nil {
		if encoded, err = json.Marshal(body); err != nil {
			return 0, nil, err
		}
	}
	first, err := a.request(ctx, method, address, encoded)
	if err != nil {
		return 0, nil, err
	}
	for {
		r := first.Clone(ctx)
		r.Body = io.NopCloser(bytes.NewReader(encoded))
		response, err := client.Do(r)
		if err != nil {
			return 0, nil, err
		}
		answer, err = io.ReadAll(response.Body)
		_ = response.Body.Close()
		if err != nil {
			return 0, nil, err
		}
		for _, status := range expected {
			if response.StatusCode == status {
				return status, answer, nil
			}
		}
		if response.StatusCode != http.StatusServiceUnavailable {
			return response.StatusCode, answer, fmt.Errorf("%s %s answered %s: %s", method, address, response.Status, answer)
		}
		select {
		case <-ctx.Done():
			return 0, nil, ctx.Err()
		case <-time.After(200 * time.Millisecond):
		}
	}
}

// liveFeed is the open stream of a member's feed. When it ends it is opened again, as browsers do.
type liveFeed struct {
	mu      sync.Mutex
	told    map[string]bool // the sources that it has told of
	missed  int             // how often it said that it has left something out
	opened  int             // how often it was opened
	changed chan struct{}   // closed with each change
	failure error
}

// listen opens the stream of a member through a gateway, until the test ends.
func listen(t *testing.T, client *http.Client, a attendee, gateway string) *liveFeed {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	f, opened, over := &liveFeed{told: map[string]bool{}, changed: make(chan struct{})}, make(chan struct{}), make(chan struct{})
	t.Cleanup(func() { cancel(); <-over })
	go func() {
		defer close(over)
		last, first := "", sync.OnceFunc(func() { close(opened) })
		defer first()
		for ctx.Err() == nil {
			if err := f.follow(ctx, client, a, gateway, &last, first); err != nil && ctx.Err() == nil {
				f.change(func() { f.failure = err })
				return
			}
		}
	}()
	<-opened
	require.NoError(t, f.failure)
	return f
}

func (f *liveFeed) follow(ctx context.Context, client *http.Client, a attendee, gateway string, last *string, opened func()) error {
	r, err := a.request(ctx, http.MethodGet, gateway+"/api/v1/activity/feed/live", nil)
	if err != nil {
		return err
	}
	r.Header.Set("Accept", "text/event-stream")
	if *last != "" {
		r.Header.Set("Last-Event-ID", *last)
	}
	response, err := client.Do(r)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	switch response.StatusCode {
	case http.StatusOK:
		f.change(func() { f.opened++ })
	case http.StatusForbidden, http.StatusServiceUnavailable: // the right is lost for a while; under a crowd a 503 is allowed
		select {
		case <-ctx.Done():
		case <-time.After(50 * time.Millisecond):
		}
		return nil
	default:
		return fmt.Errorf("the stream answered %s", response.Status)
	}
	name := ""
	for lines := bufio.NewScanner(response.Body); lines.Scan(); {
		field, value, _ := strings.Cut(lines.Text(), ": ")
		switch field {
		case "id":
			*last = value
		case "event":
			name = value
		case "data":
			var data struct {
				Missed    bool
				SourceRef string `json:"source_ref"`
			}
			if err := json.Unmarshal([]byte(value), &data); err != nil {
				return err
			}
			f.change(func() {
				if data.SourceRef != "" {
					f.told[data.SourceRef] = true
				}
				if name == "ready" && data.Missed {
					f.missed++
				}
			})
			opened()
		}
	}
	return nil
}

func (f *liveFeed) change(edit func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	edit()
	close(f.changed)
	f.changed = make(chan struct{})
}

// tells waits until the stream has told of a source, or of having left something out since a number of times.
func (f *liveFeed) tells(ctx context.Context, source string, missed int) error {
	for {
		f.mu.Lock()
		done, failure, changed := f.told[source] || f.missed > missed, f.failure, f.changed
		f.mu.Unlock()
		if done || failure != nil {
			return failure
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("the stream does not tell of %s: %w", source, ctx.Err())
		}
	}
}

func (f *liveFeed) hasTold(source string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.told[source]
}

// reopened tells whether the stream has ended meanwhile. Then it tells, when it is open again, also of what its reader may see by now.
func (f *liveFeed) reopened() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.opened > 1
}

func (f *liveFeed) hasMissed() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.missed
}
