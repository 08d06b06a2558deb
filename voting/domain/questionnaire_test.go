package domain_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"go.updspace.com/voting/domain"
)

// questionnaire has one question per number, with that many options.
func questionnaire(t testing.TB, poll uuid.UUID, options ...int) domain.Questionnaire {
	t.Helper()
	drafts := make([]domain.QuestionDraft, len(options))
	for i, n := range options {
		drafts[i] = domain.QuestionDraft{Title: "question", Options: optionDrafts(n)}
	}
	p, err := domain.Questionnaire{}.AddAll(poll, drafts)
	require.NoError(t, err)
	return p
}

// optionDrafts returns n options with different titles.
func optionDrafts(n int) []domain.OptionDraft {
	drafts := make([]domain.OptionDraft, n)
	for i := range drafts {
		drafts[i].Title = fmt.Sprintf("option %d", i)
	}
	return drafts
}

func at(n int) *int { return &n }

func TestANewQuestion(t *testing.T) {
	t.Parallel()
	poll, game := uuid.New(), uuid.New()
	p, q, err := domain.Questionnaire{}.Add(poll, domain.QuestionDraft{Title: " Best game ", Options: []domain.OptionDraft{{Title: "Go"}, {Title: "Chess", GameID: game, MediaURL: "/media/1.png"}}})
	require.NoError(t, err)
	require.Equal(t, domain.QuestionData{ID: q.ID(), PollID: poll, Title: "Best game", Kind: domain.KindCustom, MaxVotes: 1, Config: domain.Document{}}, q.Data())
	options := p.OptionsOf(q.ID())
	require.Len(t, options, 2)
	require.Equal(t, domain.OptionData{ID: options[1].ID(), PollID: poll, QuestionID: q.ID(), Title: "Chess", MediaURL: "/media/1.png", GameID: game, SortOrder: 1}, options[1].Data())
}

func TestWhatAQuestionCannotBe(t *testing.T) {
	t.Parallel()
	option := func(o domain.OptionDraft) domain.QuestionDraft {
		return domain.QuestionDraft{Title: "q", Options: []domain.OptionDraft{{Title: "fine"}, o}}
	}
	for name, c := range map[string]struct {
		draft  domain.QuestionDraft
		fields []string
		err    error
	}{
		"no title":                   {domain.QuestionDraft{Title: " "}, nil, domain.ErrQuestionTitleRequired},
		"a title too long":           {domain.QuestionDraft{Title: strings.Repeat("a", 256)}, []string{"title"}, nil},
		"an unknown kind":            {domain.QuestionDraft{Title: "q", Kind: "song"}, []string{"kind"}, nil},
		"a negative sort order":      {domain.QuestionDraft{Title: "q", SortOrder: at(-1)}, []string{"sort_order"}, nil},
		"a sort order too large":     {domain.QuestionDraft{Title: "q", SortOrder: at(1_000_001)}, []string{"sort_order"}, nil},
		"too many votes":             {domain.QuestionDraft{Title: "q", MaxVotes: 201}, []string{"max_votes"}, nil},
		"a negative number of votes": {domain.QuestionDraft{Title: "q", MaxVotes: -1}, []string{"max_votes"}, nil},
		"an option without a title":  {option(domain.OptionDraft{}), nil, domain.ErrOptionTitleRequired},
		"a script for a picture":     {option(domain.OptionDraft{Title: "o", MediaURL: "javascript:alert(1)"}), []string{"options.1.media_url"}, nil},
		"another host for a picture": {option(domain.OptionDraft{Title: "o", MediaURL: "//evil.example/x.png"}), []string{"options.1.media_url"}, nil},
		"an address too long":        {option(domain.OptionDraft{Title: "o", MediaURL: "https://example.org/" + strings.Repeat("a", 500)}), []string{"options.1.media_url"}, nil},
		"a config too large":         {domain.QuestionDraft{Title: "q", Config: map[string]any{"a": strings.Repeat("a", 17<<10)}}, []string{"config"}, nil},
		"too many options":           {domain.QuestionDraft{Title: "q", Options: optionDrafts(201)}, nil, domain.ErrTooManyOptions},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := domain.Questionnaire{}.Add(uuid.New(), c.draft)
			require.Error(t, err)
			require.ElementsMatch(t, c.fields, fieldsOf(err))
			if c.err != nil {
				require.ErrorIs(t, err, c.err)
			}
		})
	}
	_, err := domain.Questionnaire{}.AddAll(uuid.New(), []domain.QuestionDraft{{Title: "q", Kind: "x"}, {Title: "q", Options: []domain.OptionDraft{{Title: "o", MediaURL: "x"}}}})
	require.ElementsMatch(t, []string{"nominations.0.kind", "nominations.1.options.0.media_url"}, fieldsOf(err), "every mistake at once")
	_, err = domain.Questionnaire{}.AddAll(uuid.New(), slices.Repeat([]domain.QuestionDraft{{Title: "q"}}, 101))
	require.ErrorIs(t, err, domain.ErrTooManyQuestions)
}

// Two options are the same when voters cannot tell them apart: case, composition and invisible characters do not count.
func TestOptionsOfAQuestionAreDifferent(t *testing.T) {
	t.Parallel()
	for _, titles := range [][2]string{{"Chess", "Chess"}, {"Chess", " chess "}, {"caf\u00e9", "CAFE\u0301"}, {"\u0415\u043b\u043a\u0430", "\u0401\u043b\u043a\u0430"}} {
		options := []domain.OptionDraft{{Title: titles[0]}, {Title: titles[1]}}
		_, _, err := domain.Questionnaire{}.Add(uuid.New(), domain.QuestionDraft{Title: "q", Options: options})
		require.ErrorIs(t, err, domain.ErrOptionExists)
		p, q, err := domain.Questionnaire{}.Add(uuid.New(), domain.QuestionDraft{Title: "q", Options: options[:1]})
		require.NoError(t, err)
		_, _, err = p.AddOption(q.ID(), options[1])
		require.ErrorIs(t, err, domain.ErrOptionExists)
		_, again, err := p.AddOption(q.ID(), domain.OptionDraft{Title: "Go"})
		require.NoError(t, err)
		p, _, err = p.Add(uuid.New(), domain.QuestionDraft{Title: "another question", Options: options[1:]})
		require.NoError(t, err)
		p = domain.RestoreQuestionnaire(p.Questions(), append(p.Options(), again))
		_, err = p.EditOption(again.ID(), domain.OptionEdit{Title: &titles[1]})
		require.ErrorIs(t, err, domain.ErrOptionExists)
		_, err = p.EditOption(p.OptionsOf(q.ID())[0].ID(), domain.OptionEdit{Title: &titles[1]})
		require.NoError(t, err, "an option may keep its own title")
	}
}

func TestSortOrdersOfQuestions(t *testing.T) {
	t.Parallel()
	p := questionnaire(t, uuid.New(), 1, 1, 1)
	first, middle, last := p.Questions()[0], p.Questions()[1], p.Questions()[2]
	// after the middle one was deleted, the number of questions is the sort order of the last one
	p = domain.RestoreQuestionnaire([]domain.Question{last, first}, nil)
	p, added, err := p.Add(uuid.New(), domain.QuestionDraft{Title: "new"})
	require.NoError(t, err)
	require.Equal(t, 3, added.Data().SortOrder)
	_, filling, err := p.Add(uuid.New(), domain.QuestionDraft{Title: "new", SortOrder: at(middle.Data().SortOrder)})
	require.NoError(t, err)
	require.Equal(t, 1, filling.Data().SortOrder)

	_, _, err = p.Add(uuid.New(), domain.QuestionDraft{Title: "new", SortOrder: at(0)})
	require.ErrorIs(t, err, domain.ErrSortOrderTaken, "0 is a sort order like any other")
	_, err = p.EditQuestion(last.ID(), domain.QuestionEdit{SortOrder: at(0)})
	require.ErrorIs(t, err, domain.ErrSortOrderTaken)
	kept, err := p.EditQuestion(last.ID(), domain.QuestionEdit{SortOrder: at(2)})
	require.NoError(t, err)
	require.Equal(t, last, kept)
}

func TestEditingAQuestionnaire(t *testing.T) {
	t.Parallel()
	p := questionnaire(t, uuid.New(), 2)
	q, o := p.Questions()[0], p.Options()[0]
	title, empty, kind, required, url, game := "new", "", domain.KindPerson, true, "https://example.org/a.png", uuid.New()

	edited, err := p.EditQuestion(q.ID(), domain.QuestionEdit{Title: &title, Description: &title, Kind: &kind, MaxVotes: at(2), IsRequired: &required, Config: map[string]any{"a": 1.0}})
	require.NoError(t, err)
	want := q.Data()
	want.Title, want.Description, want.Kind, want.MaxVotes, want.IsRequired, want.Config = title, title, kind, 2, true, domain.Document{"a": 1.0}
	require.Equal(t, want, edited.Data())

	changed, err := p.EditOption(o.ID(), domain.OptionEdit{Title: &title, Description: &title, MediaURL: &url, GameID: &game, SortOrder: at(5)})
	require.NoError(t, err)
	wanted := o.Data()
	wanted.Title, wanted.Description, wanted.MediaURL, wanted.GameID, wanted.SortOrder = title, title, url, game, 5
	require.Equal(t, wanted, changed.Data())

	_, err = p.EditQuestion(q.ID(), domain.QuestionEdit{Title: &empty})
	require.ErrorIs(t, err, domain.ErrQuestionTitleRequired)
	_, err = p.EditQuestion(q.ID(), domain.QuestionEdit{MaxVotes: at(0)})
	require.Equal(t, []string{"max_votes"}, fieldsOf(err))
	_, err = p.EditQuestion(uuid.New(), domain.QuestionEdit{})
	require.ErrorIs(t, err, domain.ErrQuestionNotFound)
	_, err = p.EditOption(o.ID(), domain.OptionEdit{Title: &empty})
	require.ErrorIs(t, err, domain.ErrOptionTitleRequired)
	_, err = p.EditOption(uuid.New(), domain.OptionEdit{})
	require.ErrorIs(t, err, domain.ErrOptionNotFound)
	_, _, err = p.AddOption(uuid.New(), domain.OptionDraft{Title: "o"})
	require.ErrorIs(t, err, domain.ErrQuestionNotFound)
}

// However questions and options are added: both stay in their order, and no two questions share a sort order.
func TestAQuestionnaireKeepsItsOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		poll := uuid.New()
		var p domain.Questionnaire
		t.Repeat(map[string]func(*rapid.T){
			"add a question": func(t *rapid.T) {
				draft := domain.QuestionDraft{Title: "q"}
				if rapid.Bool().Draw(t, "with sort order") {
					draft.SortOrder = at(rapid.IntRange(0, 5).Draw(t, "sort order"))
				}
				if added, _, err := p.Add(poll, draft); err == nil {
					p = added
				} else {
					require.ErrorIs(t, err, domain.ErrSortOrderTaken)
					require.NotNil(t, draft.SortOrder, "a generated sort order is never taken")
				}
			},
			"add an option": func(t *rapid.T) {
				if len(p.Questions()) == 0 {
					t.Skip()
				}
				q := rapid.SampledFrom(p.Questions()).Draw(t, "question")
				added, o, err := p.AddOption(q.ID(), domain.OptionDraft{Title: uuid.NewString(), SortOrder: at(rapid.IntRange(0, 3).Draw(t, "sort order"))})
				require.NoError(t, err)
				p = added
				found, err := p.Option(o.ID())
				require.NoError(t, err)
				require.Equal(t, o, found)
			},
			"": func(t *rapid.T) {
				questions := p.Questions()
				for i := 1; i < len(questions); i++ {
					require.Less(t, questions[i-1].Data().SortOrder, questions[i].Data().SortOrder)
				}
				var all []domain.Option
				for _, q := range questions {
					of := p.OptionsOf(q.ID())
					require.True(t, slices.IsSortedFunc(of, func(a, b domain.Option) int { return a.Data().SortOrder - b.Data().SortOrder }))
					all = append(all, of...)
				}
				require.Equal(t, all, slices.Clip(p.Options())[:len(all):len(all)])
				require.Len(t, p.Options(), len(all))
			},
		})
	})
}
