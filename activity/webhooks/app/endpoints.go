// Package app holds the use cases of webhooks: authorise, apply the rules, call the ports.
package app

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"go.updspace.com/activity/webhooks/domain"
	"go.updspace.com/activity/webhooks/ports"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/groups"
	"go.updspace.com/libs/idempotency"
	"go.updspace.com/libs/signature"
)

// Deps are the ports that the use cases are built on.
type Deps struct {
	Access     authz.Checker
	Endpoints  ports.Endpoints
	Deliveries ports.Deliveries
	Target     ports.Target
	Groups     groups.Store
	Origin     func(ctx context.Context) (string, error) // of the tenant's pages; empty while it is not known
	Audit      ports.Audit
	Tx         ports.Tx
	Once       idempotency.Requests
	Clock      ports.Clock
	Wake       func() // something is due: makes Sender.Send run
}

// Endpoints are the use cases around endpoints.
type Endpoints struct{ Deps }

// WithSecret is an endpoint and its secret, which is shown once.
type WithSecret struct {
	domain.Endpoint
	Secrets signature.Pair
}

func (d Deps) require(ctx context.Context, by authz.Actor) error {
	return authz.Require(ctx, d.Access, authz.Check{Permission: domain.PermissionManage, Scope: authz.TenantScope(by.Tenant)})
}

// List returns all endpoints of the tenant.
func (s Endpoints) List(ctx context.Context, by authz.Actor) ([]domain.Endpoint, error) {
	if err := s.require(ctx, by); err != nil {
		return nil, err
	}
	return s.Deps.Endpoints.List(ctx)
}

// Types returns the types of events that endpoints may choose.
func (s Endpoints) Types(ctx context.Context, by authz.Actor) ([]domain.EventType, error) {
	if err := s.require(ctx, by); err != nil {
		return nil, err
	}
	return domain.EventTypes(), nil
}

// Get returns an endpoint.
func (s Endpoints) Get(ctx context.Context, by authz.Actor, id uuid.UUID) (domain.Endpoint, error) {
	if err := s.require(ctx, by); err != nil {
		return domain.Endpoint{}, err
	}
	return s.Deps.Endpoints.Find(ctx, id)
}

// Create stores a new endpoint and returns its secret. A repeated request returns those of the first one.
func (s Endpoints) Create(ctx context.Context, by authz.Actor, format domain.Format, draft domain.Edit) (WithSecret, error) {
	if err := s.require(ctx, by); err != nil {
		return WithSecret{}, err
	}
	return idempotency.Once(ctx, s.Once, "createWebhook", []any{format, draft}, func(ctx context.Context) (WithSecret, error) {
		endpoint, err := domain.NewEndpoint(by, format, draft, s.Target.Check, s.Clock.Now())
		if err != nil {
			return WithSecret{}, err
		}
		if err := groups.RequireActive(ctx, s.Groups, endpoint.Data().Scope); err != nil {
			return WithSecret{}, err
		}
		made := WithSecret{Endpoint: endpoint}
		if endpoint.Signs() {
			made.Secrets.Current = signature.NewSecret()
		}
		if err := s.Deps.Endpoints.Add(ctx, endpoint, made.Secrets); err != nil {
			return WithSecret{}, err
		}
		return made, s.Audit.Write(ctx, endpointEntry("webhook.created", endpoint))
	}, func(made WithSecret) uuid.UUID { return made.ID() }, s.withSecret)
}

func (s Endpoints) withSecret(ctx context.Context, id uuid.UUID) (found WithSecret, err error) {
	if found.Endpoint, err = s.Deps.Endpoints.Find(ctx, id); err != nil {
		return found, err
	}
	found.Secrets, err = s.Deps.Endpoints.Secrets(ctx, id)
	return found, err
}

// Update changes an endpoint. What waits for one that is switched off becomes dead, so that it does not come all at once, and late, when
// the endpoint is switched on.
func (s Endpoints) Update(ctx context.Context, by authz.Actor, id uuid.UUID, edit domain.Edit) (domain.Endpoint, error) {
	return s.change(ctx, by, id, func(ctx context.Context, before domain.Endpoint) (domain.Endpoint, error) {
		after, err := before.Edit(edit, s.Target.Check, s.Clock.Now())
		if err != nil {
			return after, err
		}
		if edit.Scope != nil {
			if err := groups.RequireActive(ctx, s.Groups, after.Data().Scope); err != nil {
				return after, err
			}
		}
		if err := s.Deps.Endpoints.Update(ctx, after); err != nil {
			return after, err
		}
		if after.Data().State != domain.Active {
			if err := s.Deliveries.DropWaiting(ctx, id, domain.SwitchedOff); err != nil {
				return after, err
			}
		}
		entry := endpointEntry("webhook.updated", after)
		entry.Metadata["changed"] = changed(before, after)
		return after, s.Audit.Write(ctx, entry)
	})
}

// Delete removes an endpoint with its deliveries.
func (s Endpoints) Delete(ctx context.Context, by authz.Actor, id uuid.UUID) error {
	_, err := s.change(ctx, by, id, func(ctx context.Context, endpoint domain.Endpoint) (domain.Endpoint, error) {
		if err := s.Deps.Endpoints.Delete(ctx, id); err != nil {
			return endpoint, err
		}
		return endpoint, s.Audit.Write(ctx, endpointEntry("webhook.deleted", endpoint))
	})
	return err
}

// RotateSecret gives an endpoint a new secret. The former one signs beside it for domain.Overlap, so that the receiver can be changed
// without losing a message. A second rotation within that time ends the first secret at once. A repeated request returns what the first did.
func (s Endpoints) RotateSecret(ctx context.Context, by authz.Actor, id uuid.UUID) (WithSecret, error) {
	if err := s.require(ctx, by); err != nil {
		return WithSecret{}, err
	}
	return idempotency.Once(ctx, s.Once, "rotateWebhookSecret", id, func(ctx context.Context) (rotated WithSecret, err error) {
		if rotated.Endpoint, err = s.Deps.Endpoints.Lock(ctx, id); err != nil {
			return rotated, err
		}
		if !rotated.Signs() {
			return rotated, domain.ErrNoSecret
		}
		secrets, err := s.Deps.Endpoints.Secrets(ctx, id)
		if err != nil {
			return rotated, err
		}
		rotated.Secrets = secrets.Rotate(s.Clock.Now().Add(domain.Overlap))
		if err := s.Deps.Endpoints.PutSecrets(ctx, id, rotated.Secrets); err != nil {
			return rotated, err
		}
		return rotated, s.Audit.Write(ctx, endpointEntry("webhook.secret_rotated", rotated.Endpoint))
	}, func(rotated WithSecret) uuid.UUID { return rotated.ID() }, s.withSecret)
}

// change runs a change of an endpoint under its lock, for a caller who may make it.
func (d Deps) change(
	ctx context.Context, by authz.Actor, id uuid.UUID, make func(ctx context.Context, endpoint domain.Endpoint) (domain.Endpoint, error),
) (endpoint domain.Endpoint, err error) {
	if err := d.require(ctx, by); err != nil {
		return endpoint, err
	}
	err = d.Tx.Do(ctx, func(ctx context.Context) error {
		before, err := d.Endpoints.Lock(ctx, id)
		if err != nil {
			return err
		}
		endpoint, err = make(ctx, before)
		return err
	})
	return endpoint, err
}

// endpointEntry names no address: it may hold a token of the receiver.
func endpointEntry(action string, endpoint domain.Endpoint) audit.Entry {
	d := endpoint.Data()
	return audit.Entry{
		Action: action, TargetType: "webhook", TargetID: d.ID.String(),
		Metadata: map[string]any{
			"name": d.Name, "types": d.Types, "state": string(d.State), "format": string(d.Format), "scope_type": string(d.Scope.Type), "scope_id": d.Scope.ID.String(),
		},
	}
}

func changed(before, after domain.Endpoint) []string {
	b, a := before.Data(), after.Data()
	fields := []string{}
	for field, same := range map[string]bool{
		"name": b.Name == a.Name, "url": b.URL == a.URL, "types": slices.Equal(b.Types, a.Types), "state": b.State == a.State,
		"language": b.Language == a.Language, "scope": b.Scope == a.Scope,
	} {
		if !same {
			fields = append(fields, field)
		}
	}
	slices.Sort(fields)
	return fields
}
