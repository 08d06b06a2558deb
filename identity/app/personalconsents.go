package app

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/audit"
)

// PersonalConsents are what users have consented to, and what they let applications ask for.
type PersonalConsents struct{ *Deps }

// maxConsents is how many consents a list has.
const maxConsents = 200

// List lists the consents of a user, the newest first, those that ended as well.
func (c *PersonalConsents) List(ctx context.Context, user uuid.UUID) ([]domain.UserConsent, error) {
	return c.UserConsents.Of(ctx, user, maxConsents)
}

// Policies are those of a user, with the defaults.
func (c *PersonalConsents) Policies(ctx context.Context, user uuid.UUID) (domain.ScopePolicies, error) {
	chosen, err := c.UserConsents.Policies(ctx, user)
	return chosen.Over(domain.DefaultScopePolicies), err
}

// Revoke ends a consent. That to the processing of data ends with the account only.
func (c *PersonalConsents) Revoke(ctx context.Context, user uuid.UUID, kind domain.ConsentKind, ip string) error {
	if kind == domain.ConsentDataProcessing {
		return domain.ErrConsentKept
	}
	return c.Tx.Platform(ctx, func(ctx context.Context) error {
		revoked, err := c.UserConsents.Revoke(ctx, user, kind, c.Clock.Now())
		if err == nil && !revoked {
			err = domain.ErrConsentUnknown
		}
		if err != nil {
			return err
		}
		return c.record(ctx, user, domain.ActionConsentRevoked, kind, ip)
	})
}

// ConsentChoices are what a user changes. nil leaves a part as it is.
type ConsentChoices struct {
	Marketing *bool
	Policies  domain.ScopePolicies
}

// Choose stores choices, in the transaction in ctx if there is one. Marketing is a consent like others, with a row of its own.
func (c *PersonalConsents) Choose(ctx context.Context, user uuid.UUID, choices ConsentChoices, ip string) error {
	if err := choices.Policies.Check(); err != nil {
		return err
	}
	return c.Tx.Platform(ctx, func(ctx context.Context) error {
		if err := c.UserConsents.SetPolicies(ctx, user, choices.Policies); err != nil || choices.Marketing == nil {
			return err
		}
		now, action := c.Clock.Now(), domain.ActionConsentGranted
		var changed bool
		var err error
		if *choices.Marketing {
			changed, err = c.UserConsents.Grant(ctx, domain.NewUserConsent(newID(), user, domain.ConsentMarketing, domain.ConsentAtAccount, now))
		} else {
			action = domain.ActionConsentRevoked
			changed, err = c.UserConsents.Revoke(ctx, user, domain.ConsentMarketing, now)
		}
		if err != nil || !changed {
			return err
		}
		return c.record(ctx, user, action, domain.ConsentMarketing, ip)
	})
}

func (c *PersonalConsents) record(ctx context.Context, user uuid.UUID, action string, kind domain.ConsentKind, ip string) error {
	return c.Recorder.add(ctx, audit.Entry{
		Actor: by(user), Action: action, TargetType: "user", TargetID: user.String(), IP: ip, Metadata: map[string]any{"kind": string(kind)},
	})
}
