package portal_test

import (
	"github.com/google/uuid"

	"go.updspace.com/api/portalapi"
	"go.updspace.com/libs/authz"
)

// permissionAttempts has a try of every operation that declares a permission.
func permissionAttempts() map[string]attempt {
	type client = *portalapi.ClientWithResponses
	tests := map[string]attempt{
		"listCommunities": owners(func(sc fixture, c client) (answer, error) { return c.ListCommunitiesWithResponse(sc.ctx, nil) }),
		"createCommunity": owners(func(sc fixture, c client) (answer, error) {
			return c.CreateCommunityWithResponse(sc.ctx, portalapi.GroupCreate{Name: uuid.NewString()})
		}),
		"listTeams": owners(func(sc fixture, c client) (answer, error) {
			return c.ListTeamsWithResponse(sc.ctx, &portalapi.ListTeamsParams{CommunityID: sc.community.ID})
		}),
		"createTeam": owners(func(sc fixture, c client) (answer, error) {
			return c.CreateTeamWithResponse(sc.ctx, portalapi.TeamCreate{CommunityID: &sc.community.ID, Name: uuid.NewString()})
		}),
		"listAudit": owners(func(sc fixture, c client) (answer, error) { return c.ListAuditWithResponse(sc.ctx, nil) }),
		"previewInviteLink": strangers(func(sc fixture, c client) (answer, error) {
			return c.PreviewInviteLinkWithResponse(sc.ctx, portalapi.InviteLinkToken{Token: sc.link(true).Token})
		}),
		"acceptInviteLink": strangers(func(sc fixture, c client) (answer, error) {
			return c.AcceptInviteLinkWithResponse(sc.ctx, portalapi.InviteLinkToken{Token: sc.link(true).Token})
		}),
		"acceptInvite": func(sc fixture) (authz.Actor, func(client) (answer, error)) {
			id := sc.invite(sc.stranger, true)
			return sc.stranger, func(c client) (answer, error) { return c.AcceptInviteWithResponse(sc.ctx, id) }
		},
	}
	both(tests, "getGroup",
		owners(func(sc fixture, c client) (answer, error) { return c.GetGroupWithResponse(sc.ctx, sc.community.ID) }),
		owners(func(sc fixture, c client) (answer, error) { return c.GetGroupWithResponse(sc.ctx, sc.team.ID) }))
	both(tests, "updateGroup",
		owners(func(sc fixture, c client) (answer, error) {
			return c.UpdateGroupWithResponse(sc.ctx, sc.community.ID, portalapi.GroupUpdate{Description: some("new")})
		}),
		owners(func(sc fixture, c client) (answer, error) {
			return c.UpdateGroupWithResponse(sc.ctx, sc.team.ID, portalapi.GroupUpdate{Description: some("new")})
		}))
	both(tests, "archiveGroup",
		owners(func(sc fixture, c client) (answer, error) {
			return c.ArchiveGroupWithResponse(sc.ctx, sc.community.ID)
		}),
		owners(func(sc fixture, c client) (answer, error) { return c.ArchiveGroupWithResponse(sc.ctx, sc.team.ID) }))
	both(tests, "restoreGroup",
		owners(func(sc fixture, c client) (answer, error) {
			return c.RestoreGroupWithResponse(sc.ctx, sc.community.ID)
		}),
		owners(func(sc fixture, c client) (answer, error) { return c.RestoreGroupWithResponse(sc.ctx, sc.team.ID) }))
	both(tests, "deleteGroup",
		owners(func(sc fixture, c client) (answer, error) {
			return c.DeleteGroupWithResponse(sc.ctx, sc.community.ID)
		}),
		owners(func(sc fixture, c client) (answer, error) { return c.DeleteGroupWithResponse(sc.ctx, sc.team.ID) }))
	both(tests, "listGroupMembers",
		owners(func(sc fixture, c client) (answer, error) {
			return c.ListGroupMembersWithResponse(sc.ctx, sc.community.ID, nil)
		}),
		owners(func(sc fixture, c client) (answer, error) {
			return c.ListGroupMembersWithResponse(sc.ctx, sc.team.ID, nil)
		}))
	both(tests, "getGroupMember",
		owners(func(sc fixture, c client) (answer, error) {
			return c.GetGroupMemberWithResponse(sc.ctx, sc.community.ID, sc.caller.User)
		}),
		owners(func(sc fixture, c client) (answer, error) {
			return c.GetGroupMemberWithResponse(sc.ctx, sc.team.ID, sc.caller.User)
		}))
	both(tests, "addGroupMember",
		owners(func(sc fixture, c client) (answer, error) {
			return c.AddGroupMemberWithResponse(sc.ctx, sc.community.ID, portalapi.MemberCreate{UserID: sc.stranger.User})
		}),
		owners(func(sc fixture, c client) (answer, error) {
			return c.AddGroupMemberWithResponse(sc.ctx, sc.team.ID, portalapi.MemberCreate{UserID: sc.stranger.User})
		}))
	both(tests, "changeGroupMemberRole",
		func(sc fixture) (authz.Actor, func(client) (answer, error)) {
			sc.putIn(sc.stranger, false)
			return sc.caller, func(c client) (answer, error) {
				return c.ChangeGroupMemberRoleWithResponse(sc.ctx, sc.community.ID, sc.stranger.User, portalapi.RoleChange{Role: portalapi.RoleModerator})
			}
		},
		func(sc fixture) (authz.Actor, func(client) (answer, error)) {
			sc.putIn(sc.stranger, true)
			return sc.caller, func(c client) (answer, error) {
				return c.ChangeGroupMemberRoleWithResponse(sc.ctx, sc.team.ID, sc.stranger.User, portalapi.RoleChange{Role: portalapi.RoleModerator})
			}
		})
	both(tests, "removeGroupMember",
		func(sc fixture) (authz.Actor, func(client) (answer, error)) {
			sc.putIn(sc.stranger, false)
			return sc.caller, func(c client) (answer, error) {
				return c.RemoveGroupMemberWithResponse(sc.ctx, sc.community.ID, sc.stranger.User)
			}
		},
		func(sc fixture) (authz.Actor, func(client) (answer, error)) {
			sc.putIn(sc.stranger, true)
			return sc.caller, func(c client) (answer, error) {
				return c.RemoveGroupMemberWithResponse(sc.ctx, sc.team.ID, sc.stranger.User)
			}
		})
	both(tests, "transferGroup",
		func(sc fixture) (authz.Actor, func(client) (answer, error)) {
			sc.putIn(sc.stranger, false)
			return sc.caller, func(c client) (answer, error) {
				return c.TransferGroupWithResponse(sc.ctx, sc.community.ID, portalapi.Transfer{UserID: sc.stranger.User})
			}
		},
		func(sc fixture) (authz.Actor, func(client) (answer, error)) {
			sc.putIn(sc.stranger, true)
			return sc.caller, func(c client) (answer, error) {
				return c.TransferGroupWithResponse(sc.ctx, sc.team.ID, portalapi.Transfer{UserID: sc.stranger.User})
			}
		})
	both(tests, "joinGroup",
		strangers(func(sc fixture, c client) (answer, error) { return c.JoinGroupWithResponse(sc.ctx, sc.community.ID) }),
		strangers(func(sc fixture, c client) (answer, error) { return c.JoinGroupWithResponse(sc.ctx, sc.team.ID) }))
	both(tests, "listJoinRequests",
		owners(func(sc fixture, c client) (answer, error) {
			return c.ListJoinRequestsWithResponse(sc.ctx, sc.community.ID, nil)
		}),
		owners(func(sc fixture, c client) (answer, error) {
			return c.ListJoinRequestsWithResponse(sc.ctx, sc.team.ID, nil)
		}))
	both(tests, "createJoinRequest",
		func(sc fixture) (authz.Actor, func(client) (answer, error)) {
			sc.intoCommunity(sc.stranger, false)
			return sc.stranger, func(c client) (answer, error) {
				return c.CreateJoinRequestWithResponse(sc.ctx, sc.community.ID, portalapi.JoinRequestCreate{})
			}
		},
		func(sc fixture) (authz.Actor, func(client) (answer, error)) {
			sc.intoCommunity(sc.stranger, true)
			return sc.stranger, func(c client) (answer, error) {
				return c.CreateJoinRequestWithResponse(sc.ctx, sc.team.ID, portalapi.JoinRequestCreate{})
			}
		})
	both(tests, "approveJoinRequest",
		func(sc fixture) (authz.Actor, func(client) (answer, error)) {
			id := sc.request(sc.stranger, false)
			return sc.caller, func(c client) (answer, error) {
				return c.ApproveJoinRequestWithResponse(sc.ctx, sc.community.ID, id)
			}
		},
		func(sc fixture) (authz.Actor, func(client) (answer, error)) {
			id := sc.request(sc.stranger, true)
			return sc.caller, func(c client) (answer, error) { return c.ApproveJoinRequestWithResponse(sc.ctx, sc.team.ID, id) }
		})
	both(tests, "declineJoinRequest",
		func(sc fixture) (authz.Actor, func(client) (answer, error)) {
			id := sc.request(sc.stranger, false)
			return sc.caller, func(c client) (answer, error) {
				return c.DeclineJoinRequestWithResponse(sc.ctx, sc.community.ID, id)
			}
		},
		func(sc fixture) (authz.Actor, func(client) (answer, error)) {
			id := sc.request(sc.stranger, true)
			return sc.caller, func(c client) (answer, error) { return c.DeclineJoinRequestWithResponse(sc.ctx, sc.team.ID, id) }
		})
	both(tests, "listInvites",
		owners(func(sc fixture, c client) (answer, error) {
			return c.ListInvitesWithResponse(sc.ctx, sc.community.ID, nil)
		}),
		owners(func(sc fixture, c client) (answer, error) {
			return c.ListInvitesWithResponse(sc.ctx, sc.team.ID, nil)
		}))
	both(tests, "createInvite",
		owners(func(sc fixture, c client) (answer, error) {
			return c.CreateInviteWithResponse(sc.ctx, sc.community.ID, portalapi.InviteCreate{UserID: sc.stranger.User})
		}),
		owners(func(sc fixture, c client) (answer, error) {
			return c.CreateInviteWithResponse(sc.ctx, sc.team.ID, portalapi.InviteCreate{UserID: sc.stranger.User})
		}))
	both(tests, "revokeInvite",
		func(sc fixture) (authz.Actor, func(client) (answer, error)) {
			id := sc.invite(sc.stranger, false)
			return sc.caller, func(c client) (answer, error) {
				return c.RevokeInviteWithResponse(sc.ctx, sc.community.ID, id)
			}
		},
		func(sc fixture) (authz.Actor, func(client) (answer, error)) {
			id := sc.invite(sc.stranger, true)
			return sc.caller, func(c client) (answer, error) { return c.RevokeInviteWithResponse(sc.ctx, sc.team.ID, id) }
		})
	both(tests, "listInviteLinks",
		owners(func(sc fixture, c client) (answer, error) {
			return c.ListInviteLinksWithResponse(sc.ctx, sc.community.ID, nil)
		}),
		owners(func(sc fixture, c client) (answer, error) {
			return c.ListInviteLinksWithResponse(sc.ctx, sc.team.ID, nil)
		}))
	both(tests, "createInviteLink",
		owners(func(sc fixture, c client) (answer, error) {
			return c.CreateInviteLinkWithResponse(sc.ctx, sc.community.ID, portalapi.InviteLinkCreate{})
		}),
		owners(func(sc fixture, c client) (answer, error) {
			return c.CreateInviteLinkWithResponse(sc.ctx, sc.team.ID, portalapi.InviteLinkCreate{})
		}))
	both(tests, "revokeInviteLink",
		func(sc fixture) (authz.Actor, func(client) (answer, error)) {
			id := sc.link(false).Link.ID
			return sc.caller, func(c client) (answer, error) { return c.RevokeInviteLinkWithResponse(sc.ctx, sc.community.ID, id) }
		},
		func(sc fixture) (authz.Actor, func(client) (answer, error)) {
			id := sc.link(true).Link.ID
			return sc.caller, func(c client) (answer, error) { return c.RevokeInviteLinkWithResponse(sc.ctx, sc.team.ID, id) }
		})
	both(tests, "listBans",
		owners(func(sc fixture, c client) (answer, error) {
			return c.ListBansWithResponse(sc.ctx, sc.community.ID, nil)
		}),
		owners(func(sc fixture, c client) (answer, error) { return c.ListBansWithResponse(sc.ctx, sc.team.ID, nil) }))
	both(tests, "banUser",
		owners(func(sc fixture, c client) (answer, error) {
			return c.BanUserWithResponse(sc.ctx, sc.community.ID, sc.stranger.User, portalapi.BanCreate{})
		}),
		owners(func(sc fixture, c client) (answer, error) {
			return c.BanUserWithResponse(sc.ctx, sc.team.ID, sc.stranger.User, portalapi.BanCreate{})
		}))
	lift := func(group func(sc fixture) uuid.UUID) attempt {
		return func(sc fixture) (authz.Actor, func(client) (answer, error)) {
			r, err := sc.as(sc.owner).BanUserWithResponse(sc.ctx, group(sc), sc.stranger.User, portalapi.BanCreate{})
			fine(sc.t, r, err)
			return sc.caller, func(c client) (answer, error) { return c.LiftBanWithResponse(sc.ctx, group(sc), sc.stranger.User) }
		}
	}
	both(tests, "liftBan", lift(func(sc fixture) uuid.UUID { return sc.community.ID }), lift(func(sc fixture) uuid.UUID { return sc.team.ID }))
	return tests
}

// ownAttempts has a try of every operation about what is one's own.
func ownAttempts() map[string]attempt {
	type client = *portalapi.ClientWithResponses
	tests := map[string]attempt{
		"listModules":        strangers(func(sc fixture, c client) (answer, error) { return c.ListModulesWithResponse(sc.ctx) }),
		"listMyGroups":       strangers(func(sc fixture, c client) (answer, error) { return c.ListMyGroupsWithResponse(sc.ctx, nil) }),
		"listMyJoinRequests": strangers(func(sc fixture, c client) (answer, error) { return c.ListMyJoinRequestsWithResponse(sc.ctx, nil) }),
		"listMyInvites":      strangers(func(sc fixture, c client) (answer, error) { return c.ListMyInvitesWithResponse(sc.ctx, nil) }),
		"getMyQueue":         strangers(func(sc fixture, c client) (answer, error) { return c.GetMyQueueWithResponse(sc.ctx) }),
		"searchPortal": strangers(func(sc fixture, c client) (answer, error) {
			return c.SearchPortalWithResponse(sc.ctx, &portalapi.SearchPortalParams{Q: "xy"})
		}),
		"declineInvite": func(sc fixture) (authz.Actor, func(client) (answer, error)) {
			id := sc.invite(sc.stranger, false)
			return sc.stranger, func(c client) (answer, error) { return c.DeclineInviteWithResponse(sc.ctx, id) }
		},
	}
	both(tests, "leaveGroup",
		func(sc fixture) (authz.Actor, func(client) (answer, error)) {
			sc.putIn(sc.stranger, false)
			return sc.stranger, func(c client) (answer, error) { return c.LeaveGroupWithResponse(sc.ctx, sc.community.ID) }
		},
		func(sc fixture) (authz.Actor, func(client) (answer, error)) {
			sc.putIn(sc.stranger, true)
			return sc.stranger, func(c client) (answer, error) { return c.LeaveGroupWithResponse(sc.ctx, sc.team.ID) }
		})
	both(tests, "cancelJoinRequest",
		func(sc fixture) (authz.Actor, func(client) (answer, error)) {
			id := sc.request(sc.stranger, false)
			return sc.stranger, func(c client) (answer, error) {
				return c.CancelJoinRequestWithResponse(sc.ctx, sc.community.ID, id)
			}
		},
		func(sc fixture) (authz.Actor, func(client) (answer, error)) {
			id := sc.request(sc.stranger, true)
			return sc.stranger, func(c client) (answer, error) { return c.CancelJoinRequestWithResponse(sc.ctx, sc.team.ID, id) }
		})
	return tests
}

// putIn makes a user a member of the community, or of the team as well.
func (sc fixture) putIn(who authz.Actor, team bool) {
	sc.put(sc.community.ID, who, portalapi.RoleMember)
	if team {
		sc.putTeam(sc.team.ID, who, portalapi.RoleMember)
	}
}

// intoCommunity makes a user who will ask to join the team a member of its community.
func (sc fixture) intoCommunity(who authz.Actor, team bool) {
	if team {
		sc.put(sc.community.ID, who, portalapi.RoleMember)
	}
}
