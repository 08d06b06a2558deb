package portstest

import (
	"bytes"
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/activity/roles/domain"
	"go.updspace.com/activity/roles/ports"
	"go.updspace.com/libs/reqctx"
)

type account struct {
	id, user uuid.UUID
	external string
	linked   bool
}

type memberKey struct {
	source  int64
	account uuid.UUID
}

type keptMember struct {
	domain.Member
	lease       uuid.UUID
	leasedUntil time.Time
}

// join adds an account to a synchronisation, or makes it due.
func (m *memoryRoles) join(ctx context.Context, sync domain.Sync, a account, now time.Time) {
	key := memberKey{sync.SourceID, a.id}
	kept, known := m.members.Get(ctx, key)
	if !known {
		kept.Member = domain.Member{SourceID: sync.SourceID, TenantID: sync.TenantID, AccountID: a.id, UserID: a.user}
	}
	m.members.Put(ctx, key, kept.due(now))
}

func (k keptMember) due(now time.Time) keptMember {
	k.NextAt, k.lease, k.leasedUntil = now, uuid.Nil, time.Time{}
	return k
}

type memoryMembers struct{ *memoryRoles }

func (m memoryMembers) Link(ctx context.Context, user uuid.UUID, discordID string, now time.Time) error {
	linked, ok := m.accounts.First(ctx, func(a account) bool { return a.user == user && a.external == discordID })
	if !ok {
		linked = account{id: uuid.New(), user: user, external: discordID}
	}
	m.unlink(ctx, now, func(a account) bool { return a.user == user && a.id != linked.id })
	linked.linked = true
	m.accounts.Put(ctx, linked.id, linked)
	for _, sync := range m.syncs.All(ctx, nil) {
		m.join(ctx, sync, linked, now)
	}
	return nil
}

func (m memoryMembers) Unlink(ctx context.Context, user uuid.UUID, now time.Time) error {
	m.unlink(ctx, now, func(a account) bool { return a.user == user })
	return nil
}

func (m memoryMembers) unlink(ctx context.Context, now time.Time, which func(account) bool) {
	for _, a := range m.accounts.All(ctx, func(a account) bool { return a.linked && which(a) }) {
		a.linked = false
		m.accounts.Put(ctx, a.id, a)
		for _, k := range m.members.All(ctx, func(k keptMember) bool { return k.AccountID == a.id }) {
			k.Failures = 0
			m.members.Put(ctx, memberKey{k.SourceID, a.id}, k.due(now))
		}
		m.forgetAccount(ctx, a.id)
	}
}

// forgetAccount deletes an account that is not linked and that no synchronisation has.
func (m memoryMembers) forgetAccount(ctx context.Context, id uuid.UUID) {
	if _, used := m.members.First(ctx, func(k keptMember) bool { return k.AccountID == id }); !used {
		m.accounts.Delete(ctx, func(a account) bool { return a.id == id && !a.linked })
	}
}

// whole is a member with what its account says.
func (m memoryMembers) whole(ctx context.Context, k keptMember) domain.Member {
	a, _ := m.accounts.Get(ctx, k.AccountID)
	k.DiscordID, k.Linked = a.external, a.linked
	return k.Member
}

func (m memoryMembers) List(ctx context.Context, source int64, limit int) (members []domain.Member, all int, err error) {
	found := m.members.All(ctx, func(k keptMember) bool { return k.SourceID == source })
	rank := func(k keptMember) int {
		switch {
		case k.LastError != "":
			return 0
		case len(k.Actions) > 0:
			return 1
		default:
			return 2
		}
	}
	slices.SortFunc(found, func(a, b keptMember) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), bytes.Compare(a.UserID[:], b.UserID[:]), bytes.Compare(a.AccountID[:], b.AccountID[:]))
	})
	for _, k := range found[:min(limit, len(found))] {
		members = append(members, m.whole(ctx, k))
	}
	return members, len(found), nil
}

func (m memoryMembers) Due(ctx context.Context, source int64, now time.Time) error {
	for _, k := range m.members.All(ctx, func(k keptMember) bool { return k.SourceID == source }) {
		m.members.Put(ctx, memberKey{source, k.AccountID}, k.due(now))
	}
	return nil
}

func (m memoryMembers) Claim(ctx context.Context, limit int, lease time.Duration, now time.Time) (claimed []ports.Claimed, err error) {
	err = m.Do(ctx, func(ctx context.Context) error {
		found := m.members.AllTenants(ctx, func(k keptMember) bool { return !k.NextAt.After(now) && !k.leasedUntil.After(now) })
		slices.SortFunc(found, func(a, b keptMember) int {
			return cmp.Or(a.NextAt.Compare(b.NextAt), bytes.Compare(a.AccountID[:], b.AccountID[:]))
		})
		for _, k := range found[:min(limit, len(found))] {
			in := reqctx.With(ctx, reqctx.Context{TenantID: k.TenantID})
			k.lease, k.leasedUntil = uuid.New(), now.Add(lease)
			m.members.Put(in, memberKey{k.SourceID, k.AccountID}, k)
			claimed = append(claimed, ports.Claimed{Member: m.whole(in, k), Lease: k.lease})
		}
		return nil
	})
	return claimed, err
}

func (m memoryMembers) Held(ctx context.Context, claimed ports.Claimed) (bool, error) {
	k, ok := m.members.Get(ctx, memberKey{claimed.SourceID, claimed.AccountID})
	return ok && k.lease == claimed.Lease, nil
}

func (m memoryMembers) Update(ctx context.Context, member domain.Member) error {
	key := memberKey{member.SourceID, member.AccountID}
	if _, ok := m.members.Get(ctx, key); !ok {
		return domain.ErrSyncNotFound
	}
	m.members.Put(ctx, key, keptMember{Member: member})
	return nil
}

func (m memoryMembers) Forget(ctx context.Context, member domain.Member) error {
	of := memberKey{member.SourceID, member.AccountID}
	m.members.Delete(ctx, func(k keptMember) bool { return memberKey{k.SourceID, k.AccountID} == of })
	m.holdings.Delete(ctx, func(h keptHolding) bool { return memberKey{h.source, h.account} == of })
	m.forgetAccount(ctx, member.AccountID)
	return nil
}
