package domain_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"go.updspace.com/portal/domain"
)

// Whatever somebody is in a community and its teams: he withdraws from all of it or from nothing, the teams before the
// community, and leaves no group without an owner but one that is archived and has nobody else.
func TestWithdrawing(t *testing.T) {
	roles := rapid.SampledFrom([]domain.Role{domain.RoleOwner, domain.RoleModerator, domain.RoleMember})
	rapid.Check(t, func(t *rapid.T) {
		user, home := uuid.New(), uuid.New()
		seat := func(kind domain.ScopeType, id uuid.UUID, in bool) domain.Seat {
			others := rapid.IntRange(0, 2).Draw(t, "others")
			g := domain.GroupData{ID: id, Kind: kind, CommunityID: home, Members: others, Owners: rapid.IntRange(min(others, 1), others).Draw(t, "owners")}
			g.Status = rapid.SampledFrom([]domain.Status{domain.StatusActive, domain.StatusArchived}).Draw(t, "status")
			m := domain.MembershipData{Scope: domain.Scope{Type: kind, ID: id}, CommunityID: home, UserID: user, Role: roles.Draw(t, "role"), Active: in, Version: 3}
			if in {
				g.Members++
				if m.Role == domain.RoleOwner {
					g.Owners = rapid.IntRange(1, others+1).Draw(t, "with him")
				}
			}
			return domain.Seat{Group: domain.RestoreGroup(g), Membership: domain.RestoreMembership(m)}
		}
		in := rapid.Bool().Draw(t, "in")
		b := domain.Belonging{User: user, Community: seat(domain.ScopeCommunity, home, in)}
		for range rapid.IntRange(0, 3).Draw(t, "teams") {
			b.Teams = append(b.Teams, seat(domain.ScopeTeam, uuid.New(), in && rapid.Bool().Draw(t, "in team")))
		}
		before, stays, impossible := 0, map[uuid.UUID]bool{}, false
		for _, s := range append(b.Teams[:len(b.Teams):len(b.Teams)], b.Community) {
			if s.Membership.Role() == domain.Nobody {
				continue
			}
			before++
			d := s.Group.Data()
			if s.Membership.Role() == domain.RoleOwner && d.Owners == 1 {
				stays[d.ID] = true
				impossible = impossible || d.Members > 1 || d.Status == domain.StatusActive
			}
		}
		sole := b.SoleOwned()
		require.Len(t, sole, len(stays))
		for _, g := range sole {
			require.True(t, stays[g.ID()])
		}
		moves, err := b.Withdraw(morning)
		if impossible {
			require.ErrorIs(t, err, domain.ErrLastOwner)
			require.Empty(t, moves)
			return
		}
		require.NoError(t, err)
		require.Len(t, moves, before)
		for i, m := range moves {
			require.Equal(t, domain.Nobody, m.Membership.Role())
			require.EqualValues(t, 4, m.Membership.Data().Version)
			require.IsType(t, domain.MembershipRemoved{}, m.Event(user))
			require.Equal(t, i == len(moves)-1, m.Group.Scope().Type == domain.ScopeCommunity, "the community goes last")
		}
	})
}

func TestWhatIsLeftOfAPost(t *testing.T) {
	post, err := domain.NewPost(author, domain.PostDraft{Visibility: domain.VisibilityTeam, Place: inTeam, Title: "secret", Body: "secret"}, morning)
	require.NoError(t, err)
	left := post.WithRendered(domain.Rendered{HTML: "secret", By: "1"}).Redacted(morning.AddDate(0, 0, 1)).Data()
	require.Equal(t, domain.PostData{
		ID: post.ID(), TenantID: author.Tenant, Place: inTeam, Title: "[deleted]", Body: "[deleted by user request]", Visibility: domain.VisibilityTeam,
		CreatedAt: morning, UpdatedAt: morning.AddDate(0, 0, 1), Version: 2,
	}, left)
}

func TestLinesAboutPersonalData(t *testing.T) {
	own := domain.NewDataEntry(author.User, author.User, "exported", nil, morning)
	require.Equal(t, []any{"dsar.exported", "self", "self"}, []any{own.Action, own.TargetID, own.Metadata["subject_scope"]})
	admin := uuid.New()
	delegated := domain.NewDataEntry(admin, author.User, "erased", map[string]any{"posts": 2}, morning)
	require.Equal(t, []any{"dsar.erased", author.User.String(), "delegated", 2, admin},
		[]any{delegated.Action, delegated.TargetID, delegated.Metadata["subject_scope"], delegated.Metadata["posts"], delegated.ActorID})
}
