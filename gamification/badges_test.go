package gamification_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"image/color"
	"image/png"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/gamificationapi"
	"go.updspace.com/gamification/openbadge"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/tools/devkit/testkit"
	"go.updspace.com/tools/devkit/testkit/service"
)

// anyone is the client of those who have no session: the gateway asks for the tenant of the host.
func (s *fixture) anyone() client { return s.anyoneOf(s.Tenant, "aef") }

func (s *fixture) anyoneOf(tenant uuid.UUID, slug string) client {
	return s.With("bff", reqctx.Context{TenantID: tenant, TenantSlug: slug})
}

// change changes the badge of an own grant.
func (s *fixture) change(by authz.Actor, grant uuid.UUID, to gamificationapi.BadgeUpdate) gamificationapi.Badge {
	s.T.Helper()
	r, err := s.As(by).UpdateBadgeWithResponse(s.T.Context(), grant, to)
	return *service.OK(s.T, r, err).JSON200
}

// share shares the badge of an own grant, and returns the secret of its link.
func (s *fixture) share(by authz.Actor, grant uuid.UUID) string {
	s.T.Helper()
	path := s.change(by, grant, gamificationapi.BadgeUpdate{Shared: new(true)}).SharedPath.MustGet()
	token, ok := strings.CutPrefix(path, "/badges/")
	require.True(s.T, ok, path)
	return token
}

// credential takes an own grant out.
func (s *fixture) credential(by authz.Actor, grant uuid.UUID) string {
	s.T.Helper()
	r, err := s.As(by).GetBadgeCredentialWithResponse(s.T.Context(), grant, nil)
	return string(service.OK(s.T, r, err).Body)
}

func (s *fixture) keys() []gamificationapi.BadgeKey {
	s.T.Helper()
	r, err := s.As(s.admin).ListBadgeKeysWithResponse(s.T.Context())
	return service.OK(s.T, r, err).JSON200.Items
}

const didOfTenant = "did:web:aef.updspace.test"

// verify verifies a badge with what the service publishes.
func (s *fixture) verify(credential string) openbadge.Report {
	s.T.Helper()
	return openbadge.Verify(s.T.Context(), credential, s.Clock.Now(), openbadge.Sources{
		Document: func(ctx context.Context, did string) ([]byte, error) {
			require.Equal(s.T, didOfTenant, did)
			r, err := s.anyone().GetDIDDocumentWithResponse(ctx, nil)
			return service.OK(s.T, r, err).Body, nil
		},
		StatusList: func(ctx context.Context, address string) ([]byte, error) {
			require.Equal(s.T, "https://aef.updspace.test/api/v1/gamification/badges/issuer/status-lists/0", address)
			r, err := s.anyone().GetBadgeStatusListWithResponse(ctx, 0, nil)
			return service.OK(s.T, r, err).Body, nil
		},
	})
}

func described(b *gamificationapi.AchievementCreate) {
	b.NameI18N = gamificationapi.Names{"ru": "Первопроходец", "en": "Pathfinder"}
	b.Description, b.ImageAlt = some("Went first."), new("A path")
}

// A badge is verified with what the service publishes, is the same each time, and is not valid after a byte changed or the grant was revoked.
func TestABadgeIsVerifiedByWhatIsPublished(t *testing.T) {
	t.Parallel()
	s := start(t)
	a := s.achievement(published, described, func(b *gamificationapi.AchievementCreate) { b.ExpiresAfterDays = some(30) })
	grant := s.grant(a.ID, s.member, func(b *gamificationapi.GrantCreate) { b.Reason = some("He won the cup") })
	s.Clock.Advance(time.Hour)
	badge := s.credential(s.member, grant.ID)
	report := s.verify(badge)
	require.True(t, report.Valid(), "%+v", report.Checks)
	require.Equal(t, badge, s.credential(s.member, grant.ID), "the same each time")

	said, err := json.Marshal(report.Credential)
	require.NoError(t, err)
	for _, personal := range []string{s.member.User.String(), s.admin.User.String(), grant.ID.String(), "won the cup"} {
		require.NotContains(t, string(said), personal)
	}
	require.Equal(t, "Первопроходец", report.Credential.Subject.Achievement.Name)
	require.Equal(t, "Went first.", report.Credential.Subject.Achievement.Description)
	require.Equal(t, "https://aef.updspace.test/api/v1/gamification/badges/issuer/achievements/"+a.ID.String(), report.Credential.Subject.Achievement.ID)
	require.Equal(t, grant.CreatedAt.Truncate(time.Second), report.Credential.ValidFrom)
	require.Equal(t, grant.ExpiresAt.MustGet().Truncate(time.Second), *report.Credential.ValidUntil)
	require.Empty(t, report.Credential.Subject.Identifier)

	changed := []byte(badge)
	changed[len(changed)/2] ^= 1
	require.True(t, s.verify(string(changed)).Invalid())

	s.revoke(s.admin, grant.ID, "")
	report = s.verify(badge)
	require.Equal(t, openbadge.Failed, report.Outcome(openbadge.CheckStatus), "%+v", report.Checks)
	refused, err := s.As(s.member).GetBadgeCredentialWithResponse(t.Context(), grant.ID, nil)
	service.Refused(t, http.StatusConflict, "GRANT_ENDED", refused, err)
}

// The picture is a picture with the badge in it.
func TestABadgeIsBakedIntoAPicture(t *testing.T) {
	t.Parallel()
	s := start(t)
	grant := s.grant(s.achievement(published, described).ID, s.member)
	r, err := s.As(s.member).GetBadgeImageWithResponse(t.Context(), grant.ID, nil)
	image := service.OK(t, r, err).Body
	require.Equal(t, "image/png", r.HTTPResponse.Header.Get("Content-Type"))
	require.Contains(t, r.HTTPResponse.Header.Get("Content-Disposition"), "attachment")
	_, err = png.Decode(bytes.NewReader(image))
	require.NoError(t, err)
	inside, err := openbadge.Unbake(image)
	require.NoError(t, err)
	require.Equal(t, s.credential(s.member, grant.ID), inside)
	require.True(t, s.verify(inside).Valid())
}

// An uploaded picture is the one of the badge.
func TestABadgeIsBakedIntoTheUploadedPicture(t *testing.T) {
	t.Parallel()
	s := start(t)
	images := s.uploaded(drawing(t, 300, color.NRGBA{R: 200, G: 10, A: 255}))
	a := s.achievement(published, func(b *gamificationapi.AchievementCreate) { b.Images = written(images) })
	grant := s.grant(a.ID, s.member)
	r, err := s.As(s.member).GetBadgeImageWithResponse(t.Context(), grant.ID, nil)
	baked, err := png.Decode(bytes.NewReader(service.OK(t, r, err).Body))
	require.NoError(t, err)
	require.Equal(t, 300, baked.Bounds().Dx())
	require.Equal(t, color.NRGBA{R: 200, G: 10, A: 255}, color.NRGBAModel.Convert(baked.At(150, 150)))
	inside, err := openbadge.Unbake(r.Body)
	require.NoError(t, err)
	require.True(t, s.verify(inside).Valid())
}

// Grants that ended by their time are over at once, in the list and for the time of the badge.
func TestABadgeEndsWithItsTime(t *testing.T) {
	t.Parallel()
	s := start(t)
	grant := s.grant(s.achievement(published, func(b *gamificationapi.AchievementCreate) { b.ExpiresAfterDays = some(1) }).ID, s.member)
	token, badge := s.share(s.member, grant.ID), s.credential(s.member, grant.ID)
	s.Clock.Advance(25 * time.Hour)
	r, err := s.anyone().GetSharedBadgeWithResponse(t.Context(), token)
	require.Equal(t, gamificationapi.BadgeStateExpired, service.OK(t, r, err).JSON200.State)
	require.Equal(t, openbadge.Failed, s.verify(badge).Outcome(openbadge.CheckTime))
	mine, err := s.As(s.member).ListMyBadgesWithResponse(t.Context(), nil)
	require.Empty(t, service.OK(t, mine, err).JSON200.Items)
	refused, err := s.As(s.member).GetBadgeImageWithResponse(t.Context(), grant.ID, nil)
	service.Refused(t, http.StatusConflict, "GRANT_ENDED", refused, err)
	require.NoError(t, s.lifecycle.ExpireGrants(t.Context()))
	require.Equal(t, []int{s.placeOf(grant.ID)}, s.setBits())
}

// placeOf is the place of a grant's badge in the status list.
func (s *fixture) placeOf(grant uuid.UUID) (place int) {
	s.T.Helper()
	require.NoError(s.T, s.DB.Read(pg.AcrossTenants(s.T.Context(), "test"), func(ctx context.Context) error {
		return s.DB.Conn(ctx).NewRaw("SELECT place FROM badges WHERE grant_id = ?", grant).Scan(ctx, &place)
	}))
	return place
}

// setBits are the places in the published status list that are not valid any more.
func (s *fixture) setBits() (set []int) {
	s.T.Helper()
	r, err := s.anyone().GetBadgeStatusListWithResponse(s.T.Context(), 0, nil)
	payload := payloadOf(s.T, string(service.OK(s.T, r, err).Body))
	var list struct {
		ValidUntil time.Time `json:"validUntil"`
		Subject    struct {
			List string `json:"encodedList"`
		} `json:"credentialSubject"`
	}
	require.NoError(s.T, json.Unmarshal(payload, &list))
	require.True(s.T, list.ValidUntil.After(s.Clock.Now()) && list.ValidUntil.Sub(s.Clock.Now()) <= time.Hour)
	bits, err := openbadge.DecodeStatusList(list.Subject.List)
	require.NoError(s.T, err)
	for i := range bits.Len() {
		if revoked, _ := bits.Revoked(i); revoked {
			set = append(set, i)
		}
	}
	return set
}

// A recipient shows a badge by a link, with a name only when the recipient says so; a link that was withdrawn is gone for good.
func TestARecipientSharesABadge(t *testing.T) {
	t.Parallel()
	s := start(t)
	a := s.achievement(published, described)
	grant := s.grant(a.ID, s.member, private)
	before, err := s.As(s.member).GetBadgeWithResponse(t.Context(), grant.ID)
	require.Equal(t, gamificationapi.Badge{
		GrantID: grant.ID, AchievementID: a.ID, State: gamificationapi.BadgeStateValid, CredentialID: null[string](), IssuedAt: null[time.Time](),
		Name: null[string](), Language: null[string](), SharedPath: null[string](), SharedAt: null[time.Time](),
	}, *service.OK(t, before, err).JSON200)
	require.NoError(t, s.lifecycle.Tx.Do(reqctx.With(t.Context(), reqctx.Context{TenantID: s.Tenant}), func(ctx context.Context) error {
		return s.lifecycle.TenantChanged(ctx, "Alpha & Friends")
	}))
	token := s.share(s.member, grant.ID)
	shared, err := s.anyone().GetSharedBadgeWithResponse(t.Context(), token)
	id := service.OK(t, shared, err).JSON200.CredentialID
	require.Equal(t, gamificationapi.SharedBadge{
		NameI18N: gamificationapi.Names{"ru": "Первопроходец", "en": "Pathfinder"}, Description: some("Went first."), DescriptionI18N: gamificationapi.Descriptions{},
		ImageAlt: "A path", ImageAltI18N: gamificationapi.ImageAlts{}, Tier: gamificationapi.TierNone, State: gamificationapi.BadgeStateValid, AwardedAt: grant.CreatedAt, ExpiresAt: null[time.Time](),
		EndedAt: null[time.Time](), RecipientName: null[string](), IssuerName: "Alpha & Friends", IssuerID: didOfTenant, IssuerURL: "https://aef.updspace.test",
		CredentialID: id,
	}, *shared.JSON200)
	first := s.credential(s.member, grant.ID)

	named := s.change(s.member, grant.ID, gamificationapi.BadgeUpdate{Name: some("Мария П."), Language: some("en")})
	require.Equal(t, "/badges/"+token, named.SharedPath.MustGet(), "the link stays")
	testkit.Filled(t, named)
	second := s.credential(s.member, grant.ID)
	report := s.verify(second)
	require.True(t, report.Valid(), "%+v", report.Checks)
	require.Equal(t, "Мария П.", report.Credential.Subject.Identifier[0].IdentityHash)
	require.Equal(t, "Pathfinder", report.Credential.Subject.Achievement.Name)
	require.Equal(t, id, report.Credential.ID, "the same badge")
	require.True(t, s.verify(first).Valid(), "so is the former edition")
	file, err := s.anyone().GetSharedBadgeCredentialWithResponse(t.Context(), token, nil)
	require.Equal(t, second, string(service.OK(t, file, err).Body))
	image, err := s.anyone().GetSharedBadgeImageWithResponse(t.Context(), token, nil)
	inside, err2 := openbadge.Unbake(service.OK(t, image, err).Body)
	require.NoError(t, err2)
	require.Equal(t, second, inside)

	// A revoked badge keeps its page, which says so.
	s.revoke(s.admin, grant.ID, "By mistake")
	shared, err = s.anyone().GetSharedBadgeWithResponse(t.Context(), token)
	require.Equal(t, gamificationapi.BadgeStateRevoked, service.OK(t, shared, err).JSON200.State)
	found, err := s.anyone().VerifySharedBadgeWithResponse(t.Context(), token)
	require.False(t, service.OK(t, found, err).JSON200.Valid)
	require.Equal(t, gamificationapi.BadgeCheckOutcomeFailed, found.JSON200.Checks[len(found.JSON200.Checks)-1].Outcome)
	// The name goes from it, too, when the recipient wants that.
	s.change(s.member, grant.ID, gamificationapi.BadgeUpdate{Name: null[string]()})
	file, err = s.anyone().GetSharedBadgeCredentialWithResponse(t.Context(), token, nil)
	require.NotContains(t, string(payloadOf(t, string(service.OK(t, file, err).Body))), "Мария")

	s.change(s.member, grant.ID, gamificationapi.BadgeUpdate{Shared: new(false)})
	s.unknown(s.anyone(), token)
	again, err := s.As(s.member).UpdateBadgeWithResponse(t.Context(), grant.ID, gamificationapi.BadgeUpdate{Shared: new(true)})
	service.Refused(t, http.StatusConflict, "GRANT_ENDED", again, err)
}

// unknown requires that no operation of a link answers.
func (s *fixture) unknown(c client, token string) {
	s.T.Helper()
	ctx := s.T.Context()
	shown, err := c.GetSharedBadgeWithResponse(ctx, token)
	service.Refused(s.T, http.StatusNotFound, "BADGE_NOT_FOUND", shown, err)
	verified, err := c.VerifySharedBadgeWithResponse(ctx, token)
	service.Refused(s.T, http.StatusNotFound, "BADGE_NOT_FOUND", verified, err)
	file, err := c.GetSharedBadgeCredentialWithResponse(ctx, token, nil)
	service.Refused(s.T, http.StatusNotFound, "BADGE_NOT_FOUND", file, err)
	image, err := c.GetSharedBadgeImageWithResponse(ctx, token, nil)
	service.Refused(s.T, http.StatusNotFound, "BADGE_NOT_FOUND", image, err)
}

// Another tenant's host serves neither the badge nor what verifies it, and sharing again gives another link.
func TestABadgeIsThatOfItsTenant(t *testing.T) {
	t.Parallel()
	s := start(t)
	a := s.achievement(published)
	grant := s.grant(a.ID, s.member)
	token := s.share(s.member, grant.ID)
	other := s.anyoneOf(uuid.New(), "bef")
	s.unknown(other, token)
	s.unknown(s.anyone(), "x"+token[1:])
	list, err := other.GetBadgeStatusListWithResponse(t.Context(), 0, nil)
	service.Refused(t, http.StatusNotFound, "STATUS_LIST_NOT_FOUND", list, err)
	achievement, err := other.GetBadgeAchievementWithResponse(t.Context(), a.ID, nil)
	service.Refused(t, http.StatusNotFound, "ACHIEVEMENT_NOT_FOUND", achievement, err)
	image, err := other.GetBadgeAchievementImageWithResponse(t.Context(), a.ID, nil)
	service.Refused(t, http.StatusNotFound, "ACHIEVEMENT_NOT_FOUND", image, err)
	document, err := other.GetDIDDocumentWithResponse(t.Context(), nil)
	require.Contains(t, string(service.OK(t, document, err).Body), `"verificationMethod":[]`)

	for _, by := range []authz.Actor{s.admin, s.maker} {
		mine, err := s.As(by).GetBadgeWithResponse(t.Context(), grant.ID)
		service.Refused(t, http.StatusNotFound, "GRANT_NOT_FOUND", mine, err)
		changed, err := s.As(by).UpdateBadgeWithResponse(t.Context(), grant.ID, gamificationapi.BadgeUpdate{Shared: new(false)})
		service.Refused(t, http.StatusNotFound, "GRANT_NOT_FOUND", changed, err)
		file, err := s.As(by).GetBadgeCredentialWithResponse(t.Context(), grant.ID, nil)
		service.Refused(t, http.StatusNotFound, "GRANT_NOT_FOUND", file, err)
	}
	s.change(s.member, grant.ID, gamificationapi.BadgeUpdate{Shared: new(false)})
	require.NotEqual(t, token, s.share(s.member, grant.ID))
	s.unknown(s.anyone(), token)
	wrong, err := s.As(s.member).UpdateBadgeWithResponse(t.Context(), grant.ID, gamificationapi.BadgeUpdate{Language: some("de")})
	service.Refused(t, http.StatusUnprocessableEntity, "VALIDATION_ERROR", wrong, err)
}

// What badges name is published when there is one, and can be kept by its ETag.
func TestWhatBadgesNameIsPublished(t *testing.T) {
	t.Parallel()
	s := start(t)
	a := s.achievement(published, described)
	unnamed, err := s.anyone().GetBadgeAchievementWithResponse(t.Context(), a.ID, nil)
	service.Refused(t, http.StatusNotFound, "ACHIEVEMENT_NOT_FOUND", unnamed, err)
	none, err := s.anyone().GetBadgeStatusListWithResponse(t.Context(), 0, nil)
	service.Refused(t, http.StatusNotFound, "STATUS_LIST_NOT_FOUND", none, err)
	badge := s.credential(s.member, s.grant(a.ID, s.member).ID)

	achievement, err := s.anyone().GetBadgeAchievementWithResponse(t.Context(), a.ID, nil)
	var stands, inBadge map[string]any
	require.NoError(t, json.Unmarshal(service.OK(t, achievement, err).Body, &stands))
	require.Equal(t, "application/ld+json", achievement.HTTPResponse.Header.Get("Content-Type"))
	var said struct {
		Subject struct {
			Achievement map[string]any `json:"achievement"`
		} `json:"credentialSubject"`
	}
	require.NoError(t, json.Unmarshal(payloadOf(t, badge), &said))
	inBadge = said.Subject.Achievement
	require.NotEmpty(t, stands["@context"])
	delete(stands, "@context")
	require.Equal(t, inBadge, stands)
	picture, err := s.anyone().GetBadgeAchievementImageWithResponse(t.Context(), a.ID, nil)
	_, err = png.Decode(bytes.NewReader(service.OK(t, picture, err).Body))
	require.NoError(t, err)

	keys, err := s.anyone().GetBadgeKeySetWithResponse(t.Context(), nil)
	require.NotContains(t, string(service.OK(t, keys, err).Body), `"d":`)
	tag := keys.HTTPResponse.Header.Get("ETag")
	require.Equal(t, "public, max-age=60", keys.HTTPResponse.Header.Get("Cache-Control"))
	again, err := s.anyone().GetBadgeKeySetWithResponse(t.Context(), &gamificationapi.GetBadgeKeySetParams{IfNoneMatch: &tag})
	require.NoError(t, err)
	require.Equal(t, http.StatusNotModified, again.StatusCode())
	list, err := s.anyone().GetBadgeStatusListWithResponse(t.Context(), 0, nil)
	tag = service.OK(t, list, err).HTTPResponse.Header.Get("ETag")
	s.Clock.Advance(time.Second)
	same, err := s.anyone().GetBadgeStatusListWithResponse(t.Context(), 0, &gamificationapi.GetBadgeStatusListParams{IfNoneMatch: &tag})
	require.NoError(t, err)
	require.Equal(t, http.StatusNotModified, same.StatusCode(), "signed once in a while")
}

// A former key stays published. What a withdrawn one signed is not valid, and shared badges are signed anew.
func TestKeysAreRotatedAndWithdrawn(t *testing.T) {
	t.Parallel()
	s := start(t)
	a := s.achievement(published)
	grant := s.grant(a.ID, s.member)
	first, token := s.credential(s.member, grant.ID), s.share(s.member, grant.ID)
	require.Len(t, s.keys(), 1)
	rotated, err := s.As(s.admin).RotateBadgeKeyWithResponse(t.Context())
	require.Equal(t, gamificationapi.BadgeKeyStateSigning, service.OK(t, rotated, err).JSON201.State)
	require.True(t, s.verify(first).Valid())
	require.Equal(t, first, s.credential(s.member, grant.ID), "what is valid is not signed anew")
	second := s.credential(s.maker, s.grant(a.ID, s.maker).ID)
	require.NotEqual(t, kid(t, first), kid(t, second))

	withdraw := func(id string) gamificationapi.BadgeKey {
		r, err := s.As(s.admin).WithdrawBadgeKeyWithResponse(t.Context(), id, gamificationapi.BadgeKeyWithdraw{Reason: "A backup was stolen"})
		return *service.OK(t, r, err).JSON200
	}
	require.Equal(t, gamificationapi.BadgeKeyStateWithdrawn, withdraw(kid(t, first)).State)
	require.Equal(t, openbadge.Failed, s.verify(first).Outcome(openbadge.CheckIssuerKey))
	require.True(t, s.verify(second).Valid())
	found, err := s.anyone().VerifySharedBadgeWithResponse(t.Context(), token)
	require.True(t, service.OK(t, found, err).JSON200.Valid, "%+v", found.JSON200)
	anew := s.credential(s.member, grant.ID)
	require.Equal(t, kid(t, second), kid(t, anew))
	require.True(t, s.verify(anew).Valid())

	last := withdraw(kid(t, second)) // the one that signs
	s.Clock.Advance(time.Minute)
	require.Equal(t, last, withdraw(kid(t, second)), "once")
	require.True(t, s.verify(second).Invalid())
	require.True(t, s.verify(s.credential(s.maker, s.grant(s.achievement(published).ID, s.maker).ID)).Valid())
	states := map[gamificationapi.BadgeKeyState]int{}
	for _, key := range s.keys() {
		states[key.State]++
	}
	require.Equal(t, map[gamificationapi.BadgeKeyState]int{gamificationapi.BadgeKeyStateSigning: 1, gamificationapi.BadgeKeyStateWithdrawn: 2}, states)
	unknown, err := s.As(s.admin).WithdrawBadgeKeyWithResponse(t.Context(), "none", gamificationapi.BadgeKeyWithdraw{Reason: "x"})
	service.Refused(t, http.StatusNotFound, "KEY_NOT_FOUND", unknown, err)

	log, err := s.As(s.admin).ListAuditWithResponse(t.Context(), &gamificationapi.ListAuditParams{TargetType: new("badge_key")})
	var actions []string
	for _, entry := range service.OK(t, log, err).JSON200.Items {
		actions = append([]string{entry.Action}, actions...)
	}
	require.Equal(t, []string{
		"badge_key.created", "badge_key.retired", "badge_key.created", "badge_key.withdrawn", "badge_key.withdrawn", "badge_key.created",
	}, actions)
	// Only the key that signs has its private half.
	var halves int
	require.NoError(t, s.DB.Read(pg.AcrossTenants(t.Context(), "test"), func(ctx context.Context) error {
		return s.DB.Conn(ctx).NewRaw("SELECT count(private) FROM badge_keys").Scan(ctx, &halves)
	}))
	require.Equal(t, 1, halves)
}

// kid is the id of the key that signed a badge.
func kid(t testing.TB, badge string) string {
	t.Helper()
	var header struct {
		Kid string `json:"kid"`
	}
	require.NoError(t, json.Unmarshal(partOf(t, badge, 0), &header))
	_, id, _ := strings.Cut(header.Kid, "#")
	return id
}

// Racing first badges make one key; racing exports of one grant make one badge.
func TestRacingExportsMakeOneKeyAndOneBadgeEach(t *testing.T) {
	t.Parallel()
	s := start(t)
	a := s.achievement(published)
	people := s.people(6)
	grants := make([]uuid.UUID, len(people))
	for i, p := range people {
		grants[i] = s.grant(a.ID, p).ID
	}
	made := make([]string, 2*len(people))
	var wg sync.WaitGroup
	for i := range made {
		wg.Go(func() {
			for again := true; again; { // on a busy machine the first key takes longer than others wait for its lock: they are answered 503 or 504
				r, err := s.As(people[i/2]).GetBadgeCredentialWithResponse(t.Context(), grants[i/2], nil)
				if err == nil && r.StatusCode() == http.StatusOK {
					made[i] = string(r.Body)
				}
				again = err == nil && slices.Contains([]int{http.StatusServiceUnavailable, http.StatusGatewayTimeout}, r.StatusCode())
			}
		})
	}
	wg.Wait()
	different := map[string]bool{}
	for i, badge := range made {
		require.True(t, s.verify(badge).Valid())
		require.Equal(t, made[i/2*2], badge)
		different[badge] = true
	}
	require.Len(t, different, len(people))
	require.Len(t, s.keys(), 1)
}

// Everything that a member has is taken out in pages, signed once.
func TestAMemberTakesEverythingOut(t *testing.T) {
	t.Parallel()
	s := start(t)
	var want []uuid.UUID
	for range 3 {
		want = append([]uuid.UUID{s.grant(s.achievement(published).ID, s.member).ID}, want...)
		s.Clock.Advance(time.Minute)
	}
	s.revoke(s.admin, s.grant(s.achievement(published).ID, s.member).ID, "")
	var found []uuid.UUID
	for cursor := new(""); cursor != nil; {
		p := &gamificationapi.ListMyBadgesParams{Limit: new(2)}
		if *cursor != "" {
			p.Cursor = cursor
		}
		r, err := s.As(s.member).ListMyBadgesWithResponse(t.Context(), p)
		list := service.OK(t, r, err).JSON200
		for _, item := range list.Items {
			found = append(found, item.GrantID)
			require.True(t, s.verify(item.Credential).Valid())
			require.Equal(t, item.Credential, s.credential(s.member, item.GrantID))
		}
		if cursor = nil; !list.NextCursor.IsNull() {
			cursor = new(list.NextCursor.MustGet())
		}
	}
	require.Equal(t, want, found)
}

// What is open to everybody is listed for its owner, also when the grant has ended, so that the owner can withdraw it.
func TestAMemberFindsTheOpenPagesOfBadgesThatEnded(t *testing.T) {
	t.Parallel()
	s := start(t)
	kept, revoked := s.grant(s.achievement(published).ID, s.member), s.grant(s.achievement(published, described).ID, s.member)
	s.grant(s.achievement(published).ID, s.member) // not shared
	other := s.grant(s.achievement(published).ID, s.maker)
	s.share(s.maker, other.ID)
	s.share(s.member, kept.ID)
	token := s.share(s.member, revoked.ID)
	s.revoke(s.admin, revoked.ID, "")

	list := func(cursor *string) *gamificationapi.MySharedBadgePage {
		r, err := s.As(s.member).ListMySharedBadgesWithResponse(t.Context(), &gamificationapi.ListMySharedBadgesParams{Limit: new(1), Cursor: cursor})
		return service.OK(t, r, err).JSON200
	}
	first := list(nil)
	second := list(new(first.NextCursor.MustGet()))
	require.Equal(t, []uuid.UUID{revoked.ID, kept.ID}, []uuid.UUID{first.Items[0].Badge.GrantID, second.Items[0].Badge.GrantID})
	require.True(t, second.NextCursor.IsNull())
	require.Equal(t, gamificationapi.BadgeStateRevoked, first.Items[0].Badge.State)
	require.Equal(t, "/badges/"+token, first.Items[0].Badge.SharedPath.MustGet())
	require.Equal(t, "Pathfinder", first.Items[0].NameI18N["en"])
	require.Equal(t, gamificationapi.BadgeStateValid, second.Items[0].Badge.State)

	s.change(s.member, revoked.ID, gamificationapi.BadgeUpdate{Shared: new(false)})
	s.unknown(s.anyone(), token)
	left := list(nil)
	require.Len(t, left.Items, 1)
	require.Equal(t, kept.ID, left.Items[0].Badge.GrantID)
	require.True(t, left.NextCursor.IsNull())
}

// Who is erased is gone from badges and links; the copies that are outside are revoked.
func TestErasingAPersonRevokesTheirBadges(t *testing.T) {
	t.Parallel()
	s := start(t)
	grant := s.grant(s.achievement(published).ID, s.member)
	token := s.share(s.member, grant.ID)
	s.change(s.member, grant.ID, gamificationapi.BadgeUpdate{Name: some("Maria P.")})
	badge, place := s.credential(s.member, grant.ID), s.placeOf(grant.ID)
	export, err := s.anyone().ExportPersonalDataWithResponse(t.Context(), s.member.User, &gamificationapi.ExportPersonalDataParams{})
	require.Contains(t, string(service.OK(t, export, err).Body), "Maria P.")
	require.NotContains(t, string(export.Body), token)

	erased, err := s.anyone().ErasePersonalDataWithResponse(t.Context(), s.member.User, nil)
	service.OK(t, erased, err)
	s.unknown(s.anyone(), token)
	require.Equal(t, openbadge.Failed, s.verify(badge).Outcome(openbadge.CheckStatus))
	require.Equal(t, []int{place}, s.setBits())
	var left string
	require.NoError(t, s.DB.Read(pg.AcrossTenants(t.Context(), "test"), func(ctx context.Context) error {
		return s.DB.Conn(ctx).NewRaw("SELECT json_agg(b)::text FROM badges AS b").Scan(ctx, &left)
	}))
	for _, personal := range []string{s.member.User.String(), grant.ID.String(), "Maria", "eyJ"} {
		require.NotContains(t, left, personal)
	}
}

// Badges of grants that were forgotten say nothing of their recipients any more, and stay revoked.
func TestForgottenGrantsLeaveNothingInBadges(t *testing.T) {
	t.Parallel()
	s := start(t)
	grant := s.grant(s.achievement(published).ID, s.member)
	token := s.share(s.member, grant.ID)
	place := s.placeOf(grant.ID)
	s.revoke(s.admin, grant.ID, "")
	s.Clock.Advance(4 * 365 * 24 * time.Hour)
	require.NoError(t, s.lifecycle.Forget(t.Context()))
	s.unknown(s.anyone(), token)
	require.Equal(t, []int{place}, s.setBits())
	var left int
	require.NoError(t, s.DB.Read(pg.AcrossTenants(t.Context(), "test"), func(ctx context.Context) error {
		return s.DB.Conn(ctx).NewRaw("SELECT count(*) FROM badges WHERE recipient_id = ? OR credential <> ''", s.member.User).Scan(ctx, &left)
	}))
	require.Zero(t, left)
}

func payloadOf(t testing.TB, badge string) []byte {
	t.Helper()
	return partOf(t, badge, 1)
}

// partOf is a decoded part of a token.
func partOf(t testing.TB, token string, part int) []byte {
	t.Helper()
	decoded, err := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[part])
	require.NoError(t, err)
	return decoded
}
