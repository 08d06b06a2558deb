// Package events is the events service: this file wires its parts. It is exported so that one process can run several
// services.
package events

import (
	"context"
	"time"

	"go.uber.org/fx"

	"go.updspace.com/events/adapters/cache"
	"go.updspace.com/events/adapters/httpapi"
	"go.updspace.com/events/adapters/identityevents"
	"go.updspace.com/events/adapters/invitationmail"
	"go.updspace.com/events/adapters/maildelivery"
	"go.updspace.com/events/adapters/outbox"
	store "go.updspace.com/events/adapters/pg"
	"go.updspace.com/events/adapters/portalevents"
	"go.updspace.com/events/app"
	"go.updspace.com/events/ports"
	"go.updspace.com/libs/accessclient"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/fx/servicefx"
	"go.updspace.com/libs/groups/portalgroups"
	"go.updspace.com/libs/idempotency"
	kit "go.updspace.com/libs/outbox"
	"go.updspace.com/libs/personaldata"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/seal"
)

const name = "events"

// Module is the service.
func Module(cfg Config) fx.Option {
	if err := cfg.Validate(); err != nil {
		return fx.Error(err)
	}
	return fx.Options(
		servicefx.Service(name, cfg.ServiceConfig, store.Migrations()),
		fx.Provide(
			func(c servicefx.SystemClock) ports.Clock { return c },
			func(c *accessclient.Client) authz.Checker { return c },
			func(p *kit.Publisher) *outbox.Publisher { return outbox.New(p, cfg.PublicOrigin) },
			func(p *kit.Publisher) *invitationmail.Mails {
				return invitationmail.New(p, invitationmail.Config{Origin: cfg.PublicOrigin, ReplyDomain: cfg.ReplyDomain})
			},
			func() httpapi.InboundMail {
				return httpapi.InboundMail{Domain: cfg.ReplyDomain, Secret: cfg.ReplySecret}
			},
			func() (*seal.Sealer, error) { return seal.Parse(cfg.SealKeys) },
			newDeps, newPersonalData, app.NewLifecycle,
			fx.Annotate(httpapi.New, fx.ResultTags(`name:"api"`)),
		),
		servicefx.Consumer("events-groups", portalgroups.Types, func(l *app.Lifecycle) kit.Handler { return portalgroups.Handler(l.GroupChanged) }),
		servicefx.Consumer("events-tenant-members", identityevents.MembershipTypes, identityevents.Memberships),
		servicefx.ConsumerAcrossTenants("events-accounts", identityevents.Types, identityevents.Handler),
		servicefx.EveryExclusive("reminders", 5*time.Second, (*app.Lifecycle).Remind),
		servicefx.Consumer("events-members", portalevents.Types, portalevents.Handler),
		servicefx.Consumer("events-mails", maildelivery.Types, maildelivery.Handler),
		servicefx.Every("mails of invitations", 2*time.Second, (*app.Lifecycle).MailInvitations),
		servicefx.Every("retention of invitations", time.Hour, (*app.Lifecycle).ForgetInvited),
		servicefx.Every("telling of promotions", 2*time.Second, (*app.Lifecycle).TellPromotions),
		servicefx.Every("further dates of series", time.Hour, (*app.Lifecycle).Extend),
	)
}

// newPublisher publishes without the rest of the module, for the demo data.
func newPublisher(db *pg.DB, cfg Config, clock ports.Clock) *outbox.Publisher {
	return outbox.New(kit.NewPublisher(db, name).By(clock.Now), cfg.PublicOrigin)
}

func newDeps(
	access authz.Checker, db *pg.DB, publisher *outbox.Publisher, mails *invitationmail.Mails, sealer *seal.Sealer, log *audit.Log, once *idempotency.Store, clock ports.Clock,
) (app.Deps, error) {
	answers, err := cache.NewAnswers(store.NewAnswers(db, publisher))
	return app.Deps{
		Access: access, Events: store.NewEvents(db), Occurrences: store.NewOccurrences(db), Answers: answers, Attendance: store.NewAttendance(db),
		Reminders: store.NewReminders(db), Accounts: store.NewAccounts(db), Groups: portalgroups.NewStore(db),
		Invitations: store.NewInvitations(db, sealer), Members: store.NewMembers(db), Mails: mails, Inbound: store.NewInboundMails(db),
		Calendars: store.NewCalendarAddresses(db), TenantMembers: store.NewTenantMembers(db),
		Publisher: publisher, Audit: log, Tx: db, Once: once, Clock: clock,
	}, err
}

func newPersonalData(db *pg.DB, log *audit.Log, clock ports.Clock) *personaldata.Store {
	return personaldata.New(name, db, log, clock.Now, store.PersonalData(db)...)
}

// Migrate brings the database up to date, for deployments that do so before serving.
func Migrate(ctx context.Context, cfg Config) error {
	return pg.Migrate(ctx, cfg.Database.MigrateURL, store.Migrations())
}
