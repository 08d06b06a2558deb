package main

import (
	"io"
	"strings"

	cdx "github.com/CycloneDX/cyclonedx-go"
)

// writeSBOM writes a bill of materials in the JSON form of CycloneDX. It has no time and no random number: the same sources give
// the same bytes.
func writeSBOM(out io.Writer, version string, parts []part) error {
	bom := cdx.NewBOM()
	bom.Metadata = &cdx.Metadata{Component: &cdx.Component{
		BOMRef: "updspace", Type: cdx.ComponentTypeApplication, Name: "updspace", Version: version,
		Licenses: &cdx.Licenses{{License: &cdx.License{ID: "Apache-2.0"}}},
	}}
	components := make([]cdx.Component, 0, len(parts))
	for _, p := range parts {
		components = append(components, cdx.Component{
			BOMRef: p.purl(), Type: cdx.ComponentTypeLibrary, Name: p.name, Version: p.version, PackageURL: p.purl(), Licenses: p.licences(),
		})
	}
	bom.Components = &components
	return cdx.NewBOMEncoder(out, cdx.BOMFileFormatJSON).SetPretty(true).EncodeVersion(bom, cdx.SpecVersion1_6)
}

// purl is the package URL: https://github.com/package-url/purl-spec.
func (p part) purl() string {
	if p.declared == "" {
		return "pkg:golang/" + p.name + "@" + p.version
	}
	return "pkg:npm/" + strings.Replace(p.name, "@", "%40", 1) + "@" + p.version
}

// licences is what a package declares, or else what its files are.
func (p part) licences() *cdx.Licenses {
	if p.declared != "" {
		return &cdx.Licenses{{Expression: p.declared}}
	}
	found := cdx.Licenses{}
	for _, id := range p.identified() {
		found = append(found, cdx.LicenseChoice{License: &cdx.License{ID: id}})
	}
	return &found
}
