// Package app holds the use cases of sources: authorise, apply the rules, call the ports.
package app

import (
	"context"
	"encoding/binary"
	"strconv"

	"github.com/google/uuid"

	"go.updspace.com/activity/connectors/domain"
	"go.updspace.com/activity/connectors/ports"
	feed "go.updspace.com/activity/domain"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/groups"
	"go.updspace.com/libs/idempotency"
	"go.updspace.com/libs/signature"
)

// Deps are the ports that the use cases are built on.
type Deps struct {
	Access   authz.Checker
	Sources  ports.Sources
	Messages ports.Messages
	Feed     ports.Feed
	Reader   ports.Reader
	Groups   groups.Store
	Origin   func(ctx context.Context) (string, error) // of the tenant's pages; empty while it is not known
	Audit    ports.Audit
	Tx       ports.Tx
	Once     idempotency.Requests
	Clock    ports.Clock
}

// Sources are the use cases around sources.
type Sources struct{ Deps }

// WithSecret is a source and its secret, which is shown once. Sources that are only asked have none.
type WithSecret struct {
	domain.Source
	Secrets signature.Pair
}

func (d Deps) require(ctx context.Context, by authz.Actor, permission authz.Permission) error {
	return authz.Require(ctx, d.Access, authz.Check{Permission: permission, Scope: authz.TenantScope(by.Tenant)})
}

// List returns all sources of the tenant, for readers of the feed.
func (s Sources) List(ctx context.Context, by authz.Actor) ([]domain.Source, error) {
	if err := s.require(ctx, by, feed.PermissionFeedRead); err != nil {
		return nil, err
	}
	return s.Deps.Sources.List(ctx)
}

// Managed returns all sources of the tenant, for those who run them.
func (s Sources) Managed(ctx context.Context, by authz.Actor) ([]domain.Source, error) {
	if err := s.require(ctx, by, feed.PermissionSourcesManage); err != nil {
		return nil, err
	}
	return s.Deps.Sources.List(ctx)
}

// Connectors returns what kinds of sources there are.
func (s Sources) Connectors(ctx context.Context, by authz.Actor) ([]domain.Connector, error) {
	if err := s.require(ctx, by, feed.PermissionSourcesManage); err != nil {
		return nil, err
	}
	return domain.Connectors(), nil
}

// Get returns a source.
func (s Sources) Get(ctx context.Context, by authz.Actor, id int64) (domain.Source, error) {
	if err := s.require(ctx, by, feed.PermissionSourcesManage); err != nil {
		return domain.Source{}, err
	}
	return s.Deps.Sources.Find(ctx, id)
}

// Create stores a new source and returns its secret. A repeated request returns those of the first one.
func (s Sources) Create(ctx context.Context, by authz.Actor, kind domain.Kind, draft domain.Edit) (WithSecret, error) {
	if err := s.require(ctx, by, feed.PermissionSourcesManage); err != nil {
		return WithSecret{}, err
	}
	return idempotency.Once(ctx, s.Once, "createSource", []any{kind, draft}, func(ctx context.Context) (made WithSecret, err error) {
		source, err := domain.NewSource(by, kind, draft, s.Reader.Check, s.Clock.Now())
		if err != nil {
			return made, err
		}
		if err := groups.RequireActive(ctx, s.Groups, source.Data().Scope); err != nil {
			return made, err
		}
		if source.Receives() {
			made.Secrets.Current = signature.NewSecret()
		}
		if made.Source, err = s.Deps.Sources.Add(ctx, source, made.Secrets); err != nil {
			return made, err
		}
		return made, s.Audit.Write(ctx, sourceEntry("source.created", made.Source))
	}, func(made WithSecret) uuid.UUID { return asUUID(made.ID()) }, s.withSecret)
}

// asUUID is the number of a source in the form that idempotency remembers.
func asUUID(id int64) (u uuid.UUID) {
	binary.BigEndian.PutUint64(u[8:], uint64(id)) //nolint:gosec // there and back
	return u
}

func (s Sources) withSecret(ctx context.Context, id uuid.UUID) (found WithSecret, err error) {
	number := int64(binary.BigEndian.Uint64(id[8:])) //nolint:gosec // see asUUID
	if found.Source, err = s.Deps.Sources.Find(ctx, number); err != nil {
		return found, err
	}
	found.Secrets, err = s.Deps.Sources.Secrets(ctx, number)
	return found, err
}

// Update changes a source.
func (s Sources) Update(ctx context.Context, by authz.Actor, id int64, edit domain.Edit) (source domain.Source, err error) {
	if err := s.require(ctx, by, feed.PermissionSourcesManage); err != nil {
		return source, err
	}
	err = s.Tx.Do(ctx, func(ctx context.Context) error {
		if source, err = s.Deps.Sources.Lock(ctx, id); err != nil {
			return err
		}
		if source, err = source.Edit(edit, s.Reader.Check, s.Clock.Now()); err != nil {
			return err
		}
		if edit.Scope != nil {
			if err := groups.RequireActive(ctx, s.Groups, source.Data().Scope); err != nil {
				return err
			}
		}
		if err := s.Deps.Sources.Update(ctx, source); err != nil {
			return err
		}
		return s.Audit.Write(ctx, sourceEntry("source.updated", source))
	})
	return source, err
}

// Delete removes a source. Its items stay.
func (s Sources) Delete(ctx context.Context, by authz.Actor, id int64) error {
	if err := s.require(ctx, by, feed.PermissionSourcesManage); err != nil {
		return err
	}
	return s.Tx.Do(ctx, func(ctx context.Context) error {
		source, err := s.Deps.Sources.Lock(ctx, id)
		if err != nil {
			return err
		}
		if err := s.Deps.Sources.Delete(ctx, id); err != nil {
			return err
		}
		return s.Audit.Write(ctx, sourceEntry("source.deleted", source))
	})
}

// RotateSecret gives a source a new secret. Messages with the former one are accepted for domain.Overlap.
func (s Sources) RotateSecret(ctx context.Context, by authz.Actor, id int64) (WithSecret, error) {
	if err := s.require(ctx, by, feed.PermissionSourcesManage); err != nil {
		return WithSecret{}, err
	}
	return idempotency.Once(ctx, s.Once, "rotateSourceSecret", id, func(ctx context.Context) (rotated WithSecret, err error) {
		if rotated.Source, err = s.Deps.Sources.Lock(ctx, id); err != nil {
			return rotated, err
		}
		if !rotated.Receives() {
			return rotated, domain.ErrNoSecret
		}
		secrets, err := s.Deps.Sources.Secrets(ctx, id)
		if err != nil {
			return rotated, err
		}
		rotated.Secrets = secrets.Rotate(s.Clock.Now().Add(domain.Overlap))
		if err := s.Deps.Sources.PutSecrets(ctx, id, rotated.Secrets); err != nil {
			return rotated, err
		}
		return rotated, s.Audit.Write(ctx, sourceEntry("source.secret_rotated", rotated.Source))
	}, func(rotated WithSecret) uuid.UUID { return asUUID(rotated.ID()) }, s.withSecret)
}

// sourceEntry names no address: it may hold a token.
func sourceEntry(action string, source domain.Source) audit.Entry {
	d := source.Data()
	return audit.Entry{Action: action, TargetType: "source", TargetID: strconv.FormatInt(d.ID, 10), Metadata: map[string]any{
		"name": d.Name, "kind": string(d.Kind), "active": d.Active, "types": d.Types, "visibility": string(d.Visibility),
		"scope_type": string(d.Scope.Type), "scope_id": d.Scope.ID.String(),
	}}
}
