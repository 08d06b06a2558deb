package markdown_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"go.updspace.com/libs/markdown"
)

// attacks are sources whose output, or the cost of making it, grows faster than they do in an unbounded renderer.
func attacks() map[string]string {
	r := strings.Repeat
	return map[string]string{
		"wide table": r("x|", 800) + "\n" + r("-|", 800) + "\n" + r("x\n", 800), "small wide table": r("x|", 40) + "\n" + r("-|", 40) + "\n" + r("x\n", 45),
		"aligned table": r("x|", 40) + "\n" + r(":-:|", 40) + "\n" + r("x\n", 45), "many tables": r("a|b\n-|-\nc\n\n", 4000), "quotes": r(">", 50_000), "spaced quotes": r("> ", 25_000),
		"lists": r("- ", 10_000), "nested by indent": nested("- "), "nested numbers": nested("1. "), "numbers": r("1. ", 10_000), "emphasis": r("*a_ ", 12_000), "stars": r("*", 50_000), "underscores": r("_a", 25_000),
		"open links": r("[a](", 10_000), "brackets": r("[", 50_000), "images": r("![a](", 10_000), "references": "[a]: /" + r("x", 10_000) + "\n\n" + r("[a] ", 9_000),
		"many references": r("[a]: /x\n", 6_000), "code spans": r("`a", 25_000), "ticks": backticks(), "entities": r("&amp;", 10_000), "angles": r("<", 50_000), "closing angles": r("x>", 25_000), "ampersands": r("&", 50_000),
		"double quotes": r("\"", 50_000), "line breaks": r("a\n", 25_000), "paragraphs": r("a\n\n", 16_000), "headings": r("# a\n", 12_500), "list items": r("- a\n", 12_500), "tasks": r("- [ ] a\n", 6_000),
		"bare links": r("www.a.b ", 6_250), "mails": r("a@b.cc ", 7_000), "unicode links": r("www.я.рф/"+r("я", 40)+" ", 900), "strikes": r("~~a~~ ", 8_000), "strong": r("**a** ", 8_000), "quotes in lines": r(r(">", 16)+"a\n\n", 2_700),
		"tabs": r("\t", 50_000), "deep quote": r(">", 16) + "a", "rules": r("---\n", 12_500), "autolinks": r("<a:b>", 10_000), "control characters": r("\x01", 50_000), "separators": r("\u2028", 50_000), "nul": r("\x00", 50_000),
		"referenced ampersands": referenced(9), "more referenced ampersands": referenced(11),
		"setext": r("a\n=\n", 12_500), "fences": r("```\n", 12_500), "escapes": r("\\<", 25_000), "backslashes": r("\\", 50_000), "delimiters": "a|b\n" + r("-|-\n", 12_000), "emoji": r("👍", 50_000),
	}
}

// referenced is a long text of ampersands, which is six bytes each in JSON and ten each as HTML in JSON, and a number of links
// to a long address of them.
func referenced(links int) string {
	return "[a]: /" + strings.Repeat("&", 2_000) + "\n\n" + strings.Repeat("[a] ", links) + strings.Repeat("&", 47_900)
}

func nested(marker string) string {
	var out strings.Builder
	for depth := range 300 {
		out.WriteString(strings.Repeat(" ", depth*len(marker)) + marker + "a\n")
	}
	return out.String()
}

func backticks() string {
	var out strings.Builder
	for n := range 300 {
		out.WriteString(strings.Repeat("`", n) + " ")
	}
	return out.String()
}

// held requires of what is accepted that it is in proportion to its source and below what an answer may have.
func held(t require.TestingT, name, source string, rendered markdown.Rendered, err error) {
	if err != nil {
		require.NotEmpty(t, fieldOf(err), name)
		return
	}
	answer, err := json.Marshal(map[string]string{"body": source, "body_html": rendered.HTML})
	require.NoError(t, err)
	require.LessOrEqual(t, len(answer), 980_000, name) // a title and ten attachments have room in 1 MB
	require.LessOrEqual(t, len(answer), 64*(len(source)+32), name)
	excerpt, err := json.Marshal(rendered.Excerpt)
	require.NoError(t, err)
	require.LessOrEqual(t, len(excerpt), 4096, name)
	if rendered.Excerpt == "" {
		require.LessOrEqual(t, len(rendered.HTML), 4096, name)
	}
}

func TestOutputIsBounded(t *testing.T) {
	t.Parallel()
	m := newRenderer()
	for name, source := range attacks() {
		rendered, err := m.Render(source)
		held(t, name, source, rendered, err)
	}
}

func TestExpandingSourcesAreRefused(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"wide table", "small wide table", "aligned table", "quotes", "lists", "nested by indent", "numbers", "emphasis", "open links", "images", "references", "underscores",
		"more referenced ampersands",
	} {
		_, err := newRenderer().Render(attacks()[name])
		require.NotEmpty(t, fieldOf(err), name)
	}
}

// What people write stays far below the bounds.
func TestOrdinaryPostsAreAccepted(t *testing.T) {
	t.Parallel()
	r := strings.Repeat
	for name, source := range map[string]string{
		"a long text": r("Привет, **мир**. Это [ссылка](https://example.com/1) и `code`.\n\n", 190), "a table": "|a|b|c|d|\n|-|-|-|-|\n" + r("|1|2|3|4|\n", 400),
		"a log": "```\n" + r("2026-01-01 12:00:00 error <x> & \"y\"\n", 1_200) + "```", "a quoted discussion": "> > > > a\n> > > b\n> > c\n> d", "a list": r("- item\n  - inner\n    1. innermost\n", 500),
		"50,000 letters": r("я", 50_000), "angle brackets": r("a < b ", 8_000), "addresses": r("https://example.com/a-rather-long-path\n", 300),
	} {
		rendered, err := newRenderer().Render(source)
		require.NoError(t, err, name)
		require.NotEmpty(t, rendered.HTML, name)
	}
}

// Bounds are exact: the last that fits is accepted, one more is refused.
func TestBoundsAreExact(t *testing.T) {
	t.Parallel()
	r := strings.Repeat
	for name, source := range map[string]func(n int) string{
		"16 quotes":        func(n int) string { return r("word ", 60) + "\n\n" + r(">", 16+n) + " a" },
		"16 list items":    func(n int) string { return r("word ", 60) + "\n\n" + r("+ ", 16+n) + "a" },
		"64 columns":       func(n int) string { return "a\n" + r(" ", 64+n) + "b" },
		"200 links":        func(n int) string { return r("[a](/b) ", 200+n) },
		"4000 runs":        func(n int) string { return r("a* ", 4_000+n) },
		"2000 table cells": func(n int) string { return "aa|bb\n--|--\n" + r("aa|bb\n", 998+n) },
	} {
		_, err := newRenderer().Render(source(0))
		require.NoError(t, err, name)
		_, err = newRenderer().Render(source(1))
		require.NotEmpty(t, fieldOf(err), name)
	}
}

func TestExcerpts(t *testing.T) {
	t.Parallel()
	m := newRenderer()
	short, err := m.Render("**short**")
	require.NoError(t, err)
	require.Empty(t, short.Excerpt)
	long, err := m.Render(strings.Repeat("**word** ", 2_000))
	require.NoError(t, err)
	require.True(t, strings.HasPrefix(long.Excerpt, "<p><strong>word</strong> <strong>word</strong>"), long.Excerpt)
	require.True(t, strings.HasSuffix(strings.TrimSpace(long.Excerpt), "word</strong> …</p>"), long.Excerpt)
}

// Random compositions of what expands stay within the bounds, or are refused.
func TestRandomMarkdownIsBounded(t *testing.T) {
	t.Parallel()
	m := newRenderer()
	piece := rapid.SampledFrom([]string{
		"a", "x|", "|", "-|", ":-:|", "\n", "\n\n", ">", "> ", "- ", "1. ", "+ ", "* ", "*", "_", "~~", "`", "```\n", "[a]", "[a](", "](", "[a]: /b\n", "![", "<", "&", "\"", "# ", "    ", "\t", "www.a.b ", "a@b.cc ", "- [ ] ", "---\n", "я", "\\",
		"**", "__", "<http://a.b>", "<b>", "</b>", "<!--", "&lt;", "&#x3c;", "&nbsp;", "[a][a]", "[a]: /" + strings.Repeat("&", 500) + "\n", "https://a.b/" + strings.Repeat("x", 200) + " ",
	})
	rapid.Check(t, func(t *rapid.T) {
		var source strings.Builder
		for range rapid.IntRange(1, 6).Draw(t, "blocks") {
			block := strings.Join(rapid.SliceOfN(piece, 1, 6).Draw(t, "block"), "")
			source.WriteString(strings.Repeat(block, rapid.SampledFrom([]int{1, 2, 10, 40, 400}).Draw(t, "times")))
		}
		text := source.String()
		text = text[:min(len(text), 50_000)]
		rendered, err := m.Render(text)
		held(t, text, text, rendered, err)
	})
}
