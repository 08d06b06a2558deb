package contract

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/tools/journey"
)

// fields are those that an object must have at least, with what each of them is: a kind, fields, or the very value.
type fields map[string]any

// kind says what is wrong with a value; nothing is the empty text.
type kind func(any) string

func isText(v any) string {
	if _, ok := v.(string); !ok {
		return "is no text"
	}
	return ""
}

func isFilled(v any) string {
	if s, _ := v.(string); s == "" {
		return "is no text, or empty"
	}
	return ""
}

func isFlag(v any) string {
	if _, ok := v.(bool); !ok {
		return "is neither true nor false"
	}
	return ""
}

func isNumber(v any) string {
	if _, ok := v.(float64); !ok {
		return "is no number"
	}
	return ""
}

func isTime(v any) string {
	s, _ := v.(string)
	if _, err := time.Parse(time.RFC3339, s); err != nil {
		return "is no time"
	}
	return ""
}

func isID(v any) string {
	s, _ := v.(string)
	if _, err := uuid.Parse(s); err != nil || len(s) != 36 {
		return "is no UUID"
	}
	return ""
}

// isLike is a text of a form.
func isLike(form string) kind {
	re := regexp.MustCompile("^(?:" + form + ")$")
	return func(v any) string {
		if s, ok := v.(string); !ok || !re.MatchString(s) {
			return "is not like " + form
		}
		return ""
	}
}

// orNull is null or what is given.
func orNull(want any) kind {
	return func(v any) string {
		if v == nil {
			return ""
		}
		return first(mismatches("", v, want))
	}
}

// listOf is a list of such values, which may be empty.
func listOf(want any) kind {
	return func(v any) string {
		list, ok := v.([]any)
		if !ok {
			return "is no list"
		}
		for i, item := range list {
			if problem := first(mismatches(fmt.Sprint(i), item, want)); problem != "" {
				return problem
			}
		}
		return ""
	}
}

// someOf is a list of such values with at least one.
func someOf(want any) kind {
	return func(v any) string {
		if list, ok := v.([]any); ok && len(list) == 0 {
			return "is empty"
		}
		return listOf(want)(v)
	}
}

func first(problems []string) string {
	if len(problems) == 0 {
		return ""
	}
	return problems[0]
}

// mismatches lists what of a decoded value is not as it must be, by path.
func mismatches(path string, got, want any) []string {
	switch want := want.(type) {
	case kind:
		if problem := want(got); problem != "" {
			return []string{fmt.Sprintf("%s %s: %v", path, problem, got)}
		}
	case func(any) string:
		return mismatches(path, got, kind(want))
	case fields:
		object, ok := got.(map[string]any)
		if !ok {
			return []string{fmt.Sprintf("%s is no object: %v", path, got)}
		}
		var all []string
		for _, name := range slices.Sorted(maps.Keys(want)) {
			value, there := object[name]
			if !there {
				all = append(all, fmt.Sprintf("%s.%s is missing", path, name))
				continue
			}
			all = append(all, mismatches(path+"."+name, value, want[name])...)
		}
		return all
	default:
		if got != want {
			return []string{fmt.Sprintf("%s is not %v: %v", path, want, got)}
		}
	}
	return nil
}

// requireBody expects an answer with a status and a body of the shape, and returns the body.
func requireBody(t *testing.T, answer *journey.Answer, status int, want any) map[string]any {
	t.Helper()
	require.NoError(t, answer.Expect(status))
	var body any
	require.NoError(t, json.Unmarshal(answer.Body, &body), "%s", answer.Body)
	require.Empty(t, mismatches("body", body, want), "%s", answer.Body)
	object, _ := body.(map[string]any)
	return object
}

// requireCode expects a refusal with a status and a code, in the envelope.
func requireCode(t *testing.T, answer *journey.Answer, status int, code string) {
	t.Helper()
	require.NoError(t, answer.ExpectCode(status, code))
}

func TestShapesNoticeEveryChange(t *testing.T) {
	t.Parallel()
	want := fields{
		"id": isID, "name": isFilled, "bio": isText, "count": isNumber, "on": isFlag, "at": isTime, "date": orNull(isLike(`\d{4}-\d\d-\d\d`)),
		"kind": "plain", "one": fields{"x": isText}, "none": nil, "list": someOf(fields{"y": isNumber}),
	}
	whole := func() map[string]any {
		return map[string]any{
			"id": "01890a5d-ac96-774b-bcce-b302099a8057", "name": "a", "bio": "", "count": 1.0, "on": false, "at": "2026-03-01T12:00:00Z", "date": "2001-12-31",
			"kind": "plain", "one": map[string]any{"x": ""}, "none": nil, "list": []any{map[string]any{"y": 2.0}}, "more": "is allowed",
		}
	}
	require.Empty(t, mismatches("body", whole(), want))
	for name := range want {
		without := whole()
		delete(without, name)
		require.Len(t, mismatches("body", without, want), 1, name)
	}
	for name, wrong := range map[string]any{
		"id": "x", "name": "", "bio": 1.0, "count": "1", "on": "false", "at": "2026-03-01", "date": "31.12.2001", "kind": "other", "one": map[string]any{}, "none": "", "list": []any{map[string]any{"y": "2"}},
	} {
		changed := whole()
		changed[name] = wrong
		require.Len(t, mismatches("body", changed, want), 1, name)
	}
	null := whole()
	null["date"], null["list"] = nil, []any{}
	require.Len(t, mismatches("body", null, want), 1)
}
