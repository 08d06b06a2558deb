package app

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/identity/domain"
	"go.updspace.com/identity/ports"
	"go.updspace.com/libs/audit"
)

const (
	logoutBatch    = 20
	logoutLease    = 30 * time.Second // then another instance may send the notice
	logoutPatience = 3 * time.Second  // how long a sign-out waits for the clients
)

// SignOut ends sessions everywhere: the session itself, the codes and grants made from it, and, by back-channel logout, the
// sessions that clients opened with it.
type SignOut struct {
	*Deps
	Clients *Clients
}

// Ending is why and by whose request a session ends.
type Ending struct {
	Actor  uuid.UUID
	Reason string
	IP     string
	// Except is a client that has ended its own sessions already.
	Except string
}

// End ends a session and returns once its clients have acknowledged it or the time for that is up; clients that did not
// answer are told later. Ending a session that has ended is no error.
func (s *SignOut) End(ctx context.Context, session domain.Session, why Ending) error {
	var notices []domain.LogoutNotice
	err := s.Tx.Platform(ctx, func(ctx context.Context) (err error) {
		notices, err = s.end(ctx, session, why)
		return err
	})
	if err == nil {
		s.deliver(ctx, notices)
	}
	return err
}

// EndByID is End for the gateway, which knows sessions by their ID. An unknown session is no error.
func (s *SignOut) EndByID(ctx context.Context, id uuid.UUID, why Ending) error {
	session, err := s.Sessions.ByID(ctx, id)
	if errors.Is(err, domain.ErrInvalidSession) {
		return nil
	}
	if err != nil {
		return err
	}
	why.Actor = session.UserID
	return s.End(ctx, session, why)
}

// endAll ends every session of a user, in the transaction in ctx. The caller delivers the notices after the commit.
func (s *SignOut) endAll(ctx context.Context, user uuid.UUID, why Ending) (notices []domain.LogoutNotice, err error) {
	sessions, err := s.Sessions.Live(ctx, user, s.Clock.Now())
	if err != nil {
		return nil, err
	}
	for _, session := range sessions {
		more, err := s.end(ctx, session, why)
		if err != nil {
			return nil, err
		}
		notices = append(notices, more...)
	}
	return notices, s.Grants.RevokeAll(ctx, user, s.Clock.Now())
}

// endOthers ends every session of a user but one, in the transaction in ctx, and returns their number. The caller delivers the
// notices after the commit.
func (s *SignOut) endOthers(ctx context.Context, user, but uuid.UUID, why Ending) (notices []domain.LogoutNotice, ended int, err error) {
	live, err := s.Sessions.Live(ctx, user, s.Clock.Now())
	if err != nil {
		return nil, 0, err
	}
	for _, session := range live {
		if session.ID == but {
			continue
		}
		more, err := s.end(ctx, session, why)
		if err != nil {
			return nil, 0, err
		}
		notices = append(notices, more...)
		ended++
	}
	return notices, ended, nil
}

func (s *SignOut) end(ctx context.Context, session domain.Session, why Ending) ([]domain.LogoutNotice, error) {
	now := s.Clock.Now()
	ended, err := s.Sessions.End(ctx, session.ID, why.Reason, now)
	if err != nil || !ended {
		return nil, err
	}
	clients, err := s.Grants.RevokeSession(ctx, session.ID, now)
	if err != nil {
		return nil, err
	}
	if session.Method == domain.MethodMagicLink {
		clients = append(clients, s.GatewayID)
	}
	var notices []domain.LogoutNotice
	for _, id := range clients {
		client, err := s.Clients.Find(ctx, id)
		switch {
		case errors.Is(err, domain.ErrClientUnknown):
		case err != nil:
			return nil, err
		case client.LogoutURI != "" && id != why.Except:
			notices = append(notices, domain.NewLogoutNotice(newID(), id, session, now))
		}
	}
	if err := s.Notices.Add(ctx, notices, now.Add(logoutLease)); err != nil {
		return nil, err
	}
	return notices, s.Recorder.add(ctx, audit.Entry{
		Actor: by(why.Actor), Action: domain.ActionSignedOut, TargetType: "session", TargetID: session.ID.String(), IP: why.IP,
		Metadata: map[string]any{"reason": why.Reason},
	})
}

// deliver sends notices at once and returns when all are acknowledged or have failed. Failed ones stay queued.
func (s *SignOut) deliver(ctx context.Context, notices []domain.LogoutNotice) {
	ctx, cancel := context.WithTimeout(ctx, logoutPatience)
	defer cancel()
	var wg sync.WaitGroup
	for _, n := range notices {
		wg.Go(func() { s.send(ctx, n) })
	}
	wg.Wait()
}

// Retry sends the notices that are due.
func (s *SignOut) Retry(ctx context.Context) error {
	for {
		notices, err := s.Notices.Claim(ctx, logoutBatch, logoutLease, s.Clock.Now())
		if err != nil || len(notices) == 0 {
			return err
		}
		s.deliver(ctx, notices)
	}
}

func (s *SignOut) send(ctx context.Context, n domain.LogoutNotice) {
	err := s.sendToken(ctx, n)
	if err == nil {
		err = s.Notices.Done(ctx, n.ID)
	} else {
		s.Log.WarnContext(ctx, "a client has not acknowledged a logout token", "client", n.ClientID, "attempts", n.Attempts, "error", err)
		due := s.Clock.Now().Add(domain.LogoutRetry(n.Attempts + 1))
		err = s.Notices.Retry(context.WithoutCancel(ctx), n.ID, due)
	}
	if err != nil {
		s.Log.ErrorContext(ctx, "back-channel logout", "client", n.ClientID, "error", err)
	}
}

func (s *SignOut) sendToken(ctx context.Context, n domain.LogoutNotice) error {
	client, err := s.Clients.Find(ctx, n.ClientID)
	if errors.Is(err, domain.ErrClientUnknown) || (err == nil && client.LogoutURI == "") {
		return nil // no longer registered for it
	}
	if err != nil {
		return err
	}
	now := s.Clock.Now()
	token, err := s.Signer.LogoutToken(ctx, client.Algorithm, ports.LogoutClaims{
		ID: newID(), ClientID: client.ID, Subject: client.Subject(n.UserID), SessionID: n.SessionID, IssuedAt: now, ExpiresAt: now.Add(domain.LogoutTokenLifetime),
	})
	if err != nil {
		return err
	}
	return s.Sender.Send(ctx, client.LogoutURI, token)
}
