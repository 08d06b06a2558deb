package app

import (
	"cmp"
	"html"
	"strings"
	"time"

	"go.updspace.com/identity/domain"
	"go.updspace.com/identity/domain/useragent"
	"go.updspace.com/identity/ports"
	"go.updspace.com/libs/mail"
)

// letter is a mail of the platform about an account, in one language.
type letter struct {
	subject string
	before  []string // paragraphs
	button  string   // what the link does; empty: there is none
	address string
	after   []string
}

// language is that of a mail to a user: the account's, else that of the browser that caused it.
func language(u domain.User, from domain.Origin) string {
	return cmp.Or(u.Language, from.Language, "en")
}

// message is the letter as text and as a page.
func (l letter) message(to string) mail.Message {
	var text, page strings.Builder
	page.WriteString(`<!doctype html><html><body style="font-family:sans-serif;line-height:1.5">`)
	paragraphs := func(all []string) {
		for _, p := range all {
			text.WriteString(p + "\n\n")
			page.WriteString("<p>" + html.EscapeString(p) + "</p>")
		}
	}
	paragraphs(l.before)
	if l.button != "" {
		text.WriteString(l.button + ":\n" + l.address + "\n\n")
		page.WriteString(`<p><a href="` + html.EscapeString(l.address) + `">` + html.EscapeString(l.button) + `</a></p>`)
	}
	paragraphs(l.after)
	page.WriteString("</body></html>")
	return mail.Message{To: to, Subject: l.subject, Text: strings.TrimRight(text.String(), "\n") + "\n", HTML: page.String()}
}

// noticeLife is how long a mail that only tells of something is worth sending.
const noticeLife = 24 * time.Hour

// queued is a letter that is of use for a time.
func (d *Deps) queued(l letter, to string, life time.Duration) ports.QueuedMail {
	return ports.QueuedMail{ID: newID(), Message: l.message(to), ExpiresAt: d.Clock.Now().Add(life)}
}

func resetLetter(lang, address string) letter {
	if lang == "ru" {
		return letter{
			subject: "Новый пароль для UpdSpace", before: []string{"Вы попросили задать новый пароль для вашего аккаунта UpdSpace. Ссылка действует один час и только один раз."},
			button: "Задать пароль", address: address, after: []string{"Если вы не просили об этом, ничего делать не нужно: пароль останется прежним."},
		}
	}
	return letter{
		subject: "A new password for UpdSpace", before: []string{"You asked to set a new password for your UpdSpace account. The link works once, within an hour."},
		button: "Set the password", address: address, after: []string{"If you did not ask for it, there is nothing to do: the password stays as it is."},
	}
}

func passwordChangedLetter(lang, address string) letter {
	if lang == "ru" {
		return letter{
			subject: "Пароль UpdSpace изменён", before: []string{"У вашего аккаунта UpdSpace новый пароль. Все остальные сеансы завершены.", "Если это сделали не вы, немедленно задайте новый пароль:"},
			button: "Задать пароль", address: address,
		}
	}
	return letter{
		subject: "Your UpdSpace password was changed", before: []string{"Your UpdSpace account has a new password. All other sessions have ended.", "If it was not you, set a new password at once:"},
		button: "Set a password", address: address,
	}
}

func newDeviceLetter(lang string, on useragent.Client, ip, address string, at time.Time) letter {
	device := strings.TrimSuffix(on.Browser+", "+on.System, ", ")
	if on.Browser == "" {
		device = on.System
	}
	when := at.UTC().Format("2006-01-02 15:04 UTC")
	if lang == "ru" {
		return letter{
			subject: "Вход в UpdSpace с нового устройства",
			before: []string{
				"В ваш аккаунт UpdSpace вошли из браузера, который раньше этого не делал.",
				"Когда: " + when + ". Устройство: " + cmp.Or(device, "неизвестно") + ". Адрес: " + ip + ".", "Если это были не вы, завершите сеанс и смените пароль:",
			},
			button: "Посмотреть сеансы", address: address,
		}
	}
	return letter{
		subject: "A new device has signed in to UpdSpace",
		before: []string{
			"A browser that had not done so before has signed in to your UpdSpace account.",
			"When: " + when + ". Device: " + cmp.Or(device, "unknown") + ". Address: " + ip + ".", "If it was not you, end the session and change the password:",
		},
		button: "See the sessions", address: address,
	}
}

func confirmLetter(lang, address string) letter {
	if lang == "ru" {
		return letter{
			subject: "Подтвердите адрес для UpdSpace", before: []string{"Этот адрес указали как новый для аккаунта UpdSpace. Ссылка действует сутки и только один раз."},
			button: "Подтвердить адрес", address: address, after: []string{"Если это были не вы, ничего делать не нужно."},
		}
	}
	return letter{
		subject: "Confirm your address for UpdSpace", before: []string{"This address was given as the new one of an UpdSpace account. The link works once, within a day."},
		button: "Confirm the address", address: address, after: []string{"If it was not you, there is nothing to do."},
	}
}

func takenLetter(lang, address string) letter {
	if lang == "ru" {
		return letter{
			subject: "Ваш адрес в UpdSpace", before: []string{"Этот адрес попытались указать для другого аккаунта UpdSpace. У вас уже есть аккаунт с этим адресом, и ничего не изменилось."},
			button: "Войти", address: address,
		}
	}
	return letter{
		subject: "Your address at UpdSpace", before: []string{"This address was given for another UpdSpace account. You have an account with this address already, and nothing was changed."},
		button: "Sign in", address: address,
	}
}

func emailChangedLetter(lang, to, address string) letter {
	if lang == "ru" {
		return letter{
			subject: "Адрес вашего аккаунта UpdSpace изменён", before: []string{"Теперь у вашего аккаунта UpdSpace адрес " + to + ". Письма на этот адрес больше не приходят.", "Если это сделали не вы, верните прежний адрес в течение недели. Пароль при этом сбросится, и все сеансы завершатся."},
			button: "Вернуть прежний адрес", address: address,
		}
	}
	return letter{
		subject: "The address of your UpdSpace account was changed", before: []string{"Your UpdSpace account has the address " + to + " now. No more mails go to this one.", "If it was not you, take the former address back within a week. That also resets the password and ends all sessions."},
		button: "Take the former address back", address: address,
	}
}
