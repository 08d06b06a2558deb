// Package smtp sends mail through a mail server.
package smtp

import (
	"context"
	"errors"
	"fmt"
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
	client *mail.Client
	from   string
}

// New makes a Mailer. It does not connect.
func New(cfg Config) (*Mailer, error) {
	options := []mail.Option{mail.WithPort(cfg.Port), mail.WithTimeout(timeout)}
	switch cfg.TLS {
	case "tls":
		options = append(options, mail.WithSSL())
	case "none":
		options = append(options, mail.WithTLSPolicy(mail.NoTLS))
	default:
		options = append(options, mail.WithTLSPolicy(mail.TLSMandatory))
	}
	if cfg.Username != "" {
		options = append(options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(cfg.Username), mail.WithPassword(cfg.Password))
	}
	client, err := mail.NewClient(cfg.Host, options...)
	if err != nil {
		return nil, fmt.Errorf("reading the mail settings: %w", err)
	}
	return &Mailer{client: client, from: cfg.From}, nil
}

// Send implements ports.Mailer.
func (m *Mailer) Send(ctx context.Context, d domain.Mail) error {
	msg := mail.NewMsg()
	if err := msg.From(m.from); err != nil {
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
	if err := m.client.DialAndSendWithContext(ctx, msg); err != nil {
		return fmt.Errorf("sending: %w", err)
	}
	return nil
}
