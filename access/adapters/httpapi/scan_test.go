package httpapi_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"go.updspace.com/access/ports/portstest"
	"go.updspace.com/api/accessapi"
	"go.updspace.com/api/commonapi"
	"go.updspace.com/libs/httpx"
)

// owner is the user of the tests.
var owner = uuid.MustParse("00000000-0000-4000-8000-0000000000c1")

const checkPath, batchPath, subjectsPath = "/internal/v1/check", "/internal/v1/check/batch", "/internal/v1/check/subjects"

// countScans counts the bodies that the scanners accept.
func countScans(n *int) func(*httpx.Options) {
	return func(o *httpx.Options) {
		for operation, scan := range o.BodyScanners {
			o.BodyScanners[operation] = func(body []byte) (any, bool) {
				value, ok := scan(body)
				if ok {
					*n++
				}
				return value, ok
			}
		}
	}
}

func TestTheChecksOfOurClientsAreScanned(t *testing.T) {
	t.Parallel()
	var scans int
	c := newChecker(t, countScans(&scans))
	private, explain := commonapi.VisibilityPrivate, true
	checks := []accessapi.Check{
		{Permission: "voting.poll.read", Scope: accessapi.Scope{Type: commonapi.ScopeTypeTENANT, ID: portstest.Tenant.String()}},
		{Permission: "voting.poll.read", Scope: accessapi.Scope{Type: commonapi.ScopeTypeGLOBAL}},
		{
			Permission: "voting.poll.read", Scope: accessapi.Scope{Type: commonapi.ScopeTypeCOMMUNITY, ID: portstest.C1.String()},
			ResourceVisibility: &private, ResourceOwnerID: &owner, Explain: &explain,
		},
	}
	for _, check := range checks {
		body, err := json.Marshal(check)
		require.NoError(t, err)
		require.Equal(t, 200, c.post(checkPath, body).Code)
	}
	body, err := json.Marshal(accessapi.CheckBatch{Checks: checks})
	require.NoError(t, err)
	w := c.post(batchPath, body)
	require.Equal(t, 200, w.Code)
	require.Equal(t, len(checks)+1, scans)

	body, err = json.Marshal(accessapi.SubjectsCheck{Subjects: []accessapi.SubjectChecks{
		{TenantID: portstest.Tenant, UserID: owner, Flags: accessapi.SubjectFlags{EmailVerified: true, MembershipStatus: "active", Status: "active"}, Checks: checks},
		{TenantID: portstest.Tenant, UserID: owner, Flags: accessapi.SubjectFlags{Banned: true, Suspended: true, SystemAdmin: true}, Checks: checks[:1]},
	}})
	require.NoError(t, err)
	answer := c.post(subjectsPath, body)
	require.Equal(t, 200, answer.Code, answer.Body.String())
	require.Equal(t, len(checks)+2, scans)
	var subjects accessapi.SubjectsDecision
	require.NoError(t, json.Unmarshal(answer.Body.Bytes(), &subjects))
	require.Len(t, subjects.Subjects[0].Decisions, len(checks))
	require.Equal(t, accessapi.ReasonCodeMASTERSUSPENDED, subjects.Subjects[1].Decisions[0].ReasonCode)

	var batch accessapi.DecisionBatch
	require.NoError(t, json.Unmarshal(w.Body.Bytes(), &batch))
	require.Len(t, batch.Decisions, len(checks))
	require.Equal(t, accessapi.ReasonCodeRBACALLOW, batch.Decisions[2].ReasonCode, "the owner sees a private resource")
	require.NotEmpty(t, batch.Decisions[2].Explanation)
	require.Empty(t, batch.Decisions[0].Explanation)
}

func TestAScannedBodyIsAnsweredLikeAnyOther(t *testing.T) {
	t.Parallel()
	var scans int
	scanning := newChecker(t, countScans(&scans))
	decoding := newChecker(t, func(o *httpx.Options) { o.BodyScanners = nil })
	id := `"` + owner.String() + `"`
	pieces := []string{
		"{", "}", "[", "]", ",", ":", " ", "\n", "\x00", "true", "false", "null", "1", `""`, `"a"`, `"é"`, `"\n"`, `"TEAM"`, `"SERVICE"`, `"private"`, `"team"`,
		`"` + strings.Repeat("x", 128) + `"`, `"` + strings.Repeat("x", 129) + `"`, id, `"` + strings.ToUpper(owner.String()) + `"`, `"urn:uuid:` + owner.String() + `"`,
		`"permission"`, `"scope"`, `"type"`, `"id"`, `"resource_visibility"`, `"resource_owner_id"`, `"explain"`, `"checks"`, `"other"`,
		`"subjects"`, `"tenant_id"`, `"user_id"`, `"flags"`, `"status"`, `"suspended"`, `"` + uuid.Nil.String() + `"`,
	}
	check := []string{
		"{", `"permission"`, ":", `"voting.poll.read"`, ",", `"scope"`, ":", "{", `"type"`, ":", `"COMMUNITY"`, ",", `"id"`, ":", `"` + portstest.C1.String() + `"`, "}", ",",
		`"resource_visibility"`, ":", `"private"`, ",", `"resource_owner_id"`, ":", id, ",", `"explain"`, ":", "true", "}",
	}
	batch := slices.Concat([]string{"{", `"checks"`, ":", "["}, check, []string{","}, check, []string{"]", "}"})
	subject := slices.Concat([]string{
		"{", `"tenant_id"`, ":", `"` + portstest.Tenant.String() + `"`, ",", `"user_id"`, ":", id, ",", `"flags"`, ":", "{", `"suspended"`, ":", "false", ",",
		`"status"`, ":", `"active"`, "}", ",", `"checks"`, ":", "[",
	}, check, []string{"]", "}"})
	subjects := slices.Concat([]string{"{", `"subjects"`, ":", "["}, subject, []string{","}, subject, []string{"]", "}"})
	rapid.Check(t, func(t *rapid.T) {
		path, body := checkPath, slices.Clone(check)
		switch rapid.IntRange(0, 2).Draw(t, "which") {
		case 1:
			path, body = batchPath, slices.Clone(batch)
		case 2:
			path, body = subjectsPath, slices.Clone(subjects)
		}
		for range rapid.IntRange(0, 3).Draw(t, "changes") {
			at := rapid.IntRange(0, len(body)-1).Draw(t, "at")
			piece := rapid.SampledFrom(pieces).Draw(t, "piece")
			switch rapid.IntRange(0, 2).Draw(t, "how") {
			case 0:
				body[at] = piece
			case 1:
				body = slices.Insert(body, at, piece)
			case 2:
				body = slices.Delete(body, at, min(at+rapid.IntRange(1, 4).Draw(t, "many"), len(body)-1))
			}
		}
		text := []byte(strings.Join(body, ""))
		before := scans
		got, want := scanning.post(path, text), decoding.post(path, text)
		require.Equal(t, want.Code, got.Code, "%s", text)
		require.Equal(t, want.Body.String(), got.Body.String(), "%s", text)
		if want.Code != 200 {
			require.Equal(t, before, scans, "scanned, though it is not valid: %s", text)
		}
	})
	require.Positive(t, scans)
}

// Bodies that the scanners do not understand are decoded, right or wrong.
func TestOtherBodiesAreNotScanned(t *testing.T) {
	t.Parallel()
	var scans int
	c := newChecker(t, countScans(&scans))
	const scope = `"scope":{"type":"TENANT","id":""}`
	for body, status := range map[string]int{
		`{"permission":"a\u0062",` + scope + `}`:                                         200,
		`{"permission":"é",` + scope + `}`:                                               200,
		`{"permission":"a","permission":"b",` + scope + `}`:                              200,
		`{"permission":"a","scope":{"type":"TENANT","id":"","id":""}}`:                   200,
		`{"permission":"a",` + scope + `,"explain":false,"explain":true}`:                200,
		`{"permission":"a",` + scope + `} x`:                                             200, // what follows the body is not read
		`{"permission":"a",` + scope + `,"unknown":1}`:                                   422,
		`{"permission":"",` + scope + `}`:                                                422,
		`{` + scope + `}`:                                                                422,
		`{"permission":"a"}`:                                                             422,
		`{"permission":"a","scope":{"type":"TENANT"}}`:                                   422,
		`{"permission":"a","scope":{"id":""}}`:                                           422,
		`{"permission":"a","scope":{"type":"tenant","id":""}}`:                           422,
		`{"permission":"a",` + scope + `,"resource_visibility":"friends"}`:               422,
		`{"permission":"a",` + scope + `,"resource_owner_id":"` + owner.String() + `0"}`: 422,
		`{"permission":"` + strings.Repeat("a", 129) + `",` + scope + `}`:                422,
		`{"permission":"a",` + scope:                                                     400,
		``:                                                                               422,
	} {
		require.Equal(t, status, c.post(checkPath, []byte(body)).Code, body)
		require.Zero(t, scans, body)
	}
	check := `{"permission":"a",` + scope + `}`
	for body, status := range map[string]int{
		`{"checks":[]}`: 422,
		`{}`:            422,
		`{"checks":[` + strings.Repeat(check+",", 100) + check + `]}`: 422,
		`{"checks":[` + check + `],"more":[]}`:                        422,
		`[` + check + `]`:                                             422,
	} {
		require.Equal(t, status, c.post(batchPath, []byte(body)).Code, body)
		require.Zero(t, scans, body)
	}
	require.Equal(t, 200, c.post(batchPath, []byte(`{"checks":[`+strings.Repeat(check+",", 99)+check+`]}`)).Code)
	require.Equal(t, 1, scans)
}
