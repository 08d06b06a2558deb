package domain_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/errs"
	"go.updspace.com/voting/domain"
)

func TestABallotIsReplacedAsAWhole(t *testing.T) {
	t.Parallel()
	made := newPoll(t, func(d *domain.PollDraft) { d.Rules.AllowRevoting = true })
	p := questionnaire(t, made.ID(), 3, 2)
	first, second := p.Questions()[0], p.Questions()[1]
	required := first.Data()
	required.IsRequired, required.MaxVotes = true, 2
	first = domain.RestoreQuestion(required)
	p = domain.RestoreQuestionnaire([]domain.Question{first, second}, p.Options())
	poll := activePoll(t, p, made)
	fixed := poll.Data()
	fixed.Rules.AllowRevoting = false
	final := domain.RestorePoll(fixed)
	a, b := p.OptionsOf(first.ID()), p.OptionsOf(second.ID())
	answer := func(q domain.Question, options ...domain.Option) domain.Answer {
		in := domain.Answer{QuestionID: q.ID()}
		for _, o := range options {
			in.OptionIDs = append(in.OptionIDs, o.ID())
		}
		return in
	}
	before, err := p.ReplaceBallots(poll, other, []domain.Answer{answer(first, a[0]), answer(second, b[0])}, nil, "first", noon)
	require.NoError(t, err)
	mine := before.Ballots()
	require.Len(t, mine, 2)

	for name, c := range map[string]struct {
		poll               domain.Poll
		answers            []domain.Answer
		at                 time.Time
		want               error
		kept, removed, add int
	}{
		"another option":               {poll: poll, answers: []domain.Answer{answer(first, a[1]), answer(second, b[0])}, kept: 1, removed: 1, add: 1},
		"one option more":              {poll: poll, answers: []domain.Answer{answer(first, a[0], a[1]), answer(second, b[0])}, kept: 2, add: 1},
		"the same":                     {poll: poll, answers: []domain.Answer{answer(first, a[0]), answer(second, b[0])}, kept: 2},
		"the same, in no open poll":    {poll: made, answers: []domain.Answer{answer(first, a[0]), answer(second, b[0])}, kept: 2},
		"another one, in no open poll": {poll: made, answers: []domain.Answer{answer(first, a[1])}, want: domain.ErrPollClosed},
		"one less":                     {poll: poll, answers: []domain.Answer{answer(first, a[0])}, kept: 1, removed: 1},
		"one less, where none can be":  {poll: final, answers: []domain.Answer{answer(first, a[0])}, want: domain.ErrRevoteNotAllowed},
		"one more, where none goes":    {poll: final, answers: []domain.Answer{answer(first, a[0], a[2]), answer(second, b[0])}, kept: 2, add: 1},
		"without a required one":       {poll: poll, answers: []domain.Answer{answer(second, b[1])}, want: domain.ErrAnswerRequired},
		"an empty required one":        {poll: poll, answers: []domain.Answer{answer(first), answer(second, b[0])}, want: domain.ErrAnswerRequired},
		"too many":                     {poll: poll, answers: []domain.Answer{answer(first, a...)}, want: domain.ErrTooManyVotes},
		"an option of another":         {poll: poll, answers: []domain.Answer{answer(first, b[0])}, want: domain.ErrOptionNotFound},
		"no such option":               {poll: poll, answers: []domain.Answer{{QuestionID: first.ID(), OptionIDs: []uuid.UUID{uuid.New()}}}, want: domain.ErrOptionNotFound},
		"no such question":             {poll: poll, answers: []domain.Answer{{QuestionID: uuid.New()}}, want: domain.ErrQuestionNotFound},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, err := p.ReplaceBallots(c.poll, other, c.answers, mine, "again", noon)
			require.ErrorIs(t, err, c.want)
			require.Equal(t, []int{c.kept, c.removed, c.add}, []int{len(r.Kept), len(r.Remove), len(r.Add)})
			require.Equal(t, c.removed+c.add > 0, r.Changes())
			require.Len(t, r.Ballots(), c.kept+c.add)
		})
	}
	_, err = p.ReplaceBallots(poll, other, []domain.Answer{answer(second, b[1])}, mine, "again", noon)
	var missing *errs.Error
	require.ErrorAs(t, err, &missing)
	require.Equal(t, []string{first.ID().String()}, missing.Details["nomination_ids"])
	for field, twice := range map[string][]domain.Answer{
		"answers.1.nomination_id": {answer(first, a[0]), answer(first, a[1])}, "answers.0.option_ids.1": {answer(first, a[0], a[0])},
	} {
		_, err = p.ReplaceBallots(poll, other, twice, nil, "again", noon)
		require.Contains(t, fieldsOf(err), field)
	}
}

// The start of a poll is announced once: by its publication if it has begun then, else when it begins.
func TestAPollOpensOnce(t *testing.T) {
	t.Parallel()
	starts := noon.Add(time.Hour)
	for name, c := range map[string]struct {
		starts time.Time
		opened bool
	}{"without a start": {opened: true}, "with a start that has come": {starts: noon, opened: true}, "with a start to come": {starts: starts}} {
		made := newPoll(t, func(d *domain.PollDraft) { d.Schedule.Starts = c.starts })
		_, opens := made.Open(starts)
		require.False(t, opens, "a draft")
		poll := activePoll(t, questionnaire(t, made.ID(), 1), made)
		require.Equal(t, c.opened, poll.Data().Opened, name)
		_, opens = poll.Open(noon)
		require.False(t, opens, name)
		opened, opens := poll.Open(starts)
		require.Equal(t, !c.opened, opens, name)
		_, opens = opened.Open(starts)
		require.False(t, opens, name)
		closed, _, err := poll.Transition(domain.StatusClosed, domain.Questionnaire{}, noon)
		require.NoError(t, err)
		require.False(t, closed.Data().Opened, name)
	}
}
