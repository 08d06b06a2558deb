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
	"go.updspace.com/tools/bench/load"
	"go.updspace.com/tools/bench/rig"
)

// plan is what is measured, in the order of a round: a row next to its floors.
type plan struct {
	subjects []*subject
	rows     []row
	watch    *watchPlan
	revoke   *revokePlan
}

// row is one line of the table with a target.
type row struct {
	subject *subject
	floors  []string // whose costs are added up
	// One of the two: at most so many times the floor, or at least so many per second on so many cores.
	factor    float64
	perSecond float64
	cores     int
	noTarget  bool
}

type watchPlan struct{ watched, beside *subject }

// What the issue asks for.
const (
	mostOfGateway = 1.5
	mostOfResolve = 1.5
	mostOfCheck   = 2.0
	mostOfRead    = 1.8
	mostOfFeed    = 2.0
	mostOfInsert  = 2.5
	leastChecks   = 25_000 // per second on two cores
	leastTokens   = 2000   // per second on two cores
	leastSignIns  = 35     // per second and core
	batchSize     = 16
)

func newPlan(r *rig.Rig, v *visitor) plan {
	m := maker{rig: r, visitor: v}
	var (
		proxied = m.row("bff: proxied GET", "bff", http.StatusOK, m.proxied)
		cold    = m.row("access: check, uncached", rig.ColdAccess, http.StatusOK, m.check)
		strict  = m.row("access: check, no memory, strict", rig.StrictAccess, http.StatusOK, m.check)
		check   = m.row("access: check", "access", http.StatusOK, m.check)
		batch   = m.row("access: batch of 16 checks", "access", http.StatusOK, m.batch)
		read    = m.row("bff: a poll read", "bff", http.StatusOK, m.read)
		feed    = m.row("portal: a feed of 50 posts", "portal", http.StatusOK, m.feed)
		vote    = m.row("voting: vote cast", "voting", http.StatusCreated, m.vote)
		token   = m.row("identity: token issued", "identity", http.StatusOK, m.token)
		signIn  = m.row("identity: password sign-in", "identity", http.StatusOK, m.signIn)
		keys    = m.row("identity: public keys", "identity", http.StatusOK, m.keys)
	)
	return plan{
		subjects: []*subject{
			m.floor("bare", http.StatusOK, m.plain), m.floor("gateway", http.StatusOK, m.throughFloor), proxied,
			m.floor("resolve", http.StatusOK, m.resolved), cold, strict, check, batch,
			m.floor("select", http.StatusOK, m.thing), m.floor("call", http.StatusOK, m.thing), read,
			m.floor("feed", http.StatusOK, m.feedFloor), feed,
			m.floor("insert", http.StatusCreated, m.ballot), vote,
			m.floor("sign", http.StatusOK, m.plain), token,
			m.floor("hash", http.StatusNoContent, m.plain), signIn,
		},
		rows: []row{
			{subject: proxied, floors: []string{"gateway"}, factor: mostOfGateway},
			{subject: cold, floors: []string{"resolve"}, factor: mostOfResolve},
			{subject: strict, floors: []string{"resolve"}, noTarget: true},
			{subject: check, floors: []string{"bare"}, perSecond: leastChecks, cores: 2},
			{subject: batch, floors: []string{check.name}, factor: mostOfCheck},
			// Gateway, voting, access: voting cannot avoid asking, which is a call besides its SELECT.
			{subject: read, floors: []string{"gateway", "call", "select"}, factor: mostOfRead},
			{subject: feed, floors: []string{"feed"}, factor: mostOfFeed},
			{subject: vote, floors: []string{"insert"}, factor: mostOfInsert},
			{subject: token, floors: []string{"sign"}, perSecond: leastTokens, cores: 2},
			{subject: signIn, floors: []string{"hash"}, perSecond: leastSignIns, cores: 1},
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
		for _, f := range r.floors {
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
	return p
}

// maker makes the subjects and their requests.
type maker struct {
	rig     *rig.Rig
	visitor *visitor
}

func (m maker) row(name, service string, status int, prepare func(context.Context) (requests, error)) *subject {
	return &subject{name: name, addr: m.rig.At[service], meter: m.rig.Platform, status: status, prepare: prepare}
}

func (m maker) floor(kind string, status int, prepare func(context.Context) (requests, error)) *subject {
	f := m.rig.Floors[kind]
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
	r, err := get(ctx, "floor", "/")
	if err != nil {
		return requests{}, err
	}
	return repeat(r)
}

// visited is a request as the member's browser sends it to the gateway.
func (m maker) visited(ctx context.Context, path, session string) (requests, error) {
	r, err := get(ctx, strings.TrimPrefix(m.rig.Origin, "http://"), path)
	if err != nil {
		return requests{}, err
	}
	r.Header.Set("X-Request-Id", uuid.NewString())
	r.Header.Set("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
	for _, name := range []string{"updspace_session", "updspace_csrf", "updspace_browser"} {
		value := m.visitor.cookies[name]
		if name == "updspace_session" {
			value = session
		}
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	return repeat(r)
}

// Both gateways get the same request and stand before the same upstream; only the session differs.
func (m maker) throughFloor(ctx context.Context) (requests, error) {
	return m.visited(ctx, rig.ProxiedPath+"/bench", floorSession)
}

func (m maker) proxied(ctx context.Context) (requests, error) {
	return m.visited(ctx, rig.ProxiedPath+"/bench", m.visitor.cookies["updspace_session"])
}

func (m maker) read(ctx context.Context) (requests, error) {
	return m.visited(ctx, "/api/v1/voting/polls/"+m.visitor.polls[0].poll, m.visitor.cookies["updspace_session"])
}

func (m maker) thing(ctx context.Context) (requests, error) {
	all := make([]*http.Request, 512)
	for i := range all {
		var err error
		if all[i], err = get(ctx, "floor", fmt.Sprintf("/%d", 1+i*19)); err != nil {
			return requests{}, err
		}
	}
	return repeat(all...)
}

func (m maker) ballot(context.Context) (requests, error) {
	option := m.visitor.polls[0].option
	return requests{next: func(int) ([]byte, error) {
		body, err := json.Marshal(map[string]any{"voter": uuid.New(), "option": option})
		if err != nil {
			return nil, err
		}
		r, err := http.NewRequest(http.MethodPost, "http://floor/", bytes.NewReader(body))
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
	signer, err := m.rig.Keyring.Signer(caller, audience)
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequest(method, "http://"+m.rig.At[audience]+path, bytes.NewReader(encoded))
	if err != nil {
		return nil, err
	}
	if len(encoded) > 0 {
		r.Header.Set("Content-Type", "application/json")
	}
	signer.Sign(r, reqctx.Context{
		RequestID: uuid.NewString(), TenantID: tenantAEF, TenantSlug: "aef", UserID: user,
		Flags: reqctx.Flags{EmailVerified: true, Status: "active", MembershipStatus: "active"},
	}, encoded)
	return r, nil
}

// asked makes checks by many users. Signatures hold for a minute, runs are shorter.
func (m maker) asked(path string, body func(user int) any) (requests, error) {
	all := make([]*http.Request, users)
	for i := range all {
		var err error
		if all[i], err = m.signed("voting", "access", path, m.visitor.facts.users[i], body(i)); err != nil {
			return requests{}, err
		}
	}
	return repeat(all...)
}

// check asks about something for a team's members in a team that only its community leads to.
func (m maker) check(context.Context) (requests, error) {
	return m.asked("/internal/v1/check", func(user int) any {
		return question("TEAM", m.visitor.facts.asked(user), "team")
	})
}

// batch asks what a list of polls in as many communities asks.
func (m maker) batch(context.Context) (requests, error) {
	return m.asked("/internal/v1/check/batch", func(int) any {
		checks := make([]any, batchSize)
		for i := range checks {
			checks[i] = question("COMMUNITY", m.visitor.facts.communities[i], "community")
		}
		return map[string]any{"checks": checks}
	})
}

func question(typ string, scope uuid.UUID, visibility string) map[string]any {
	return map[string]any{"permission": "voting.poll.read", "scope": map[string]any{"type": typ, "id": scope}, "resource_visibility": visibility}
}

// resolved asks the floor what check asks access.
func (m maker) resolved(ctx context.Context) (requests, error) {
	all := make([]*http.Request, users)
	for i := range all {
		var err error
		if all[i], err = get(ctx, "floor", fmt.Sprintf("/%d/%d", i, communities+(i+teamsEach)%communities)); err != nil {
			return requests{}, err
		}
	}
	return repeat(all...)
}

// vote casts the one vote of a user in a poll: of each user in turn, and when all have voted, in the next poll.
func (m maker) vote(context.Context) (requests, error) {
	v := m.visitor
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
	all, err := m.visitor.id.redemptions(ctx, tokens)
	if err != nil {
		return requests{}, err
	}
	q, err := repeat(all...)
	q.max = tokens
	return q, err
}

func (m maker) signIn(ctx context.Context) (requests, error) {
	r, err := m.visitor.id.login(ctx)
	if err != nil {
		return requests{}, err
	}
	return repeat(r)
}

func (m maker) keys(ctx context.Context) (requests, error) {
	r, err := m.visitor.id.request(ctx, http.MethodGet, "/.well-known/jwks.json", nil)
	if err != nil {
		return requests{}, err
	}
	return repeat(r)
}
