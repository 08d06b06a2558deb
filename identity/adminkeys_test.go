package identity_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"go.updspace.com/api/identityapi"
	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/seal"
)

const because = "The yearly rotation."

// states are the ids of the keys of ES256, by state.
func states(keys *identityapi.Keys) map[identityapi.SigningKeyState]string {
	out := map[identityapi.SigningKeyState]string{}
	for _, k := range keys.Signing {
		if k.Algorithm == identityapi.ClientAlgorithmES256 {
			out[k.State] = k.ID
		}
	}
	return out
}

func (s *service) accepts(token string) bool {
	s.t.Helper()
	r, err := s.script("Authorization", "Bearer "+token).GetUserinfoWithResponse(ctx)
	require.NoError(s.t, err)
	return r.StatusCode() == 200
}

func TestAnAdministratorRotatesASigningKeyWithoutDowntime(t *testing.T) {
	t.Parallel()
	s := start(t)
	c := s.client("offline_access")
	admin := s.admin()
	r, err := admin.ListKeysWithResponse(ctx)
	listed := fine(t, r, err).JSON200
	require.Len(t, listed.Signing, 3, "one per algorithm")
	first := states(listed)[identityapi.SigningKeyStateActive]
	before := s.freshToken(c)
	require.Equal(t, first, header(t, before)["kid"])

	rotated, err := admin.RotateSigningKeyWithResponse(ctx, identityapi.KeyRotation{Algorithm: identityapi.ClientAlgorithmES256, Reason: because})
	keys := fine(t, rotated, err).JSON200
	require.Len(t, keys.Signing, 4)
	next := states(keys)[identityapi.SigningKeyStateNext]
	require.Equal(t, map[identityapi.SigningKeyState]string{identityapi.SigningKeyStateActive: first, identityapi.SigningKeyStateNext: next}, states(keys))
	published, err := s.script().GetJWKSWithResponse(ctx)
	require.Len(t, fine(t, published, err).JSON200.Keys, 4, "it is published before it signs")
	require.Equal(t, first, header(t, s.freshToken(c))["kid"])
	again, err := admin.RotateSigningKeyWithResponse(ctx, identityapi.KeyRotation{Algorithm: identityapi.ClientAlgorithmES256, Reason: because})
	refused(t, 409, "KEY_PENDING", again, err)
	wrong, err := admin.RotateSigningKeyWithResponse(ctx, identityapi.KeyRotation{Algorithm: identityapi.ClientAlgorithmRS256})
	refused(t, 422, "VALIDATION_ERROR", wrong, err)

	s.clock.Advance(domain.KeyLead)
	after := s.freshToken(c)
	require.Equal(t, next, header(t, after)["kid"])
	late := s.freshToken(c)
	require.True(t, s.accepts(late))
	r, err = s.admin().ListKeysWithResponse(ctx)
	require.Equal(t, map[identityapi.SigningKeyState]string{identityapi.SigningKeyStateRetired: first, identityapi.SigningKeyStateActive: next}, states(fine(t, r, err).JSON200))
	i := slices.IndexFunc(r.JSON200.Signing, func(k identityapi.SigningKey) bool { return k.ID == first })
	require.Equal(t, r.JSON200.Signing[i].SignsTo.Add(domain.KeyLinger), r.JSON200.Signing[i].PublishedTo, "longer than any of its tokens lives")

	entry := s.auditLog(audit.Filter{TargetType: "signing_key", TargetID: next})[0]
	require.Equal(t, domain.ActionKeyCreated, entry.Action)
	require.Equal(t, because, entry.Reason)
	require.Equal(t, audit.User, entry.Actor.Type)
	require.NotEmpty(t, entry.IP)
}

func TestTheTokensOfTheOldKeyOutliveARotation(t *testing.T) {
	t.Parallel()
	s := start(t)
	c := s.client("offline_access")
	r, err := s.admin().RotateSigningKeyWithResponse(ctx, identityapi.KeyRotation{Algorithm: identityapi.ClientAlgorithmES256, Reason: because})
	fine(t, r, err)
	s.clock.Advance(domain.KeyLead - 1)
	last := s.freshToken(c)
	s.clock.Advance(1)
	require.NotEqual(t, header(t, last)["kid"], header(t, s.freshToken(c))["kid"])
	require.NoError(t, s.Keys.Ensure(ctx))
	require.True(t, s.accepts(last))
}

// A key that is known to a stranger is withdrawn: what it signs is refused, and people go on with another.
func TestAKeyIsWithdrawnAtOnce(t *testing.T) {
	t.Parallel()
	s := start(t)
	c := s.client("offline_access")
	admin := s.admin()
	stolen := s.freshToken(c)
	kid := header(t, stolen)["kid"]
	r, err := admin.RetireSigningKeyWithResponse(ctx, kid, identityapi.ReasonGiven{Reason: "It was stolen."})
	keys := fine(t, r, err).JSON200
	require.Len(t, keys.Signing, 3, "another signs at once")
	require.NotEqual(t, kid, states(keys)[identityapi.SigningKeyStateActive])
	require.False(t, s.accepts(stolen))
	fresh := s.freshToken(c)
	require.Equal(t, states(keys)[identityapi.SigningKeyStateActive], header(t, fresh)["kid"])
	require.True(t, s.accepts(fresh))

	rotated, err := admin.RotateSigningKeyWithResponse(ctx, identityapi.KeyRotation{Algorithm: identityapi.ClientAlgorithmES256, Reason: because})
	was := states(fine(t, rotated, err).JSON200)
	r, err = admin.RetireSigningKeyWithResponse(ctx, was[identityapi.SigningKeyStateActive], identityapi.ReasonGiven{Reason: "It, too."})
	require.Equal(t, map[identityapi.SigningKeyState]string{identityapi.SigningKeyStateActive: was[identityapi.SigningKeyStateNext]}, states(fine(t, r, err).JSON200), "the next one signs now")
	require.Equal(t, was[identityapi.SigningKeyStateNext], header(t, s.freshToken(c))["kid"])

	for _, id := range []string{kid, "none", "x y"} {
		r, err = admin.RetireSigningKeyWithResponse(ctx, id, identityapi.ReasonGiven{Reason: "Again."})
		refused(t, 404, "KEY_NOT_FOUND", r, err)
	}
	entry := s.auditLog(audit.Filter{Action: domain.ActionKeyRetired, TargetID: kid})[0]
	require.Equal(t, "It was stolen.", entry.Reason)
	require.Equal(t, map[string]any{"algorithm": "ES256", "state": "active"}, entry.Metadata)
}

func TestSecretsAreSealedAnewInSteps(t *testing.T) {
	t.Parallel()
	s := start(t)
	b := s.user("member@aef.test")
	s.withApp(b)
	s.newPasskey(b, "Phone")
	next := seal.NewKey("next")
	id := func(keys *identityapi.Keys) (out []identityapi.SealKey) { return keys.Seal }
	r, err := s.admin().ListKeysWithResponse(ctx)
	old := id(fine(t, r, err).JSON200)
	require.Equal(t, []identityapi.SealKey{{ID: old[0].ID, State: identityapi.SealKeyStateNewest, Secrets: 5}}, old)

	// a second instance has the new key in front
	twin := *s
	twin.cfg = config(t, s.cfg.Database)
	twin.cfg.SealKeys = next + "," + sealed
	twin.url = twin.cfg.PublicURL
	twin.inside = twin.run()
	admin := twin.admin()
	r, err = admin.ListKeysWithResponse(ctx)
	require.Equal(t, []identityapi.SealKey{
		{ID: "next", State: identityapi.SealKeyStateNewest}, {ID: old[0].ID, State: identityapi.SealKeyStateOld, Secrets: 5},
	}, id(fine(t, r, err).JSON200))
	done, err := admin.ResealSecretsWithResponse(ctx, identityapi.ReasonGiven{Reason: because})
	require.Equal(t, []identityapi.SealKey{
		{ID: "next", State: identityapi.SealKeyStateNewest, Secrets: 5}, {ID: old[0].ID, State: identityapi.SealKeyStateOld},
	}, id(fine(t, done, err).JSON200))
	done, err = admin.ResealSecretsWithResponse(ctx, identityapi.ReasonGiven{Reason: because})
	fine(t, done, err)
	entries := s.auditLog(audit.Filter{Action: domain.ActionSecretsResealed})
	require.Len(t, entries, 1, "what changes nothing is no entry")
	require.Equal(t, because, entries[0].Reason)
	require.EqualValues(t, 5, entries[0].Metadata["secrets"])

	// an instance without the key says so, and changes nothing
	r, err = s.admin().ListKeysWithResponse(ctx)
	require.Equal(t, []identityapi.SealKey{{ID: old[0].ID, State: identityapi.SealKeyStateNewest}, {ID: "next", State: identityapi.SealKeyStateMissing, Secrets: 5}}, id(fine(t, r, err).JSON200))
	done, err = s.admin().ResealSecretsWithResponse(ctx, identityapi.ReasonGiven{Reason: because})
	refused(t, 409, "SEAL_KEY_MISSING", done, err)
}

func TestOperatorsRotateKeys(t *testing.T) {
	t.Parallel()
	s := start(t)
	listed, err := s.operate("key-list")
	require.NoError(t, err)
	require.Regexp(t, `ES256 +active`, listed)
	require.Regexp(t, `newest +3`, listed)
	_, err = s.operate("key-rotate", "ES256", because)
	require.NoError(t, err)
	_, err = s.operate("key-rotate", "ES256", because)
	require.ErrorIs(t, err, domain.ErrKeyPending)
	_, err = s.operate("key-rotate", "HS256", because)
	require.ErrorIs(t, err, domain.ErrKeyUnknown)
	require.NoError(t, s.Keys.Ensure(ctx))
	ids := map[domain.KeyState]string{}
	list, err := s.Keys.List(audit.AsOperator(ctx, ""))
	require.NoError(t, err)
	for _, k := range list.Signing {
		if k.Algorithm == domain.ES256 {
			ids[k.State] = k.ID
		}
	}
	require.ElementsMatch(t, []domain.KeyState{domain.KeyActive, domain.KeyNext}, slices.Collect(maps.Keys(ids)))
	_, err = s.operate("key-retire", ids[domain.KeyActive], "It was stolen.")
	require.NoError(t, err)
	_, err = s.operate("key-retire", ids[domain.KeyActive], "Twice.")
	require.ErrorIs(t, err, domain.ErrKeyUnknown)
	require.NoError(t, s.Keys.Ensure(ctx), "as each instance does, once a minute")
	require.Equal(t, ids[domain.KeyNext], header(t, s.freshToken(s.client("offline_access")))["kid"])
	entry := s.auditLog(audit.Filter{Action: domain.ActionKeyRetired})[0]
	require.Equal(t, audit.Operator, entry.Actor.Type)
	require.Equal(t, "It was stolen.", entry.Reason)
}
