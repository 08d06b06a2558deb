package contract

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"

	"go.updspace.com/tools/devkit/testkit"
)

// Answer is what a service said to a request.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// Judge says what is wrong with an answer, or nil.
func Judge(ctx context.Context, spec *openapi3.T, op Operation, r Request, a Answer) error {
	switch {
	case a.Status >= 500:
		return fmt.Errorf("%d, which a request alone must never cause", a.Status)
	case r.Refused && a.Status < 400:
		return fmt.Errorf("%d, and this must be refused", a.Status)
	case r.Method == http.MethodHead:
		return nil // no body to look at
	}
	described := !r.Elsewhere && op.Spec.Responses.Status(a.Status) != nil
	if a.Status >= 400 && !otherwiseDescribed(op, r, a) {
		if err := envelope(a); err != nil {
			return fmt.Errorf("%d and not the envelope: %w", a.Status, err)
		}
	}
	if r.Elsewhere {
		return nil
	}
	if err := testkit.CheckErrorCode(op.Spec, a.Status, a.Body); err != nil {
		return err
	}
	if a.Status < 400 && !described && op.Spec.Responses.Default() == nil {
		return fmt.Errorf("%d, which the spec does not know", a.Status)
	}
	return matches(ctx, spec, op, a)
}

// envelope holds a body against the one error body of the platform, strictly: a client may rely on every part.
func envelope(a Answer) error {
	mediaType, _, err := mime.ParseMediaType(a.Header.Get("Content-Type"))
	if err != nil || mediaType != "application/json" {
		return fmt.Errorf("the content type is %q", a.Header.Get("Content-Type"))
	}
	var body struct {
		Error *struct {
			Code      string         `json:"code"`
			Message   string         `json:"message"`
			Details   map[string]any `json:"details"`
			RequestID string         `json:"request_id"`
		} `json:"error"`
	}
	if err := json.Unmarshal(a.Body, &body); err != nil {
		return err
	}
	switch e := body.Error; {
	case e == nil:
		return errors.New("there is no error in it")
	case e.Code == "" || e.Code != strings.ToUpper(e.Code):
		return fmt.Errorf("the code is %q", e.Code)
	case e.Message == "":
		return errors.New("the message is empty")
	case e.Details == nil:
		return errors.New("details is no object")
	case e.RequestID == "":
		return errors.New("the request id is empty")
	case e.RequestID != a.Header.Get("X-Request-Id"):
		return fmt.Errorf("the request id is %q in the body and %q in the header", e.RequestID, a.Header.Get("X-Request-Id"))
	}
	return nil
}

// otherwiseDescribed reports whether the spec itself gives the failure another form, as OAuth's endpoints and pages do.
func otherwiseDescribed(op Operation, r Request, a Answer) bool {
	response := op.Spec.Responses.Status(a.Status)
	if r.Elsewhere || response == nil {
		return false
	}
	content := response.Value.Content.Get(a.Header.Get("Content-Type"))
	if content == nil {
		return false
	}
	mediaType, _, err := mime.ParseMediaType(a.Header.Get("Content-Type"))
	if err != nil {
		return false
	}
	if mediaType != "application/json" {
		return true
	}
	return oauthError(content.Schema)
}

// oauthError reports whether a schema is, or may be, the error body of RFC 6749: {"error": "invalid_grant"}.
func oauthError(ref *openapi3.SchemaRef) bool {
	if ref == nil || ref.Value == nil {
		return false
	}
	if field := ref.Value.Properties["error"]; field != nil {
		return field.Value.Type.Is(openapi3.TypeString)
	}
	return slices.ContainsFunc(slices.Concat(ref.Value.OneOf, ref.Value.AnyOf), oauthError)
}

// matches validates the answer against the spec.
func matches(ctx context.Context, spec *openapi3.T, op Operation, a Answer) error {
	testkit.ReadCalendars()
	request, err := http.NewRequestWithContext(ctx, op.Method, "http://service"+op.Path, http.NoBody)
	if err != nil {
		return err
	}
	options := &openapi3filter.Options{IncludeResponseStatus: true, MultiError: true, ExcludeResponseBody: streams(a.Header)}
	return openapi3filter.ValidateResponse(ctx, &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{
			Request: request,
			Route:   &routers.Route{Spec: spec, Path: op.Path, PathItem: op.Item, Method: op.Method, Operation: op.Spec},
			Options: options,
		},
		Status:  a.Status,
		Header:  a.Header,
		Body:    io.NopCloser(bytes.NewReader(a.Body)),
		Options: options,
	})
}
