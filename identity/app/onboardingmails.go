package app

import (
	"context"
	"fmt"
	"time"

	"go.updspace.com/identity/domain"
	"go.updspace.com/identity/ports"
	"go.updspace.com/libs/mail"
)

// mailUse is how long a mail that tells of something is worth sending.
const mailUse = 24 * time.Hour

// queue queues a mail in the transaction of ctx.
func (d *Deps) queue(ctx context.Context, m mail.Message, expires time.Time) error {
	return d.Mails.Add(ctx, ports.QueuedMail{ID: newID(), Message: m, ExpiresAt: expires}, false)
}

// texts are a mail in two languages. The arguments of all are the name of the tenant and an address or a reason.
type texts struct{ subject, text string }

func written(to, language string, en, ru texts, args ...any) mail.Message {
	t := en
	if language == "ru" {
		t = ru
	}
	return mail.Message{To: to, Subject: fmt.Sprintf(t.subject, args[0]), Text: fmt.Sprintf(t.text, args...)}
}

// statusMail tells an applicant where the application stands.
func statusMail(tenant domain.Tenant, a domain.Application, link string) mail.Message {
	return written(a.Email, a.Language,
		texts{"Your application to %s", "Your application to %s has arrived and waits to be read. Its page says how it stands, and there you can withdraw it:\n\n%s\n\nIf you did not apply, withdraw it there, or do nothing.\n"},
		texts{"Ваша заявка в %s", "Ваша заявка в %s получена и ждёт рассмотрения. На этой странице видно, что с ней; там же её можно отозвать:\n\n%s\n\nЕсли вы не подавали заявку, отзовите её или не делайте ничего.\n"},
		tenant.Name, link)
}

// memberMail tells a member who has applied that there is no need to.
func memberMail(tenant domain.Tenant, a domain.Application, origin string) mail.Message {
	return written(a.Email, a.Language,
		texts{"You are a member of %s already", "An application to %s came with your address, but you are a member already. Sign in here:\n\n%s\n\nIf you did not apply, do nothing.\n"},
		texts{"Вы уже участник: %s", "На ваш адрес подана заявка в %s, но вы уже участник. Войти можно здесь:\n\n%s\n\nЕсли вы не подавали заявку, не делайте ничего.\n"},
		tenant.Name, origin+"/")
}

// welcomeMail tells the holder of an account that the application was approved.
func welcomeMail(tenant domain.Tenant, a domain.Application, origin string) mail.Message {
	return written(a.Email, a.Language,
		texts{"Welcome to %s", "Your application to %s was approved. Sign in with your account:\n\n%s\n"},
		texts{"Добро пожаловать в %s", "Ваша заявка в %s одобрена. Войдите со своим аккаунтом:\n\n%s\n"},
		tenant.Name, origin+"/")
}

func rejectedMail(tenant domain.Tenant, a domain.Application) mail.Message {
	en := texts{"Your application to %s", "Your application to %s was not accepted.\n"}
	ru := texts{"Ваша заявка в %s", "Ваша заявка в %s не принята.\n"}
	if a.Reason == "" {
		return written(a.Email, a.Language, en, ru, tenant.Name)
	}
	en.text += "\nThe reason:\n\n%s\n"
	ru.text += "\nПричина:\n\n%s\n"
	return written(a.Email, a.Language, en, ru, tenant.Name, a.Reason)
}

// invitationMail has the link of an invitation.
func invitationMail(tenant domain.Tenant, i domain.Invitation, link string) mail.Message {
	days := int(domain.InvitationLifetime / (24 * time.Hour))
	if i.Kind == domain.InvitedByApproval {
		return written(i.Email, i.Language,
			texts{"Welcome to %s", "Your application to %s was approved. Open this link to activate your account and come in:\n\n%s\n\nIt works once, within %d days.\n"},
			texts{"Добро пожаловать в %s", "Ваша заявка в %s одобрена. Откройте ссылку, чтобы активировать аккаунт и войти:\n\n%s\n\nОна действует один раз, в течение %d дней.\n"},
			tenant.Name, link, days)
	}
	return written(i.Email, i.Language,
		texts{"An invitation to %s", "You are invited to %s. Open this link to come in:\n\n%s\n\nIt works once, within %d days.\n"},
		texts{"Приглашение в %s", "Вас приглашают в %s. Откройте ссылку, чтобы войти:\n\n%s\n\nОна действует один раз, в течение %d дней.\n"},
		tenant.Name, link, days)
}
