package domain_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/errs"
	"go.updspace.com/voting/domain"
)

var (
	noon  = time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC)
	maker = domain.Actor{Tenant: uuid.MustParse("00000000-0000-0000-0000-000000000001"), User: uuid.MustParse("00000000-0000-4000-8000-000000000001")}
	other = domain.Actor{Tenant: maker.Tenant, User: uuid.MustParse("00000000-0000-4000-8000-000000000002")}
)

func draft(change func(*domain.PollDraft)) domain.PollDraft {
	d := domain.PollDraft{Title: "Game of the year", Scope: domain.TenantScope(maker.Tenant)}
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
	at := time.Date(2026, time.March, 1, 15, 0, 0, 1234567, time.FixedZone("", 3*3600))
	poll, err := domain.NewPoll(maker, draft(func(d *domain.PollDraft) { d.Title = "  Game\u00a0of the year " }), at)
	require.NoError(t, err)
	d := poll.Data()
	require.Equal(t, domain.PollData{
		ID: d.ID, TenantID: maker.Tenant, Title: "Game\u00a0of the year", Status: domain.StatusDraft, Scope: domain.TenantScope(maker.Tenant),
		Visibility: domain.VisibilityPublic, Rules: domain.Rules{Results: domain.ResultsAfterClosed}, Settings: domain.Document{},
		CreatedBy: maker.User, CreatedAt: noon.Add(1234 * time.Microsecond), UpdatedAt: noon.Add(1234 * time.Microsecond), Version: 1,
	}, d)
	require.NotEqual(t, uuid.Nil, d.ID)
}

func TestWhatAPollCannotBe(t *testing.T) {
	community, team := domain.Scope{Type: domain.ScopeCommunity, ID: "c"}, domain.Scope{Type: domain.ScopeTeam, ID: "t"}
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
		"a team's poll of a tenant":    {func(d *domain.PollDraft) { d.Visibility = domain.VisibilityTeam }, []string{"visibility"}},
		"a tenant is a community":      {func(d *domain.PollDraft) { d.Visibility = domain.VisibilityCommunity }, nil},
		"a community's poll":           {func(d *domain.PollDraft) { d.Visibility, d.Scope = domain.VisibilityCommunity, community }, nil},
		"a community's poll of a team": {func(d *domain.PollDraft) { d.Visibility, d.Scope = domain.VisibilityCommunity, team }, []string{"visibility"}},
		"a team's poll":                {func(d *domain.PollDraft) { d.Visibility, d.Scope = domain.VisibilityTeam, team }, nil},
		"a private poll of a team":     {func(d *domain.PollDraft) { d.Visibility, d.Scope = domain.VisibilityPrivate, team }, nil},
		"an unknown results rule":      {func(d *domain.PollDraft) { d.Rules.Results = "never" }, []string{"results_visibility"}},
		"a slug":                       {func(d *domain.PollDraft) { d.Template = "best-of-2026" }, nil},
		"no slug":                      {func(d *domain.PollDraft) { d.Template = "Best of" }, []string{"template"}},
		"half a slug":                  {func(d *domain.PollDraft) { d.Template = "best-" }, []string{"template"}},
		"a slug too long":              {func(d *domain.PollDraft) { d.Template = strings.Repeat("a", 33) }, []string{"template"}},
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
			*d = domain.PollDraft{Visibility: "x", Rules: domain.Rules{Results: "x"}, Template: "X"}
		}, []string{"title", "visibility", "results_visibility", "template"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := domain.NewPoll(maker, draft(c.change), noon)
			require.ElementsMatch(t, c.fields, fieldsOf(err))
			require.Equal(t, c.fields == nil, err == nil)
		})
	}
}

func TestTheComputedSettingIsNeverKept(t *testing.T) {
	raw := map[string]any{"total_votes": 100, "theme": "dark"}
	poll := newPoll(t, func(d *domain.PollDraft) { d.Settings = raw })
	require.Equal(t, domain.Document{"theme": "dark"}, poll.Data().Settings)
	require.Contains(t, raw, "total_votes", "what the caller gave is his")
}

func TestScopes(t *testing.T) {
	tenant := maker.Tenant.String()
	for name, c := range map[string]struct {
		kind   domain.ScopeType
		id     string
		want   domain.Scope
		fields []string
		err    error
	}{
		"nothing said":         {"", "", domain.TenantScope(maker.Tenant), nil, nil},
		"the tenant":           {domain.ScopeTenant, strings.ToUpper(tenant), domain.TenantScope(maker.Tenant), nil, nil},
		"another tenant":       {domain.ScopeTenant, uuid.NewString(), domain.Scope{}, []string{"scope_id"}, nil},
		"a tenant by name":     {domain.ScopeTenant, "aef", domain.Scope{}, []string{"scope_id"}, nil},
		"a community":          {domain.ScopeCommunity, " chess ", domain.Scope{Type: domain.ScopeCommunity, ID: "chess"}, nil, nil},
		"a nameless community": {domain.ScopeCommunity, " ", domain.Scope{}, nil, domain.ErrScopeRequired},
		"an id too long":       {domain.ScopePost, strings.Repeat("a", 129), domain.Scope{}, []string{"scope_id"}, nil},
		"an id with a null":    {domain.ScopePost, "a\x00", domain.Scope{}, []string{"scope_id"}, nil},
		"something else":       {"PLANET", "earth", domain.Scope{}, []string{"scope_type"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := domain.NewScope(maker.Tenant, c.kind, c.id)
			require.Equal(t, c.want, got)
			require.ElementsMatch(t, c.fields, fieldsOf(err))
			if c.err != nil {
				require.ErrorIs(t, err, c.err)
			}
			require.Equal(t, c.fields == nil && c.err == nil, err == nil)
		})
	}
}

func TestAccessIsAskedWhereItKnowsItsWay(t *testing.T) {
	tenant := domain.TenantScope(maker.Tenant)
	for kind, want := range map[domain.ScopeType]domain.Scope{
		domain.ScopeTenant:    tenant,
		domain.ScopeEvent:     tenant,
		domain.ScopePost:      tenant,
		domain.ScopeCommunity: {Type: domain.ScopeCommunity, ID: "x"},
		domain.ScopeTeam:      {Type: domain.ScopeTeam, ID: "x"},
	} {
		id := "x"
		if kind == domain.ScopeTenant {
			id = ""
		}
		scope, err := domain.NewScope(maker.Tenant, kind, id)
		require.NoError(t, err)
		poll := newPoll(t, func(d *domain.PollDraft) { d.Scope, d.Visibility = scope, domain.VisibilityPrivate })
		require.Equal(t, domain.Ask{Permission: domain.PermissionPollsAdmin, Scope: want}, poll.Ask(domain.PermissionPollsAdmin))
		require.Equal(t, domain.Ask{Permission: domain.PermissionPollRead, Scope: want, Visibility: domain.VisibilityPrivate, Owner: maker.User}, poll.AskVisible(domain.PermissionPollRead))
	}
	members := newPoll(t, func(d *domain.PollDraft) { d.Visibility = domain.VisibilityCommunity })
	require.Equal(t, members.Ask(domain.PermissionPollRead), members.AskVisible(domain.PermissionPollRead), "the tenant's members are its readers")
}

func TestEditing(t *testing.T) {
	later := noon.Add(time.Hour)
	poll := newPoll(t, func(d *domain.PollDraft) {
		d.Description, d.Schedule, d.Settings = "old", domain.Schedule{Starts: noon, Ends: later}, map[string]any{"a": "b"}
	})
	str := func(s string) *string { return &s }
	yes, never, always := true, time.Time{}, domain.ResultsAlways
	for name, c := range map[string]struct {
		edit       domain.PollEdit
		hasBallots bool
		want       func(*domain.PollData) // nil: nothing changes
		fields     []string
		err        error
	}{
		"nothing":                       {domain.PollEdit{}, true, nil, nil, nil},
		"to what it is":                 {domain.PollEdit{Title: str(" Game of the year"), Starts: &noon, Settings: map[string]any{"a": "b", "total_votes": 1}}, true, nil, nil, nil},
		"the title":                     {domain.PollEdit{Title: str("new")}, true, func(d *domain.PollData) { d.Title = "new" }, nil, nil},
		"an empty title":                {domain.PollEdit{Title: str("")}, false, nil, []string{"title"}, nil},
		"the description away":          {domain.PollEdit{Description: str("")}, false, func(d *domain.PollData) { d.Description = "" }, nil, nil},
		"the dates away":                {domain.PollEdit{Starts: &never, Ends: &never}, false, func(d *domain.PollData) { d.Schedule = domain.Schedule{} }, nil, nil},
		"an end before the start":       {domain.PollEdit{Ends: &noon}, false, nil, []string{"ends_at"}, nil},
		"all settings":                  {domain.PollEdit{Settings: map[string]any{}}, false, func(d *domain.PollData) { d.Settings = domain.Document{} }, nil, nil},
		"a rule before the first vote":  {domain.PollEdit{Anonymous: &yes}, false, func(d *domain.PollData) { d.Rules.Anonymous = true }, nil, nil},
		"a rule after the first vote":   {domain.PollEdit{Anonymous: &yes}, true, nil, nil, domain.ErrPollLocked},
		"revoting after the first vote": {domain.PollEdit{AllowRevoting: &yes}, true, nil, nil, domain.ErrPollLocked},
		"results after the first vote":  {domain.PollEdit{Results: &always}, true, nil, nil, domain.ErrPollLocked},
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

func TestWhoStandsWhereToAPoll(t *testing.T) {
	draft := newPoll(t, nil)
	active, _, err := draft.Move(domain.StatusActive, paper(t, draft.ID(), 1), noon)
	require.NoError(t, err)
	stranger := domain.Actor{Tenant: uuid.New(), User: maker.User}
	all := domain.Grants{Read: true, Visible: true, Admin: true}
	for name, c := range map[string]struct {
		poll   domain.Poll
		caller domain.Actor
		grants domain.Grants
		want   domain.Standing
	}{
		"a reader":                     {active, other, domain.Grants{Read: true, Visible: true}, domain.Standing{Sees: true}},
		"a reader and a draft":         {draft, other, domain.Grants{Read: true, Visible: true}, domain.Standing{}},
		"not among the visible":        {active, other, domain.Grants{Read: true}, domain.Standing{}},
		"visible without reading":      {active, other, domain.Grants{Visible: true}, domain.Standing{}},
		"an admin who may not read":    {active, other, domain.Grants{Admin: true, Visible: true}, domain.Standing{}},
		"an admin and a hidden draft":  {draft, other, domain.Grants{Read: true, Admin: true}, domain.Standing{Sees: true, Manages: true}},
		"the maker and his draft":      {draft, maker, domain.Grants{Read: true}, domain.Standing{Sees: true, Manages: true}},
		"a maker who may not read now": {active, maker, domain.Grants{Visible: true}, domain.Standing{}},
		"another tenant":               {active, stranger, all, domain.Standing{}},
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, c.want, domain.StandingOf(c.poll, c.caller, c.grants)) })
	}
}

func TestWhoSeesResultsWhen(t *testing.T) {
	at := map[domain.Status]domain.Poll{}
	for _, rule := range []domain.ResultsVisibility{domain.ResultsAlways, domain.ResultsAfterClosed, domain.ResultsAdminsOnly} {
		draft := newPoll(t, func(d *domain.PollDraft) { d.Rules.Results = rule })
		active, _, err := draft.Move(domain.StatusActive, paper(t, draft.ID(), 1), noon)
		require.NoError(t, err)
		closed, _, err := active.Move(domain.StatusClosed, domain.Paper{}, noon)
		require.NoError(t, err)
		at[domain.StatusDraft], at[domain.StatusActive], at[domain.StatusClosed] = draft, active, closed
		for status, poll := range at {
			want := rule == domain.ResultsAlways || rule == domain.ResultsAfterClosed && status == domain.StatusClosed
			require.Equal(t, want, poll.ShowsResults(domain.Standing{Sees: true}) == nil, "%s, %s", rule, status)
			require.NoError(t, poll.ShowsResults(domain.Standing{Sees: true, Manages: true}), "%s, %s", rule, status)
		}
	}
	require.ErrorIs(t, at[domain.StatusClosed].ShowsResults(domain.Standing{Sees: true}), domain.ErrResultsHidden)
}
