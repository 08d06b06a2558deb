package domain_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports/portstest"
	"go.updspace.com/libs/errs"
)

// missing is what a refusal says is lacking; nil if there is no refusal.
func missing(t require.TestingT, err error) []string {
	if err == nil {
		return nil
	}
	require.ErrorIs(t, err, domain.ErrNotHeld)
	var e *errs.Error
	require.ErrorAs(t, err, &e)
	lacking, ok := e.Details["missing"].([]string)
	require.True(t, ok)
	require.NotEmpty(t, lacking)
	return lacking
}

func TestWhoMayBindWhat(t *testing.T) {
	t.Parallel()
	crew := role(domain.Voting, "crew", "voting.poll.read", "voting.vote.cast")
	boss := role(domain.Voting, domain.RoleAdmin, "voting.poll.read")
	holding := func(scope domain.Scope, roles ...domain.Role) *domain.Facts {
		f := &domain.Facts{Teams: domain.Teams{"t1": "c1"}}
		for _, r := range roles {
			f.Bindings = append(f.Bindings, bound(scope, r))
		}
		return f
	}
	for name, c := range map[string]struct {
		subject domain.Subject
		facts   *domain.Facts
		role    domain.Role
		scope   domain.Scope
		want    []string
	}{
		"what is held":                        {subject(), holding(whole, crew), crew, whole, nil},
		"what is held above":                  {subject(), holding(whole, crew), crew, community, nil},
		"what a community gives its teams":    {subject(), holding(community, crew), crew, team, nil},
		"what is held only below":             {subject(), holding(community, crew), crew, whole, crew.Keys},
		"what is held beside":                 {subject(), holding(domain.Scope{Type: domain.Community, ID: "c2"}, crew), crew, community, crew.Keys},
		"a part of it":                        {subject(), holding(whole, role(domain.Voting, "x", "voting.poll.read")), crew, whole, []string{"voting.vote.cast"}},
		"nothing is asked for nothing":        {subject(), holding(whole), role(domain.Voting, "empty"), whole, nil},
		"GLOBAL asks for the tenant":          {subject(), holding(whole, crew), crew, domain.Scope{Type: domain.Global}, nil},
		"GLOBAL and only a community":         {subject(), holding(community, crew), crew, domain.Scope{Type: domain.Global}, crew.Keys},
		"what a member holds":                 {subject(active), &domain.Facts{MemberRoles: []domain.Role{memberTemplate(domain.Voting, crew.Keys...)}}, crew, team, nil},
		"what an override allows":             {subject(), &domain.Facts{Overrides: []domain.Override{{Effect: domain.Allow, Permission: "voting.poll.read"}}}, role(domain.Voting, "x", "voting.poll.read"), team, nil},
		"what an override denies":             {subject(), &domain.Facts{Bindings: []domain.Binding{bound(whole, crew)}, Overrides: []domain.Override{{Effect: domain.Deny, Permission: "voting.poll.read"}}}, crew, whole, []string{"voting.poll.read"}},
		"admin, and only the keys":            {subject(), holding(whole, crew), boss, whole, []string{"voting:admin"}},
		"admin, as one":                       {subject(), holding(whole, boss), boss, team, nil},
		"admin, as one of another service":    {subject(), holding(whole, crew, role(domain.Portal, domain.RoleAdmin)), boss, whole, []string{"voting:admin"}},
		"a system administrator hands on all": {subject(systemAdmin), holding(whole), boss, whole, nil},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, c.want, missing(t, domain.Platform.Authority(c.subject, c.facts).MayBind(c.role, c.scope)))
		})
	}
}

func TestWhoMayChangeARole(t *testing.T) {
	t.Parallel()
	own := func(name string, keys ...string) *domain.Role {
		r := role(domain.Voting, name, keys...)
		r.Tenant = tenant
		return &r
	}
	elsewhere := own("crew", "portal.posts.read")
	elsewhere.Service = domain.Portal
	memberElsewhere := own("member")
	memberElsewhere.Service = domain.Portal
	const read, cast = "voting.poll.read", "voting.vote.cast"
	template := memberTemplate(domain.Voting, read, cast)
	for name, c := range map[string]struct {
		holds         []string
		before, after *domain.Role
		want          []string
	}{
		"a new role of what is held":            {[]string{read}, nil, own("crew", read), nil},
		"a new role of more":                    {[]string{read}, nil, own("crew", read, cast), []string{cast}},
		"what a role has may stay":              {nil, own("crew", read), own("crew", read), nil},
		"what a role has may go":                {nil, own("crew", read, cast), own("crew"), nil},
		"what is added must be held":            {[]string{read}, own("crew", read), own("crew", read, cast), []string{cast}},
		"renaming grants nothing":               {nil, own("crew", read), own("squad", read), nil},
		"deleting grants nothing":               {nil, own("crew", read), nil, nil},
		"another service is all new":            {nil, own("crew", read), elsewhere, elsewhere.Keys},
		"becoming member grants it to all":      {[]string{read}, own("crew", read, cast), own("member", read, cast), []string{cast}},
		"a new member role":                     {[]string{read}, nil, own("member", read, cast), []string{cast}},
		"a member role that grants nothing":     {nil, nil, own("member"), nil},
		"the template comes back with deletion": {[]string{read}, own("member"), nil, []string{cast}},
		"the template comes back with renaming": {[]string{read}, own("member", cast), own("crew", cast), nil},
		"the template comes back with a move":   {[]string{read}, own("member"), memberElsewhere, []string{cast}},
		"and what the role had was theirs":      {nil, own("member", read, cast), nil, nil},
		"a member role loses a key":             {nil, own("member", read, cast), own("member", read), nil},
		"becoming admin":                        {[]string{read}, own("crew", read), own("admin", read), []string{"voting:admin"}},
		"a new admin":                           {[]string{read}, nil, own("admin", read), []string{"voting:admin"}},
		"an admin stays one":                    {nil, own("admin", read), own("admin"), nil},
	} {
		t.Run(name, func(t *testing.T) {
			f := &domain.Facts{Bindings: []domain.Binding{bound(whole, role(domain.Voting, "x", c.holds...))}}
			require.Equal(t, c.want, missing(t, domain.Platform.Authority(subject(), f).MayChangeRole(c.before, c.after, template)))
			require.NoError(t, domain.Platform.Authority(subject(systemAdmin), f).MayChangeRole(c.before, c.after, template))
		})
	}
}

func TestWhoMayOverride(t *testing.T) {
	t.Parallel()
	const read, cast = "voting.poll.read", "voting.vote.cast"
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	on := func(e domain.Effect, key string, expires ...time.Time) *domain.Override {
		o := domain.Override{Effect: e, Permission: key}
		if len(expires) > 0 {
			o.Expires = expires[0]
		}
		return &o
	}
	soon, later := now.Add(time.Hour), now.Add(2*time.Hour)
	for name, c := range map[string]struct {
		before, after *domain.Override
		want          []string // of a user who holds read
	}{
		"allowing what is held":               {nil, on(domain.Allow, read), nil},
		"allowing what is not":                {nil, on(domain.Allow, cast), []string{cast}},
		"denying what is not":                 {nil, on(domain.Deny, cast), nil},
		"denying everything":                  {nil, on(domain.Deny, ""), nil},
		"no longer allowing":                  {on(domain.Allow, cast), nil, nil},
		"allowing for shorter":                {on(domain.Allow, cast), on(domain.Allow, cast, soon), nil},
		"allowing for longer":                 {on(domain.Allow, cast, soon), on(domain.Allow, cast, later), []string{cast}},
		"allowing for ever":                   {on(domain.Allow, cast, soon), on(domain.Allow, cast), []string{cast}},
		"allowing something else":             {on(domain.Allow, read), on(domain.Allow, cast), []string{cast}},
		"from allowing to denying":            {on(domain.Allow, cast), on(domain.Deny, cast), nil},
		"lifting what one holds":              {on(domain.Deny, read), nil, nil},
		"lifting what one does not":           {on(domain.Deny, cast), nil, []string{cast}},
		"from denying to allowing":            {on(domain.Deny, cast), on(domain.Allow, cast), []string{cast}},
		"denying something else":              {on(domain.Deny, cast), on(domain.Deny, read), []string{cast}},
		"denying everything instead":          {on(domain.Deny, cast), on(domain.Deny, ""), nil},
		"denying for shorter":                 {on(domain.Deny, cast), on(domain.Deny, cast, soon), []string{cast}},
		"denying everything, but for shorter": {on(domain.Deny, cast, later), on(domain.Deny, "", soon), []string{cast}},
		"denying for longer":                  {on(domain.Deny, cast, soon), on(domain.Deny, cast, later), nil},
		"what has expired is lifted already":  {on(domain.Deny, cast, now), nil, nil},
		"only the reason":                     {on(domain.Allow, cast), on(domain.Allow, cast), nil},
	} {
		t.Run(name, func(t *testing.T) {
			f := &domain.Facts{Bindings: []domain.Binding{bound(whole, role(domain.Voting, "x", read))}}
			require.Equal(t, c.want, missing(t, domain.Platform.Authority(subject(), f).MayOverride(c.before, c.after, now)))
		})
	}
	lacking := missing(t, domain.Platform.Authority(subject(), &domain.Facts{}).MayOverride(nil, on(domain.Allow, ""), now))
	require.Len(t, lacking, len(domain.Platform.All()), "everything must be held")
}

// Whatever may be handed on in a scope is held there, and below, by the rules of decisions.
func TestAuthorityIsWhatDecisionsSay(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s, f := portstest.Subject().Draw(t, "subject"), portstest.Facts().Draw(t, "facts")
		r, scope := portstest.Role().Draw(t, "role"), portstest.Scope().Draw(t, "scope")
		s.Suspended = false
		if domain.Platform.Authority(s, &f).MayBind(r, scope) != nil {
			return
		}
		if scope.Type == domain.Global {
			scope = domain.TenantScope(s.Tenant)
		}
		for _, key := range r.Keys {
			require.True(t, domain.Platform.Decide(s, domain.Check{Permission: key, Scope: scope}, &f).Allowed, key)
		}
		if r.Name == domain.RoleAdmin {
			for _, p := range domain.Platform.OfService(r.Service) {
				q := domain.Check{Permission: p.Key, Scope: scope}
				if !domain.Platform.Decide(s, q, &f).Allowed {
					continue
				}
				q.Visibility, q.Owner = domain.Private, uuid.New()
				require.True(t, domain.Platform.Decide(s, q, &f).Allowed, "private things are open, too")
			}
		}
	})
}

func TestWhoIsAnAdministrator(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	lasting := func(keys ...string) domain.BindingRecord {
		return domain.BindingRecord{Scope: whole, Role: role(domain.Portal, "steward", keys...), Source: domain.Manual}
	}
	both := lasting(domain.AdministratorKeys()...)
	but := func(change func(*domain.BindingRecord)) []domain.BindingRecord {
		b := both
		change(&b)
		return []domain.BindingRecord{b}
	}
	override := func(e domain.Effect, key string, expires time.Time) []domain.OverrideRecord {
		return []domain.OverrideRecord{{Override: domain.Override{Effect: e, Permission: key, Expires: expires}}}
	}
	for name, c := range map[string]struct {
		bindings  []domain.BindingRecord
		overrides []domain.OverrideRecord
		want      bool
	}{
		"nothing":                   {nil, nil, false},
		"one role with both":        {[]domain.BindingRecord{both}, nil, true},
		"two roles with one each":   {[]domain.BindingRecord{lasting(domain.WriteRoles), lasting(domain.WriteBindings)}, nil, true},
		"only one of them":          {[]domain.BindingRecord{lasting(domain.WriteRoles)}, nil, false},
		"GLOBAL":                    {but(func(b *domain.BindingRecord) { b.Scope = domain.Scope{Type: domain.Global} }), nil, true},
		"in a community":            {but(func(b *domain.BindingRecord) { b.Scope = community }), nil, false},
		"for a time":                {but(func(b *domain.BindingRecord) { b.Expires = now.AddDate(10, 0, 0) }), nil, false},
		"through a membership":      {but(func(b *domain.BindingRecord) { b.Source = domain.FromMembership }), nil, false},
		"of another service":        {but(func(b *domain.BindingRecord) { b.Role.Service = domain.Voting }), nil, false},
		"through an exception":      {nil, override(domain.Allow, "", time.Time{}), false},
		"denied one":                {[]domain.BindingRecord{both}, override(domain.Deny, domain.WriteRoles, time.Time{}), false},
		"denied everything":         {[]domain.BindingRecord{both}, override(domain.Deny, "", time.Time{}), false},
		"denied for a time":         {[]domain.BindingRecord{both}, override(domain.Deny, "", now.Add(time.Hour)), false},
		"denied until now":          {[]domain.BindingRecord{both}, override(domain.Deny, "", now), true},
		"denied something else":     {[]domain.BindingRecord{both}, override(domain.Deny, "voting.vote.cast", time.Time{}), true},
		"allowed what is held, too": {[]domain.BindingRecord{both}, override(domain.Allow, "", time.Time{}), true},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, c.want, domain.IsAdministrator(c.bindings, c.overrides, false, now))
			require.False(t, domain.IsAdministrator(c.bindings, c.overrides, true, now), "not who has left")
		})
	}
}

func TestRoleDrafts(t *testing.T) {
	t.Parallel()
	d, err := domain.NewRoleDraft(domain.Platform, domain.Voting, "  Счётная комиссия ", []string{"voting.vote.cast", "voting.poll.read", "voting.vote.cast"})
	require.NoError(t, err)
	require.Equal(t, domain.RoleDraft{Service: domain.Voting, Name: "Счётная комиссия", Keys: []string{"voting.poll.read", "voting.vote.cast"}}, d)

	for name, c := range map[string]struct {
		service domain.Service
		name    string
		keys    []string
		field   string
	}{
		"no service":               {"", "x", nil, "service"},
		"an unknown service":       {"zebra", "x", nil, "service"},
		"no name":                  {domain.Voting, "", nil, "name"},
		"a blank name":             {domain.Voting, " \u00a0", nil, "name"},
		"an endless name":          {domain.Voting, string(slices.Repeat([]rune{'ü'}, 129)), nil, "name"},
		"an odd name":              {domain.Voting, "a\x00b", nil, "name"},
		"a key of another service": {domain.Voting, "x", []string{"portal.posts.read"}, "permission_keys"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := domain.NewRoleDraft(domain.Platform, c.service, c.name, c.keys)
			var e *errs.Error
			require.ErrorAs(t, err, &e)
			require.Contains(t, e.Fields, c.field)
		})
	}
	_, err = domain.NewRoleDraft(domain.Platform, domain.Voting, "x", []string{"voting.poll.read", "voting.poll.explode", "a.b.c"})
	require.ErrorIs(t, err, domain.ErrUnknownKeys)
	var e *errs.Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, []string{"a.b.c", "voting.poll.explode"}, e.Details["missing"])
}

func TestTracesAreWhatIsAllowedAndWhy(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s, f := portstest.Subject().Draw(t, "subject"), portstest.Facts().Draw(t, "facts")
		s.Suspended, s.SystemAdmin = false, false
		scope := portstest.Scope().Draw(t, "scope")
		held, denied := domain.Platform.Trace(s, scope, &f)
		var keys []string
		for _, h := range held {
			keys = append(keys, h.Key)
			// with all but its origins gone it is still held, and without them no more
			only := domain.Facts{Teams: f.Teams}
			alone := s
			alone.Member = false
			for _, o := range h.Origins {
				switch o.Kind {
				case domain.FromBinding:
					only.Bindings = append(only.Bindings, domain.Binding{Scope: o.Scope, Role: *o.Role})
				case domain.FromMember:
					alone.Member, only.MemberRoles = true, []domain.Role{*o.Role}
				case domain.FromOverride:
					only.Overrides = []domain.Override{{Effect: domain.Allow, Permission: h.Key}}
				}
			}
			q := domain.Check{Permission: h.Key, Scope: scope}
			require.True(t, domain.Platform.Decide(alone, q, &only).Allowed)
		}
		if len(keys) == 0 {
			keys = []string{}
		}
		require.Equal(t, domain.Platform.Effective(s, scope, &f).Keys, keys)

		pardoned := f
		pardoned.Overrides = slices.DeleteFunc(slices.Clone(f.Overrides), func(o domain.Override) bool { return o.Effect == domain.Deny })
		var more []string
		for _, key := range domain.Platform.Effective(s, scope, &pardoned).Keys {
			if !slices.Contains(keys, key) {
				more = append(more, key)
			}
		}
		require.Equal(t, more, denied)
	})
}
