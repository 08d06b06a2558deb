package app

import (
	"bytes"
	"context"
	"io"
	"slices"

	"github.com/google/uuid"

	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/blob"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/upload"
)

// permissionTenantSettings is that of changing what the tenant shows of itself.
const permissionTenantSettings authz.Permission = "portal.tenant.settings.write"

// TenantCards changes what a tenant shows of itself, for those who may in the tenant of the request.
type TenantCards struct{ *Deps }

// Edit changes the card that the caller has seen, by its version; ErrTenantChanged, with the card as it is, when it is another
// one meanwhile.
func (t *TenantCards) Edit(ctx context.Context, version int64, edit domain.TenantEdit) (domain.Tenant, error) {
	return t.change(ctx, func(_ context.Context, tenant *domain.Tenant) error {
		if tenant.Version != version {
			return domain.ErrTenantChanged
		}
		return tenant.Edit(edit)
	})
}

// change stores a change of the tenant of the request. With ErrTenantChanged it returns the tenant as it is.
func (t *TenantCards) change(ctx context.Context, fn func(context.Context, *domain.Tenant) error) (tenant domain.Tenant, err error) {
	rc := reqctx.From(ctx)
	if err := authz.Require(ctx, t.Access, authz.Check{Permission: permissionTenantSettings, Scope: authz.TenantScope(rc.TenantID)}); err != nil {
		return domain.Tenant{}, err
	}
	err = t.Tx.Do(ctx, func(ctx context.Context) error {
		if tenant, err = t.Tenants.Lock(ctx, rc.TenantSlug); err != nil {
			return err
		}
		before := tenant
		if err := fn(ctx, &tenant); err != nil {
			return err
		}
		changed := changedParts(before, tenant)
		if len(changed) == 0 {
			return nil
		}
		tenant.Version++
		if err := t.Tenants.Update(ctx, tenant); err != nil {
			return err
		}
		if err := t.Recorder.add(ctx, audit.Entry{
			Actor: by(rc.UserID), Action: domain.ActionTenantChanged, TargetType: "tenant", TargetID: tenant.ID.String(),
			Metadata: map[string]any{"name": tenant.Name, "changed": changed},
		}); err != nil {
			return err
		}
		return t.Events.TenantUpdated(ctx, tenant)
	})
	return tenant, err
}

func changedParts(before, now domain.Tenant) (changed []string) {
	for _, part := range []struct {
		name string
		same bool
	}{
		{"name", before.Name == now.Name}, {"description", before.Description == now.Description},
		{"hue", before.Hue == now.Hue}, {"chroma", before.Chroma == now.Chroma},
		{"languages", slices.Equal(before.Languages, now.Languages)}, {"default_language", before.DefaultLanguage == now.DefaultLanguage},
		{"membership", before.Admission == now.Admission}, {"logo", same(before.LogoID, now.LogoID)}, {"cover", same(before.CoverID, now.CoverID)},
	} {
		if !part.same {
			changed = append(changed, part.name)
		}
	}
	return changed
}

func same(a, b *uuid.UUID) bool { return a == b || a != nil && b != nil && *a == *b }

// SetImage makes a picture the logo or the cover. A logo is drawn small; a cover keeps its pixels and loses its metadata.
func (t *TenantCards) SetImage(ctx context.Context, kind domain.ImageKind, picture io.Reader) (domain.Tenant, error) {
	rc := reqctx.From(ctx)
	if err := authz.Require(ctx, t.Access, authz.Check{Permission: permissionTenantSettings, Scope: authz.TenantScope(rc.TenantID)}); err != nil {
		return domain.Tenant{}, err
	}
	if kind == domain.ImageLogo {
		raw, err := io.ReadAll(upload.Limit(picture, kind.MaxSize()))
		if err != nil {
			return domain.Tenant{}, err
		}
		drawn, err := t.Pictures.Avatar(ctx, raw)
		if err != nil {
			return domain.Tenant{}, err
		}
		picture = bytes.NewReader(drawn)
	}
	up, err := t.Receiver.Inspect(string(kind), picture, upload.Rules{Accepts: kind.Accepts, MaxSize: kind.MaxSize()})
	if err != nil {
		return domain.Tenant{}, err
	}
	image := domain.TenantImage{ID: newID(), TenantID: rc.TenantID, Kind: kind, CreatedAt: t.Clock.Now()}
	if err := t.Tx.Do(ctx, func(ctx context.Context) error { return t.Images.Add(ctx, image) }); err != nil {
		return domain.Tenant{}, err
	}
	stored, err := up.Store(ctx, t.Blobs, image.Key())
	if err != nil {
		return domain.Tenant{}, err // the cleanup removes the row
	}
	image.ContentType, image.Digest = stored.ContentType, stored.Digest
	return t.change(ctx, func(ctx context.Context, tenant *domain.Tenant) error {
		if err := t.Images.Use(ctx, image); err != nil {
			return err
		}
		return t.replace(ctx, tenant, kind, &image.ID)
	})
}

// RemoveImage removes the logo or the cover.
func (t *TenantCards) RemoveImage(ctx context.Context, kind domain.ImageKind) (domain.Tenant, error) {
	return t.change(ctx, func(ctx context.Context, tenant *domain.Tenant) error { return t.replace(ctx, tenant, kind, nil) })
}

func (t *TenantCards) replace(ctx context.Context, tenant *domain.Tenant, kind domain.ImageKind, id *uuid.UUID) error {
	if before := tenant.SetImage(kind, id); before != nil {
		return t.Images.Discard(ctx, *before)
	}
	return nil
}

// Image returns a picture of an open tenant with its content, which the caller closes.
func (t *TenantCards) Image(ctx context.Context, slug string, kind domain.ImageKind) (domain.TenantImage, io.ReadSeekCloser, error) {
	tenant, err := (&Tenants{t.Deps}).Find(ctx, slug)
	if err != nil {
		return domain.TenantImage{}, nil, err
	}
	id := tenant.Image(kind)
	if id == nil {
		return domain.TenantImage{}, nil, domain.ErrImageUnknown
	}
	rc := reqctx.From(ctx)
	rc.TenantID, rc.TenantSlug = tenant.ID, tenant.Slug
	image, err := t.Images.Find(reqctx.With(ctx, rc), *id)
	if err != nil {
		return domain.TenantImage{}, nil, err
	}
	content, err := t.Blobs.Open(ctx, image.Key())
	return image, content, err
}

// Sweep removes pictures that are not in use, in every tenant: its context must say so.
func (t *TenantCards) Sweep(ctx context.Context) (int, error) {
	before := t.Clock.Now().Add(-domain.ImageUploadTime)
	return blob.Sweep(ctx, t.Blobs, func(ctx context.Context, limit int) ([]domain.TenantImage, error) {
		return t.Images.Unused(ctx, before, limit)
	}, domain.TenantImage.Key, func(ctx context.Context, images []domain.TenantImage) error {
		return t.Tx.Do(ctx, func(ctx context.Context) error { return t.Images.Forget(ctx, images) })
	})
}
