package testkit

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/idempotency"
)

const extErrorCodes = "x-error-codes"

// kitCodes are the codes that the kit answers on any operation, except that of a create.
var kitCodes = slices.DeleteFunc(errs.CommonCodes(), func(code string) bool { return code == idempotency.ErrReused.Code })

// listsErrorCodes tells whether any operation of a document lists its error codes; then each has to.
func listsErrorCodes(spec *openapi3.T) bool {
	for _, item := range spec.Paths.Map() {
		for _, operation := range item.Operations() {
			if operation.Extensions[extErrorCodes] != nil {
				return true
			}
		}
	}
	return false
}

// CheckErrorCode returns an error for an answer whose error code its operation does not list, or that refuses a field without
// saying why to programs.
func CheckErrorCode(operation *openapi3.Operation, status int, body []byte) error {
	if status < http.StatusBadRequest {
		return nil
	}
	var envelope struct {
		Error struct {
			Code    string
			Details struct {
				Fields  map[string]string
				Reasons []struct {
					Field string
					Code  why.Code
				}
			}
		} `json:"error"`
	}
	if json.Unmarshal(body, &envelope) != nil || envelope.Error.Code == "" { // another format, which the schema describes
		return nil //nolint:nilerr // not the envelope
	}
	code, details := envelope.Error.Code, envelope.Error.Details
	var reasons []string
	for _, r := range details.Reasons {
		if reasons = append(reasons, r.Field); !slices.Contains(why.Codes(), r.Code) {
			return fmt.Errorf("the field %s is refused with the code %q, which common.yaml does not list", r.Field, r.Code)
		}
	}
	if fields := slices.Sorted(maps.Keys(details.Fields)); !slices.Equal(fields, reasons) {
		return fmt.Errorf("details.fields refuses %q and details.reasons %q", fields, reasons)
	}
	listed, _ := operation.Extensions[extErrorCodes].([]any)
	create := operation.RequestBody != nil && code == idempotency.ErrReused.Code
	if slices.Contains(kitCodes, code) || create || slices.Contains(listed, any(code)) {
		return nil
	}
	return fmt.Errorf("%s of %s does not list the code %s", extErrorCodes, operation.OperationID, code)
}
