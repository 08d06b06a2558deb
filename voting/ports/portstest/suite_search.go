package portstest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/groups"
	"go.updspace.com/voting/domain"
	"go.updspace.com/voting/ports"
)

func search(t *testing.T, s Store) {
	by := NewActor()
	ctx := As(t.Context(), by)
	community := authz.CommunityScope(uuid.New())
	event := authz.Scope{Type: domain.ScopeEvent, ID: uuid.New()}
	tenant := authz.TenantScope(by.Tenant)
	for i, draft := range []domain.PollDraft{
		{Title: "Chess 100%", Scope: tenant},
		{Title: "a_b", Description: "Шахматы", Scope: community, Visibility: authz.VisibilityCommunity},
		{Title: "axb", Scope: event},
		{Title: `back\slash`, Scope: tenant, Visibility: authz.VisibilityPrivate},
	} {
		poll := NewPoll(t, by, draft, Noon.Add(time.Duration(i)*time.Minute))
		questionnaire := NewQuestionnaire(t, poll.ID(), 1)
		if i == 0 {
			poll = Move(t, poll, domain.StatusActive, questionnaire)
		}
		s.save(t, ctx, poll, questionnaire)
	}
	scopes := []authz.Scope{tenant, community}
	all := managing(SameTenantActor(by), scopes...)
	for name, c := range map[string]struct {
		filter ports.PollFilter
		titles []string
	}{
		"everything":              {ports.PollFilter{}, []string{`back\slash`, "axb", "a_b", "Chess 100%"}},
		"a type":                  {ports.PollFilter{ScopeType: domain.ScopeEvent}, []string{"axb"}},
		"a scope":                 {ports.PollFilter{ScopeType: authz.ScopeCommunity, ScopeID: community.ID}, []string{"a_b"}},
		"another scope":           {ports.PollFilter{ScopeType: authz.ScopeCommunity, ScopeID: uuid.New()}, nil},
		"a status":                {ports.PollFilter{Status: domain.StatusActive}, []string{"Chess 100%"}},
		"a query in any case":     {ports.PollFilter{Query: " cHESS "}, []string{"Chess 100%"}},
		"text of a description":   {ports.PollFilter{Query: "шахматы"}, []string{"a_b"}},
		"percent is a percent":    {ports.PollFilter{Query: "%"}, []string{"Chess 100%"}},
		"underscore is itself":    {ports.PollFilter{Query: "a_b"}, []string{"a_b"}},
		"a backslash is itself":   {ports.PollFilter{Query: `\`}, []string{`back\slash`}},
		"all conditions together": {ports.PollFilter{Status: domain.StatusDraft, Query: "b", ScopeType: authz.ScopeCommunity}, []string{"a_b"}},
	} {
		t.Run(name, func(t *testing.T) {
			s.requirePage(t, ctx, c.filter, all, c.titles)
		})
	}
	pairs, err := s.Polls.Audiences(ctx, ports.PollFilter{})
	require.NoError(t, err)
	require.ElementsMatch(t, []authz.Audience{
		{Scope: tenant, Visibility: authz.VisibilityPublic}, // of the event's poll, too
		{Scope: tenant, Visibility: authz.VisibilityPrivate},
		{Scope: community, Visibility: authz.VisibilityCommunity},
	}, pairs)
	pairs, err = s.Polls.Audiences(ctx, ports.PollFilter{ScopeType: domain.ScopeEvent})
	require.NoError(t, err)
	require.Equal(t, []authz.Audience{{Scope: tenant, Visibility: authz.VisibilityPublic}}, pairs)
}

func viewer(t *testing.T, s Store) {
	maker := NewActor()
	ctx := As(t.Context(), maker)
	var polls []domain.Poll
	tenant, community := authz.TenantScope(maker.Tenant), authz.CommunityScope(uuid.New())
	for i, p := range []struct {
		title      string
		scope      authz.Scope
		visibility authz.Visibility
		published  bool
	}{
		{"draft", tenant, authz.VisibilityPublic, false},
		{"public", tenant, authz.VisibilityPublic, true},
		{"private", tenant, authz.VisibilityPrivate, true},
		{"members", community, authz.VisibilityCommunity, true},
		{"guests", community, authz.VisibilityPublic, true},
		{"hidden", tenant, authz.VisibilityPublic, true},
		{"hidden private", tenant, authz.VisibilityPrivate, true},
	} {
		poll := NewPoll(t, maker, domain.PollDraft{Title: p.title, Scope: p.scope, Visibility: p.visibility}, Noon.Add(-time.Duration(i)*time.Minute))
		questionnaire := NewQuestionnaire(t, poll.ID(), 1)
		if p.published {
			poll = Move(t, poll, domain.StatusActive, questionnaire)
		}
		if strings.HasPrefix(p.title, "hidden") {
			poll, _ = poll.CloseWithGroup(groups.Deleted, Noon)
		}
		s.save(t, ctx, poll, questionnaire)
		polls = append(polls, poll)
	}
	audience := func(scope authz.Scope, v authz.Visibility) authz.Audience {
		return authz.Audience{Scope: scope, Visibility: v}
	}
	public, guests, members := audience(tenant, authz.VisibilityPublic), audience(community, authz.VisibilityPublic), audience(community, authz.VisibilityCommunity)
	inTenant, inCommunity := []authz.Scope{tenant}, []authz.Scope{community}
	everything := []string{"draft", "public", "private", "hidden", "hidden private"}
	role := func(role domain.Role) authz.Actor {
		a := SameTenantActor(maker)
		require.NoError(t, s.Tx.Do(ctx, func(ctx context.Context) error {
			for _, poll := range polls {
				if err := s.Participants.Put(ctx, domain.Participant{PollID: poll.ID(), UserID: a.User, Role: role, InvitedBy: maker.User, AddedAt: Noon}); err != nil {
					return err
				}
			}
			return nil
		}))
		return a
	}
	reader := SameTenantActor(maker)
	for name, c := range map[string]struct {
		viewer authz.Viewer
		titles []string
	}{
		"a viewer without any right":              {authz.Viewer{Actor: reader}, nil},
		"a creator without the right to read":     {authz.Viewer{Actor: maker}, nil},
		"a participant without the right to read": {authz.Viewer{Actor: role(domain.RoleOwner)}, nil},
		"a reader":                    {authz.Viewer{Actor: reader, Holds: reads(inTenant), Audiences: []authz.Audience{public}}, []string{"public"}},
		"a reader of two scopes":      {authz.Viewer{Actor: reader, Holds: reads([]authz.Scope{tenant, community}), Audiences: []authz.Audience{public, guests}}, []string{"public", "guests"}},
		"a member":                    {authz.Viewer{Actor: reader, Holds: reads(inCommunity), Audiences: []authz.Audience{guests, members}}, []string{"members", "guests"}},
		"the creator":                 {authz.Viewer{Actor: maker, Holds: reads(inTenant)}, everything},
		"an administrator":            {managing(reader, inTenant...), everything},
		"a community's administrator": {managing(reader, inCommunity...), []string{"members", "guests"}},
		"an owner":                    {authz.Viewer{Actor: role(domain.RoleOwner), Holds: reads(inTenant)}, everything},
		"a local administrator":       {authz.Viewer{Actor: role(domain.RoleAdmin), Holds: reads(inTenant)}, everything},
		"a moderator":                 {authz.Viewer{Actor: role(domain.RoleModerator), Holds: reads(inTenant)}, []string{"draft", "public", "private"}},
		"an observer":                 {authz.Viewer{Actor: role(domain.RoleObserver), Holds: reads(inTenant)}, []string{"public", "private"}},
		"a participant":               {authz.Viewer{Actor: role(domain.RoleParticipant), Holds: reads(inTenant)}, []string{"public", "private"}},
	} {
		t.Run(name, func(t *testing.T) {
			s.requirePage(t, ctx, ports.PollFilter{}, c.viewer, c.titles)
		})
	}
}

func pages(t *testing.T, s Store) {
	by := NewActor()
	ctx := As(t.Context(), by)
	for i := range 10 {
		s.save(t, ctx, NewPoll(t, by, Draft(by, fmt.Sprint(i)), Noon.Add(time.Duration(i/2)*time.Minute)), domain.Questionnaire{})
	}
	scopes := []authz.Scope{authz.TenantScope(by.Tenant)}
	viewer := managing(SameTenantActor(by), scopes...)
	read := func(r ports.PageRange) []domain.Poll {
		t.Helper()
		found, err := s.Polls.Page(ctx, ports.PollFilter{}, viewer, r)
		require.NoError(t, err)
		return found
	}
	all := read(ports.PageRange{Limit: 20})
	require.ElementsMatch(t, []string{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"}, titles(all))
	require.True(t, slices.IsSortedFunc(all, func(a, b domain.Poll) int { return b.Data().CreatedAt.Compare(a.Data().CreatedAt) }), "newest first")
	var byOffset, byCursor []domain.Poll
	for offset := 0; offset < 12; offset += 3 {
		byOffset = append(byOffset, read(ports.PageRange{Offset: offset, Limit: 3})...)
	}
	require.Equal(t, titles(all), titles(byOffset))
	for next := (ports.PageRange{Limit: 3}); ; {
		found := read(next)
		byCursor = append(byCursor, found...)
		if len(found) < 3 {
			break
		}
		last := found[2].Data()
		next.After = &ports.PollPosition{CreatedAt: last.CreatedAt, ID: last.ID}
	}
	require.Equal(t, titles(all), titles(byCursor))
	require.Empty(t, read(ports.PageRange{Offset: 100, Limit: 3}))
	total, err := s.Polls.Count(ctx, ports.PollFilter{}, viewer)
	require.NoError(t, err)
	require.Equal(t, 10, total)
}

// requirePage reads one page and counts.
func (s Store) requirePage(t *testing.T, ctx context.Context, filter ports.PollFilter, viewer authz.Viewer, want []string) {
	t.Helper()
	found, err := s.Polls.Page(ctx, filter, viewer, ports.PageRange{Limit: 10})
	require.NoError(t, err)
	require.Equal(t, want, titles(found))
	total, err := s.Polls.Count(ctx, filter, viewer)
	require.NoError(t, err)
	require.Equal(t, len(want), total)
}

func titles(polls []domain.Poll) (list []string) {
	for _, p := range polls {
		list = append(list, p.Data().Title)
	}
	return list
}

// reads is what a viewer holds who may read in scopes.
func reads(scopes []authz.Scope) map[authz.Permission][]authz.Scope {
	return map[authz.Permission][]authz.Scope{domain.PermissionPollRead: scopes}
}

// managing is a viewer who manages polls in scopes.
func managing(actor authz.Actor, scopes ...authz.Scope) authz.Viewer {
	return authz.Viewer{Actor: actor, Holds: map[authz.Permission][]authz.Scope{domain.PermissionPollRead: scopes, domain.PermissionPollsAdmin: scopes}}
}
