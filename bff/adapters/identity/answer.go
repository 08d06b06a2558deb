package identity

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"go.updspace.com/bff/domain"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/httpx"
)

// answer is what the generated client returns for an operation.
type answer interface {
	GetBody() []byte
	StatusCode() int
}

// answered returns the body of a 200, or the error that any other answer stands for.
func answered[T any, A interface {
	answer
	GetJSON200() *T
}](a A, err error) (body T, _ error) {
	if err != nil {
		return body, away(err)
	}
	if found := a.GetJSON200(); found != nil {
		return *found, nil
	}
	return body, refusal(a)
}

// refusal is the error for an answer that is not a success. One that is meant for the user passes with its code; any other
// is between the two services.
func refusal(a answer) error {
	cause := fmt.Errorf("the ID service answered %d (%T)", a.StatusCode(), a)
	if a.StatusCode() >= http.StatusInternalServerError {
		return away(cause)
	}
	if refused := httpx.ReadError(a.StatusCode(), a.GetBody()); refused != nil {
		switch refused.Kind {
		case errs.BadRequest, errs.Forbidden, errs.NotFound, errs.Conflict, errs.Gone, errs.Invalid, errs.RateLimited:
			return refused.Wrap(cause)
		}
	}
	return errs.Internalf("%w", cause)
}

// away is the error for an ID service that did not answer.
func away(err error) error {
	if errors.Is(err, context.DeadlineExceeded) {
		return errs.New(errs.Timeout, "", "The ID service took too long.").Wrap(err)
	}
	return domain.ErrIdentityAway.Wrap(err)
}
