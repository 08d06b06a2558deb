package e2e

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/accessapi"
	"go.updspace.com/api/activityapi"
	"go.updspace.com/api/contract"
	"go.updspace.com/api/eventsapi"
	"go.updspace.com/api/gamificationapi"
	"go.updspace.com/api/identityapi"
	"go.updspace.com/api/portalapi"
	"go.updspace.com/api/votingapi"
	"go.updspace.com/libs/signing"
	"go.updspace.com/tools/journey"
)

// signedServices are the services that only other services may call, each with a request its signature is tried on.
var signedServices = []struct {
	name       string
	operations contract.Set
	method     string
	path       string
	body       string
	good       int // what the request answers when nothing is changed
}{
	{"identity", identityapi.Operations, http.MethodPost, "/api/v1/auth/exchange?probe=1", `{"code":"unknown","browser":"x"}`, http.StatusUnauthorized},
	{"identity", identityapi.Operations, http.MethodGet, "/internal/v1/principal?probe=1", "", http.StatusOK},
	{"access", accessapi.Operations, http.MethodPost, "/internal/v1/check?probe=1",
		`{"permission":"voting.poll.read","scope":{"type":"TENANT","id":"00000000-0000-0000-0000-000000000001"}}`, http.StatusOK},
	{"portal", portalapi.Operations, http.MethodGet, "/api/v1/portal/communities?limit=1", "", http.StatusOK},
	{"portal", portalapi.Operations, http.MethodPost, "/internal/v1/profiles/batch?probe=1", `{"user_ids":[]}`, http.StatusOK},
	{"voting", votingapi.Operations, http.MethodGet, "/api/v1/voting/polls?limit=1", "", http.StatusOK},
	{"events", eventsapi.Operations, http.MethodGet, "/api/v1/events?limit=1", "", http.StatusOK},
	{"activity", activityapi.Operations, http.MethodGet, "/api/v1/activity/v2/feed?limit=1", "", http.StatusOK},
	{"gamification", gamificationapi.Operations, http.MethodGet, "/api/v1/gamification/categories?probe=1", "", http.StatusOK},
}

func request(t *testing.T, method, url, body string) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	require.NoError(t, err)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	return r
}

// answer sends a request and returns the status and the code of the error envelope.
func answer(t *testing.T, r *http.Request) (status int, code string) {
	t.Helper()
	response, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	var envelope struct{ Error struct{ Code string } }
	if response.StatusCode >= http.StatusBadRequest {
		require.NoError(t, json.Unmarshal(body, &envelope), string(body))
		require.NotEmpty(t, envelope.Error.Code, string(body))
	}
	return response.StatusCode, envelope.Error.Code
}

const unsignedMessage = "not signed by a known service"

// refusedForItsSignature tells a refusal of the signature from a refusal of what was asked.
func refusedForItsSignature(t *testing.T, r *http.Request) {
	t.Helper()
	response, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	require.Equal(t, http.StatusUnauthorized, response.StatusCode, string(body))
	require.Contains(t, string(body), unsignedMessage)
	require.Contains(t, string(body), `"UNAUTHORIZED"`)
}

func TestEverySignedOperationRefusesStrangers(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range signedServices {
		if seen[s.name] {
			continue
		}
		seen[s.name] = true
		for id, op := range s.operations {
			if op.Public {
				continue
			}
			path := op.Path
			for strings.Contains(path, "{") { // any value will do: the signature comes first
				before, rest, _ := strings.Cut(path, "{")
				_, after, _ := strings.Cut(rest, "}")
				path = before + uuid.NewString() + after
			}
			t.Run(s.name+"/"+id, func(t *testing.T) {
				refusedForItsSignature(t, request(t, op.Method, world.Service(s.name).URL()+path, ""))
			})
		}
	}
}

func TestChangingAnythingBreaksTheSignature(t *testing.T) {
	for _, s := range signedServices {
		sign := signer(t, s.name)
		// fresh is the request, signed now and unchanged.
		fresh := func(t *testing.T) *http.Request {
			r := request(t, s.method, world.Service(s.name).URL()+s.path, s.body)
			sign.Sign(r, aef(memberID), []byte(s.body))
			return r
		}
		other := map[string]func(r *http.Request){
			"method":  func(r *http.Request) { r.Method = http.MethodPatch },
			"path":    func(r *http.Request) { r.URL.Path += "/x" },
			"query":   func(r *http.Request) { r.URL.RawQuery += "&more=1" },
			"noquery": func(r *http.Request) { r.URL.RawQuery = "" },
			"body": func(r *http.Request) {
				r.Body = io.NopCloser(strings.NewReader(s.body + " "))
				r.ContentLength = int64(len(s.body) + 1)
				r.Header.Set("Content-Type", "application/json")
			},
			"request id":    func(r *http.Request) { r.Header.Set(signing.HeaderRequestID, uuid.NewString()) },
			"no request id": func(r *http.Request) { r.Header.Del(signing.HeaderRequestID) },
			"tenant":        func(r *http.Request) { r.Header.Set(signing.HeaderTenantID, "00000000-0000-0000-0000-000000000002") },
			"no tenant":     func(r *http.Request) { r.Header.Del(signing.HeaderTenantID) },
			"slug":          func(r *http.Request) { r.Header.Set(signing.HeaderTenantSlug, "gaming") },
			"user":          func(r *http.Request) { r.Header.Set(signing.HeaderUserID, "00000000-0000-4000-8000-000000000001") },
			"second user":   func(r *http.Request) { r.Header.Add(signing.HeaderUserID, "00000000-0000-4000-8000-000000000001") },
			"flags":         func(r *http.Request) { r.Header.Set(signing.HeaderFlags, `{"system_admin":true}`) },
			"no flags":      func(r *http.Request) { r.Header.Del(signing.HeaderFlags) },
			"timestamp": func(r *http.Request) {
				r.Header.Set(signing.HeaderTimestamp, strconv.FormatInt(time.Now().Unix()+1, 10))
			},
			"no timestamp":  func(r *http.Request) { r.Header.Del(signing.HeaderTimestamp) },
			"bad timestamp": func(r *http.Request) { r.Header.Set(signing.HeaderTimestamp, "soon") },
			"caller":        func(r *http.Request) { r.Header.Set(signing.HeaderCaller, "portal") },
			"no caller":     func(r *http.Request) { r.Header.Del(signing.HeaderCaller) },
			"signature":     func(r *http.Request) { r.Header.Set(signing.HeaderSignature, strings.Repeat("0", 64)) },
			"no signature":  func(r *http.Request) { r.Header.Del(signing.HeaderSignature) },
			"half signature": func(r *http.Request) {
				r.Header.Set(signing.HeaderSignature, r.Header.Get(signing.HeaderSignature)[:32])
			},
			"audience": func(r *http.Request) { signer(t, "somebody").Sign(r, aef(memberID), []byte(s.body)) },
			"expired": func(r *http.Request) {
				old := func() time.Time { return time.Now().Add(-signing.Window - 2*time.Second) }
				sign.At(old).Sign(r, aef(memberID), []byte(s.body))
			},
			"from the future": func(r *http.Request) {
				early := func() time.Time { return time.Now().Add(signing.Window + 5*time.Second) }
				sign.At(early).Sign(r, aef(memberID), []byte(s.body))
			},
		}
		t.Run(s.name+" "+s.method, func(t *testing.T) {
			status, _ := answer(t, fresh(t))
			require.Equal(t, s.good, status, "the unchanged request must be accepted, or the rest proves nothing")
			for name, change := range other {
				t.Run(name, func(t *testing.T) {
					r := fresh(t)
					change(r)
					if name == "method" || name == "path" { // an address that does not exist may say so first, but never do anything
						status, _ := answer(t, r)
						require.Contains(t, []int{http.StatusUnauthorized, http.StatusNotFound, http.StatusMethodNotAllowed}, status)
						return
					}
					refusedForItsSignature(t, r)
				})
			}
		})
	}
}

// A method and a path that do exist must be refused for their signature, not merely missed.
func TestASignatureIsGoodForItsMethodAndPathOnly(t *testing.T) {
	admin := signedIn(t, journey.Admin)
	p := newPoll(t, admin, 1)
	sign := signer(t, "voting")
	base := world.Service("voting").URL() + "/api/v1/voting/polls/" + p.ID

	r := request(t, http.MethodGet, base, "")
	sign.Sign(r, aef(memberID), nil)
	status, _ := answer(t, r)
	require.Equal(t, http.StatusOK, status)

	r = request(t, http.MethodGet, base, "")
	sign.Sign(r, aef(memberID), nil)
	r.Method = http.MethodDelete
	refusedForItsSignature(t, r)

	r = request(t, http.MethodGet, base, "")
	sign.Sign(r, aef(memberID), nil)
	r.URL.Path += "/results"
	refusedForItsSignature(t, r)
}

// What a client says about itself in the context headers must not reach a service.
func TestClientSentContextNeverReachesAService(t *testing.T) {
	seen := make(chan http.Header, 8)
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen <- r.Header.Clone()
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{}`))
	}))
	defer upstream.Close()
	gateway, err := world.Service("bff").StartAnother(t.Context(), map[string]string{"VOTING_URL": upstream.URL})
	require.NoError(t, err)
	stopAtEnd(t, gateway)

	member := signedIn(t, journey.Member)
	const forged = "00000000-0000-4000-8000-00000000beef"
	r := request(t, http.MethodGet, gateway.URL+"/api/v1/voting/polls", "")
	r.Host = strings.TrimPrefix(world.Origin("aef"), "http://")
	r.AddCookie(&http.Cookie{Name: "updspace_session", Value: member.Cookie("updspace_session")})
	for name, value := range map[string]string{
		"X-Tenant-Id": forged, "X-Tenant-Slug": "gaming", "X-User-Id": forged, "X-Master-Flags": `{"system_admin":true}`,
		"X-Updspace-Timestamp": strconv.FormatInt(time.Now().Unix(), 10), "X-Updspace-Caller": "access", "X-Updspace-Signature": strings.Repeat("a", 64),
		"X-Updspace-Anything": "x", "X-User-Roles": "admin", "X-Tenant-Override": "1", "X-Master-Key": "x",
		"x_user_id": forged, "Authorization": "Bearer " + forged, "X-Session-Token": forged, "Forwarded": "for=" + forged,
	} {
		r.Header[name] = []string{value}
	}
	status, _ := answer(t, r)
	require.Equal(t, http.StatusOK, status)
	header := <-seen
	require.Equal(t, memberID.String(), header.Get("X-User-Id"))
	require.Equal(t, "aef", header.Get("X-Tenant-Slug"))
	require.Equal(t, "bff", header.Get("X-Updspace-Caller"))
	require.NotContains(t, header.Get("X-Master-Flags"), "system_admin")
	var all bytes.Buffer
	require.NoError(t, header.Write(&all))
	for _, leak := range []string{forged, "gaming", "Anything", "X-User-Roles", "X-Tenant-Override", "X-Master-Key", strings.Repeat("a", 64), member.Cookie("updspace_session")} {
		require.NotContains(t, all.String(), leak)
	}

	// And in the real thing: a member stays a member.
	poll := map[string]any{"title": "Mine", "scope_type": "TENANT"}
	require.NoError(t, member.Send(t.Context(), http.MethodPost, "/api/v1/voting/polls", poll,
		"X-Master-Flags", `{"system_admin":true}`, "X-User-Id", "00000000-0000-4000-8000-000000000001").ExpectCode(http.StatusForbidden, "FORBIDDEN"))
}
