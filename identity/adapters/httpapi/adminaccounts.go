package httpapi

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/api/identityapi"
	"go.updspace.com/identity/app"
	"go.updspace.com/identity/domain"
	"go.updspace.com/identity/ports"
	"go.updspace.com/libs/page"
	"go.updspace.com/libs/wire"
)

func (s server) ListAccounts(ctx context.Context, r identityapi.ListAccountsRequestObject) (identityapi.ListAccountsResponseObject, error) {
	p := r.Params
	found, err := s.AccountAdmin.List(ctx, ports.AccountFilter{
		Text: wire.Value(p.Q), Status: domain.Status(wire.Value(p.Status)), SystemAdmin: p.SystemAdmin, SecondFactor: p.SecondFactor,
	}, page.Request{Limit: wire.Value(p.Limit), Cursor: wire.Value(p.Cursor)})
	return identityapi.ListAccounts200JSONResponse{Body: identityapi.AccountPage{
		Items: wire.Each(found.Items, toAccountSummary), NextCursor: wire.OrNull(found.Next),
	}}, err
}

func toAccountSummary(a ports.ListedAccount) identityapi.AccountSummary {
	return identityapi.AccountSummary{
		ID: a.ID, Email: a.Email, EmailVerified: a.EmailVerified, Username: a.Username, DisplayName: a.DisplayName, FirstName: a.FirstName,
		LastName: a.LastName, Status: identityapi.AccountStatus(a.Status), SystemAdmin: a.SystemAdmin, SecondFactor: a.SecondFactor, CreatedAt: a.CreatedAt.UTC(),
	}
}

func (s server) GetAccount(ctx context.Context, r identityapi.GetAccountRequestObject) (identityapi.GetAccountResponseObject, error) {
	details, err := s.accountDetails(ctx, r.UserID, nil)
	return identityapi.GetAccount200JSONResponse{Body: details}, err
}

func (s server) SetAccountStatus(ctx context.Context, r identityapi.SetAccountStatusRequestObject) (identityapi.SetAccountStatusResponseObject, error) {
	err := s.Restrictions.Set(ctx, r.UserID, domain.Status(r.Body.Status), r.Body.Reason, r.Body.Until)
	details, err := s.accountDetails(ctx, r.UserID, err)
	return identityapi.SetAccountStatus200JSONResponse{Body: details}, err
}

func (s server) EndEverySession(ctx context.Context, r identityapi.EndEverySessionRequestObject) (identityapi.EndEverySessionResponseObject, error) {
	details, err := s.accountDetails(ctx, r.UserID, s.AccountAdmin.EndSessions(ctx, r.UserID, r.Body.Reason))
	return identityapi.EndEverySession200JSONResponse{Body: details}, err
}

func (s server) ResetAccountFactors(ctx context.Context, r identityapi.ResetAccountFactorsRequestObject) (identityapi.ResetAccountFactorsResponseObject, error) {
	details, err := s.accountDetails(ctx, r.UserID, s.AccountAdmin.ResetFactors(ctx, r.UserID, r.Body.Reason))
	return identityapi.ResetAccountFactors200JSONResponse{Body: details}, err
}

func (s server) SendPasswordLink(ctx context.Context, r identityapi.SendPasswordLinkRequestObject) (identityapi.SendPasswordLinkResponseObject, error) {
	details, err := s.accountDetails(ctx, r.UserID, s.AccountAdmin.SendReset(ctx, r.UserID, r.Body.Reason))
	return identityapi.SendPasswordLink200JSONResponse{Body: details}, err
}

func (s server) SetSystemAdmin(ctx context.Context, r identityapi.SetSystemAdminRequestObject) (identityapi.SetSystemAdminResponseObject, error) {
	details, err := s.accountDetails(ctx, r.UserID, s.AccountAdmin.SetSystemAdmin(ctx, r.UserID, r.Body.SystemAdmin, r.Body.Reason))
	return identityapi.SetSystemAdmin200JSONResponse{Body: details}, err
}

func (s server) SetAccountMembership(ctx context.Context, r identityapi.SetAccountMembershipRequestObject) (identityapi.SetAccountMembershipResponseObject, error) {
	err := s.AccountAdmin.SetMembership(ctx, r.UserID, r.Slug, string(r.Body.BaseRole), domain.MembershipStatus(r.Body.Status), r.Body.Reason)
	details, err := s.accountDetails(ctx, r.UserID, err)
	return identityapi.SetAccountMembership200JSONResponse{Body: details}, err
}

// accountDetails is an account after a change, unless that failed.
func (s server) accountDetails(ctx context.Context, id uuid.UUID, failed error) (out identityapi.AccountDetails, err error) {
	if failed != nil {
		return out, failed
	}
	d, err := s.AccountAdmin.Get(ctx, id)
	if err != nil {
		return out, err
	}
	identities, err := s.Linking.List(ctx, id)
	return identityapi.AccountDetails{
		Account:      toAccountSummary(ports.ListedAccount{User: d.User, SecondFactor: d.Factors.Any()}),
		StatusReason: d.StatusReason, StatusUntil: orNull(d.StatusUntil), Language: d.Language,
		HasPassword: d.PasswordHash != "", HasTotp: d.Factors.TOTP, Passkeys: d.Factors.Passkeys, RecoveryCodes: d.Factors.RecoveryCodes,
		Memberships: wire.Each(d.Memberships, s.toMembershipCard), Identities: wire.Each(identities, toExternalIdentity),
		Sessions: wire.Each(d.Sessions, toSessionInfo(app.AdminOf(ctx).Session)), Logins: wire.Each(d.Logins, toLoginEvent),
	}, err
}
