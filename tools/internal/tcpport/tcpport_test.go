package tcpport

import (
	"fmt"
	"net"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestHolder(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	port := l.Addr().(*net.TCPAddr).Port
	require.Contains(t, Holder(port), fmt.Sprintf("(process %d)", os.Getpid()))
	require.NoError(t, l.Close())
	require.Empty(t, Holder(port))
}
