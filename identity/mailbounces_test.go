package identity_test

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/mailevents"
	"go.updspace.com/identity"
	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/signature"
	"go.updspace.com/tools/devkit/testkit"
	devservice "go.updspace.com/tools/devkit/testkit/service"
)

var mailSecret = signature.NewSecret()

func withReports(c *identity.Config) { c.MailWebhookSecrets = mailSecret.Text() }

// mailReport is a report that a mail server sends.
type mailReport struct {
	id, body string
	secret   signature.Secret
	at       time.Time
}

func (s *service) mailReport(kind, bounce, messageID string, to ...string) mailReport {
	body, err := json.Marshal(map[string]any{
		"type": kind, "created_at": "2026-03-01T12:00:00Z",
		"data": map[string]any{"to": to, "message_id": messageID, "subject": "Raid", "bounce": map[string]any{"type": bounce, "message": "no such user"}},
	})
	require.NoError(s.t, err)
	return mailReport{uuid.NewString(), string(body), mailSecret, s.clock.Now()}
}

// reported sends a report and returns status and code of the answer.
func (s *service) reported(m mailReport) (status int, code string) {
	s.t.Helper()
	r, err := http.NewRequest(http.MethodPost, s.url+"/api/v1/mail/reports", strings.NewReader(m.body))
	require.NoError(s.t, err)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set(signature.HeaderID, m.id)
	r.Header.Set(signature.HeaderTimestamp, signature.Timestamp(m.at))
	r.Header.Set(signature.HeaderSignature, signature.Sign([]signature.Secret{m.secret}, m.id, m.at, []byte(m.body)))
	response, err := s.plain().Do(r)
	require.NoError(s.t, err)
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	require.NoError(s.t, err)
	var body struct{ Error struct{ Code string } }
	require.NoError(s.t, json.Unmarshal(answer, &body))
	return response.StatusCode, body.Error.Code
}

// A mail that comes back ends mails to its address, and tells the service that asked for it. The owner sees it, and can try again.
func TestAMailThatComesBackEndsMails(t *testing.T) {
	t.Parallel()
	broker := testkit.NATSServer(t)
	s := start(t, withReports, func(c *identity.Config) { c.NATSURL = broker.URL })
	events := newAsker(t)
	events.relay(broker)
	first := mailTo(member, reminder)
	events.ask(aef, first)
	require.Empty(t, s.await(first))
	sent := s.mailTo("member@aef.test", "")
	session := s.login("member@aef.test")
	s.gets(2, "member@aef.test") // and one about the new browser
	require.True(t, s.emailState(session).BouncedAt.IsNull())

	status, _ := s.reported(s.mailReport("email.bounced", "Permanent", "<"+sent.ID+"@aef.test>", " Member@AEF.test", "no address"))
	require.Equal(t, http.StatusOK, status)
	require.Equal(t, s.clock.Now().UTC(), s.emailState(session).BouncedAt.MustGet().UTC())
	reasons := map[string]int{}
	for _, e := range devservice.Events(t, s.database()) {
		if e.Type == mailevents.TypeMessageFailed {
			var outcome mailevents.MessageOutcome
			require.NoError(t, json.Unmarshal(e.Data, &outcome))
			require.Equal(t, first.MessageID, outcome.MessageID)
			require.Equal(t, reminder, outcome.Kind)
			require.Equal(t, aef, e.TenantID)
			reasons[*outcome.Reason]++
		}
	}
	require.Equal(t, map[string]int{"bounced": 1}, reasons)
	entries := s.auditLog(audit.Filter{Action: domain.ActionMailBounced})
	require.Len(t, entries, 1)
	require.Equal(t, member.String(), entries[0].TargetID)

	s.link("member@aef.test") // not only mails of services
	second := mailTo(member, invitation)
	events.ask(aef, second)
	failed := func(r mailevents.MessageRequest) func() bool {
		return func() bool {
			for _, e := range devservice.Events(t, s.database()) {
				if e.Type == mailevents.TypeMessageFailed && strings.Contains(string(e.Data), r.MessageID.String()) {
					return strings.Contains(string(e.Data), "bounced")
				}
			}
			return false
		}
	}
	require.Eventually(t, failed(second), time.Minute, 20*time.Millisecond)
	require.Equal(t, 2, s.mails("member@aef.test", ""))

	allowed, err := s.script("X-Session-Token", session).AllowEmailWithResponse(ctx)
	fine(t, allowed, err)
	require.True(t, s.emailState(session).BouncedAt.IsNull())
	third := mailTo(member, invitation)
	events.ask(aef, third)
	s.gets(3, "member@aef.test")

	out, err := s.operate("mail-allow", "member@aef.test")
	require.NoError(t, err, out)
}

// What is not signed right, is old, or is no report changes nothing, and a report counts once.
func TestReportsOfMailsAreSigned(t *testing.T) {
	t.Parallel()
	s := start(t, withReports)
	session := s.login("member@aef.test")
	hard := func() mailReport { return s.mailReport("email.bounced", "hard", "", "member@aef.test") }
	forged, old, early, long := hard(), hard(), hard(), hard()
	forged.secret = signature.NewSecret()
	old.at = old.at.Add(-signature.Tolerance - time.Second)
	early.at = early.at.Add(signature.Tolerance + time.Second)
	long.body = strings.Replace(long.body, "no such user", strings.Repeat("x", 32<<10), 1)
	many := s.mailReport("email.bounced", "hard", "", slices.Repeat([]string{"member@aef.test"}, domain.MaxReported+1)...)
	noObject, noType := hard(), hard()
	noObject.body, noType.body = `[1]`, `{"data":{}}`
	nameless := hard()
	nameless.id = ""
	for name, one := range map[string]struct {
		report mailReport
		status int
		code   string
	}{
		"forged": {forged, 401, "REPORT_REFUSED"}, "old": {old, 401, "REPORT_STALE"}, "early": {early, 401, "REPORT_STALE"}, "without an id": {nameless, 401, "REPORT_REFUSED"},
		"long": {long, 413, "PAYLOAD_TOO_LARGE"}, "many addresses": {many, 400, "REPORT_BODY"}, "no object": {noObject, 400, "REPORT_BODY"}, "without a type": {noType, 400, "REPORT_BODY"},
		"a full mailbox": {s.mailReport("email.bounced", "Transient", "", "member@aef.test"), 200, ""}, "delivered": {s.mailReport("email.delivered", "", "", "member@aef.test"), 200, ""},
		"an address of nobody": {s.mailReport("email.bounced", "Permanent", "<x@y>", "stranger@x.test"), 200, ""},
	} {
		status, code := s.reported(one.report)
		require.Equal(t, one.status, status, name)
		require.Equal(t, one.code, code, name)
		require.True(t, s.emailState(session).BouncedAt.IsNull(), name)
	}
	once := s.mailReport("email.complained", "", "", "member@aef.test")
	for range 2 {
		status, _ := s.reported(once)
		require.Equal(t, 200, status)
		require.False(t, s.emailState(session).BouncedAt.IsNull())
		s.clock.Advance(time.Minute)
	}
	allowed, err := s.script("X-Session-Token", session).AllowEmailWithResponse(ctx)
	fine(t, allowed, err)
	status, _ := s.reported(once)
	require.Equal(t, 200, status)
	require.True(t, s.emailState(session).BouncedAt.IsNull(), "the same report counts once")

	r, err := s.script().AllowEmailWithResponse(ctx)
	refused(t, 401, "UNAUTHORIZED", r, err)
	without := start(t)
	status, code := without.reported(hard())
	require.Equal(t, []any{401, "REPORT_REFUSED"}, []any{status, code})
}
