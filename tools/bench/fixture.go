package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"

	"github.com/google/uuid"

	"go.updspace.com/tools/bench/harness"
	"go.updspace.com/tools/journey"
)

// baselineSession is the cookie that the baseline's gateway knows: as long as the platform's own.
const baselineSession = "bench-bench-bench-bench-bench-bench-bench-b"

var tenantAEF = uuid.MustParse("00000000-0000-0000-0000-000000000001")

// fixture is what the requests of the bench need to have happened before.
type fixture struct {
	member  *journey.Browser
	cookies map[string]string // of the member's browser
	polls   []ballotPaper
	votes   atomic.Int64 // cast in them
	id      *idClient
	facts   facts
	// The feed and the calendar: who wrote them, who reads them, and the communities, of which the reader is in every other one.
	writer, reader uuid.UUID
	communities    []uuid.UUID
	calendar       calendar
	rsvps          atomic.Int64 // given
}

// polls is how many are opened: each user has a vote in each, and a bench of five rounds casts some sixty thousand.
const polls = 200

// ballotPaper is a poll that is open to everybody's votes.
type ballotPaper struct{ poll, question, option string }

// newFixture signs the member in. Until it is filled the platform has the demo data alone.
func newFixture(ctx context.Context, r *harness.Harness) (*fixture, error) {
	v := &fixture{
		member: journey.NewBrowser(r.Origin, journey.Transport(), nil), cookies: map[string]string{}, id: newIDClient(r), facts: newFacts(),
	}
	if err := journey.SignIn(ctx, v.member, journey.Member, journey.Password); err != nil {
		return nil, err
	}
	for _, name := range []string{"updspace_session", "updspace_csrf", "updspace_browser"} {
		if v.cookies[name] = v.member.Cookie(name); v.cookies[name] == "" {
			return nil, fmt.Errorf("signing in set no cookie %s", name)
		}
	}
	return v, nil
}

// fill makes what the planned rows need: the feed, the board, the items and the calendar, the polls, and the facts of access.
func (v *fixture) fill(ctx context.Context, r *harness.Harness, p plan) error {
	defer v.member.CloseIdleConnections()
	transport := journey.Transport()
	defer transport.CloseIdleConnections()
	admin := journey.NewBrowser(r.Origin, transport, nil)
	if err := journey.SignIn(ctx, admin, journey.Admin, journey.Password); err != nil {
		return err
	}
	m := maker{harness: r, fixture: v}
	var err error
	if v.writer, err = whoIs(ctx, admin); err != nil {
		return err
	}
	if v.reader, err = whoIs(ctx, v.member); err != nil {
		return err
	}
	for _, part := range []struct {
		of   string // the rows that need it
		fill func() error
	}{
		{"portal: |events: |activity: ", func() error { return v.newFeed(ctx, m, admin, v.member) }},
		{"gamification: ", func() error { return m.storeBoard(ctx) }},
		{"activity: ", func() error { return m.storeItems(ctx, v) }},
		{"events: ", func() error { return v.newCalendar(ctx, m) }},
		{"voting: |events: |bff: a poll", func() error { return v.openPolls(ctx, admin) }}, // what the events service has to tell of its calendar is told meanwhile
		{"access: |voting: |events: ", func() error { return v.facts.tell(ctx, r) }},
	} {
		if !p.measures(part.of) {
			continue
		}
		if err := part.fill(); err != nil {
			return err
		}
	}
	return nil
}

func (v *fixture) newCalendar(ctx context.Context, m maker) (err error) {
	if v.calendar, err = newCalendar(ctx, m, v.writer, v.communities); err != nil {
		return err
	}
	v.calendar.address, err = m.subscribe(ctx, v.reader)
	return err
}

func (v *fixture) openPolls(ctx context.Context, admin *journey.Browser) error {
	for range polls {
		poll, err := openPoll(ctx, admin)
		if err != nil {
			return err
		}
		v.polls = append(v.polls, poll)
	}
	return nil
}

func openPoll(ctx context.Context, admin *journey.Browser) (ballotPaper, error) {
	draft := map[string]any{
		"title": "Which map next?", "description": "Made by the bench.", "scope_type": "TENANT", "visibility": "public",
		"nominations": []any{map[string]any{"title": "Map", "kind": "custom", "max_votes": 1, "options": []any{
			map[string]any{"title": "Dust"}, map[string]any{"title": "Mirage"}, map[string]any{"title": "Inferno"},
		}}},
	}
	var poll struct {
		ID string `json:"id"`
	}
	if err := admin.Send(ctx, http.MethodPost, "/api/v1/voting/polls", draft).JSON(http.StatusCreated, &poll); err != nil {
		return ballotPaper{}, err
	}
	path := "/api/v1/voting/polls/" + poll.ID
	if err := admin.Send(ctx, http.MethodPut, path, map[string]any{"status": "active"}).Expect(http.StatusOK); err != nil {
		return ballotPaper{}, err
	}
	var info struct {
		Options []struct {
			ID       string `json:"id"`
			Question string `json:"nomination_id"`
		} `json:"options"`
	}
	if err := admin.Send(ctx, http.MethodGet, path+"/info", nil).JSON(http.StatusOK, &info); err != nil {
		return ballotPaper{}, err
	}
	if len(info.Options) == 0 {
		return ballotPaper{}, errors.New("the poll has no options")
	}
	return ballotPaper{poll: poll.ID, question: info.Options[0].Question, option: info.Options[0].ID}, nil
}

// idClient talks to the ID service as its own pages do, to get what the measured requests spend.
type idClient struct {
	addr, host, origin, secret, portal string
	http                               *http.Client
	session                            string
}

func newIDClient(r *harness.Harness) *idClient {
	return &idClient{
		addr: r.At["identity"], host: strings.TrimPrefix(r.ID, "http://"), origin: r.ID, secret: r.ClientSecret,
		portal: r.Origin, http: &http.Client{Transport: journey.Transport()},
	}
}

// request makes a request to the ID service under the name that browsers use.
func (c *idClient) request(ctx context.Context, method, path string, body any) (*http.Request, error) {
	var encoded io.Reader = http.NoBody
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			return nil, err
		}
		encoded = bytes.NewReader(b)
	}
	r, err := http.NewRequestWithContext(ctx, method, "http://"+c.addr+path, encoded)
	if err != nil {
		return nil, err
	}
	r.Host = c.host
	r.Header.Set("Accept", "application/json")
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Origin", c.origin)
	}
	return r, nil
}

func (c *idClient) call(ctx context.Context, method, path string, body, into any) error {
	r, err := c.request(ctx, method, path, body)
	if err != nil {
		return err
	}
	if c.session != "" {
		r.Header.Set("X-Session-Token", c.session)
	}
	resp, err := c.http.Do(r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	if err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s %s answered %s: %s", method, path, resp.Status, answer)
	}
	return json.Unmarshal(answer, into)
}

// login makes the request that signs the member in. Its form token lasts longer than a run.
func (c *idClient) login(ctx context.Context) (*http.Request, error) {
	var form struct {
		Token string `json:"form_token"`
	}
	if err := c.call(ctx, http.MethodGet, "/api/v1/auth/form_token?purpose=login", nil, &form); err != nil {
		return nil, err
	}
	return c.request(ctx, http.MethodPost, "/api/v1/auth/login",
		map[string]any{"email": journey.Member, "password": journey.Password, "form_token": form.Token})
}

const verifier = "bench-verifier-bench-verifier-bench-verifier-bench"

// redemptions makes n requests that each redeem a code of its own.
func (c *idClient) redemptions(ctx context.Context, n int) ([]*http.Request, error) {
	if c.session == "" {
		login, err := c.login(ctx)
		if err != nil {
			return nil, err
		}
		resp, err := c.http.Do(login)
		if err != nil {
			return nil, err
		}
		_ = resp.Body.Close()
		if c.session = resp.Header.Get("X-Session-Token"); c.session == "" {
			return nil, fmt.Errorf("signing in answered %s and no session", resp.Status)
		}
	}
	requests := make([]*http.Request, n)
	for i := range requests {
		code, err := c.code(ctx)
		if err != nil {
			return nil, err
		}
		form := url.Values{
			"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {c.callback()}, "code_verifier": {verifier},
			"client_id": {clientID}, "client_secret": {c.secret},
		}
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+c.addr+"/oauth/token", strings.NewReader(form.Encode()))
		if err != nil {
			return nil, err
		}
		r.Host = c.host
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		requests[i] = r
	}
	return requests, nil
}

const clientID = "portal"

func (c *idClient) callback() string { return c.portal + "/api/v1/auth/callback" }

// code gets an authorization code as the consent page does.
func (c *idClient) code(ctx context.Context) (string, error) {
	sum := sha256.Sum256([]byte(verifier))
	query := url.Values{
		"client_id": {clientID}, "redirect_uri": {c.callback()}, "response_type": {"code"}, "scope": {"openid profile email"},
		"state": {"bench"}, "nonce": {"bench"},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])}, "code_challenge_method": {"S256"},
	}
	var prompt struct {
		RequestID string `json:"request_id"`
	}
	if err := c.call(ctx, http.MethodGet, "/oauth/authorize/prepare?"+query.Encode(), nil, &prompt); err != nil {
		return "", err
	}
	var target struct {
		RedirectURI string `json:"redirect_uri"`
	}
	approval := map[string]any{"request_id": prompt.RequestID, "scopes": []string{"openid", "profile", "email"}, "remember": false}
	if err := c.call(ctx, http.MethodPost, "/oauth/authorize/approve", approval, &target); err != nil {
		return "", err
	}
	u, err := url.Parse(target.RedirectURI)
	if err != nil {
		return "", err
	}
	code := u.Query().Get("code")
	if code == "" {
		return "", fmt.Errorf("no code in %s", u.Redacted())
	}
	return code, nil
}
