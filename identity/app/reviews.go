package app

import (
	"context"
	"errors"
	"strings"

	"github.com/google/uuid"

	"go.updspace.com/identity/domain"
	"go.updspace.com/identity/ports"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/page"
	"go.updspace.com/libs/reqctx"
)

// permissionReview is that of deciding who becomes a member of the tenant.
const permissionReview authz.Permission = "portal.applications.review"

// Reviews decides the applications to the tenant of the request.
type Reviews struct {
	*Deps
	Tenants     *Tenants
	Invitations *Invitations
}

// require checks a permission of the caller in the tenant of the request.
func (d *Deps) require(ctx context.Context, permission authz.Permission) error {
	return authz.Require(ctx, d.Access, authz.Check{Permission: permission, Scope: authz.TenantScope(reqctx.From(ctx).TenantID)})
}

// Reviewed is an application with the invitation that activates its account, if there is one.
type Reviewed struct {
	domain.Application
	Invitation *domain.Invitation
}

// List returns a page of applications, the newest first.
func (r *Reviews) List(ctx context.Context, f ports.ApplicationFilter, p page.Request) (page.Page[Reviewed], error) {
	if err := r.require(ctx, permissionReview); err != nil {
		return page.Page[Reviewed]{}, err
	}
	if _, err := page.Decode("applications", p.Cursor, &f.Before); err != nil {
		return page.Page[Reviewed]{}, err
	}
	f.Text = strings.TrimSpace(f.Text)
	found, err := page.Fetch(p.Limit, func(limit int) ([]domain.Application, error) { return r.Deps.Applications.List(ctx, f, limit) },
		func(last domain.Application) string { return page.Encode("applications", last.ID) })
	if err != nil {
		return page.Page[Reviewed]{}, err
	}
	ids := make([]int64, len(found.Items))
	for i, a := range found.Items {
		ids[i] = a.ID
	}
	invitations, err := r.Deps.Invitations.OfApplications(ctx, ids)
	return page.Map(found, func(a domain.Application) Reviewed {
		if i, ok := invitations[a.ID]; ok {
			return Reviewed{a, &i}
		}
		return Reviewed{a, nil}
	}), err
}

// decide changes a pending application, with what fn does besides, and tells of it.
func (r *Reviews) decide(
	ctx context.Context, id int64, status domain.ApplicationStatus, reason string, fn func(context.Context, domain.Tenant, *Reviewed) error,
) (out Reviewed, err error) {
	rc := reqctx.From(ctx)
	if err := r.require(ctx, permissionReview); err != nil {
		return Reviewed{}, err
	}
	tenant, err := r.Deps.Tenants.BySlug(ctx, rc.TenantSlug)
	if err != nil {
		return Reviewed{}, err
	}
	err = r.Tx.Do(ctx, func(ctx context.Context) error {
		if out.Application, err = r.Deps.Applications.Lock(ctx, id); err != nil {
			return err
		}
		if err := out.Decide(status, rc.UserID, reason, r.Clock.Now()); err != nil {
			return err
		}
		if err := r.Deps.Applications.Decided(ctx, out.Application); err != nil {
			return err
		}
		if err := fn(ctx, tenant, &out); err != nil {
			return err
		}
		action := domain.ActionApplicationApproved
		if status == domain.ApplicationRejected {
			action = domain.ActionApplicationRejected
		}
		if err := r.recordApplication(ctx, action, out.Application); err != nil {
			return err
		}
		return r.ApplicationEvents.ApplicationChanged(ctx, out.Application)
	})
	return out, err
}

// Reject rejects an application and mails the reason.
func (r *Reviews) Reject(ctx context.Context, id int64, reason string) (Reviewed, error) {
	return r.decide(ctx, id, domain.ApplicationRejected, reason, func(ctx context.Context, tenant domain.Tenant, out *Reviewed) error {
		return r.queue(ctx, rejectedMail(tenant, out.Application), r.Clock.Now().Add(mailUse))
	})
}

// Approve approves an application: the person gets an account, if there is none of the address, and an active membership. A mail
// tells them, with a link that activates the account unless it can sign in.
func (r *Reviews) Approve(ctx context.Context, id int64) (Reviewed, error) {
	return r.decide(ctx, id, domain.ApplicationApproved, "", func(ctx context.Context, tenant domain.Tenant, out *Reviewed) error {
		user, err := r.account(ctx, out.Application)
		if err != nil {
			return err
		}
		if !user.Claimable() && !user.CanSignIn() {
			return domain.ErrUserNotEligible
		}
		if err := r.Tenants.join(ctx, user.ID, by(reqctx.From(ctx).UserID)); err != nil {
			return err
		}
		if user.CanSignIn() {
			return r.queue(ctx, welcomeMail(tenant, out.Application, r.Origin(tenant.Slug)), r.Clock.Now().Add(mailUse))
		}
		a := out.Application
		invitation, token := domain.NewInvitation(newID(), tenant.ID, domain.InvitedByApproval, a.Email, a.DisplayName, a.Language, r.Clock.Now())
		invitation.Application, invitation.InvitedBy = &a.ID, a.ReviewedBy
		out.Invitation = &invitation
		return r.Invitations.replace(ctx, tenant, invitation, token)
	})
}

// account returns the account of an applicant, locked, and makes one that waits for its owner if there is none.
func (r *Reviews) account(ctx context.Context, a domain.Application) (domain.User, error) {
	user, err := r.Users.ByEmail(ctx, a.Email)
	if errors.Is(err, domain.ErrUserUnknown) {
		if user, err = domain.NewUser(newID(), a.Email, a.DisplayName, false, r.Clock.Now()); err != nil {
			return domain.User{}, err
		}
		user.Status, user.Language = domain.StatusMigrated, a.Language
		return user, r.newAccount(ctx, user)
	}
	if err != nil {
		return domain.User{}, err
	}
	return r.Users.Lock(ctx, user.ID)
}

// newAccount stores an account and tells of it.
func (d *Deps) newAccount(ctx context.Context, user domain.User) error {
	if err := d.Users.Insert(ctx, user); err != nil {
		return err
	}
	if err := d.Recorder.add(ctx, audit.Entry{
		Actor: by(reqctx.From(ctx).UserID), Action: domain.ActionUserCreated, TargetType: "user", TargetID: user.ID.String(),
	}); err != nil {
		return err
	}
	return d.Events.UserCreated(ctx, user)
}

// Resend sends the mail of an approved application, whose account waits to be activated, again with a new link.
func (r *Reviews) Resend(ctx context.Context, id int64) (out Reviewed, err error) {
	if err := r.require(ctx, permissionReview); err != nil {
		return Reviewed{}, err
	}
	if out.Application, err = r.Deps.Applications.ByID(ctx, id); err != nil {
		return Reviewed{}, err
	}
	invitations, err := r.Deps.Invitations.OfApplications(ctx, []int64{id})
	if err != nil {
		return Reviewed{}, err
	}
	invitation, ok := invitations[id]
	if !ok {
		return Reviewed{}, domain.ErrApplicationStatus
	}
	invitation, err = r.Invitations.renew(ctx, invitation.ID)
	if errors.Is(err, domain.ErrInvitationStatus) {
		err = domain.ErrApplicationStatus
	}
	out.Invitation = &invitation
	return out, err
}

// join makes a user an active member of the tenant of the request, unless the user is one already. A role from before stays.
func (t *Tenants) join(ctx context.Context, user uuid.UUID, actor audit.Actor) error {
	rc := reqctx.From(ctx)
	old, err := t.Memberships.Of(ctx, user)
	if err != nil || old != nil && old.Active() {
		return err
	}
	m := domain.Membership{
		UserID: user, TenantID: rc.TenantID, TenantSlug: rc.TenantSlug, Status: domain.MembershipActive, BaseRole: domain.RoleMember, CreatedAt: t.Clock.Now(),
	}
	if old != nil {
		m.BaseRole = old.BaseRole
	}
	return t.put(ctx, m, actor)
}
