package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"go.updspace.com/api/contract"
)

// The extensions that declare who may call an operation.
const (
	extPublic        = "x-public"
	extPermission    = "x-permission"
	extAuthenticated = "x-authenticated"

	extErrorCodes = "x-error-codes"
)

var authenticated = []string{contract.AuthenticatedUser, contract.AuthenticatedService, contract.AuthenticatedSystemAdmin}

var (
	operationIDs = regexp.MustCompile(`^[a-z][a-zA-Z0-9]*$`)
	errorCodes   = regexp.MustCompile(`^[A-Z][A-Z0-9_]*$`)
	permissions  = regexp.MustCompile(`^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$`)
)

// load reads a spec with its references and validates it, including its examples.
func load(ctx context.Context, path string) (*openapi3.T, error) {
	loader := openapi3.NewLoader()
	loader.IsExternalRefsAllowed = true
	openapi3.DefineStringFormatValidator("uuid", openapi3.NewRegexpFormatValidator(contract.UUIDPattern))
	openapi3.DefineStringFormatValidator("email", openapi3.NewRegexpFormatValidator(openapi3.FormatOfStringForEmail))
	spec, err := loader.LoadFromFile(path)
	if err != nil {
		return nil, err
	}
	if err := spec.Validate(ctx, openapi3.EnableExamplesValidation()); err != nil {
		return nil, err
	}
	return spec, nil
}

// check returns the operations of a spec by operationId, or all reasons why the spec is refused.
func check(spec *openapi3.T) (contract.Set, error) {
	set := contract.Set{}
	var problems []error
	for path, item := range spec.Paths.Map() {
		for method, op := range item.Operations() {
			decided, err := checkOperation(op)
			if err != nil {
				problems = append(problems, fmt.Errorf("%s %s: %w", method, path, err))
				continue
			}
			decided.Method, decided.Path = method, path
			set[op.OperationID] = decided
		}
	}
	slices.SortFunc(problems, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
	return set, errors.Join(problems...)
}

func checkOperation(op *openapi3.Operation) (contract.Operation, error) {
	decided, err := decision(op)
	decided.Upload = upload(op)
	problems := []error{err}
	decided.ErrorCodes, err = codes(op)
	problems = append(problems, err)
	complain := func(format string, args ...any) { problems = append(problems, fmt.Errorf(format, args...)) }
	if !operationIDs.MatchString(op.OperationID) {
		complain("operationId %q is not lowerCamel", op.OperationID)
	}
	if op.Summary == "" {
		complain("no summary")
	}
	if len(op.Tags) == 0 {
		complain("no tag")
	}
	if !hasErrorResponse(op) {
		complain("no error response (4xx, 5xx or default)")
	}
	for _, place := range missingExamples(op) {
		complain("no example for %s", place)
	}
	return decided, joinLine(problems)
}

// decision reads who may call the operation. The spec must declare it exactly once.
func decision(op *openapi3.Operation) (contract.Operation, error) {
	var decided contract.Operation
	said := 0
	if v, ok := op.Extensions[extPublic]; ok {
		said++
		if v != true {
			return decided, fmt.Errorf("%s must be true or absent, not %v", extPublic, v)
		}
		decided.Public = true
	}
	if v, ok := op.Extensions[extAuthenticated]; ok {
		said++
		who, _ := v.(string)
		if !slices.Contains(authenticated, who) {
			return decided, fmt.Errorf("%s must be one of %s, not %v", extAuthenticated, strings.Join(authenticated, ", "), v)
		}
		decided.Authenticated = who
	}
	if v, ok := op.Extensions[extPermission]; ok {
		said++
		fields, _ := v.(map[string]any)
		decided.Permission, _ = fields["key"].(string)
		decided.Scope, _ = fields["scope"].(string)
		if !permissions.MatchString(decided.Permission) || decided.Scope == "" {
			return decided, fmt.Errorf("%s must be {key: service.thing.verb, scope: where it is asked}, not %v", extPermission, v)
		}
		alternatives, _ := fields["or"].([]any)
		for _, alternative := range alternatives {
			fields, _ := alternative.(map[string]any)
			key, _ := fields["key"].(string)
			if scope, _ := fields["scope"].(string); !permissions.MatchString(key) || scope == "" {
				return decided, fmt.Errorf("each alternative of %s must be {key: service.thing.verb, scope: where it is asked}, not %v", extPermission, alternative)
			}
			decided.Alternatives = append(decided.Alternatives, key)
		}
	}
	if said != 1 {
		return decided, fmt.Errorf("needs exactly one of %s, %s, %s and has %d", extPublic, extPermission, extAuthenticated, said)
	}
	return decided, nil
}

// codes reads the error codes that the operation lists, sorted.
func codes(op *openapi3.Operation) ([]string, error) {
	v, ok := op.Extensions[extErrorCodes]
	if !ok {
		return nil, nil
	}
	list, _ := v.([]any)
	found := make([]string, len(list))
	for i, item := range list {
		found[i], _ = item.(string)
		if !errorCodes.MatchString(found[i]) {
			return nil, fmt.Errorf("%s must be a list of codes such as ALREADY_VOTED, not %v", extErrorCodes, v)
		}
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("%s is empty", extErrorCodes)
	}
	slices.Sort(found)
	if len(slices.Compact(slices.Clone(found))) != len(found) {
		return nil, fmt.Errorf("%s names a code twice", extErrorCodes)
	}
	return found, nil
}

// upload is the largest stream of bytes that an operation takes.
func upload(op *openapi3.Operation) int64 {
	if op.RequestBody == nil {
		return 0
	}
	body := op.RequestBody.Value.Content["application/octet-stream"]
	if body == nil || body.Schema == nil || body.Schema.Value.MaxLength == nil {
		return 0
	}
	return int64(*body.Schema.Value.MaxLength)
}

func hasErrorResponse(op *openapi3.Operation) bool {
	for status := range op.Responses.Map() {
		if status == "default" || status[0] == '4' || status[0] == '5' {
			return true
		}
	}
	return false
}

// missingExamples lists the JSON bodies of requests and successful responses that have no example.
func missingExamples(op *openapi3.Operation) []string {
	var missing []string
	if op.RequestBody != nil && !hasExample(op.RequestBody.Value.Content) {
		missing = append(missing, "the request body")
	}
	for status, response := range op.Responses.Map() {
		if status[0] == '2' && !hasExample(response.Value.Content) {
			missing = append(missing, "the "+status+" response")
		}
	}
	slices.Sort(missing)
	return missing
}

func hasExample(content openapi3.Content) bool {
	for mediaType, body := range content {
		if !strings.HasSuffix(strings.Split(mediaType, ";")[0], "json") {
			continue
		}
		inSchema := body.Schema != nil && body.Schema.Value.Example != nil
		if body.Example == nil && len(body.Examples) == 0 && !inSchema {
			return false
		}
	}
	return true
}

// joinLine joins errors on one line: a report has one line for each operation.
func joinLine(errs []error) error {
	var lines []string
	for _, err := range errs {
		if err != nil {
			lines = append(lines, err.Error())
		}
	}
	if lines == nil {
		return nil
	}
	return errors.New(strings.Join(lines, "; "))
}

// methodConstants are the names of the methods in net/http.
var methodConstants = map[string]string{
	http.MethodGet: "MethodGet", http.MethodHead: "MethodHead", http.MethodPost: "MethodPost", http.MethodPut: "MethodPut",
	http.MethodPatch: "MethodPatch", http.MethodDelete: "MethodDelete", http.MethodOptions: "MethodOptions",
}
