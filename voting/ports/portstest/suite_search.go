package portstest

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"go.updspace.com/voting/domain"
	"go.updspace.com/voting/ports"
)

func search(t *testing.T, s Store) {
	by := Someone()
	ctx := As(t.Context(), by)
	community := domain.Scope{Type: domain.ScopeCommunity, ID: "c1"}
	event := domain.Scope{Type: domain.ScopeEvent, ID: "e1"}
	tenant := domain.TenantScope(by.Tenant)
	for i, draft := range []domain.PollDraft{
		{Title: "Chess 100%", Scope: tenant},
		{Title: "a_b", Description: "Шахматы", Scope: community, Visibility: domain.VisibilityCommunity},
		{Title: "axb", Scope: event},
		{Title: `back\slash`, Scope: tenant, Visibility: domain.VisibilityPrivate},
	} {
		poll := NewPoll(t, by, draft, Noon.Add(time.Duration(i)*time.Minute))
		paper := NewPaper(t, poll.ID(), 1)
		if i == 0 {
			poll = Move(t, poll, domain.StatusActive, paper)
		}
		s.save(t, ctx, poll, paper)
	}
	all := ports.Viewer{Manages: []domain.Scope{tenant, community}}
	for name, c := range map[string]struct {
		search ports.PollSearch
		titles []string
	}{
		"everything":              {ports.PollSearch{}, []string{`back\slash`, "axb", "a_b", "Chess 100%"}},
		"a type":                  {ports.PollSearch{ScopeType: domain.ScopeEvent}, []string{"axb"}},
		"a scope":                 {ports.PollSearch{ScopeType: domain.ScopeCommunity, ScopeID: "c1"}, []string{"a_b"}},
		"another scope":           {ports.PollSearch{ScopeType: domain.ScopeCommunity, ScopeID: "c2"}, nil},
		"a status":                {ports.PollSearch{Status: domain.StatusActive}, []string{"Chess 100%"}},
		"words in any case":       {ports.PollSearch{Words: " cHESS "}, []string{"Chess 100%"}},
		"words of a description":  {ports.PollSearch{Words: "шахматы"}, []string{"a_b"}},
		"percent is a percent":    {ports.PollSearch{Words: "%"}, []string{"Chess 100%"}},
		"underscore is itself":    {ports.PollSearch{Words: "a_b"}, []string{"a_b"}},
		"a backslash is itself":   {ports.PollSearch{Words: `\`}, []string{`back\slash`}},
		"all conditions together": {ports.PollSearch{Status: domain.StatusDraft, Words: "b", ScopeType: domain.ScopeCommunity}, []string{"a_b"}},
	} {
		t.Run(name, func(t *testing.T) {
			found, total, err := s.Polls.Page(ctx, c.search, all, 10, 0)
			require.NoError(t, err)
			require.Equal(t, c.titles, titles(found))
			require.Equal(t, len(c.titles), total)
		})
	}
	places, err := s.Polls.Places(ctx, ports.PollSearch{})
	require.NoError(t, err)
	require.ElementsMatch(t, []ports.Place{
		{Scope: tenant, Visibility: domain.VisibilityPublic}, // the event's poll, too: it is the tenant's matter
		{Scope: tenant, Visibility: domain.VisibilityPrivate},
		{Scope: community, Visibility: domain.VisibilityCommunity},
	}, places)
	places, err = s.Polls.Places(ctx, ports.PollSearch{ScopeType: domain.ScopeEvent})
	require.NoError(t, err)
	require.Equal(t, []ports.Place{{Scope: tenant, Visibility: domain.VisibilityPublic}}, places)
}

func viewer(t *testing.T, s Store) {
	maker := Someone()
	ctx := As(t.Context(), maker)
	tenant, community := domain.TenantScope(maker.Tenant), domain.Scope{Type: domain.ScopeCommunity, ID: "c1"}
	for i, p := range []struct {
		title      string
		scope      domain.Scope
		visibility domain.Visibility
		published  bool
	}{
		{"draft", tenant, domain.VisibilityPublic, false},
		{"public", tenant, domain.VisibilityPublic, true},
		{"private", tenant, domain.VisibilityPrivate, true},
		{"members", community, domain.VisibilityCommunity, true},
		{"guests", community, domain.VisibilityPublic, true},
	} {
		poll := NewPoll(t, maker, domain.PollDraft{Title: p.title, Scope: p.scope, Visibility: p.visibility}, Noon.Add(-time.Duration(i)*time.Minute))
		paper := NewPaper(t, poll.ID(), 1)
		if p.published {
			poll = Move(t, poll, domain.StatusActive, paper)
		}
		s.save(t, ctx, poll, paper)
	}
	open := func(scope domain.Scope, v domain.Visibility) ports.Place {
		return ports.Place{Scope: scope, Visibility: v}
	}
	someone := Colleague(maker)
	for name, c := range map[string]struct {
		viewer ports.Viewer
		titles []string
	}{
		"nobody":                     {ports.Viewer{Actor: someone}, nil},
		"nobody, not even the maker": {ports.Viewer{Actor: maker}, nil},
		"a reader":                   {ports.Viewer{Actor: someone, Reads: []domain.Scope{tenant}, Open: []ports.Place{open(tenant, domain.VisibilityPublic)}}, []string{"public"}},
		"a guest":                    {ports.Viewer{Actor: someone, Reads: []domain.Scope{tenant, community}, Open: []ports.Place{open(tenant, domain.VisibilityPublic), open(community, domain.VisibilityPublic)}}, []string{"public", "guests"}},
		"a member":                   {ports.Viewer{Actor: someone, Reads: []domain.Scope{community}, Open: []ports.Place{open(community, domain.VisibilityPublic), open(community, domain.VisibilityCommunity)}}, []string{"members", "guests"}},
		"the maker":                  {ports.Viewer{Actor: maker, Reads: []domain.Scope{tenant}}, []string{"draft", "public", "private"}},
		"an admin":                   {ports.Viewer{Actor: someone, Reads: []domain.Scope{tenant}, Manages: []domain.Scope{tenant}}, []string{"draft", "public", "private"}},
		"a community's admin":        {ports.Viewer{Actor: someone, Manages: []domain.Scope{community}}, []string{"members", "guests"}},
	} {
		t.Run(name, func(t *testing.T) {
			found, total, err := s.Polls.Page(ctx, ports.PollSearch{}, c.viewer, 10, 0)
			require.NoError(t, err)
			require.Equal(t, c.titles, titles(found))
			require.Equal(t, len(c.titles), total)
		})
	}
}

func pages(t *testing.T, s Store) {
	by := Someone()
	ctx := As(t.Context(), by)
	for i := range 10 {
		s.save(t, ctx, NewPoll(t, by, Draft(by, fmt.Sprint(i)), Noon.Add(time.Duration(i/2)*time.Minute)), domain.Paper{})
	}
	viewer := ports.Viewer{Manages: []domain.Scope{domain.TenantScope(by.Tenant)}}
	var seen []string
	var last time.Time
	for offset := 0; offset < 12; offset += 3 {
		page, total, err := s.Polls.Page(ctx, ports.PollSearch{}, viewer, 3, offset)
		require.NoError(t, err)
		require.Equal(t, 10, total)
		for _, poll := range page {
			require.False(t, !last.IsZero() && poll.Data().CreatedAt.After(last), "newest first")
			last = poll.Data().CreatedAt
		}
		seen = append(seen, titles(page)...)
	}
	require.ElementsMatch(t, []string{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"}, seen)
	beyond, total, err := s.Polls.Page(ctx, ports.PollSearch{}, viewer, 3, 100)
	require.NoError(t, err)
	require.Empty(t, beyond)
	require.Equal(t, 10, total)
}

func titles(polls []domain.Poll) (list []string) {
	for _, p := range polls {
		list = append(list, p.Data().Title)
	}
	return list
}
