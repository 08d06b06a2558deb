package app

import (
	"context"
	"encoding/binary"
	"errors"
	"strconv"

	"github.com/google/uuid"

	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/reqctx"
)

// Applications are what guests send to become members of the tenant of the request, and what becomes of it for them. Reviews decides
// them.
type Applications struct{ *Deps }

const (
	purposeApplication = "application"
	aboutApplication   = "application-form/"
)

// Form is the application form of a tenant.
type Form struct {
	domain.ApplicationForm
	Tenant domain.Tenant
	Token  string // must come with the application
}

// Open reports whether the tenant takes applications.
func (f Form) Open() bool { return f.Tenant.Admission == domain.AdmissionApplication }

// Form returns the form of the tenant of the request.
func (a *Applications) Form(ctx context.Context) (Form, error) {
	rc := reqctx.From(ctx)
	if rc.TenantID == uuid.Nil {
		return Form{}, domain.ErrNoTenant
	}
	tenant, err := a.Tenants.BySlug(ctx, rc.TenantSlug)
	if err != nil {
		return Form{}, err
	}
	form, err := a.Forms.Get(ctx)
	return Form{form, tenant, a.Stamps.Issue(aboutApplication+tenant.ID.String(), a.Clock.Now())}, err
}

// SetQuestions changes the form of the version that the caller has seen; else ErrFormChanged.
func (a *Applications) SetQuestions(ctx context.Context, version int64, questions []domain.Question) (Form, error) {
	rc := reqctx.From(ctx)
	if err := a.require(ctx, permissionTenantSettings); err != nil {
		return Form{}, err
	}
	form := domain.ApplicationForm{Version: version}
	if err := form.Edit(questions, a.Clock.Now()); err != nil {
		return Form{}, err
	}
	err := a.Tx.Do(ctx, func(ctx context.Context) error {
		if err := a.Forms.Put(ctx, form); err != nil {
			return err
		}
		return a.Recorder.add(ctx, audit.Entry{
			Actor: by(rc.UserID), Action: domain.ActionFormChanged, TargetType: "tenant", TargetID: rc.TenantID.String(),
			Metadata: map[string]any{"questions": len(questions)},
		})
	})
	if err != nil {
		return Form{}, err
	}
	return a.Form(ctx)
}

// Submission is an application as it is sent.
type Submission struct {
	domain.ApplicationDraft
	FormToken string
	Filled    bool // what people do not see is filled in
}

// Submit takes an application. The answer does not tell whether the address belongs to an account, a member or an earlier application:
// the mail does.
func (a *Applications) Submit(ctx context.Context, in Submission) error {
	form, err := a.Form(ctx)
	if err != nil {
		return err
	}
	if !form.Open() {
		return domain.ErrApplicationsClosed
	}
	now := a.Clock.Now()
	opened, ok := a.Stamps.Open(in.FormToken, aboutApplication+form.Tenant.ID.String())
	switch {
	case !ok || !now.Before(opened.Add(domain.ApplicationFormLifetime)):
		return domain.ErrInvalidFormToken
	case now.Before(opened.Add(domain.ApplicationMinAge)):
		return domain.ErrFormTooSoon.WithRetryAfter(opened.Add(domain.ApplicationMinAge).Sub(now))
	}
	application, err := domain.NewApplication(form.Tenant, form.ApplicationForm, in.ApplicationDraft, now)
	if err != nil || in.Filled {
		return err
	}
	key := form.Tenant.ID.String() + " " + application.Email
	if err := Limited(a.Limiter.Take(ctx, limitApplications, key, 1), domain.ErrRateLimited); err != nil {
		return err
	}
	member, err := a.member(ctx, application.Email)
	if err != nil {
		return err
	}
	return a.Tx.Do(ctx, func(ctx context.Context) error {
		if member {
			return a.queue(ctx, memberMail(form.Tenant, application, a.Origin(form.Tenant.Slug)), now.Add(mailUse))
		}
		stored, added, err := a.insert(ctx, application)
		if err == nil {
			err = a.queue(ctx, statusMail(form.Tenant, stored, a.statusLink(form.Tenant, stored)), now.Add(mailUse))
		}
		if err != nil || !added {
			return err
		}
		application = stored
		if err := a.recordApplication(ctx, domain.ActionApplicationSubmitted, application); err != nil {
			return err
		}
		return a.ApplicationEvents.ApplicationChanged(ctx, application)
	})
}

// insert stores an application, or returns that of the same address which waits.
func (a *Applications) insert(ctx context.Context, application domain.Application) (stored domain.Application, added bool, err error) {
	application.ID, err = a.Deps.Applications.Insert(ctx, application)
	if errors.Is(err, domain.ErrApplicationPending) {
		stored, err = a.Deps.Applications.Pending(ctx, application.Email)
		return stored, false, err
	}
	return application, true, err
}

// member reports whether an address belongs to a member who can sign in.
func (d *Deps) member(ctx context.Context, email string) (bool, error) {
	user, err := d.Users.ByEmail(ctx, email)
	if err != nil && !errors.Is(err, domain.ErrUserUnknown) {
		return false, err
	}
	membership, err := d.Memberships.Of(ctx, user.ID)
	return user.ID != uuid.Nil && user.CanSignIn() && membership != nil && membership.Active(), err
}

// statusLink is the address of the page about an application. Its token does not end, and stores nothing.
func (d *Deps) statusLink(tenant domain.Tenant, a domain.Application) string {
	data := binary.BigEndian.AppendUint64(tenant.ID[:], uint64(a.ID))
	return d.Origin(tenant.Slug) + PathApplication + "#" + d.LinkTokens.Issue(purposeApplication, data)
}

// PathApplication is the page of the portal about an application. The token is in the fragment, which no server sees.
const PathApplication = "/apply"

// byToken returns the application of a status link of the tenant of the request.
func (a *Applications) byToken(ctx context.Context, token string, find func(context.Context, int64) (domain.Application, error)) (domain.Application, error) {
	data, ok := a.LinkTokens.Open(token, purposeApplication)
	tenant := reqctx.From(ctx).TenantID
	if !ok || len(data) != len(tenant)+8 || [16]byte(data[:16]) != tenant {
		return domain.Application{}, domain.ErrLinkUnknown
	}
	found, err := find(ctx, int64(binary.BigEndian.Uint64(data[16:])))
	if errors.Is(err, domain.ErrApplicationUnknown) {
		err = domain.ErrLinkUnknown
	}
	return found, err
}

// Status returns the application of a status link.
func (a *Applications) Status(ctx context.Context, token string) (domain.Application, error) {
	return a.byToken(ctx, token, a.Deps.Applications.ByID)
}

// Withdraw ends the application of a status link, once: one that was withdrawn before is returned as it is.
func (a *Applications) Withdraw(ctx context.Context, token string) (found domain.Application, err error) {
	err = a.Tx.Do(ctx, func(ctx context.Context) error {
		if found, err = a.byToken(ctx, token, a.Deps.Applications.Lock); err != nil || found.Status == domain.ApplicationWithdrawn {
			return err
		}
		if err := found.Decide(domain.ApplicationWithdrawn, uuid.Nil, "", a.Clock.Now()); err != nil {
			return err
		}
		if err := a.Deps.Applications.Decided(ctx, found); err != nil {
			return err
		}
		if err := a.recordApplication(ctx, domain.ActionApplicationWithdrawn, found); err != nil {
			return err
		}
		return a.ApplicationEvents.ApplicationChanged(ctx, found)
	})
	return found, err
}

// recordApplication writes what happened to an application into the audit log, without the address: it stays there for longer.
func (d *Deps) recordApplication(ctx context.Context, action string, a domain.Application) error {
	return d.Recorder.add(ctx, audit.Entry{
		Actor: by(reqctx.From(ctx).UserID), Action: action, TargetType: "application", TargetID: strconv.FormatInt(a.ID, 10), Reason: a.Reason,
		Metadata: map[string]any{"tenant_id": a.TenantID.String()},
	})
}
