// Command words finds pronouns in comments, specs and documents that do not name their subject. Write "the caller", "the
// member", "no user" instead (CONTRIBUTING.md, "House style"). The banned words are in the pattern below.
//
//	go run ./tools/words
package main

import (
	"bufio"
	"bytes"
	"fmt"
	"go/scanner"
	"go/token"
	"os"
	"os/exec"
	"path"
	"regexp"
	"strings"
)

var banned = regexp.MustCompile(`\b([Ww]hoever|[Ww]homever|[Ww]hoso|[Nn]obody|[Ss]omebody|[Hh]e|[Hh]im|[Hh]is)\b`)

func main() {
	found, err := scan()
	if err != nil {
		fmt.Fprintln(os.Stderr, "words:", err)
		os.Exit(2)
	}
	for _, f := range found {
		fmt.Println(f)
	}
	if len(found) > 0 {
		fmt.Printf("%d lines do not name their subject\n", len(found))
		os.Exit(1)
	}
}

// scan reads the files that git tracks or would track.
func scan() ([]string, error) {
	list, err := exec.Command("git", "ls-files", "-co", "--exclude-standard", "-z").Output()
	if err != nil {
		return nil, fmt.Errorf("listing files: %w", err)
	}
	var found []string
	for name := range strings.SplitSeq(strings.TrimSuffix(string(list), "\x00"), "\x00") {
		if !applies(name) {
			continue
		}
		text, err := os.ReadFile(name)
		if os.IsNotExist(err) { // deleted, not yet committed
			continue
		}
		if err != nil {
			return nil, err
		}
		for _, l := range check(name, text) {
			found = append(found, fmt.Sprintf("%s:%d: %s", name, l.number, strings.TrimSpace(l.text)))
		}
	}
	return found, nil
}

// applies reports whether people read the file as prose or code, and people wrote it.
func applies(name string) bool {
	if strings.HasSuffix(name, ".gen.go") || strings.Contains(name, "/src/gen/") || strings.HasPrefix(name, "tools/words/") {
		return false
	}
	switch path.Ext(name) {
	case ".go", ".md", ".yaml", ".yml", ".sql", ".sh", ".ts", ".tsx", ".tmpl":
		return true
	}
	return path.Base(name) == "Makefile" || path.Base(name) == "Dockerfile"
}

type line struct {
	number int
	text   string
}

// check returns the lines of prose in a file that contain a banned word.
func check(name string, text []byte) []line {
	var found []line
	for _, l := range prose(name, text) {
		if banned.MatchString(l.text) {
			found = append(found, l)
		}
	}
	return found
}

// prose returns the comments of a Go file, the comment lines of other code, and all of a document or spec.
func prose(name string, text []byte) []line {
	if strings.HasSuffix(name, ".go") {
		return goComments(text)
	}
	marks := map[string][]string{".sql": {"--"}, ".sh": {"#"}, ".ts": {"//", "*", "/*"}, ".tsx": {"//", "*", "/*", "{/*"}}[path.Ext(name)]
	var lines []line
	s := bufio.NewScanner(bytes.NewReader(text))
	s.Buffer(nil, len(text)+1)
	for n := 1; s.Scan(); n++ {
		trimmed := strings.TrimSpace(s.Text())
		isProse := marks == nil
		for _, mark := range marks {
			isProse = isProse || strings.HasPrefix(trimmed, mark)
		}
		if isProse {
			lines = append(lines, line{n, s.Text()})
		}
	}
	return lines
}

func goComments(text []byte) []line {
	var lines []line
	files := token.NewFileSet()
	file := files.AddFile("", -1, len(text))
	var s scanner.Scanner
	s.Init(file, text, nil, scanner.ScanComments)
	for {
		pos, tok, lit := s.Scan()
		if tok == token.EOF {
			return lines
		}
		if tok == token.COMMENT {
			for i, l := range strings.Split(lit, "\n") {
				lines = append(lines, line{files.Position(pos).Line + i, l})
			}
		}
	}
}
