package gamification_test

import (
	"bytes"
	"image/color"
	"net/http"
	"testing"

	"github.com/google/uuid"

	"go.updspace.com/api/gamificationapi"
	"go.updspace.com/gamification/domain"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/groups"
	"go.updspace.com/tools/devkit/testkit/service"
)

// Every operation checks the permission that it declares, in the scope of the achievement, and refuses a caller who lacks only that
// one. The table must hold every operation of the document.
func TestOperationsCheckWhatTheyDeclare(t *testing.T) {
	t.Parallel()
	s := start(t)
	chess := authz.CommunityScope(uuid.New())
	s.group(chess, groups.Active)
	unused := func() string { return s.category("c"+uuid.NewString(), 0).ID }
	of := s.achievement(published).ID
	shared := s.share(s.maker, s.grant(of, s.maker).ID)
	granted := func(to authz.Actor) uuid.UUID {
		s.members(true, to)
		return s.grant(s.achievement(published, in(chess)).ID, to).ID
	}
	table := map[string]service.Operation[client]{
		"listCategories": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.ListCategoriesWithResponse(t.Context())
		}},
		"createCategory": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.CreateCategoryWithResponse(t.Context(), gamificationapi.CategoryCreate{ID: "c" + uuid.NewString(), NameI18N: names("x")})
		}},
		"updateCategory": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.UpdateCategoryWithResponse(t.Context(), unused(), nil, gamificationapi.CategoryUpdate{})
		}},
		"deleteCategory": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.DeleteCategoryWithResponse(t.Context(), unused(), nil)
		}},
		"orderCategories": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.OrderCategoriesWithResponse(t.Context(), gamificationapi.CategoryOrder{Ids: s.categories(s.admin)})
		}},
		"mergeCategory": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.MergeCategoryWithResponse(t.Context(), unused(), gamificationapi.CategoryMerge{Into: unused()})
		}},
		"listAchievements": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.ListAchievementsWithResponse(t.Context(), &gamificationapi.ListAchievementsParams{
				ScopeType: new(gamificationapi.AchievementScopeCOMMUNITY), ScopeID: &chess.ID,
			})
		}},
		"createAchievement": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.CreateAchievementWithResponse(t.Context(), s.draft(in(chess)))
		}},
		"getAchievement": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.GetAchievementWithResponse(t.Context(), s.achievement(in(chess)).ID)
		}},
		"updateAchievement": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.UpdateAchievementWithResponse(t.Context(), s.achievement(in(chess)).ID, nil, gamificationapi.AchievementUpdate{})
		}},
		"deleteAchievement": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.DeleteAchievementWithResponse(t.Context(), s.achievement(in(chess)).ID, nil)
		}},
		"uploadImage": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.UploadImageWithBodyWithResponse(t.Context(), &gamificationapi.UploadImageParams{
				ScopeType: new(gamificationapi.AchievementScopeCOMMUNITY), ScopeID: &chess.ID,
			}, "application/octet-stream", bytes.NewReader(drawing(t, 8, color.White)))
		}, Or: []authz.Permission{domain.PermissionCreate}},
		"getImage": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			id, _, _ := domain.UploadedImage(s.uploaded(drawing(t, 8, color.White)).Large.MustGet())
			return c.GetImageWithResponse(t.Context(), id, "large", &gamificationapi.GetImageParams{})
		}},
		"listGrants": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.ListGrantsWithResponse(t.Context(), s.achievement(in(chess)).ID, &gamificationapi.ListGrantsParams{})
		}},
		"createGrant": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.CreateGrantWithResponse(t.Context(), s.achievement(published, in(chess)).ID, gamificationapi.GrantCreate{RecipientID: s.member.User})
		}},
		"createGrants": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.CreateGrantsWithResponse(t.Context(), s.achievement(published, in(chess)).ID, gamificationapi.GrantsCreate{RecipientIds: []uuid.UUID{s.member.User}})
		}},
		"revokeGrant": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.RevokeGrantWithResponse(t.Context(), s.grant(s.achievement(published, in(chess)).ID, s.member).ID, gamificationapi.GrantRevoke{})
		}},
		"getRule": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.GetRuleWithResponse(t.Context(), s.ruled(attendances(1), in(chess)).ID)
		}},
		"putRule": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.PutRuleWithResponse(t.Context(), s.achievement(in(chess)).ID, nil, attendances(1))
		}},
		"deleteRule": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.DeleteRuleWithResponse(t.Context(), s.ruled(attendances(1), in(chess)).ID, nil)
		}},
		"explainRule": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.ExplainRuleWithResponse(t.Context(), s.achievement(in(chess)).ID, attendances(1))
		}},
		"dryRunRule": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.DryRunRuleWithResponse(t.Context(), s.achievement(in(chess)).ID, nil, attendances(1))
		}},
		"getReward": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.GetRewardWithResponse(t.Context(), s.achievement(in(chess)).ID)
		}},
		"putReward": {Try: func(t testing.TB, c client, a authz.Actor) (service.Answer, error) {
			s.Access.Grant(a, authz.TenantScope(s.Tenant), "portal.role_bindings.write")
			return c.PutRewardWithResponse(t.Context(), s.achievement(in(chess)).ID, gamificationapi.RewardPut{RoleID: s.helpers("helpers")})
		}},
		"deleteReward": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.DeleteRewardWithResponse(t.Context(), s.achievement(in(chess)).ID)
		}},
		"listMyProgress": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.ListMyProgressWithResponse(t.Context())
		}},
		"getLeaderboard": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.GetLeaderboardWithResponse(t.Context(), &gamificationapi.GetLeaderboardParams{ScopeType: new(gamificationapi.AchievementScopeCOMMUNITY), ScopeID: &chess.ID})
		}},
		"getMyPlace": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.GetMyPlaceWithResponse(t.Context(), &gamificationapi.GetMyPlaceParams{ScopeType: new(gamificationapi.AchievementScopeCOMMUNITY), ScopeID: &chess.ID})
		}},
		"getMyPoints": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.GetMyPointsWithResponse(t.Context())
		}},
		"updateMyPoints": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.UpdateMyPointsWithResponse(t.Context(), gamificationapi.MyPointsUpdate{Ranked: true})
		}},
		"listMyPointEntries": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.ListMyPointEntriesWithResponse(t.Context(), &gamificationapi.ListMyPointEntriesParams{})
		}},
		"getUserPoints": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.GetUserPointsWithResponse(t.Context(), s.member.User)
		}},
		"getLevels": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.GetLevelsWithResponse(t.Context())
		}},
		"putLevels": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.PutLevelsWithResponse(t.Context(), nil, gamificationapi.LevelsWrite{Levels: []gamificationapi.LevelWrite{}})
		}},
		"listSeasons": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.ListSeasonsWithResponse(t.Context())
		}},
		"createSeason": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.CreateSeasonWithResponse(t.Context(), s.nextSeason())
		}},
		"updateSeason": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.UpdateSeasonWithResponse(t.Context(), s.season(s.nextSeason()).ID, nil, gamificationapi.SeasonUpdate{})
		}},
		"deleteSeason": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.DeleteSeasonWithResponse(t.Context(), s.season(s.nextSeason()).ID, nil)
		}},
		"listMyGrants": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.ListMyGrantsWithResponse(t.Context(), &gamificationapi.ListMyGrantsParams{})
		}},
		"listUserGrants": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.ListUserGrantsWithResponse(t.Context(), s.member.User, &gamificationapi.ListUserGrantsParams{})
		}},
		"createNomination": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.CreateNominationWithResponse(t.Context(), s.achievement(published, in(chess)).ID, gamificationapi.NominationCreate{NomineeID: s.maker.User, Text: "x"})
		}},
		"listNominations": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.ListNominationsWithResponse(t.Context(), &gamificationapi.ListNominationsParams{})
		}},
		"listMyNominations": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.ListMyNominationsWithResponse(t.Context(), &gamificationapi.ListMyNominationsParams{})
		}},
		"approveNomination": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.ApproveNominationWithResponse(t.Context(), s.nominated(s.admin, s.achievement(published, in(chess)).ID, s.maker).ID, gamificationapi.NominationApprove{})
		}},
		"declineNomination": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.DeclineNominationWithResponse(t.Context(), s.nominated(s.admin, s.achievement(published, in(chess)).ID, s.maker).ID, gamificationapi.NominationDecline{})
		}},
		"listGrantEvidence": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.ListGrantEvidenceWithResponse(t.Context(), s.grant(s.achievement(published).ID, s.member).ID)
		}},
		"pinGrants": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.PinGrantsWithResponse(t.Context(), gamificationapi.Pins{GrantIds: []uuid.UUID{}})
		}},
		"withdrawNomination": {Try: func(t testing.TB, c client, a authz.Actor) (service.Answer, error) {
			s.members(true, a)
			id := uuid.New()
			if made := s.nominate(a, s.achievement(published).ID, s.maker); made.JSON201 != nil {
				id = made.JSON201.ID
			}
			return c.WithdrawNominationWithResponse(t.Context(), id)
		}},
		"getBadge": {Try: func(t testing.TB, c client, a authz.Actor) (service.Answer, error) {
			return c.GetBadgeWithResponse(t.Context(), granted(a))
		}},
		"updateBadge": {Try: func(t testing.TB, c client, a authz.Actor) (service.Answer, error) {
			return c.UpdateBadgeWithResponse(t.Context(), granted(a), gamificationapi.BadgeUpdate{})
		}},
		"getBadgeCredential": {Try: func(t testing.TB, c client, a authz.Actor) (service.Answer, error) {
			return c.GetBadgeCredentialWithResponse(t.Context(), granted(a), nil)
		}},
		"getBadgeImage": {Try: func(t testing.TB, c client, a authz.Actor) (service.Answer, error) {
			return c.GetBadgeImageWithResponse(t.Context(), granted(a), nil)
		}},
		"listMyBadges": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.ListMyBadgesWithResponse(t.Context(), &gamificationapi.ListMyBadgesParams{})
		}},
		"listMySharedBadges": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.ListMySharedBadgesWithResponse(t.Context(), &gamificationapi.ListMySharedBadgesParams{})
		}},
		"getSharedBadge": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.GetSharedBadgeWithResponse(t.Context(), shared)
		}},
		"verifySharedBadge": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.VerifySharedBadgeWithResponse(t.Context(), shared)
		}},
		"getSharedBadgeCredential": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.GetSharedBadgeCredentialWithResponse(t.Context(), shared, nil)
		}},
		"getSharedBadgeImage": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.GetSharedBadgeImageWithResponse(t.Context(), shared, nil)
		}},
		"getDIDDocument": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.GetDIDDocumentWithResponse(t.Context(), nil)
		}},
		"getBadgeKeySet": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.GetBadgeKeySetWithResponse(t.Context(), nil)
		}},
		"getBadgeStatusList": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.GetBadgeStatusListWithResponse(t.Context(), 0, nil)
		}},
		"getBadgeAchievement": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.GetBadgeAchievementWithResponse(t.Context(), of, nil)
		}},
		"getBadgeAchievementImage": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.GetBadgeAchievementImageWithResponse(t.Context(), of, nil)
		}},
		"listBadgeKeys": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.ListBadgeKeysWithResponse(t.Context())
		}},
		"rotateBadgeKey": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.RotateBadgeKeyWithResponse(t.Context())
		}},
		"withdrawBadgeKey": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.WithdrawBadgeKeyWithResponse(t.Context(), s.keys()[0].ID, gamificationapi.BadgeKeyWithdraw{Reason: "stolen"})
		}},
		"listAudit": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.ListAuditWithResponse(t.Context(), &gamificationapi.ListAuditParams{})
		}},
		"exportPersonalData": {Try: func(t testing.TB, c client, a authz.Actor) (service.Answer, error) {
			return c.ExportPersonalDataWithResponse(t.Context(), a.User, &gamificationapi.ExportPersonalDataParams{})
		}},
		"erasePersonalData": {Try: func(t testing.TB, c client, a authz.Actor) (service.Answer, error) {
			return c.ErasePersonalDataWithResponse(t.Context(), a.User, nil)
		}},
	}
	for id, operation := range table {
		switch declared := gamificationapi.Operations[id]; {
		case declared.Scope == "tenant":
			operation.Scope = authz.TenantScope(s.Tenant)
		case declared.Permission != "":
			operation.Scope = chess
		}
		if id == "listGrantEvidence" {
			operation.Scope = authz.TenantScope(s.Tenant)
		}
		if id == "listUserGrants" || id == "listNominations" {
			operation.Scope = authz.TenantScope(s.Tenant)
		}
		if id == "getAchievement" || id == "getRule" || id == "getReward" || id == "listGrants" || id == "createNomination" { // one that the caller cannot read does not exist
			operation.Status, operation.Code = http.StatusNotFound, "ACHIEVEMENT_NOT_FOUND"
		}
		if id == "getLeaderboard" || id == "getMyPlace" {
			operation.Scope, operation.Status, operation.Code = chess, http.StatusNotFound, "LEADERBOARD_NOT_FOUND"
		}
		table[id] = operation
	}
	s.Operations(t, gamificationapi.Operations, adminKeys, table)
}

func in(scope authz.Scope) func(*gamificationapi.AchievementCreate) {
	return func(b *gamificationapi.AchievementCreate) {
		b.ScopeType, b.ScopeID = new(gamificationapi.AchievementScope(scope.Type)), some(scope.ID.String())
	}
}
