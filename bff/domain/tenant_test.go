package domain_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"go.updspace.com/bff/domain"
)

func TestSlugOfHost(t *testing.T) {
	rule := domain.HostRule{Suffix: "updspace.com", APIPrefix: "api"}
	for host, want := range map[string]string{
		"aef.updspace.com":          "aef",
		"AEF.UpdSpace.COM":          "aef",
		"aef.updspace.com:8080":     "aef",
		"api.aef.updspace.com":      "aef",
		"api.aef.updspace.com:443":  "aef",
		"a-b-1.updspace.com":        "a-b-1",
		"a.updspace.com":            "a",
		"updspace.com":              "",
		".updspace.com":             "",
		"api.updspace.com":          "", // the prefix alone names no tenant
		"id.updspace.com":           "",
		"api.id.updspace.com":       "",
		"www.updspace.com":          "",
		"api.api.updspace.com":      "",
		"x.aef.updspace.com":        "", // a tenant has exactly its own hosts
		"aef.updspace.com.evil.com": "",
		"aefupdspace.com":           "",
		"aef.evil-updspace.com":     "",
		"-aef.updspace.com":         "",
		"aef-.updspace.com":         "",
		"a_f.updspace.com":          "",
		"aef.updspace.com.":         "",
		"127.0.0.1:8080":            "",
		"[::1]:8080":                "",
		"":                          "",
		"ä.updspace.com":            "",
		"aef@updspace.com":          "",
	} {
		slug, ok := rule.Slug(host)
		require.Equal(t, want != "", ok, host)
		require.Equal(t, want, slug, host)
	}
}
