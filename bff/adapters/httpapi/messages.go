package httpapi

import (
	"strings"

	"go.updspace.com/bff/domain"
	"go.updspace.com/libs/errs"
)

// texts are the words of the pages in one language.
type texts struct {
	Lang, FailedTitle, TryAgain, OtherAccount, Home string

	messages map[string]string // of errors, by code; the error's own message stands in for one that is missing
}

var english = &texts{
	Lang: "en", FailedTitle: "Sign-in failed", TryAgain: "Try again", OtherAccount: "Use another account", Home: "Home",
}

var russian = &texts{
	Lang: "ru", FailedTitle: "Войти не удалось", TryAgain: "Попробовать снова", OtherAccount: "Войти с другой учётной записью", Home: "На главную",
	messages: map[string]string{
		domain.ErrTenantNotFound.Code:   "По этому адресу нет сообщества.",
		domain.ErrTenantClosed.Code:     "Это сообщество закрыто.",
		domain.ErrTenantForbidden.Code:  "Вы не состоите в этом сообществе.",
		domain.ErrAccountSuspended.Code: "Эта учётная запись приостановлена.",
		domain.ErrAccountBanned.Code:    "Эта учётная запись заблокирована.",
		domain.ErrRateLimited.Code:      "Слишком много запросов. Попробуйте через минуту.",
		domain.ErrCSRF.Code:             "Страница устарела. Обновите её и попробуйте снова.",
		domain.ErrOAuth.Code:            "Служба входа не завершила вход.",
		domain.ErrCallback.Code:         "В ответе службы входа нет кода или состояния.",
		domain.ErrInvalidState.Code:     "Этот вход начат не здесь или занял слишком много времени. Начните снова.",
		domain.ErrTokenExchange.Code:    "Служба входа не приняла код. Начните снова.",
		domain.ErrInvalidIDToken.Code:   "Ответ службы входа не удалось проверить. Начните снова.",
		domain.ErrSignedOut.Code:        "Вы вышли, пока выполнялся этот вход. Войдите снова.",
		domain.ErrInvalidCode.Code:      "Эта ссылка уже использована или устарела. Запросите новую.",
		"TOKEN_NOT_FOUND":               "Такой ссылки нет. Запросите новую.",
		"TOKEN_USED":                    "Эта ссылка уже использована. Запросите новую.",
		"TOKEN_EXPIRED":                 "Эта ссылка устарела. Запросите новую.",
		"OTHER_BROWSER":                 "Эта ссылка работает только в том браузере, в котором её запросили. Запросите новую здесь.",
		"ACCOUNT_NOT_ACTIVE":            "Эта учётная запись ещё не активирована.",
		"SECOND_STEP_REQUIRED":          "Аккаунт защищён вторым шагом: войдите по паролю или ключу входа.",
		"EMAIL_NOT_VERIFIED":            "Адрес электронной почты ещё не подтверждён.",
		errs.Invalid.Code():             "Адрес неполон или написан неверно.",
		errs.Unavailable.Code():         "Служба входа сейчас недоступна. Попробуйте через минуту.",
		errs.Timeout.Code():             "Служба входа не ответила вовремя. Попробуйте снова.",
		errs.Internal.Code():            "У нас что-то сломалось. Попробуйте позже.",
	},
}

func (t *texts) message(e *errs.Error) string {
	if text, ok := t.messages[e.Code]; ok {
		return text
	}
	return e.Message
}

// textsFor picks the first language of an Accept-Language header that the pages have.
func textsFor(accepted string) *texts {
	for part := range strings.SplitSeq(accepted, ",") {
		tag, _, _ := strings.Cut(strings.TrimSpace(part), ";")
		switch primary, _, _ := strings.Cut(strings.ToLower(tag), "-"); primary {
		case russian.Lang:
			return russian
		case english.Lang:
			return english
		}
	}
	return english
}
