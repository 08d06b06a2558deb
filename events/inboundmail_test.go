package events_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/eventsapi"
	"go.updspace.com/events"
	"go.updspace.com/events/domain"
	"go.updspace.com/libs/mail/recipient"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/tools/devkit/testkit/service"
)

// replyMail is what Outlook, Google and Apple send, in one form: text beside a calendar.
func replyMail(to, id string, calendar ...string) []byte {
	return replyMailFrom(guestAddress, to, id, calendar...)
}

func replyMailFrom(from, to, id string, calendar ...string) []byte {
	text := "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Test//EN\r\nMETHOD:REPLY\r\n" + strings.Join(calendar, "") + "END:VCALENDAR\r\n"
	return []byte("From: \"Guest\" <" + from + ">\r\nTo: \"aef (UpdSpace)\" <" + to + ">\r\nMessage-ID: " + id + "\r\nSubject: Accepted\r\nMIME-Version: 1.0\r\n" +
		"Content-Type: multipart/mixed; boundary=outer\r\n\r\n--outer\r\nContent-Type: multipart/alternative; boundary=inner\r\n\r\n" +
		"--inner\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nAccepted\r\n--inner\r\nContent-Type: text/calendar; charset=utf-8; method=REPLY\r\n" +
		"Content-Transfer-Encoding: base64\r\n\r\n" + base64.StdEncoding.EncodeToString([]byte(text)) + "\r\n--inner--\r\n--outer--\r\n")
}

func answerTo(uid, attendee, status string, sequence int, more ...string) string {
	return fmt.Sprintf("BEGIN:VEVENT\r\nUID:%s\r\nSEQUENCE:%d\r\nDTSTAMP:20260301T120000Z\r\nATTENDEE;PARTSTAT=%s:MAILTO:%s\r\n%sEND:VEVENT\r\n",
		uid, sequence, status, attendee, strings.Join(more, ""))
}

// receive passes a mail on as a mail server does.
func (s *fixture) receive(mail []byte, change ...func(*http.Request)) (*eventsapi.ReceiveMailResponse, error) {
	s.T.Helper()
	at := strconv.FormatInt(s.Clock.Now().Unix(), 10)
	mac := hmac.New(sha256.New, []byte(replySecret))
	mac.Write([]byte(at + "."))
	mac.Write(mail)
	request, err := eventsapi.NewReceiveMailRequestWithBody(s.URL, &eventsapi.ReceiveMailParams{XMailTimestamp: &at, XMailSignature: new(hex.EncodeToString(mac.Sum(nil)))},
		"message/rfc822", bytes.NewReader(mail))
	require.NoError(s.T, err)
	for _, c := range change {
		c(request)
	}
	response, err := s.HTTP("bff", reqctx.Context{}).Do(request)
	if err != nil {
		return nil, err
	}
	defer func() { _ = response.Body.Close() }()
	return eventsapi.ParseReceiveMailResponse(response)
}

// A calendar program answers by mail: the answer of that person changes, once for each mail.
func TestCalendarsAnswerByMail(t *testing.T) {
	t.Parallel()
	s := start(t)
	event := s.event(weekly, func(b *eventsapi.EventCreate) { b.TimeZone = new("Europe/Berlin") })
	s.invite(event.ID, eventsapi.InvitationsCreate{Addresses: []string{guestAddress}, UserIds: []uuid.UUID{s.member.User}})
	mails := s.mails()
	guest, member := mailTo(t, mails, guestAddress), mailTo(t, mails, s.member.User.String())
	uid := event.ID.String() + "@aef.updspace"
	outcome := func(mail []byte) string {
		t.Helper()
		r, err := s.receive(mail)
		body := service.OK(t, r, err).JSON200
		if reason, err := body.Reason.Get(); err == nil {
			return string(reason)
		}
		return string(body.Outcome)
	}
	reply := func() string {
		for _, i := range s.invitations(event.ID) {
			if i.UserID.IsNull() && !i.Reply.IsNull() {
				return string(i.Reply.MustGet().Status)
			}
		}
		return ""
	}

	require.Equal(t, "answered", outcome(replyMail(*guest.ReplyTo, "<1@x>", answerTo(uid, "Guest@Example.com", "ACCEPTED", 0))))
	require.Equal(t, "going", reply())
	for _, date := range s.dates(s.maker, event.ID) {
		require.Equal(t, 1, date.RsvpCounts.Going, "all dates")
	}
	s.Clock.Advance(time.Second)
	require.Equal(t, "answered", outcome(replyMail(*guest.ReplyTo, "<2@x>", answerTo(uid, guestAddress, "DECLINED", 0))))
	require.Equal(t, "duplicate", outcome(replyMail(*guest.ReplyTo, "<1@x>", answerTo(uid, guestAddress, "ACCEPTED", 0))), "each mail counts once")
	require.Equal(t, "not_going", reply())
	third := s.dates(s.maker, event.ID)[2]
	berlin, err := time.LoadLocation("Europe/Berlin")
	require.NoError(t, err)
	s.Clock.Advance(time.Second)
	on := "RECURRENCE-ID;TZID=W. Europe Standard Time:" + third.StartsAt.In(berlin).Format("20060102T150405") + "\r\n"
	require.Equal(t, "answered", outcome(replyMail(*guest.ReplyTo, "<3@x>", answerTo(uid, guestAddress, "TENTATIVE", 0, on))))
	for _, date := range s.dates(s.maker, event.ID) {
		want := 0
		if date.OccurrenceID == third.OccurrenceID {
			want = 1
		}
		require.Equal(t, want, date.RsvpCounts.Interested, "one date")
	}
	ofMember := func(from, attendee, id string) []byte {
		return replyMailFrom(from, *member.ReplyTo, id, answerTo(uid, attendee, "ACCEPTED", 0))
	}
	refused := func(mail []byte) {
		t.Helper()
		r, err := s.receive(mail)
		service.Refused(t, http.StatusUnprocessableEntity, "MAIL_OTHER_ATTENDEE", r, err)
	}
	require.Equal(t, "answered", outcome(ofMember("any@example.com", "any@example.com", "<4@x>")), "before identity has told who got the mail")
	require.NoError(t, s.inTenant(func(ctx context.Context) error {
		return s.lifecycle.MailDone(ctx, member.MessageID, domain.MailOutcome{Delivery: domain.DeliverySent, Recipient: recipient.Digest(*member.ReplyTo, "member@aef.test")})
	}))
	refused(ofMember("any@example.com", "any@example.com", "<4a@x>"))
	refused(ofMember("any@example.com", "member@aef.test", "<4b@x>"))
	refused(ofMember("member@aef.test", "any@example.com", "<4c@x>"))
	require.Equal(t, "answered", outcome(ofMember("Member@aef.test", "member@AEF.test", "<4d@x>")))

	updated, err := s.As(s.maker).UpdateEventWithResponse(t.Context(), event.ID, &eventsapi.UpdateEventParams{}, eventsapi.EventUpdate{Title: some("Later")})
	service.OK(t, updated, err)
	s.Clock.Advance(time.Minute)
	require.Len(t, s.mails(), 2)
	require.Equal(t, "outdated", outcome(replyMail(*guest.ReplyTo, "<5@x>", answerTo(uid, guestAddress, "ACCEPTED", 0))))
	require.Equal(t, "answered", outcome(replyMail(*guest.ReplyTo, "<6@x>", answerTo(uid, guestAddress, "ACCEPTED", 1))))

	other := s.event()
	for name, c := range map[string]struct {
		mail   []byte
		status int
		code   string
	}{
		"no mail":                   {[]byte("hello"), http.StatusUnprocessableEntity, "MAIL_UNREADABLE"},
		"nothing":                   {[]byte(" "), http.StatusUnprocessableEntity, "MAIL_UNREADABLE"},
		"to an unknown secret":      {replyMail("reply+abc@"+replyDomain, "<7@x>", answerTo(uid, guestAddress, "ACCEPTED", 1)), http.StatusNotFound, "INVITATION_UNKNOWN"},
		"to another domain":         {replyMail(strings.Replace(*guest.ReplyTo, replyDomain, "evil.test", 1), "<8@x>", answerTo(uid, guestAddress, "ACCEPTED", 1)), http.StatusNotFound, "INVITATION_UNKNOWN"},
		"about another event":       {replyMail(*guest.ReplyTo, "<9@x>", answerTo(other.ID.String()+"@aef.updspace", guestAddress, "ACCEPTED", 1)), http.StatusUnprocessableEntity, "MAIL_OTHER_EVENT"},
		"of another person":         {replyMail(*guest.ReplyTo, "<10@x>", answerTo(uid, "friend@example.com", "ACCEPTED", 1)), http.StatusUnprocessableEntity, "MAIL_OTHER_ATTENDEE"},
		"from another person":       {replyMailFrom("friend@example.com", *guest.ReplyTo, "<10a@x>", answerTo(uid, guestAddress, "ACCEPTED", 1)), http.StatusUnprocessableEntity, "MAIL_OTHER_ATTENDEE"},
		"about an unknown date":     {replyMail(*guest.ReplyTo, "<11@x>", answerTo(uid, guestAddress, "ACCEPTED", 1, "RECURRENCE-ID:20200101T000000Z\r\n")), http.StatusNotFound, "OCCURRENCE_NOT_FOUND"},
		"without an answer":         {replyMail(*guest.ReplyTo, "<12@x>", answerTo(uid, guestAddress, "NEEDS-ACTION", 1)), http.StatusUnprocessableEntity, "MAIL_NO_REPLY"},
		"without an event":          {replyMail(*guest.ReplyTo, "<13@x>"), http.StatusUnprocessableEntity, "MAIL_NO_REPLY"},
		"an answer written by hand": {[]byte("To: " + *guest.ReplyTo + "\r\n\r\nI will come."), http.StatusUnprocessableEntity, "MAIL_NO_REPLY"},
	} {
		r, err := s.receive(c.mail)
		service.Refused(t, c.status, c.code, r, err)
		_ = name
	}
	require.Equal(t, "going", reply(), "nothing of that has changed the answer")

	list := s.invitations(event.ID)
	for _, i := range list {
		withdrawn, err := s.As(s.maker).WithdrawInvitationWithResponse(t.Context(), event.ID, i.ID)
		service.OK(t, withdrawn, err)
	}
	gone, err := s.receive(replyMail(*guest.ReplyTo, "<14@x>", answerTo(uid, guestAddress, "ACCEPTED", 1)))
	service.Refused(t, http.StatusGone, "INVITATION_WITHDRAWN", gone, err)
}

// Only signed mails are read, and only soon after they were signed.
func TestMailsMustBeSigned(t *testing.T) {
	t.Parallel()
	s := start(t)
	mail := replyMail("reply+abc@"+replyDomain, "<1@x>")
	for name, change := range map[string]func(*http.Request){
		"no signature":      func(r *http.Request) { r.Header.Del("X-Mail-Signature") },
		"another signature": func(r *http.Request) { r.Header.Set("X-Mail-Signature", strings.Repeat("0", 64)) },
		"no hexadecimal":    func(r *http.Request) { r.Header.Set("X-Mail-Signature", "signature") },
		"no time":           func(r *http.Request) { r.Header.Del("X-Mail-Timestamp") },
		"no number":         func(r *http.Request) { r.Header.Set("X-Mail-Timestamp", "now") },
		"another time": func(r *http.Request) {
			r.Header.Set("X-Mail-Timestamp", strconv.FormatInt(s.Clock.Now().Unix()+1, 10))
		},
	} {
		r, err := s.receive(mail, change)
		service.Refused(t, http.StatusUnauthorized, "MAIL_SIGNATURE", r, err)
		_ = name
	}
	at := s.Clock.Now()
	old := func(r *http.Request) { s.Clock.Set(at.Add(6 * time.Minute)) }
	r, err := s.receive(mail, old)
	service.Refused(t, http.StatusUnauthorized, "MAIL_SIGNATURE", r, err)
	large, err := s.receive(append(mail, make([]byte, 1<<20)...))
	require.NoError(t, err)
	require.Equal(t, http.StatusRequestEntityTooLarge, large.StatusCode())
}

// Without a secret nothing is read, and mails have no reply address.
func TestInboundMailCanBeOff(t *testing.T) {
	t.Parallel()
	s := startOn(t, nil, func(c *events.Config) { c.ReplyDomain, c.ReplySecret = "", "" })
	off, err := s.receive([]byte("x"))
	service.Refused(t, http.StatusNotFound, "INBOUND_MAIL_OFF", off, err)
	event := s.event()
	s.invite(event.ID, eventsapi.InvitationsCreate{Addresses: []string{guestAddress}})
	mail := mailTo(t, s.mails(), guestAddress)
	require.Nil(t, mail.ReplyTo)
	require.NotEmpty(t, tokenIn(t, mail))
	_, components := calendarIn(t, mail)
	attendee, _ := components[0].Property("ATTENDEE")
	require.Equal(t, "FALSE", attendee.Param("RSVP"))
}
