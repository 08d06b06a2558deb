package pages

import (
	"net/http"
	"strings"

	"golang.org/x/text/language"

	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/errs"
)

var matcher = language.NewMatcher([]language.Tag{language.English, language.Russian})

// languageOf picks the page's language by what the browser prefers.
func languageOf(r *http.Request) string {
	tags, _, err := language.ParseAcceptLanguage(r.Header.Get("Accept-Language"))
	if err != nil {
		return "en"
	}
	if _, i, _ := matcher.Match(tags...); i == 1 {
		return "ru"
	}
	return "en"
}

// vocabulary is what the pages say, by key, in one language.
type vocabulary map[string]string

func words(lang string) vocabulary {
	if lang == "ru" {
		return russian
	}
	return english
}

// of is what to tell a person about an error: in his language where we have
// it, else as the error says it.
func (v vocabulary) of(e *errs.Error) string {
	if text, ok := v["error."+e.Code]; ok {
		return text
	}
	return e.Message
}

func (v vocabulary) scope(name string) string {
	if text, ok := v["scope."+name]; ok {
		return text
	}
	scope, _ := domain.FindScope(name)
	return scope.Description
}

// Get is for templates.
func (v vocabulary) Get(key string) string { return v[strings.ToLower(key)] }

var english = vocabulary{
	"title":            "UpdSpace ID",
	"login":            "Sign in",
	"login.for":        "to continue to",
	"login.email":      "E-mail",
	"login.password":   "Password",
	"login.submit":     "Sign in",
	"login.hint":       "No password? Ask for a sign-in link on your community's own page.",
	"home.hello":       "Hello,",
	"home.email":       "E-mail",
	"home.status":      "Account",
	"home.guest":       "You are not signed in.",
	"home.logout":      "Sign out",
	"status.active":    "active",
	"authorize.asks":   "wants to sign you in",
	"authorize.may":    "It will learn:",
	"authorize.as":     "You are signed in as",
	"authorize.goes":   "You will be sent to",
	"authorize.yes":    "Allow",
	"authorize.no":     "Deny",
	"error":            "Something is not right",
	"error.back":       "Go to the start page",
	"error.reference":  "Reference",
	"mail":             "Mailbox",
	"mail.empty":       "No mail yet.",
	"mail.to":          "To",
	"mail.at":          "Sent",
	"mail.back":        "All mails",
	"mail.development": "Mails of this development server. Nothing here has been sent.",
}

var russian = vocabulary{
	"title":            "UpdSpace ID",
	"login":            "Вход",
	"login.for":        "чтобы продолжить в",
	"login.email":      "Электронная почта",
	"login.password":   "Пароль",
	"login.submit":     "Войти",
	"login.hint":       "Нет пароля? Запросите ссылку для входа на странице вашего сообщества.",
	"home.hello":       "Здравствуйте,",
	"home.email":       "Электронная почта",
	"home.status":      "Аккаунт",
	"home.guest":       "Вы не вошли.",
	"home.logout":      "Выйти",
	"status.active":    "активен",
	"authorize.asks":   "хочет узнать, кто вы",
	"authorize.may":    "Приложение узнает:",
	"authorize.as":     "Вы вошли как",
	"authorize.goes":   "Вы перейдёте на",
	"authorize.yes":    "Разрешить",
	"authorize.no":     "Отказать",
	"error":            "Что-то не так",
	"error.back":       "На главную",
	"error.reference":  "Номер обращения",
	"mail":             "Почтовый ящик",
	"mail.empty":       "Писем пока нет.",
	"mail.to":          "Кому",
	"mail.at":          "Отправлено",
	"mail.back":        "Все письма",
	"mail.development": "Письма сервера разработки. Ничего из этого не отправлено.",

	"scope.openid":           "кто вы",
	"scope.profile":          "ваше имя, фото и язык",
	"scope.profile_basic":    "ваше имя и фото",
	"scope.profile_extended": "ваше имя, фото, язык и дату рождения",
	"scope.email":            "ваш адрес электронной почты",
	"scope.phone":            "ваш номер телефона",
	"scope.address":          "ваш адрес",
	"scope.offline_access":   "доступ, пока вас нет",

	"error.INVALID_FORM_TOKEN":   "Форма устарела. Попробуйте ещё раз.",
	"error.INVALID_CREDENTIALS":  "Неверная почта или пароль.",
	"error.LOGIN_RATE_LIMITED":   "Слишком много неудачных попыток. Попробуйте позже.",
	"error.RATE_LIMITED":         "Слишком много запросов. Попробуйте позже.",
	"error.SERVICE_BUSY":         "Сейчас входит слишком много людей. Попробуйте через минуту.",
	"error.SERVICE_UNAVAILABLE":  "Сервис сейчас недоступен. Попробуйте через минуту.",
	"error.ACCOUNT_SUSPENDED":    "Этот аккаунт приостановлен.",
	"error.ACCOUNT_BANNED":       "Этот аккаунт заблокирован.",
	"error.ACCOUNT_NOT_ACTIVE":   "Этот аккаунт ещё не активирован.",
	"error.EMAIL_NOT_VERIFIED":   "Сначала подтвердите адрес электронной почты.",
	"error.CSRF_FAILED":          "Запрос пришёл не с этого сайта.",
	"error.TOKEN_NOT_FOUND":      "Эта ссылка недействительна.",
	"error.TOKEN_USED":           "Эта ссылка уже использована.",
	"error.TOKEN_EXPIRED":        "Срок действия ссылки истёк.",
	"error.CLIENT_NOT_FOUND":     "Это приложение здесь неизвестно.",
	"error.INVALID_REDIRECT_URI": "Адрес возврата не зарегистрирован.",
	"error.REQUEST_NOT_FOUND":    "Этот запрос уже не ждёт ответа.",
	"error.REQUEST_EXPIRED":      "Срок запроса истёк. Начните заново.",
	"error.UNAUTHORIZED":         "Войдите, чтобы продолжить.",
	"error.INTERNAL_ERROR":       "Ошибка на нашей стороне.",
}
