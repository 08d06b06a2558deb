package main

import (
	"bytes"
	"testing"

	cdx "github.com/CycloneDX/cyclonedx-go"
	"github.com/stretchr/testify/require"
)

// The bill is read by another's reader and names every part with its licence; a second one is the same.
func TestABillOfMaterials(t *testing.T) {
	t.Parallel()
	parts := []part{
		{name: "filippo.io/age", version: "v1.3.1", texts: []text{{"LICENSE", isc}, {"LICENSE.more", isc}}},
		{name: "@tanstack/react-query", version: "5.0.0", declared: "MIT"},
	}
	var first, second bytes.Buffer
	require.NoError(t, writeSBOM(&first, "v0.1.0", parts))
	require.NoError(t, writeSBOM(&second, "v0.1.0", parts))
	require.Equal(t, first.String(), second.String())

	var bom cdx.BOM
	require.NoError(t, cdx.NewBOMDecoder(&first, cdx.BOMFileFormatJSON).Decode(&bom))
	require.Equal(t, cdx.SpecVersion1_6, bom.SpecVersion)
	require.Equal(t, "v0.1.0", bom.Metadata.Component.Version)
	require.Equal(t, []cdx.Component{
		{
			BOMRef: "pkg:golang/filippo.io/age@v1.3.1", Type: cdx.ComponentTypeLibrary, Name: "filippo.io/age", Version: "v1.3.1",
			PackageURL: "pkg:golang/filippo.io/age@v1.3.1", Licenses: &cdx.Licenses{{License: &cdx.License{ID: "ISC"}}},
		},
		{
			BOMRef: "pkg:npm/%40tanstack/react-query@5.0.0", Type: cdx.ComponentTypeLibrary, Name: "@tanstack/react-query", Version: "5.0.0",
			PackageURL: "pkg:npm/%40tanstack/react-query@5.0.0", Licenses: &cdx.Licenses{{Expression: "MIT"}},
		},
	}, *bom.Components)
}
