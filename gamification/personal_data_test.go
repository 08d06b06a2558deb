package gamification_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/gamificationapi"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/tools/devkit/testkit/service"
)

func TestPersonalDataIsExportedAndErased(t *testing.T) {
	t.Parallel()
	s := start(t)
	a := s.achievement(published, worth(10))
	s.running()
	s.grant(a.ID, s.member, private)
	theirs := s.grant(a.ID, s.maker, private)
	service.OK(t, s.revoke(s.admin, theirs.ID, "Sorry"), nil)
	s.grant(s.achievement(published, named("Other"), worth(5)).ID, s.maker)
	s.Clock.Advance(48 * time.Hour)
	s.closeSeasons()
	s.setRanked(s.maker, false)
	nomination := s.nominated(s.member, a.ID, s.maker)
	declined, err := s.As(s.admin).DeclineNominationWithResponse(t.Context(), nomination.ID, gamificationapi.NominationDecline{Reason: some("No")})
	service.OK(t, declined, err)
	bff := s.With("bff", reqctx.Context{TenantID: s.Tenant, TenantSlug: "aef"})
	sections := func(user uuid.UUID) map[string]int {
		r, err := bff.ExportPersonalDataWithResponse(t.Context(), user, &gamificationapi.ExportPersonalDataParams{})
		counts := map[string]int{}
		for _, item := range service.OK(t, r, err).JSON200.Items {
			counts[item.Section]++
		}
		delete(counts, "audit")
		return counts
	}
	require.Equal(t, map[string]int{"achievements": 2, "grants_issued": 3, "grants_revoked": 1, "nominations_decided": 1}, sections(s.admin.User))
	require.Equal(t, map[string]int{"grants": 1, "points": 1, "season_ranks": 1, "nominations_made": 1}, sections(s.member.User))
	require.Equal(t, map[string]int{"grants": 2, "points": 3, "leaderboards": 1, "season_ranks": 1, "nominations": 1}, sections(s.maker.User))
	for _, user := range []uuid.UUID{s.admin.User, s.member.User} {
		r, err := bff.ErasePersonalDataWithResponse(t.Context(), user, nil)
		require.True(t, service.OK(t, r, err).JSON200.Complete)
		require.Empty(t, sections(user))
	}
	r, err := s.As(s.maker2()).ListGrantsWithResponse(t.Context(), a.ID, &gamificationapi.ListGrantsParams{State: new(gamificationapi.ListGrantsParamsStateAll)})
	left := service.OK(t, r, err).JSON200.Items
	require.Len(t, left, 1)
	require.True(t, left[0].IssuerID.IsNull() && left[0].Reason.IsNull() && left[0].RevokeReason.IsNull() && left[0].RevokedBy.IsNull())
}

// Who is erased is not named in what others wrote about others either: in reasons of grants and revocations, nominations and the audit log.
func TestErasingAPersonRemovesTheirNameFromReasonsOfOthers(t *testing.T) {
	t.Parallel()
	s := start(t)
	mika := s.people(1)[0]
	a := s.achievement(published)
	const said, left = "Carried the tables with Mika Member.", "Carried the tables with …."
	grant := s.grant(a.ID, s.member, func(b *gamificationapi.GrantCreate) { b.Reason = some(said) })
	s.revoke(s.admin, grant.ID, said)
	nomination, err := s.As(s.maker).CreateNominationWithResponse(t.Context(), a.ID, gamificationapi.NominationCreate{NomineeID: s.member.User, Text: said})
	id := service.OK(t, nomination, err).JSON201.ID
	declined, err := s.As(s.admin).DeclineNominationWithResponse(t.Context(), id, gamificationapi.NominationDecline{Reason: some(said)})
	service.OK(t, declined, err)

	erased, err := s.anyone().ErasePersonalDataWithResponse(t.Context(), mika.User, &gamificationapi.ErasePersonalDataParams{Name: []string{"mika member"}})
	require.Equal(t, []int64{1, 1}, []int64{service.OK(t, erased, err).JSON200.Counts["reasons_of_others"], erased.JSON200.Counts["nominations_by_others"]})
	grants, err := s.As(s.admin).ListGrantsWithResponse(t.Context(), a.ID, &gamificationapi.ListGrantsParams{State: new(gamificationapi.ListGrantsParamsStateAll)})
	kept := service.OK(t, grants, err).JSON200.Items[0]
	require.Equal(t, []string{left, left}, []string{kept.Reason.MustGet(), kept.RevokeReason.MustGet()})
	mine, err := s.As(s.maker).ListMyNominationsWithResponse(t.Context(), &gamificationapi.ListMyNominationsParams{})
	made := service.OK(t, mine, err).JSON200.Items[0]
	require.Equal(t, []string{left, left}, []string{made.Text, made.DecisionReason.MustGet()})
	var stored string
	require.NoError(t, s.DB.Read(pg.AcrossTenants(t.Context(), "test"), func(ctx context.Context) error {
		return s.DB.Conn(ctx).NewRaw("SELECT json_agg(e)::text FROM audit_entries AS e").Scan(ctx, &stored)
	}))
	require.Contains(t, stored, left)
	require.NotContains(t, stored, "Mika")
}
