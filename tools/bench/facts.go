package main

import (
	"context"
	"fmt"
	"io"
	"net/http"

	"github.com/google/uuid"

	"go.updspace.com/tools/bench/harness"
	"go.updspace.com/tools/journey"
)

// What the checks are about: as many users as the load has, each a member of many communities and some of their teams, some
// ten thousand bindings altogether. The baseline "resolve" has as many.
const (
	users           = 512 // how many ask in turn, so that nothing learnt about one answers for all
	communities     = 20
	teamsOfEach     = 3
	communitiesEach = 15 // of a user
	teamsEach       = 5
)

// facts are who asks, and where.
type facts struct{ users, communities, teams []uuid.UUID }

func newFacts() facts {
	make := func(n int) []uuid.UUID {
		ids := make([]uuid.UUID, n)
		for i := range ids {
			ids[i] = uuid.New()
		}
		return ids
	}
	return facts{make(users), make(communities), make(communities * teamsOfEach)}
}

// asked is a team of a community that the user is a member of, and not of the team: only the hierarchy leads there.
func (f facts) asked(user int) uuid.UUID {
	return f.teams[communities+(user+teamsEach)%communities]
}

// tell tells access of the memberships, as Portal would.
func (f facts) tell(ctx context.Context, r *harness.Harness) error {
	const most = 100
	m := maker{harness: r}
	var changes []any
	flush := func() error {
		if len(changes) == 0 {
			return nil
		}
		err := m.sync(ctx, r.At["access"], changes...)
		changes = changes[:0]
		return err
	}
	add := func(user int, typ string, scope, community uuid.UUID) error {
		changes = append(changes, membership(typ, scope, community, f.users[user], "member", 1))
		if len(changes) < most {
			return nil
		}
		return flush()
	}
	for i := range f.users {
		for k := range communitiesEach {
			c := (i + k) % communities
			if err := add(i, "COMMUNITY", f.communities[c], f.communities[c]); err != nil {
				return err
			}
			if k >= teamsEach {
				continue
			}
			if err := add(i, "TEAM", f.teams[c], f.communities[c]); err != nil {
				return err
			}
		}
	}
	// access has to know of the teams that are asked about, too
	for t, team := range f.teams {
		if err := add(0, "TEAM", team, f.communities[t%communities]); err != nil {
			return err
		}
	}
	return flush()
}

// membership is one change as Portal tells it. The empty role is who left.
func membership(typ string, scope, community, user uuid.UUID, role string, version int) map[string]any {
	m := map[string]any{"scope_type": typ, "scope_id": scope, "community_id": community, "user_id": user, "role": role, "version": version}
	if role == "" {
		m["role"] = nil
	}
	return m
}

// sync tells an instance of access of changes.
func (m maker) sync(ctx context.Context, addr string, changes ...any) error {
	r, err := m.signed("portal", "access", "/internal/v1/memberships", uuid.Nil, map[string]any{"changes": changes})
	if err != nil {
		return err
	}
	_, err = send(ctx, r, addr, http.StatusNoContent)
	return err
}

// send sends a signed request to a certain instance, outside of every measurement.
func send(ctx context.Context, r *http.Request, addr string, status int) ([]byte, error) {
	r = r.WithContext(ctx)
	r.URL.Host = addr
	resp, err := (&http.Client{Transport: transport}).Do(r)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != status {
		err = fmt.Errorf("%s %s: %s: %s", r.Method, r.URL.Path, resp.Status, body)
	}
	return body, err
}

// transport keeps the connections of what prepares and watches.
var transport = journey.Transport()
