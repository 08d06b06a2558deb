package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"go.updspace.com/tools/journey"
)

const (
	// enemyRounds is how many rounds a run of all tests has. NEW_ENEMY_ROUNDS sets another number.
	enemyRounds = 120
	enemyLanes  = 12 // that go on at the same time, at most
	postsEach   = 25 // that an author writes: the limit for one member is thirty at once
)

// copies are second instances of everything between a browser and what it sees of the feed.
func copies(t *testing.T) (gateway string) {
	t.Helper()
	env := map[string]string{}
	for _, service := range []string{"access", "portal", "activity", "bff"} {
		i, err := world.Service(service).StartAnother(t.Context(), env)
		require.NoError(t, err)
		stopAtEnd(t, i)
		env[map[string]string{"access": "ACCESS_URL", "portal": "PORTAL_URL", "activity": "ACTIVITY_URL", "bff": "BFF_URL"}[service]] = i.URL
		gateway = i.URL
	}
	return gateway
}

// enemyLane is a community in which rounds follow one another. What changes is asked of one gateway, what is seen of the other.
type enemyLane struct {
	t             *testing.T
	client        *http.Client
	admin         *journey.Browser
	change, look  string // gateways
	community     string
	tenant        uuid.UUID
	authors       []attendee
	loses, stays  attendee
	lost, kept    *liveFeed
	hidden        []string
	byDenial      bool // the right is denied, instead of the membership ended
	posts, checks int
}

// The "new enemy": a right is taken away, then something is published. The member who has lost the right never sees it: not in the stream that was open
// before, nor in the feed, the count of unread items or the notifications, at another instance of everything. In turn a membership ends, and the
// permission is denied.
func TestNothingPublishedAfterARightIsLostIsSeen(t *testing.T) {
	rounds := enemyRounds
	if n, err := strconv.Atoi(os.Getenv("NEW_ENEMY_ROUNDS")); err == nil && n > 0 {
		rounds = n
	}
	lanes := min(enemyLanes, (rounds+4)/5)
	each := (rounds + lanes - 1) / lanes
	authors := each/postsEach + 1 // one more post comes at the end
	look, admin := copies(t), signedIn(t, journey.Admin)
	people := crowd(t, lanes*(2+authors))
	known(t, people)
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = 4 * enemyLanes
	t.Cleanup(transport.CloseIdleConnections)
	client := &http.Client{Transport: transport}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute+time.Duration(rounds)*time.Second)
	defer cancel()
	all := make([]*enemyLane, lanes)
	began := time.Now()
	var group sync.WaitGroup
	for i := range all {
		mine := people[i*(2+authors):][:2+authors]
		lane := &enemyLane{
			t: t, client: client, admin: admin, change: world.Service("bff").URL(), look: look, tenant: aef(memberID).TenantID,
			loses: mine[0], stays: mine[1], authors: mine[2:], byDenial: i%2 == 1,
		}
		all[i] = lane
		lane.lost, lane.kept = listen(t, client, lane.loses, look), listen(t, client, lane.stays, look)
		group.Go(func() {
			if err := lane.run(ctx, min(each, rounds-i*each)); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	done, checks := 0, 0
	for _, lane := range all {
		done, checks = done+len(lane.hidden), checks+lane.checks
		assert.Zero(t, lane.kept.hasMissed(), "a stream that has left something out proves nothing")
	}
	t.Logf("%d rounds in %d lanes, %d looks, in %s", done, lanes, checks, time.Since(began).Round(time.Millisecond))
	require.Equal(t, rounds, done)
}

func (l *enemyLane) run(ctx context.Context, rounds int) error {
	var community struct{ ID string }
	if err := l.administer(ctx, http.MethodPost, "/api/v1/portal/communities", map[string]any{
		"name": "Enemy " + uuid.NewString(), "join_policy": "open",
	}).JSON(http.StatusCreated, &community); err != nil {
		return err
	}
	l.community = community.ID
	for _, member := range append([]attendee{l.stays}, l.authors...) {
		if err := l.join(ctx, member); err != nil {
			return err
		}
	}
	if _, _, err := l.loses.send(ctx, l.client, http.MethodPost, l.look+"/api/v1/activity/feed/mark-read", map[string]any{}, http.StatusNoContent); err != nil {
		return err
	}
	for range rounds {
		if err := l.round(ctx); err != nil {
			return err
		}
	}
	// What the stream tells, it tells in order: after this nothing of before comes.
	if err := l.join(ctx, l.loses); err != nil {
		return err
	}
	last, err := l.publish(ctx)
	if err != nil {
		return err
	}
	if err := l.lost.tells(ctx, last, l.lost.hasMissed()); err != nil {
		return err
	}
	for _, source := range l.hidden {
		assert.True(l.t, l.lost.reopened() || !l.lost.hasTold(source), "the old stream has told of %s", source)
	}
	return nil
}

func (l *enemyLane) round(ctx context.Context) error {
	if err := l.join(ctx, l.loses); err != nil {
		return err
	}
	back, err := l.loseRight(ctx)
	if err != nil {
		return err
	}
	missed := l.kept.hasMissed()
	source, err := l.publish(ctx)
	if err != nil {
		return err
	}
	l.hidden = append(l.hidden, source)
	if err := l.kept.tells(ctx, source, missed); err != nil {
		return err
	}
	if err := l.seesNothing(ctx, source); err != nil {
		return err
	}
	if err := l.notified(ctx, source); err != nil {
		return err
	}
	if err := l.seesNothing(ctx, source); err != nil {
		return err
	}
	return back(ctx)
}

// administer has the administrator send something until the answer is no 503: under the load of many lanes one is allowed.
func (l *enemyLane) administer(ctx context.Context, method, address string, body any) *journey.Answer {
	for id := uuid.NewString(); ; {
		a := l.admin.Send(ctx, method, address, body, "X-Request-Id", id)
		if a.Err != nil || a.Status != http.StatusServiceUnavailable {
			return a
		}
		select {
		case <-ctx.Done():
			return a
		case <-time.After(200 * time.Millisecond):
		}
	}
}

func (l *enemyLane) join(ctx context.Context, member attendee) error {
	return l.administer(ctx, http.MethodPost, "/api/v1/portal/groups/"+l.community+"/members", map[string]any{"user_id": member.user}).Expect(http.StatusOK)
}

// loseRight takes the right away. back gives it again, as far as the next round does not.
func (l *enemyLane) loseRight(ctx context.Context) (back func(context.Context) error, err error) {
	if !l.byDenial {
		return func(context.Context) error { return nil },
			l.administer(ctx, http.MethodDelete, "/api/v1/portal/groups/"+l.community+"/members/"+l.loses.user.String(), nil).Expect(http.StatusNoContent)
	}
	const overrides = "/api/v1/access/policy-overrides"
	var made struct{ ID string }
	err = l.administer(ctx, http.MethodPost, overrides, map[string]any{
		"tenant_id": l.tenant, "user_id": l.loses.user, "action": "deny", "permission_key": "activity.feed.read", "reason": "A test.",
	}).JSON(http.StatusCreated, &made)
	return func(ctx context.Context) error {
		return l.administer(ctx, http.MethodDelete, overrides+"/"+made.ID, nil).Expect(http.StatusNoContent)
	}, err
}

// publish writes a post that mentions both, and returns its source.
func (l *enemyLane) publish(ctx context.Context) (source string, err error) {
	author := l.authors[l.posts/postsEach]
	l.posts++
	_, answer, err := author.send(ctx, l.client, http.MethodPost, l.change+"/api/v1/activity/news", map[string]any{
		"title": "A secret", "body": fmt.Sprintf("For @%s and @%s", l.loses.username, l.stays.username), "visibility": "community",
		"scope_type": "COMMUNITY", "scope_id": l.community,
	}, http.StatusOK, http.StatusCreated)
	if err != nil {
		return "", err
	}
	var item struct {
		SourceRef string `json:"source_ref"`
	}
	return item.SourceRef, json.Unmarshal(answer, &item)
}

func (l *enemyLane) seesNothing(ctx context.Context, source string) error {
	id := []byte(source[len("news:"):])
	status := http.StatusOK
	if l.byDenial {
		status = http.StatusForbidden
	}
	for _, path := range []string{"v2/feed?limit=10", "news?limit=10"} {
		_, answer, err := l.loses.send(ctx, l.client, http.MethodGet, l.look+"/api/v1/activity/"+path, nil, status)
		if err != nil {
			return err
		}
		assert.NotContains(l.t, string(answer), string(id), "%s shows what was published after the right was lost", path)
	}
	_, answer, err := l.loses.send(ctx, l.client, http.MethodGet, l.look+"/api/v1/activity/feed/unread-count", nil, status)
	if err != nil {
		return err
	}
	assert.True(l.t, l.byDenial || bytes.Contains(answer, []byte(`"count":0`)), "unread: %s", answer)
	_, answer, err = l.loses.send(ctx, l.client, http.MethodGet, l.look+"/api/v1/activity/notifications?limit=10", nil, http.StatusOK)
	assert.NotContains(l.t, string(answer), string(id), "notifications")
	assert.False(l.t, l.lost.hasTold(source), "the old stream tells of it")
	l.checks += 5
	return err
}

// notified waits until the member who stays is told of the post: then all are told who may be.
func (l *enemyLane) notified(ctx context.Context, source string) error {
	for {
		_, answer, err := l.stays.send(ctx, l.client, http.MethodGet, l.look+"/api/v1/activity/notifications?limit=5", nil, http.StatusOK)
		if err != nil || bytes.Contains(answer, []byte(source[len("news:"):])) {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("the notification of %s does not come: %w", source, ctx.Err())
		case <-time.After(100 * time.Millisecond):
		}
	}
}
