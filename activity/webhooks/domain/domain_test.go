package domain_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/activity/webhooks/domain"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
)

var (
	maker = authz.Actor{Tenant: uuid.New(), User: uuid.New()}
	now   = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
)

func anyURL(domain.Format, string) error { return nil }

func draft(types ...string) domain.Edit {
	return domain.Edit{Name: new("Bot"), URL: new("https://bot.example.com/"), Types: &types}
}

func endpoint(t *testing.T) domain.Endpoint {
	t.Helper()
	e, err := domain.NewEndpoint(maker, domain.Standard, draft("voting.poll.opened"), anyURL, now)
	require.NoError(t, err)
	return e
}

func TestANewEndpointReportsEveryWrongField(t *testing.T) {
	t.Parallel()
	made, err := domain.NewEndpoint(maker, domain.Standard, draft("voting.poll.opened", "events.event.created", "voting.poll.opened"), anyURL, now)
	require.NoError(t, err)
	d := made.Data()
	require.Equal(t, domain.EndpointData{
		ID: d.ID, TenantID: maker.Tenant, Name: "Bot", URL: "https://bot.example.com/", Types: []string{"events.event.created", "voting.poll.opened"},
		Format: domain.Standard, Language: domain.English, Scope: authz.TenantScope(maker.Tenant),
		State: domain.Active, CreatedBy: maker.User, CreatedAt: now, UpdatedAt: now,
	}, d)

	_, err = domain.NewEndpoint(maker, domain.Standard, domain.Edit{}, anyURL, now)
	for _, field := range []string{"name", "url", "types"} {
		require.ErrorContains(t, err, field)
	}
	long := draft("voting.vote.cast")
	long.Name = new(strings.Repeat("ы", 101))
	_, err = domain.NewEndpoint(maker, domain.Standard, long, func(domain.Format, string) error { return errors.New("inside") }, now)
	require.Equal(t, errs.Invalid, errs.KindOf(err))
	for _, field := range []string{"name", "url", "types"} {
		require.ErrorContains(t, err, field)
	}
	require.NotContains(t, err.Error(), "inside", "what the guard says is not for the one who asks")
}

func TestAnEndpointIsSwitchedOffAndBeginsAnew(t *testing.T) {
	t.Parallel()
	failed := endpoint(t).After(domain.Result{Status: 500}, now)
	require.True(t, failed.Wants("voting.poll.opened"))
	require.False(t, failed.Wants("voting.poll.closed"))
	same, err := failed.Edit(domain.Edit{Active: new(true)}, anyURL, now)
	require.NoError(t, err)
	require.Equal(t, 1, same.Data().Failures, "it was on")
	off, err := failed.Edit(domain.Edit{Active: new(false)}, anyURL, now)
	require.NoError(t, err)
	require.Equal(t, domain.Paused, off.Data().State)
	require.False(t, off.Wants("voting.poll.opened"))
	gone := failed.After(domain.Result{Status: 410}, now)
	require.Equal(t, []any{domain.Disabled, domain.Gone}, []any{gone.Data().State, gone.Data().DisabledReason})
	on, err := gone.Edit(domain.Edit{Active: new(true)}, anyURL, now.Add(time.Hour))
	require.NoError(t, err)
	want := endpoint(t).Data()
	want.ID, want.UpdatedAt = on.ID(), now.Add(time.Hour)
	require.Equal(t, want, on.Data())
}

func TestAnEndpointRestsAfterFailuresAndIsDisabledAfterDays(t *testing.T) {
	t.Parallel()
	e := endpoint(t)
	for i, rest := range []int{1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300} {
		e = e.After(domain.Result{Reason: "timeout"}, now)
		require.Equal(t, now.Add(time.Duration(rest)*time.Second), e.Data().RestUntil, i)
		require.Equal(t, now, e.Data().FailingSince)
	}
	require.Equal(t, now.Add(time.Hour), e.After(domain.Result{Status: 429, RetryAfter: time.Hour}, now).Data().RestUntil)
	require.Equal(t, now.Add(24*time.Hour), e.After(domain.Result{Status: 503, RetryAfter: 1000 * time.Hour}, now).Data().RestUntil)
	require.Equal(t, now.Add(300*time.Second), e.After(domain.Result{Status: 500, RetryAfter: time.Hour}, now).Data().RestUntil)
	require.Equal(t, domain.Active, e.After(domain.Result{Status: 500}, now.Add(5*24*time.Hour-1)).Data().State)
	late := e.After(domain.Result{Status: 500}, now.Add(5*24*time.Hour)).Data()
	require.Equal(t, []any{domain.Disabled, domain.Failing}, []any{late.State, late.DisabledReason})
	well := e.After(domain.Result{Status: 204}, now.Add(10*24*time.Hour)).Data()
	require.Equal(t, []any{0, time.Time{}, time.Time{}, domain.Active}, []any{well.Failures, well.FailingSince, well.RestUntil, well.State})
}

func TestADeliveryIsTriedEightTimes(t *testing.T) {
	t.Parallel()
	d := domain.NewDelivery(maker.Tenant, uuid.New(), uuid.New(), domain.Test, nil, nil, now)
	require.Equal(t, []any{domain.Waiting, now}, []any{d.State, d.DueAt})
	_, err := d.Replay(now)
	require.ErrorIs(t, err, domain.ErrStillWaiting)
	for _, wait := range []time.Duration{5 * time.Second, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 5 * time.Hour, 10 * time.Hour, 24 * time.Hour} {
		d = d.After(domain.Result{Status: 302}, now)
		require.Equal(t, []any{domain.Waiting, now.Add(wait), 302}, []any{d.State, d.DueAt, d.LastStatus})
	}
	d = d.After(domain.Result{Reason: "tls"}, now)
	require.Equal(t, []any{domain.Dead, "tls", 0, 8}, []any{d.State, d.LastReason, d.LastStatus, d.Attempts})

	id := d.MessageID()
	d, err = d.Replay(now.Add(time.Hour))
	require.NoError(t, err)
	require.Equal(t, []any{domain.Waiting, now.Add(time.Hour), id, 8, 0}, []any{d.State, d.DueAt, d.MessageID(), d.Attempts, d.Round})
	again := d.After(domain.Result{Status: 503, RetryAfter: time.Minute}, now)
	require.Equal(t, now.Add(time.Minute), again.DueAt)
	d = d.After(domain.Result{Status: 200}, now)
	require.Equal(t, []any{domain.Delivered, "", 9}, []any{d.State, d.LastReason, d.Attempts})
	_, err = d.Replay(now)
	require.NoError(t, err, "what was taken can be sent again, too")
	dropped := d.Drop(domain.QueueFull)
	require.Equal(t, []any{domain.Dead, domain.QueueFull}, []any{dropped.State, dropped.LastReason})
}

func TestOnlyWhatEverybodyMaySeeLeavesThePlatform(t *testing.T) {
	t.Parallel()
	author := uuid.New()
	poll := func(change func(map[string]any)) domain.Told {
		data := map[string]any{
			"poll_id": "p", "title": "Map", "visibility": "public", "status": "active", "hidden": false, "created_by": author.String(), "actor_id": "a", "secret": "s",
		}
		change(data)
		return domain.Told{ID: uuid.New(), Type: "voting.poll.opened", Data: data}
	}
	data, people, ok := poll(func(map[string]any) {}).Published()
	require.True(t, ok)
	require.Equal(t, map[string]any{"poll_id": "p", "title": "Map", "status": "active", "created_by": author.String()}, data)
	require.Equal(t, []uuid.UUID{author}, people)
	for name, change := range map[string]func(map[string]any){
		"private":            func(d map[string]any) { d["visibility"] = "private" },
		"of a community":     func(d map[string]any) { d["visibility"] = "community" },
		"without visibility": func(d map[string]any) { delete(d, "visibility") },
		"a draft":            func(d map[string]any) { d["status"] = "draft" },
		"hidden":             func(d map[string]any) { d["hidden"] = true },
	} {
		_, _, ok := poll(change).Published()
		require.False(t, ok, name)
	}
	_, _, ok = domain.Told{Type: "voting.vote.cast", Data: map[string]any{"visibility": "public"}}.Published()
	require.False(t, ok, "a vote is the voter's own")
}

func TestAnEndpointHidesWhatFollowsItsHost(t *testing.T) {
	t.Parallel()
	edit := draft("voting.poll.opened")
	edit.URL = new("https://discord.com/api/webhooks/123456789012345678/token-of-the-channel")
	made, err := domain.NewEndpoint(maker, domain.Discord, edit, anyURL, now)
	require.NoError(t, err)
	require.False(t, made.Signs())
	require.True(t, endpoint(t).Signs())
	require.Equal(t, "https://discord.com/api/webhooks/123456789012345678/…", made.ShownURL())
	for url, shown := range map[string]string{
		"https://bot.example.com/": "https://bot.example.com/", "https://bot.example.com": "https://bot.example.com", "https://bot.example.com/hooks/token": "https://bot.example.com/…",
		"https://bot.example.com?token=x": "https://bot.example.com/…", "https://bot.example.com:443/a#b": "https://bot.example.com:443/…",
	} {
		edit := draft("voting.poll.opened")
		edit.URL = &url
		made, err := domain.NewEndpoint(maker, domain.Standard, edit, anyURL, now)
		require.NoError(t, err)
		require.Equal(t, shown, made.ShownURL())
	}
	for _, status := range []int{401, 404, 410} {
		require.Equal(t, domain.Disabled, made.After(domain.Result{Status: status}, now).Data().State, status)
	}
	require.Equal(t, domain.Active, made.After(domain.Result{Status: 400}, now).Data().State)
	require.Equal(t, domain.Active, endpoint(t).After(domain.Result{Status: 404}, now).Data().State, "another system may answer so for a while")

	_, err = domain.NewEndpoint(maker, domain.Discord, edit, func(domain.Format, string) error { return errors.New("x") }, now)
	require.ErrorContains(t, err, "discord.com/api/webhooks")
}

func TestAnEndpointGetsWhatHappensInItsScope(t *testing.T) {
	t.Parallel()
	community, team, other := authz.CommunityScope(uuid.New()), authz.TeamScope(uuid.New()), authz.TeamScope(uuid.New())
	in := func(scope authz.Scope) domain.Endpoint {
		made, err := endpoint(t).Edit(domain.Edit{Scope: &scope, Language: new(domain.Russian)}, anyURL, now)
		require.NoError(t, err)
		require.Equal(t, domain.Russian, made.Data().Language)
		return made
	}
	tenant := authz.TenantScope(maker.Tenant)
	for _, scope := range []authz.Scope{tenant, community, team, {}} {
		require.True(t, in(tenant).Covers(scope, uuid.Nil))
	}
	require.True(t, in(community).Covers(community, uuid.Nil))
	require.True(t, in(community).Covers(team, community.ID))
	require.False(t, in(community).Covers(team, uuid.New()))
	require.False(t, in(community).Covers(tenant, uuid.Nil))
	require.True(t, in(team).Covers(team, community.ID))
	require.False(t, in(team).Covers(other, community.ID))
	require.False(t, in(team).Covers(community, community.ID))

	for _, scope := range []authz.Scope{authz.TenantScope(uuid.New()), {Type: authz.ScopeGlobal}} {
		_, err := endpoint(t).Edit(domain.Edit{Scope: &scope}, anyURL, now)
		require.ErrorContains(t, err, "scope_")
	}
	told := domain.Told{Data: map[string]any{"scope_type": "TEAM", "scope_id": team.ID.String()}}
	require.Equal(t, team, told.Scope())
	require.Zero(t, domain.Told{}.Scope())
}
