package app

import (
	"context"
	"slices"

	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/page"
	"go.updspace.com/libs/valid"
)

const maxSearch = 128

// List returns a page of clients by name, disabled ones among them. search is part of a name or an id.
func (c *Clients) List(ctx context.Context, search string, p page.Request) (page.Page[domain.Client], error) {
	if err := requireAdmin(ctx); err != nil {
		return page.Page[domain.Client]{}, err
	}
	fields := errs.Fields{}
	search = valid.Line(fields, "search", search, 0, maxSearch)
	if err := fields.Err(); err != nil {
		return page.Page[domain.Client]{}, err
	}
	return c.Clients.List(ctx, search, p)
}

// Get returns a client, also a disabled one, else ErrClientUnknown.
func (c *Clients) Get(ctx context.Context, id string) (domain.Client, error) {
	if err := requireAdmin(ctx); err != nil {
		return domain.Client{}, err
	}
	if !domain.ValidClientID(id) {
		return domain.Client{}, domain.ErrClientUnknown
	}
	return c.Clients.ByID(ctx, id)
}

// Protected reports whether a client is the gateway's, whose settings are those of the service.
func (c *Clients) Protected(id string) bool { return id == c.GatewayID }

// Add registers a client and returns its secret, if it has one. An empty id stands for a new one.
func (c *Clients) Add(ctx context.Context, id string, edit domain.ClientEdit) (client domain.Client, secret domain.Secret, err error) {
	if err := requireAdmin(ctx); err != nil {
		return domain.Client{}, "", err
	}
	if id == "" {
		id = newID().String()
	}
	client = domain.Client{
		ID: id, Algorithm: domain.ES256, GrantTypes: []string{domain.GrantCode, domain.GrantRefresh}, RegisteredAt: c.Clock.Now(),
	}
	if client.Keys, err = c.published(ctx, edit); err != nil {
		return domain.Client{}, "", err
	}
	if secret, err = client.Edit(edit); err != nil {
		return domain.Client{}, "", err
	}
	err = c.Tx.Platform(ctx, func(ctx context.Context) error {
		added, err := c.Clients.Add(ctx, client)
		if err == nil && !added {
			err = domain.ErrClientTaken
		}
		if err != nil {
			return err
		}
		return c.record(ctx, domain.ActionClientRegistered, client, nil)
	})
	c.forget(id)
	return client, secret, err
}

// Edit changes a client and returns the secret that it gets when it authenticates by one from now on.
func (c *Clients) Edit(ctx context.Context, id string, edit domain.ClientEdit) (client domain.Client, secret domain.Secret, err error) {
	if err := c.changeable(ctx, id); err != nil {
		return domain.Client{}, "", err
	}
	keys, err := c.published(ctx, edit)
	if err != nil {
		return domain.Client{}, "", err
	}
	client, err = c.change(ctx, id, domain.ActionClientChanged, func(_ context.Context, client *domain.Client) (err error) {
		secret, err = client.Edit(edit)
		if keys != nil {
			client.Keys = keys
		}
		return err
	})
	return client, secret, err
}

// AddSecret makes a second secret for a client; the first stays valid until [Clients.RetireSecret].
func (c *Clients) AddSecret(ctx context.Context, id string) (client domain.Client, secret domain.Secret, err error) {
	client, err = c.change(ctx, id, domain.ActionClientSecretAdded, func(_ context.Context, client *domain.Client) (err error) {
		secret, err = client.AddSecret()
		return err
	})
	return client, secret, err
}

// RetireSecret ends the older of two secrets of a client.
func (c *Clients) RetireSecret(ctx context.Context, id string) (domain.Client, error) {
	return c.change(ctx, id, domain.ActionClientSecretRetired, func(_ context.Context, client *domain.Client) error { return client.RetireSecret() })
}

// Disable makes a client one that is not answered, and ends its requests, codes and grants. Other instances know within
// clientFreshness.
func (c *Clients) Disable(ctx context.Context, id string) (domain.Client, error) {
	now := c.Clock.Now()
	return c.change(ctx, id, domain.ActionClientDisabled, func(ctx context.Context, client *domain.Client) error {
		if client.Enabled() {
			client.DisabledAt = &now
		}
		return c.Clients.End(ctx, id, now)
	})
}

// Enable makes a disabled client one that is answered again.
func (c *Clients) Enable(ctx context.Context, id string) (domain.Client, error) {
	return c.change(ctx, id, domain.ActionClientEnabled, func(_ context.Context, client *domain.Client) error {
		client.DisabledAt = nil
		return nil
	})
}

// Delete deletes a client with the consents that users gave it, and ends its grants.
func (c *Clients) Delete(ctx context.Context, id string) error {
	if err := c.changeable(ctx, id); err != nil {
		return err
	}
	err := c.Tx.Platform(ctx, func(ctx context.Context) error {
		client, err := c.Clients.Lock(ctx, id)
		if err != nil {
			return err
		}
		if err := c.Clients.End(ctx, id, c.Clock.Now()); err != nil {
			return err
		}
		if err := c.Clients.Delete(ctx, id); err != nil {
			return err
		}
		return c.record(ctx, domain.ActionClientDeleted, client, nil)
	})
	c.forget(id)
	return err
}

func (c *Clients) changeable(ctx context.Context, id string) error {
	if err := requireAdmin(ctx); err != nil {
		return err
	}
	switch {
	case !domain.ValidClientID(id):
		return domain.ErrClientUnknown
	case c.Protected(id):
		return domain.ErrClientProtected
	}
	return nil
}

// change changes a client under a lock, so that no change is lost, and records it. Nothing is recorded when nothing differs.
func (c *Clients) change(ctx context.Context, id, action string, fn func(context.Context, *domain.Client) error) (client domain.Client, err error) {
	if err := c.changeable(ctx, id); err != nil {
		return domain.Client{}, err
	}
	return c.alter(ctx, id, action, fn)
}

func (c *Clients) alter(ctx context.Context, id, action string, fn func(context.Context, *domain.Client) error) (client domain.Client, err error) {
	err = c.Tx.Platform(ctx, func(ctx context.Context) error {
		if client, err = c.Clients.Lock(ctx, id); err != nil {
			return err
		}
		before := client
		if err := fn(ctx, &client); err != nil {
			return err
		}
		if err := client.Validate(); err != nil {
			return err
		}
		changed, err := c.Clients.Put(ctx, client)
		if err != nil || !changed {
			return err
		}
		return c.record(ctx, action, client, client.Changed(before))
	})
	c.forget(id)
	return client, err
}

func (c *Clients) record(ctx context.Context, action string, client domain.Client, changed []string) error {
	metadata := map[string]any{"name": client.Name}
	if len(changed) > 0 {
		metadata["changed"] = changed
	}
	return c.Recorder.add(ctx, audit.Entry{Action: action, TargetType: "client", TargetID: client.ID, Metadata: metadata})
}

// ReadKeys reads the public keys of a JWK set.
func (c *Clients) ReadKeys(jwks []byte) ([]domain.ClientKey, error) {
	keys, err := c.Assertions.Keys(jwks)
	if err != nil {
		return nil, errs.Field("jwks", why.InvalidFormat("must be a JWK set of public keys")).Wrap(err)
	}
	return keys, nil
}

// published reads the keys at the address that a client is to have; nil when the edit names none.
func (c *Clients) published(ctx context.Context, edit domain.ClientEdit) ([]domain.ClientKey, error) {
	if edit.KeysURI == nil || *edit.KeysURI == "" {
		return nil, nil
	}
	if err := domain.CheckKeysURI(*edit.KeysURI); err != nil {
		return nil, err
	}
	keys, err := c.fetchKeys(ctx, *edit.KeysURI)
	if err != nil {
		return nil, errs.Field("jwks_uri", why.NotAllowed("no public keys of ES256, RS256 or EdDSA can be read there")).Wrap(err)
	}
	return keys, nil
}

func (c *Clients) fetchKeys(ctx context.Context, uri string) ([]domain.ClientKey, error) {
	text, err := c.KeySets.Fetch(ctx, uri)
	if err != nil {
		return nil, err
	}
	keys, err := c.ReadKeys(text)
	if err != nil {
		return nil, err
	}
	keys = slices.DeleteFunc(keys, func(k domain.ClientKey) bool { return !k.Valid() })
	if len(keys) == 0 {
		return nil, domain.ErrKeySet
	}
	return keys[:min(len(keys), domain.MaxClientKeys)], nil
}

// readAssertion verifies an assertion by the keys of a client. When none fits, those that it publishes are read anew, once a minute at most.
func (c *Clients) readAssertion(ctx context.Context, client domain.Client, assertion string) (domain.Assertion, error) {
	read, err := c.Assertions.Read(assertion, client.Keys)
	if err == nil || client.KeysURI == "" || !c.Limiter.Take(ctx, limitKeySets, client.ID, 1).Allowed {
		return read, err
	}
	keys, fetched := c.fetchKeys(ctx, client.KeysURI)
	if fetched != nil {
		return domain.Assertion{}, domain.ErrInvalidClient.Wrap(fetched)
	}
	client.Keys = keys
	stored, err := c.alter(ctx, client.ID, domain.ActionClientChanged, func(_ context.Context, stored *domain.Client) error {
		if stored.KeysURI == client.KeysURI {
			stored.Keys = keys
		}
		return nil
	})
	if err != nil {
		return domain.Assertion{}, err
	}
	return c.Assertions.Read(assertion, stored.Keys)
}
