package portstest

import (
	"bytes"
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/events/domain"
	"go.updspace.com/events/ports"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/reqctx"
)

type memoryInvitations struct{ *Memory }

// of are the invitations that match, by their id, with their tokens.
func (m memoryInvitations) of(ctx context.Context, match func(domain.Invitation) bool) (list []domain.Invitation) {
	for _, i := range m.invitations.All(ctx, func(i ports.InvitationOfTenant) bool { return match(i.Invitation) }) {
		list = append(list, i.Invitation)
	}
	return sorted(list, func(a, b domain.Invitation) int { return bytes.Compare(a.ID[:], b.ID[:]) })
}

// plain are invitations without their tokens.
func plain(list []domain.Invitation) []domain.Invitation {
	for i := range list {
		list[i].Token = ""
	}
	return list
}

// replied are invitations with the last answer of each person.
func (m memoryInvitations) replied(ctx context.Context, list []domain.Invitation) []domain.Invitation {
	for i, invitation := range list {
		var last *domain.Answer
		for _, o := range m.occurrences.All(ctx, func(o domain.Occurrence) bool { return o.Data().EventID == invitation.EventID }) {
			if a, ok := m.answers.Get(ctx, ofUser{o.ID(), invitation.UserID}); ok && (last == nil || a.At.After(last.At)) {
				last = &domain.Answer{UserID: a.UserID, Guest: invitation.Guest, Status: a.Status, Waiting: a.Waiting, At: a.At}
			}
		}
		list[i].Reply = last
	}
	return list
}

func (m memoryInvitations) put(ctx context.Context, i domain.Invitation) {
	i.Reply = nil
	m.invitations.Put(ctx, i.ID, ports.InvitationOfTenant{Tenant: reqctx.From(ctx).TenantID, Invitation: i})
}

func (m memoryInvitations) Find(ctx context.Context, event, id uuid.UUID) (domain.Invitation, error) {
	list := plain(m.of(ctx, func(i domain.Invitation) bool { return i.EventID == event && i.ID == id }))
	if len(list) == 0 {
		return domain.Invitation{}, domain.ErrInvitationUnknown
	}
	return list[0], nil
}

func (m memoryInvitations) Lock(ctx context.Context, event, id uuid.UUID) (domain.Invitation, error) {
	if err := m.RequireTx(ctx, "Lock"); err != nil {
		return domain.Invitation{}, err
	}
	return m.Find(ctx, event, id)
}

func (m memoryInvitations) FindByToken(ctx context.Context, token domain.InvitationToken) (ports.InvitationOfTenant, error) {
	list := m.invitations.AllTenants(ctx, func(i ports.InvitationOfTenant) bool { return i.Token == token && token != "" })
	if len(list) == 0 {
		return ports.InvitationOfTenant{}, domain.ErrInvitationUnknown
	}
	list[0].Token = ""
	return list[0], nil
}

func (m memoryInvitations) Guest(ctx context.Context, event, user uuid.UUID) (*domain.Invitation, error) {
	list := m.of(ctx, func(i domain.Invitation) bool {
		return i.EventID == event && i.UserID == user && i.Guest && i.Token != ""
	})
	if len(list) == 0 {
		return nil, nil
	}
	return &m.replied(ctx, list)[0], nil
}

func (m memoryInvitations) Existing(ctx context.Context, event uuid.UUID, users []uuid.UUID, addresses []string) ([]domain.Invitation, error) {
	list := plain(m.of(ctx, func(i domain.Invitation) bool {
		return i.EventID == event && (slices.Contains(users, i.UserID) || i.Address != "" && slices.Contains(addresses, i.Address))
	}))
	return list, m.RequireTx(ctx, "Existing")
}

func (m memoryInvitations) Page(ctx context.Context, event, before uuid.UUID, limit int) ([]domain.Invitation, error) {
	list := m.of(ctx, func(i domain.Invitation) bool {
		return i.EventID == event && (before == uuid.Nil || bytes.Compare(i.ID[:], before[:]) < 0)
	})
	slices.Reverse(list)
	return bounded(m.replied(ctx, plain(list)), limit), nil
}

func (m memoryInvitations) Count(ctx context.Context, event uuid.UUID) (int, error) {
	return len(m.of(ctx, func(i domain.Invitation) bool { return i.EventID == event })), nil
}

func (m memoryInvitations) CountBatch(ctx context.Context, batch uuid.UUID) (int, error) {
	return len(m.of(ctx, func(i domain.Invitation) bool { return i.Batch == batch })), nil
}

func (m memoryInvitations) CountAddresses(ctx context.Context, by uuid.UUID, since time.Time) (int, error) {
	return len(m.of(ctx, func(i domain.Invitation) bool { return i.By == by && i.Guest && i.At.After(since) })), nil
}

func (m memoryInvitations) Add(ctx context.Context, invitations ...domain.Invitation) error {
	for _, i := range invitations {
		m.put(ctx, i)
	}
	return nil
}

func (m memoryInvitations) Update(ctx context.Context, is domain.Invitation) error {
	row, ok := m.invitations.Get(ctx, is.ID)
	if !ok {
		return domain.ErrInvitationUnknown
	}
	was := row.Invitation
	was.By, was.At, was.Batch, was.Withdrawn, was.Told, was.Mail, was.Delivery, was.Failure = is.By, is.At, is.Batch, is.Withdrawn, is.Told, is.Mail, is.Delivery, is.Failure
	m.put(ctx, was)
	return nil
}

// Tell follows the statement of PostgreSQL: who was not told of the event yet need not hear of a cancellation.
func (m memoryInvitations) Tell(ctx context.Context, event uuid.UUID, mail domain.Mail) error {
	for _, i := range m.of(ctx, func(i domain.Invitation) bool { return i.EventID == event && !i.Withdrawn }) {
		untold, due := i.Told < 0, i.Mail.Due
		if due.IsZero() || mail.Due.Before(due) {
			due = mail.Due
		}
		switch {
		case untold && mail.Method == domain.MailCancel:
			i.Mail = domain.Mail{}
		case untold && mail.Method == "":
			i.Mail.Dates = nil
		case untold:
			i.Mail = domain.Mail{Method: mail.Method, Due: due}
		case mail.Method == domain.MailCancel:
			i.Mail = domain.Mail{Method: mail.Method, Due: due}
		default:
			i.Mail = domain.Mail{Method: cmp.Or(mail.Method, i.Mail.Method), Dates: append(slices.Clone(i.Mail.Dates), mail.Dates...), Due: due}
		}
		if !untold {
			i.Delivery = domain.DeliveryWaiting
		}
		m.put(ctx, i)
	}
	return nil
}

func (m memoryInvitations) Copies(ctx context.Context, event uuid.UUID) ([]domain.Invitation, error) {
	list := m.of(ctx, func(i domain.Invitation) bool { return i.EventID == event && !i.Withdrawn && i.Token != "" })
	return bounded(plain(list), domain.MaxInvitations), nil
}

func (m memoryInvitations) ListDue(ctx context.Context, now time.Time, limit int) (list []ports.EventOfTenant, err error) {
	due := m.invitations.AllTenants(ctx, func(i ports.InvitationOfTenant) bool { return !i.Mail.Due.IsZero() && !i.Mail.Due.After(now) })
	for _, i := range sorted(due, func(a, b ports.InvitationOfTenant) int { return a.Mail.Due.Compare(b.Mail.Due) }) {
		of := ports.EventOfTenant{Tenant: i.Tenant, Event: i.EventID}
		shown := m.events.AllTenants(ctx, func(e domain.Event) bool {
			return e.ID() == i.EventID && e.Data().Status != domain.StatusDraft && !e.Data().Hidden
		})
		if len(shown) > 0 && !slices.Contains(list, of) {
			list = append(list, of)
		}
	}
	return bounded(list, limit), nil
}

func (m memoryInvitations) Take(ctx context.Context, event uuid.UUID, now time.Time, limit int) ([]domain.Invitation, error) {
	list := m.of(ctx, func(i domain.Invitation) bool {
		return i.EventID == event && i.Token != "" && !i.Mail.Due.IsZero() && !i.Mail.Due.After(now)
	})
	return m.replied(ctx, bounded(list, limit)), m.RequireTx(ctx, "Take")
}

func (m memoryInvitations) TakeTold(ctx context.Context, event, after uuid.UUID, limit int) ([]domain.Invitation, error) {
	list := m.of(ctx, func(i domain.Invitation) bool {
		return i.EventID == event && i.Token != "" && i.Told >= 0 && !i.Withdrawn && bytes.Compare(i.ID[:], after[:]) > 0
	})
	return m.replied(ctx, bounded(list, limit)), m.RequireTx(ctx, "TakeTold")
}

func (m memoryInvitations) Mailed(ctx context.Context, sequence int, now time.Time, invitations ...domain.Invitation) error {
	for _, mailed := range invitations {
		row, ok := m.invitations.Get(ctx, mailed.ID)
		if !ok {
			continue
		}
		i := row.Invitation
		i.Told, i.Mail, i.Delivery, i.Failure, i.MessageID, i.MailedAt = sequence, domain.Mail{}, domain.DeliveryQueued, "", mailed.MessageID, now
		m.put(ctx, i)
	}
	return nil
}

func (m memoryInvitations) Delivered(ctx context.Context, message uuid.UUID, outcome domain.MailOutcome) error {
	for _, i := range m.of(ctx, func(i domain.Invitation) bool { return i.MessageID == message }) {
		if i.Delivery == domain.DeliveryQueued {
			i.Delivery, i.Failure = outcome.Delivery, outcome.Failure
		}
		i.Recipient = cmp.Or(outcome.Recipient, i.Recipient)
		m.put(ctx, i)
	}
	return nil
}

func (m memoryInvitations) ForgetAddresses(ctx context.Context, before time.Time) error {
	for _, i := range m.invitations.AllTenants(ctx, func(i ports.InvitationOfTenant) bool { return i.Guest && i.Token != "" }) {
		later := m.occurrences.AllTenants(ctx, func(o domain.Occurrence) bool { return o.Data().EventID == i.EventID && !o.Data().Ends.Before(before) })
		if len(later) == 0 {
			i.Address, i.Token, i.Mail.Due, i.Recipient = "", "", time.Time{}, ""
			m.put(reqctx.With(ctx, reqctx.Context{TenantID: i.Tenant}), i.Invitation)
		}
	}
	return nil
}

type memoryMembers struct{ *Memory }

type membership struct {
	group authz.Scope
	user  uuid.UUID
}

func (m memoryMembers) Put(ctx context.Context, group authz.Scope, user uuid.UUID, member bool) error {
	key := membership{group, user}
	if member {
		m.members.Put(ctx, key, key)
		return nil
	}
	m.members.Delete(ctx, func(k membership) bool { return k == key })
	return nil
}

func (m memoryMembers) RemoveAll(ctx context.Context, group authz.Scope) error {
	m.members.Delete(ctx, func(k membership) bool { return k.group == group })
	return nil
}

func (m memoryMembers) List(ctx context.Context, groups []authz.Scope, limit int) (users []uuid.UUID, err error) {
	for _, k := range m.members.All(ctx, func(k membership) bool { return slices.Contains(groups, k.group) }) {
		users = append(users, k.user)
	}
	users = slices.Compact(sorted(users, func(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) }))
	return bounded(users, limit), nil
}

type memoryInbound struct{ *Memory }

type inboundMail struct {
	tenant uuid.UUID
	at     time.Time
}

func (m memoryInbound) Known(ctx context.Context, messageID string) (bool, error) {
	_, known := m.inbound.Get(ctx, messageID)
	return known, nil
}

func (m memoryInbound) Remember(ctx context.Context, messageID string, now time.Time) error {
	if _, known := m.inbound.Get(ctx, messageID); !known {
		m.inbound.Put(ctx, messageID, inboundMail{reqctx.From(ctx).TenantID, now})
	}
	return nil
}

func (m memoryInbound) Forget(ctx context.Context, before time.Time) error {
	old := func(mail inboundMail) bool { return mail.at.Before(before) }
	for _, mail := range m.inbound.AllTenants(ctx, old) {
		m.inbound.Delete(reqctx.With(ctx, reqctx.Context{TenantID: mail.tenant}), old)
	}
	return nil
}
