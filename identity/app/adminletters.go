package app

import "go.updspace.com/identity/domain"

// restrictionLetter tells an owner that the account is suspended, banned or back.
func restrictionLetter(lang string, u domain.User, address string) letter {
	ru := lang == "ru"
	if u.Status == domain.StatusActive {
		if ru {
			return letter{subject: "Ваш аккаунт UpdSpace снова открыт", before: []string{"Вы снова можете входить в UpdSpace."}, button: "Войти", address: address}
		}
		return letter{subject: "Your UpdSpace account is open again", before: []string{"You can sign in to UpdSpace again."}, button: "Sign in", address: address}
	}
	l := letter{subject: "Your UpdSpace account is suspended", before: []string{"Your UpdSpace account is suspended. All of its sessions have ended."}}
	switch {
	case ru && u.Status == domain.StatusBanned:
		l = letter{subject: "Ваш аккаунт UpdSpace заблокирован", before: []string{"Ваш аккаунт UpdSpace заблокирован. Все его сеансы завершены."}}
	case ru:
		l = letter{subject: "Ваш аккаунт UpdSpace приостановлен", before: []string{"Ваш аккаунт UpdSpace приостановлен. Все его сеансы завершены."}}
	case u.Status == domain.StatusBanned:
		l = letter{subject: "Your UpdSpace account is banned", before: []string{"Your UpdSpace account is banned. All of its sessions have ended."}}
	}
	why, until := "The reason: ", "It ends by itself: "
	if ru {
		why, until = "Причина: ", "Закончится само: "
	}
	if u.StatusReason != "" {
		l.before = append(l.before, why+u.StatusReason)
	}
	if u.StatusUntil != nil {
		l.before = append(l.before, until+u.StatusUntil.UTC().Format("2006-01-02 15:04 UTC"))
	}
	return l
}

func factorsResetLetter(lang, address string) letter {
	if lang == "ru" {
		return letter{
			subject: "Второй фактор вашего аккаунта UpdSpace сброшен",
			before:  []string{"Администратор убрал из вашего аккаунта приложение с кодами, ключи входа и коды восстановления. Все сеансы завершены.", "Войдите и добавьте второй фактор заново. Если вы об этом не просили, ответственные за платформу должны об этом узнать."},
			button:  "Безопасность аккаунта", address: address,
		}
	}
	return letter{
		subject: "The second factor of your UpdSpace account was reset",
		before:  []string{"An administrator has removed the authenticator app, the passkeys and the recovery codes of your account. All sessions have ended.", "Sign in and set up a second factor again. If you did not ask for this, tell the people who run the platform."},
		button:  "Security of the account", address: address,
	}
}

func sentResetLetter(lang, address string) letter {
	if lang == "ru" {
		return letter{
			subject: "Новый пароль для UpdSpace", before: []string{"Администратор прислал вам ссылку, чтобы задать новый пароль для вашего аккаунта UpdSpace. Ссылка действует один час и только один раз."},
			button: "Задать пароль", address: address, after: []string{"Если пароль вам не нужен, ничего делать не нужно: он останется прежним."},
		}
	}
	return letter{
		subject: "A new password for UpdSpace", before: []string{"An administrator has sent you a link to set a new password for your UpdSpace account. The link works once, within an hour."},
		button: "Set the password", address: address, after: []string{"If you need no new password, there is nothing to do: it stays as it is."},
	}
}

func systemAdminLetter(lang string, admin bool, address string) letter {
	switch {
	case lang == "ru" && admin:
		return letter{
			subject: "Вы системный администратор UpdSpace", before: []string{"Ваш аккаунт теперь управляет всей платформой. Защитите его вторым фактором."},
			button: "Открыть аккаунт", address: address,
		}
	case lang == "ru":
		return letter{subject: "Вы больше не системный администратор UpdSpace", before: []string{"Ваш аккаунт больше не управляет платформой."}, button: "Открыть аккаунт", address: address}
	case admin:
		return letter{
			subject: "You are a system administrator of UpdSpace", before: []string{"Your account runs the whole platform now. Protect it with a second factor."},
			button: "Open the account", address: address,
		}
	}
	return letter{subject: "You are no system administrator of UpdSpace any more", before: []string{"Your account does not run the platform any more."}, button: "Open the account", address: address}
}
