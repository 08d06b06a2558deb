// Package discordapi calls Discord as a bot (https://discord.com/developers/docs/resources/guild). The token of a bot travels in a header and never
// in an address, so that it is in no log and in no error.
package discordapi

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	feed "go.updspace.com/activity/domain"
	"go.updspace.com/activity/roles/domain"
	"go.updspace.com/activity/roles/ports"
	"go.updspace.com/libs/egress"
)

// MaxBody is how many bytes of an answer are read: a server has at most 250 roles.
const MaxBody = 1 << 20

const (
	maxRoles      = 250
	maxRetryAfter = time.Hour
	auditReason   = "UpdSpace: roles follow one another"
)

// API implements roles/ports.Discord.
type API struct {
	client *egress.Client
	origin string
}

var _ ports.Discord = (*API)(nil)

// New returns the API at an origin.
func New(client *egress.Client, origin string) *API { return &API{client, origin + "/api/v10"} }

// Roles asks for the roles of the server. Roles of integrations, and the one that everybody has, cannot be given.
func (a *API) Roles(ctx context.Context, s domain.Sync) ([]domain.DiscordRole, domain.Problem) {
	var answer []struct {
		ID      string `json:"id"`
		Name    string `json:"name"`
		Managed bool   `json:"managed"`
	}
	if _, problem := a.do(ctx, s, http.MethodGet, "/guilds/"+s.Guild+"/roles", &answer); problem.Word != "" {
		return nil, problem
	}
	roles := make([]domain.DiscordRole, 0, len(answer))
	for _, r := range answer[:min(len(answer), maxRoles)] {
		if !r.Managed && r.ID != s.Guild {
			roles = append(roles, domain.DiscordRole{ID: r.ID, Name: feed.OneLine(r.Name, 100)})
		}
	}
	return roles, domain.Problem{}
}

// The codes of Discord's errors.
const (
	unknownMember = 10007
	unknownUser   = 10013
)

// Member asks for a member of the server.
func (a *API) Member(ctx context.Context, s domain.Sync, user string) (map[string]bool, bool, domain.Problem) {
	var answer struct {
		Roles []string `json:"roles"`
	}
	code, problem := a.do(ctx, s, http.MethodGet, memberPath(s, user), &answer)
	switch {
	case code == unknownMember || code == unknownUser:
		return nil, false, domain.Problem{}
	case problem.Word != "":
		return nil, false, problem
	}
	roles := make(map[string]bool, len(answer.Roles))
	for _, id := range answer.Roles {
		roles[id] = true
	}
	return roles, true, domain.Problem{}
}

// Give adds a role to a member.
func (a *API) Give(ctx context.Context, s domain.Sync, user, role string) domain.Problem {
	_, problem := a.do(ctx, s, http.MethodPut, memberPath(s, user)+"/roles/"+role, nil)
	return problem
}

// Take removes a role from a member. Who has left the server has none.
func (a *API) Take(ctx context.Context, s domain.Sync, user, role string) domain.Problem {
	code, problem := a.do(ctx, s, http.MethodDelete, memberPath(s, user)+"/roles/"+role, nil)
	if code == unknownMember {
		return domain.Problem{}
	}
	return problem
}

func memberPath(s domain.Sync, user string) string { return "/guilds/" + s.Guild + "/members/" + user }

// do asks and decodes. A problem names no address and nothing of the answer. code is that of Discord's error.
func (a *API) do(ctx context.Context, s domain.Sync, method, path string, into any) (code int, problem domain.Problem) {
	request, err := http.NewRequestWithContext(ctx, method, a.origin+path, nil)
	if err != nil {
		return 0, domain.Problem{Word: egress.Reason(egress.ErrURL)}
	}
	request.Header.Set("User-Agent", "DiscordBot (https://updspace.com, 1)")
	request.Header.Set("Authorization", "Bot "+s.Token)
	if method != http.MethodGet {
		request.Header.Set("X-Audit-Log-Reason", auditReason)
	}
	answer, err := a.client.Do(request)
	if err != nil {
		return 0, domain.Problem{Word: egress.Reason(err)}
	}
	if answer.Status < http.StatusMultipleChoices {
		if into != nil && json.Unmarshal(answer.Body, into) != nil {
			return 0, domain.Problem{Word: "unreadable"}
		}
		return 0, domain.Problem{}
	}
	var failure struct {
		Code       int     `json:"code"`
		RetryAfter float64 `json:"retry_after"`
	}
	_ = json.Unmarshal(answer.Body, &failure) // an answer of a proxy has no code
	switch answer.Status {
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		return failure.Code, domain.Problem{Word: domain.RateLimited, RetryAfter: retryAfter(failure.RetryAfter, answer.Header.Get("Retry-After"))}
	case http.StatusUnauthorized:
		return failure.Code, domain.Problem{Word: domain.Unauthorized}
	case http.StatusForbidden:
		return failure.Code, domain.Problem{Word: domain.Forbidden}
	case http.StatusNotFound:
		return failure.Code, domain.Problem{Word: domain.UnknownGuild}
	}
	return failure.Code, domain.Problem{Word: "status_" + strconv.Itoa(answer.Status)}
}

// retryAfter is the wait that Discord asks for, in the body or in the header, or a minute.
func retryAfter(body float64, header string) time.Duration {
	if seconds, err := strconv.ParseFloat(header, 64); err == nil && body <= 0 {
		body = seconds
	}
	if body > 0 {
		return time.Duration(min(body, maxRetryAfter.Seconds()) * float64(time.Second))
	}
	return time.Minute
}
