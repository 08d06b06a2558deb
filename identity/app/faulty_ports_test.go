package app_test

import (
	"context"
	"io"
	"time"

	"go.updspace.com/identity/domain"
	"go.updspace.com/identity/ports"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/blob"
	"go.updspace.com/libs/mail"
	"go.updspace.com/libs/ratelimit"
)

func (p storedBlobs) Put(_ context.Context, _ string, content io.Reader) error {
	if _, err := io.Copy(io.Discard, content); err != nil {
		return err
	}
	return p.Next()
}

func (p storedBlobs) Open(context.Context, string) (io.ReadSeekCloser, error) { return nil, p.Next() }

func (p storedBlobs) Delete(context.Context, string) error { return p.Next() }

func (p storedBlobs) Link(context.Context, string, blob.Link) (string, error) { return "", p.Next() }

func (p storedLog) Write(_ context.Context, entries ...audit.Entry) error {
	for _, e := range entries {
		p.note(e.Action)
	}
	p.entries = append(p.entries, entries...)
	return p.Next()
}

// note keeps what was told.
func (s *stored) note(what string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.told = append(s.told, what)
}

// tell notes an event.
func (s *stored) tell(event string) error {
	s.note(event)
	return s.Next()
}

func (p publisher) UserCreated(context.Context, domain.User) error {
	return p.tell("event: user created")
}

func (p publisher) UserUpdated(context.Context, domain.User) error {
	return p.tell("event: user updated")
}

func (p publisher) UserStatusChanged(context.Context, domain.User, domain.Status) error {
	return p.tell("event: status changed")
}

func (p publisher) SessionCreated(context.Context, domain.Session) error {
	return p.tell("event: session created")
}

func (p publisher) TenantCreated(context.Context, domain.Tenant) error {
	return p.tell("event: tenant created")
}

func (p publisher) TenantUpdated(context.Context, domain.Tenant) error {
	return p.tell("event: tenant updated")
}

func (p publisher) MembershipSet(context.Context, domain.Membership) error {
	return p.tell("event: membership set")
}

func (p publisher) MailDone(context.Context, ports.RequestedMail, domain.MailOutcome) error {
	return p.Next()
}

func (p storedUnsubscriptions) Ended(context.Context, domain.MailSubscription) (bool, error) {
	return false, p.Next()
}

func (p storedUnsubscriptions) End(context.Context, domain.MailSubscription, time.Time) (bool, error) {
	return true, p.Next()
}

func (p storedUnsubscriptions) Renew(context.Context, domain.MailSubscription) (bool, error) {
	return true, p.Next()
}

func (p storedSuppressions) Since(context.Context, string, time.Time) (*time.Time, error) {
	return nil, p.Next()
}

func (p storedSuppressions) Add(context.Context, string, time.Time, time.Time) (bool, error) {
	return true, p.Next()
}

func (p storedSuppressions) Remove(context.Context, string) (bool, error) { return true, p.Next() }

func (p storedSuppressions) Remember(context.Context, domain.Hash, time.Time) (bool, error) {
	return true, p.Next()
}

func (p signer) Issue(context.Context, domain.Algorithm, ports.AccessClaims, ports.IDClaims) (access, id string, err error) {
	return "access", "id", p.Next()
}

// Verify takes every token for one of the grant, but for "refresh".
func (p signer) Verify(_ context.Context, token string, _ time.Time) (ports.AccessClaims, error) {
	if token == "refresh" {
		return ports.AccessClaims{}, domain.ErrInvalidToken
	}
	return ports.AccessClaims{GrantID: p.grant.ID, Subject: p.grant.UserID, ClientID: p.grant.ClientID}, p.Next()
}

func (signer) LogoutToken(context.Context, domain.Algorithm, ports.LogoutClaims) (string, error) {
	return "token", nil
}

func (p signer) ReadHint(context.Context, string) (ports.IDHint, error) {
	return ports.IDHint{ClientID: p.client.ID, Subject: p.user.ID, SessionID: p.session.ID}, p.Next()
}

func (p passwords) Hash(context.Context, string) (string, error) { return "hash", p.Next() }

func (p passwords) Verify(ctx context.Context, _, _ string, before func(context.Context) error) (ok, rehash bool, err error) {
	if err := before(ctx); err != nil {
		return false, false, err
	}
	return true, true, p.Next()
}

func (p permitting) Check(context.Context, authz.Check) (bool, error) { return true, p.Next() }

func (unlimited) Take(context.Context, string, string, int) ratelimit.Verdict {
	return ratelimit.Verdict{Allowed: true}
}

func (unlimited) Peek(context.Context, string, string) ratelimit.Verdict {
	return ratelimit.Verdict{Allowed: true}
}

func (unlimited) Reset(context.Context, string, string) {}

// exhausted is a limiter whose limits are all reached.
type exhausted struct{ unlimited }

func (exhausted) Peek(context.Context, string, string) ratelimit.Verdict { return ratelimit.Verdict{} }

// sender posts logout tokens. A client that does not answer fails it, and no use case.
type sender struct{ *stored }

func (p sender) Send(_ context.Context, uri, _ string) error {
	p.note("post: " + uri)
	return p.unanswered
}

// plain takes everything for a picture.

func (plain) ContentType(string, []byte) string { return "image/png" }

func (plain) Strip(_ string, picture []byte) ([]byte, error) { return picture, nil }

func (plain) Avatar(_ context.Context, picture []byte) ([]byte, error) { return picture, nil }

type plainMailer struct{}

func (plainMailer) Send(context.Context, mail.Message) error { return nil }
