package app

import (
	"fmt"
	"strings"
	"time"

	"go.updspace.com/identity/domain"
)

func deletionLetter(lang, address string, due time.Time) letter {
	day := due.UTC().Format("2006-01-02")
	if lang == "ru" {
		return letter{
			subject: "Аккаунт UpdSpace будет удалён",
			before:  []string{"Вы попросили удалить ваш аккаунт UpdSpace. Он и всё, что о вас хранится, будут удалены " + day + ".", "До этого дня вы можете войти и оставить аккаунт:"},
			button:  "Оставить аккаунт", address: address, after: []string{"Если вы не просили об этом, войдите, оставьте аккаунт и смените пароль."},
		}
	}
	return letter{
		subject: "Your UpdSpace account will be deleted",
		before:  []string{"You asked to delete your UpdSpace account. It will be deleted on " + day + ", with everything that is stored about you.", "Until then you can sign in and keep the account:"},
		button:  "Keep the account", address: address, after: []string{"If you did not ask for it, sign in, keep the account and change the password."},
	}
}

func keptLetter(lang string) letter {
	if lang == "ru" {
		return letter{subject: "Аккаунт UpdSpace не будет удалён", before: []string{"Вы решили оставить ваш аккаунт UpdSpace. Ничего не удалено."}}
	}
	return letter{subject: "Your UpdSpace account stays", before: []string{"You have decided to keep your UpdSpace account. Nothing was deleted."}}
}

// deletedLetter is the receipt of a deletion: how many stored objects each service has erased.
func deletedLetter(lang string, parts []domain.DataPart) letter {
	totals := map[string]int64{}
	var order []string
	for _, p := range parts {
		if _, listed := totals[p.Service]; !listed {
			order = append(order, p.Service)
		}
		for _, n := range p.Counts {
			totals[p.Service] += n
		}
	}
	lines := make([]string, len(order))
	for i, service := range order {
		lines[i] = fmt.Sprintf("%s: %d", service, totals[service])
	}
	if lang == "ru" {
		return letter{
			subject: "Аккаунт UpdSpace удалён", before: []string{
				"Ваш аккаунт UpdSpace и всё, что о вас хранилось, удалены. Это последнее письмо.",
				"Удалено или обезличено записей: " + strings.Join(lines, ", ") + ".", "Ваши голоса в опросах по-прежнему учтены, но больше никак не связаны с вами.",
			},
		}
	}
	return letter{
		subject: "Your UpdSpace account was deleted", before: []string{
			"Your UpdSpace account was deleted, with everything that was stored about you. This is the last mail.",
			"Records that were deleted or made anonymous: " + strings.Join(lines, ", ") + ".", "Your votes still count, and nothing connects them with you any more.",
		},
	}
}
