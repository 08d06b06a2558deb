// Package why holds the reasons for which a field of an input is refused: for people a sentence, for programs a code of a
// closed list with the limits that were broken, so that a frontend can say it in the language of its reader.
//
//	fields.Check(n <= maxQuery, "q", why.TooLong(maxQuery))
//	fields.Check(role.Valid(), "role", why.NotAllowed("must be owner, moderator or member"))
package why

import (
	"maps"
	"slices"
	"strconv"
)

// Code names the kind of a reason. api/openapi/common.yaml lists the codes for clients (FieldReason).
type Code string

// codes are all codes, each with its parameters. A parameter in square brackets may be absent.
var codes = map[Code]string{
	"REQUIRED":           "",
	"TOO_SHORT":          "min",
	"TOO_LONG":           "max",
	"TOO_FEW":            "min",
	"TOO_MANY":           "max",
	"TOO_LARGE":          "max",
	"TOO_COMPLEX":        "",
	"TOO_COMMON":         "",
	"OUT_OF_RANGE":       "[min] [max]",
	"WRONG_TYPE":         "",
	"INVALID_FORMAT":     "[format]",
	"INVALID_CHARACTERS": "",
	"NOT_ALLOWED":        "",
	"UNKNOWN_FIELD":      "name",
	"NOT_FOUND":          "",
	"DUPLICATE":          "",
	"RESERVED":           "",
	"IN_PAST":            "",
	"MISMATCH":           "",
}

// Codes are all codes, sorted.
func Codes() []Code { return slices.Sorted(maps.Keys(codes)) }

// ParamsOf returns the names of the parameters of a code; those in square brackets may be absent.
func ParamsOf(code Code) string { return codes[code] }

// Reason is why a field is refused. It is made by the functions of this package; the zero Reason is none. The sentence and
// the parameters are made when they are asked for, because most inputs are valid.
type Reason struct {
	code     Code
	text     string // "" for the sentence of the code
	min, max bound
	name     string // of the format or of the unknown field
}

type bound struct {
	n   float64
	set bool
}

func at[N int | int64 | uint64 | float64](n N) bound { return bound{float64(n), true} }

func (b bound) String() string { return strconv.FormatFloat(b.n, 'f', -1, 64) }

// Reasons without a limit.
var (
	Required = Reason{code: "REQUIRED", text: "is required"}
	Empty    = Reason{code: "REQUIRED", text: "must not be empty"}
)

// TooCommon means a password that is among those that are tried first.
var TooCommon = Reason{code: "TOO_COMMON", text: "is among the passwords that are tried first"}

// TooShort means text of fewer than least characters.
func TooShort(least int) Reason { return Reason{code: "TOO_SHORT", min: at(least)} }

// TooLong means text of more than most characters.
func TooLong(most int) Reason { return Reason{code: "TOO_LONG", max: at(most)} }

// TooFew means a list of fewer than least items.
func TooFew(least int) Reason { return Reason{code: "TOO_FEW", min: at(least)} }

// TooMany means a list of more than most items.
func TooMany(most int) Reason { return Reason{code: "TOO_MANY", max: at(most)} }

// Count is TooFew or TooMany for a list of n items that may have least to most.
func Count(n, least, most int) Reason {
	if n < least {
		return TooFew(least)
	}
	return TooMany(most)
}

// TooLarge means data of more than most bytes.
func TooLarge(most int) Reason { return Reason{code: "TOO_LARGE", max: at(most)} }

// TooComplex means data that is nested too deeply or would grow too much.
func TooComplex(sentence string) Reason { return Reason{code: "TOO_COMPLEX", text: sentence} }

// Outside means a number that is not from least to most.
func Outside[N int | int64 | float64](least, most N) Reason {
	return Reason{code: "OUT_OF_RANGE", min: at(least), max: at(most)}
}

// Below means a number under least.
func Below[N int | int64 | float64](least N) Reason {
	return Reason{code: "OUT_OF_RANGE", min: at(least)}
}

// Above means a number over most.
func Above[N int | int64 | float64](most N) Reason {
	return Reason{code: "OUT_OF_RANGE", max: at(most)}
}

// WrongType means a value of another JSON type.
func WrongType(sentence string) Reason { return Reason{code: "WRONG_TYPE", text: sentence} }

// InvalidFormat means text that does not have the form it must have.
func InvalidFormat(sentence string) Reason { return Reason{code: "INVALID_FORMAT", text: sentence} }

// NotFormat is InvalidFormat for a form that OpenAPI has a name for, such as uuid, email and date-time.
func NotFormat(format, sentence string) Reason {
	return Reason{code: "INVALID_FORMAT", text: sentence, name: format}
}

// InvalidCharacters means text with characters that it must not have.
func InvalidCharacters(sentence string) Reason {
	return Reason{code: "INVALID_CHARACTERS", text: sentence}
}

// NotAllowed means a value that is none of those allowed here.
func NotAllowed(sentence string) Reason { return Reason{code: "NOT_ALLOWED", text: sentence} }

// UnknownField means an input with a field that the operation does not have.
func UnknownField(name string) Reason { return Reason{code: "UNKNOWN_FIELD", name: name} }

// NotFound means a reference to something that does not exist for the caller.
func NotFound(sentence string) Reason { return Reason{code: "NOT_FOUND", text: sentence} }

// Duplicate means a value that occurs twice.
func Duplicate(sentence string) Reason { return Reason{code: "DUPLICATE", text: sentence} }

// Reserved means a name that the platform keeps for itself.
func Reserved(sentence string) Reason { return Reason{code: "RESERVED", text: sentence} }

// InPast means a time that must lie in the future.
func InPast(sentence string) Reason { return Reason{code: "IN_PAST", text: sentence} }

// Mismatch means a value that does not fit another field.
func Mismatch(sentence string) Reason { return Reason{code: "MISMATCH", text: sentence} }

// Saying returns the reason with another sentence.
func (r Reason) Saying(sentence string) Reason {
	r.text = sentence
	return r
}

// None reports whether r is the zero Reason.
func (r Reason) None() bool { return r.code == "" }

// Code returns the code.
func (r Reason) Code() Code { return r.code }

// Params returns the limits that were broken, by name. It is never nil.
func (r Reason) Params() map[string]any {
	params := map[string]any{}
	if r.min.set {
		params["min"] = r.min.n
	}
	if r.max.set {
		params["max"] = r.max.n
	}
	switch {
	case r.name == "":
	case r.code == "UNKNOWN_FIELD":
		params["name"] = r.name
	default:
		params["format"] = r.name
	}
	return params
}

// String returns the sentence.
func (r Reason) String() string {
	if r.text != "" {
		return r.text
	}
	switch r.code {
	case "TOO_SHORT":
		return "must be at least " + r.min.String() + " characters long"
	case "TOO_LONG":
		return "must be at most " + r.max.String() + " characters long"
	case "TOO_FEW":
		return "must be at least " + r.min.String()
	case "TOO_MANY":
		return "must be at most " + r.max.String()
	case "TOO_LARGE":
		return "must be at most " + r.max.String() + " bytes large"
	case "UNKNOWN_FIELD":
		return "property " + strconv.Quote(r.name) + " is unsupported"
	case "OUT_OF_RANGE":
		return r.rangeSentence()
	}
	return "is not valid"
}

func (r Reason) rangeSentence() string {
	switch {
	case !r.max.set:
		return "must be at least " + r.min.String()
	case !r.min.set:
		return "must be at most " + r.max.String()
	}
	return "must be between " + r.min.String() + " and " + r.max.String()
}
