package openbadge_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"go.updspace.com/gamification/openbadge"
	"go.updspace.com/libs/errs"
)

func verify(t testing.TB, token string, from openbadge.Sources) openbadge.Report {
	t.Helper()
	return openbadge.Verify(t.Context(), token, now, from)
}

// wantCheck requires that a check came out so, for a reason with these words, and that no later check was made.
func wantCheck(t testing.TB, r openbadge.Report, name string, outcome openbadge.Outcome, words string) {
	t.Helper()
	require.Len(t, r.Checks, 7)
	require.False(t, r.Valid())
	require.Equal(t, outcome == openbadge.Failed, r.Invalid(), "%+v", r.Checks)
	n := slices.IndexFunc(r.Checks, func(c openbadge.Check) bool { return c.Name == name })
	require.GreaterOrEqual(t, n, 0, name)
	require.Equal(t, outcome, r.Checks[n].Outcome, "%+v", r.Checks)
	require.Contains(t, r.Checks[n].Reason, words)
	for _, c := range r.Checks[n+1:] {
		require.True(t, outcome != openbadge.Failed || c.Outcome == openbadge.NotChecked, "%s was checked after %s failed", c.Name, name)
	}
}

func TestBadgeIsVerifiedWithEachAlgorithm(t *testing.T) {
	for _, alg := range []openbadge.Algorithm{openbadge.RS256, openbadge.ES256, openbadge.EdDSA} {
		t.Run(string(alg), func(t *testing.T) {
			k := generate(t, alg)
			require.Equal(t, alg, k.Public().Algorithm())
			r := verify(t, sign(t, k, badge()), sources(t, signedList(t, k), k))
			require.True(t, r.Valid(), "%+v", r.Checks)
			require.False(t, r.Invalid())
			require.Equal(t, "Первопроходец", r.Credential.Subject.Achievement.Name)
			require.Equal(t, did, r.Credential.Issuer.ID)
			require.Equal(t, openbadge.Check{Name: openbadge.CheckStatus, Outcome: openbadge.Passed, Reason: "The issuer has not revoked the badge."}, r.Checks[6])
			for _, c := range r.Checks {
				require.NotEmpty(t, c.Reason)
			}
		})
	}
}

func TestStoredKeyMakesTheSameKey(t *testing.T) {
	for _, alg := range []openbadge.Algorithm{openbadge.RS256, openbadge.ES256, openbadge.EdDSA} {
		k := generate(t, alg)
		der, err := k.PKCS8()
		require.NoError(t, err)
		again, err := openbadge.ParseKey(der)
		require.NoError(t, err)
		require.Equal(t, k.Public().ID(did), again.Public().ID(did))
	}
	_, err := openbadge.ParseKey([]byte("key"))
	require.Error(t, err)
	_, err = openbadge.GenerateKey("HS256")
	require.ErrorContains(t, err, "HS256")
}

func TestRetiredKeyVerifiesUntilItIsWithdrawn(t *testing.T) {
	old, fresh := generate(t, openbadge.ES256), generate(t, openbadge.ES256)
	token := sign(t, old, badge())
	require.True(t, verify(t, token, sources(t, signedList(t, fresh), fresh, old)).Valid(), "the list is signed by the new key")
	wantCheck(t, verify(t, token, sources(t, signedList(t, fresh), fresh)), openbadge.CheckIssuerKey, openbadge.Failed, "has no key")
}

func TestMinimalBadgeIsVerified(t *testing.T) {
	k := generate(t, openbadge.ES256)
	b := badge()
	b.Issuer, b.Status, b.Evidence, b.ValidUntil, b.Awarded = openbadge.Profile{Name: "A"}, nil, nil, time.Time{}, time.Time{}
	b.Achievement.Image, b.Achievement.Tags, b.Achievement.Language = nil, nil, ""
	r := verify(t, sign(t, k, b), sources(t, "", k))
	require.True(t, r.Valid(), "%+v", r.Checks)
	require.Contains(t, r.Checks[6].Reason, "cannot revoke")
}

func TestSignNamesTheFieldsThatAreWrong(t *testing.T) {
	b := badge()
	b.ID, b.Issuer.Name, b.Achievement.Name, b.Achievement.Criteria = "7", " ", strings.Repeat("x", 10_001), openbadge.Criteria{}
	b.Recipient.ID, b.ValidUntil, b.Status.Index, b.Status.List = "", b.ValidFrom, -1, "/lists/1"
	b.Achievement.Image = &openbadge.Image{ID: "pioneer.png", Caption: strings.Repeat("x", 10_001)}
	b.Issuer.URL, b.Issuer.Description, b.Achievement.Description = "aef.updspace.com", strings.Repeat("x", 10_001), strings.Repeat("я", 10_000)
	b.Issuer.Image, b.Achievement.Criteria.ID = &openbadge.Image{ID: "https://example.org/" + strings.Repeat("x", 2_048)}, "rules"
	_, err := openbadge.Sign(did, generate(t, openbadge.ES256), b)
	var e *errs.Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, map[string]string{
		"id": "must be an absolute URI", "issuer.name": "is required", "achievement.name": "must be at most 10000 characters long",
		"achievement.criteria.id": "must be an absolute URI", "achievement.image.id": "must be an absolute URI",
		"achievement.image.caption": "must be at most 10000 characters long", "issuer.url": "must be an absolute URI",
		"issuer.description": "must be at most 10000 characters long", "issuer.image.id": "must be at most 2048 characters long",
		"recipient.id": "must be an absolute URI",
		"valid_until":  "must be after valid_from", "status.index": "must be at least 0", "status.list": "must be an absolute URI",
	}, e.Fields)
}

func TestSignRefusesWhatNoReaderTakes(t *testing.T) {
	b := badge()
	b.Evidence = []openbadge.Evidence{{Narrative: strings.Repeat("x", openbadge.MaxToken)}}
	_, err := openbadge.Sign(did, generate(t, openbadge.ES256), b)
	require.ErrorContains(t, err, "badge: must be at most 131072 bytes large")
	b = badge()
	b.Achievement.Criteria, b.Issuer.URL = openbadge.Criteria{}, ""
	_, err = openbadge.Sign(did, generate(t, openbadge.ES256), b)
	require.ErrorContains(t, err, "achievement.criteria: is required")
	b.Achievement.Criteria.Narrative = strings.Repeat("x", 10_001)
	_, err = openbadge.Sign(did, generate(t, openbadge.ES256), b)
	require.ErrorContains(t, err, "achievement.criteria.narrative: must be at most 10000 characters long")
	b.Achievement.Criteria = openbadge.Criteria{ID: "https://example.org/rules"}
	_, err = openbadge.Sign(did, generate(t, openbadge.ES256), b)
	require.NoError(t, err)
	require.False(t, openbadge.Report{}.Valid(), "nothing was checked")
}

// The header may name the key by a relative DID URL, or have it in itself: it must be the issuer's all the same.
func TestOtherNamesOfAKey(t *testing.T) {
	private, k := privateKey(t), key(t)
	payload, from := payloadOf(t, sign(t, k, badge())), sources(t, signedList(t, k), k)
	set, err := openbadge.KeySet(did, k.Public())
	require.NoError(t, err)
	var keys struct{ Keys []map[string]any }
	require.NoError(t, json.Unmarshal(set, &keys))
	for name, header := range map[string]map[jose.HeaderKey]any{
		"relative":      {"kid": strings.TrimPrefix(k.Public().ID(did), did)},
		"in the header": {"jwk": keys.Keys[0]},
		"type of W3C":   {"kid": k.Public().ID(did), "typ": "vc+jwt"},
	} {
		r := verify(t, forge(t, jose.RS256, private, header, payload), from)
		require.True(t, r.Valid(), "%s: %+v", name, r.Checks)
	}
}

func TestSignRefusesWhatTheSchemaRefuses(t *testing.T) {
	b := badge()
	b.Achievement.Type = "Medal"
	_, err := openbadge.Sign(did, generate(t, openbadge.ES256), b)
	require.ErrorContains(t, err, "achievementType")
	b.Achievement.Type = "ext:Medal"
	_, err = openbadge.Sign(did, generate(t, openbadge.ES256), b)
	require.NoError(t, err)
}

// Each character counts: no other token that is one byte away is valid.
func TestAnyChangedByteIsRefused(t *testing.T) {
	keys := []openbadge.Key{key(t), generate(t, openbadge.ES256), generate(t, openbadge.EdDSA)}
	var tokens []string
	var from []openbadge.Sources
	for _, k := range keys {
		tokens = append(tokens, sign(t, k, badge()))
		from = append(from, sources(t, signedList(t, k), k))
	}
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(0, len(keys)-1).Draw(rt, "key")
		token := tokens[n]
		parts := strings.Split(token, ".")
		// The three parts are equally likely; the last characters, whose bits may be padding, are as likely as all others.
		part := rapid.IntRange(0, 2).Draw(rt, "part")
		at := len(parts[part]) - 1
		if rapid.Bool().Draw(rt, "anywhere") {
			at = rapid.IntRange(0, at).Draw(rt, "at")
		}
		for i := range part {
			at += len(parts[i]) + 1
		}
		b := rapid.OneOf(rapid.SampledFrom([]byte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=\r\n")), rapid.Byte()).
			Filter(func(b byte) bool { return b != token[at] }).Draw(rt, "byte")
		changed := token[:at] + string([]byte{b}) + token[at+1:]
		if r := openbadge.Verify(context.Background(), changed, now, from[n]); r.Valid() || !r.Invalid() && r.Outcome(openbadge.CheckSignature) == openbadge.Passed {
			rt.Fatalf("%q is valid: %+v", changed, r.Checks)
		}
		inserted := token[:at] + string([]byte{b}) + token[at:]
		if r := openbadge.Verify(context.Background(), inserted, now, from[n]); r.Valid() {
			rt.Fatalf("%q is valid: %+v", inserted, r.Checks)
		}
	})
}

// forge signs a header and a payload as they are.
func forge(t testing.TB, alg jose.SignatureAlgorithm, k any, header map[jose.HeaderKey]any, payload string) string {
	t.Helper()
	options := &jose.SignerOptions{ExtraHeaders: header}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: alg, Key: k}, options)
	require.NoError(t, err)
	signed, err := signer.Sign([]byte(payload))
	require.NoError(t, err)
	text, err := signed.CompactSerialize()
	require.NoError(t, err)
	return text
}

func raw(header, payload string) string {
	enc := base64.RawURLEncoding.EncodeToString
	return enc([]byte(header)) + "." + enc([]byte(payload))
}

func payloadOf(t testing.TB, token string) string {
	t.Helper()
	data, err := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[1])
	require.NoError(t, err)
	return string(data)
}

func TestForgedTokensAreRefused(t *testing.T) {
	k, mallory := key(t), generate(t, openbadge.ES256)
	token := sign(t, k, badge())
	from := sources(t, signedList(t, k), k)
	payload, kid := payloadOf(t, token), k.Public().ID(did)
	signature := token[strings.LastIndex(token, "."):]

	// The public key as the secret of HS256: the classic confusion.
	set, err := openbadge.KeySet(did, k.Public())
	require.NoError(t, err)
	confused := raw(`{"alg":"HS256","kid":"`+kid+`"}`, payload)
	mac := hmac.New(sha256.New, set)
	mac.Write([]byte(confused))
	confused += "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))

	malloryKey, err := openbadge.KeySet(did, mallory.Public())
	require.NoError(t, err)
	var keys struct{ Keys []json.RawMessage }
	require.NoError(t, json.Unmarshal(malloryKey, &keys))

	for name, c := range map[string]struct{ token, check, reason string }{
		"alg none":               {raw(`{"alg":"none","kid":"`+kid+`"}`, payload) + ".", openbadge.CheckFormat, `"none" is not allowed`},
		"alg None, signed":       {raw(`{"alg":"None","kid":"`+kid+`"}`, payload) + signature, openbadge.CheckFormat, "not allowed"},
		"HS256":                  {confused, openbadge.CheckFormat, `"HS256" is not allowed`},
		"alg of another key":     {raw(`{"alg":"ES256","kid":"`+kid+`"}`, payload) + signature, openbadge.CheckSignature, "does not fit"},
		"no alg":                 {raw(`{"kid":"`+kid+`"}`, payload) + signature, openbadge.CheckFormat, "not allowed"},
		"no key":                 {raw(`{"alg":"RS256"}`, payload) + signature, openbadge.CheckFormat, "names no key"},
		"own key in the header":  {raw(`{"alg":"ES256","jwk":`+string(keys.Keys[0])+`}`, payload) + signature, openbadge.CheckIssuerKey, "none of the issuer's keys"},
		"secret key in header":   {raw(`{"alg":"ES256","jwk":{"kty":"oct","k":"AAAA"}}`, payload) + signature, openbadge.CheckIssuerKey, "not a valid public key"},
		"kid of another issuer":  {raw(`{"alg":"RS256","kid":"did:web:evil.example#1"}`, payload) + signature, openbadge.CheckIssuerKey, "has no key"},
		"critical header":        {raw(`{"alg":"RS256","kid":"`+kid+`","crit":["exp"]}`, payload) + signature, openbadge.CheckFormat, `"crit" is not allowed`},
		"jku":                    {raw(`{"alg":"RS256","kid":"`+kid+`","jku":"https://evil.example"}`, payload) + signature, openbadge.CheckFormat, `"jku" is not allowed`},
		"typ of another token":   {raw(`{"alg":"RS256","kid":"`+kid+`","typ":"at+jwt"}`, payload) + signature, openbadge.CheckFormat, "at+jwt"},
		"header twice":           {raw(`{"alg":"RS256","alg":"none","kid":"`+kid+`"}`, payload) + signature, openbadge.CheckFormat, "distinct names"},
		"header is a list":       {raw(`[]`, payload) + signature, openbadge.CheckFormat, "JSON object"},
		"header is null":         {raw(`null`, payload) + signature, openbadge.CheckFormat, "JSON object"},
		"alg is a number":        {raw(`{"alg":1}`, payload) + signature, openbadge.CheckFormat, "not a text"},
		"padding":                {token + "==", openbadge.CheckFormat, "signature is not canonical"},
		"line break":             {token[:5] + "\n" + token[5:], openbadge.CheckFormat, "header is not canonical"},
		"two parts":              {token[:strings.LastIndex(token, ".")], openbadge.CheckFormat, "not a signed token"},
		"four parts":             {token + ".", openbadge.CheckFormat, "not a signed token"},
		"empty":                  {"", openbadge.CheckFormat, "not a signed token"},
		"oversized":              {strings.Repeat("A", openbadge.MaxToken+1), openbadge.CheckFormat, "larger than"},
		"JSON proof":             {`{"@context":[]}`, openbadge.CheckFormat, "not a signed token"},
		"payload of another":     {raw(`{"alg":"RS256","kid":"`+kid+`"}`, strings.Replace(payload, "AEF", "AEG", 1)) + signature, openbadge.CheckSignature, "over this content"},
		"key of another, signed": {sign(t, mallory, badge()), openbadge.CheckIssuerKey, "has no key"},
	} {
		t.Run(name, func(t *testing.T) { wantCheck(t, verify(t, c.token, from), c.check, openbadge.Failed, c.reason) })
	}
}

// A badge that only the issuer could have made wrong.
func TestWronglySignedContentIsRefused(t *testing.T) {
	private := privateKey(t)
	k := key(t)
	header := map[jose.HeaderKey]any{"kid": k.Public().ID(did)}
	payload := payloadOf(t, sign(t, k, badge()))
	from := sources(t, signedList(t, k), k)
	replace := func(old, with string) string {
		require.Contains(t, payload, old)
		return strings.Replace(payload, old, with, 1)
	}
	for name, c := range map[string]struct{ payload, check, reason string }{
		"no JSON":            {"badge", openbadge.CheckFormat, "not a credential in JSON"},
		"a name twice":       {replace(`"jti"`, `"validUntil":"2020-01-01T00:00:00Z","jti"`), openbadge.CheckFormat, "not a credential in JSON"},
		"data model 1.1":     {replace(`"jti"`, `"vc":{},"jti"`), openbadge.CheckFormat, "version 1.1"},
		"another type":       {replace(`"VerifiableCredential"`, `"VerifiablePresentation"`), openbadge.CheckFormat, "not a verifiable credential"},
		"not a badge":        {replace(`"OpenBadgeCredential"`, `"BitstringStatusListCredential"`), openbadge.CheckSchema, "type"},
		"without name":       {replace(`"name":"Первопроходец","description"`, `"description"`), openbadge.CheckSchema, "name"},
		"without recipient":  {replace(`"credentialSubject"`, `"subject"`), openbadge.CheckSchema, "Open Badge 3.0: missing property"},
		"status is a list":   {replace(`"credentialStatus":{`, `"credentialStatus":[7],"was":{`), openbadge.CheckFormat, "not a credential in JSON"},
		"another context":    {replace("context-3.0.3.json", "context-9.json"), openbadge.CheckSchema, "@context.1"},
		"date without zone":  {replace(`"awardedDate":"2026-03-01T12:00:00Z"`, `"awardedDate":"1 March"`), openbadge.CheckFormat, "not a credential"},
		"iss":                {replace(`"iss":"did:web:aef`, `"iss":"did:web:bef`), openbadge.CheckClaims, "claim iss"},
		"jti":                {replace(`"jti":"urn:uuid:0`, `"jti":"urn:uuid:1`), openbadge.CheckClaims, "claim jti"},
		"sub":                {replace(`"sub":"urn:uuid:0`, `"sub":"urn:uuid:1`), openbadge.CheckClaims, "claim sub"},
		"nbf":                {replace(`"nbf":1`, `"nbf":2`), openbadge.CheckClaims, "claim nbf"},
		"exp":                {replace(`"exp":1`, `"exp":2`), openbadge.CheckClaims, "claim exp"},
		"exp is a text":      {replace(`"exp":1`, `"exp":"1",":":2`), openbadge.CheckClaims, "right types"},
		"claim in capitals":  {replace(`"iss"`, `"ISS"`), openbadge.CheckClaims, "claim iss"},
		"no index of status": {replace(`"statusListIndex":"94567",`, ``), openbadge.CheckSchema, "statusListIndex"},
		"index is no number": {replace(`"statusListIndex":"94567"`, `"statusListIndex":"99999999999999999999"`), openbadge.CheckStatus, "not a number"},
		"index outside":      {replace(`"statusListIndex":"94567"`, `"statusListIndex":"131072"`), openbadge.CheckStatus, "outside of the list"},
		"other purpose":      {replace(`"statusPurpose":"revocation"`, `"statusPurpose":"suspension"`), openbadge.CheckStatus, "not for suspension"},
	} {
		t.Run(name, func(t *testing.T) {
			wantCheck(t, verify(t, forge(t, jose.RS256, private, header, c.payload), from), c.check, openbadge.Failed, c.reason)
		})
	}
	for name, changed := range map[string]string{
		"issuer as identifier": func() string {
			var all map[string]any
			require.NoError(t, json.Unmarshal([]byte(payload), &all))
			all["issuer"] = did
			text, err := json.Marshal(all)
			require.NoError(t, err)
			return string(text)
		}(),
		"own properties":        replace(`"jti"`, `"rank":{"points":[7]},"jti"`),
		"a context of objects":  replace(`context-3.0.3.json"`, `context-3.0.3.json",{"rank":"https://example.org/rank"}`),
		"status in a list":      strings.Replace(replace(`"credentialStatus":{`, `"credentialStatus":[{`), `status-lists/1"}`, `status-lists/1"}]`, 1),
		"status only of notice": replace(`"statusPurpose":"revocation"`, `"statusPurpose":"message"`),
	} {
		t.Run(name, func(t *testing.T) {
			r := verify(t, forge(t, jose.RS256, private, header, changed), from)
			require.True(t, r.Valid(), "%+v", r.Checks)
		})
	}
	r := verify(t, forge(t, jose.RS256, private, header, replace(`"type":"BitstringStatusListEntry"`, `"type":"1EdTechRevocationList"`)), from)
	wantCheck(t, r, openbadge.CheckStatus, openbadge.NotChecked, "1EdTechRevocationList")
}

func TestTimeIsChecked(t *testing.T) {
	k := key(t)
	token := sign(t, k, badge())
	list, err := openbadge.SignStatusList(did, k, openbadge.SignedStatusList{
		URL: listURL, List: openbadge.NewStatusList(), ValidFrom: start.AddDate(-1, 0, 0), ValidUntil: start.AddDate(5, 0, 0),
	})
	require.NoError(t, err)
	from := sources(t, list, k)
	at := func(at time.Time) openbadge.Report { return openbadge.Verify(t.Context(), token, at, from) }
	wantCheck(t, at(start.Add(-2*time.Minute)), openbadge.CheckTime, openbadge.Failed, "not valid before 2026-03-01T12:00:00Z")
	require.True(t, at(start.Add(-time.Minute)).Valid(), "the issuer's clock may be a minute ahead")
	require.True(t, at(start.AddDate(1, 0, 0).Add(-time.Nanosecond)).Valid())
	wantCheck(t, at(start.AddDate(1, 0, 0)), openbadge.CheckTime, openbadge.Failed, "was valid until 2027-03-01T12:00:00Z")
}

func TestWhatIsNotAtHandIsNotChecked(t *testing.T) {
	k := key(t)
	token := sign(t, k, badge())
	r := verify(t, token, openbadge.Sources{})
	wantCheck(t, r, openbadge.CheckIssuerKey, openbadge.NotChecked, did)
	wantCheck(t, r, openbadge.CheckSignature, openbadge.NotChecked, "Without the issuer's key")
	wantCheck(t, r, openbadge.CheckStatus, openbadge.NotChecked, "Without the issuer's key")
	require.Equal(t, openbadge.Passed, r.Outcome(openbadge.CheckSchema))

	from := sources(t, "", k)
	from.StatusList = nil
	r = verify(t, token, from)
	wantCheck(t, r, openbadge.CheckStatus, openbadge.NotChecked, listURL)
	require.Equal(t, openbadge.Passed, r.Outcome(openbadge.CheckSignature))
	require.Equal(t, openbadge.NotChecked, r.Outcome("colour"))

	away := func(context.Context, string) ([]byte, error) { return nil, errors.New("no connection") }
	from.StatusList = away
	wantCheck(t, verify(t, token, from), openbadge.CheckStatus, openbadge.NotChecked, "no connection")
	from.Document = away
	wantCheck(t, verify(t, token, from), openbadge.CheckIssuerKey, openbadge.NotChecked, "no connection")
}

func TestDocumentsOfIssuersAreRead(t *testing.T) {
	k, other := key(t), generate(t, openbadge.ES256)
	token := sign(t, k, badge())
	list := signedList(t, k)
	good, err := openbadge.NewDocument(did, other.Public(), k.Public())
	require.NoError(t, err)
	kid := k.Public().ID(did)
	edit := func(old, with string) string {
		require.Contains(t, string(good), old)
		return strings.ReplaceAll(string(good), old, with)
	}
	with := func(document string) openbadge.Report {
		from := sources(t, list, k)
		from.Document = func(context.Context, string) ([]byte, error) { return []byte(document), nil }
		return verify(t, token, from)
	}
	require.True(t, with(string(good)).Valid())
	require.True(t, with(edit(`"`+did+"#", `"#`)).Valid(), "relative identifiers")
	var embedded map[string]any
	require.NoError(t, json.Unmarshal(good, &embedded))
	embedded["assertionMethod"] = embedded["verificationMethod"]
	delete(embedded, "verificationMethod")
	text, err := json.Marshal(embedded)
	require.NoError(t, err)
	require.True(t, with(string(text)).Valid(), "methods in assertionMethod")

	for name, c := range map[string]struct{ document, reason string }{
		"no JSON":               {"did", "not a DID document"},
		"no id":                 {"{}", "has no id"},
		"of another":            {edit(`"id":"`+did+`","verif`, `"id":"did:web:evil.example","verif`), "is that of did:web:evil.example"},
		"key for other uses":    {edit(`"assertionMethod"`, `"authentication"`), "has no key"},
		"key of another":        {edit(`"controller":"`+did, `"controller":"did:web:evil.example`), "has no key"},
		"key is private":        {edit(`"e":"AQAB"`, `"e":"AQAB","d":"AQAB"`), "not a"},
		"key is damaged":        {edit(`"kty":"RSA"`, `"kty":"RSB"`), "not a JSON Web Key"},
		"more keys than looked": {`{"id":"` + did + `","verificationMethod":[` + strings.Repeat(`{},`, 100) + `{}]}`, "more than 100 keys"},
		"oversized":             {strings.Repeat(" ", 300_000), "larger than"},
		"key is small":          {edit(`"n":"`, `"n":"AQAB","was":"`), "bits"},
	} {
		t.Run(name, func(t *testing.T) {
			wantCheck(t, with(c.document), openbadge.CheckIssuerKey, openbadge.Failed, c.reason)
		})
	}
	require.Contains(t, string(good), kid)
}

func TestRevokedBadgeIsRefused(t *testing.T) {
	k := key(t)
	token := sign(t, k, badge())
	wantCheck(t, verify(t, token, sources(t, signedList(t, k, 94_567), k)), openbadge.CheckStatus, openbadge.Failed, "The issuer has revoked the badge.")
	require.True(t, verify(t, token, sources(t, signedList(t, k, 94_566, 94_568), k)).Valid())
}

func TestOtherStatusListsAreRefused(t *testing.T) {
	k, other := key(t), generate(t, openbadge.ES256)
	token := sign(t, k, badge())
	good := signedList(t, k)
	payload := payloadOf(t, good)
	private := privateKey(t)
	header := map[jose.HeaderKey]any{"kid": k.Public().ID(did)}
	edit := func(old, with string) string {
		require.Contains(t, payload, old)
		return forge(t, jose.RS256, private, header, strings.ReplaceAll(payload, old, with))
	}
	require.True(t, verify(t, token, sources(t, edit(`"issuer":"`+did+`"`, `"issuer":{"id":"`+did+`"}`), k)).Valid())
	for name, c := range map[string]struct{ list, reason string }{
		"not signed":        {"list", "cannot be read"},
		"no JSON":           {forge(t, jose.RS256, private, header, "[]"), "not a credential"},
		"changed":           {good[:len(good)-4] + "AAAA", "not signed by the issuer"},
		"of another key":    {signedList(t, other), "not signed by the issuer"},
		"the badge itself":  {token, "another type"},
		"of another issuer": {edit(`"issuer":"`+did, `"issuer":"did:web:evil.example`), "is that of did:web:evil.example"},
		"of another place":  {edit(`status-lists/1"`, `status-lists/2"`), "is the one of"},
		"of another use":    {edit(`"statusPurpose":"revocation"`, `"statusPurpose":["suspension","refresh"]`), "not for revocation"},
		"of more bits":      {edit(`"statusPurpose"`, `"statusSize":2,"statusPurpose"`), "more than a bit"},
		"out of date":       {edit(`"validUntil":"2026-04`, `"validUntil":"2026-03`), "out of date"},
		"of the future":     {edit(`"validFrom":"2026-03`, `"validFrom":"2026-04`), "out of date"},
		"damaged":           {edit(`"encodedList":"u`, `"encodedList":"z`), "Multibase"},
	} {
		t.Run(name, func(t *testing.T) {
			wantCheck(t, verify(t, token, sources(t, c.list, k)), openbadge.CheckStatus, openbadge.Failed, c.reason)
		})
	}
}

func TestIdentityIsRecognisedByThoseWhoKnowIt(t *testing.T) {
	i := openbadge.HashIdentity("emailAddress", "a@example.org", "salt")
	require.True(t, i.Matches("a@example.org"))
	require.False(t, i.Matches("b@example.org"))
	require.NotContains(t, i.IdentityHash, "example")
	k := generate(t, openbadge.EdDSA)
	b := badge()
	b.Recipient.Identities = []openbadge.Identity{i}
	r := verify(t, sign(t, k, b), sources(t, signedList(t, k), k))
	require.True(t, r.Valid(), "%+v", r.Checks)
	require.True(t, r.Credential.Subject.Identifier[0].Matches("a@example.org"))
}

func BenchmarkSign(b *testing.B) {
	for _, alg := range []openbadge.Algorithm{openbadge.RS256, openbadge.ES256} {
		b.Run(string(alg), func(b *testing.B) {
			k := generate(b, alg)
			for b.Loop() {
				sign(b, k, badge())
			}
		})
	}
}

func BenchmarkVerify(b *testing.B) {
	k := key(b)
	token, from := sign(b, k, badge()), sources(b, signedList(b, k), k)
	for b.Loop() {
		if !openbadge.Verify(b.Context(), token, now, from).Valid() {
			b.Fatal("not valid")
		}
	}
}
