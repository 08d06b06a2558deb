package identity_test

import (
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/oapi-codegen/nullable"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/identityapi"
	"go.updspace.com/identity/domain"
)

func (s *service) invite(email string) (*identityapi.InviteMemberResponse, error) {
	return s.reviewer(aef, "aef").InviteMemberWithResponse(ctx, identityapi.InvitationCreate{Email: email})
}

func (s *service) invitations(status identityapi.InvitationStatus) (emails []string) {
	s.t.Helper()
	r, err := s.reviewer(aef, "aef").ListInvitationsWithResponse(ctx, &identityapi.ListInvitationsParams{Status: &status})
	for _, i := range fine(s.t, r, err).JSON200.Items {
		emails = append(emails, i.Email)
	}
	return emails
}

func TestAnInvitationMakesAnAccountAndAMember(t *testing.T) {
	t.Parallel()
	s := start(t)
	r, err := s.invite("New@Player.test")
	made := fine(t, r, err).JSON201
	require.Equal(t, "new@player.test invitation sent", made.Email+" "+string(made.Kind)+" "+string(made.Status))
	r, err = s.invite("new@player.test")
	refused(t, 409, "ALREADY_INVITED", r, err)
	r, err = s.invite("member@aef.test")
	refused(t, 409, "ALREADY_MEMBER", r, err)
	r, err = s.invite("no address")
	refused(t, 422, "VALIDATION_ERROR", r, err)
	r, err = s.gateway(ofUser(member)).InviteMemberWithResponse(ctx, identityapi.InvitationCreate{Email: "x@y.test"})
	refused(t, 403, "FORBIDDEN", r, err)
	require.Equal(t, []string{"new@player.test"}, s.invitations("sent"))

	token := s.mail("new@player.test", inviteMark)
	taken, err := s.accept(identityapi.InvitationAccept{Token: token, Username: nullable.NewNullableWithValue("a b")})
	require.Equal(t, 422, taken.StatusCode(), "no username")
	require.NoError(t, err)
	done, err := s.accept(identityapi.InvitationAccept{Token: token, DisplayName: new("New")})
	out := fine(t, done, err).JSON200
	me, err := s.gateway(ofUser(out.UserID)).GetMeWithResponse(ctx)
	require.Equal(t, "New", fine(t, me, err).JSON200.User.DisplayName)
	require.False(t, s.link("new@player.test").JSON200.DevMagicLink.IsNull(), "without a password the account is entered by mailed links")
	require.Equal(t, []string{"new@player.test"}, s.invitations("accepted"))
	require.Empty(t, s.invitations("sent"))
}

func TestInvitationsAreRevokedAndSentAgain(t *testing.T) {
	t.Parallel()
	s := start(t)
	client, elsewhere := s.reviewer(aef, "aef"), s.reviewer(gaming, "gaming")
	r, err := s.invite("new@player.test")
	id := fine(t, r, err).JSON201.ID
	first := s.mail("new@player.test", inviteMark)
	for _, c := range []struct {
		client *identityapi.ClientWithResponses
		id     uuid.UUID
	}{{elsewhere, id}, {client, uuid.New()}} {
		revoked, err := c.client.RevokeInvitationWithResponse(ctx, c.id)
		refused(t, 404, "NOT_FOUND", revoked, err)
		resent, err := c.client.ResendInvitationWithResponse(ctx, c.id)
		refused(t, 404, "NOT_FOUND", resent, err)
	}
	s.clock.Advance(domain.InvitationLifetime)
	require.Equal(t, []string{"new@player.test"}, s.invitations("expired"))
	resent, err := client.ResendInvitationWithResponse(ctx, id)
	require.Equal(t, identityapi.InvitationStatusSent, fine(t, resent, err).JSON200.Status)
	second := s.mail("new@player.test", inviteMark)
	done, err := s.accept(identityapi.InvitationAccept{Token: first})
	refused(t, 404, "TOKEN_NOT_FOUND", done, err)
	for range 2 {
		revoked, err := client.RevokeInvitationWithResponse(ctx, id)
		require.Equal(t, 204, fine(t, revoked, err).StatusCode())
	}
	done, err = s.accept(identityapi.InvitationAccept{Token: second})
	refused(t, 404, "TOKEN_NOT_FOUND", done, err)
	resent, err = client.ResendInvitationWithResponse(ctx, id)
	refused(t, 409, "INVALID_INVITATION_STATUS", resent, err)
	require.Equal(t, []string{"new@player.test"}, s.invitations("revoked"))
	r, err = s.invite("new@player.test")
	fine(t, r, err)
}

func TestAListIsInvitedLineByLine(t *testing.T) {
	t.Parallel()
	s := start(t)
	invite := func(csv string) (*identityapi.InviteMembersResponse, error) {
		return s.reviewer(aef, "aef").InviteMembersWithResponse(ctx, identityapi.InvitationBulk{Csv: csv})
	}
	r, err := s.invite("old@player.test")
	fine(t, r, err)
	report, err := invite("\ufeffemail;language\r\none@player.test;ru\r\n\r\nmember@aef.test;en\r\nOne@player.test\r\nnonsense\r\nold@player.test\r\ntwo@player.test;xx\r\n")
	out := fine(t, report, err).JSON200
	require.Equal(t, 1, out.Invited)
	var lines []string
	for _, l := range out.Items {
		lines = append(lines, l.Email+" "+string(l.Outcome))
	}
	require.Equal(t, []string{
		"one@player.test invited", "member@aef.test already_member", "One@player.test repeated", "nonsense invalid", "old@player.test already_invited", "two@player.test invalid",
	}, lines)
	require.Equal(t, 2, out.Items[0].Line)
	s.mail("one@player.test", "Приглашение в Маяк")
	for name, csv := range map[string]string{
		"nothing": "email\n", "no CSV": "\"a@b.test", "too many": strings.Repeat("a@b.test\n", 201),
	} {
		report, err := invite(csv)
		refused(t, 422, "VALIDATION_ERROR", report, err)
		require.Contains(t, string(report.Body), `"csv"`, name)
	}
}

// The holder of an account that can sign in becomes a member by the link, and is not signed in by it.
func TestAnInvitationDoesNotEnterAnAccount(t *testing.T) {
	t.Parallel()
	s := start(t)
	r, err := s.invite("outsider@gaming.test")
	fine(t, r, err)
	token := s.mail("outsider@gaming.test", inviteMark)
	seen, err := s.guest().PreviewInvitationWithResponse(ctx, identityapi.ApplicationToken{Token: token})
	require.True(t, fine(t, seen, err).JSON200.HasAccount)
	done, err := s.accept(identityapi.InvitationAccept{Token: token, Password: new("quiet harbour, eight lanterns"), DisplayName: new("Thief")})
	out := fine(t, done, err).JSON200
	require.True(t, out.SessionID.IsNull())
	me, err := s.gateway(ofUser(out.UserID)).GetMeWithResponse(ctx)
	require.Equal(t, "Olga Outsider", fine(t, me, err).JSON200.User.DisplayName)
	login, err := s.tryLogin("outsider@gaming.test", "quiet harbour, eight lanterns")
	refused(t, 401, "INVALID_CREDENTIALS", login, err)

	r, err = s.invite("suspended@aef.test")
	fine(t, r, err)
	done, err = s.accept(identityapi.InvitationAccept{Token: s.mail("suspended@aef.test", inviteMark)})
	refused(t, 403, "ACCOUNT_NOT_ELIGIBLE", done, err)
}

// A member whose membership an administrator has ended is not brought back by an old mail of an approval.
func TestAnEndedMembershipStaysEnded(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.apply("new@player.test")
	s.approve(s.pending("new@player.test").ID)
	token := s.mail("new@player.test", inviteMark)
	require.NoError(t, s.Tenants.SetMembership(ctx, "aef", "new@player.test", domain.RoleMember, domain.MembershipDisabled))
	done, err := s.accept(identityapi.InvitationAccept{Token: token})
	refused(t, 403, "TENANT_FORBIDDEN", done, err)
}

// A username that is taken changes nothing: the link can be used again.
func TestAUsernameThatIsTakenUsesNoLinkUp(t *testing.T) {
	t.Parallel()
	s := start(t)
	r, err := s.invite("new@player.test")
	fine(t, r, err)
	token := s.mail("new@player.test", inviteMark)
	done, err := s.accept(identityapi.InvitationAccept{Token: token, Username: nullable.NewNullableWithValue("yana")})
	refused(t, 409, "USERNAME_TAKEN", done, err)
	done, err = s.accept(identityapi.InvitationAccept{Token: token, Username: nullable.NewNullableWithValue("yana-two")})
	fine(t, done, err)
}

// A password that was set before the address was confirmed is another person's: it counts no more.
func TestAClaimedAccountForgetsItsPassword(t *testing.T) {
	t.Parallel()
	s := start(t)
	db := s.database()
	_, err := db.Conn(ctx).NewRaw("UPDATE users SET email_verified = false WHERE email = 'outsider@gaming.test'").Exec(ctx)
	require.NoError(t, err)
	r, err := s.invite("outsider@gaming.test")
	fine(t, r, err)
	done, err := s.accept(identityapi.InvitationAccept{Token: s.mail("outsider@gaming.test", inviteMark)})
	require.False(t, fine(t, done, err).JSON200.SessionID.IsNull())
	login, err := s.tryLogin("outsider@gaming.test", "updspace-demo")
	refused(t, 401, "INVALID_CREDENTIALS", login, err)
}
