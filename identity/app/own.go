package app

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/errs"
)

// Own is what users do with their own accounts.
type Own struct {
	*Deps
	SignOut *SignOut
}

// Account returns an account.
func (o *Own) Account(ctx context.Context, user uuid.UUID) (domain.User, error) {
	found, err := o.Users.ByID(ctx, user)
	if errors.Is(err, domain.ErrUserUnknown) {
		err = errs.Unauthenticatedf("There is no such account.")
	}
	return found, err
}

// Edit changes the names of an account.
func (o *Own) Edit(ctx context.Context, user uuid.UUID, edit domain.ProfileEdit) (domain.User, error) {
	edit.Now = o.Clock.Now()
	return o.change(ctx, user, domain.ActionUserRenamed, func(u *domain.User) error { return u.Edit(edit) }, o.Events.UserUpdated)
}

// Prefer changes how pages are shown to a user.
func (o *Own) Prefer(ctx context.Context, user uuid.UUID, edit domain.PreferencesEdit) (domain.User, error) {
	return o.change(ctx, user, domain.ActionUserPreferences, func(u *domain.User) error { return u.Prefer(edit, knownZone) },
		func(context.Context, domain.User) error { return nil })
}

func (o *Own) change(
	ctx context.Context, id uuid.UUID, action string, edit func(*domain.User) error, publish func(context.Context, domain.User) error,
) (user domain.User, err error) {
	err = o.Tx.Platform(ctx, func(ctx context.Context) error {
		if user, err = o.Users.Lock(ctx, id); err != nil {
			return err
		}
		before := user
		if err := edit(&user); err != nil || user == before {
			return err
		}
		if err := o.Users.SaveOwn(ctx, user); err != nil {
			return err
		}
		if err := o.Recorder.add(ctx, audit.Entry{Actor: by(id), Action: action, TargetType: "user", TargetID: id.String()}); err != nil {
			return err
		}
		return publish(ctx, user)
	})
	return user, err
}

// maxSessions is how many sessions a list has.
const maxSessions = 100

// ListSessions lists where a user is signed in, the newest first.
func (o *Own) ListSessions(ctx context.Context, who Current) ([]domain.Session, error) {
	live, err := o.Sessions.Live(ctx, who.User.ID, o.Clock.Now())
	if err != nil {
		return nil, err
	}
	var listed []domain.Session
	for _, session := range live {
		if session.Alive(who.User, o.Clock.Now()) && len(listed) < maxSessions {
			listed = append(listed, session)
		}
	}
	return listed, nil
}

// maxLogins is how many sign-ins a list has.
const maxLogins = 100

// ListLogins lists the sign-ins of a user and attempts that failed, the newest first.
func (o *Own) ListLogins(ctx context.Context, who Current) ([]domain.LoginEvent, error) {
	return o.History.Of(ctx, who.User.ID, maxLogins)
}

// EndSession ends one of a user's sessions, everywhere.
func (o *Own) EndSession(ctx context.Context, who Current, id uuid.UUID, ip string) error {
	session, err := o.Sessions.ByID(ctx, id)
	if errors.Is(err, domain.ErrInvalidSession) || err == nil && (session.UserID != who.User.ID || !session.Alive(who.User, o.Clock.Now())) {
		return domain.ErrSessionUnknown
	}
	if err != nil {
		return err
	}
	return o.SignOut.End(ctx, session, Ending{Actor: who.User.ID, Reason: "ended by the user", IP: ip})
}

// EndOthers ends every session of a user but the current one, everywhere, and returns their number.
func (o *Own) EndOthers(ctx context.Context, who Current, ip string) (ended int, err error) {
	var notices []domain.LogoutNotice
	err = o.Tx.Platform(ctx, func(ctx context.Context) (err error) {
		notices, ended, err = o.SignOut.endOthers(ctx, who.User.ID, who.Session.ID, Ending{Actor: who.User.ID, Reason: "ended by the user", IP: ip})
		return err
	})
	if err == nil {
		o.SignOut.deliver(ctx, notices)
	}
	return ended, err
}

// knownZone reports whether there is an IANA time zone of a name. Systems keep the same zones under further names.
func knownZone(name string) bool {
	if name == "Local" || strings.HasPrefix(name, "posix") || strings.HasPrefix(name, "right/") {
		return false
	}
	_, err := time.LoadLocation(name)
	return err == nil
}
