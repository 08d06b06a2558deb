package bff_test

import (
	"bufio"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/nats-io/nats.go"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/reqctx"
	"go.updspace.com/tools/devkit/testkit"
)

// streaming is a service whose streams send what a test says.
type streaming struct {
	opened chan chan<- string // one for each stream
	left   chan struct{}
}

func (p *platform) streams() streaming {
	s := streaming{make(chan chan<- string, 10), make(chan struct{}, 10)}
	p.voting.handle("GET /api/v1/voting/stream", func(w http.ResponseWriter, r *http.Request, _ reqctx.Context) {
		w.Header().Set("Content-Type", "text/event-stream")
		control, say := http.NewResponseController(w), make(chan string)
		_ = control.Flush()
		s.opened <- say
		defer func() { s.left <- struct{}{} }()
		for {
			select {
			case text := <-say:
				_, _ = io.WriteString(w, text+"\n")
				_ = control.Flush()
			case <-r.Context().Done():
				return
			}
		}
	})
	p.voting.handle("GET /api/v1/voting/long-poll", func(_ http.ResponseWriter, r *http.Request, _ reqctx.Context) {
		<-r.Context().Done()
		s.left <- struct{}{}
	})
	return s
}

// stream is an open stream of a browser.
type stream struct {
	t     testing.TB
	lines *bufio.Reader
	say   chan<- string
}

func (b *browser) opens(s streaming) stream {
	b.p.t.Helper()
	r, err := http.NewRequestWithContext(b.p.t.Context(), http.MethodGet, aefHost+"/api/v1/voting/stream", nil)
	require.NoError(b.p.t, err)
	r.Header.Set("Accept", "text/event-stream")
	response, err := b.client.Do(r)
	require.NoError(b.p.t, err)
	require.Equal(b.p.t, http.StatusOK, response.StatusCode)
	b.p.t.Cleanup(func() { _ = response.Body.Close() })
	one := stream{b.p.t, bufio.NewReader(response.Body), <-s.opened}
	one.flows()
	return one
}

// flows sends something, which must arrive.
func (s stream) flows() {
	s.t.Helper()
	text := uuid.NewString()
	s.say <- text
	line, err := s.lines.ReadString('\n')
	require.NoError(s.t, err)
	require.Equal(s.t, text+"\n", line)
}

// over reads the end of the stream.
func (s stream) over() {
	s.t.Helper()
	rest, err := io.ReadAll(s.lines)
	require.NoError(s.t, err)
	require.Empty(s.t, rest)
}

// A stream and a request that waits end with their session before its end is answered, at whichever instance they are; those of other sessions
// go on.
func TestStreamsEndWithTheirSession(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(p *platform, b *browser, sid uuid.UUID){
		"sign-out": func(_ *platform, b *browser, _ uuid.UUID) {
			require.Equal(t, http.StatusNoContent, b.post(aefHost+"/api/v1/session/logout", "").status)
		},
		"sign-out at the ID host": func(p *platform, _ *browser, sid uuid.UUID) {
			require.Equal(t, http.StatusOK, p.sendLogoutToken(p.id.logoutToken(sid, nil)).status)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := start(t)
			s := p.streams()
			sid := uuid.New()
			b, other := p.browser().signInWith(sid, aefHost, member), p.browser().signIn(aefHost, member)
			one, kept := b.opens(s), other.opens(s)
			waited := make(chan reply)
			go func() { waited <- b.get(aefHost + "/api/v1/voting/long-poll") }()
			eventually(t, func() bool { return p.voting.last(t).uri == "/api/v1/voting/long-poll" }, "it waits")
			p.boot() // the end reaches one instance, and the streams are at the other
			b.address = p.address
			end(p, b, sid)
			one.over()
			(<-waited).refuses(http.StatusUnauthorized, "UNAUTHORIZED")
			kept.flows()
			for range 2 {
				<-s.left
			}
		})
	}
}

// Streams end when identity tells that their user has lost the right to be there, and not when it tells of another change.
func TestStreamsEndWithTheStandingOfTheirUser(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		event  string
		change func(*account)
	}{
		"suspended":          {"user.suspended", func(a *account) { a.flags["suspended"] = true }},
		"a member no longer": {"membership.changed", func(a *account) { delete(a.tenants, aef) }},
		"disabled":           {"membership.changed", func(a *account) { a.tenants[aef] = "disabled" }},
		"signed out of all":  {"user.updated", func(a *account) { a.validFrom = time.Now().Add(time.Hour) }},
		"banned":             {"user.banned", func(a *account) { a.flags["banned"] = true }},
		"another name":       {"user.updated", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url := testkit.NATS(t)
			p := start(t, func(p *platform) { p.cfg.NATSURL = url })
			s := p.streams()
			one, kept := p.browser().signIn(aefHost, member).opens(s), p.browser().signIn(aefHost, second).opens(s)
			if c.change != nil {
				p.id.change(member, c.change)
			}
			conn, err := nats.Connect(url)
			require.NoError(t, err)
			defer conn.Close()
			asked := p.id.principals.Load()
			eventually(t, func() bool { // the gateway may not be listening yet
				require.NoError(t, conn.Publish("updspace.identity."+c.event, []byte(`{"subject":"user/`+member.String()+`","data":{}}`)))
				require.NoError(t, conn.FlushTimeout(5*time.Second))
				return p.id.principals.Load() > asked
			}, "the event is heard")
			if c.change == nil {
				one.flows()
			} else {
				one.over()
			}
			kept.flows()
		})
	}
}
