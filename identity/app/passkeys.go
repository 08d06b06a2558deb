package app

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/audit"
)

// Passkeys is what users do with their passkeys.
type Passkeys struct{ *Deps }

// passkeyName is what a passkey is called whose owner has not named it.
const passkeyName = "Passkey"

// List lists the passkeys of a user, the oldest first.
func (p *Passkeys) List(ctx context.Context, user uuid.UUID) ([]domain.Passkey, error) {
	return p.Passkeys.Of(ctx, user)
}

// Begin returns the options with which a browser makes a passkey.
func (p *Passkeys) Begin(ctx context.Context, who Current, alone bool) (options map[string]any, err error) {
	if !who.User.EmailVerified {
		return nil, domain.ErrEmailUnverified
	}
	if err := p.confirmed(who); err != nil {
		return nil, err
	}
	if err := Limited(p.Limiter.Take(ctx, limitSetup, who.User.ID.String(), 1), domain.ErrRateLimited); err != nil {
		return nil, err
	}
	err = p.Tx.Platform(ctx, func(ctx context.Context) error {
		owner, err := p.owner(ctx, who.User)
		if err != nil {
			return err
		}
		if len(owner.Passkeys) >= domain.MaxPasskeys {
			return domain.ErrPasskeyLimit
		}
		made, key, state, err := p.Verifier.BeginRegistration(owner, alone)
		if err != nil {
			return err
		}
		options = made
		return p.Ceremonies.Insert(ctx, domain.NewCeremony(key, domain.CeremonyAdd, state, p.Clock.Now()).Of(who.User.ID, who.Session.ID))
	})
	return options, err
}

// Complete registers the passkey that a browser has made.
func (p *Passkeys) Complete(ctx context.Context, who Current, name string, answer []byte, ip string) (passkey domain.Passkey, err error) {
	if name, err = domain.PasskeyName("name", name, passkeyName); err != nil {
		return passkey, err
	}
	if err := p.confirmed(who); err != nil {
		return passkey, err
	}
	ceremony, err := p.end(ctx, answer, domain.CeremonyAdd)
	if err != nil {
		return passkey, err
	}
	if !ceremony.Belongs(who.User.ID, who.Session.ID) {
		return passkey, domain.ErrPasskeyNotVerified
	}
	err = p.Tx.Platform(ctx, func(ctx context.Context) error {
		user, err := p.Users.Lock(ctx, who.User.ID)
		if err != nil {
			return err
		}
		owner, err := p.owner(ctx, user)
		if err != nil {
			return err
		}
		if len(owner.Passkeys) >= domain.MaxPasskeys {
			return domain.ErrPasskeyLimit
		}
		if passkey, err = p.Verifier.FinishRegistration(owner, ceremony.State, answer); err != nil {
			return err
		}
		passkey.ID, passkey.Name, passkey.CreatedAt = newID(), name, p.Clock.Now()
		if err := p.Passkeys.Insert(ctx, passkey); err != nil {
			return err
		}
		if err := p.record(ctx, passkey, domain.ActionPasskeyAdded, ip); err != nil {
			return err
		}
		return p.Events.PasskeyAdded(ctx, passkey)
	})
	return passkey, err
}

// Rename gives a passkey another name.
func (p *Passkeys) Rename(ctx context.Context, who Current, id uuid.UUID, name, ip string) error {
	name, err := domain.PasskeyName("new_name", name, passkeyName)
	if err == nil {
		err = p.confirmed(who)
	}
	if err != nil {
		return err
	}
	passkey := domain.Passkey{ID: id, UserID: who.User.ID, Name: name}
	return p.Tx.Platform(ctx, func(ctx context.Context) error {
		if err := p.Passkeys.Rename(ctx, passkey); err != nil {
			return err
		}
		return p.record(ctx, passkey, domain.ActionPasskeyRenamed, ip)
	})
}

// Remove removes passkeys of a user: all of them or, when one is not there or is the last way in, none.
func (p *Passkeys) Remove(ctx context.Context, who Current, ids []uuid.UUID, ip string) error {
	if err := p.confirmed(who); err != nil {
		return err
	}
	return p.Tx.Platform(ctx, func(ctx context.Context) error {
		user, err := p.Users.Lock(ctx, who.User.ID)
		if err != nil {
			return err
		}
		mine, err := p.Passkeys.Of(ctx, user.ID)
		if err != nil {
			return err
		}
		var removed, left []domain.Passkey
		for _, passkey := range mine {
			if slices.Contains(ids, passkey.ID) {
				removed = append(removed, passkey)
			} else {
				left = append(left, passkey)
			}
		}
		if len(removed) < len(ids) {
			return domain.ErrPasskeyUnknown
		}
		linked, err := p.Identities.Of(ctx, user.ID)
		if err != nil {
			return err
		}
		if !p.waysIn(user, left, linked) {
			return domain.ErrLastWayIn
		}
		for _, passkey := range removed {
			if err := p.remove(ctx, passkey, ip); err != nil {
				return err
			}
		}
		return p.dropCodes(ctx, user.ID)
	})
}

func (p *Passkeys) remove(ctx context.Context, passkey domain.Passkey, ip string) error {
	if err := p.Passkeys.Delete(ctx, passkey); err != nil {
		return err
	}
	if err := p.record(ctx, passkey, domain.ActionPasskeyRemoved, ip); err != nil {
		return err
	}
	return p.Events.PasskeyRemoved(ctx, passkey, p.Clock.Now())
}

func (d *Deps) record(ctx context.Context, passkey domain.Passkey, action, ip string) error {
	return d.Recorder.add(ctx, audit.Entry{
		Actor: by(passkey.UserID), Action: action, TargetType: "user", TargetID: passkey.UserID.String(), IP: ip,
		Metadata: map[string]any{"passkey_id": passkey.ID.String()},
	})
}

// owner is a user as authenticators know them. It runs in a transaction.
func (d *Deps) owner(ctx context.Context, user domain.User) (domain.PasskeyOwner, error) {
	handle, err := d.Passkeys.Handle(ctx, user.ID)
	if err != nil {
		return domain.PasskeyOwner{}, err
	}
	passkeys, err := d.Passkeys.Of(ctx, user.ID)
	return domain.PasskeyOwner{User: user, Handle: handle, Passkeys: passkeys}, err
}

// end finds the ceremony that an answer ends, and removes it before anything is verified: no answer is tried twice.
func (d *Deps) end(ctx context.Context, answer []byte, purpose domain.CeremonyPurpose) (c domain.Ceremony, err error) {
	key, err := d.Verifier.Key(answer)
	if err != nil {
		return c, err
	}
	err = d.Tx.Platform(ctx, func(ctx context.Context) error {
		ceremony, found, err := d.Ceremonies.Take(ctx, key, purpose, d.Clock.Now())
		c = ceremony
		if err == nil && !found {
			err = domain.ErrPasskeyNotVerified
		}
		return err
	})
	return c, err
}

// check begins a ceremony in which a known user shows a passkey. There are no options when the user has none.
func (d *Deps) check(ctx context.Context, user domain.User, session uuid.UUID, purpose domain.CeremonyPurpose) (options map[string]any, err error) {
	err = d.Tx.Platform(ctx, func(ctx context.Context) error {
		owner, err := d.owner(ctx, user)
		if err != nil || len(owner.Passkeys) == 0 {
			return err
		}
		made, key, state, err := d.Verifier.BeginCheck(owner)
		if err != nil {
			return err
		}
		options = made
		return d.Ceremonies.Insert(ctx, domain.NewCeremony(key, purpose, state, d.Clock.Now()).Of(user.ID, session))
	})
	return options, err
}

// checked verifies the passkey that a known user has shown. Its use is still to be stored.
func (d *Deps) checked(ctx context.Context, user domain.User, session uuid.UUID, purpose domain.CeremonyPurpose, answer []byte, ip string) (domain.Passkey, error) {
	ceremony, err := d.end(ctx, answer, purpose)
	if err != nil {
		return domain.Passkey{}, err
	}
	if !ceremony.Belongs(user.ID, session) {
		return domain.Passkey{}, domain.ErrPasskeyNotVerified
	}
	var owner domain.PasskeyOwner
	if err := d.Tx.Platform(ctx, func(ctx context.Context) error { owner, err = d.owner(ctx, user); return err }); err != nil {
		return domain.Passkey{}, err
	}
	passkey, err := d.Verifier.FinishCheck(owner, ceremony.State, answer)
	return passkey, d.cloned(ctx, passkey, err, ip)
}

// cloned records a passkey whose counter has not grown. It returns err.
func (d *Deps) cloned(ctx context.Context, passkey domain.Passkey, err error, ip string) error {
	if !isCloned(err) {
		return err
	}
	if failed := d.record(ctx, passkey, domain.ActionPasskeyRefused, ip); failed != nil {
		return failed
	}
	return err
}
