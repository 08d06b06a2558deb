package recipient_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/mail/recipient"
)

func TestADigestIsOfOneAddressAndOneMail(t *testing.T) {
	t.Parallel()
	digest := recipient.Digest("reply+a@reply.test", "ann@example.com")
	require.Equal(t, digest, recipient.Digest("Reply+A@Reply.test", "Ann@Example.com"), "case does not matter")
	require.NotEqual(t, digest, recipient.Digest("reply+b@reply.test", "ann@example.com"))
	require.NotEqual(t, digest, recipient.Digest("reply+a@reply.test", "bob@example.com"))
	require.Regexp(t, "^[0-9a-f]{64}$", digest)
}
