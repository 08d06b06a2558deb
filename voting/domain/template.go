package domain

import "cmp"

// Language is a language that the texts of templates exist in.
type Language string

// The languages. Russian is the default, as in the former system.
const (
	Russian Language = "ru"
	English Language = "en"
)

// Valid reports whether l is one of them.
func (l Language) Valid() bool { return l == Russian || l == English }

// Localized is a text in every language.
type Localized struct {
	RU string
	EN string
}

// In returns the text in a language.
func (t Localized) In(l Language) string {
	if l == English {
		return t.EN
	}
	return t.RU
}

// Template is a kind of poll to start from. Its presets are defaults.
type Template struct {
	Slug        string
	Title       Localized
	Description Localized
	Rules       Rules
	Questions   []TemplateQuestion
}

// TemplateQuestion is a question to start from, without options, which the creator adds. Hint says what to add; it does not
// become a part of the poll.
type TemplateQuestion struct {
	Title      Localized
	Hint       Localized
	Kind       Kind
	MaxVotes   int
	IsRequired bool
}

// FindTemplate returns the template with a slug, or ErrUnknownTemplate. Without a slug it is the empty template.
func FindTemplate(slug string) (Template, error) {
	if slug == "" {
		return Template{}, nil
	}
	for _, t := range Templates() {
		if t.Slug == slug {
			return t, nil
		}
	}
	return Template{}, ErrUnknownTemplate
}

// Apply returns the draft with the presets of the template for what the creator left open.
func (t Template) Apply(d PollDraft, allowRevoting *bool) PollDraft {
	d.Rules.AllowRevoting = d.Rules.AllowRevoting || t.Rules.AllowRevoting
	set(&d.Rules.AllowRevoting, allowRevoting)
	d.Rules.Results = cmp.Or(d.Rules.Results, t.Rules.Results)
	return d
}

// Drafts returns the questions of the template in a language.
func (t Template) Drafts(l Language) []QuestionDraft {
	drafts := make([]QuestionDraft, len(t.Questions))
	for i, q := range t.Questions {
		drafts[i] = QuestionDraft{Title: q.Title.In(l), Kind: cmp.Or(q.Kind, KindCustom), MaxVotes: max(q.MaxVotes, 1), IsRequired: q.IsRequired}
	}
	return drafts
}

// Templates returns all templates, in the order in which they are shown.
func Templates() []Template {
	return []Template{
		{
			Slug:        "quick",
			Title:       Localized{"Быстрый опрос", "Quick poll"},
			Description: Localized{"Один вопрос, один ответ. Результаты видны сразу.", "One question, one answer. Results are visible at once."},
			Rules:       Rules{Results: ResultsAlways},
			Questions: []TemplateQuestion{{
				Title: Localized{"Во что играем сегодня?", "What do we play tonight?"}, IsRequired: true,
				Hint: Localized{"Замените вопрос своим и добавьте два–пять вариантов.", "Put your own question and add two to five options."},
			}},
		},
		{
			Slug:        "multi",
			Title:       Localized{"Несколько ответов", "Several answers"},
			Description: Localized{"Один вопрос, до трёх ответов. Голос можно изменить.", "One question, up to three answers. Votes can be changed."},
			Rules:       Rules{AllowRevoting: true, Results: ResultsAfterClosed},
			Questions: []TemplateQuestion{{
				Title: Localized{"Какие игры добавить в расписание?", "Which games should we add to the schedule?"}, MaxVotes: 3,
				Hint: Localized{"Добавьте не меньше трёх вариантов: каждый участник выберет до трёх.", "Add at least three options: each member chooses up to three."},
			}},
		},
		{
			Slug:        "survey",
			Title:       Localized{"Анкета", "Survey"},
			Description: Localized{"Несколько вопросов с одним ответом.", "Several questions with one answer each."},
			Rules:       Rules{Results: ResultsAfterClosed},
			Questions: []TemplateQuestion{
				{
					Title: Localized{"Как часто вы играете с нами?", "How often do you play with us?"}, IsRequired: true,
					Hint: Localized{"Обязательный вопрос. Например: каждый день, раз в неделю, реже.", "A required question. For example: daily, weekly, less often."},
				},
				{
					Title: Localized{"Что нам улучшить в первую очередь?", "What should we improve first?"},
					Hint:  Localized{"Необязательный вопрос. Перечислите то, что готовы изменить.", "An optional question. List what you are ready to change."},
				},
			},
		},
		{
			Slug:        "awards",
			Title:       Localized{"Премия", "Awards"},
			Description: Localized{"Номинации с голосованием за лучших. Результаты открываются после закрытия.", "Nominations for the best. Results open when the poll is closed."},
			Rules:       Rules{Results: ResultsAfterClosed},
			Questions: []TemplateQuestion{
				{
					Title: Localized{"Лучшая игра года", "Game of the year"},
					Hint:  Localized{"Добавьте номинантов с обложками.", "Add the nominees with their covers."},
				},
				{
					Title: Localized{"Лучшая инди-игра", "Best indie game"},
					Hint:  Localized{"Добавьте номинантов или замените номинацию своей.", "Add the nominees, or put a nomination of your own."},
				},
			},
		},
		{
			Slug:        "schedule",
			Title:       Localized{"Выбор даты", "Find a date"},
			Description: Localized{"Найдите время, удобное всем. Голос можно изменить.", "Find the time that suits everyone. Votes can be changed."},
			Rules:       Rules{AllowRevoting: true, Results: ResultsAlways},
			Questions: []TemplateQuestion{{
				Title: Localized{"Когда вам удобно?", "When does it suit you?"}, MaxVotes: 5,
				Hint: Localized{"Добавьте не меньше пяти дат: каждый участник отметит до пяти.", "Add at least five dates: each member marks up to five."},
			}},
		},
	}
}
