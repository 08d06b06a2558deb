package app

import (
	"context"

	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/errs"
)

// Close closes a tenant: its host says so, and no client is answered there. Its data and its slug are kept, and its members read the reason
// in a mail.
func (t *Tenants) Close(ctx context.Context, slug, reason string) (domain.Tenant, error) {
	now := t.Clock.Now()
	return t.because(ctx, slug, reason, domain.ActionTenantClosed, func(ctx context.Context, tenant *domain.Tenant, reason string) error {
		if err := open(tenant, nil); err != nil {
			return err
		}
		tenant.ClosedAt = &now
		return t.Closings.Insert(ctx, domain.TenantClosing{TenantID: tenant.ID, Reason: reason})
	})
}

// Reopen opens a closed tenant again. Members who have not been told of its closing are not told any more.
func (t *Tenants) Reopen(ctx context.Context, slug, reason string) (domain.Tenant, error) {
	return t.because(ctx, slug, reason, domain.ActionTenantReopened, func(ctx context.Context, tenant *domain.Tenant, _ string) error {
		if tenant.ClosedAt == nil {
			return domain.ErrTenantOpen
		}
		tenant.ClosedAt = nil
		return t.Closings.Delete(ctx, tenant.ID)
	})
}

// because is a change with a reason, which operators may leave out.
func (t *Tenants) because(
	ctx context.Context, slug, reason, action string, fn func(context.Context, *domain.Tenant, string) error,
) (domain.Tenant, error) {
	f := errs.Fields{}
	reason = domain.CheckReason(f, reason, isOperator(ctx))
	if err := f.Err(); err != nil {
		return domain.Tenant{}, err
	}
	return t.change(Because(ctx, reason), slug, action, func(ctx context.Context, tenant *domain.Tenant) error { return fn(ctx, tenant, reason) })
}

// closingBatch is how many members are told in one transaction.
const closingBatch = 100

// TellClosings mails the members of closed tenants that these are closed.
func (t *Tenants) TellClosings(ctx context.Context) error {
	for {
		more := false
		err := t.Tx.Platform(ctx, func(ctx context.Context) error {
			closing, tenant, err := t.Closings.Next(ctx)
			if err != nil || closing == nil {
				return err
			}
			more = true
			members, err := t.Closings.Members(ctx, *closing, closingBatch)
			if err != nil {
				return err
			}
			for _, member := range members {
				letter := tenantClosedLetter(language(member, domain.Origin{Language: tenant.DefaultLanguage}), tenant, closing.Reason, t.Issuer+"/account")
				if err := t.Mails.Add(ctx, t.queued(letter, member.Email, noticeLife), false); err != nil {
					return err
				}
				closing.Told = member.ID
			}
			if len(members) < closingBatch {
				return t.Closings.Delete(ctx, tenant.ID)
			}
			return t.Closings.Told(ctx, *closing)
		})
		if err != nil || !more {
			return err
		}
	}
}

func tenantClosedLetter(lang string, tenant domain.Tenant, reason, account string) letter {
	l := letter{subject: tenant.Name + " is closed", before: []string{
		"The community " + tenant.Name + " on UpdSpace is closed. Its pages cannot be opened any more. Its data is kept in case it opens again.",
		"Your account stays as it is. On its page you can export or delete your data.",
	}, button: "Open your account", address: account}
	why := "The reason: "
	if lang == "ru" {
		l = letter{subject: "Сообщество закрыто: " + tenant.Name, before: []string{
			"Сообщество «" + tenant.Name + "» в UpdSpace закрыто. Его страницы больше не открываются. Его данные сохранены на случай, если оно откроется снова.",
			"Ваш аккаунт остаётся прежним. На его странице вы можете выгрузить или удалить свои данные.",
		}, button: "Открыть аккаунт", address: account}
		why = "Причина: "
	}
	if reason != "" {
		l.before = append(l.before, why+reason)
	}
	return l
}
