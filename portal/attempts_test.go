package portal_test

import (
	"github.com/google/uuid"

	"go.updspace.com/api/portalapi"
	"go.updspace.com/portal/domain"
)

// permissionAttempts has a try of every operation that declares a permission.
func permissionAttempts() map[string]attempt {
	type client = *portalapi.ClientWithResponses
	tests := map[string]attempt{
		"listCommunities": owners(func(sc scene, c client) (answer, error) { return c.ListCommunitiesWithResponse(sc.ctx, nil) }),
		"createCommunity": owners(func(sc scene, c client) (answer, error) {
			return c.CreateCommunityWithResponse(sc.ctx, portalapi.GroupCreate{Name: uuid.NewString()})
		}),
		"listTeams": owners(func(sc scene, c client) (answer, error) {
			return c.ListTeamsWithResponse(sc.ctx, &portalapi.ListTeamsParams{CommunityID: sc.community.ID})
		}),
		"createTeam": owners(func(sc scene, c client) (answer, error) {
			return c.CreateTeamWithResponse(sc.ctx, portalapi.TeamCreate{CommunityID: &sc.community.ID, Name: uuid.NewString()})
		}),
		"listJournal": owners(func(sc scene, c client) (answer, error) { return c.ListJournalWithResponse(sc.ctx, nil) }),
		"previewLink": strangers(func(sc scene, c client) (answer, error) {
			return c.PreviewLinkWithResponse(sc.ctx, portalapi.LinkToken{Token: sc.link(true).Token})
		}),
		"acceptLink": strangers(func(sc scene, c client) (answer, error) {
			return c.AcceptLinkWithResponse(sc.ctx, portalapi.LinkToken{Token: sc.link(true).Token})
		}),
		"acceptInvite": func(sc scene) (domain.Actor, func(client) (answer, error)) {
			id := sc.invite(sc.stranger, true)
			return sc.stranger, func(c client) (answer, error) { return c.AcceptInviteWithResponse(sc.ctx, id) }
		},
	}
	both(tests, "get%",
		owners(func(sc scene, c client) (answer, error) { return c.GetCommunityWithResponse(sc.ctx, sc.community.ID) }),
		owners(func(sc scene, c client) (answer, error) { return c.GetTeamWithResponse(sc.ctx, sc.team.ID) }))
	both(tests, "update%",
		owners(func(sc scene, c client) (answer, error) {
			return c.UpdateCommunityWithResponse(sc.ctx, sc.community.ID, portalapi.GroupUpdate{Description: some("new")})
		}),
		owners(func(sc scene, c client) (answer, error) {
			return c.UpdateTeamWithResponse(sc.ctx, sc.team.ID, portalapi.GroupUpdate{Description: some("new")})
		}))
	both(tests, "archive%",
		owners(func(sc scene, c client) (answer, error) {
			return c.ArchiveCommunityWithResponse(sc.ctx, sc.community.ID)
		}),
		owners(func(sc scene, c client) (answer, error) { return c.ArchiveTeamWithResponse(sc.ctx, sc.team.ID) }))
	both(tests, "restore%",
		owners(func(sc scene, c client) (answer, error) {
			return c.RestoreCommunityWithResponse(sc.ctx, sc.community.ID)
		}),
		owners(func(sc scene, c client) (answer, error) { return c.RestoreTeamWithResponse(sc.ctx, sc.team.ID) }))
	both(tests, "delete%",
		owners(func(sc scene, c client) (answer, error) {
			return c.DeleteCommunityWithResponse(sc.ctx, sc.community.ID)
		}),
		owners(func(sc scene, c client) (answer, error) { return c.DeleteTeamWithResponse(sc.ctx, sc.team.ID) }))
	both(tests, "list%Members",
		owners(func(sc scene, c client) (answer, error) {
			return c.ListCommunityMembersWithResponse(sc.ctx, sc.community.ID, nil)
		}),
		owners(func(sc scene, c client) (answer, error) {
			return c.ListTeamMembersWithResponse(sc.ctx, sc.team.ID, nil)
		}))
	both(tests, "get%Member",
		owners(func(sc scene, c client) (answer, error) {
			return c.GetCommunityMemberWithResponse(sc.ctx, sc.community.ID, sc.caller.User)
		}),
		owners(func(sc scene, c client) (answer, error) {
			return c.GetTeamMemberWithResponse(sc.ctx, sc.team.ID, sc.caller.User)
		}))
	both(tests, "change%Members",
		owners(func(sc scene, c client) (answer, error) {
			return c.ChangeCommunityMembersWithResponse(sc.ctx, sc.community.ID, portalapi.MemberChange{UserID: &sc.stranger.User})
		}),
		owners(func(sc scene, c client) (answer, error) {
			return c.ChangeTeamMembersWithResponse(sc.ctx, sc.team.ID, portalapi.MemberChange{UserID: &sc.stranger.User})
		}))
	both(tests, "set%MemberRole",
		func(sc scene) (domain.Actor, func(client) (answer, error)) {
			sc.putIn(sc.stranger, false)
			return sc.caller, func(c client) (answer, error) {
				return c.SetCommunityMemberRoleWithResponse(sc.ctx, sc.community.ID, sc.stranger.User, portalapi.RoleChange{Role: portalapi.RoleModerator})
			}
		},
		func(sc scene) (domain.Actor, func(client) (answer, error)) {
			sc.putIn(sc.stranger, true)
			return sc.caller, func(c client) (answer, error) {
				return c.SetTeamMemberRoleWithResponse(sc.ctx, sc.team.ID, sc.stranger.User, portalapi.RoleChange{Role: portalapi.RoleModerator})
			}
		})
	both(tests, "remove%Member",
		func(sc scene) (domain.Actor, func(client) (answer, error)) {
			sc.putIn(sc.stranger, false)
			return sc.caller, func(c client) (answer, error) {
				return c.RemoveCommunityMemberWithResponse(sc.ctx, sc.community.ID, sc.stranger.User)
			}
		},
		func(sc scene) (domain.Actor, func(client) (answer, error)) {
			sc.putIn(sc.stranger, true)
			return sc.caller, func(c client) (answer, error) {
				return c.RemoveTeamMemberWithResponse(sc.ctx, sc.team.ID, sc.stranger.User)
			}
		})
	both(tests, "transfer%",
		func(sc scene) (domain.Actor, func(client) (answer, error)) {
			sc.putIn(sc.stranger, false)
			return sc.caller, func(c client) (answer, error) {
				return c.TransferCommunityWithResponse(sc.ctx, sc.community.ID, portalapi.Transfer{UserID: sc.stranger.User})
			}
		},
		func(sc scene) (domain.Actor, func(client) (answer, error)) {
			sc.putIn(sc.stranger, true)
			return sc.caller, func(c client) (answer, error) {
				return c.TransferTeamWithResponse(sc.ctx, sc.team.ID, portalapi.Transfer{UserID: sc.stranger.User})
			}
		})
	both(tests, "join%",
		strangers(func(sc scene, c client) (answer, error) { return c.JoinCommunityWithResponse(sc.ctx, sc.community.ID) }),
		strangers(func(sc scene, c client) (answer, error) { return c.JoinTeamWithResponse(sc.ctx, sc.team.ID) }))
	both(tests, "list%Requests",
		owners(func(sc scene, c client) (answer, error) {
			return c.ListCommunityRequestsWithResponse(sc.ctx, sc.community.ID, nil)
		}),
		owners(func(sc scene, c client) (answer, error) {
			return c.ListTeamRequestsWithResponse(sc.ctx, sc.team.ID, nil)
		}))
	both(tests, "create%Request",
		func(sc scene) (domain.Actor, func(client) (answer, error)) {
			sc.intoCommunity(sc.stranger, false)
			return sc.stranger, func(c client) (answer, error) {
				return c.CreateCommunityRequestWithResponse(sc.ctx, sc.community.ID, portalapi.RequestCreate{})
			}
		},
		func(sc scene) (domain.Actor, func(client) (answer, error)) {
			sc.intoCommunity(sc.stranger, true)
			return sc.stranger, func(c client) (answer, error) {
				return c.CreateTeamRequestWithResponse(sc.ctx, sc.team.ID, portalapi.RequestCreate{})
			}
		})
	both(tests, "approve%Request",
		func(sc scene) (domain.Actor, func(client) (answer, error)) {
			id := sc.request(sc.stranger, false)
			return sc.caller, func(c client) (answer, error) {
				return c.ApproveCommunityRequestWithResponse(sc.ctx, sc.community.ID, id)
			}
		},
		func(sc scene) (domain.Actor, func(client) (answer, error)) {
			id := sc.request(sc.stranger, true)
			return sc.caller, func(c client) (answer, error) { return c.ApproveTeamRequestWithResponse(sc.ctx, sc.team.ID, id) }
		})
	both(tests, "decline%Request",
		func(sc scene) (domain.Actor, func(client) (answer, error)) {
			id := sc.request(sc.stranger, false)
			return sc.caller, func(c client) (answer, error) {
				return c.DeclineCommunityRequestWithResponse(sc.ctx, sc.community.ID, id)
			}
		},
		func(sc scene) (domain.Actor, func(client) (answer, error)) {
			id := sc.request(sc.stranger, true)
			return sc.caller, func(c client) (answer, error) { return c.DeclineTeamRequestWithResponse(sc.ctx, sc.team.ID, id) }
		})
	both(tests, "list%Invites",
		owners(func(sc scene, c client) (answer, error) {
			return c.ListCommunityInvitesWithResponse(sc.ctx, sc.community.ID, nil)
		}),
		owners(func(sc scene, c client) (answer, error) {
			return c.ListTeamInvitesWithResponse(sc.ctx, sc.team.ID, nil)
		}))
	both(tests, "create%Invite",
		owners(func(sc scene, c client) (answer, error) {
			return c.CreateCommunityInviteWithResponse(sc.ctx, sc.community.ID, portalapi.InviteCreate{UserID: sc.stranger.User})
		}),
		owners(func(sc scene, c client) (answer, error) {
			return c.CreateTeamInviteWithResponse(sc.ctx, sc.team.ID, portalapi.InviteCreate{UserID: sc.stranger.User})
		}))
	both(tests, "revoke%Invite",
		func(sc scene) (domain.Actor, func(client) (answer, error)) {
			id := sc.invite(sc.stranger, false)
			return sc.caller, func(c client) (answer, error) {
				return c.RevokeCommunityInviteWithResponse(sc.ctx, sc.community.ID, id)
			}
		},
		func(sc scene) (domain.Actor, func(client) (answer, error)) {
			id := sc.invite(sc.stranger, true)
			return sc.caller, func(c client) (answer, error) { return c.RevokeTeamInviteWithResponse(sc.ctx, sc.team.ID, id) }
		})
	both(tests, "list%Links",
		owners(func(sc scene, c client) (answer, error) {
			return c.ListCommunityLinksWithResponse(sc.ctx, sc.community.ID, nil)
		}),
		owners(func(sc scene, c client) (answer, error) { return c.ListTeamLinksWithResponse(sc.ctx, sc.team.ID, nil) }))
	both(tests, "create%Link",
		owners(func(sc scene, c client) (answer, error) {
			return c.CreateCommunityLinkWithResponse(sc.ctx, sc.community.ID, portalapi.LinkCreate{})
		}),
		owners(func(sc scene, c client) (answer, error) {
			return c.CreateTeamLinkWithResponse(sc.ctx, sc.team.ID, portalapi.LinkCreate{})
		}))
	both(tests, "revoke%Link",
		func(sc scene) (domain.Actor, func(client) (answer, error)) {
			id := sc.link(false).Link.ID
			return sc.caller, func(c client) (answer, error) { return c.RevokeCommunityLinkWithResponse(sc.ctx, sc.community.ID, id) }
		},
		func(sc scene) (domain.Actor, func(client) (answer, error)) {
			id := sc.link(true).Link.ID
			return sc.caller, func(c client) (answer, error) { return c.RevokeTeamLinkWithResponse(sc.ctx, sc.team.ID, id) }
		})
	return tests
}

// ownAttempts has a try of every operation about what is one's own.
func ownAttempts() map[string]attempt {
	type client = *portalapi.ClientWithResponses
	tests := map[string]attempt{
		"listModules":       strangers(func(sc scene, c client) (answer, error) { return c.ListModulesWithResponse(sc.ctx) }),
		"listMyCommunities": strangers(func(sc scene, c client) (answer, error) { return c.ListMyCommunitiesWithResponse(sc.ctx, nil) }),
		"listMyTeams":       strangers(func(sc scene, c client) (answer, error) { return c.ListMyTeamsWithResponse(sc.ctx, nil) }),
		"listMyRequests":    strangers(func(sc scene, c client) (answer, error) { return c.ListMyRequestsWithResponse(sc.ctx, nil) }),
		"listMyInvites":     strangers(func(sc scene, c client) (answer, error) { return c.ListMyInvitesWithResponse(sc.ctx, nil) }),
		"exportUserData": strangers(func(sc scene, c client) (answer, error) {
			return c.ExportUserDataWithResponse(sc.ctx, sc.stranger.User, nil)
		}),
		"eraseUserData": strangers(func(sc scene, c client) (answer, error) {
			return c.EraseUserDataWithResponse(sc.ctx, sc.stranger.User)
		}),
		"declineInvite": func(sc scene) (domain.Actor, func(client) (answer, error)) {
			id := sc.invite(sc.stranger, false)
			return sc.stranger, func(c client) (answer, error) { return c.DeclineInviteWithResponse(sc.ctx, id) }
		},
	}
	both(tests, "leave%",
		func(sc scene) (domain.Actor, func(client) (answer, error)) {
			sc.putIn(sc.stranger, false)
			return sc.stranger, func(c client) (answer, error) { return c.LeaveCommunityWithResponse(sc.ctx, sc.community.ID) }
		},
		func(sc scene) (domain.Actor, func(client) (answer, error)) {
			sc.putIn(sc.stranger, true)
			return sc.stranger, func(c client) (answer, error) { return c.LeaveTeamWithResponse(sc.ctx, sc.team.ID) }
		})
	both(tests, "cancel%Request",
		func(sc scene) (domain.Actor, func(client) (answer, error)) {
			id := sc.request(sc.stranger, false)
			return sc.stranger, func(c client) (answer, error) {
				return c.CancelCommunityRequestWithResponse(sc.ctx, sc.community.ID, id)
			}
		},
		func(sc scene) (domain.Actor, func(client) (answer, error)) {
			id := sc.request(sc.stranger, true)
			return sc.stranger, func(c client) (answer, error) { return c.CancelTeamRequestWithResponse(sc.ctx, sc.team.ID, id) }
		})
	return tests
}

// putIn makes somebody a member of the community, or of the team as well.
func (sc scene) putIn(who domain.Actor, team bool) {
	sc.put(sc.community.ID, who, portalapi.MyRoleMember)
	if team {
		sc.putTeam(sc.team.ID, who, portalapi.MyRoleMember)
	}
}

// intoCommunity makes somebody who is to ask for the team a member of its community.
func (sc scene) intoCommunity(who domain.Actor, team bool) {
	if team {
		sc.put(sc.community.ID, who, portalapi.MyRoleMember)
	}
}
