package identity_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/oapi-codegen/nullable"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/identityapi"
	"go.updspace.com/identity"
	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/reqctx"
)

// confirmMark is what stands before the token in the mails of sign-ups for the tenant gaming, which is open.
const confirmMark = "/verify?tenant=gaming#signup="

// signUp is what the page sends for a new person.
func (s *service) signUp(email string) identityapi.SignUpRequest {
	s.t.Helper()
	r, err := s.script().GetFormTokenWithResponse(ctx, &identityapi.GetFormTokenParams{Purpose: identityapi.GetFormTokenParamsPurposeRegister})
	return identityapi.SignUpRequest{
		Email: email, Password: passphrase, FormToken: fine(s.t, r, err).JSON200.FormToken, ConsentDataProcessing: true,
		Username: nullable.NewNullableWithValue("Nora New"), Language: nullable.NewNullableWithValue("ru"), Timezone: nullable.NewNullableWithValue("Asia/Kolkata"),
		Tenant: nullable.NewNullableWithValue("gaming"), AcceptsVerification: nullable.NewNullableWithValue(true),
	}
}

func (s *service) sendSignUp(in identityapi.SignUpRequest) (*identityapi.SignUpResponse, error) {
	return s.script().SignUpWithResponse(ctx, in)
}

func (s *service) confirmSignUp(token, password string) (*identityapi.ConfirmSignUpResponse, error) {
	return s.script().ConfirmSignUpWithResponse(ctx, identityapi.SignUpConfirm{Tenant: "gaming", Token: token, Password: password})
}

// inGaming are the memberships and the account of a user, as the gateway of the tenant gaming asks for them.
func (s *service) inGaming(user uuid.UUID) (*identityapi.GetMeResponse, error) {
	return s.gateway(reqctx.Context{TenantID: gaming, TenantSlug: "gaming", UserID: user}).GetMeWithResponse(ctx)
}

// A sign-up: the mail, the confirmed address, an active member who is signed in, and the consents with their versions.
func TestAPersonSignsUp(t *testing.T) {
	t.Parallel()
	s := start(t)
	in := s.signUp(" New@Player.test ")
	in.ConsentMarketing, in.BirthDate = nullable.NewNullableWithValue(true), nullable.NewNullableWithValue("1994-05-01")
	r, err := s.sendSignUp(in)
	require.Equal(t, verificationSent, fine(t, r, err).JSON202.Message)
	token := s.mail("new@player.test", confirmMark)
	require.Contains(t, s.to("new@player.test")[0], "Подтвердите адрес")

	done, err := s.confirmSignUp(token, "another long sentence")
	refused(t, 400, "INVALID_PASSWORD", done, err)
	done, err = s.confirmSignUp(token, passphrase)
	out := fine(t, done, err)
	require.Equal(t, identityapi.SignUpConfirmed{
		Ok: true, Email: "new@player.test", SignedIn: true, Next: "http://gaming.localhost:8080/api/v1/auth/login?next=%2F",
	}, *out.JSON200)
	cookies := out.HTTPResponse.Cookies()
	require.Equal(t, "sessionid known_browser", cookies[0].Name+" "+cookies[1].Name)
	session := cookies[0].Value
	seen, err := s.script("X-Session-Token", session).GetAuthMeWithResponse(ctx)
	user := fine(t, seen, err).JSON200.User.MustGet()
	require.Equal(t, "Nora New ru Asia/Kolkata 1994-05-01", strings.Join([]string{user.DisplayName, user.Language, user.Timezone, user.BirthDate.MustGet()}, " "))
	require.True(t, user.EmailVerified)
	me, err := s.inGaming(user.ID)
	memberships := fine(t, me, err).JSON200.Memberships
	require.Equal(t, "gaming active member", memberships[0].TenantSlug+" "+string(memberships[0].Status)+" "+memberships[0].BaseRole)
	require.Len(t, memberships, 1)
	consents, err := s.script("X-Session-Token", session).ListConsentsWithResponse(ctx)
	var given []string
	for _, c := range fine(t, consents, err).JSON200.Consents {
		given = append(given, string(c.Kind)+" "+c.Version+" "+string(c.Source))
	}
	require.ElementsMatch(t, []string{"data_processing v1 signup", "marketing v1 signup"}, given)
	login, err := s.tryLogin("new@player.test", passphrase)
	fine(t, login, err)
	s.gets(2, "new@player.test") // of the sign-up and of the second browser; the first is no news to its owner

	done, err = s.confirmSignUp(token, passphrase)
	refused(t, 409, "TOKEN_USED", done, err)
	done, err = s.confirmSignUp("nothing", passphrase)
	refused(t, 404, "TOKEN_NOT_FOUND", done, err)
}

// verificationSent is what the Russian person of signUp reads.
const verificationSent = "Почти готово: откройте ссылку в письме, которое мы вам отправили."

// Where nothing is open, where the community is not, and where it is not said which one: no sign-up.
func TestSignUpsAreOpenedByTheCommunity(t *testing.T) {
	t.Parallel()
	s := start(t)
	for _, slug := range []string{"aef", "none", "no ne"} {
		in := s.signUp("new@player.test")
		in.Tenant = nullable.NewNullableWithValue(slug)
		r, err := s.sendSignUp(in)
		refused(t, 403, "REGISTRATION_CLOSED", r, err)
	}
	in := s.signUp("new@player.test")
	in.Tenant = nil
	r, err := s.sendSignUp(in)
	fine(t, r, err)
	token := s.mail("new@player.test", confirmMark)

	admission := func(of identityapi.TenantUpdateMembership, tenant uuid.UUID, slug string) {
		s.mayChangeCards(tenant, member)
		c := s.gateway(reqctx.Context{TenantID: tenant, TenantSlug: slug, UserID: member})
		changed, err := c.UpdateTenantWithResponse(ctx, ifMatch(`"`+jsonOf(t, s.card(slug).Version)+`"`), identityapi.TenantUpdate{Membership: &of})
		fine(t, changed, err)
	}
	admission(identityapi.TenantUpdateMembershipOpen, aef, "aef")
	in.FormToken = s.signUp("").FormToken
	r, err = s.sendSignUp(in)
	refused(t, 403, "REGISTRATION_CLOSED", r, err) // which of the two?
	admission(identityapi.TenantUpdateMembershipInvitation, aef, "aef")
	admission(identityapi.TenantUpdateMembershipInvitation, gaming, "gaming")
	r, err = s.sendSignUp(s.signUp("other@player.test"))
	refused(t, 403, "REGISTRATION_CLOSED", r, err)
	done, err := s.confirmSignUp(token, passphrase)
	refused(t, 403, "REGISTRATION_CLOSED", done, err)
}

// What a sign-up must say.
func TestWhatASignUpNeeds(t *testing.T) {
	t.Parallel()
	s := start(t)
	today := s.clock.Now()
	for name, c := range map[string]struct {
		change func(*identityapi.SignUpRequest)
		status int
		code   string
		field  string
	}{
		"a form token":      {func(in *identityapi.SignUpRequest) { in.FormToken = s.formToken() }, 400, "INVALID_FORM_TOKEN", ""},
		"an address":        {func(in *identityapi.SignUpRequest) { in.Email = "no address" }, 422, "VALIDATION_ERROR", "email"},
		"a long password":   {func(in *identityapi.SignUpRequest) { in.Password = "short" }, 422, "VALIDATION_ERROR", "password"},
		"an own password":   {func(in *identityapi.SignUpRequest) { in.Password = "my new@player.test" }, 422, "VALIDATION_ERROR", "password"},
		"a day":             {func(in *identityapi.SignUpRequest) { in.BirthDate.Set("01.05.1994") }, 422, "VALIDATION_ERROR", "birth_date"},
		"one line":          {func(in *identityapi.SignUpRequest) { in.Username.Set("a\nb") }, 422, "VALIDATION_ERROR", "username"},
		"the consent":       {func(in *identityapi.SignUpRequest) { in.ConsentDataProcessing = false }, 400, "CONSENT_REQUIRED", ""},
		"a parent":          {func(in *identityapi.SignUpRequest) { in.IsMinor.Set(true) }, 400, "PARENTAL_CONSENT_REQUIRED", ""},
		"a parent's mail":   {func(in *identityapi.SignUpRequest) { in.IsMinor.Set(true); in.GuardianConsent.Set(true) }, 400, "GUARDIAN_EMAIL_REQUIRED", ""},
		"a parent at 17":    {func(in *identityapi.SignUpRequest) { in.BirthDate.Set(today.AddDate(-18, 0, 1).Format(time.DateOnly)) }, 400, "PARENTAL_CONSENT_REQUIRED", ""},
		"another's address": {func(in *identityapi.SignUpRequest) { minor(in, in.Email) }, 422, "VALIDATION_ERROR", "guardian_email"},
		"a real address":    {func(in *identityapi.SignUpRequest) { minor(in, "mother") }, 422, "VALIDATION_ERROR", "guardian_email"},
	} {
		in := s.signUp("new@player.test")
		c.change(&in)
		r, err := s.sendSignUp(in)
		refused(t, c.status, c.code, r, err)
		if c.field != "" {
			require.Contains(t, string(r.Body), `"`+c.field+`"`, name)
		}
	}
	require.Empty(t, s.to("new@player.test"))
	in := s.signUp("new@player.test")
	in.BirthDate.Set(today.AddDate(-18, 0, 0).Format(time.DateOnly))
	r, err := s.sendSignUp(in)
	fine(t, r, err)

	in = s.signUp("kid@player.test")
	minor(&in, " Mother@Player.test")
	r, err = s.sendSignUp(in)
	fine(t, r, err)
	done, err := s.confirmSignUp(s.mail("kid@player.test", confirmMark), passphrase)
	session := fine(t, done, err).HTTPResponse.Cookies()[0].Value
	consents, err := s.script("X-Session-Token", session).ListConsentsWithResponse(ctx)
	require.Contains(t, string(fine(t, consents, err).Body), `"guardian_email":"mother@player.test"`)
}

// minor makes a sign-up one of a minor.
func minor(in *identityapi.SignUpRequest, guardian string) {
	in.IsMinor.Set(true)
	in.GuardianConsent.Set(true)
	in.GuardianEmail.Set(guardian)
}

// The holder of an account becomes a member with it, and a member hears that there is no need to sign up.
func TestAnAccountJoinsBySigningUp(t *testing.T) {
	t.Parallel()
	s := start(t)
	r, err := s.sendSignUp(s.signUp("member@aef.test"))
	fine(t, r, err)
	token := s.mail("member@aef.test", confirmMark)
	require.Contains(t, s.to("member@aef.test")[0], "У вас уже есть аккаунт UpdSpace")
	done, err := s.confirmSignUp(token, passphrase)
	require.False(t, fine(t, done, err).JSON200.SignedIn)
	require.Empty(t, done.HTTPResponse.Cookies())
	me, err := s.inGaming(member)
	require.Equal(t, "Mika Member", fine(t, me, err).JSON200.User.DisplayName)
	require.Len(t, me.JSON200.Memberships, 2)
	login, err := s.tryLogin("member@aef.test", passphrase)
	refused(t, 401, "INVALID_CREDENTIALS", login, err)
	s.login("member@aef.test")

	r, err = s.sendSignUp(s.signUp("outsider@gaming.test"))
	fine(t, r, err)
	s.mail("outsider@gaming.test", "http://gaming.localhost:8080/")
	require.NotContains(t, strings.Join(s.to("outsider@gaming.test"), ""), confirmMark)

	require.NoError(t, s.Tenants.SetMembership(ctx, "gaming", "member@aef.test", domain.RoleMember, domain.MembershipDisabled))
	r, err = s.sendSignUp(s.signUp("member@aef.test"))
	fine(t, r, err)
	done, err = s.confirmSignUp(s.mail("member@aef.test", confirmMark), passphrase)
	refused(t, 403, "TENANT_FORBIDDEN", done, err)
}

// The page of sign-ups has a form where the community is open, and the sign-in page leads there.
func TestThePageOfSignUps(t *testing.T) {
	t.Parallel()
	s := start(t)
	b := s.browser()
	p := b.get("/signup?tenant=gaming").boot(t)
	require.Equal(t, "gaming", p.Tenant.Slug)
	require.NotEmpty(t, p.Forms.FormToken)
	require.NotEmpty(t, b.get("/signup").boot(t).Forms.FormToken, "the only one that is open")
	p = b.get("/signup?tenant=aef").boot(t)
	require.Equal(t, "aef", p.Tenant.Slug)
	require.Empty(t, p.Forms.FormToken)
	require.Empty(t, b.get("/signup?tenant=none").boot(t).Tenant)
	from := strings.Replace(s.client().authorizePath(), "aef.localhost", "gaming.localhost", 1)
	require.NotEmpty(t, b.get("/signup?next="+url.QueryEscape(strings.Replace(from, "/oauth/authorize", "/authorize", 1))).boot(t).Forms.Next)
	require.Equal(t, "gaming", b.get("/verify?tenant=gaming").boot(t).Tenant.Slug)
	require.Equal(t, 200, b.get("/verify?tenant=none").StatusCode)
	b.signIn(b.get("/login"), "member@aef.test", identity.DemoPassword)
	require.Equal(t, "Mika Member", b.get("/signup?tenant=gaming").boot(t).Account.DisplayName)
}

// Who has an account and is signed in joins an open community without a mail.
func TestAUserJoinsAnOpenCommunity(t *testing.T) {
	t.Parallel()
	s := start(t)
	join := func(session, slug string) (*identityapi.JoinCommunityResponse, error) {
		return s.script("X-Session-Token", session).JoinCommunityWithResponse(ctx, identityapi.CommunityJoin{Tenant: slug})
	}
	session := s.login("member@aef.test")
	for range 2 {
		r, err := join(session, "gaming")
		require.Equal(t, "http://gaming.localhost:8080/api/v1/auth/login?next=%2F", fine(t, r, err).JSON200.Next)
	}
	me, err := s.inGaming(member)
	require.Len(t, fine(t, me, err).JSON200.Memberships, 2)
	r, err := join(s.login("outsider@gaming.test"), "aef")
	refused(t, 403, "REGISTRATION_CLOSED", r, err)
	r, err = join(strings.Repeat("x", 43), "gaming")
	refused(t, 401, "INVALID_OR_EXPIRED_TOKEN", r, err)
	require.NoError(t, s.Tenants.SetMembership(ctx, "gaming", "member@aef.test", domain.RoleMember, domain.MembershipDisabled))
	r, err = join(session, "gaming")
	refused(t, 403, "TENANT_FORBIDDEN", r, err)
}

// The former frontend (contract row 8) names no tenant and waits for a session. It shows the message of the refusal, and the mail is sent.
func TestTheFormerFrontendIsToldToConfirm(t *testing.T) {
	t.Parallel()
	s := start(t)
	in := s.signUp("former@player.test")
	in.Tenant, in.AcceptsVerification = nil, nil
	r, err := s.sendSignUp(in)
	refused(t, 403, "EMAIL_VERIFICATION_REQUIRED", r, err)
	require.NotEmpty(t, s.mailTo("former@player.test", "").Text)
}
