package accessclient_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/accessapi"
	"go.updspace.com/libs/accessclient"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/reqctx"
)

const decisionTime = 10 * time.Millisecond

// busy is an access that takes its time, and allows what the user's id ends with an even digit. It refuses calls with the permission "wrong".
type busy struct {
	mu    sync.Mutex
	calls []string // path and users
	users []reqctx.Context
	fail  error
	short bool // answers about several users leave one out
}

func (b *busy) RoundTrip(r *http.Request) (*http.Response, error) {
	text, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	select {
	case <-time.After(decisionTime):
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.users = append(b.users, reqctx.From(r.Context()))
	call := strings.TrimPrefix(r.URL.Path, "/internal/v1/")
	var subjects []accessapi.SubjectChecks
	var body any
	switch call {
	case "check":
		var check accessapi.Check
		err = json.Unmarshal(text, &check)
		subjects = []accessapi.SubjectChecks{{UserID: reqctx.From(r.Context()).UserID, Checks: []accessapi.Check{check}}}
	case "check/subjects":
		var many accessapi.SubjectsCheck
		err = json.Unmarshal(text, &many)
		subjects = many.Subjects
	}
	if b.fail != nil || err != nil {
		return nil, errors.Join(b.fail, err)
	}
	for _, s := range subjects {
		call += " " + s.UserID.String()[35:]
	}
	b.calls = append(b.calls, call)
	status := http.StatusOK
	var decisions accessapi.SubjectsDecision
	for _, s := range subjects {
		var of accessapi.DecisionBatch
		for _, c := range s.Checks {
			if c.Permission == "wrong" {
				status = http.StatusUnprocessableEntity
			}
			of.Decisions = append(of.Decisions, accessapi.Decision{Allowed: s.UserID[15]%2 == 0, ReasonCode: accessapi.ReasonCodeRBACALLOW})
		}
		decisions.Subjects = append(decisions.Subjects, of)
	}
	if body = decisions; len(subjects) > 1 && b.short {
		body = accessapi.SubjectsDecision{Subjects: decisions.Subjects[1:]}
	}
	if strings.HasPrefix(call, "check ") {
		body = decisions.Subjects[0].Decisions[0]
	}
	out, err := json.Marshal(body)
	return &http.Response{StatusCode: status, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(string(out)))}, err
}

// asked is what a user has been told.
type asked struct {
	allowed bool
	err     error
}

// askAs lets users ask one after another, all before access has answered the first.
func askAs(t *testing.T, b *busy, budget time.Duration, permission func(user int) authz.Permission, users int) map[int]asked {
	t.Helper()
	c, err := accessclient.New(accessclient.Config{URL: "http://access", Budget: budget}, func(http.RoundTripper) http.RoundTripper { return b })
	require.NoError(t, err)
	var mu sync.Mutex
	told := map[int]asked{}
	for user := range users {
		ctx := reqctx.With(t.Context(), reqctx.Context{
			RequestID: "req", TenantID: community, UserID: uuid.UUID{15: byte(user)}, Flags: reqctx.Flags{MembershipStatus: "active", Suspended: user == 3},
		})
		go func() {
			allowed, err := c.Check(ctx, authz.Check{Permission: permission(user), Scope: check.Scope})
			mu.Lock()
			defer mu.Unlock()
			told[user] = asked{allowed, err}
		}()
		synctest.Wait()
	}
	pass(time.Minute)
	mu.Lock()
	defer mu.Unlock()
	return told
}

// pass lets time pass in the bubble of the test.
func pass(d time.Duration) {
	time.Sleep(d) //nolint:forbidigo // the clock of a bubble
	synctest.Wait()
}

func same(int) authz.Permission { return check.Permission }

func TestQuestionsOfSeveralUsersGoTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var b busy
		told := askAs(t, &b, time.Second, same, 6)
		require.Equal(t, []string{"check 1", "check/subjects 2 3 4 5"}, nonZero(b.calls))
		for user, got := range told {
			if user == 0 {
				continue
			}
			require.NoError(t, got.err)
			require.Equal(t, user%2 == 0, got.allowed, "user %d is told about another", user)
		}
		require.Len(t, told, 6)
		last := b.users[len(b.users)-1]
		require.Equal(t, reqctx.Context{RequestID: "req"}, last, "the call about several users is made for none")
	})
}

// nonZero leaves out the question of the user without an id, which is asked alone.
func nonZero(calls []string) []string {
	return slices.DeleteFunc(slices.Clone(calls), func(c string) bool { return c == "check 0" })
}

func TestAWrongQuestionFailsNoOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var b busy
		told := askAs(t, &b, time.Second, func(user int) authz.Permission {
			if user == 4 {
				return "wrong"
			}
			return check.Permission
		}, 6)
		require.Equal(t, errs.Internal, errs.KindOf(told[4].err))
		for _, user := range []int{1, 2, 3, 5} {
			require.NoError(t, told[user].err)
			require.Equal(t, user%2 == 0, told[user].allowed)
		}
	})
}

func TestAnAnswerAboutOtherUsersIsNoAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := busy{short: true}
		told := askAs(t, &b, time.Second, same, 5)
		require.Contains(t, b.calls, "check/subjects 2 3 4")
		for user := 1; user < 5; user++ {
			require.NoError(t, told[user].err)
			require.Equal(t, user%2 == 0, told[user].allowed, "each is asked alone")
		}
	})
}

func TestQuestionsFailClosedTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := busy{fail: errors.New("away")}
		for user, got := range askAs(t, &b, time.Second, same, 6) {
			require.Equal(t, errs.Unavailable, errs.KindOf(got.err), "user %d", user)
			require.False(t, got.allowed)
		}
	})
}

// A question waits for its turn no longer than its budget.
func TestAQuestionDoesNotWaitForever(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		stuck := stuckTransport{}
		c, err := accessclient.New(accessclient.Config{URL: "http://access", Budget: time.Second}, func(http.RoundTripper) http.RoundTripper { return stuck })
		require.NoError(t, err)
		var ended [2]time.Duration
		var group sync.WaitGroup
		for i := range ended {
			ctx := reqctx.With(t.Context(), reqctx.Context{TenantID: community, UserID: uuid.UUID{15: byte(i + 1)}})
			group.Go(func() {
				_, err := c.Check(ctx, check)
				if errs.KindOf(err) != errs.Unavailable {
					t.Errorf("%v", err)
				}
				ended[i] = time.Since(began)
			})
		}
		group.Wait()
		require.Equal(t, [2]time.Duration{time.Second, time.Second}, ended)
	})
}

type stuckTransport struct{}

func (stuckTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, context.Cause(r.Context())
}
