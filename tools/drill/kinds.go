package drill

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/tools/journey"
)

// ground is what the writes are about: a poll, events, an achievement, roles.
type ground struct {
	people []person
	admin  *journey.Browser

	poll, question string
	options        []string
	events         []string
	achievement    string
	roles          []int64
}

const (
	pollOptions = 200
	eventCount  = 40
	roleCount   = 100
)

// prepare makes the ground through the gateways.
func prepare(ctx context.Context, admin *journey.Browser, people []person) (*ground, error) {
	g := &ground{admin: admin, people: people}
	for _, step := range []func(context.Context) error{g.makePoll, g.makeEvents, g.makeAchievement, g.makeRoles} {
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	return g, nil
}

func (g *ground) make(ctx context.Context, path string, body map[string]any, into any) error {
	return g.admin.Send(ctx, http.MethodPost, path, body).JSON(http.StatusCreated, into)
}

func (g *ground) makePoll(ctx context.Context) error {
	options := make([]map[string]any, pollOptions)
	for i := range options {
		options[i] = map[string]any{"title": fmt.Sprintf("Option %d", i+1)}
	}
	var created struct{ ID string }
	if err := g.make(ctx, "/api/v1/voting/polls", map[string]any{
		"title": "Drill", "scope_type": "TENANT", "visibility": "community", "results_visibility": "always",
		"nominations": []any{map[string]any{"title": "Which", "kind": "custom", "max_votes": pollOptions, "options": options}},
	}, &created); err != nil {
		return err
	}
	g.poll = created.ID
	if err := g.admin.Send(ctx, http.MethodPut, "/api/v1/voting/polls/"+g.poll, map[string]any{"status": "active"}).Expect(http.StatusOK); err != nil {
		return err
	}
	var info struct{ Nominations, Options []struct{ ID string } }
	if err := g.admin.Get(ctx, "/api/v1/voting/polls/"+g.poll+"/info").JSON(http.StatusOK, &info); err != nil {
		return err
	}
	g.question = info.Nominations[0].ID
	for _, o := range info.Options {
		g.options = append(g.options, o.ID)
	}
	return nil
}

func (g *ground) makeEvents(ctx context.Context) error {
	starts := time.Now().AddDate(0, 0, 7).UTC().Truncate(time.Second)
	for i := range eventCount {
		var created struct{ ID string }
		if err := g.make(ctx, "/api/v1/events", map[string]any{
			"title": fmt.Sprintf("Drill %d", i), "scopeType": "TENANT", "startsAt": starts, "endsAt": starts.Add(time.Hour), "visibility": "public",
		}, &created); err != nil {
			return err
		}
		g.events = append(g.events, created.ID)
	}
	return nil
}

func (g *ground) makeAchievement(ctx context.Context) error {
	var created struct{ ID string }
	err := g.make(ctx, "/api/v1/gamification/achievements", map[string]any{
		"name_i18n": map[string]string{"en": "Drill"}, "category": "community", "status": "published", "kind": "repeatable",
		"images": map[string]any{"small": "https://example.com/s.png"},
	}, &created)
	g.achievement = created.ID
	return err
}

func (g *ground) makeRoles(ctx context.Context) error {
	for i := range roleCount {
		var created struct{ ID int64 }
		if err := g.make(ctx, "/api/v1/access/admin/roles", map[string]any{"service": "voting", "name": fmt.Sprintf("drill-%d", i), "permission_keys": []string{"voting.poll.read"}}, &created); err != nil {
			return err
		}
		g.roles = append(g.roles, created.ID)
	}
	return nil
}

// The kinds of writes.
const (
	votes    = "votes"
	answers  = "answers"
	grants   = "grants"
	posts    = "posts"
	bindings = "bindings"
)

// kinds are the writes. No two are the same, so each that is acknowledged is there once afterwards.
func (g *ground) kinds() []kind {
	of := func(n int) person { return g.people[n%len(g.people)] }
	return []kind{
		{votes, func(n int) write {
			option := g.options[n/len(g.people)%len(g.options)]
			body := map[string]any{"poll_id": g.poll, "nomination_id": g.question, "option_id": option}
			return write{of(n).Browser, "/api/v1/voting/votes", body, http.StatusCreated, of(n).id.String() + " " + option}
		}},
		{answers, func(n int) write {
			event := g.events[n/len(g.people)%len(g.events)]
			return write{of(n).Browser, "/api/v1/events/" + event + "/rsvp", map[string]any{"status": "going"}, http.StatusOK, of(n).id.String() + " " + event}
		}},
		{grants, func(n int) write {
			reason := fmt.Sprintf("Drill %d", n)
			return write{
				g.admin, "/api/v1/gamification/achievements/" + g.achievement + "/grants",
				map[string]any{"recipient_id": of(n).id, "reason": reason}, http.StatusCreated, reason,
			}
		}},
		{posts, func(int) write {
			title := "Drill " + uuid.NewString()
			return write{g.admin, "/api/v1/portal/posts", map[string]any{"title": title, "body": "x", "visibility": "public"}, http.StatusCreated, title}
		}},
		{bindings, func(n int) write {
			role := g.roles[n/len(g.people)%len(g.roles)]
			return write{g.admin, "/api/v1/access/admin/role-bindings", map[string]any{
				"tenant_id": tenant, "user_id": of(n).id, "scope_type": "TENANT", "scope_id": tenant, "role_id": role,
			}, http.StatusCreated, fmt.Sprintf("%s %d", of(n).id, role)}
		}},
	}
}
