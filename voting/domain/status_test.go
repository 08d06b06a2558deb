package domain_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"go.updspace.com/voting/domain"
)

func TestMovingBetweenStatuses(t *testing.T) {
	t.Parallel()
	const draft, active, closed = domain.StatusDraft, domain.StatusActive, domain.StatusClosed
	polls := map[domain.Status]domain.Poll{draft: newPoll(t, nil)}
	full := questionnaire(t, polls[draft].ID(), 2)
	polls[active], _, _ = polls[draft].Transition(active, full, noon)
	polls[closed], _, _ = polls[active].Transition(closed, full, noon)
	for _, c := range []struct {
		from, to domain.Status
		err      error
		changed  bool
	}{
		{draft, draft, nil, false}, {draft, active, nil, true}, {draft, closed, domain.ErrInvalidTransition, false},
		{active, draft, domain.ErrInvalidStatus, false}, {active, active, nil, false}, {active, closed, nil, true},
		{closed, draft, domain.ErrInvalidStatus, false}, {closed, active, domain.ErrInvalidTransition, false}, {closed, closed, nil, false},
		{draft, "open", domain.ErrInvalidStatus, false},
	} {
		t.Run(string(c.from+" to "+c.to), func(t *testing.T) {
			moved, changed, err := polls[c.from].Transition(c.to, full, noon.Add(time.Hour))
			require.ErrorIs(t, err, c.err)
			require.Equal(t, c.changed, changed)
			if c.changed {
				require.Equal(t, c.to, moved.Data().Status)
				require.Equal(t, polls[c.from].Version()+1, moved.Version())
				require.Equal(t, noon.Add(time.Hour), moved.Data().UpdatedAt)
			}
		})
	}
}

func TestWhatPublishingNeeds(t *testing.T) {
	t.Parallel()
	poll := newPoll(t, nil)
	publish := func(p domain.Questionnaire) error {
		_, _, err := poll.Transition(domain.StatusActive, p, noon)
		return err
	}
	require.ErrorIs(t, publish(domain.Questionnaire{}), domain.ErrNoQuestions)
	require.ErrorIs(t, publish(questionnaire(t, poll.ID(), 2, 0)), domain.ErrNoOptions)
	greedy, err := domain.Questionnaire{}.AddAll(poll.ID(), []domain.QuestionDraft{
		{Title: "fine", Options: []domain.OptionDraft{{Title: "a"}}},
		{Title: "greedy", MaxVotes: 3, Options: []domain.OptionDraft{{Title: "a"}, {Title: "b"}}},
	})
	require.NoError(t, err)
	require.Equal(t, []string{"nominations.1.max_votes"}, fieldsOf(publish(greedy)))
}

func TestWhenBallotsAreTaken(t *testing.T) {
	t.Parallel()
	at := func(s domain.Schedule, status domain.Status) domain.Poll {
		d := newPoll(t, func(d *domain.PollDraft) { d.Schedule, d.Rules.AllowRevoting = s, true }).Data()
		d.Status = status
		return domain.RestorePoll(d)
	}
	window := domain.Schedule{Starts: noon, Ends: noon.Add(time.Hour)}
	for name, c := range map[string]struct {
		poll domain.Poll
		now  time.Time
		err  error
	}{
		"draft":           {at(domain.Schedule{}, domain.StatusDraft), noon, domain.ErrPollClosed},
		"closed":          {at(domain.Schedule{}, domain.StatusClosed), noon, domain.ErrPollClosed},
		"closed and over": {at(window, domain.StatusClosed), noon.Add(2 * time.Hour), domain.ErrPollClosed},
		"any time":        {at(domain.Schedule{}, domain.StatusActive), noon, nil},
		"too early":       {at(window, domain.StatusActive), noon.Add(-time.Microsecond), domain.ErrPollNotStarted},
		"at the start":    {at(window, domain.StatusActive), noon, nil},
		"at the end":      {at(window, domain.StatusActive), noon.Add(time.Hour), nil},
		"too late":        {at(window, domain.StatusActive), noon.Add(time.Hour + time.Microsecond), domain.ErrPollEnded},
	} {
		t.Run(name, func(t *testing.T) {
			require.ErrorIs(t, c.poll.AcceptsBallots(c.now), c.err)
			require.ErrorIs(t, c.poll.CanRevoke(c.now), c.err)
		})
	}
	final := newPoll(t, nil)
	require.ErrorIs(t, final.CanRevoke(noon), domain.ErrRevoteNotAllowed)
}

// Whatever is tried with a poll: it only goes forward, its version counts exactly the changes, its creator stays, and only
// a draft can be edited.
func TestAPollOnlyGoesForward(t *testing.T) {
	t.Parallel()
	rank := map[domain.Status]int{domain.StatusDraft: 0, domain.StatusActive: 1, domain.StatusClosed: 2}
	rapid.Check(t, func(t *rapid.T) {
		poll, err := domain.NewPoll(maker, draft(nil), noon)
		require.NoError(t, err)
		full, err := domain.Questionnaire{}.AddAll(poll.ID(), []domain.QuestionDraft{{Title: "q", Options: []domain.OptionDraft{{Title: "o"}}}})
		require.NoError(t, err)
		now := noon
		t.Repeat(map[string]func(*rapid.T){
			"move": func(t *rapid.T) {
				now = now.Add(time.Second)
				to := rapid.SampledFrom([]domain.Status{domain.StatusDraft, domain.StatusActive, domain.StatusClosed, "open"}).Draw(t, "to")
				on := rapid.SampledFrom([]domain.Questionnaire{{}, full}).Draw(t, "questionnaire")
				moved, changed, err := poll.Transition(to, on, now)
				if err != nil {
					require.False(t, changed)
					return
				}
				was, is := rank[poll.Data().Status], rank[moved.Data().Status]
				require.Equal(t, to, moved.Data().Status)
				require.Contains(t, []int{was, was + 1}, is)
				require.Equal(t, changed, is > was)
				poll = moved
			},
			"edit": func(t *rapid.T) {
				now = now.Add(time.Second)
				title := rapid.StringN(0, 300, -1).Draw(t, "title")
				anonymous := rapid.Bool().Draw(t, "anonymous")
				hasBallots := rapid.Bool().Draw(t, "has ballots")
				edited, changed, err := poll.Edit(domain.PollEdit{Title: &title, Anonymous: &anonymous}, hasBallots, now)
				if err != nil {
					return
				}
				if hasBallots {
					require.Equal(t, poll.Data().Rules, edited.Data().Rules)
					require.Equal(t, poll.Data().Title, edited.Data().Title)
				}
				want := poll.Version()
				if changed {
					want++
					require.Equal(t, now, edited.Data().UpdatedAt)
				}
				require.Equal(t, want, edited.Version())
				poll = edited
			},
			"": func(t *rapid.T) {
				d := poll.Data()
				require.Equal(t, d.Status == domain.StatusDraft, poll.CanEditQuestions() == nil)
				require.Equal(t, d.Status == domain.StatusActive, poll.AcceptsBallots(now) == nil)
				require.NotEmpty(t, d.Title)
				require.LessOrEqual(t, len([]rune(d.Title)), 255)
				require.Equal(t, maker.User, d.CreatedBy)
				require.Equal(t, noon, d.CreatedAt)
			},
		})
	})
}
