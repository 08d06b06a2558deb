package portal

import (
	"context"
	"errors"
	"log/slog"

	"github.com/google/uuid"
	"go.uber.org/fx"

	"go.updspace.com/libs/reqctx"
	"go.updspace.com/portal/app"
	"go.updspace.com/portal/domain"
	"go.updspace.com/portal/ports"
)

// Demo accounts and their tenant, the same in every service's demo data.
var (
	demoAEF    = uuid.MustParse("00000000-0000-0000-0000-000000000001")
	demoAdmin  = uuid.MustParse("00000000-0000-4000-8000-000000000001") // admin@aef.test
	demoMember = uuid.MustParse("00000000-0000-4000-8000-000000000002") // member@aef.test
	demoSecond = uuid.MustParse("00000000-0000-4000-8000-000000000003") // second@aef.test
)

// demoGroup is a community, or a team when Within is set. Its first member is its owner.
type demoGroup struct {
	ID, Within uuid.UUID
	Draft      domain.GroupDraft
	Members    []demoMembership
}

type demoMembership struct {
	User uuid.UUID
	Role domain.Role
}

// Ids of the demo groups, for the demo data of other services.
var (
	demoChess    = uuid.MustParse("00000000-0000-4000-8000-0000000000c1")
	demoStrategy = uuid.MustParse("00000000-0000-4000-8000-0000000000c2")
	demoOpenings = uuid.MustParse("00000000-0000-4000-8000-0000000000d1")
	demoEndgames = uuid.MustParse("00000000-0000-4000-8000-0000000000d2")
	demoRaid     = uuid.MustParse("00000000-0000-4000-8000-0000000000d3")
)

func demoGroups() []demoGroup {
	owner, moderator, member := domain.RoleOwner, domain.RoleModerator, domain.RoleMember
	return []demoGroup{
		{
			ID: demoChess, Draft: domain.GroupDraft{Name: "Chess", Description: "For those who think ahead.", JoinPolicy: domain.JoinOpen},
			Members: []demoMembership{{demoAdmin, owner}, {demoMember, moderator}, {demoSecond, member}},
		},
		{
			ID: demoStrategy, Draft: domain.GroupDraft{Name: "Strategy", Description: "Maps, armies, long evenings.", JoinPolicy: domain.JoinRequest},
			Members: []demoMembership{{demoSecond, owner}, {demoAdmin, member}},
		},
		{
			ID: demoOpenings, Within: demoChess, Draft: domain.GroupDraft{Name: "Openings", Description: "The first ten moves.", JoinPolicy: domain.JoinOpen},
			Members: []demoMembership{{demoMember, owner}, {demoSecond, member}},
		},
		{
			ID: demoEndgames, Within: demoChess, Draft: domain.GroupDraft{Name: "Endgames", JoinPolicy: domain.JoinInvite},
			Members: []demoMembership{{demoAdmin, owner}},
		},
		{
			ID: demoRaid, Within: demoStrategy, Draft: domain.GroupDraft{Name: "Raid night", JoinPolicy: domain.JoinRequest},
			Members: []demoMembership{{demoSecond, owner}, {demoAdmin, member}},
		},
	}
}

// SeedDemo makes demo data where it is not there yet, by the same use cases as everybody, so that the others learn of it
// as of everything. The database must be migrated.
func SeedDemo(ctx context.Context, cfg Config) error {
	if !cfg.Dev() {
		return errors.New("demo data exists in development mode only")
	}
	seed := func(ctx context.Context, o operator) error {
		for _, g := range demoGroups() {
			if err := g.seed(ctx, o); err != nil {
				return err
			}
		}
		for _, p := range demoPosts() {
			if err := p.seed(ctx, o); err != nil {
				return err
			}
		}
		return nil
	}
	return operate(ctx, cfg, seed,
		fx.Decorate(func(ports.Access) ports.Access { return everything{} }), // access is not up yet, and nobody is asking
		fx.Decorate(func(ports.Roster) ports.Roster { return nobody{} }),
		fx.Decorate(func(*slog.Logger) *slog.Logger { return slog.New(slog.DiscardHandler) })) // what goes wrong is returned
}

// seed makes a group unless it is there.
func (g demoGroup) seed(ctx context.Context, o operator) error {
	by := domain.Actor{Tenant: demoAEF, User: g.Members[0].User}
	ctx = reqctx.With(ctx, reqctx.Context{TenantID: by.Tenant, UserID: by.User})
	scope := domain.CommunityScope(g.ID)
	if g.Within != uuid.Nil {
		scope = domain.TeamScope(g.ID)
	}
	_, err := o.Groups.Get(ctx, by, scope)
	if err == nil {
		return nil
	}
	draft := g.Draft
	draft.ID = g.ID
	switch {
	case !errors.Is(err, domain.ErrCommunityNotFound): // the same kind and code for a team
		return err
	case g.Within != uuid.Nil:
		_, err = o.Groups.CreateTeam(ctx, by, app.CreateTeam{Community: g.Within, Team: draft})
	default:
		_, err = o.Groups.CreateCommunity(ctx, by, draft)
	}
	if err != nil {
		return err
	}
	for _, m := range g.Members[1:] {
		joined := func(ctx context.Context) error { return o.Accounts.Joined(ctx, by.Tenant, m.User) } // identity has yet to tell
		if err := o.Tx.Do(ctx, joined); err != nil {
			return err
		}
		if err := o.Members.Put(ctx, by, scope, app.PutMember{User: m.User, Role: m.Role}); err != nil {
			return err
		}
	}
	return nil
}

// everything is ports.Access for whoever makes the demo data.
type everything struct{}

func (everything) Allowed(context.Context, domain.Ask) (bool, error) { return true, nil }

func (everything) AllowedEach(_ context.Context, asks []domain.Ask) ([]bool, error) {
	allowed := make([]bool, len(asks))
	for i := range allowed {
		allowed[i] = true
	}
	return allowed, nil
}

// nobody is ports.Roster when nobody listens: the events tell of the demo data.
type nobody struct{}

func (nobody) Tell(context.Context, ...domain.Membership) {}

func (nobody) Compare(context.Context, ports.Stretch) (ports.Drift, error) { return ports.Drift{}, nil }
