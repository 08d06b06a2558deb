package domain

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/valid"
)

// ApplicationStatus is how an application stands.
type ApplicationStatus string

// The statuses of an application. It leaves pending once.
const (
	ApplicationPending   ApplicationStatus = "pending"
	ApplicationApproved  ApplicationStatus = "approved"
	ApplicationRejected  ApplicationStatus = "rejected"
	ApplicationWithdrawn ApplicationStatus = "withdrawn"
)

// What the audit log records of onboarding.
const (
	ActionApplicationSubmitted = "application.submitted"
	ActionApplicationApproved  = "application.approved"
	ActionApplicationRejected  = "application.rejected"
	ActionApplicationWithdrawn = "application.withdrawn"
	ActionFormChanged          = "application_form.changed"
	ActionInvitationSent       = "invitation.sent"
	ActionInvitationRevoked    = "invitation.revoked"
	ActionAccountActivated     = "account.activated"
)

// The times of applications.
const (
	// ApplicationMinAge is how long a form must have been open: programs are faster than people.
	ApplicationMinAge = 3 * time.Second
	// ApplicationFormLifetime is how long a form may stay open.
	ApplicationFormLifetime = time.Hour
	// ApplicationRetention is how long an application is kept after it was sent, and again after it was decided.
	ApplicationRetention = 90 * 24 * time.Hour
	maxReason            = 1000
)

// Application is a person's wish to become a member of a tenant. Its address is that of whom the mails go to; no more is known of the
// person until the link of a mail is used.
type Application struct {
	ID          int64
	TenantID    uuid.UUID
	Email       string
	DisplayName string
	Language    string            // of the mails
	Answers     map[string]string // by the keys of the questions
	Status      ApplicationStatus
	Reason      string // of a rejection
	CreatedAt   time.Time
	ReviewedAt  *time.Time
	ReviewedBy  *uuid.UUID
	ExpiresAt   time.Time // when it is deleted
}

// ApplicationDraft is what an applicant sends.
type ApplicationDraft struct {
	Email, DisplayName, Language string
	Answers                      map[string]string
}

// NewApplication makes a pending application, which has no id yet.
func NewApplication(tenant Tenant, form ApplicationForm, d ApplicationDraft, now time.Time) (Application, error) {
	fields := errs.Fields{}
	email, err := NormalizeEmail(d.Email)
	fields.Check(err == nil, "email", why.NotFormat("email", "is not an e-mail address"))
	name := valid.Line(fields, "display_name", d.DisplayName, 1, 128)
	answers := form.Check(fields, d.Answers)
	if !slices.Contains(Languages, d.Language) {
		d.Language = tenant.DefaultLanguage
	}
	return Application{
		TenantID: tenant.ID, Email: email, DisplayName: name, Language: d.Language, Answers: answers, Status: ApplicationPending,
		CreatedAt: now, ExpiresAt: now.Add(ApplicationRetention),
	}, fields.Err()
}

// Decide ends a pending application. reviewer is uuid.Nil for the applicant, who withdraws it.
func (a *Application) Decide(status ApplicationStatus, reviewer uuid.UUID, reason string, now time.Time) error {
	if a.Status != ApplicationPending {
		return ErrApplicationStatus
	}
	fields := errs.Fields{}
	a.Reason = valid.Text(fields, "reason", reason, 0, maxReason)
	if err := fields.Err(); err != nil {
		return err
	}
	a.Status, a.ReviewedAt, a.ExpiresAt = status, &now, now.Add(ApplicationRetention)
	if reviewer != uuid.Nil {
		a.ReviewedBy = &reviewer
	}
	return nil
}
