package app

import (
	"context"
	"errors"
	"slices"

	"github.com/google/uuid"

	"go.updspace.com/identity/domain"
	"go.updspace.com/identity/ports"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/page"
	"go.updspace.com/libs/reqctx"
)

// Invitations invites people to the tenant of the request by mail.
type Invitations struct {
	*Deps
	Tenants *Tenants
}

// PathInvite is the portal's page that accepts an invitation; the token follows.
const PathInvite = "/invite/"

// List returns a page of invitations, the newest first.
func (v *Invitations) List(ctx context.Context, status domain.InvitationStatus, p page.Request) (page.Page[domain.Invitation], error) {
	if err := v.require(ctx, permissionReview); err != nil {
		return page.Page[domain.Invitation]{}, err
	}
	f := ports.InvitationFilter{Status: status, Now: v.Clock.Now()}
	if _, err := page.Decode("invitations", p.Cursor, &f.Before); err != nil {
		return page.Page[domain.Invitation]{}, err
	}
	return page.Fetch(p.Limit, func(limit int) ([]domain.Invitation, error) { return v.Deps.Invitations.List(ctx, f, limit) },
		func(last domain.Invitation) string { return page.Encode("invitations", last.ID) })
}

// Invitee is a person to invite.
type Invitee struct{ Email, Language string }

// Invite invites a person; ErrAlreadyMember, ErrAlreadyInvited.
func (v *Invitations) Invite(ctx context.Context, in Invitee) (domain.Invitation, error) {
	if err := v.require(ctx, permissionReview); err != nil {
		return domain.Invitation{}, err
	}
	tenant, err := v.Deps.Tenants.BySlug(ctx, reqctx.From(ctx).TenantSlug)
	if err != nil {
		return domain.Invitation{}, err
	}
	return v.invite(ctx, tenant, in)
}

func (v *Invitations) invite(ctx context.Context, tenant domain.Tenant, in Invitee) (made domain.Invitation, err error) {
	rc := reqctx.From(ctx)
	email, err := domain.NormalizeEmail(in.Email)
	if err != nil {
		return domain.Invitation{}, err
	}
	if in.Language == "" {
		in.Language = tenant.DefaultLanguage
	}
	if !slices.Contains(domain.Languages, in.Language) {
		f := errs.Fields{}
		f.Add("language", why.NotAllowed("must be ru or en"))
		return domain.Invitation{}, f.Err()
	}
	if err := v.limited(ctx, email); err != nil {
		return domain.Invitation{}, err
	}
	member, err := v.member(ctx, email)
	if err != nil {
		return domain.Invitation{}, err
	}
	if member {
		return domain.Invitation{}, domain.ErrAlreadyMember
	}
	made, token := domain.NewInvitation(newID(), tenant.ID, domain.InvitedByMember, email, "", in.Language, v.Clock.Now())
	made.InvitedBy = &rc.UserID
	return made, v.Tx.Do(ctx, func(ctx context.Context) error {
		waiting, err := v.Deps.Invitations.Waiting(ctx, email)
		if err == nil && waiting.Status(v.Clock.Now()) == domain.InvitationSent {
			return domain.ErrAlreadyInvited
		}
		if err != nil && !errors.Is(err, domain.ErrInvitationUnknown) {
			return err
		}
		return v.replace(ctx, tenant, made, token)
	})
}

// limited counts a mail against the limits of its sender and of its address.
func (v *Invitations) limited(ctx context.Context, email string) error {
	rc := reqctx.From(ctx)
	if err := Limited(v.Limiter.Take(ctx, limitInviters, rc.UserID.String(), 1), domain.ErrRateLimited); err != nil {
		return err
	}
	return Limited(v.Limiter.Take(ctx, limitInvitations, rc.TenantID.String()+" "+email, 1), domain.ErrRateLimited)
}

// replace stores an invitation and mails its link. What waited for the same address ends.
func (v *Invitations) replace(ctx context.Context, tenant domain.Tenant, i domain.Invitation, token domain.Secret) error {
	waiting, err := v.Deps.Invitations.Waiting(ctx, i.Email)
	if err == nil {
		err = v.Deps.Invitations.Revoke(ctx, waiting.ID, i.CreatedAt)
	}
	if err != nil && !errors.Is(err, domain.ErrInvitationUnknown) {
		return err
	}
	if err := v.Deps.Invitations.Insert(ctx, i); err != nil {
		return err
	}
	return v.send(ctx, tenant, i, token)
}

func (v *Invitations) send(ctx context.Context, tenant domain.Tenant, i domain.Invitation, token domain.Secret) error {
	mail := invitationMail(tenant, i, v.Origin(tenant.Slug)+PathInvite+string(token))
	if err := v.queue(ctx, mail, i.ExpiresAt); err != nil {
		return err
	}
	return v.note(ctx, domain.ActionInvitationSent, i)
}

func (v *Invitations) note(ctx context.Context, action string, i domain.Invitation) error {
	return v.Recorder.add(ctx, audit.Entry{
		Actor: by(reqctx.From(ctx).UserID), Action: action, TargetType: "invitation", TargetID: i.ID.String(),
		Metadata: map[string]any{"tenant_id": i.TenantID.String(), "kind": string(i.Kind)},
	})
}

// Resend sends an invitation again with a new link, which works for as long as the first one did.
func (v *Invitations) Resend(ctx context.Context, id uuid.UUID) (domain.Invitation, error) {
	if err := v.require(ctx, permissionReview); err != nil {
		return domain.Invitation{}, err
	}
	return v.renew(ctx, id)
}

func (v *Invitations) renew(ctx context.Context, id uuid.UUID) (found domain.Invitation, err error) {
	tenant, err := v.Deps.Tenants.BySlug(ctx, reqctx.From(ctx).TenantSlug)
	if err != nil {
		return found, err
	}
	err = v.Tx.Do(ctx, func(ctx context.Context) error {
		if found, err = v.Deps.Invitations.Lock(ctx, id); err != nil {
			return err
		}
		token, err := found.Renew(v.Clock.Now())
		if err != nil {
			return err
		}
		if err := v.limited(ctx, found.Email); err != nil {
			return err
		}
		if err := v.Deps.Invitations.Renew(ctx, found); err != nil {
			return err
		}
		return v.send(ctx, tenant, found, token)
	})
	return found, err
}

// Revoke ends the link of an invitation.
func (v *Invitations) Revoke(ctx context.Context, id uuid.UUID) error {
	if err := v.require(ctx, permissionReview); err != nil {
		return err
	}
	return v.Tx.Do(ctx, func(ctx context.Context) error {
		found, err := v.Deps.Invitations.Lock(ctx, id)
		if err != nil {
			return err
		}
		revoked := found.RevokedAt != nil
		if err := found.Revoke(v.Clock.Now()); err != nil || revoked {
			return err
		}
		if err := v.Deps.Invitations.Revoke(ctx, id, *found.RevokedAt); err != nil {
			return err
		}
		return v.note(ctx, domain.ActionInvitationRevoked, found)
	})
}
