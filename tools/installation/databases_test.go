package installation_test

import (
	"database/sql"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"go.updspace.com/tools/devkit/testkit"
	"go.updspace.com/tools/services"
)

// dropDatabases removes the databases of an installation, which have fixed names, from the server that tests share.
func dropDatabases(t *testing.T) {
	t.Helper()
	server, err := sql.Open("pgx", testkit.AdminURL(t))
	require.NoError(t, err)
	defer server.Close()
	for _, s := range services.All() {
		_, err := server.Exec("DROP DATABASE IF EXISTS " + s.Database + " WITH (FORCE)")
		require.NoError(t, err)
	}
}

// adminPassword is a part of the administrator's URL that nothing may store.
func adminPassword(t *testing.T) string {
	t.Helper()
	u, err := url.Parse(testkit.AdminURL(t))
	require.NoError(t, err)
	password, _ := u.User.Password()
	require.NotEmpty(t, password)
	return password
}
