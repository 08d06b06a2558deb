package app

// signUpLetter confirms the address of a person who has signed up.
func signUpLetter(lang, tenant, address string) letter {
	if lang == "ru" {
		return letter{
			subject: "Подтвердите адрес: " + tenant, before: []string{"Вы зарегистрировались в сообществе «" + tenant + "». Откройте ссылку и введите пароль, который вы выбрали. Она действует сутки и только один раз."},
			button: "Подтвердить адрес", address: address, after: []string{"Если вы не регистрировались, ничего делать не нужно: аккаунта не будет."},
		}
	}
	return letter{
		subject: "Confirm your address for " + tenant, before: []string{"You have signed up for " + tenant + ". Open the link and enter the password that you have chosen. It works once, within a day."},
		button: "Confirm the address", address: address, after: []string{"If you did not sign up, there is nothing to do: no account is made."},
	}
}

// signUpAccountLetter tells the holder of an account who has signed up that one account is enough.
func signUpAccountLetter(lang, tenant, address string) letter {
	if lang == "ru" {
		return letter{
			subject: "У вас уже есть аккаунт UpdSpace", before: []string{"С вашим адресом зарегистрировались в сообществе «" + tenant + "», но у вас уже есть аккаунт UpdSpace. По ссылке вы вступите с ним: введите пароль, который выбрали при регистрации. Сам аккаунт и его пароль не изменятся."},
			button: "Вступить в сообщество", address: address, after: []string{"Если это были не вы, ничего делать не нужно."},
		}
	}
	return letter{
		subject: "You have an UpdSpace account already", before: []string{"Your address was used to sign up for " + tenant + ", but you have an UpdSpace account already. The link lets you join with it: enter the password that you chose when you signed up. The account and its own password stay as they are."},
		button: "Join the community", address: address, after: []string{"If it was not you, there is nothing to do."},
	}
}

// signUpMemberLetter tells a member who has signed up that there is no need to.
func signUpMemberLetter(lang, tenant, address string) letter {
	if lang == "ru" {
		return letter{
			subject: "Вы уже участник: " + tenant, before: []string{"С вашим адресом зарегистрировались в сообществе «" + tenant + "», но вы уже участник. Войдите как обычно; ничего не изменилось."},
			button: "Войти", address: address, after: []string{"Если это были не вы, ничего делать не нужно."},
		}
	}
	return letter{
		subject: "You are a member of " + tenant + " already", before: []string{"Your address was used to sign up for " + tenant + ", but you are a member already. Sign in as ever; nothing was changed."},
		button: "Sign in", address: address, after: []string{"If it was not you, there is nothing to do."},
	}
}
