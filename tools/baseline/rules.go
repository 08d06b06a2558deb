package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

// Squawk knows what a statement does to running programs: https://squawkhq.com/docs/rules. Left out are its rules of style. An
// exception stands before its statement: `-- squawk-ignore ban-drop-column` after a comment with the reason, which is the release
// since which no program uses the column.
const styleRules = "prefer-bigint-over-int,prefer-bigint-over-smallint,prefer-identity,prefer-text-field,prefer-timestamp-tz,prefer-robust-stmts," +
	"ban-char-field,require-lock-timeout,require-statement-timeout"

// oldest is the oldest PostgreSQL that docs/operate/install.md allows.
const oldest = "14"

// examine looks at new migrations and says what in them an instance of the release cannot live with.
func examine(ctx context.Context, root string, files []string) ([]string, error) {
	var findings []string
	for _, file := range files {
		content, err := os.ReadFile(filepath.Join(root, file))
		if err != nil {
			return nil, err
		}
		found, err := lint(ctx, file, string(content))
		if err != nil {
			return nil, err
		}
		findings = append(findings, found...)
	}
	return findings, nil
}

// lint says what is wrong with a migration.
func lint(ctx context.Context, file, content string) ([]string, error) {
	squawk, err := findSquawk()
	if err != nil {
		return nil, err
	}
	args := []string{"--reporter", "json", "--pg-version", oldest, "--exclude", styleRules, "--stdin-filepath", file}
	if !strings.Contains(content, "+goose NO TRANSACTION") {
		args = append(args, "--assume-in-transaction")
	}
	cmd := exec.CommandContext(ctx, squawk, args...)
	cmd.Stdin = strings.NewReader(content)
	var complaint strings.Builder
	cmd.Stderr = &complaint
	out, err := cmd.Output()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		return nil, fmt.Errorf("squawk: %w", err)
	}
	var violations []struct {
		Line int    `json:"line"`
		Rule string `json:"rule_name"`
		Text string `json:"message"`
	}
	if err := json.Unmarshal(out, &violations); err != nil {
		return nil, fmt.Errorf("squawk: %s: %w", complaint.String(), err)
	}
	findings := removals(file, content)
	if concurrently.MatchString(content) && !strings.Contains(content, "+goose NO TRANSACTION") {
		findings = append(findings, file+": CONCURRENTLY needs `-- +goose NO TRANSACTION`, and then each statement is a migration of its own")
	}
	for _, v := range violations {
		findings = append(findings, fmt.Sprintf("%s:%d: %s: %s", file, v.Line+1, v.Rule, v.Text))
	}
	return findings, nil
}

var concurrently = regexp.MustCompile(`(?im)^[^-\n]*\bCONCURRENTLY\b`)

// findSquawk looks for what `npm ci` installed, in this folder and those above.
func findSquawk() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if path := filepath.Join(dir, "node_modules/.bin/squawk"); exists(path) {
			return path, nil
		}
		if filepath.Dir(dir) == dir {
			return "", errors.New("squawk is missing: make node_modules")
		}
		dir = filepath.Dir(dir)
	}
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// removed are statements that squawk lets pass and that take from running programs what they use, or stop them for long.
var removed = []struct {
	statement *regexp.Regexp
	why       string
}{
	{regexp.MustCompile(`(?i)\bDROP\s+(FUNCTION|PROCEDURE|ROUTINE|VIEW|MATERIALIZED\s+VIEW|SEQUENCE|TYPE|DOMAIN|SCHEMA|EXTENSION|OWNED)\b`), "running programs may use what is dropped"},
	{regexp.MustCompile(`(?i)\bALTER\s+(FUNCTION|PROCEDURE|ROUTINE|VIEW|MATERIALIZED\s+VIEW|SEQUENCE|TYPE|DOMAIN|SCHEMA)\b[^;]*\bRENAME\b`), "running programs use the former name"},
	{regexp.MustCompile(`(?i)\bSET\s+SCHEMA\b`), "running programs look in the former schema"},
	{regexp.MustCompile(`(?i)\bTRUNCATE\b`), "it takes the rows of running programs"},
	{regexp.MustCompile(`(?i)\b(CLUSTER|VACUUM\s+FULL|SET\s+(UN)?LOGGED|SET\s+TABLESPACE)\b`), "it rewrites the table behind a lock"},
	{regexp.MustCompile(`(?i)\bLOCK\s+TABLE\b`), "it stops running programs"},
}

// allowed before a statement of these is the exception to them, with its reason.
var allowed = regexp.MustCompile(`(?i)^\s*-- baseline-ignore: \S`)

func removals(file, content string) []string {
	var findings []string
	lines := strings.Split(content, "\n")
	code := make([]string, len(lines))
	for i, line := range lines {
		code[i], _, _ = strings.Cut(line, "--")
	}
	text := strings.Join(code, "\n")
	for _, rule := range removed {
		for _, at := range rule.statement.FindAllStringIndex(text, -1) {
			line := strings.Count(text[:at[0]], "\n")
			if line > 0 && allowed.MatchString(lines[line-1]) {
				continue
			}
			findings = append(findings, fmt.Sprintf("%s:%d: %s: %s", file, line+1, strings.Join(strings.Fields(text[at[0]:at[1]]), " "), rule.why))
		}
	}
	return findings
}
