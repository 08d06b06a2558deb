package testkit

import (
	"testing"

	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/idempotency"
)

func TestTheCommonCodesHaveThatOfCreates(t *testing.T) {
	require.Contains(t, errs.CommonCodes(), idempotency.ErrReused.Code)
	require.NotContains(t, kitCodes, idempotency.ErrReused.Code, "only creates answer it")
}
