package why_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"go.updspace.com/api/commonapi"
	"go.updspace.com/libs/errs/why"
)

func TestReasonsSayWhatIsWrongTwice(t *testing.T) {
	for _, c := range []struct {
		reason   why.Reason
		code     why.Code
		params   string
		sentence string
	}{
		{why.Required, "REQUIRED", `{}`, "is required"},
		{why.Empty, "REQUIRED", `{}`, "must not be empty"},
		{why.TooShort(3), "TOO_SHORT", `{"min":3}`, "must be at least 3 characters long"},
		{why.TooLong(200), "TOO_LONG", `{"max":200}`, "must be at most 200 characters long"},
		{why.Count(0, 1, 10), "TOO_FEW", `{"min":1}`, "must be at least 1"},
		{why.Count(11, 1, 10), "TOO_MANY", `{"max":10}`, "must be at most 10"},
		{why.TooLarge(16 << 10), "TOO_LARGE", `{"max":16384}`, "must be at most 16384 bytes large"},
		{why.TooCommon, "TOO_COMMON", `{}`, "is among the passwords that are tried first"},
		{why.TooComplex("has too many links"), "TOO_COMPLEX", `{}`, "has too many links"},
		{why.Outside(0, 1_000_000), "OUT_OF_RANGE", `{"min":0,"max":1000000}`, "must be between 0 and 1000000"},
		{why.Below(1), "OUT_OF_RANGE", `{"min":1}`, "must be at least 1"},
		{why.Above(0.5), "OUT_OF_RANGE", `{"max":0.5}`, "must be at most 0.5"},
		{why.WrongType("must be a list"), "WRONG_TYPE", `{}`, "must be a list"},
		{why.InvalidFormat("is not a cursor"), "INVALID_FORMAT", `{}`, "is not a cursor"},
		{why.NotFormat("uuid", "must be a UUID"), "INVALID_FORMAT", `{"format":"uuid"}`, "must be a UUID"},
		{why.InvalidCharacters("must be text"), "INVALID_CHARACTERS", `{}`, "must be text"},
		{why.NotAllowed("must be a or b"), "NOT_ALLOWED", `{}`, "must be a or b"},
		{why.UnknownField("x"), "UNKNOWN_FIELD", `{"name":"x"}`, `property "x" is unsupported`},
		{why.NotFound("names no team"), "NOT_FOUND", `{}`, "names no team"},
		{why.Duplicate("occurs twice"), "DUPLICATE", `{}`, "occurs twice"},
		{why.Reserved("looks like a reserved name"), "RESERVED", `{}`, "looks like a reserved name"},
		{why.InPast("must be in the future"), "IN_PAST", `{}`, "must be in the future"},
		{why.Mismatch("must be after starts_at"), "MISMATCH", `{}`, "must be after starts_at"},
		{why.TooLong(5).Saying("is long"), "TOO_LONG", `{"max":5}`, "is long"},
	} {
		require.False(t, c.reason.None())
		require.Equal(t, c.code, c.reason.Code())
		require.Equal(t, c.sentence, c.reason.String())
		params, err := json.Marshal(c.reason.Params())
		require.NoError(t, err)
		require.JSONEq(t, c.params, string(params))
		for name := range c.reason.Params() {
			require.Contains(t, strings.NewReplacer("[", "", "]", "").Replace(why.ParamsOf(c.code)), name)
		}
		for _, name := range strings.Fields(why.ParamsOf(c.code)) {
			if name[0] != '[' {
				require.Contains(t, c.reason.Params(), name)
			}
		}
	}
	require.True(t, why.Reason{}.None())
}

// Clients know the codes from the document.
func TestTheDocumentListsTheCodes(t *testing.T) {
	spec, err := commonapi.GetSpec()
	require.NoError(t, err)
	var documented []why.Code
	for _, code := range spec.Components.Schemas["FieldReasonCode"].Value.Enum {
		documented = append(documented, why.Code(code.(string)))
	}
	require.Equal(t, why.Codes(), documented)
	params := slices.Sorted(maps.Keys(spec.Components.Schemas["FieldReason"].Value.Properties["params"].Value.Properties))
	require.Equal(t, []string{"format", "max", "min", "name"}, params)
}
