package replymail_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"go.updspace.com/events/domain"
	"go.updspace.com/events/replymail"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/mail/recipient"
	"go.updspace.com/libs/recurrence"
)

const (
	to    = "reply+abc@reply.test"
	reply = "BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nUID:1@x\r\nSEQUENCE:2\r\nATTENDEE;CN=\"Ann\";PARTSTAT=accepted:mailto:Ann@Example.com\r\n%sEND:VEVENT\r\nEND:VCALENDAR\r\n"
)

func mail(head, body string) []byte {
	return []byte("Message-ID: <1@x>\r\nFrom: Ann <Ann@Example.com>\r\nTo: " + to + "\r\n" + head + "\r\n\r\n" + body)
}

func TestRepliesAreRead(t *testing.T) {
	t.Parallel()
	text := fmt.Sprintf(reply, "")
	quoted := strings.ReplaceAll(strings.ReplaceAll(text, "=", "=3D"), "SEQUENCE", "SEQU=\r\nENCE")
	want := domain.MailReply{
		MessageID: "<1@x>", Token: "abc", UID: "1@x", From: "ann@example.com", Attendee: "ann@example.com",
		Digest: recipient.Digest(to, "ann@example.com"), Answers: []domain.MailAnswer{{Status: domain.AnswerGoing, Sequence: 2}},
	}
	for name, raw := range map[string][]byte{
		"alone":                 mail("Content-Type: text/calendar; method=REPLY", text),
		"quoted-printable":      mail("Content-Type: text/calendar\r\nContent-Transfer-Encoding: Quoted-Printable", quoted),
		"as a file":             mail("Content-Type: multipart/mixed; boundary=b", "--b\r\n\r\ntext\r\n--b\r\nContent-Type: application/ics; name=invite.ics\r\n\r\n"+text+"--b--"),
		"forwarded by a server": []byte("X-Original-To: REPLY+ABC@Reply.Test\r\nMessage-ID: <1@x>\r\nFrom: ann@example.com\r\nTo: other@x.test\r\nContent-Type: text/calendar\r\n\r\n" + text),
	} {
		got, err := replymail.Parse(raw, "reply.test")
		require.NoError(t, err, name)
		require.Equal(t, want, got, name)
	}
	for value, want := range map[string]domain.DateName{
		"RECURRENCE-ID:20260310T160000Z":                   {At: time.Date(2026, 3, 10, 16, 0, 0, 0, time.UTC)},
		"RECURRENCE-ID;TZID=Europe/Moscow:20260310T190000": {At: time.Date(2026, 3, 10, 16, 0, 0, 0, time.UTC)},
		"RECURRENCE-ID:20260310T190000":                    {Local: recurrence.Wall(time.Date(2026, 3, 10, 19, 0, 0, 0, time.UTC))},
		"RECURRENCE-ID;VALUE=DATE:20260310":                {Local: recurrence.Day(time.Date(2026, 3, 10, 0, 0, 0, 0, time.UTC))},
	} {
		got, err := replymail.Parse(mail("Content-Type: text/calendar", fmt.Sprintf(reply, value+"\r\n")), "reply.test")
		require.NoError(t, err, value)
		require.True(t, want.At.Equal(got.Answers[0].On.At), value)
		require.Equal(t, want.Local, got.Answers[0].On.Local, value)
	}
	without, err := replymail.Parse([]byte("To: "+to+"\r\nContent-Type: text/calendar\r\n\r\n"+text), "reply.test")
	require.NoError(t, err)
	require.Len(t, without.MessageID, 64, "a hash of the mail")
	require.Empty(t, without.From)
	for _, from := range []string{"From: a@x.test, b@x.test", "From: a@x.test\r\nFrom: ann@example.com", "From: <>", "From: \"ann@example.com\""} {
		got, err := replymail.Parse([]byte(from+"\r\nTo: "+to+"\r\nContent-Type: text/calendar\r\n\r\n"+text), "reply.test")
		require.NoError(t, err, from)
		require.Empty(t, got.From, from)
	}
}

func TestOtherMailsAreRefused(t *testing.T) {
	t.Parallel()
	calendar := func(change ...string) []byte {
		return mail("Content-Type: text/calendar", strings.NewReplacer(change...).Replace(fmt.Sprintf(reply, "")))
	}
	deep := "text"
	for range 10 {
		deep = "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n" + deep + "\r\n--b--"
	}
	for name, c := range map[string]struct {
		raw  []byte
		want *errs.Error
	}{
		"no mail":                 {[]byte("x"), domain.ErrMailUnreadable},
		"no recipient":            {[]byte("Subject: x\r\n\r\n"), domain.ErrInvitationUnknown},
		"another domain":          {[]byte("To: reply+abc@other.test\r\n\r\n"), domain.ErrInvitationUnknown},
		"no secret":               {[]byte("To: reply+@reply.test\r\n\r\n"), domain.ErrInvitationUnknown},
		"no calendar":             {mail("Content-Type: text/plain", "yes"), domain.ErrNoReply},
		"a request":               {calendar("METHOD:REPLY", "METHOD:REQUEST"), domain.ErrNoReply},
		"no method":               {calendar("METHOD:REPLY\r\n", ""), domain.ErrNoReply},
		"no attendee":             {calendar("ATTENDEE", "X-ATTENDEE"), domain.ErrNoReply},
		"two attendees":           {calendar("SEQUENCE:2", "SEQUENCE:2\r\nATTENDEE;PARTSTAT=DECLINED:mailto:b@x.test"), domain.ErrNoReply},
		"a web address":           {calendar("mailto:", "https://"), domain.ErrNoReply},
		"delegated":               {calendar("accepted", "DELEGATED"), domain.ErrNoReply},
		"no uid":                  {calendar("UID:1@x\r\n", ""), domain.ErrNoReply},
		"a sequence that is none": {calendar("SEQUENCE:2", "SEQUENCE:two"), domain.ErrNoReply},
		"two events":              {calendar("END:VCALENDAR", "BEGIN:VEVENT\r\nUID:2@x\r\nATTENDEE;PARTSTAT=ACCEPTED:mailto:ann@example.com\r\nEND:VEVENT\r\nEND:VCALENDAR"), domain.ErrNoReply},
		"a broken calendar":       {calendar("END:VEVENT", "END:VTODO"), domain.ErrMailUnreadable},
		"broken base64":           {mail("Content-Type: text/calendar\r\nContent-Transfer-Encoding: base64", "$$$"), domain.ErrMailUnreadable},
		"parts inside each other": {mail(strings.SplitN(deep, "\r\n\r\n", 2)[0], strings.SplitN(deep, "\r\n\r\n", 2)[1]), domain.ErrMailUnreadable},
		"too many parts":          {mail("Content-Type: multipart/mixed; boundary=b", strings.Repeat("--b\r\n\r\n\r\n", 100)+"--b--"), domain.ErrMailUnreadable},
		"no boundary":             {mail("Content-Type: multipart/mixed", "--\r\n\r\n"), domain.ErrMailUnreadable},
	} {
		_, err := replymail.Parse(c.raw, "reply.test")
		require.ErrorIs(t, err, c.want, name)
	}
}

// Whatever a mail is made of, it is read or refused with an error of a kind that is the sender's fault.
func TestHostileMails(t *testing.T) {
	t.Parallel()
	pieces := []string{
		"To: " + to, "Content-Type: multipart/mixed; boundary=b", "Content-Type: text/calendar", "Content-Transfer-Encoding: base64", "\r\n", "\r\n\r\n", "--b", "--b--",
		"BEGIN:VCALENDAR", "BEGIN:VEVENT", "END:VEVENT", "END:VCALENDAR", "METHOD:REPLY", "UID:1@x", "ATTENDEE;PARTSTAT=ACCEPTED:mailto:a@x.test", "SEQUENCE:99999999999999999999",
		"RECURRENCE-ID;TZID=Nowhere/Land:20260310T190000", "RECURRENCE-ID:00000000T999999Z", "\x00", "\xff", "To: <<>>,,\"", "Content-Type: text/calendar; charset=\"",
	}
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.SliceOfN(rapid.OneOf(rapid.SampledFrom(pieces), rapid.String()), 0, 40).Draw(t, "pieces")
		raw := []byte(strings.Join(list, "\r\n"))
		_, err := replymail.Parse(raw, "reply.test")
		if err != nil && errs.KindOf(err) != errs.Invalid && errs.KindOf(err) != errs.NotFound {
			t.Fatalf("%v", err)
		}
	})
}

func FuzzParse(f *testing.F) {
	f.Add(mail("Content-Type: text/calendar", fmt.Sprintf(reply, "RECURRENCE-ID:20260310T160000Z\r\n")))
	f.Add(mail("Content-Type: multipart/mixed; boundary=b", "--b\r\nContent-Type: text/calendar\r\nContent-Transfer-Encoding: base64\r\n\r\nQkVHSU4=\r\n--b--"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		_, err := replymail.Parse(raw, "reply.test")
		if err != nil && errs.KindOf(err) != errs.Invalid && errs.KindOf(err) != errs.NotFound {
			t.Fatal(err)
		}
	})
}
