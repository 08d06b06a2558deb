package httpx

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

const seen = `
openapi: 3.0.3
info: {title: seen, version: "1"}
paths:
  /seen:
    post:
      operationId: see
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [name, inner]
              properties:
                name: {type: string, minLength: 1, maxLength: 3, nullable: true}
                kind: {type: string, enum: [a, bb], description: one of two}
                id: {type: string, format: uuid, minLength: 36, maxLength: 36}
                on: {type: boolean, default: false}
                inner:
                  type: object
                  required: [on]
                  properties:
                    on: {type: boolean}
                    more: {type: array, minItems: 1, maxItems: 2, items: {type: string, maxLength: 2}}
                count: {type: integer, minimum: 1}
                mail: {type: string, format: email}
                shape: {type: string, pattern: "^x+$"}
                closed: {type: object, additionalProperties: false, properties: {on: {type: boolean}}}
      responses: {"200": {description: ok}}
`

// both returns what the glance and kin-openapi say of a body.
func both(t testing.TB) func(body string) (glanced, valid bool) {
	spec, err := openapi3.NewLoader().LoadFromData([]byte(seen))
	require.NoError(t, err)
	defineFormats()
	path := spec.Paths.Value("/seen")
	route := &routers.Route{Spec: spec, Path: "/seen", PathItem: path, Method: http.MethodPost, Operation: path.Post}
	look := glanceAt(path.Post)
	require.NotNil(t, look)
	return func(body string) (bool, bool) {
		r := httptest.NewRequest(http.MethodPost, "/seen", strings.NewReader(body))
		r.Header.Set("Content-Type", jsonType)
		err := openapi3filter.ValidateRequest(r.Context(), &openapi3filter.RequestValidationInput{
			Request: r, Route: route, Options: &openapi3filter.Options{MultiError: true, SkipSettingDefaults: true},
		})
		return look.allows([]byte(body)), err == nil
	}
}

func TestGlanceKnowsWhatIsPlain(t *testing.T) {
	say := both(t)
	const id = "0190A0b0-0000-7000-8000-000000000001"
	for _, body := range []string{
		`{"name":"a","inner":{"on":true}}`,
		` { "inner" : { "more" : [ "" , "xx" ] , "on" : false } , "name" : "a{~" } ` + "\n",
		`{"name":"a","kind":"bb","id":"` + id + `","on":false,"inner":{"on":true,"more":["x"]}}`,
	} {
		glanced, valid := say(body)
		require.True(t, valid, body)
		require.True(t, glanced, body)
	}
}

// What it does not know it does not allow, be it right or wrong.
func TestGlanceLeavesTheRest(t *testing.T) {
	say := both(t)
	const inner = `"inner":{"on":true}`
	for body, want := range map[string]bool{ // whether kin-openapi allows it; what follows the body, it does not read
		`{"name":null,` + inner + `}`:                          true,
		`{"name":"é",` + inner + `}`:                           true,
		`{"name":"\u0061",` + inner + `}`:                      true,
		`{"name":"a","unknown":1,` + inner + `}`:               true,
		`{"name":"a","name":"b",` + inner + `}`:                true,
		`{"name":"a","count":1,` + inner + `}`:                 true,
		`{"name":"a","mail":"a@b.cc",` + inner + `}`:           true,
		`{"name":"a","shape":"xx",` + inner + `}`:              true,
		`{"name":"a","closed":{"on":true},` + inner + `}`:      true,
		`{"name":"a","count":0,` + inner + `}`:                 false,
		`{"name":"a","shape":"y",` + inner + `}`:               false,
		`{"name":"a","closed":{"off":true},` + inner + `}`:     false,
		`{"name":"",` + inner + `}`:                            false,
		`{"name":"abcd",` + inner + `}`:                        false,
		`{"name":1,` + inner + `}`:                             false,
		`{"name":"a"}`:                                         false,
		`{"name":"a","inner":{}}`:                              false,
		`{"name":"a","kind":"b",` + inner + `}`:                false,
		`{"name":"a","id":"0190a0b0-0000-7000",` + inner + `}`: false,
		`{"name":"a","on":"true",` + inner + `}`:               false,
		`{"name":"a","inner":{"on":true,"more":[]}}`:           false,
		`{"name":"a","inner":{"on":true,"more":["","",""]}}`:   false,
		`{"name":"a","inner":{"on":true,"more":["abc"]}}`:      false,
		`{"name":"a","inner":{"on":true,"more":["a",]}}`:       false,
		`{"name":"a","inner":{"on":true},}`:                    false,
		`{"name":"a","inner":{"on":truey}}`:                    false,
		`{"name":"a","inner":{"on":true}} x`:                   true,
		`{"name":"a","inner":{"on":true}}{}`:                   true,
		"{\"name\":\"a\",\"inner\":{\"on\":true}}\x00":         true,
		"{\"name\":\"\x01\",\"inner\":{\"on\":true}}":          false,
		`{"name":"a","inner":{"on":true}`:                      false,
		`{"name":"a`:                                           false,
		`{,"name":"a","inner":{"on":true}}`:                    false,
		`[]`:                                                   false,
		``:                                                     false,
	} {
		glanced, valid := say(body)
		require.Equal(t, want, valid, body)
		require.False(t, glanced, body)
	}
}

// TestGlanceAllowsNothingElse puts bodies together from what belongs into them and what does not.
func TestGlanceAllowsNothingElse(t *testing.T) {
	say := both(t)
	const id = `"0190a0b0-0000-7000-8000-000000000001"`
	pieces := []string{
		"{", "}", "[", "]", ",", ":", " ", "\n", "\x00", "true", "false", "null", "1", `""`, `"a"`, `"bb"`, `"abcd"`, `"é"`, `"\n"`, id,
		`"name"`, `"kind"`, `"id"`, `"on"`, `"inner"`, `"more"`, `"count"`, `"mail"`, `"shape"`, `"closed"`,
	}
	valid := []string{"{", `"name"`, ":", `"a"`, ",", `"kind"`, ":", `"bb"`, ",", `"id"`, ":", id, ",", `"on"`, ":", "true", ",",
		`"inner"`, ":", "{", `"on"`, ":", "false", ",", `"more"`, ":", "[", `"a"`, ",", `"bb"`, "]", "}", "}"}
	rapid.Check(t, func(t *rapid.T) {
		body := append([]string(nil), valid...)
		for range rapid.IntRange(0, 4).Draw(t, "changes") {
			at := rapid.IntRange(0, len(body)-1).Draw(t, "at")
			piece := rapid.SampledFrom(pieces).Draw(t, "piece")
			switch rapid.IntRange(0, 2).Draw(t, "how") {
			case 0:
				body[at] = piece
			case 1:
				body = append(body[:at], append([]string{piece}, body[at:]...)...)
			case 2:
				body = append(body[:at], body[min(at+rapid.IntRange(1, 4).Draw(t, "many"), len(body)-1):]...)
			}
		}
		text := strings.Join(body, "")
		if glanced, valid := say(text); glanced && !valid {
			t.Fatalf("allowed: %q", text)
		}
	})
}
