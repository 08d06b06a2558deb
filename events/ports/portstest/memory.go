package portstest

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"go.updspace.com/events/domain"
	"go.updspace.com/events/ports"
	"go.updspace.com/libs/groups"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/tools/devkit/testkit/memory"
)

// Memory keeps everything in memory. It passes the same suites as PostgreSQL does, so what is built on it holds there.
type Memory struct {
	*memory.DB
	*memory.Events[domain.DomainEvent]
	*memory.Audit

	events      *memory.Table[uuid.UUID, domain.Event]
	occurrences *memory.Table[uuid.UUID, domain.Occurrence]
	answers     *memory.Table[ofUser, domain.Answer]
	places      *memory.Table[uuid.UUID, int] // the last place in the waiting list of a date
	promotions  *memory.Table[uuid.UUID, promotion]
	series      *memory.Table[ofUser, seriesAnswer]
	marks       *memory.Table[ofUser, domain.Attendance]
	reminders   *memory.Table[ofUser, ports.DueReminder]
	choices     *memory.Table[ofUser, choice]
	accounts    *memory.Table[uuid.UUID, ports.Standing]
	invitations *memory.Table[uuid.UUID, ports.InvitationOfTenant]
	members     *memory.Table[membership, membership]
	inTenant    *memory.Table[uuid.UUID, bool]
	inbound     *memory.Table[string, inboundMail]
	mails       *memory.Events[AskedMail]
	groups      *memory.Groups
}

// ofUser is what is of a user and a date, or of a user and an event.
type ofUser struct{ of, user uuid.UUID }

// AskedMail is a mail of an invitation that was asked for.
type AskedMail struct {
	About domain.MailSubject
	domain.InvitationMail
}

// NewMemory is empty.
func NewMemory() *Memory {
	db := memory.New()
	return &Memory{
		DB: db, Events: memory.NewEvents[domain.DomainEvent](db), Audit: memory.NewAudit(db),
		events: memory.NewTable[uuid.UUID, domain.Event](db), occurrences: memory.NewTable[uuid.UUID, domain.Occurrence](db),
		answers: memory.NewTable[ofUser, domain.Answer](db), places: memory.NewTable[uuid.UUID, int](db),
		promotions: memory.NewTable[uuid.UUID, promotion](db), series: memory.NewTable[ofUser, seriesAnswer](db),
		marks: memory.NewTable[ofUser, domain.Attendance](db), reminders: memory.NewTable[ofUser, ports.DueReminder](db), choices: memory.NewTable[ofUser, choice](db),
		accounts: memory.NewTable[uuid.UUID, ports.Standing](db), invitations: memory.NewTable[uuid.UUID, ports.InvitationOfTenant](db),
		members: memory.NewTable[membership, membership](db), inTenant: memory.NewTable[uuid.UUID, bool](db), inbound: memory.NewTable[string, inboundMail](db),
		mails: memory.NewEvents[AskedMail](db), groups: memory.NewGroups(db),
	}
}

// Store is the memory as the repositories.
func (m *Memory) Store() Store {
	return Store{
		Events: memoryEvents{m}, Occurrences: memoryOccurrences{m}, Answers: memoryAnswers{m}, Reminders: memoryReminders{m}, Accounts: memoryAccounts{m},
		Invitations: memoryInvitations{m}, Members: memoryMembers{m}, InTenant: memoryTenantMembers{m}, Inbound: memoryInbound{m}, Tx: m,
	}
}

// Groups is the memory as groups.Store.
func (m *Memory) Groups() groups.Store { return m.groups }

// Mails is the memory as ports.InvitationMails.
func (m *Memory) Mails() ports.InvitationMails { return memoryMails{m} }

// Asked are the mails of invitations that were asked for.
func (m *Memory) Asked() []AskedMail { return m.mails.Published() }

type memoryMails struct{ *Memory }

func (m memoryMails) Ask(ctx context.Context, about domain.MailSubject, mails ...domain.InvitationMail) error {
	for _, mail := range mails {
		if err := m.mails.Publish(ctx, AskedMail{about, mail}); err != nil {
			return err
		}
	}
	return nil
}

type memoryAccounts struct{ *Memory }

// platform is the context of what belongs to no tenant.
func platform(ctx context.Context) context.Context { return reqctx.With(ctx, reqctx.Context{}) }

func (m memoryAccounts) Standing(ctx context.Context, user uuid.UUID) (ports.Standing, error) {
	standing, _ := m.accounts.Get(platform(ctx), user)
	active, known := m.inTenant.Get(ctx, user)
	standing.Left = known && !active
	return standing, nil
}

func (m memoryAccounts) SetSuspended(ctx context.Context, user uuid.UUID, suspended bool) error {
	standing, err := m.Standing(ctx, user)
	standing.Suspended = suspended
	m.accounts.Put(platform(ctx), user, standing)
	return err
}

func (m memoryAccounts) SetSystemAdmin(ctx context.Context, user uuid.UUID, admin bool) error {
	standing, err := m.Standing(ctx, user)
	standing.SystemAdmin = admin
	m.accounts.Put(platform(ctx), user, standing)
	return err
}

type memoryTenantMembers struct{ *Memory }

func (m memoryTenantMembers) Put(ctx context.Context, user uuid.UUID, active bool) error {
	m.inTenant.Put(ctx, user, active)
	return nil
}

func (m memoryTenantMembers) Lock(ctx context.Context, user uuid.UUID) error {
	if _, known := m.inTenant.Get(ctx, user); !known {
		m.inTenant.Put(ctx, user, true)
	}
	return nil
}

// tenantOf is the tenant of an event, of any one.
func (m *Memory) tenantOf(event uuid.UUID) uuid.UUID {
	for _, e := range m.events.AllTenants(context.Background(), func(e domain.Event) bool { return e.ID() == event }) {
		return e.Data().TenantID
	}
	return uuid.Nil
}

func bounded[T any](list []T, limit int) []T { return list[:min(len(list), limit)] }

func sorted[T any](list []T, compare func(a, b T) int) []T {
	slices.SortFunc(list, compare)
	return list
}
