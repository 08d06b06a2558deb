package httpx

import (
	"errors"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
)

// invalid turns the errors of the validator into one VALIDATION_ERROR that names every field, or into the status of a body that
// is broken or of another type.
func invalid(err error) error {
	fields := errs.Fields{}
	var special error
	walk(err, func(e error) {
		var request *openapi3filter.RequestError
		if !errors.As(e, &request) {
			fields.Add("request", why.InvalidFormat("is not valid"))
			return
		}
		var parse *openapi3filter.ParseError
		if request.Parameter != nil {
			name := request.Parameter.Name
			if schemaErrors(request.Err, name, fields) == 0 {
				fields.Add(name, reason(request))
			}
			return
		}
		switch {
		case strings.Contains(request.Reason, "Content-Type"):
			special = errs.New(errs.Unsupported, "", "The body has a media type that this address does not take.").Wrap(e)
		case errors.As(request.Err, &parse) && parse.Kind == openapi3filter.KindUnsupportedFormat:
			special = errs.New(errs.Unsupported, "", "The body has a media type that this address does not take.").Wrap(e)
		case errors.As(request.Err, &parse):
			special = errs.BadRequestf("The body is not what its media type says.").Wrap(e)
		case schemaErrors(request.Err, "", fields) == 0:
			fields.Add("body", reason(request))
		}
	})
	if special != nil {
		return special
	}
	return fields.Err()
}

// schemaErrors adds every schema error under err and returns how many there were.
func schemaErrors(err error, prefix string, fields errs.Fields) int {
	n := 0
	walk(err, func(e error) {
		var schema *openapi3.SchemaError
		if !errors.As(e, &schema) {
			return
		}
		name := strings.Join(schema.JSONPointer(), ".")
		switch {
		case name == "" && prefix == "":
			name = "body"
		case prefix != "":
			name = strings.TrimSuffix(prefix+"."+name, ".")
		}
		n++
		if _, known := fields[name]; !known { // an object with ten thousand unknown fields has as many errors
			fields.Add(name, schemaReason(schema))
		}
	})
	return n
}

// walk visits the leaves of nested multi-errors.
func walk(err error, visit func(error)) {
	var many openapi3.MultiError
	if errors.As(err, &many) {
		// a RequestError wraps the MultiError of its schema: that one is a leaf here
		var request *openapi3filter.RequestError
		if !errors.As(err, &request) || isMulti(err) {
			for _, e := range many {
				walk(e, visit)
			}
			return
		}
	}
	if err != nil {
		visit(err)
	}
}

func isMulti(err error) bool {
	_, ok := err.(openapi3.MultiError) //nolint:errorlint // the outermost type is the question
	return ok
}

func reason(e *openapi3filter.RequestError) why.Reason {
	var parse *openapi3filter.ParseError
	switch {
	case errors.As(e.Err, &parse) && parse.Reason != "":
		return why.WrongType(parse.Reason)
	case errors.Is(e.Err, openapi3filter.ErrInvalidRequired) && e.Reason == "":
		return why.Required
	case errors.Is(e.Err, openapi3filter.ErrInvalidRequired), errors.Is(e.Err, openapi3filter.ErrInvalidEmptyValue):
		return why.Required.Saying(e.Reason)
	case e.Reason != "":
		return why.InvalidFormat(e.Reason)
	}
	return why.InvalidFormat("is not valid")
}

// schemaReason is what the validator found, with its sentence. What the validator says of a form is a regular expression, so that has a sentence
// of its own.
func schemaReason(e *openapi3.SchemaError) why.Reason {
	switch e.SchemaField {
	case "pattern":
		return schemaCode(e).Saying("does not have the form that its description asks for")
	case "format":
		return schemaCode(e).Saying(formSentence(e.Schema.Format))
	}
	return schemaCode(e).Saying(e.Reason)
}

// formSentences say what a text of a format of OpenAPI must be.
var formSentences = map[string]string{
	"date":      "must be a date such as 2026-01-02",
	"date-time": "must be a date and time of RFC 3339, such as 2026-01-02T15:04:05Z",
	"email":     "must be an e-mail address such as ann@example.com",
	"int32":     "must be a whole number of 32 bits",
	"int64":     "must be a whole number of 64 bits",
	"uuid":      "must be a UUID such as 01890a5d-ac96-774b-bcce-b302099a8057",
}

func formSentence(format string) string {
	if sentence, known := formSentences[format]; known {
		return sentence
	}
	return "must have the format " + format
}

func schemaCode(e *openapi3.SchemaError) why.Reason {
	s := e.Schema
	switch e.SchemaField {
	case "required", "nullable":
		return why.Required
	case "minLength":
		if s.MinLength == 1 {
			return why.Empty
		}
		return why.TooShort(int(s.MinLength))
	case "maxLength":
		return why.TooLong(int(*s.MaxLength))
	case "minItems":
		return why.TooFew(int(s.MinItems))
	case "maxItems":
		return why.TooMany(int(*s.MaxItems))
	case "minProperties":
		return why.TooFew(int(s.MinProps))
	case "maxProperties":
		return why.TooMany(int(*s.MaxProps))
	case "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum":
		return outside(s)
	case "uniqueItems":
		return why.Duplicate("")
	case "properties":
		return why.UnknownField(unknownField(e))
	case "enum", "const", "not":
		return why.NotAllowed("")
	case "type":
		return why.WrongType("")
	case "format":
		return why.NotFormat(s.Format, "")
	}
	return why.InvalidFormat("") // pattern, and no form of several (oneOf)
}

func outside(s *openapi3.Schema) why.Reason {
	switch {
	case s.Max == nil && s.Min != nil:
		return why.Below(*s.Min)
	case s.Min == nil && s.Max != nil:
		return why.Above(*s.Max)
	case s.Min == nil:
		return why.NotAllowed("")
	}
	return why.Outside(*s.Min, *s.Max)
}

// unknownField is the first field of the refused object that its schema does not have.
func unknownField(e *openapi3.SchemaError) string {
	object, _ := e.Value.(map[string]any)
	first := ""
	for name := range object {
		if e.Schema.Properties[name] == nil && (first == "" || name < first) {
			first = name
		}
	}
	return first
}
