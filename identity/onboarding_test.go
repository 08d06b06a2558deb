package identity_test

import (
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/commonapi"
	"go.updspace.com/api/identityapi"
	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/reqctx"
)

const mayReview authz.Permission = "portal.applications.review"

var admin = uuid.MustParse("00000000-0000-4000-8000-000000000001")

// reviewer is the generated client of a reviewer of a tenant, as the gateway signs for them.
func (s *service) reviewer(tenant uuid.UUID, slug string) *identityapi.ClientWithResponses {
	s.access.Grant(authz.Actor{Tenant: tenant, User: admin}, authz.TenantScope(tenant), mayReview)
	return s.gateway(reqctx.Context{TenantID: tenant, TenantSlug: slug, UserID: admin})
}

// guest is the generated client of the gateway for people without a session.
func (s *service) guest() *identityapi.ClientWithResponses { return s.gateway(ofTenant(aef, "aef")) }

// mail waits for a mail to an address, later than those that were read, and returns what follows a mark in it, up to the end of the line.
func (s *service) mail(to, mark string) (rest string) {
	s.t.Helper()
	require.Eventually(s.t, func() bool {
		found := s.to(to)
		for i := len(found) - 1; i >= s.read[to]; i-- {
			if _, after, ok := strings.Cut(found[i], mark); ok {
				rest, _, _ = strings.Cut(after, "\n")
				if s.read == nil {
					s.read = map[string]int{}
				}
				s.read[to] = i + 1
				return true
			}
		}
		return false
	}, time.Minute, 5*time.Millisecond, "no mail to %s with %s", to, mark)
	return rest
}

// to are the mails to an address, the oldest first.
func (s *service) to(address string) (texts []string) {
	require.NoError(s.t, s.Mails.Send(ctx))
	for _, m := range slices.Backward(s.Mailbox.All()) {
		if m.To == address {
			texts = append(texts, m.Subject+"\n"+m.Text)
		}
	}
	return texts
}

// gets waits until an address has got as many mails.
func (s *service) gets(n int, to string) {
	s.t.Helper()
	require.Eventually(s.t, func() bool { return len(s.to(to)) == n }, time.Minute, 5*time.Millisecond, "mails to %s", to)
}

const (
	statusMark = "http://aef.localhost:8080/apply#"
	inviteMark = "http://aef.localhost:8080/invite/"
)

// demoAnswers answer the questions of the demo data.
var demoAnswers = map[string]string{"games": "Chess", "evenings": "weekends", "rules": "yes"}

// draft is what the form sends, old enough.
func (s *service) draft(email string) identityapi.ApplicationCreate {
	s.t.Helper()
	r, err := s.guest().GetApplicationFormWithResponse(ctx)
	form := fine(s.t, r, err).JSON200
	require.True(s.t, form.Open)
	s.clock.Advance(domain.ApplicationMinAge)
	return identityapi.ApplicationCreate{
		Email: email, FormToken: form.FormToken, PayloadJSON: identityapi.ApplicationPayload{
			DisplayName: new("New Player"), Language: new(commonapi.LanguageEn), Answers: demoAnswers,
		},
	}
}

func (s *service) apply(email string) {
	s.t.Helper()
	r, err := s.guest().SubmitApplicationWithResponse(ctx, s.draft(email))
	require.Equal(s.t, identityapi.ApplicationSubmitted{TenantSlug: "aef", Status: "pending"}, *fine(s.t, r, err).JSON201)
}

// pending is the waiting application of an address, as reviewers see it.
func (s *service) pending(email string) identityapi.Application {
	s.t.Helper()
	r, err := s.reviewer(aef, "aef").ListApplicationsWithResponse(ctx, &identityapi.ListApplicationsParams{Status: new(identityapi.ApplicationStatusPending), Q: &email})
	items := fine(s.t, r, err).JSON200.Items
	require.Len(s.t, items, 1)
	return items[0]
}

func (s *service) approve(id int64) *identityapi.ApplicationApproved {
	s.t.Helper()
	r, err := s.reviewer(aef, "aef").ApproveApplicationWithResponse(ctx, id)
	return fine(s.t, r, err).JSON200
}

func (s *service) accept(in identityapi.InvitationAccept) (*identityapi.AcceptInvitationResponse, error) {
	return s.guest().AcceptInvitationWithResponse(ctx, in)
}

// The documented onboarding: application, approval, activation, first sign-in.
