package app

import (
	"context"

	"go.updspace.com/identity/ports"
	"go.updspace.com/libs/page"
)

// AdminAccounts are the accounts of the platform, for system administrators.
type AdminAccounts struct {
	*Deps
	Accounts *Accounts
}

// List returns a page of accounts, the newest first.
func (a *AdminAccounts) List(ctx context.Context, f ports.AccountFilter, p page.Request) (page.Page[ports.ListedAccount], error) {
	if err := requireAdmin(ctx); err != nil {
		return page.Page[ports.ListedAccount]{}, err
	}
	if _, err := page.Decode("accounts", p.Cursor, &f.Before, &f.BeforeID); err != nil {
		return page.Page[ports.ListedAccount]{}, err
	}
	return page.Fetch(p.Limit, func(limit int) ([]ports.ListedAccount, error) { return a.Deps.Accounts.List(ctx, f, limit) },
		func(last ports.ListedAccount) string { return page.Encode("accounts", last.CreatedAt, last.ID) })
}
