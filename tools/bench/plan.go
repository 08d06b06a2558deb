package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/google/uuid"

	"go.updspace.com/libs/reqctx"
	"go.updspace.com/tools/bench/harness"
	"go.updspace.com/tools/bench/load"
)

// plan is what is measured, in the order of a round: a row next to its baselines.
type plan struct {
	subjects []*subject
	rows     []row
	watch    *watchPlan
	revoke   *revokePlan
	rules    *ruled    // measured before the rest
	arrivals *arrivals // as rules
	pages    []page    // the bare one first
}

// loads reports whether anything is measured under load.
func (p plan) loads() bool { return len(p.subjects) > 0 || p.watch != nil || p.revoke != nil }

// measures reports whether a row is planned whose name begins with a match of the pattern.
func (p plan) measures(names string) bool {
	pattern := regexp.MustCompile("^(" + names + ")")
	return slices.ContainsFunc(p.rows, func(r row) bool { return pattern.MatchString(r.subject.name) }) || p.revoke != nil && pattern.MatchString(p.revoke.name)
}

// row is one line of the table with a target.
type row struct {
	subject   *subject
	baselines []string // whose costs are added up
	// At most so many times the baseline, at least so many per second on so many cores, or both.
	factor    float64
	perSecond float64
	cores     int
	from      int // connections that the target is for, and more
	noTarget  bool
}

type watchPlan struct{ watched, beside *subject }

// The targets.
const (
	mostOfGateway = 1.5
	mostOfResolve = 1.5
	mostOfCheck   = 2.0
	mostOfRead    = 1.8
	mostOfFeed    = 2.0
	mostOfInsert  = 2.5
	mostOfMonth   = 2.0
	mostOfBoard   = 2.0
	mostOfRSVP    = 3.0
	mostOfUnread  = 1.5
	mostOfItems   = 2.0
	mostOfCount   = 1.5
	leastChecks   = 30_000 // per second on two cores
	leastVotes    = 3_000  // per second on two cores
	leastTokens   = 2500   // per second on two cores
	leastSignIns  = 35     // per second and core
	mostOfHash    = 1.15
	mostOfGrant   = 2.0
	mostOfRotate  = 2.0
	batchSize     = 16
)

func newPlan(r *harness.Harness, v *fixture) plan {
	m := maker{harness: r, fixture: v}
	var (
		proxied = m.row("bff: proxied GET", "bff", http.StatusOK, m.proxied)
		cold    = m.row("access: check, uncached", harness.ColdAccess, http.StatusOK, m.check)
		strict  = m.row("access: check, no memory, strict", harness.StrictAccess, http.StatusOK, m.check)
		check   = m.row("access: check", "access", http.StatusOK, m.check)
		batch   = m.row("access: batch of 16 checks", "access", http.StatusOK, m.batch)
		read    = m.row("bff: a poll read", "bff", http.StatusOK, m.read)
		feed    = m.row("portal: a feed of 50 posts", "portal", http.StatusOK, m.feed)
		vote    = m.row("voting: vote cast", harness.ProductionVoting, http.StatusCreated, m.vote)
		month   = m.row("events: a month of 20 communities", harness.ProductionEvents, http.StatusOK, m.month)
		board   = m.row("gamification: a board of 100,000", "gamification", http.StatusOK, m.board)
		items   = m.row("activity: a page of 50 among 1,000,000", "activity", http.StatusOK, m.items)
		count   = m.row("activity: unread items", "activity", http.StatusOK, m.unreadItems)
		rsvp    = m.row("events: an answer", harness.ProductionEvents, http.StatusOK, m.rsvp)
		unread  = m.row("events: an unchanged calendar", harness.ProductionEvents, http.StatusNotModified, m.unchanged)
		token   = m.row("identity: token issued", "identity", http.StatusOK, m.token)
		signIn  = m.row("identity: password sign-in", "identity", http.StatusOK, m.signIn)
		refresh = m.row("identity: refresh", "identity", http.StatusOK, m.refresh)
		ask     = m.row("identity: introspection", "identity", http.StatusOK, m.introspection)
		info    = m.row("identity: userinfo", "identity", http.StatusOK, m.userinfo)
		keys    = m.row("identity: public keys", "identity", http.StatusOK, m.keys)
	)
	return plan{
		subjects: []*subject{
			m.baseline("bare", http.StatusOK, m.plain), m.baseline("gateway", http.StatusOK, m.throughBaseline), proxied,
			m.baseline("resolve", http.StatusOK, m.resolved), cold, strict, check, batch,
			m.baseline("select", http.StatusOK, m.thing), m.baseline("call", http.StatusOK, m.thing), read,
			m.baseline("calendar", http.StatusNotModified, m.plain), unread,
			m.baseline("feed", http.StatusOK, m.feedBaseline), feed,
			m.baseline("month", http.StatusOK, m.plain), month,
			m.baseline("board", http.StatusOK, m.boardBaseline), board,
			m.baseline("items", http.StatusOK, m.plain), items, m.unreadSubject(), count,
			m.baseline("insert", http.StatusCreated, m.ballot), vote, rsvp,
			m.baseline("sign", http.StatusOK, m.plain), token,
			m.baseline("rotate", http.StatusOK, m.rotation), refresh,
			m.baseline("grant", http.StatusOK, m.grant), ask, info,
			m.baseline("hash", http.StatusNoContent, m.plain), signIn,
		},
		rows: []row{
			{subject: proxied, baselines: []string{"gateway"}, factor: mostOfGateway},
			{subject: cold, baselines: []string{"resolve"}, factor: mostOfResolve},
			{subject: strict, baselines: []string{"resolve"}, noTarget: true},
			{subject: check, baselines: []string{"bare"}, perSecond: leastChecks, cores: 2},
			{subject: batch, baselines: []string{check.name}, factor: mostOfCheck},
			// Gateway, voting, access: voting cannot avoid asking, which is a call besides its SELECT.
			{subject: read, baselines: []string{"gateway", "call", "select"}, factor: mostOfRead},
			{subject: feed, baselines: []string{"feed"}, factor: mostOfFeed},
			// Votes, and answers, that come at the same time are stored and sent together; a single one is not what the target is for.
			{subject: vote, baselines: []string{"insert"}, factor: mostOfInsert, perSecond: leastVotes, cores: 2, from: 16},
			{subject: month, baselines: []string{"month"}, factor: mostOfMonth},
			// Activity cannot avoid asking access, which is a call besides its SELECT.
			{subject: items, baselines: []string{"items", "call"}, factor: mostOfItems},
			{subject: count, baselines: []string{"items unread", "call"}, factor: mostOfCount},
			{subject: board, baselines: []string{"board"}, factor: mostOfBoard},
			{subject: unread, baselines: []string{"calendar"}, factor: mostOfUnread},
			{subject: rsvp, baselines: []string{"insert"}, factor: mostOfRSVP, from: 16},
			{subject: token, baselines: []string{"sign"}, perSecond: leastTokens, cores: 2},
			{subject: refresh, baselines: []string{"rotate"}, factor: mostOfRotate},
			{subject: ask, baselines: []string{"grant"}, factor: mostOfGrant},
			{subject: info, baselines: []string{"grant"}, factor: mostOfGrant},
			{subject: signIn, baselines: []string{"hash"}, factor: mostOfHash, perSecond: leastSignIns, cores: 1},
		},
		watch:  &watchPlan{watched: keys, beside: signIn},
		revoke: &revokePlan{name: "access: a revocation, seen", beside: check, maker: m},
	}
}

// only keeps the rows whose name matches, and what they need.
func (p plan) only(name *regexp.Regexp) plan {
	needed := map[string]bool{}
	p.rows = slices.DeleteFunc(slices.Clone(p.rows), func(r row) bool {
		if !name.MatchString(r.subject.name) {
			return true
		}
		needed[r.subject.name] = true
		for _, f := range r.baselines {
			needed[f] = true
		}
		return false
	})
	p.subjects = slices.DeleteFunc(slices.Clone(p.subjects), func(s *subject) bool {
		return !needed[s.name] && !(s.name == "bare" && name.MatchString("bare"))
	})
	if p.watch != nil && !needed[p.watch.beside.name] {
		p.watch = nil
	}
	if p.revoke != nil && !name.MatchString(p.revoke.name) {
		p.revoke = nil
	}
	p.pages = pagesNamed(p.pages, name)
	return p
}

// maker makes the subjects and their requests.
type maker struct {
	harness *harness.Harness
	fixture *fixture
}

func (m maker) row(name, service string, status int, prepare func(context.Context) (requests, error)) *subject {
	return &subject{name: name, addr: m.harness.At[service], meter: m.harness.Platform, status: status, prepare: prepare}
}

func (m maker) baseline(kind string, status int, prepare func(context.Context) (requests, error)) *subject {
	f := m.harness.Baselines[kind]
	return &subject{name: kind, addr: f.Addr, meter: f.Meter, status: status, prepare: prepare}
}

func repeat(all ...*http.Request) (requests, error) {
	next, err := load.Repeat(all...)
	return requests{next: next}, err
}

func get(ctx context.Context, host, path string) (*http.Request, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+host+path, nil)
	if err != nil {
		return nil, err
	}
	r.Header.Set("Accept", "application/json")
	return r, nil
}

func (m maker) plain(ctx context.Context) (requests, error) {
	r, err := get(ctx, "baseline", "/")
	if err != nil {
		return requests{}, err
	}
	return repeat(r)
}

// browserRequest is a request as the member's browser sends it to the gateway.
func (m maker) browserRequest(ctx context.Context, path, session string) (requests, error) {
	r, err := get(ctx, strings.TrimPrefix(m.harness.Origin, "http://"), path)
	if err != nil {
		return requests{}, err
	}
	r.Header.Set("X-Request-Id", uuid.NewString())
	r.Header.Set("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
	for _, name := range []string{"updspace_session", "updspace_csrf", "updspace_browser"} {
		value := m.fixture.cookies[name]
		if name == "updspace_session" {
			value = session
		}
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	return repeat(r)
}

// Both gateways get the same request and stand before the same upstream; only the session differs.
func (m maker) throughBaseline(ctx context.Context) (requests, error) {
	return m.browserRequest(ctx, harness.ProxiedPath+"/bench", baselineSession)
}

func (m maker) proxied(ctx context.Context) (requests, error) {
	return m.browserRequest(ctx, harness.ProxiedPath+"/bench", m.fixture.cookies["updspace_session"])
}

func (m maker) read(ctx context.Context) (requests, error) {
	return m.browserRequest(ctx, "/api/v1/voting/polls/"+m.fixture.polls[0].poll, m.fixture.cookies["updspace_session"])
}

func (m maker) thing(ctx context.Context) (requests, error) {
	all := make([]*http.Request, 512)
	for i := range all {
		var err error
		if all[i], err = get(ctx, "baseline", fmt.Sprintf("/%d", 1+i*19)); err != nil {
			return requests{}, err
		}
	}
	return repeat(all...)
}

func (m maker) ballot(context.Context) (requests, error) {
	option := m.fixture.polls[0].option
	return requests{next: func(int) ([]byte, error) {
		body, err := json.Marshal(map[string]any{"voter": uuid.New(), "option": option})
		if err != nil {
			return nil, err
		}
		r, err := http.NewRequest(http.MethodPost, "http://baseline/", bytes.NewReader(body))
		if err != nil {
			return nil, err
		}
		r.Header.Set("Content-Type", "application/json")
		return load.Encode(r)
	}}, nil
}

// signed makes a call of one service to another on behalf of a user.
func (m maker) signed(caller, audience, path string, user uuid.UUID, body any) (*http.Request, error) {
	encoded, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	return m.sign(http.MethodPost, caller, audience, path, user, encoded)
}

func (m maker) signedGet(caller, audience, path string, user uuid.UUID) (*http.Request, error) {
	return m.sign(http.MethodGet, caller, audience, path, user, nil)
}

func (m maker) sign(method, caller, audience, path string, user uuid.UUID, encoded []byte) (*http.Request, error) {
	signer, err := m.harness.Keyring.Signer(caller, audience)
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequest(method, "http://"+m.harness.At[audience]+path, bytes.NewReader(encoded))
	if err != nil {
		return nil, err
	}
	if len(encoded) > 0 {
		r.Header.Set("Content-Type", "application/json")
	}
	rc := reqctx.Context{RequestID: uuid.NewString(), TenantID: tenantAEF, TenantSlug: "aef", UserID: user}
	if user != uuid.Nil {
		rc.Flags = reqctx.Flags{EmailVerified: true, Status: "active", MembershipStatus: "active"}
	}
	signer.Sign(r, rc, encoded)
	return r, nil
}

// asked makes checks by many users. Signatures hold for a minute, runs are shorter.
func (m maker) asked(path string, body func(user int) any) (requests, error) {
	all := make([]*http.Request, users)
	for i := range all {
		var err error
		if all[i], err = m.signed("voting", "access", path, m.fixture.facts.users[i], body(i)); err != nil {
			return requests{}, err
		}
	}
	return repeat(all...)
}

// check asks about something for a team's members in a team that only its community leads to.
func (m maker) check(context.Context) (requests, error) {
	return m.asked("/internal/v1/check", func(user int) any {
		return question("TEAM", m.fixture.facts.asked(user), "team")
	})
}

// batch asks what a list of polls in as many communities asks.
func (m maker) batch(context.Context) (requests, error) {
	return m.asked("/internal/v1/check/batch", func(int) any {
		checks := make([]any, batchSize)
		for i := range checks {
			checks[i] = question("COMMUNITY", m.fixture.facts.communities[i], "community")
		}
		return map[string]any{"checks": checks}
	})
}

func question(typ string, scope uuid.UUID, visibility string) map[string]any {
	return map[string]any{"permission": "voting.poll.read", "scope": map[string]any{"type": typ, "id": scope}, "resource_visibility": visibility}
}

// resolved asks the baseline what check asks access.
func (m maker) resolved(ctx context.Context) (requests, error) {
	all := make([]*http.Request, users)
	for i := range all {
		var err error
		if all[i], err = get(ctx, "baseline", fmt.Sprintf("/%d/%d", i, communities+(i+teamsEach)%communities)); err != nil {
			return requests{}, err
		}
	}
	return repeat(all...)
}

// vote casts the one vote of a user in a poll: of each user in turn, and when all have voted, in the next poll.
func (m maker) vote(context.Context) (requests, error) {
	v := m.fixture
	return requests{next: func(int) ([]byte, error) {
		n := int(v.votes.Add(1)) - 1
		if n >= users*len(v.polls) {
			return nil, fmt.Errorf("the %d polls have the votes of all users", len(v.polls))
		}
		p := v.polls[n/users]
		body := map[string]any{"poll_id": p.poll, "nomination_id": p.question, "option_id": p.option}
		r, err := m.signed("bff", "voting", "/api/v1/voting/votes", v.facts.users[n%users], body)
		if err != nil {
			return nil, err
		}
		return load.Encode(r)
	}}, nil
}

// tokens is how many codes a run redeems. Each takes two requests to get.
const tokens = 800

func (m maker) token(ctx context.Context) (requests, error) {
	all, err := m.fixture.id.redemptions(ctx, tokens)
	if err != nil {
		return requests{}, err
	}
	q, err := repeat(all...)
	q.max = tokens
	return q, err
}

func (m maker) signIn(ctx context.Context) (requests, error) {
	r, err := m.fixture.id.login(ctx)
	if err != nil {
		return requests{}, err
	}
	return repeat(r)
}

func (m maker) keys(ctx context.Context) (requests, error) {
	r, err := m.fixture.id.request(ctx, http.MethodGet, "/.well-known/jwks.json", nil)
	if err != nil {
		return requests{}, err
	}
	return repeat(r)
}
