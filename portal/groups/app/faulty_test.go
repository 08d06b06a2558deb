package app_test

import (
	"context"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/page"
	groupsapp "go.updspace.com/portal/groups/app"
	groupsdomain "go.updspace.com/portal/groups/domain"
	groupsports "go.updspace.com/portal/groups/ports"
	"go.updspace.com/tools/devkit/testkit/faults"
)

// faulty returns ports whose calls may fail.
func faulty(f *faults.Faults, d groupsapp.Deps) groupsapp.Deps {
	d.Access, d.Tx, d.Once, d.Events = faults.Access(f, d.Access), faults.NewTx(f, d.Tx), faults.Once(f, d.Once), faults.NewEvents(f, d.Events)
	d.Groups, d.Cards, d.Queues, d.Members = faultyGroups{d.Groups, f}, faultyCards{d.Cards, f}, faultyQueue{d.Queues, f}, faultyMembers{d.Members, f}
	d.JoinRequests, d.Invites, d.Links, d.Pending = faultyRequests{d.JoinRequests, f}, faultyInvites{d.Invites, f}, faultyLinks{d.Links, f}, faultyPending{d.Pending, f}
	d.Bans, d.TenantMembers, d.Traces, d.Audit = faultyBans{d.Bans, f}, faultyTenantMembers{d.TenantMembers, f}, faultyTraces{d.Traces, f}, faultyAudit{d.Audit, f}
	return d
}

type faultyGroups struct {
	groupsports.Groups
	f *faults.Faults
}

func (p faultyGroups) Find(ctx context.Context, id uuid.UUID) (groupsdomain.GroupInCommunity, error) {
	return faults.Call(p.f, func() (groupsdomain.GroupInCommunity, error) { return p.Groups.Find(ctx, id) })
}

func (p faultyGroups) Lock(ctx context.Context, id uuid.UUID) (groupsdomain.GroupInCommunity, error) {
	return faults.Call(p.f, func() (groupsdomain.GroupInCommunity, error) { return p.Groups.Lock(ctx, id) })
}

func (p faultyGroups) Add(ctx context.Context, group groupsdomain.Group) error {
	return faults.Do(p.f, func() error { return p.Groups.Add(ctx, group) })
}

func (p faultyGroups) Update(ctx context.Context, group groupsdomain.Group) error {
	return faults.Do(p.f, func() error { return p.Groups.Update(ctx, group) })
}

func (p faultyGroups) Delete(ctx context.Context, id uuid.UUID) error {
	return faults.Do(p.f, func() error { return p.Groups.Delete(ctx, id) })
}

func (p faultyGroups) Names(ctx context.Context, groups ...uuid.UUID) (map[uuid.UUID]string, error) {
	return faults.Call(p.f, func() (map[uuid.UUID]string, error) { return p.Groups.Names(ctx, groups...) })
}

func (p faultyGroups) List(
	ctx context.Context, search groupsports.GroupSearch, after groupsports.GroupKey, limit int,
) ([]groupsdomain.Group, error) {
	return faults.Call(p.f, func() ([]groupsdomain.Group, error) { return p.Groups.List(ctx, search, after, limit) })
}

type faultyCards struct {
	cards groupsports.Cards
	f     *faults.Faults
}

func (p faultyCards) Cards(ctx context.Context, viewer groupsports.CardViewer, groups ...uuid.UUID) (map[uuid.UUID]groupsdomain.Card, error) {
	return faults.Call(p.f, func() (map[uuid.UUID]groupsdomain.Card, error) { return p.cards.Cards(ctx, viewer, groups...) })
}

type faultyQueue struct {
	queue groupsports.Queue
	f     *faults.Faults
}

func (p faultyQueue) Queue(ctx context.Context, search groupsports.QueueSearch, limit int) (groupsports.Waiting, error) {
	return faults.Call(p.f, func() (groupsports.Waiting, error) { return p.queue.Queue(ctx, search, limit) })
}

type faultyMembers struct {
	groupsports.Memberships
	f *faults.Faults
}

func (p faultyMembers) OfUser(ctx context.Context, group groupsdomain.GroupInCommunity, user uuid.UUID) (groupsdomain.UserMemberships, error) {
	return faults.Call(p.f, func() (groupsdomain.UserMemberships, error) { return p.Memberships.OfUser(ctx, group, user) })
}

func (p faultyMembers) Store(ctx context.Context, memberships ...groupsdomain.Membership) error {
	return faults.Do(p.f, func() error { return p.Memberships.Store(ctx, memberships...) })
}

func (p faultyMembers) Find(ctx context.Context, group, user uuid.UUID) (groupsdomain.Membership, error) {
	return faults.Call(p.f, func() (groupsdomain.Membership, error) { return p.Memberships.Find(ctx, group, user) })
}

func (p faultyMembers) Roles(ctx context.Context, user uuid.UUID, groups ...uuid.UUID) (map[uuid.UUID]groupsdomain.Role, error) {
	return faults.Call(p.f, func() (map[uuid.UUID]groupsdomain.Role, error) { return p.Memberships.Roles(ctx, user, groups...) })
}

func (p faultyMembers) List(
	ctx context.Context, search groupsports.MemberSearch, after groupsports.MemberKey, limit int,
) ([]groupsdomain.Membership, error) {
	return faults.Call(p.f, func() ([]groupsdomain.Membership, error) { return p.Memberships.List(ctx, search, after, limit) })
}

func (p faultyMembers) All(ctx context.Context, user uuid.UUID) ([]groupsdomain.Membership, error) {
	return faults.Call(p.f, func() ([]groupsdomain.Membership, error) { return p.Memberships.All(ctx, user) })
}

func (p faultyMembers) Range(ctx context.Context, after groupsports.MembershipKey, limit int) ([]groupsdomain.Membership, error) {
	return faults.Call(p.f, func() ([]groupsdomain.Membership, error) { return p.Memberships.Range(ctx, after, limit) })
}

type faultyRequests struct {
	groupsports.JoinRequests
	f *faults.Faults
}

func (p faultyRequests) Find(ctx context.Context, group, id uuid.UUID) (groupsdomain.JoinRequest, error) {
	return faults.Call(p.f, func() (groupsdomain.JoinRequest, error) { return p.JoinRequests.Find(ctx, group, id) })
}

func (p faultyRequests) Add(ctx context.Context, request groupsdomain.JoinRequest) error {
	return faults.Do(p.f, func() error { return p.JoinRequests.Add(ctx, request) })
}

func (p faultyRequests) Update(ctx context.Context, request groupsdomain.JoinRequest) error {
	return faults.Do(p.f, func() error { return p.JoinRequests.Update(ctx, request) })
}

func (p faultyRequests) List(
	ctx context.Context, search groupsports.JoinRequestSearch, after uuid.UUID, limit int,
) ([]groupsdomain.JoinRequest, error) {
	return faults.Call(p.f, func() ([]groupsdomain.JoinRequest, error) { return p.JoinRequests.List(ctx, search, after, limit) })
}

type faultyInvites struct {
	groupsports.Invites
	f *faults.Faults
}

func (p faultyInvites) Find(ctx context.Context, id uuid.UUID) (groupsdomain.Invite, error) {
	return faults.Call(p.f, func() (groupsdomain.Invite, error) { return p.Invites.Find(ctx, id) })
}

func (p faultyInvites) Add(ctx context.Context, invite groupsdomain.Invite) error {
	return faults.Do(p.f, func() error { return p.Invites.Add(ctx, invite) })
}

func (p faultyInvites) Update(ctx context.Context, invite groupsdomain.Invite) error {
	return faults.Do(p.f, func() error { return p.Invites.Update(ctx, invite) })
}

func (p faultyInvites) List(ctx context.Context, search groupsports.InviteSearch, after uuid.UUID, limit int) ([]groupsdomain.Invite, error) {
	return faults.Call(p.f, func() ([]groupsdomain.Invite, error) { return p.Invites.List(ctx, search, after, limit) })
}

type faultyLinks struct {
	groupsports.InviteLinks
	f *faults.Faults
}

func (p faultyLinks) Find(ctx context.Context, group, id uuid.UUID) (groupsdomain.InviteLink, error) {
	return faults.Call(p.f, func() (groupsdomain.InviteLink, error) { return p.InviteLinks.Find(ctx, group, id) })
}

func (p faultyLinks) ByToken(ctx context.Context, hash groupsdomain.TokenHash) (groupsdomain.InviteLink, error) {
	return faults.Call(p.f, func() (groupsdomain.InviteLink, error) { return p.InviteLinks.ByToken(ctx, hash) })
}

func (p faultyLinks) Add(ctx context.Context, link groupsdomain.InviteLink) error {
	return faults.Do(p.f, func() error { return p.InviteLinks.Add(ctx, link) })
}

func (p faultyLinks) Update(ctx context.Context, link groupsdomain.InviteLink) error {
	return faults.Do(p.f, func() error { return p.InviteLinks.Update(ctx, link) })
}

func (p faultyLinks) List(ctx context.Context, group, after uuid.UUID, limit int) ([]groupsdomain.InviteLink, error) {
	return faults.Call(p.f, func() ([]groupsdomain.InviteLink, error) { return p.InviteLinks.List(ctx, group, after, limit) })
}

type faultyPending struct {
	groupsports.Pending
	f *faults.Faults
}

func (p faultyPending) Close(ctx context.Context, group, user uuid.UUID, at time.Time) error {
	return faults.Do(p.f, func() error { return p.Pending.Close(ctx, group, user, at) })
}

func (p faultyPending) Settle(ctx context.Context, group, user, by uuid.UUID, at time.Time) error {
	return faults.Do(p.f, func() error { return p.Pending.Settle(ctx, group, user, by, at) })
}

type faultyBans struct {
	groupsports.Bans
	f *faults.Faults
}

func (p faultyBans) Put(ctx context.Context, ban groupsdomain.Ban) error {
	return faults.Do(p.f, func() error { return p.Bans.Put(ctx, ban) })
}

func (p faultyBans) Delete(ctx context.Context, group, user uuid.UUID) error {
	return faults.Do(p.f, func() error { return p.Bans.Delete(ctx, group, user) })
}

func (p faultyBans) List(ctx context.Context, group, after uuid.UUID, limit int) ([]groupsdomain.Ban, error) {
	return faults.Call(p.f, func() ([]groupsdomain.Ban, error) { return p.Bans.List(ctx, group, after, limit) })
}

type faultyTenantMembers struct {
	groupsports.TenantMembers
	f *faults.Faults
}

func (p faultyTenantMembers) Membership(ctx context.Context, user uuid.UUID) (member, known bool, err error) {
	if err := p.f.Next(); err != nil {
		return false, false, err
	}
	return p.TenantMembers.Membership(ctx, user)
}

type faultyTraces struct {
	groupsports.Traces
	f *faults.Faults
}

func (p faultyTraces) Communities(ctx context.Context, user uuid.UUID, limit int) ([]uuid.UUID, error) {
	return faults.Call(p.f, func() ([]uuid.UUID, error) { return p.Traces.Communities(ctx, user, limit) })
}

func (p faultyTraces) Erase(ctx context.Context, community, user uuid.UUID) (communities, teams int64, err error) {
	if err := p.f.Next(); err != nil {
		return 0, 0, err
	}
	return p.Traces.Erase(ctx, community, user)
}

type faultyAudit struct {
	groupsports.AuditLog
	f *faults.Faults
}

func (p faultyAudit) Write(ctx context.Context, entries ...audit.Entry) error {
	return faults.Do(p.f, func() error { return p.AuditLog.Write(ctx, entries...) })
}

func (p faultyAudit) List(ctx context.Context, filter audit.Filter, request page.Request) (page.Page[audit.Entry], error) {
	return faults.Call(p.f, func() (page.Page[audit.Entry], error) { return p.AuditLog.List(ctx, filter, request) })
}
