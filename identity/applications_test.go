package identity_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/oapi-codegen/nullable"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/identityapi"
	"go.updspace.com/identity"
	"go.updspace.com/identity/domain"
)

func TestAnApplicantBecomesAMember(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.mayChangeCards(aef, admin)
	set, err := s.reviewer(aef, "aef").SetApplicationFormWithResponse(ctx, identityapi.ApplicationFormUpdate{Version: 1, Questions: []identityapi.ApplicationQuestion{
		{Key: "games", Kind: "text", Label: identityapi.LocalText{En: new("What do you play?"), Ru: new("Во что вы играете?")}, Required: true},
		{Key: "style", Kind: "choice", Label: identityapi.LocalText{En: new("How?")}, Options: []identityapi.ApplicationOption{
			{Value: "slow", Label: identityapi.LocalText{En: new("Slowly")}}, {Value: "fast", Label: identityapi.LocalText{En: new("Fast")}},
		}},
		{Key: "rules", Kind: "checkbox", Label: identityapi.LocalText{En: new("I have read the rules")}, Required: true},
	}})
	require.EqualValues(t, 2, fine(t, set, err).JSON200.Version)
	stale, err := s.reviewer(aef, "aef").SetApplicationFormWithResponse(ctx, identityapi.ApplicationFormUpdate{Version: 1, Questions: []identityapi.ApplicationQuestion{}})
	refused(t, 409, "FORM_CHANGED", stale, err)

	in := s.draft("New@Player.test")
	in.PayloadJSON.Answers = nil
	submitted, err := s.guest().SubmitApplicationWithResponse(ctx, in)
	refused(t, 422, "VALIDATION_ERROR", submitted, err)
	for _, field := range []string{"answers.games", "answers.rules"} {
		require.Contains(t, string(submitted.Body), field)
	}
	in.PayloadJSON.Answers = map[string]string{"games": "Chess", "rules": "yes", "style": "none"}
	submitted, err = s.guest().SubmitApplicationWithResponse(ctx, in)
	refused(t, 422, "VALIDATION_ERROR", submitted, err)
	in.PayloadJSON.Answers["style"] = "slow"
	submitted, err = s.guest().SubmitApplicationWithResponse(ctx, in)
	fine(t, submitted, err)

	token := s.mail("new@player.test", statusMark)
	state := func() string {
		r, err := s.guest().GetApplicationStatusWithResponse(ctx, identityapi.ApplicationToken{Token: token})
		return string(fine(t, r, err).JSON200.Status)
	}
	require.Equal(t, "pending", state())

	a := s.pending("new@player.test")
	require.Equal(t, map[string]string{"games": "Chess", "rules": "yes", "style": "slow"}, a.PayloadJSON.Answers)
	require.Equal(t, "new@player.test New Player en", *a.PayloadJSON.Email+" "+a.DisplayName+" "+string(*a.PayloadJSON.Language))
	approved := s.approve(a.ID)
	require.True(t, approved.ActivationToken.IsNull(), "the link is in the mail alone")
	require.Equal(t, s.clock.Now().Add(domain.InvitationLifetime), approved.ActivationExpiresAt.MustGet())
	require.Equal(t, admin, approved.Application.ReviewedBy.MustGet())
	require.Equal(t, "approved", state())

	login, err := s.tryLogin("new@player.test", identity.DemoPassword)
	refused(t, 401, "INVALID_CREDENTIALS", login, err)
	require.True(t, s.link("new@player.test").JSON200.DevMagicLink.IsNull(), "an account that waits is not entered by a link")

	link := s.mail("new@player.test", inviteMark)
	seen, err := s.guest().PreviewInvitationWithResponse(ctx, identityapi.ApplicationToken{Token: link})
	require.False(t, fine(t, seen, err).JSON200.HasAccount)
	short, err := s.accept(identityapi.InvitationAccept{Token: link, Password: new("short")})
	refused(t, 422, "VALIDATION_ERROR", short, err)
	done, err := s.accept(identityapi.InvitationAccept{Token: link, Password: new("quiet harbour, seven lanterns"), DisplayName: new("Newest"), Username: nullable.NewNullableWithValue("newest")})
	out := fine(t, done, err).JSON200
	require.False(t, out.SessionID.IsNull())

	me, err := s.gateway(ofUser(out.UserID)).GetMeWithResponse(ctx)
	user := fine(t, me, err).JSON200
	require.Equal(t, "Newest newest active", user.User.DisplayName+" "+user.User.Username+" "+string(user.User.Status))
	require.True(t, user.User.EmailVerified)
	require.Equal(t, "member", user.Memberships[0].BaseRole)
	login, err = s.tryLogin("new@player.test", "quiet harbour, seven lanterns")
	fine(t, login, err)
	again, err := s.accept(identityapi.InvitationAccept{Token: link})
	refused(t, 409, "TOKEN_USED", again, err)
}

func TestAnApplicationSaysNothingAboutAccounts(t *testing.T) {
	t.Parallel()
	s := start(t)
	for _, email := range []string{"member@aef.test", "suspended@aef.test", "outsider@gaming.test", "nobody@player.test", "nobody@player.test"} {
		s.apply(email) // the answer is compared there
	}
	s.mail("member@aef.test", "member of Маяк already")
	s.gets(2, "nobody@player.test")
	r, err := s.reviewer(aef, "aef").ListApplicationsWithResponse(ctx, nil)
	var emails []string
	for _, a := range fine(t, r, err).JSON200.Items {
		emails = append(emails, a.Email)
	}
	require.Equal(t, []string{"nobody@player.test", "outsider@gaming.test", "suspended@aef.test", "arkady@player.test", "freya@player.test"}, emails, "one of each that waits, newest first")
}

func TestFormsThatProgramsFillInGoNowhere(t *testing.T) {
	t.Parallel()
	s := start(t)
	r, err := s.guest().GetApplicationFormWithResponse(ctx)
	form := fine(t, r, err).JSON200
	require.Equal(t, 3, form.MinSeconds)
	in := identityapi.ApplicationCreate{Email: "a@b.test", FormToken: form.FormToken, PayloadJSON: identityapi.ApplicationPayload{DisplayName: new("A"), Answers: demoAnswers}}
	send := func() (*identityapi.SubmitApplicationResponse, error) {
		return s.guest().SubmitApplicationWithResponse(ctx, in)
	}
	s.clock.Advance(domain.ApplicationMinAge - time.Millisecond)
	sent, err := send()
	refused(t, 409, "FORM_TOO_SOON", sent, err)
	s.clock.Advance(time.Millisecond)
	in.Website = new("https://spam.test")
	sent, err = send()
	fine(t, sent, err)
	in.Website = nil
	for _, token := range []string{"x", form.FormToken + "x", "k1.AAAA"} {
		wrong := in
		wrong.FormToken = token
		sent, err := s.guest().SubmitApplicationWithResponse(ctx, wrong)
		refused(t, 400, "INVALID_FORM_TOKEN", sent, err)
	}
	elsewhere, err := s.gateway(ofTenant(gaming, "gaming")).SubmitApplicationWithResponse(ctx, in)
	refused(t, 403, "APPLICATIONS_CLOSED", elsewhere, err)
	for range 3 {
		sent, err = send()
		fine(t, sent, err)
	}
	sent, err = send()
	refused(t, 429, "RATE_LIMITED", sent, err)
	s.gets(3, "a@b.test") // none of the form that a program filled in
	s.clock.Advance(domain.ApplicationFormLifetime)
	sent, err = send()
	refused(t, 400, "INVALID_FORM_TOKEN", sent, err)
}

func TestAnApplicationIsRejectedOrWithdrawn(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.apply("one@player.test")
	token := identityapi.ApplicationToken{Token: s.mail("one@player.test", statusMark)}
	one := s.pending("one@player.test")
	rejected, err := s.reviewer(aef, "aef").RejectApplicationWithResponse(ctx, one.ID, identityapi.ApplicationReject{Reason: new("We are full.")})
	require.Equal(t, "rejected We are full.", string(fine(t, rejected, err).JSON200.Application.Status)+" "+rejected.JSON200.Application.Reason)
	s.mail("one@player.test", "We are full.")
	seen, err := s.guest().GetApplicationStatusWithResponse(ctx, token)
	require.Equal(t, "We are full.", fine(t, seen, err).JSON200.Reason)
	withdrawn, err := s.guest().WithdrawApplicationWithResponse(ctx, token)
	refused(t, 409, "INVALID_APPLICATION_STATUS", withdrawn, err)
	approved, err := s.reviewer(aef, "aef").ApproveApplicationWithResponse(ctx, one.ID)
	refused(t, 409, "INVALID_APPLICATION_STATUS", approved, err)

	s.apply("two@player.test")
	token.Token = s.mail("two@player.test", statusMark)
	for range 2 {
		withdrawn, err = s.guest().WithdrawApplicationWithResponse(ctx, token)
		require.Equal(t, "withdrawn", string(fine(t, withdrawn, err).JSON200.Status))
	}
	for _, wrong := range []string{"x", token.Token + "x", "test.AAAA"} {
		seen, err = s.guest().GetApplicationStatusWithResponse(ctx, identityapi.ApplicationToken{Token: wrong})
		refused(t, 404, "TOKEN_NOT_FOUND", seen, err)
	}
	seen, err = s.gateway(ofTenant(gaming, "gaming")).GetApplicationStatusWithResponse(ctx, token)
	refused(t, 404, "TOKEN_NOT_FOUND", seen, err)
	s.apply("two@player.test") // a person may apply again
	s.pending("two@player.test")
}

func TestOnlyReviewersOfTheTenantDecide(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.apply("new@player.test")
	a := s.pending("new@player.test")
	stranger := s.gateway(ofUser(member))
	elsewhere := s.reviewer(gaming, "gaming")
	for name, c := range map[string]struct {
		client *identityapi.ClientWithResponses
		status int
		code   string
	}{"a member who may not": {stranger, 403, "FORBIDDEN"}, "a reviewer of another tenant": {elsewhere, 404, "NOT_FOUND"}} {
		approved, err := c.client.ApproveApplicationWithResponse(ctx, a.ID)
		refused(t, c.status, c.code, approved, err)
		rejected, err := c.client.RejectApplicationWithResponse(ctx, a.ID, identityapi.ApplicationReject{})
		refused(t, c.status, c.code, rejected, err)
		resent, err := c.client.ResendActivationWithResponse(ctx, a.ID)
		refused(t, c.status, c.code, resent, err)
		require.NotEmpty(t, name)
	}
	listed, err := stranger.ListApplicationsWithResponse(ctx, nil)
	refused(t, 403, "FORBIDDEN", listed, err)
	listed, err = elsewhere.ListApplicationsWithResponse(ctx, nil)
	require.Empty(t, fine(t, listed, err).JSON200.Items)
	s.pending("new@player.test") // as it was
}

func TestPagesOfApplications(t *testing.T) {
	t.Parallel()
	s := start(t)
	for i := range 5 {
		s.apply(fmt.Sprintf("p%d@player.test", i))
	}
	var seen []string
	params := &identityapi.ListApplicationsParams{Limit: new(2)}
	for {
		r, err := s.reviewer(aef, "aef").ListApplicationsWithResponse(ctx, params)
		for _, a := range fine(t, r, err).JSON200.Items {
			seen = append(seen, a.Email)
		}
		next, err := r.JSON200.NextCursor.Get()
		if err != nil {
			break
		}
		params.Cursor = &next
	}
	require.Equal(t, []string{"p4@player.test", "p3@player.test", "p2@player.test", "p1@player.test", "p0@player.test", "arkady@player.test", "freya@player.test"}, seen)
	r, err := s.reviewer(aef, "aef").ListApplicationsWithResponse(ctx, &identityapi.ListApplicationsParams{Q: new("p_@")})
	require.Empty(t, fine(t, r, err).JSON200.Items, "the text is no pattern")
	r, err = s.reviewer(aef, "aef").ListApplicationsWithResponse(ctx, &identityapi.ListApplicationsParams{Cursor: new("nonsense")})
	refused(t, 422, "VALIDATION_ERROR", r, err)
}

// An account that exists is not entered by the mail of an approval; one that is suspended is not let in.
func TestApprovalOfAnAccountThatExists(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.apply("outsider@gaming.test")
	out := s.approve(s.pending("outsider@gaming.test").ID)
	require.True(t, out.ActivationExpiresAt.IsNull())
	s.mail("outsider@gaming.test", "Sign in with your account")
	require.NotContains(t, strings.Join(s.to("outsider@gaming.test"), ""), "/invite/")
	outsider := uuid.MustParse("00000000-0000-4000-8000-000000000006")
	me, err := s.gateway(ofUser(outsider)).GetMeWithResponse(ctx)
	require.Len(t, fine(t, me, err).JSON200.Memberships, 2)
	resent, err := s.reviewer(aef, "aef").ResendActivationWithResponse(ctx, out.Application.ID)
	refused(t, 409, "INVALID_APPLICATION_STATUS", resent, err)

	s.apply("suspended@aef.test")
	approved, err := s.reviewer(aef, "aef").ApproveApplicationWithResponse(ctx, s.pending("suspended@aef.test").ID)
	refused(t, 403, "USER_NOT_ELIGIBLE", approved, err)
	s.pending("suspended@aef.test") // as it was
}

func TestActivationMailsAreSentAgain(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.apply("new@player.test")
	id := s.approve(s.pending("new@player.test").ID).Application.ID
	first := s.mail("new@player.test", inviteMark)
	s.clock.Advance(domain.InvitationLifetime)
	late, err := s.accept(identityapi.InvitationAccept{Token: first})
	refused(t, 410, "TOKEN_EXPIRED", late, err)
	again, err := s.reviewer(aef, "aef").ResendActivationWithResponse(ctx, id)
	require.Equal(t, identityapi.InvitationStatusSent, fine(t, again, err).JSON200.Application.Invitation.MustGet().Status)
	late, err = s.accept(identityapi.InvitationAccept{Token: first})
	refused(t, 404, "TOKEN_NOT_FOUND", late, err)
	second := s.mail("new@player.test", inviteMark)
	elsewhere, err := s.gateway(ofTenant(gaming, "gaming")).AcceptInvitationWithResponse(ctx, identityapi.InvitationAccept{Token: second})
	refused(t, 404, "TOKEN_NOT_FOUND", elsewhere, err)
	done, err := s.accept(identityapi.InvitationAccept{Token: second})
	fine(t, done, err)
	again, err = s.reviewer(aef, "aef").ResendActivationWithResponse(ctx, id)
	refused(t, 409, "INVALID_APPLICATION_STATUS", again, err)
}

func TestOneOfManyActivationsSucceeds(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.apply("new@player.test")
	s.approve(s.pending("new@player.test").ID)
	token := s.mail("new@player.test", inviteMark)
	client := s.guest()
	var wg sync.WaitGroup
	var mu sync.Mutex
	statuses := map[int]int{}
	for range 100 {
		wg.Go(func() {
			r, err := client.AcceptInvitationWithResponse(context.WithoutCancel(ctx), identityapi.InvitationAccept{Token: token})
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				statuses[r.StatusCode()]++
			}
		})
	}
	wg.Wait()
	require.Equal(t, map[int]int{200: 1, 409: 99}, statuses)
}
