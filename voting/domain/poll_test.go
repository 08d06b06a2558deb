package domain_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/groups"
	"go.updspace.com/voting/domain"
)

var (
	noon  = time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC)
	maker = authz.Actor{Tenant: uuid.MustParse("00000000-0000-0000-0000-000000000001"), User: uuid.MustParse("00000000-0000-4000-8000-000000000001")}
	other = authz.Actor{Tenant: maker.Tenant, User: uuid.MustParse("00000000-0000-4000-8000-000000000002")}
)

func draft(change func(*domain.PollDraft)) domain.PollDraft {
	d := domain.PollDraft{Title: "Game of the year", Scope: authz.TenantScope(maker.Tenant)}
	if change != nil {
		change(&d)
	}
	return d
}

func newPoll(t testing.TB, change func(*domain.PollDraft)) domain.Poll {
	t.Helper()
	poll, err := domain.NewPoll(maker, draft(change), noon)
	require.NoError(t, err)
	return poll
}

// fieldsOf returns the names of the fields that err finds wrong.
func fieldsOf(err error) (names []string) {
	var e *errs.Error
	if errors.As(err, &e) {
		for name := range e.Fields {
			names = append(names, name)
		}
	}
	return names
}

func TestANewPollIsADraftOfItsMaker(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, time.March, 1, 15, 0, 0, 1234567, time.FixedZone("", 3*3600))
	poll, err := domain.NewPoll(maker, draft(func(d *domain.PollDraft) { d.Title = "  Game\u00a0of the year " }), at)
	require.NoError(t, err)
	d := poll.Data()
	require.Equal(t, domain.PollData{
		ID: d.ID, TenantID: maker.Tenant, Title: "Game\u00a0of the year", Status: domain.StatusDraft, Scope: authz.TenantScope(maker.Tenant),
		Visibility: authz.VisibilityPublic, Rules: domain.Rules{Results: domain.ResultsAfterClosed}, Settings: domain.Document{},
		CreatedBy: maker.User, CreatedAt: noon.Add(1234 * time.Microsecond), UpdatedAt: noon.Add(1234 * time.Microsecond), Version: 1,
	}, d)
	require.NotEqual(t, uuid.Nil, d.ID)
}

func TestWhatAPollCannotBe(t *testing.T) {
	t.Parallel()
	community, team := authz.CommunityScope(uuid.New()), authz.TeamScope(uuid.New())
	beyond := time.Date(9999, time.December, 31, 23, 59, 59, 0, time.FixedZone("", -14*3600)) // a day later in UTC
	deep := map[string]any{}
	for range 8 {
		deep = map[string]any{"in": deep}
	}
	for name, c := range map[string]struct {
		change func(*domain.PollDraft)
		fields []string
	}{
		"no title":                     {func(d *domain.PollDraft) { d.Title = " \t" }, []string{"title"}},
		"a title too long":             {func(d *domain.PollDraft) { d.Title = strings.Repeat("ы", 256) }, []string{"title"}},
		"a long title":                 {func(d *domain.PollDraft) { d.Title = strings.Repeat("ы", 255) }, nil},
		"a title of two lines":         {func(d *domain.PollDraft) { d.Title = "a\nb" }, []string{"title"}},
		"a description of two lines":   {func(d *domain.PollDraft) { d.Description = "a\nb" }, nil},
		"a null in the description":    {func(d *domain.PollDraft) { d.Description = "a\x00b" }, []string{"description"}},
		"a description too long":       {func(d *domain.PollDraft) { d.Description = strings.Repeat("a", 10001) }, []string{"description"}},
		"an unknown visibility":        {func(d *domain.PollDraft) { d.Visibility = "secret" }, []string{"visibility"}},
		"a team's poll of a tenant":    {func(d *domain.PollDraft) { d.Visibility = authz.VisibilityTeam }, []string{"visibility"}},
		"a tenant is a community":      {func(d *domain.PollDraft) { d.Visibility = authz.VisibilityCommunity }, nil},
		"a community's poll":           {func(d *domain.PollDraft) { d.Visibility, d.Scope = authz.VisibilityCommunity, community }, nil},
		"a community's poll of a team": {func(d *domain.PollDraft) { d.Visibility, d.Scope = authz.VisibilityCommunity, team }, []string{"visibility"}},
		"a team's poll":                {func(d *domain.PollDraft) { d.Visibility, d.Scope = authz.VisibilityTeam, team }, nil},
		"a private poll of a team":     {func(d *domain.PollDraft) { d.Visibility, d.Scope = authz.VisibilityPrivate, team }, nil},
		"an unknown results rule":      {func(d *domain.PollDraft) { d.Rules.Results = "never" }, []string{"results_visibility"}},
		"an end before the start":      {func(d *domain.PollDraft) { d.Schedule = domain.Schedule{Starts: noon, Ends: noon} }, []string{"ends_at"}},
		"an end after the start": {func(d *domain.PollDraft) {
			d.Schedule = domain.Schedule{Starts: noon, Ends: noon.Add(time.Microsecond)}
		}, nil},
		"an end alone":           {func(d *domain.PollDraft) { d.Schedule.Ends = noon }, nil},
		"settings too large":     {func(d *domain.PollDraft) { d.Settings = map[string]any{"a": strings.Repeat("a", 17<<10)} }, []string{"settings"}},
		"settings of many parts": {func(d *domain.PollDraft) { d.Settings = map[string]any{"a": make([]any, 3000)} }, []string{"settings"}},
		"settings too deep":      {func(d *domain.PollDraft) { d.Settings = deep }, []string{"settings"}},
		"settings with a null":   {func(d *domain.PollDraft) { d.Settings = map[string]any{"a": []any{"\x00"}} }, []string{"settings"}},
		"everything wrong at once": {func(d *domain.PollDraft) {
			*d = domain.PollDraft{Visibility: "x", Rules: domain.Rules{Results: "x"}, Schedule: domain.Schedule{Starts: beyond}}
		}, []string{"title", "visibility", "results_visibility", "starts_at"}},
		"a start beyond the years":    {func(d *domain.PollDraft) { d.Schedule.Starts = beyond }, []string{"starts_at"}},
		"an end beyond the years":     {func(d *domain.PollDraft) { d.Schedule.Ends = beyond }, []string{"ends_at"}},
		"an invisible title":          {func(d *domain.PollDraft) { d.Title = "\u200b\u3164" }, []string{"title"}},
		"text in the other direction": {func(d *domain.PollDraft) { d.Description = "a\u202eb" }, []string{"description"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := domain.NewPoll(maker, draft(c.change), noon)
			require.ElementsMatch(t, c.fields, fieldsOf(err))
			require.Equal(t, c.fields == nil, err == nil)
		})
	}
}

func TestTheComputedSettingIsNeverStored(t *testing.T) {
	t.Parallel()
	raw := map[string]any{"total_votes": 100, "theme": "dark"}
	poll := newPoll(t, func(d *domain.PollDraft) { d.Settings = raw })
	require.Equal(t, domain.Document{"theme": "dark"}, poll.Data().Settings)
	require.Contains(t, raw, "total_votes", "the input is not changed")
}

// Access knows tenants, communities and teams. Only the audience of a community or a team is for access to know.
func TestChecksAreMadeInScopesThatAccessKnows(t *testing.T) {
	t.Parallel()
	id := uuid.New()
	tenant, community, team := authz.TenantScope(maker.Tenant), authz.CommunityScope(id), authz.TeamScope(id)
	for _, c := range []struct {
		scope      authz.Scope
		visibility authz.Visibility
		in         authz.Scope
		audience   authz.Visibility
	}{
		{tenant, authz.VisibilityPublic, tenant, ""},
		{tenant, authz.VisibilityCommunity, tenant, ""},
		{tenant, authz.VisibilityPrivate, tenant, ""},
		{community, authz.VisibilityPublic, community, ""},
		{community, authz.VisibilityCommunity, community, authz.VisibilityCommunity},
		{community, authz.VisibilityPrivate, community, ""},
		{team, authz.VisibilityTeam, team, authz.VisibilityTeam},
		{authz.Scope{Type: domain.ScopeEvent, ID: id}, authz.VisibilityPublic, tenant, ""},
		{authz.Scope{Type: domain.ScopePost, ID: id}, authz.VisibilityPrivate, tenant, ""},
	} {
		poll := newPoll(t, func(d *domain.PollDraft) { d.Scope, d.Visibility = c.scope, c.visibility })
		check := authz.Check{Permission: domain.PermissionPollRead, Scope: c.in}
		require.Equal(t, check, poll.Check(domain.PermissionPollRead))
		check.Visibility = c.audience
		require.Equal(t, check, poll.Audience().Check(domain.PermissionPollRead), "%v", c)
		require.False(t, poll.HasAudience(), "a draft")
		published := activePoll(t, questionnaire(t, poll.ID(), 1), poll)
		require.Equal(t, c.visibility != authz.VisibilityPrivate, published.HasAudience())
		hidden, _ := published.CloseWithGroup(groups.Deleted, noon)
		require.False(t, hidden.HasAudience())
	}
}

func TestEditing(t *testing.T) {
	t.Parallel()
	later := noon.Add(time.Hour)
	poll := newPoll(t, func(d *domain.PollDraft) {
		d.Description, d.Schedule, d.Settings = "old", domain.Schedule{Starts: noon, Ends: later}, map[string]any{"a": "b"}
	})
	str := func(s string) *string { return &s }
	yes, never, always, private := true, time.Time{}, domain.ResultsAlways, authz.VisibilityPrivate
	earlier, further := later.Add(-time.Minute), later.Add(time.Minute)
	amended := func(a domain.Amendment, change func(*domain.PollData)) func(*domain.PollData) {
		return func(d *domain.PollData) {
			a.At, a.Reason = later, "a typo"
			d.Amendments = []domain.Amendment{a}
			change(d)
		}
	}
	for name, c := range map[string]struct {
		edit       domain.PollEdit
		hasBallots bool
		want       func(*domain.PollData) // nil: nothing changes
		fields     []string
		err        error
	}{
		"nothing":                              {domain.PollEdit{}, true, nil, nil, nil},
		"to what it is":                        {domain.PollEdit{Title: str(" Game of the year"), Starts: &noon, Settings: map[string]any{"a": "b", "total_votes": 1}}, true, nil, nil, nil},
		"the title":                            {domain.PollEdit{Title: str("new"), AmendmentReason: "none is needed"}, false, func(d *domain.PollData) { d.Title = "new" }, nil, nil},
		"an empty title":                       {domain.PollEdit{Title: str("")}, false, nil, []string{"title"}, nil},
		"the description away":                 {domain.PollEdit{Description: str("")}, false, func(d *domain.PollData) { d.Description = "" }, nil, nil},
		"the visibility":                       {domain.PollEdit{Visibility: &private}, false, func(d *domain.PollData) { d.Visibility = private }, nil, nil},
		"the dates away":                       {domain.PollEdit{Starts: &never, Ends: &never}, false, func(d *domain.PollData) { d.Schedule = domain.Schedule{} }, nil, nil},
		"an end before the start":              {domain.PollEdit{Ends: &noon}, false, nil, []string{"ends_at"}, nil},
		"all settings":                         {domain.PollEdit{Settings: map[string]any{}}, true, func(d *domain.PollData) { d.Settings = domain.Document{} }, nil, nil},
		"a rule before the first vote":         {domain.PollEdit{Anonymous: &yes}, false, func(d *domain.PollData) { d.Rules.Anonymous = true }, nil, nil},
		"revoting before the first vote":       {domain.PollEdit{AllowRevoting: &yes}, false, func(d *domain.PollData) { d.Rules.AllowRevoting = true }, nil, nil},
		"results before the first vote":        {domain.PollEdit{Results: &always}, false, func(d *domain.PollData) { d.Rules.Results = always }, nil, nil},
		"a rule after the first vote":          {domain.PollEdit{Anonymous: &yes}, true, nil, nil, domain.ErrPollLocked},
		"revoting after the first vote":        {domain.PollEdit{AllowRevoting: &yes}, true, nil, nil, domain.ErrPollLocked},
		"results after the first vote":         {domain.PollEdit{Results: &always}, true, nil, nil, domain.ErrPollLocked},
		"the visibility after the first vote":  {domain.PollEdit{Visibility: &private, AmendmentReason: "a typo"}, true, nil, nil, domain.ErrPollLocked},
		"the start after the first vote":       {domain.PollEdit{Starts: &never}, true, nil, nil, domain.ErrPollLocked},
		"an earlier end after the first vote":  {domain.PollEdit{Ends: &earlier}, true, nil, nil, domain.ErrPollLocked},
		"a later end after the first vote":     {domain.PollEdit{Ends: &further}, true, func(d *domain.PollData) { d.Schedule.Ends = further }, nil, nil},
		"no end after the first vote":          {domain.PollEdit{Ends: &never}, true, func(d *domain.PollData) { d.Schedule.Ends = never }, nil, nil},
		"the title after the first vote":       {domain.PollEdit{Title: str("new")}, true, nil, nil, domain.ErrAmendmentNeeded},
		"the description after the first vote": {domain.PollEdit{Description: str("new"), AmendmentReason: " "}, true, nil, nil, domain.ErrAmendmentNeeded},
		"a reason of two lines":                {domain.PollEdit{Title: str("new"), AmendmentReason: "a\nb"}, true, nil, []string{"amendment_reason"}, nil},
		"a corrected title": {domain.PollEdit{Title: str("new"), AmendmentReason: " a typo "}, true, amended(
			domain.Amendment{Title: str("Game of the year")}, func(d *domain.PollData) { d.Title = "new" }), nil, nil},
		"a corrected description": {domain.PollEdit{Description: str("new"), Title: str("Game of the year"), AmendmentReason: "a typo"}, true, amended(
			domain.Amendment{Description: str("old")}, func(d *domain.PollData) { d.Description = "new" }), nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			edited, changed, err := poll.Edit(c.edit, c.hasBallots, later)
			require.ElementsMatch(t, c.fields, fieldsOf(err))
			switch {
			case c.err != nil:
				require.ErrorIs(t, err, c.err)
			case c.fields != nil:
				require.Error(t, err)
			case c.want == nil:
				require.NoError(t, err)
				require.False(t, changed)
				require.Equal(t, poll, edited)
			default:
				require.NoError(t, err)
				require.True(t, changed)
				want := poll.Data()
				c.want(&want)
				want.UpdatedAt, want.Version = later, 2
				require.Equal(t, want, edited.Data())
			}
		})
	}
}

func TestAnEndCannotBeSetAfterTheFirstVote(t *testing.T) {
	t.Parallel()
	ends := noon.Add(time.Hour)
	_, _, err := newPoll(t, nil).Edit(domain.PollEdit{Ends: &ends}, true, noon)
	require.ErrorIs(t, err, domain.ErrHasBallots)
}

func TestAmendmentsAreKeptAndBounded(t *testing.T) {
	t.Parallel()
	poll := newPoll(t, nil)
	for i := range domain.MaxAmendments {
		title := fmt.Sprintf("title %d", i)
		amended, changed, err := poll.Edit(domain.PollEdit{Title: &title, AmendmentReason: "a typo"}, true, noon)
		require.NoError(t, err)
		require.True(t, changed)
		require.Len(t, amended.Data().Amendments, i+1)
		require.Equal(t, poll.Data().Title, *amended.Data().Amendments[i].Title)
		poll = amended
	}
	title := "one more"
	_, _, err := poll.Edit(domain.PollEdit{Title: &title, AmendmentReason: "a typo"}, true, noon)
	require.ErrorIs(t, err, domain.ErrTooManyAmendments)
}

func TestPollAccess(t *testing.T) {
	t.Parallel()
	draft := newPoll(t, nil)
	active := activePoll(t, questionnaire(t, draft.ID(), 1), draft)
	privateDraft := newPoll(t, func(d *domain.PollDraft) { d.Visibility = authz.VisibilityPrivate })
	private := activePoll(t, questionnaire(t, privateDraft.ID(), 1), privateDraft)
	hidden, _ := active.CloseWithGroup(groups.Deleted, noon)
	stranger := authz.Actor{Tenant: uuid.New(), User: maker.User}
	all := domain.Grants{Read: true, Audience: true, Admin: true}
	reader, admin := domain.Grants{Read: true, Audience: true}, domain.Grants{Read: true, Admin: true}
	const none = domain.RoleNone
	const (
		read = 1 << iota
		vote
		edit
		manage
		remove
		results
	)
	const everything = read | vote | edit | manage | remove | results
	for name, c := range map[string]struct {
		poll   domain.Poll
		caller authz.Actor
		role   domain.Role
		grants domain.Grants
		want   int
	}{
		"a reader":                            {active, other, none, reader, read | vote},
		"a reader and a draft":                {draft, other, none, reader, vote},
		"a reader and a private poll":         {private, other, none, reader, 0},
		"a reader and a hidden poll":          {hidden, other, none, reader, 0},
		"not in the audience":                 {active, other, none, domain.Grants{Read: true}, 0},
		"in the audience without reading":     {active, other, none, domain.Grants{Audience: true}, 0},
		"an administrator who may not read":   {active, other, none, domain.Grants{Admin: true, Audience: true}, 0},
		"an administrator and a draft":        {draft, other, none, admin, read | edit | manage | remove | results},
		"an administrator and a private poll": {private, other, none, all, read | edit | manage | remove | results},
		"an administrator and a hidden poll":  {hidden, other, none, all, read | edit | manage | remove | results},
		"the creator and the draft":           {draft, maker, none, domain.Grants{Read: true}, everything},
		"the creator and the private poll":    {private, maker, none, domain.Grants{Read: true}, everything},
		"the creator and the hidden poll":     {hidden, maker, none, reader, everything &^ vote},
		"a creator who may not read now":      {active, maker, none, domain.Grants{Audience: true}, 0},
		"another tenant":                      {active, stranger, none, all, 0},
		"an owner":                            {private, other, domain.RoleOwner, domain.Grants{Read: true}, everything},
		"a local administrator":               {private, other, domain.RoleAdmin, domain.Grants{Read: true}, everything &^ remove},
		"a local administrator and the draft": {draft, other, domain.RoleAdmin, domain.Grants{Read: true}, everything &^ remove},
		"a moderator":                         {private, other, domain.RoleModerator, domain.Grants{Read: true}, read | vote | edit | results},
		"a moderator and the draft":           {draft, other, domain.RoleModerator, domain.Grants{Read: true}, read | vote | edit | results},
		"an observer":                         {active, other, domain.RoleObserver, reader, read | results},
		"an observer and the draft":           {draft, other, domain.RoleObserver, reader, results},
		"a participant":                       {private, other, domain.RoleParticipant, domain.Grants{Read: true}, read | vote},
		"a participant who may not read":      {private, other, domain.RoleParticipant, domain.Grants{}, 0},
		"a participant and the draft":         {draft, other, domain.RoleParticipant, domain.Grants{Read: true}, vote},
		"a participant and a hidden poll":     {hidden, other, domain.RoleParticipant, reader, 0},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, domain.PollAccess{
				CanRead: c.want&read != 0, CanVote: c.want&vote != 0, CanEditQuestions: c.want&edit != 0,
				CanManage: c.want&manage != 0, CanDelete: c.want&remove != 0, CanReadEarlyResults: c.want&results != 0,
			}, domain.NewPollAccess(c.poll, c.caller, c.role, c.grants))
		})
	}
}

func TestWhenResultsArePublic(t *testing.T) {
	t.Parallel()
	for _, rule := range []domain.ResultsVisibility{domain.ResultsAlways, domain.ResultsAfterClosed, domain.ResultsAdminsOnly} {
		draft := newPoll(t, func(d *domain.PollDraft) { d.Rules.Results = rule })
		active := activePoll(t, questionnaire(t, draft.ID(), 1), draft)
		closed, _, err := active.Transition(domain.StatusClosed, domain.Questionnaire{}, noon)
		require.NoError(t, err)
		require.Equal(t, rule == domain.ResultsAlways, draft.ResultsArePublic())
		require.Equal(t, rule == domain.ResultsAlways, active.ResultsArePublic())
		require.Equal(t, rule != domain.ResultsAdminsOnly, closed.ResultsArePublic())
	}
}

func TestPublishingAfterTheEndIsRefused(t *testing.T) {
	t.Parallel()
	poll := newPoll(t, func(d *domain.PollDraft) { d.Schedule.Ends = noon })
	full := questionnaire(t, poll.ID(), 1)
	_, _, err := poll.Transition(domain.StatusActive, full, noon.Add(time.Microsecond))
	require.Equal(t, []string{"ends_at"}, fieldsOf(err))
	_, changed, err := poll.Transition(domain.StatusActive, full, noon)
	require.NoError(t, err)
	require.True(t, changed)
}

func TestAPollIsClosedAfterItsEnd(t *testing.T) {
	t.Parallel()
	draft := newPoll(t, func(d *domain.PollDraft) { d.Schedule.Ends = noon })
	active := activePoll(t, questionnaire(t, draft.ID(), 1), draft)
	after := noon.Add(time.Second)
	closed, changed := active.CloseEnded(after)
	require.True(t, changed)
	want := active.Data()
	want.Status, want.Version, want.UpdatedAt = domain.StatusClosed, active.Version()+1, after
	require.Equal(t, want, closed.Data())
	endless := newPoll(t, nil)
	for name, poll := range map[string]domain.Poll{
		"a draft": draft, "closed already": closed, "without an end": activePoll(t, questionnaire(t, endless.ID(), 1), endless),
	} {
		same, changed := poll.CloseEnded(after)
		require.False(t, changed, name)
		require.Equal(t, poll, same, name)
	}
	_, changed = active.CloseEnded(noon)
	require.False(t, changed, "the end has not passed")
}

func TestAPollFollowsItsGroup(t *testing.T) {
	t.Parallel()
	draft := newPoll(t, nil)
	active := activePoll(t, questionnaire(t, draft.ID(), 1), draft)
	closed, _, err := active.Transition(domain.StatusClosed, domain.Questionnaire{}, noon)
	require.NoError(t, err)
	for _, c := range []struct {
		poll    domain.Poll
		state   groups.State
		status  domain.Status
		hidden  bool
		changed bool
	}{
		{draft, groups.Archived, domain.StatusDraft, false, false},
		{active, groups.Archived, domain.StatusClosed, false, true},
		{closed, groups.Archived, domain.StatusClosed, false, false},
		{draft, groups.Deleted, domain.StatusDraft, true, true},
		{active, groups.Deleted, domain.StatusClosed, true, true},
		{closed, groups.Deleted, domain.StatusClosed, true, true},
	} {
		got, changed := c.poll.CloseWithGroup(c.state, noon)
		require.Equal(t, c.changed, changed)
		require.Equal(t, c.status, got.Data().Status)
		require.Equal(t, c.hidden, got.Data().Hidden)
		require.Equal(t, c.changed, got.Version() > c.poll.Version())
		again, changed := got.CloseWithGroup(c.state, noon)
		require.False(t, changed)
		require.Equal(t, got, again)
		require.Equal(t, c.hidden || c.status == domain.StatusDraft, got.CanDelete() == nil)
		require.Equal(t, c.status == domain.StatusDraft, got.CanEditQuestions() == nil)
	}
	require.ErrorIs(t, active.CanDelete(), domain.ErrPollLocked)
	require.ErrorIs(t, active.CanEditQuestions(), domain.ErrPollLocked)
}

func TestParticipants(t *testing.T) {
	t.Parallel()
	poll := newPoll(t, nil)
	owner, admin := domain.PollAccess{CanManage: true, CanDelete: true}, domain.PollAccess{CanManage: true}
	third := uuid.New()
	for name, c := range map[string]struct {
		access domain.PollAccess
		user   uuid.UUID
		role   domain.Role
		err    error
	}{
		"an owner makes an owner":              {owner, third, domain.RoleOwner, nil},
		"an administrator makes an observer":   {admin, third, domain.RoleObserver, nil},
		"an administrator makes a participant": {admin, third, domain.RoleParticipant, nil},
		"an administrator makes a moderator":   {admin, third, domain.RoleModerator, nil},
		"an administrator makes another":       {admin, third, domain.RoleAdmin, nil},
		"an administrator makes an owner":      {admin, third, domain.RoleOwner, domain.ErrForbidden},
		"a caller who does not manage":         {domain.PollAccess{CanRead: true}, third, domain.RoleObserver, domain.ErrForbidden},
		"an unknown role":                      {owner, third, "king", domain.ErrInvalidRole},
		"no role":                              {owner, third, domain.RoleNone, domain.ErrInvalidRole},
		"the creator as an observer":           {owner, maker.User, domain.RoleObserver, domain.ErrCreatorIsOwner},
		"the creator as the owner":             {owner, maker.User, domain.RoleOwner, nil},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := domain.NewParticipant(poll, other, c.access, c.user, c.role, noon)
			require.ErrorIs(t, err, c.err)
			if c.err == nil {
				require.Equal(t, domain.Participant{PollID: poll.ID(), UserID: c.user, Role: c.role, InvitedBy: other.User, AddedAt: noon}, got)
			}
		})
	}
	_, err := domain.NewParticipant(poll, other, owner, uuid.Nil, domain.RoleObserver, noon)
	require.Equal(t, []string{"user_id"}, fieldsOf(err))

	for _, c := range []struct {
		access domain.PollAccess
		user   uuid.UUID
		role   domain.Role
		err    error
	}{
		{admin, third, domain.RoleAdmin, nil}, {admin, third, domain.RoleOwner, domain.ErrForbidden}, {owner, third, domain.RoleOwner, nil},
		{domain.PollAccess{}, third, domain.RoleObserver, domain.ErrForbidden}, {owner, maker.User, domain.RoleOwner, domain.ErrCreatorIsOwner},
	} {
		leaving := domain.Participant{UserID: c.user, Role: c.role}
		require.ErrorIs(t, leaving.CanRemove(poll, c.access, []domain.Participant{leaving, {UserID: maker.User, Role: domain.RoleOwner}}), c.err)
	}
	last := domain.Participant{UserID: third, Role: domain.RoleOwner}
	require.ErrorIs(t, last.CanRemove(poll, owner, []domain.Participant{last, {UserID: uuid.New(), Role: domain.RoleAdmin}}), domain.ErrLastOwner,
		"of a poll whose creator was erased")
}

func TestTemplates(t *testing.T) {
	t.Parallel()
	var slugs []string
	for _, template := range domain.Templates() {
		slugs = append(slugs, template.Slug)
		found, err := domain.FindTemplate(template.Slug)
		require.NoError(t, err)
		require.Equal(t, template, found)
		_, err = domain.Questionnaire{}.AddAll(uuid.New(), template.Drafts(domain.English))
		require.NoError(t, err)
		require.True(t, template.Rules.Results.Valid())
		texts := []domain.Localized{template.Title, template.Description}
		for _, q := range template.Questions {
			texts = append(texts, q.Title, q.Hint)
		}
		for _, text := range texts {
			require.NotEmpty(t, text.In(domain.Russian))
			require.NotEmpty(t, text.In(domain.English))
			require.NotEqual(t, text.RU, text.EN)
		}
		require.Equal(t, template.Questions[0].Title.RU, template.Drafts("")[0].Title, "Russian unless asked otherwise")
	}
	require.Equal(t, []string{"quick", "multi", "survey", "awards", "schedule"}, slugs)
	none, err := domain.FindTemplate("")
	require.NoError(t, err)
	require.Empty(t, none)
	_, err = domain.FindTemplate("best-of")
	require.Equal(t, []string{"template"}, fieldsOf(err))
}
