package app_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/identity/app"
	"go.updspace.com/identity/domain"
	"go.updspace.com/tools/devkit/testkit/faults"
)

type (
	storedRegistrations struct{ *stored }
	storedClaims        struct{ *stored }
)

func (p storedRegistrations) Insert(context.Context, domain.Registration) error { return p.Next() }

func (p storedRegistrations) ByToken(context.Context, domain.Hash) (domain.Registration, error) {
	return domain.Registration{
		ID: uuid.New(), TenantID: p.tenant.ID, Email: p.user.Email, Marketing: true, ConsentVersion: "v1", ExpiresAt: p.session.CreatedAt.Add(time.Hour),
	}, p.Next()
}

func (p storedRegistrations) Use(context.Context, uuid.UUID, time.Time) error { return p.Next() }

func (p storedClaims) Claim(context.Context, domain.User) error { return p.Next() }

func (p storedTenants) TakingSignUps(context.Context, int) ([]domain.Tenant, error) {
	return []domain.Tenant{p.tenant}, p.Next()
}

func TestSigningUpFailsWithWhatItCalls(t *testing.T) {
	t.Parallel()
	confirm := func(s scene) error {
		return result(s.SignUp.Confirm(s.ctx, app.Confirmation{Tenant: "aef", Token: "token", Password: passphrase}, domain.Origin{}))
	}
	for name, use := range map[string]func(s scene) error{
		"sign up": func(s scene) error {
			form, err := s.SignIn.FormToken(app.PurposeRegister)
			if err != nil {
				return err
			}
			return s.SignUp.Register(s.ctx, app.Registering{
				RegistrationDraft: domain.RegistrationDraft{Email: "new@player.test", DataProcessing: true}, Password: passphrase, FormToken: form,
			}, domain.Origin{})
		},
		"confirm a sign-up": func(s scene) error {
			s.known = false
			return confirm(s)
		},
		"confirm a sign-up of an account that waits": func(s scene) error {
			s.user.Status, s.membership.UserID = domain.StatusMigrated, s.user.ID
			return confirm(s)
		},
		"confirm a sign-up of an account": confirm,
		"join an open community":          func(s scene) error { return result(s.SignUp.Join(s.ctx, s.who, "aef")) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			faults.Each(t, func(f *faults.Faults) func() error {
				s := newScene(t, f)
				s.tenant.Admission = domain.AdmissionOpen
				return func() error { return use(s) }
			})
		})
	}
}
