package app

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"time"

	"go.updspace.com/identity/domain"
	"go.updspace.com/identity/ports"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/signature"
)

// MailBounces are the mails that came back, and the addresses that get none therefore.
type MailBounces struct{ *Deps }

const purposeMailID = "mail-id"

const maxReport = 32 << 10

// report is the body of a report. Other fields are let go: providers send more.
type report struct {
	Type string `json:"type"`
	Data struct {
		To        []string `json:"to"`
		MessageID string   `json:"message_id"`
		Bounce    struct {
			Type string `json:"type"`
		} `json:"bounce"`
	} `json:"data"`
}

// Receive takes a signed report. One that was taken before is answered and changes nothing.
func (m *MailBounces) Receive(ctx context.Context, message signature.Message) error {
	if len(message.Body) > maxReport {
		return domain.ErrReportTooLong
	}
	switch err := signature.Verify(m.MailSecrets, message, m.Clock.Now()); {
	case errors.Is(err, signature.ErrStale):
		return domain.ErrReportStale.Wrap(err)
	case err != nil:
		return domain.ErrReportRefused.Wrap(err)
	}
	var body report
	if err := json.Unmarshal(message.Body, &body); err != nil || body.Type == "" || len(body.Data.To) > domain.MaxReported {
		return domain.ErrReportBody
	}
	return m.take(ctx, domain.MailReport{
		ID: message.ID, Type: body.Type, Addresses: body.Data.To, MessageID: body.Data.MessageID, Bounce: body.Data.Bounce.Type,
	})
}

func (m *MailBounces) take(ctx context.Context, r domain.MailReport) error {
	return m.Tx.Platform(ctx, func(ctx context.Context) error {
		now := m.Clock.Now()
		fresh, err := m.Suppressed.Remember(ctx, sha256.Sum256([]byte(r.ID)), now.Add(domain.ReportLifetime))
		if err != nil || !fresh || !r.Final() {
			return err
		}
		for _, address := range r.Addresses {
			if err := m.suppress(ctx, address, now); err != nil {
				return err
			}
		}
		data, ok := m.LinkTokens.Open(r.Mail(), purposeMailID)
		if !ok {
			return nil // identity's own, or a server that gave the mail another name
		}
		tenant, message, kind, ok := domain.DecodeMailID(data)
		if !ok {
			return nil
		}
		return m.Events.MailDone(ctx, ports.RequestedMail{Tenant: tenant, Message: message, Kind: kind}, domain.MailBounced)
	})
}

func (m *MailBounces) suppress(ctx context.Context, address string, now time.Time) error {
	email, err := domain.NormalizeEmail(address)
	if err != nil {
		return nil //nolint:nilerr // nothing was sent to what is no address
	}
	added, err := m.Suppressed.Add(ctx, email, now, now.Add(domain.SuppressionLifetime))
	if err != nil || !added {
		return err
	}
	user, err := m.Users.ByEmail(ctx, email)
	if errors.Is(err, domain.ErrUserUnknown) {
		return nil
	}
	if err != nil {
		return err
	}
	return m.Recorder.add(ctx, audit.Entry{Action: domain.ActionMailBounced, TargetType: "user", TargetID: user.ID.String(), About: user.ID})
}

// Since is when mails to the user's address began to come back; nil: it takes them.
func (m *MailBounces) Since(ctx context.Context, user domain.User) (*time.Time, error) {
	return m.Suppressed.Since(ctx, user.Email, m.Clock.Now())
}

// Allow lets the address of a user get mails again.
func (m *MailBounces) Allow(ctx context.Context, user domain.User) error {
	if err := Limited(m.Limiter.Take(ctx, limitEmailChange, user.ID.String(), 1), domain.ErrRateLimited); err != nil {
		return err
	}
	return m.allow(ctx, user, by(user.ID))
}

// AllowAddress is Allow for operators, by the address of the account.
func (m *MailBounces) AllowAddress(ctx context.Context, address string) error {
	user, err := m.Users.ByEmail(ctx, address)
	if err != nil {
		return err
	}
	return m.allow(ctx, user, audit.Actor{})
}

func (m *MailBounces) allow(ctx context.Context, user domain.User, actor audit.Actor) error {
	return m.Tx.Platform(ctx, func(ctx context.Context) error {
		removed, err := m.Suppressed.Remove(ctx, user.Email)
		if err != nil || !removed {
			return err
		}
		return m.Recorder.add(ctx, audit.Entry{Actor: actor, Action: domain.ActionMailAllowed, TargetType: "user", TargetID: user.ID.String(), About: user.ID})
	})
}
