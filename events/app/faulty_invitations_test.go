package app_test

import (
	"context"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/events/domain"
	"go.updspace.com/events/ports"
	"go.updspace.com/libs/authz"
	"go.updspace.com/tools/devkit/testkit/faults"
)

type faultyInvitations struct {
	ports.Invitations
	f *faults.Faults
}

func (p faultyInvitations) Find(ctx context.Context, event, id uuid.UUID) (domain.Invitation, error) {
	return faults.Call(p.f, func() (domain.Invitation, error) { return p.Invitations.Find(ctx, event, id) })
}

func (p faultyInvitations) Lock(ctx context.Context, event, id uuid.UUID) (domain.Invitation, error) {
	return faults.Call(p.f, func() (domain.Invitation, error) { return p.Invitations.Lock(ctx, event, id) })
}

func (p faultyInvitations) FindByToken(ctx context.Context, token domain.InvitationToken) (ports.InvitationOfTenant, error) {
	return faults.Call(p.f, func() (ports.InvitationOfTenant, error) { return p.Invitations.FindByToken(ctx, token) })
}

func (p faultyInvitations) Guest(ctx context.Context, event, user uuid.UUID) (*domain.Invitation, error) {
	return faults.Call(p.f, func() (*domain.Invitation, error) { return p.Invitations.Guest(ctx, event, user) })
}

func (p faultyInvitations) Existing(ctx context.Context, event uuid.UUID, users []uuid.UUID, addresses []string) ([]domain.Invitation, error) {
	return faults.Call(p.f, func() ([]domain.Invitation, error) { return p.Invitations.Existing(ctx, event, users, addresses) })
}

func (p faultyInvitations) Page(ctx context.Context, event, before uuid.UUID, limit int) ([]domain.Invitation, error) {
	return faults.Call(p.f, func() ([]domain.Invitation, error) { return p.Invitations.Page(ctx, event, before, limit) })
}

func (p faultyInvitations) Count(ctx context.Context, event uuid.UUID) (int, error) {
	return faults.Call(p.f, func() (int, error) { return p.Invitations.Count(ctx, event) })
}

func (p faultyInvitations) CountBatch(ctx context.Context, batch uuid.UUID) (int, error) {
	return faults.Call(p.f, func() (int, error) { return p.Invitations.CountBatch(ctx, batch) })
}

func (p faultyInvitations) CountAddresses(ctx context.Context, by uuid.UUID, since time.Time) (int, error) {
	return faults.Call(p.f, func() (int, error) { return p.Invitations.CountAddresses(ctx, by, since) })
}

func (p faultyInvitations) Add(ctx context.Context, invitations ...domain.Invitation) error {
	return faults.Do(p.f, func() error { return p.Invitations.Add(ctx, invitations...) })
}

func (p faultyInvitations) Update(ctx context.Context, invitation domain.Invitation) error {
	return faults.Do(p.f, func() error { return p.Invitations.Update(ctx, invitation) })
}

func (p faultyInvitations) Tell(ctx context.Context, event uuid.UUID, mail domain.Mail) error {
	return faults.Do(p.f, func() error { return p.Invitations.Tell(ctx, event, mail) })
}

func (p faultyInvitations) Copies(ctx context.Context, event uuid.UUID) ([]domain.Invitation, error) {
	return faults.Call(p.f, func() ([]domain.Invitation, error) { return p.Invitations.Copies(ctx, event) })
}

func (p faultyInvitations) ListDue(ctx context.Context, now time.Time, limit int) ([]ports.EventOfTenant, error) {
	return faults.Call(p.f, func() ([]ports.EventOfTenant, error) { return p.Invitations.ListDue(ctx, now, limit) })
}

func (p faultyInvitations) Take(ctx context.Context, event uuid.UUID, now time.Time, limit int) ([]domain.Invitation, error) {
	return faults.Call(p.f, func() ([]domain.Invitation, error) { return p.Invitations.Take(ctx, event, now, limit) })
}

func (p faultyInvitations) TakeTold(ctx context.Context, event, after uuid.UUID, limit int) ([]domain.Invitation, error) {
	return faults.Call(p.f, func() ([]domain.Invitation, error) { return p.Invitations.TakeTold(ctx, event, after, limit) })
}

func (p faultyInvitations) Mailed(ctx context.Context, sequence int, now time.Time, invitations ...domain.Invitation) error {
	return faults.Do(p.f, func() error { return p.Invitations.Mailed(ctx, sequence, now, invitations...) })
}

func (p faultyInvitations) Delivered(ctx context.Context, message uuid.UUID, outcome domain.MailOutcome) error {
	return faults.Do(p.f, func() error { return p.Invitations.Delivered(ctx, message, outcome) })
}

func (p faultyInvitations) ForgetAddresses(ctx context.Context, before time.Time) error {
	return faults.Do(p.f, func() error { return p.Invitations.ForgetAddresses(ctx, before) })
}

type faultyInboundMails struct {
	ports.InboundMails
	f *faults.Faults
}

func (p faultyInboundMails) Known(ctx context.Context, messageID string) (bool, error) {
	return faults.Call(p.f, func() (bool, error) { return p.InboundMails.Known(ctx, messageID) })
}

func (p faultyInboundMails) Remember(ctx context.Context, messageID string, now time.Time) error {
	return faults.Do(p.f, func() error { return p.InboundMails.Remember(ctx, messageID, now) })
}

func (p faultyInboundMails) Forget(ctx context.Context, before time.Time) error {
	return faults.Do(p.f, func() error { return p.InboundMails.Forget(ctx, before) })
}

type faultyInvitationMails struct {
	ports.InvitationMails
	f *faults.Faults
}

func (p faultyInvitationMails) Ask(ctx context.Context, about domain.MailSubject, mails ...domain.InvitationMail) error {
	return faults.Do(p.f, func() error { return p.InvitationMails.Ask(ctx, about, mails...) })
}

type faultyMembers struct {
	ports.Members
	f *faults.Faults
}

func (p faultyMembers) Put(ctx context.Context, group authz.Scope, user uuid.UUID, member bool) error {
	return faults.Do(p.f, func() error { return p.Members.Put(ctx, group, user, member) })
}

func (p faultyMembers) RemoveAll(ctx context.Context, group authz.Scope) error {
	return faults.Do(p.f, func() error { return p.Members.RemoveAll(ctx, group) })
}

func (p faultyMembers) List(ctx context.Context, groups []authz.Scope, limit int) ([]uuid.UUID, error) {
	return faults.Call(p.f, func() ([]uuid.UUID, error) { return p.Members.List(ctx, groups, limit) })
}

type faultyAccounts struct {
	ports.Accounts
	f *faults.Faults
}

func (p faultyAccounts) Standing(ctx context.Context, user uuid.UUID) (ports.Standing, error) {
	return faults.Call(p.f, func() (ports.Standing, error) { return p.Accounts.Standing(ctx, user) })
}

func (p faultyAccounts) SetSuspended(ctx context.Context, user uuid.UUID, suspended bool) error {
	return faults.Do(p.f, func() error { return p.Accounts.SetSuspended(ctx, user, suspended) })
}

func (p faultyAccounts) SetSystemAdmin(ctx context.Context, user uuid.UUID, admin bool) error {
	return faults.Do(p.f, func() error { return p.Accounts.SetSystemAdmin(ctx, user, admin) })
}
