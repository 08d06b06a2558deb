package reqctx_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/reqctx"
)

func TestLogsHoldNoIDsOfUsers(t *testing.T) {
	t.Parallel()
	id := uuid.MustParse("00000000-0000-4000-8000-000000000002")
	require.Len(t, reqctx.LogID(id), 16)
	require.Equal(t, "/users/"+reqctx.LogID(id)+"/x", reqctx.LogText("/users/"+id.String()+"/x"))
	require.NotEqual(t, reqctx.LogID(id), reqctx.LogID(uuid.New()))
}
