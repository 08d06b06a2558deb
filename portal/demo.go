package portal

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/fx/blobfx"
	"go.updspace.com/libs/fx/servicefx"
	"go.updspace.com/libs/idempotency"
	kit "go.updspace.com/libs/outbox"
	"go.updspace.com/libs/reqctx"
	contentapp "go.updspace.com/portal/content/app"
	contentdomain "go.updspace.com/portal/content/domain"
	groupsapp "go.updspace.com/portal/groups/app"
	groupsdomain "go.updspace.com/portal/groups/domain"
	groupsports "go.updspace.com/portal/groups/ports"
	"go.updspace.com/portal/ports"
)

// demo is the use cases that make the demo data.
type demo struct {
	clock    *servicefx.DemoClock
	tx       ports.Tx
	groups   groupsapp.Groups
	members  groupsapp.Members
	invites  groupsapp.Invites
	requests groupsapp.JoinRequests
	posts    contentapp.Posts
	files    contentapp.Files
	profiles contentapp.Profiles
	accounts contentapp.Accounts
}

// SeedDemo creates the demo data that is missing, by the ordinary use cases, so that its events are published as well. The
// database must be migrated.
func SeedDemo(ctx context.Context, cfg Config) (err error) {
	db, err := servicefx.OpenDemo(ctx, cfg.ServiceConfig)
	if err != nil {
		return err
	}
	defer db.Close()
	blobs, closeBlobs, err := blobfx.Open(name, cfg.Blobs, http.DefaultTransport)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeBlobs()) }()
	clock := servicefx.NewDemoClock()
	publisher, log, once := kit.NewPublisher(db, name).By(clock.Now), audit.New(db), idempotency.NewStore(db)
	content, err := newContent(authz.AllowAll{}, db, blobs, publisher, log, once, clock)
	if err != nil {
		return err
	}
	groups := newGroups(authz.AllowAll{}, noSync{}, db, publisher, log, once, clock)
	d := demo{
		clock: clock, tx: db,
		groups: groupsapp.Groups{Deps: groups}, members: groupsapp.Members{Deps: groups},
		invites: groupsapp.Invites{Deps: groups}, requests: groupsapp.JoinRequests{Deps: groups},
		posts: contentapp.Posts{Deps: content}, files: contentapp.Files{Deps: content},
		profiles: contentapp.Profiles{Deps: content}, accounts: contentapp.Accounts{Deps: content},
	}
	return d.seed(ctx)
}

func (d demo) seed(ctx context.Context) error {
	for _, p := range demoPeople() {
		if err := p.seed(ctx, d); err != nil {
			return err
		}
	}
	var archive []demoGroup // after the posts: an archived group takes none
	for _, g := range demoGroups() {
		made, err := g.seed(ctx, d)
		if err != nil {
			return err
		}
		if made && g.Archived {
			archive = append(archive, g)
		}
	}
	for _, p := range demoPosts() {
		if err := p.seed(ctx, d); err != nil {
			return err
		}
	}
	d.clock.Ago(0)
	for _, g := range archive {
		ctx, by := g.as(ctx, g.Members[0].User)
		if _, err := d.groups.SetStatus(ctx, by, g.ID, groupsdomain.StatusArchived); err != nil {
			return err
		}
	}
	return nil
}

// demoUser is a user of a demo tenant, and the context of a request of the user.
func demoUser(ctx context.Context, tenant, user uuid.UUID) (context.Context, authz.Actor) {
	return reqctx.With(ctx, reqctx.Context{TenantID: tenant, UserID: user}), authz.Actor{Tenant: tenant, User: user}
}

// seed makes the profile unless it exists. Its names follow from identity's events.
func (p demoPerson) seed(ctx context.Context, d demo) error {
	d.clock.Ago(p.Since)
	ctx, by := demoUser(ctx, p.Tenant, p.ID)
	profile, err := d.profiles.Mine(ctx, by)
	if err != nil || !profile.Data().CreatedAt.IsZero() {
		return err
	}
	joined := func(ctx context.Context) error { return d.accounts.Joined(ctx, by.Tenant, by.User) } // as identity's event would
	if err := d.tx.Do(ctx, joined); err != nil || p.Bio == "" {
		return err
	}
	_, err = d.profiles.Edit(ctx, by, contentdomain.ProfileEdit{Bio: &p.Bio, ListedToGuests: &p.Listed})
	return err
}

func (g demoGroup) as(ctx context.Context, user uuid.UUID) (context.Context, authz.Actor) {
	tenant := g.Tenant
	if tenant == uuid.Nil {
		tenant = demoAEF
	}
	return demoUser(ctx, tenant, user)
}

// seed creates the group unless it exists, and reports whether it did.
func (g demoGroup) seed(ctx context.Context, d demo) (made bool, err error) {
	d.clock.Ago(g.Since)
	owned, owner := g.as(ctx, g.Members[0].User)
	_, err = d.groups.Get(owned, owner, g.ID)
	if !errors.Is(err, groupsdomain.ErrGroupNotFound) {
		return false, err
	}
	draft := g.Draft
	draft.ID = g.ID
	if g.Within != uuid.Nil {
		_, err = d.groups.CreateTeam(owned, owner, g.Within, draft)
	} else {
		_, err = d.groups.CreateCommunity(owned, owner, draft)
	}
	if err != nil {
		return false, err
	}
	for i, m := range g.Members[1:] {
		d.clock.Ago(g.Since - time.Duration(i+1)*time.Hour) // lists show who joined first
		if _, err := d.members.Add(owned, owner, g.ID, groupsapp.AddMember{User: m.User, Role: m.Role}); err != nil {
			return false, err
		}
	}
	d.clock.Ago(day)
	for _, user := range g.Invited {
		if _, err := d.invites.Create(owned, owner, g.ID, groupsapp.CreateInvite{User: user}); err != nil {
			return false, err
		}
	}
	for i, r := range g.Requests {
		d.clock.Ago(day - time.Duration(i+1)*3*time.Hour)
		asked, by := g.as(ctx, r.User)
		if _, err := d.requests.Create(asked, by, g.ID, r.Message); err != nil {
			return false, err
		}
	}
	return true, nil
}

// noSync leaves it to the events to bring the demo data to access.
type noSync struct{ groupsports.AccessSync }

func (noSync) Sync(context.Context, ...groupsdomain.Membership) {}
