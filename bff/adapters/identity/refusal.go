package identity

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"go.updspace.com/libs/errs"
)

// passed are refusals that are meant for the one who asked, so they go through
// with their code. Anything else is between the two services.
var passed = map[int]errs.Kind{
	http.StatusBadRequest:          errs.BadRequest,
	http.StatusForbidden:           errs.Forbidden,
	http.StatusUnprocessableEntity: errs.Invalid,
	http.StatusTooManyRequests:     errs.RateLimited,
}

// refusal turns an answer that is not a success into an error.
func refusal(operation string, resp *http.Response, body []byte) error {
	cause := fmt.Errorf("identity answered %s with %d", operation, resp.StatusCode)
	kind, pass := passed[resp.StatusCode]
	var envelope struct {
		Error struct {
			Code    string         `json:"code"`
			Message string         `json:"message"`
			Details map[string]any `json:"details"`
		} `json:"error"`
	}
	if !pass || json.Unmarshal(body, &envelope) != nil || envelope.Error.Code == "" {
		if resp.StatusCode >= http.StatusInternalServerError {
			return away(cause)
		}
		return errs.Internalf("%w", cause)
	}
	refused := errs.New(kind, envelope.Error.Code, envelope.Error.Message).WithDetails(envelope.Error.Details).Wrap(cause)
	if seconds, err := strconv.Atoi(resp.Header.Get("Retry-After")); err == nil {
		refused = refused.WithRetryAfter(time.Duration(seconds) * time.Second)
	}
	return refused
}
