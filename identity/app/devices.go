package app

import (
	"context"
	"errors"

	"go.updspace.com/identity/domain"
	"go.updspace.com/identity/domain/useragent"
	"go.updspace.com/libs/errs"
)

// aboutKnown is the purpose of the mark of a browser that has signed accounts in.
const aboutKnown = "known browsers"

// knownBrowsers opens the mark of a browser.
func (d *Deps) knownBrowsers(mark string) domain.KnownBrowsers {
	data, ok := d.LinkTokens.Open(mark, aboutKnown)
	if !ok {
		return nil
	}
	return domain.DecodeKnownBrowsers(data)
}

// signedIn notes a sign-in of a browser with a mark, in the transaction in ctx, and returns the mark from then on. The owner of the
// account is told when the browser had not signed it in before.
func (d *Deps) signedIn(ctx context.Context, u domain.User, session domain.Session, from domain.Origin, mark string) (string, error) {
	now := d.Clock.Now()
	browsers := d.knownBrowsers(mark)
	known, ok := browsers.Of(u)
	device := known.DeviceID
	if !ok {
		device = newID()
	}
	event := domain.NewLoginEvent(newID(), u.ID, session.Method, "", from, now)
	event.DeviceID, event.NewDevice = &device, !ok
	err := d.History.Add(ctx, event)
	if err == nil && !ok {
		err = d.tellNewDevice(ctx, u, session, from)
	}
	return d.LinkTokens.Issue(aboutKnown, browsers.With(u, device, now).Encode()), err
}

func (d *Deps) tellNewDevice(ctx context.Context, u domain.User, session domain.Session, from domain.Origin) error {
	if d.Limiter.Take(ctx, limitDeviceMails, u.ID.String(), 1).Allowed {
		letter := newDeviceLetter(language(u, from), useragent.Parse(from.UserAgent), from.IP, d.Issuer+"/account/sessions", d.Clock.Now())
		if err := d.Mails.Add(ctx, d.queued(letter, u.Email, noticeLife), false); err != nil {
			return err
		}
	}
	return d.Events.NewDevice(ctx, session)
}

// failedSignIn notes an attempt that failed; of an unknown account nothing is stored.
func (d *Deps) failedSignIn(ctx context.Context, u domain.User, method domain.SessionMethod, from domain.Origin, why error) error {
	reason := "REFUSED"
	var known *errs.Error
	if errors.As(why, &known) {
		reason = known.Code
	}
	return d.History.Add(ctx, domain.NewLoginEvent(newID(), u.ID, method, reason, from, d.Clock.Now()))
}
