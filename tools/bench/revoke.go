package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/tools/bench/harness"
	"go.updspace.com/tools/bench/load"
	"go.updspace.com/tools/bench/stats"
)

// revokePlan changes a user's rights at one instance of access while another load runs, and measures how long it takes
// until every instance answers by the change. A stale answer after the acknowledgement ends the bench with an error.
type revokePlan struct {
	name   string
	beside *subject
	maker  maker
}

// mostUntilSeen is the target at the 99th percentile.
const mostUntilSeen = time.Second

// revokeOnce gives, for each change, how long it took from telling the first instance until all had answered by it.
func (b *bench) revokeOnce(ctx context.Context, p revokePlan) ([]time.Duration, error) {
	client, err := load.Dial(ctx, p.beside.addr, watchConnections)
	if err != nil {
		return nil, err
	}
	defer client.Close()
	q, err := p.beside.prepare(ctx)
	if err != nil {
		return nil, err
	}
	loading, stop := context.WithCancelCause(ctx)
	done := make(chan error, 1)
	go func() {
		_, err := client.Run(loading, load.Options{Duration: 10 * b.time, Status: p.beside.status}, q.next)
		done <- err
	}()
	seen, err := p.changes(ctx, b.time)
	stop(errWatched)
	if loadErr := <-done; loadErr != nil && !errors.Is(loadErr, errWatched) {
		return nil, loadErr
	}
	return seen, err
}

func (p revokePlan) changes(ctx context.Context, length time.Duration) ([]time.Duration, error) {
	user, community := uuid.New(), uuid.New()
	instances := []string{p.maker.harness.At["access"], p.maker.harness.At[harness.SecondAccess]}
	var seen []time.Duration
	for version, end := 1, time.Now().Add(length); time.Now().Before(end); version++ {
		role := "moderator"
		if version%2 == 0 {
			role = ""
		}
		began := time.Now()
		if err := p.maker.sync(ctx, instances[version/2%2], membership("COMMUNITY", community, community, user, role, version)); err != nil {
			return nil, err
		}
		for _, addr := range instances {
			allowed, err := p.ask(ctx, addr, user, community)
			if err != nil {
				return nil, err
			}
			if allowed != (role != "") {
				return nil, fmt.Errorf("%s answers by what was true before change %d, which is acknowledged", addr, version)
			}
		}
		seen = append(seen, time.Since(began))
	}
	return seen, nil
}

func (p revokePlan) ask(ctx context.Context, addr string, user, community uuid.UUID) (bool, error) {
	r, err := p.maker.signed("voting", "access", "/internal/v1/check", user, map[string]any{
		"permission": "portal.teams.manage", "scope": map[string]any{"type": "COMMUNITY", "id": community},
	})
	if err != nil {
		return false, err
	}
	body, err := send(ctx, r, addr, http.StatusOK)
	if err != nil {
		return false, err
	}
	var d struct{ Allowed bool }
	err = json.Unmarshal(body, &d)
	return d.Allowed, err
}

// revoked adds the line about changes to the report, and tells whether the target was met.
func (b *bench) revoked(t *table, p revokePlan) bool {
	p50, p99 := milliseconds(stats.Percentile(b.revocations, 50)), milliseconds(stats.Percentile(b.revocations, 99))
	met := p99 <= milliseconds(mostUntilSeen)
	word := "met"
	if !met {
		word = "MISSED"
	}
	t.add(p.name, "1", "", "", "", "", "", fmt.Sprintf("%.2f", p50), fmt.Sprintf("%.2f", p99),
		fmt.Sprintf("%d changes, none stale", len(b.revocations)), "", "", "", fmt.Sprintf("p99 <= %.0f ms", milliseconds(mostUntilSeen)), word)
	return met
}
