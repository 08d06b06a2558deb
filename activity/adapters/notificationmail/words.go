package notificationmail

import (
	"go.updspace.com/activity/notifications/domain"
	"go.updspace.com/activity/notifications/ports"
)

// words are what mails and messages to browsers say in one language.
type words struct {
	language, digest, open, settings, more string
	what                                   map[domain.Kind]string
	changed                                map[string]string // what a role or a request has become
	day                                    string            // layout of a time
}

var languages = []words{
	{
		language: "ru", digest: "Уведомления", open: "Открыть", settings: "Что и когда присылать, можно выбрать в настройках", more: "и ещё %d", day: "02.01.2006 15:04",
		what: map[domain.Kind]string{
			domain.KindMention: "Вас упоминают", domain.KindReply: "Ответ вам", domain.KindReaction: "Реакция на вашу запись",
			domain.KindInvitation: "Приглашение участвовать", domain.KindRequestDecided: "Вы теперь в составе",
			domain.KindPollOpened: "Голосование открыто", domain.KindPollClosing: "Голосование скоро закончится", domain.KindPollResults: "Есть итоги",
			domain.KindEventInvitation: "Вас приглашают", domain.KindEventChanged: "Событие изменилось", domain.KindEventCancelled: "Отменено",
			domain.KindEventReminder: "Скоро начнётся", domain.KindEventPromoted: "Для вас есть место", domain.KindBadge: "У вас новый знак",
			domain.KindLevel: "Новый уровень", domain.KindRole: "У вас новая роль", domain.KindSecurity: "Безопасность вашего аккаунта",
		},
		changed: map[string]string{"taken": "Роли у вас больше нет", "changed": "Ваша роль изменилась", "declined": "Заявка отклонена", "linked": "Привязан аккаунт", "unlinked": "Отвязан аккаунт",
			"new_device":         "Вход с нового браузера",
			"password_changed":   "Ваш пароль изменён",
			"email_changed":      "Ваш адрес почты изменён",
			"factor_added":       "Настроен второй шаг входа",
			"factor_removed":     "Второй шаг входа удалён",
			"recovery_code_used": "Вход по коду восстановления",
			"passkey_added":      "Добавлен ключ доступа",
			"passkey_removed":    "Ключ доступа удалён",
		},
	},
	{
		language: "en", digest: "Notifications", open: "Open", settings: "Choose what is sent, and when, in your settings", more: "and %d more", day: "2 January 2006 15:04",
		what: map[domain.Kind]string{
			domain.KindMention: "You were mentioned", domain.KindReply: "A reply to you", domain.KindReaction: "A reaction to your post",
			domain.KindInvitation: "Invitation to take part", domain.KindRequestDecided: "You are a member now",
			domain.KindPollOpened: "The vote is open", domain.KindPollClosing: "The vote closes soon", domain.KindPollResults: "The results are in",
			domain.KindEventInvitation: "You are invited", domain.KindEventChanged: "The event has changed", domain.KindEventCancelled: "Cancelled",
			domain.KindEventReminder: "Coming up", domain.KindEventPromoted: "There is a seat for you", domain.KindBadge: "You have a new badge",
			domain.KindLevel: "A new level", domain.KindRole: "You have a new role", domain.KindSecurity: "The security of your account",
		},
		changed: map[string]string{"taken": "You do not have the role any more", "changed": "Your role has changed", "declined": "Your request was declined", "linked": "An account was linked", "unlinked": "An account was unlinked",
			"new_device":         "A sign-in with a new browser",
			"password_changed":   "Your password was changed",
			"email_changed":      "Your e-mail address was changed",
			"factor_added":       "A second step of sign-in was set up",
			"factor_removed":     "A second step of sign-in was removed",
			"recovery_code_used": "A recovery code signed you in",
			"passkey_added":      "A passkey was added",
			"passkey_removed":    "A passkey was removed",
		},
	},
}

// sentence says what a notification says.
func (w words) sentence(n domain.Notification) string {
	what := w.what[n.Kind]
	if text := w.changed[n.Details.Change]; text != "" {
		what = text
	}
	title := n.Title
	if named := n.Details.Names[w.language]; named != "" {
		title = named
	}
	if title == "" {
		return what
	}
	return what + ": " + title
}

// besides is the second line: what was written, why, or when.
func (w words) besides(n domain.Notification) string {
	switch {
	case n.Details.Excerpt != "":
		return n.Details.Excerpt
	case n.Details.Reason != "":
		return n.Details.Reason
	case n.Details.StartsAt != nil:
		return timeIn(*n.Details.StartsAt, n.Details.TimeZone, w.day)
	}
	return ""
}

// Texts implements ports.Texts.
type Texts struct{}

var _ ports.Texts = Texts{}

const (
	maxPushTitle = 120 // characters
	maxPushBody  = 240
)

// Message writes what a browser shows, by language.
func (Texts) Message(n domain.Notification) map[string]domain.Message {
	messages := make(map[string]domain.Message, len(languages))
	for _, in := range languages {
		messages[in.language] = domain.Message{Title: cut(in.sentence(n), maxPushTitle), Body: cut(in.besides(n), maxPushBody), Link: n.Link, Tag: n.ID.String()}
	}
	return messages
}
