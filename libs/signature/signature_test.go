package signature_test

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/signature"
)

// The vector that the libraries of Standard Webhooks publish.
const (
	vectorSecret    = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
	vectorID        = "msg_p5jXN8AQM9LWM0D4loKWxJek"
	vectorTimestamp = 1614265330
	vectorBody      = `{"test": 2432232314}`
	vectorSignature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
)

func secret(t *testing.T, text string) signature.Secret {
	t.Helper()
	s, err := signature.ParseSecret(text)
	require.NoError(t, err)
	return s
}

func TestThePublishedVector(t *testing.T) {
	t.Parallel()
	at := time.Unix(vectorTimestamp, 0)
	key := secret(t, vectorSecret)
	require.Equal(t, vectorSignature, signature.Sign([]signature.Secret{key}, vectorID, at, []byte(vectorBody)))
	message := signature.Message{ID: vectorID, Timestamp: strconv.Itoa(vectorTimestamp), Signature: vectorSignature, Body: []byte(vectorBody)}
	require.NoError(t, signature.Verify([]signature.Secret{key}, message, at))
}

func TestTheLibraryOfTheStandardAgrees(t *testing.T) {
	t.Parallel()
	now := time.Now()
	pair := signature.Pair{Current: signature.NewSecret()}
	old := pair.Current
	pair = pair.Rotate(now.Add(time.Hour))
	body := []byte(`{"type":"test"}`)
	headers := http.Header{}
	headers.Set(signature.HeaderID, "msg_1")
	headers.Set(signature.HeaderTimestamp, signature.Timestamp(now))
	headers.Set(signature.HeaderSignature, signature.Sign(pair.At(now), "msg_1", now, body))
	for _, key := range []signature.Secret{old, pair.Current} { // either secret of a rotation will do
		theirs, err := standardwebhooks.NewWebhook(key.Text())
		require.NoError(t, err)
		require.NoError(t, theirs.Verify(body, headers))

		signed, err := theirs.Sign("msg_2", now, body)
		require.NoError(t, err)
		require.NoError(t, signature.Verify(pair.At(now), signature.Message{
			ID: "msg_2", Timestamp: signature.Timestamp(now), Signature: signed, Body: body,
		}, now))
	}
	theirs, err := standardwebhooks.NewWebhook(old.Text())
	require.NoError(t, err)
	headers.Set(signature.HeaderSignature, signature.Sign(pair.At(now.Add(time.Hour)), "msg_1", now, body))
	require.Error(t, theirs.Verify(body, headers), "the time of the old secret is over")
}

func TestWhatIsNotRightIsRefused(t *testing.T) {
	t.Parallel()
	now := time.Unix(vectorTimestamp, 0)
	key := secret(t, vectorSecret)
	for name, c := range map[string]struct {
		change func(m *signature.Message)
		want   error
	}{
		"as it came":           {func(*signature.Message) {}, nil},
		"among others":         {func(m *signature.Message) { m.Signature = "v1,AAAA v1a,x " + m.Signature }, nil},
		"no id":                {func(m *signature.Message) { m.ID = "" }, signature.ErrMissing},
		"an id with a space":   {func(m *signature.Message) { m.ID = "a b" }, signature.ErrMissing},
		"a long id":            {func(m *signature.Message) { m.ID = strings.Repeat("a", 129) }, signature.ErrMissing},
		"no time":              {func(m *signature.Message) { m.Timestamp = "" }, signature.ErrMissing},
		"no number":            {func(m *signature.Message) { m.Timestamp = "1614265330.5" }, signature.ErrMissing},
		"no signature":         {func(m *signature.Message) { m.Signature = "" }, signature.ErrMissing},
		"too old":              {func(m *signature.Message) { m.Timestamp = strconv.Itoa(vectorTimestamp - 301) }, signature.ErrStale},
		"too new":              {func(m *signature.Message) { m.Timestamp = strconv.Itoa(vectorTimestamp + 301) }, signature.ErrStale},
		"of the year -292e9":   {func(m *signature.Message) { m.Timestamp = "-9223372036854775808" }, signature.ErrStale},
		"another time":         {func(m *signature.Message) { m.Timestamp = strconv.Itoa(vectorTimestamp + 1) }, signature.ErrWrong},
		"another id":           {func(m *signature.Message) { m.ID += "x" }, signature.ErrWrong},
		"another body":         {func(m *signature.Message) { m.Body = append(m.Body, ' ') }, signature.ErrWrong},
		"another version":      {func(m *signature.Message) { m.Signature = "v2" + m.Signature[2:] }, signature.ErrWrong},
		"no base64":            {func(m *signature.Message) { m.Signature = "v1,?" }, signature.ErrWrong},
		"an empty signature":   {func(m *signature.Message) { m.Signature = "v1," }, signature.ErrWrong},
		"behind too many ones": {func(m *signature.Message) { m.Signature = strings.Repeat("v1,AAAA ", 8) + m.Signature }, signature.ErrWrong},
	} {
		m := signature.Message{ID: vectorID, Timestamp: strconv.Itoa(vectorTimestamp), Signature: vectorSignature, Body: []byte(vectorBody)}
		c.change(&m)
		err := signature.Verify([]signature.Secret{key}, m, now)
		if c.want == nil {
			require.NoError(t, err, name)
			continue
		}
		require.ErrorIs(t, err, c.want, name)
	}
	m := signature.Message{ID: vectorID, Timestamp: strconv.Itoa(vectorTimestamp), Signature: vectorSignature, Body: []byte(vectorBody)}
	require.ErrorIs(t, signature.Verify(nil, m, now), signature.ErrWrong)
	require.ErrorIs(t, signature.Verify([]signature.Secret{{}}, m, now), signature.ErrWrong, "an empty secret signs nothing")
}

func TestSecretsAreReadAndNotPrinted(t *testing.T) {
	t.Parallel()
	made := signature.NewSecret()
	require.Equal(t, made, secret(t, made.Text()))
	require.NotEqual(t, made, signature.NewSecret())
	require.Len(t, made.Hex(), 64)
	for _, wrong := range []string{"", "whsec_", "whsec_AAAA", "whsec_" + strings.Repeat("A", 88), "whsec_!"} {
		_, err := signature.ParseSecret(wrong)
		require.Error(t, err, wrong)
	}
	for _, text := range []string{fmt.Sprint(made), fmt.Sprintf("%v %+v %#v %s", made, made, signature.Pair{Current: made}, made)} {
		require.NotContains(t, text, made.Text()[6:])
		require.NotContains(t, text, made.Hex())
		require.NotContains(t, text, "0x")
	}
}
