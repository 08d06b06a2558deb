package mail_test

import (
	"bufio"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net"
	netmail "net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/mail"
)

// listen is a mail server for one mail. It answers DATA with the given line
// and returns what it was sent.
func listen(t *testing.T, verdict string) (port int, received func() string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	var wg sync.WaitGroup
	var got strings.Builder
	wg.Go(func() {
		c, err := listener.Accept()
		if err != nil {
			return
		}
		defer c.Close()
		_ = c.SetDeadline(time.Now().Add(20 * time.Second)) // a client that hangs fails its test and not the run
		fmt.Fprint(c, "220 test\r\n")
		data := false
		for lines := bufio.NewScanner(c); lines.Scan(); {
			line := lines.Text()
			got.WriteString(line + "\n")
			switch {
			case data && line == ".":
				data = false
				fmt.Fprintf(c, "%s\r\n", verdict)
			case data:
			case line == "DATA":
				data = true
				fmt.Fprint(c, "354 go on\r\n")
			case line == "QUIT":
				fmt.Fprint(c, "221 bye\r\n")
				return
			default:
				fmt.Fprint(c, "250 ok\r\n")
			}
		}
	})
	t.Cleanup(func() { _ = listener.Close(); wg.Wait() })
	return listener.Addr().(*net.TCPAddr).Port, func() string { wg.Wait(); return got.String() }
}

func TestSend(t *testing.T) {
	port, received := listen(t, "250 taken")
	m, err := mail.NewSMTP(mail.SMTPConfig{Host: "127.0.0.1", Port: port, From: "UpdSpace <id@updspace.com>", TLS: "none"})
	require.NoError(t, err)
	require.NoError(t, m.Send(context.Background(), mail.Message{To: "a@b.test", ReplyTo: "reply+x@reply.test", Subject: "Вход", Text: "https://x.test/?a=b\n"}))
	text := received()
	require.Contains(t, text, "Reply-To: <reply+x@reply.test>")
	require.Contains(t, text, "RCPT TO:<a@b.test>")
	require.Contains(t, text, "MAIL FROM:<id@updspace.com>")
	require.Contains(t, text, "Subject: =?UTF-8?")
	require.Contains(t, text, "https://x.test/?a=3Db", "quoted-printable")
}

func TestAMessageWithAllParts(t *testing.T) {
	port, received := listen(t, "250 taken")
	m, err := mail.NewSMTP(mail.SMTPConfig{Host: "127.0.0.1", Port: port, From: "id@updspace.com", TLS: "none"})
	require.NoError(t, err)
	address := "https://id.updspace.com/unsubscribe?token=" + strings.Repeat("a", 200)
	calendar := []byte("BEGIN:VCALENDAR\nMETHOD:REQUEST\nEND:VCALENDAR\n")
	require.NoError(t, m.Send(context.Background(), mail.Message{
		To: "a@b.test", ID: "key.a_b-1", Subject: "s", Text: "plain", HTML: "<p>rich</p>", Unsubscribe: address,
		Attachments: []mail.Attachment{
			{Name: "invite.ics", ContentType: "text/calendar; method=REQUEST", Content: calendar, Alternative: true},
			{Name: "map.png", ContentType: "image/png", Content: []byte{1, 2, 3}},
		},
	}))
	_, data, _ := strings.Cut(received(), "DATA\n")
	sent, err := netmail.ReadMessage(strings.NewReader(data))
	require.NoError(t, err)
	require.Equal(t, "<key.a_b-1@b.test>", sent.Header.Get("Message-Id"))
	require.Equal(t, "<"+address+">", sent.Header.Get("List-Unsubscribe"))
	require.Equal(t, "List-Unsubscribe=One-Click", sent.Header.Get("List-Unsubscribe-Post"))
	require.Equal(t, []string{
		"multipart/mixed", "multipart/alternative", "text/plain plain", "text/html <p>rich</p>", "text/calendar " + string(calendar),
		"text/calendar " + string(calendar), "image/png \x01\x02\x03",
	}, partsOf(t, sent.Header.Get("Content-Type"), "", sent.Body))
}

// partsOf lists the types of the parts of a message, and the content of those that have no parts.
func partsOf(t *testing.T, kind, encoding string, body io.Reader) []string {
	t.Helper()
	media, params, err := mime.ParseMediaType(kind)
	require.NoError(t, err)
	if !strings.HasPrefix(media, "multipart/") {
		if encoding == "base64" {
			body = base64.NewDecoder(base64.StdEncoding, body)
		}
		content, err := io.ReadAll(body) // quoted-printable is decoded by the reader of the parts
		require.NoError(t, err)
		return []string{media + " " + string(content)}
	}
	parts := []string{media}
	for reader := multipart.NewReader(body, params["boundary"]); ; {
		part, err := reader.NextPart()
		if errors.Is(err, io.EOF) {
			return parts
		}
		require.NoError(t, err)
		parts = append(parts, partsOf(t, part.Header.Get("Content-Type"), part.Header.Get("Content-Transfer-Encoding"), part)...)
	}
}

func TestARefusalIsAnError(t *testing.T) {
	port, _ := listen(t, "451 later")
	m, err := mail.NewSMTP(mail.SMTPConfig{Host: "127.0.0.1", Port: port, From: "id@updspace.com", TLS: "none"})
	require.NoError(t, err)
	require.ErrorContains(t, m.Send(context.Background(), mail.Message{To: "a@b.test", Subject: "s", Text: "t"}), "451")
}

func TestTLSIsNotGivenUpSilently(t *testing.T) {
	port, received := listen(t, "250 taken") // offers no STARTTLS
	m, err := mail.NewSMTP(mail.SMTPConfig{Host: "127.0.0.1", Port: port, From: "id@updspace.com", TLS: "starttls"})
	require.NoError(t, err)
	require.Error(t, m.Send(context.Background(), mail.Message{To: "a@b.test", Subject: "s", Text: "t"}))
	require.NotContains(t, received(), "RCPT")
}

func TestSettings(t *testing.T) {
	require.NoError(t, mail.SMTPConfig{From: "a@b.c", TLS: "tls"}.Validate())
	require.Error(t, mail.SMTPConfig{TLS: "tls"}.Validate())
	require.Error(t, mail.SMTPConfig{From: "a@b.c", TLS: "maybe"}.Validate())
	require.Error(t, mail.SMTPConfig{From: "a@b.c", TLS: "none", Password: "p"}.Validate())
}
