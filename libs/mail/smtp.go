package mail

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
)

const timeout = 15 * time.Second

// SMTPConfig says which mail server to use.
type SMTPConfig struct {
	Host     string `env:"SMTP_HOST"`                  // the mail server
	Port     int    `env:"SMTP_PORT" envDefault:"587"` // its port
	Username string `env:"SMTP_USERNAME"`              // empty: mails are sent without authentication
	Password string `env:"SMTP_PASSWORD"`              // of SMTP_USERNAME
	From     string `env:"SMTP_FROM"`                  // sender of the mails
	// TLS is starttls, tls (from the first byte) or none.
	TLS string `env:"SMTP_TLS" envDefault:"starttls"`
}

// Validate reports every setting that is wrong.
func (c SMTPConfig) Validate() error {
	var problems []error
	if c.From == "" {
		problems = append(problems, errors.New("SMTP_FROM must be set when SMTP_HOST is"))
	}
	if c.TLS != "starttls" && c.TLS != "tls" && c.TLS != "none" {
		problems = append(problems, errors.New("SMTP_TLS must be starttls, tls or none"))
	}
	if c.TLS == "none" && c.Password != "" {
		problems = append(problems, errors.New("SMTP_PASSWORD would travel in clear with SMTP_TLS=none"))
	}
	return errors.Join(problems...)
}

// SMTP is a [Sender] that gives messages to a mail server.
type SMTP struct {
	cfg     SMTPConfig
	options []gomail.Option
}

// NewSMTP returns a sender. It does not connect.
func NewSMTP(cfg SMTPConfig) (*SMTP, error) {
	m := &SMTP{cfg: cfg, options: []gomail.Option{gomail.WithPort(cfg.Port), gomail.WithTimeout(timeout)}}
	switch cfg.TLS {
	case "tls":
		m.options = append(m.options, gomail.WithSSL())
	case "none":
		m.options = append(m.options, gomail.WithTLSPolicy(gomail.NoTLS))
	default:
		m.options = append(m.options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	}
	if cfg.Username != "" {
		m.options = append(m.options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(cfg.Username), gomail.WithPassword(cfg.Password))
	}
	if _, err := m.client(nil); err != nil {
		return nil, err
	}
	return m, nil
}

func (m *SMTP) client(dial gomail.DialContextFunc) (*gomail.Client, error) {
	options := m.options
	if dial != nil && m.cfg.TLS != "tls" { // with TLS from the first byte the library dials itself
		options = append(options[:len(options):len(options)], gomail.WithDialContextFunc(dial))
	}
	client, err := gomail.NewClient(m.cfg.Host, options...)
	if err != nil {
		return nil, fmt.Errorf("reading the mail settings: %w", err)
	}
	return client, nil
}

// compose writes the parts of a message, from the plainest to the richest, as RFC 2046 orders alternatives.
func compose(msg *gomail.Msg, d Message) error {
	msg.SetBodyString(gomail.TypeTextPlain, d.Text)
	if d.HTML != "" {
		msg.AddAlternativeString(gomail.TypeTextHTML, d.HTML)
	}
	for _, a := range d.Attachments {
		kind := gomail.ContentType(a.ContentType)
		if a.Alternative {
			msg.AddAlternativeString(kind, string(a.Content))
		}
		if err := msg.AttachReader(a.Name, bytes.NewReader(a.Content), gomail.WithFileContentType(kind)); err != nil {
			return fmt.Errorf("the attachment %s: %w", a.Name, err)
		}
	}
	if d.Unsubscribe != "" {
		msg.SetGenHeader(gomail.HeaderListUnsubscribe, "<"+d.Unsubscribe+">")
		msg.SetGenHeader(gomail.HeaderListUnsubscribePost, "List-Unsubscribe=One-Click")
	}
	return nil
}

// Send gives a message to the server. An error means that the server has not accepted it.
func (m *SMTP) Send(ctx context.Context, d Message) error {
	msg := gomail.NewMsg()
	if err := msg.From(m.cfg.From); err != nil {
		return fmt.Errorf("the sender's address: %w", err)
	}
	if err := msg.To(d.To); err != nil {
		return fmt.Errorf("the recipient's address: %w", err)
	}
	if d.ReplyTo != "" {
		if err := msg.ReplyTo(d.ReplyTo); err != nil {
			return fmt.Errorf("the address for answers: %w", err)
		}
	}
	msg.Subject(d.Subject)
	if d.ID != "" {
		msg.SetMessageIDWithValue(d.ID + d.To[strings.LastIndexByte(d.To, '@'):])
	} else {
		msg.SetMessageID()
	}
	msg.SetDate()
	if err := compose(msg, d); err != nil {
		return err
	}

	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	// The library leaves the connection open when a server does not offer STARTTLS, so the connection is ours to close.
	var conn net.Conn
	client, err := m.client(func(ctx context.Context, network, address string) (net.Conn, error) {
		var dialer net.Dialer
		c, err := dialer.DialContext(ctx, network, address)
		conn = c
		return c, err
	})
	if err != nil {
		return err
	}
	err = client.DialAndSendWithContext(ctx, msg)
	if conn != nil {
		_ = conn.Close() // usually closed already
	}
	if err != nil {
		return fmt.Errorf("sending: %w", err)
	}
	return nil
}
