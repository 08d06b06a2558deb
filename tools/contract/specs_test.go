package contract

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"

	"go.updspace.com/access/domain"
	decided "go.updspace.com/api/contract"
)

func TestEverySpecIsListed(t *testing.T) {
	files, err := filepath.Glob("../../api/openapi/*.yaml")
	require.NoError(t, err)
	var want, listed []string
	for _, file := range files {
		if name := strings.TrimSuffix(filepath.Base(file), ".yaml"); name != "common" {
			want = append(want, name)
		}
	}
	for _, spec := range Specs {
		listed = append(listed, spec.Service)
	}
	require.ElementsMatch(t, want, listed)
}

// What is built into a service is whole: references into common.yaml resolve without any file, and every operation has
// its decision.
func TestEmbeddedSpecsAreWhole(t *testing.T) {
	for _, spec := range Specs {
		t.Run(spec.Service, func(t *testing.T) {
			loaded, err := spec.Load()
			require.NoError(t, err)
			require.NoError(t, loaded.Validate(t.Context()))
			operations := Operations(loaded, spec.Decisions)
			require.Len(t, operations, len(spec.Decisions))
			for _, op := range operations {
				require.Equal(t, op.Method, spec.Decisions[op.ID].Method, op.ID)
				require.Equal(t, op.Path, spec.Decisions[op.ID].Path, op.ID)
			}
		})
	}
}

// A permission that is not in the catalogue cannot be granted, so its operation would be closed for all users.
func TestEveryPermissionAskedIsInTheCatalogue(t *testing.T) {
	for _, spec := range Specs {
		for id, op := range spec.Decisions {
			if op.Permission == "" {
				continue
			}
			_, known := domain.Platform.Find(op.Permission)
			require.True(t, known, "%s: %s asks for %s, which access/domain/catalogue.go does not have", spec.Service, id, op.Permission)
		}
	}
}

// A signature does not say of what type a body is, so no operation that wants one may read a body in two ways.
func TestWhatIsSignedIsReadInOneWay(t *testing.T) {
	bodies := 0
	for _, spec := range Specs {
		loaded, err := spec.Load()
		require.NoError(t, err)
		for _, op := range Operations(loaded, spec.Decisions) {
			body := op.Spec.RequestBody
			if !op.Signed || body == nil {
				continue
			}
			bodies++
			require.Len(t, body.Value.Content, 1, "%s %s", spec.Service, op.ID)
		}
	}
	require.NotZero(t, bodies)
}

// The generator makes at least fifty requests for every operation there is.
func TestEveryRealOperationIsTriedInManyWays(t *testing.T) {
	total := 0
	for _, spec := range Specs {
		loaded, err := spec.Load()
		require.NoError(t, err)
		for _, op := range Operations(loaded, spec.Decisions) {
			n := len(Requests(op, nil))
			require.GreaterOrEqual(t, n, 50, "%s %s", spec.Service, op.ID)
			total += n
		}
	}
	t.Logf("%d requests", total)
}

// A parameter of a path is a secret (format password) exactly where logs and traces leave the path out.
func TestSecretsInPathsAreNotLogged(t *testing.T) {
	t.Parallel()
	for _, spec := range Specs {
		doc, err := spec.Load()
		require.NoError(t, err)
		for path, item := range doc.Paths.Map() {
			has := slices.ContainsFunc(item.Parameters, func(p *openapi3.ParameterRef) bool {
				return p.Value.In == openapi3.ParameterInPath && p.Value.Schema.Value.Format == "password"
			})
			_, secret := decided.LoggedPath(path)
			require.Equal(t, has, secret, path)
		}
	}
	for _, page := range []string{"/badges/", "/invite/"} {
		logged, secret := decided.LoggedPath(page + "token")
		require.True(t, secret, page)
		require.Equal(t, page+"...", logged)
	}
}
