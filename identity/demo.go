package identity

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/identity/app"
	"go.updspace.com/identity/domain"
)

// Demo is data for demonstration.
type Demo struct {
	Tenants []app.DemoTenant
	Users   []app.DemoUser
}

const day = 24 * time.Hour

// DemoPassword is the password of every demo account.
const DemoPassword = "updspace-demo"

// DefaultDemo is what a development platform begins with.
func DefaultDemo() Demo {
	user := func(n byte, email, name string, roles map[string]string) app.DemoUser {
		id := uuid.MustParse("00000000-0000-4000-8000-000000000000")
		id[15] = n
		first, last, _ := strings.Cut(name, " ")
		return app.DemoUser{
			NewAccount: app.NewAccount{ID: id, Email: email, DisplayName: name, FirstName: first, LastName: last, Password: DemoPassword},
			Roles:      roles, Since: time.Duration(160-n) * day,
		}
	}
	admin := user(1, "admin@aef.test", "Ada Admin", map[string]string{"aef": domain.RoleAdmin, "gaming": domain.RoleMember})
	member := user(2, "member@aef.test", "Mika Member", map[string]string{"aef": domain.RoleMember})
	second := user(3, "second@aef.test", "Sasha Second", map[string]string{"aef": domain.RoleMember})
	suspended := user(4, "suspended@aef.test", "Sam Suspended", map[string]string{"aef": domain.RoleMember})
	suspended.Status = domain.StatusSuspended
	root := user(5, "root@updspace.test", "Robin Root", map[string]string{"aef": domain.RoleMember})
	root.SystemAdmin = true
	outsider := user(6, "outsider@gaming.test", "Olga Outsider", map[string]string{"gaming": domain.RoleAdmin})
	return Demo{Tenants: demoTenants(), Users: append([]app.DemoUser{admin, member, second, suspended, root, outsider}, demoPlayers()...)}
}

func demoTenants() []app.DemoTenant {
	return []app.DemoTenant{
		{ID: uuid.MustParse("00000000-0000-0000-0000-000000000001"), Slug: "aef", Card: domain.TenantEdit{
			Name:        new("Маяк"),
			Description: new("Медленные игры, громкие вечера. Кооператив, рейды, настолки и своя премия для тех, кому завтра на работу. English spoken, mostly about snacks."),
			Hue:         new(27), Chroma: new(0.16), Languages: &[]string{"en", "ru"}, DefaultLanguage: new("ru"), Admission: new(domain.AdmissionApplication),
		}, Questions: demoQuestions(), Applications: []domain.ApplicationDraft{
			{Email: "freya@player.test", DisplayName: "Freya Lind", Language: "en", Answers: map[string]string{
				"games": "Chess, Carcassonne, anything with a map", "evenings": "weekends", "about": "I moved here in spring and miss a table to sit at.", "rules": domain.AnswerChecked,
			}},
			{Email: "arkady@player.test", DisplayName: "Аркадий", Language: "ru", Answers: map[string]string{
				"games": "Кооператив и рейды", "evenings": "weekdays", "rules": domain.AnswerChecked,
			}},
		}},
		{ID: uuid.MustParse("00000000-0000-0000-0000-000000000002"), Slug: "gaming", Card: domain.TenantEdit{
			Name:        new("Улица автоматов"),
			Description: new("Twelve cabinets, two sticks each, one argument about the third. Open from six until the last match ends."),
			Hue:         new(195), Chroma: new(0.13), Languages: &[]string{"en", "ru"}, DefaultLanguage: new("en"), Admission: new(domain.AdmissionOpen),
		}},
	}
}

// demoQuestions are what people answer who want to join.
func demoQuestions() []domain.Question {
	text := func(en, ru string) domain.LocalText { return domain.LocalText{"en": en, "ru": ru} }
	return []domain.Question{
		{Key: "games", Kind: domain.QuestionText, Label: text("What do you play?", "Во что вы играете?"), Required: true},
		{Key: "evenings", Kind: domain.QuestionChoice, Label: text("When do you have time?", "Когда у вас есть время?"), Required: true, Options: []domain.QuestionOption{
			{Value: "weekdays", Label: text("On weekday evenings", "По вечерам в будни")}, {Value: "weekends", Label: text("At weekends", "В выходные")},
		}},
		{Key: "about", Kind: domain.QuestionLongText, Label: text("Anything else?", "Хотите что-то добавить?")},
		{Key: "rules", Kind: domain.QuestionCheckbox, Label: text("I have read the rules of the house", "Правила прочитаны"), Required: true},
	}
}

// demoPlayers are members who fill the pages. They have no password, so that signing in as one takes a link by mail.
func demoPlayers() []app.DemoUser {
	names := []struct{ username, name string }{
		{"yana", "Яна Ветрова"}, {"miron", "Мирон Дёмин"}, {"taya", "Тая Лунёва"}, {"polyn", "Полынь"}, {"oleg.r", "Олег Рябинин"},
		{"nika.orlan", "Ника Орлан"}, {"lev", "Лев Соколов"}, {"quartz", "Кварц"}, {"theo", "Theo Vance"}, {"maki", "Maki Sol"},
		{"juno", "Juno Marsh"}, {"wren", "Wren Castillo"}, {"otto", "Otto Brandt"}, {"ines", "Ines Duarte"}, {"bram", "Bram de Wit"},
		{"sonya", "Соня Крылова"}, {"gleb.pak", "Глеб Пак"}, {"pip", "Pip Harlow"},
	}
	alsoGaming := []string{"quartz", "theo", "ines"}
	players := make([]app.DemoUser, len(names))
	for i, n := range names {
		id := uuid.MustParse("00000000-0000-4000-8000-000000000010")
		id[15] += byte(i + 1)
		first, last, _ := strings.Cut(n.name, " ")
		players[i] = app.DemoUser{
			NewAccount: app.NewAccount{
				ID: id, Email: fmt.Sprintf("player%d@aef.test", i+1), Username: n.username, DisplayName: n.name, FirstName: first, LastName: last,
			},
			Roles: map[string]string{"aef": domain.RoleMember}, Since: time.Duration(6*(len(names)-i)-3) * day,
		}
		if i < 4 { // they sign in in the journeys that change how one signs in
			players[i].Password = DemoPassword
		}
		if slices.Contains(alsoGaming, n.username) {
			players[i].Roles["gaming"] = domain.RoleMember
		}
	}
	return players
}

// SeedDemo makes demo data where it is not there yet. It refuses outside
// development mode, and a service outside it refuses a database that has any.
func SeedDemo(ctx context.Context, cfg Config, d Demo) error {
	if !cfg.Dev() {
		return errors.New("demo data is for development mode only")
	}
	return operate(ctx, cfg, func(ctx context.Context, o operator) error { return o.Demo.Seed(ctx, d.Tenants, d.Users) })
}
