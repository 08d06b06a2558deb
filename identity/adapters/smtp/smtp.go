// Package smtp sends mail through a mail server.
package smtp

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/wneessen/go-mail"

	"go.updspace.com/identity/domain"
)

const timeout = 15 * time.Second

// Config says which mail server to use.
type Config struct {
	Host     string `env:"SMTP_HOST"`
	Port     int    `env:"SMTP_PORT" envDefault:"587"`
	Username string `env:"SMTP_USERNAME"`
	Password string `env:"SMTP_PASSWORD"`
	From     string `env:"SMTP_FROM"`
	// TLS is starttls, tls (from the first byte) or none.
	TLS string `env:"SMTP_TLS" envDefault:"starttls"`
}

// Validate reports every setting that is wrong.
func (c Config) Validate() error {
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

// Mailer implements ports.Mailer.
type Mailer struct {
	cfg     Config
	options []mail.Option
}

// New makes a Mailer. It does not connect.
func New(cfg Config) (*Mailer, error) {
	m := &Mailer{cfg: cfg, options: []mail.Option{mail.WithPort(cfg.Port), mail.WithTimeout(timeout)}}
	switch cfg.TLS {
	case "tls":
		m.options = append(m.options, mail.WithSSL())
	case "none":
		m.options = append(m.options, mail.WithTLSPolicy(mail.NoTLS))
	default:
		m.options = append(m.options, mail.WithTLSPolicy(mail.TLSMandatory))
	}
	if cfg.Username != "" {
		m.options = append(m.options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(cfg.Username), mail.WithPassword(cfg.Password))
	}
	if _, err := m.client(nil); err != nil {
		return nil, err
	}
	return m, nil
}

func (m *Mailer) client(dial mail.DialContextFunc) (*mail.Client, error) {
	options := m.options
	if dial != nil && m.cfg.TLS != "tls" { // with TLS from the first byte the library dials itself
		options = append(options[:len(options):len(options)], mail.WithDialContextFunc(dial))
	}
	client, err := mail.NewClient(m.cfg.Host, options...)
	if err != nil {
		return nil, fmt.Errorf("reading the mail settings: %w", err)
	}
	return client, nil
}

// Send implements ports.Mailer.
func (m *Mailer) Send(ctx context.Context, d domain.Mail) error {
	msg := mail.NewMsg()
	if err := msg.From(m.cfg.From); err != nil {
		return fmt.Errorf("the sender's address: %w", err)
	}
	if err := msg.To(d.To); err != nil {
		return fmt.Errorf("the recipient's address: %w", err)
	}
	msg.Subject(d.Subject)
	msg.SetMessageID()
	msg.SetDate()
	msg.SetBodyString(mail.TypeTextPlain, d.Text)

	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	// The library leaves the connection open when a server does not offer
	// STARTTLS, so the connection is ours to close.
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
