package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// entry is a line that a table of services gains.
type entry struct {
	file   string
	before string // the text that the line is put before: its first occurrence after the text of after
	after  string
	line   string
	has    string // when the file has this already, nothing is added
}

// entries are all tables that list the services.
var entries = []entry{
	{file: "go.work", after: "use (", before: ")", line: "\t./__name__\n"},
	{file: ".golangci.yml", before: "            - go.updspace.com/access/domain\n", line: "            - go.updspace.com/__name__/domain\n"},
	{file: "tools/go.mod", after: "replace (", before: ")", line: "\tgo.updspace.com/__name__ => ../__name__\n"},
	{file: "tools/go.mod", after: "require (", before: "\tgo.updspace.com/tools/devkit", line: "\tgo.updspace.com/__name__ v0.0.0\n"},
	{file: "tools/services/services.go", after: "import (", before: ")\n", line: "\t\"go.updspace.com/__name__\"\n"},
	{file: "tools/services/services.go", before: "\t\tDefine(\"bff\",", line: "\t\tDefine(\"__name__\", __port__, \"db___name__\", " +
		"__name__.Module, __name__.Migrate, __name__.SeedDemo, func(c *__name__.Config) *servicefx.Config { return &c.Config }),\n"},
	{file: "tools/contract/specs.go", after: "import (", before: ")\n", line: "\t\"go.updspace.com/api/__name__api\"\n"},
	{file: "tools/contract/specs.go", after: "var Specs = []Spec{", before: "}\n", line: "\t{\"__name__\", __name__api.GetSpec, __name__api.Operations},\n"},
	{file: "bff/adapters/proxy/routes.go", after: "var routes = []route{", before: "\n}", has: "\"/api/v1/__name__\"",
		line: "\n\t{prefix: \"/api/v1/__name__\", upstream: \"__name__\"},"},
	{file: "bff/config.go", before: "\tProxyTimeout ", has: "\"__NAME___URL\"", line: "\t__Name__URL string `env:\"__NAME___URL\"`\n"},
	{file: "bff/config.go", after: "return map[string]string{\n\t\t\"identity\":", before: "\n\t}\n", has: "\"__name__\":",
		line: "\n\t\t\"__name__\": c.__Name__URL,"},
	{file: "access/domain/permission.go", after: "const (", before: ")", has: "\"__name__\"", line: "\t__Name__ Service = \"__name__\"\n"},
	{file: "access/domain/permission.go", after: "return []Service{", before: "}", has: "__Name__,", line: ", __Name__"},
	{file: "access/domain/catalogue.go", before: "})\n\n// Reasons for reserved keys", line: "\n" +
		"\town(__Name__, \"items.read\", Text{\"Read items\", \"Видеть записи\"}, Text{\"Names and texts.\", \"Названия и тексты.\"}),\n" +
		"\town(__Name__, \"items.create\", Text{\"Create items\", \"Создавать записи\"}, Text{\"Shown at once.\", \"Сразу видны другим.\"}),\n" +
		"\town(__Name__, \"items.manage\", Text{\"Change and delete items\", \"Менять и удалять чужие записи\"}, Text{\"Of all authors.\", \"Любых авторов.\"}),\n"},
	{file: "access/domain/template.go", after: "var templateDescriptions = map[Service]map[string]Text{", before: "\n}\n", has: "\t__Name__: {",
		line: "\n\t__Name__: {\n" +
			"\t\tRoleMember:    {\"Every member holds it.\", \"Есть у каждого участника.\"},\n" +
			"\t\tRoleModerator: {\"The same as members.\", \"То же, что у участников.\"},\n" +
			"\t\tRoleAdmin:     {\"Create, change and delete items.\", \"Создавать, менять и удалять записи.\"},\n\t},"},
	{file: "access/domain/catalogue_test.go", after: "var known = strings.Fields(`\n", before: "\t", line: "\t__name__.items.read __name__.items.create __name__.items.manage\n"},
}

// insert adds the line to the table.
func (e entry) insert(root string, stamp *strings.Replacer) error {
	name := filepath.Join(root, filepath.FromSlash(e.file))
	text, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	if has := stamp.Replace(e.has); has != "" && strings.Contains(string(text), has) {
		return nil
	}
	head, rest, ok := strings.Cut(string(text), e.after)
	if !ok {
		return fmt.Errorf("%s has no %q: mend tools/newservice/entries.go", e.file, e.after)
	}
	at := strings.Index(rest, e.before)
	if at < 0 {
		return fmt.Errorf("%s has no %q: mend tools/newservice/entries.go", e.file, e.before)
	}
	changed := head + e.after + rest[:at] + stamp.Replace(e.line) + rest[at:]
	return os.WriteFile(name, []byte(changed), 0o644) //nolint:gosec // source code is readable by all
}
