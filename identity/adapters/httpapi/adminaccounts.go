package httpapi

import (
	"context"

	"go.updspace.com/api/identityapi"
	"go.updspace.com/identity/domain"
	"go.updspace.com/identity/ports"
	"go.updspace.com/libs/page"
	"go.updspace.com/libs/wire"
)

func (s server) ListAccounts(ctx context.Context, r identityapi.ListAccountsRequestObject) (identityapi.ListAccountsResponseObject, error) {
	p := r.Params
	found, err := s.AdminAccounts.List(ctx, ports.AccountFilter{
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
