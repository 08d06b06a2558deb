package app

import (
	"context"

	"go.updspace.com/gamification/domain"
	"go.updspace.com/gamification/openbadge"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/authz"
)

// BadgeKeys are the use cases around the keys that badges are signed with.
type BadgeKeys struct{ Deps }

// List returns all keys of the tenant, newest first.
func (s *BadgeKeys) List(ctx context.Context, by authz.Actor) (domain.BadgeKeys, error) {
	if err := s.require(ctx, by, domain.PermissionManageBadges); err != nil {
		return nil, err
	}
	return s.Deps.BadgeKeys.List(ctx)
}

// Rotate makes a new key, which signs from now on. What the former ones signed stays valid.
func (s *BadgeKeys) Rotate(ctx context.Context, by authz.Actor) (made domain.BadgeKey, err error) {
	if err := s.require(ctx, by, domain.PermissionManageBadges); err != nil {
		return made, err
	}
	err = s.Tx.Do(ctx, func(ctx context.Context) error {
		keys, err := s.lockedKeys(ctx)
		if err != nil {
			return err
		}
		if len(keys.Published()) >= domain.MaxBadgeKeys {
			return domain.ErrTooManyBadgeKeys
		}
		if signing, found := keys.Signing(); found {
			if err := s.Deps.BadgeKeys.Update(ctx, signing.Retire(s.Clock.Now())); err != nil {
				return err
			}
			if err := s.Audit.Write(ctx, badgeKeyEntry("badge_key.retired", signing)); err != nil {
				return err
			}
		}
		made, err = s.newKey(ctx)
		return err
	})
	return made, err
}

// Withdraw ends the validity of everything that a key signed. When it is the one that signs, another takes its place.
func (s *BadgeKeys) Withdraw(ctx context.Context, by authz.Actor, id, reason string) (key domain.BadgeKey, err error) {
	if err := s.require(ctx, by, domain.PermissionManageBadges); err != nil {
		return key, err
	}
	err = s.Tx.Do(ctx, func(ctx context.Context) error {
		keys, err := s.lockedKeys(ctx)
		if err != nil {
			return err
		}
		var found bool
		if key, found = keys.Find(id); !found {
			return domain.ErrBadgeKeyNotFound
		}
		withdrawn, reason, changed, err := key.Withdraw(reason, s.Clock.Now())
		if err != nil || !changed {
			return err
		}
		signed := key.Signs()
		key = withdrawn
		if err := s.Deps.BadgeKeys.Update(ctx, key); err != nil {
			return err
		}
		entry := badgeKeyEntry("badge_key.withdrawn", key)
		entry.Reason = reason
		if err := s.Audit.Write(ctx, entry); err != nil || !signed {
			return err
		}
		_, err = s.newKey(ctx)
		return err
	})
	return key, err
}

func (d Deps) lockedKeys(ctx context.Context) (domain.BadgeKeys, error) {
	if err := d.BadgeKeys.Lock(ctx); err != nil {
		return nil, err
	}
	return d.BadgeKeys.List(ctx)
}

// signingKey returns the key that signs, and makes it when there is none. Racing requests wait for the one that makes it.
func (d Deps) signingKey(ctx context.Context, keys domain.BadgeKeys) (domain.BadgeKey, error) {
	if key, found := keys.Signing(); found {
		return key, nil
	}
	keys, err := d.lockedKeys(ctx)
	if err != nil {
		return domain.BadgeKey{}, err
	}
	if key, found := keys.Signing(); found {
		return key, nil
	}
	return d.newKey(ctx)
}

func (d Deps) newKey(ctx context.Context) (key domain.BadgeKey, err error) {
	private, err := openbadge.GenerateKey(openbadge.RS256)
	if err != nil {
		return key, err
	}
	public, err := private.Public().PKIX()
	if err != nil {
		return key, err
	}
	key = domain.NewBadgeKey(private.Public().Thumbprint(), public, d.Clock.Now())
	if err := d.BadgeKeys.Add(ctx, key, private); err != nil {
		return key, err
	}
	return key, d.Audit.Write(ctx, badgeKeyEntry("badge_key.created", key))
}

func badgeKeyEntry(action string, key domain.BadgeKey) audit.Entry {
	return audit.Entry{Action: action, TargetType: "badge_key", TargetID: key.ID, Metadata: map[string]any{"algorithm": string(openbadge.RS256)}}
}
