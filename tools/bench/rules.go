package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"go.updspace.com/tools/bench/cpu"
	"go.updspace.com/tools/bench/harness"
	"go.updspace.com/tools/bench/stats"
	"go.updspace.com/tools/journey"
)

// The achievements that grant themselves are measured on a platform of their own, in which gamification gets the events of all services.
const (
	rowGrant    = "gamification: from a vote to its grant"
	rowBackFill = "gamification: a back-fill"
)

// The targets.
const (
	mostUntilGranted = 500 * time.Millisecond // at the 99th percentile, for the member who looks
	leastFacts       = 20_000                 // counted in a second
	mostFillMemory   = 100                    // megabytes that the platform holds more after a back-fill than before
)

// What a back-fill counts: so many facts of each of so many persons. One of each hundred persons is granted the achievement.
const (
	factPersons   = 10_000
	factsOfEach   = 101 // of one of each hundred persons; one less of the others
	grantedOneIn  = 100
	factsStored   = factPersons*(factsOfEach-1) + factPersons/grantedOneIn
	longestFill   = 10 * time.Minute
	longestSeen   = 10 * time.Second
	votesEach     = 20 // in a round
	lookEach      = 2 * time.Millisecond
	lookEachCount = 100 * time.Millisecond
)

// ruled is what was measured.
type ruled struct {
	waits     []time.Duration // from the answer to a vote until its grant is seen
	counts    []float64       // facts per second, of each back-fill
	megabytes []float64       // that the platform holds more after each back-fill
}

// measureRules measures the rows whose name matches, if there are any.
func measureRules(ctx context.Context, s settings) (*ruled, error) {
	grants, backFill := s.only.MatchString(rowGrant), s.only.MatchString(rowBackFill)
	if !grants && !backFill {
		return nil, nil
	}
	h, err := harness.Start(ctx, harness.Options{Log: s.log, Note: note, Session: baselineSession, Consume: true})
	if err != nil {
		return nil, err
	}
	defer h.Stop()
	v, err := newFixture(ctx, h)
	if err != nil {
		return nil, err
	}
	admin := journey.NewBrowser(h.Origin, journey.Transport(), nil)
	if err := journey.SignIn(ctx, admin, journey.Admin, journey.Password); err != nil {
		return nil, err
	}
	m, found := maker{harness: h, fixture: v}, &ruled{}
	if grants {
		note(rowGrant)
		if found.waits, err = m.untilGranted(ctx, admin, s.runs*votesEach); err != nil {
			return nil, fmt.Errorf("%s: %w", rowGrant, err)
		}
	}
	if backFill {
		note("%s: storing %d facts", rowBackFill, factsStored)
		if err = m.backFills(ctx, admin, (s.runs+1)/2, found); err != nil {
			return nil, fmt.Errorf("%s: %w", rowBackFill, err)
		}
	}
	return found, nil
}

// ask asks gamification, as the gateway passes a request on.
func (m maker) ask(ctx context.Context, method, path string, user uuid.UUID, body, answer any) error {
	var encoded []byte
	if body != nil {
		var err error
		if encoded, err = json.Marshal(body); err != nil {
			return err
		}
	}
	r, err := m.sign(method, "bff", "gamification", "/api/v1/gamification"+path, user, encoded)
	if err != nil {
		return err
	}
	status := http.StatusOK
	if method == http.MethodPost {
		status = http.StatusCreated
	}
	read, err := send(ctx, r, m.harness.At["gamification"], status)
	if err != nil {
		return err
	}
	return json.Unmarshal(read, answer)
}

// achievement publishes an achievement with a rule that counts a fact, waits until it has counted all facts, and returns its path.
func (m maker) achievement(ctx context.Context, by uuid.UUID, fact string, need int) (path string, err error) {
	var made, changed struct {
		ID uuid.UUID `json:"id"`
	}
	draft := map[string]any{
		"name_i18n": map[string]any{"en": "Made by the bench"}, "category": "community", "kind": "repeatable",
		"images": map[string]any{"small": "https://example.org/badge.png"},
	}
	if err := m.ask(ctx, http.MethodPost, "/achievements", by, draft, &made); err != nil {
		return "", err
	}
	path = "/achievements/" + made.ID.String()
	rule := map[string]any{"conditions": []any{map[string]any{"fact": fact, "measure": "count", "need": need}}}
	var stored struct {
		CountedAt *time.Time `json:"counted_at"`
	}
	if err := m.ask(ctx, http.MethodPut, path+"/rule", by, rule, &stored); err != nil {
		return "", err
	}
	if err := m.ask(ctx, http.MethodPatch, path, by, map[string]any{"status": "published"}, &changed); err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(ctx, longestFill)
	defer cancel()
	for stored.CountedAt == nil {
		if err := wait(ctx, lookEachCount); err != nil {
			return "", err
		}
		if err := m.ask(ctx, http.MethodGet, path+"/rule", by, nil, &stored); err != nil {
			return "", err
		}
	}
	return path, nil
}

func wait(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// untilGranted has the member vote in one poll after the other, each vote being worth an achievement.
func (m maker) untilGranted(ctx context.Context, admin *journey.Browser, votes int) ([]time.Duration, error) {
	voter, err := whoIs(ctx, m.fixture.member)
	if err != nil {
		return nil, err
	}
	maker, err := whoIs(ctx, admin)
	if err != nil {
		return nil, err
	}
	if _, err := m.achievement(ctx, maker, "ballot_cast", 1); err != nil {
		return nil, err
	}
	last, err := m.lastGrant(ctx, voter)
	if err != nil {
		return nil, err
	}
	waits := make([]time.Duration, votes)
	for i := range waits {
		p, err := openPoll(ctx, admin)
		if err != nil {
			return nil, err
		}
		body := map[string]any{"poll_id": p.poll, "nomination_id": p.question, "option_id": p.option}
		r, err := m.signed("bff", "voting", "/api/v1/voting/votes", voter, body)
		if err != nil {
			return nil, err
		}
		if _, err := send(ctx, r, m.harness.At[harness.ProductionVoting], http.StatusCreated); err != nil {
			return nil, err
		}
		voted := time.Now()
		for before := last; last == before; {
			if waits[i] > longestSeen {
				return nil, errors.New("a vote brought no grant")
			}
			if err := wait(ctx, lookEach); err != nil {
				return nil, err
			}
			if last, err = m.lastGrant(ctx, voter); err != nil {
				return nil, err
			}
			waits[i] = time.Since(voted)
		}
	}
	return waits, nil
}

// lastGrant is the newest grant of a user, as the user sees it.
func (m maker) lastGrant(ctx context.Context, user uuid.UUID) (uuid.UUID, error) {
	var list struct {
		Items []struct {
			Grant struct {
				ID uuid.UUID `json:"id"`
			} `json:"grant"`
		} `json:"items"`
	}
	if err := m.ask(ctx, http.MethodGet, "/me/grants?limit=1", user, nil, &list); err != nil || len(list.Items) == 0 {
		return uuid.Nil, err
	}
	return list.Items[0].Grant.ID, nil
}

// storeFacts stores what telling by events would take hours for.
func (m maker) storeFacts(ctx context.Context) (err error) {
	db, err := pgx.Connect(ctx, m.harness.GamificationURL)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close(ctx)) }()
	_, err = db.Exec(ctx, `
INSERT INTO facts (tenant_id, source, event_id, kind, person_id, key, object, told_at, happened_at, undone, fields)
SELECT $1, 'bench', gen_random_uuid(), 'post_written', md5('person ' || person)::uuid, 'post ' || n, '', t, t, false,
	jsonb_build_object('scope_type', 'TENANT', 'scope', $1::uuid, 'visibility', 'public')
FROM generate_series(1, $2::int) AS person, generate_series(1, $3::int - CASE WHEN person % $4::int = 0 THEN 0 ELSE 1 END) AS n,
	LATERAL (SELECT now() - n * interval '1 hour' AS t) AS times`, tenantAEF, factPersons, factsOfEach, grantedOneIn)
	if err != nil {
		return err
	}
	_, err = db.Exec(ctx, `
INSERT INTO members (tenant_id, user_id, active)
SELECT $1, md5('person ' || person)::uuid, true FROM generate_series($3::int, $2::int, $3::int) AS person`, tenantAEF, factPersons, grantedOneIn)
	if err != nil {
		return err
	}
	for _, statement := range []string{"VACUUM ANALYZE facts", "VACUUM ANALYZE members"} {
		if _, err := db.Exec(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}

// backFills has new rules count all facts.
func (m maker) backFills(ctx context.Context, admin *journey.Browser, rounds int, found *ruled) error {
	maker, err := whoIs(ctx, admin)
	if err != nil {
		return err
	}
	if err := m.storeFacts(ctx); err != nil {
		return err
	}
	for i := range rounds {
		note("%s, round %d of %d", rowBackFill, i+1, rounds)
		before, err := cpu.Resident(m.harness.PlatformPid)
		if err != nil {
			return err
		}
		began := time.Now()
		path, err := m.achievement(ctx, maker, "post_written", factsOfEach)
		if err != nil {
			return err
		}
		found.counts = append(found.counts, factsStored/time.Since(began).Seconds())
		after, err := cpu.Resident(m.harness.PlatformPid)
		if err != nil {
			return err
		}
		found.megabytes = append(found.megabytes, float64(after-before)/(1<<20))
		var grants struct {
			Items []struct{} `json:"items"`
		}
		if err := m.ask(ctx, http.MethodGet, path+"/grants?limit=100", maker, nil, &grants); err != nil {
			return err
		}
		if len(grants.Items) != factPersons/grantedOneIn {
			return fmt.Errorf("%d persons were granted the achievement, not %d", len(grants.Items), factPersons/grantedOneIn)
		}
	}
	return nil
}

// report adds what was measured to the table, and tells whether the targets were met.
func (r *ruled) report(t *table) bool {
	met := true
	verdict := func(ok bool) string {
		if ok {
			return "met"
		}
		met = false
		return "MISSED"
	}
	if len(r.waits) > 0 {
		p50, p99 := stats.Percentile(r.waits, 50), stats.Percentile(r.waits, 99)
		t.add(rowGrant, "1", "", "", "", "", "", fmt.Sprintf("%.2f", milliseconds(p50)), fmt.Sprintf("%.2f", milliseconds(p99)),
			fmt.Sprintf("%d votes", len(r.waits)), "", "", "", fmt.Sprintf("p99 <= %.0f ms", milliseconds(mostUntilGranted)), verdict(p99 <= mostUntilGranted))
	}
	if len(r.counts) > 0 {
		rate, memory := stats.Of(r.counts), slices.Max(r.megabytes)
		t.add(rowBackFill, "1", "", "", "", number(rate.Median), span(rate, "%.0f"), "", "",
			fmt.Sprintf("%d facts, at most %.0f MB", factsStored, memory), "", "", "", fmt.Sprintf("%d/s in %d MB", leastFacts, mostFillMemory),
			verdict(rate.Median >= leastFacts && memory <= mostFillMemory))
	}
	return met
}
