package main

import (
	"fmt"
	"io"
	"math"
	"strings"
	"unicode/utf8"

	"go.updspace.com/tools/bench/stats"
)

// The harm that sign-ins may do to the slowest answers of another endpoint: the longer of the two. With every core free to
// hash at once an answer would wait for a hash, some 25 ms, or for several.
const (
	harmFactor = 2.0
	harmMost   = 5.0 // milliseconds

	mostOfAttempts = 256 // MB: 200 hashes at once would take 3,800
)

var columns = []string{
	"", "conns", "CPU µs/req", "[min-max]", "of it servers", "req/s", "[min-max]", "p50 ms", "p99 ms", "baseline", "µs/req", "ratio", "[min-max]", "target", "",
}

// report prints the table and tells whether every target was met.
func report(w io.Writer, b *bench, p plan) bool {
	met := true
	if len(p.pages) > 0 {
		pages := &table{head: pageColumns, left: leftPageColumns}
		met = b.reportPages(pages, p.pages)
		pages.print(w)
		fmt.Fprint(w, pagesLegend+"\n")
	}
	if !p.loads() && p.rules == nil && p.arrivals == nil && len(p.pages) > 0 {
		return met
	}
	t := &table{head: columns, left: leftColumns}
	verdict := func(ok bool) string {
		if ok {
			return "met"
		}
		met = false
		return "MISSED"
	}
	for _, connections := range b.connections {
		for _, s := range p.subjects {
			cells := b.measured(s.name, connections)
			r, ok := p.row(s.name)
			if !ok {
				t.add(append([]string{"baseline: " + s.name}, cells...)...)
				continue
			}
			baseline, ratio := b.against(r, connections)
			cells = append(cells, baselineName(r.baselines), number(baseline.Median), fmt.Sprintf("%.2f", ratio.Median), span(ratio, "%.2f"))
			target, ok := b.target(r, connections, baseline, ratio)
			word := ""
			if target != "none" {
				word = verdict(ok)
			}
			if target != "none" && r.perSecond != 0 && !ok && capacity(baseline.Median, r.cores) < r.perSecond {
				word += ", and so does the baseline: this machine is too slow or too busy"
			}
			cells = append(cells, target, word)
			t.add(append([]string{s.name}, cells...)...)
		}
		t.rule()
	}
	if p.watch != nil {
		alone, beside, megabytes := b.watchSummary()
		limit := harmLimit(alone.p99.Median)
		t.add(fmt.Sprintf("%s, beside %d sign-ins", p.watch.watched.name, attempts), "1", "", "", "", "", "",
			fmt.Sprintf("%.2f", beside.p50.Median), fmt.Sprintf("%.2f", beside.p99.Median),
			fmt.Sprintf("p99 alone %.2f ms", alone.p99.Median), "", fmt.Sprintf("%.2f", beside.p99.Median/alone.p99.Median), "",
			fmt.Sprintf("p99 <= %.2f ms, %.0f MB <= %d MB", limit, megabytes.Max, mostOfAttempts), verdict(beside.p99.Median <= limit && megabytes.Max <= mostOfAttempts))
	}
	if p.revoke != nil && !b.revoked(t, *p.revoke) {
		met = false
	}
	if p.rules != nil && !p.rules.report(t) {
		met = false
	}
	if p.arrivals != nil && !p.arrivals.report(t) {
		met = false
	}
	t.print(w)
	fmt.Fprint(w, legend)
	return met
}

// target says what is asked of a row, and whether it is met.
func (b *bench) target(r row, connections int, baseline, ratio stats.Summary) (target string, met bool) {
	met = true
	var parts []string
	if r.factor != 0 {
		parts = append(parts, fmt.Sprintf("ratio <= %.4g", r.factor))
		met = ratio.Median <= r.factor
	}
	if r.perSecond != 0 {
		can := capacity(stats.Of(b.column(r.subject.name, connections, func(s sample) float64 { return s.cpu })).Median, r.cores)
		parts = append(parts, fmt.Sprintf("%.0f/s >= %.0f/s on %s", can, r.perSecond, cores(r.cores)))
		met = met && can >= r.perSecond
	}
	if r.noTarget || connections < r.from {
		return "none", true
	}
	return strings.Join(parts, ", "), met
}

const legend = `
CPU is user and system time of every process that serves: of a row the platform's one process, its PostgreSQL with all back
ends, and its Redis; of a baseline the same for its own ("servers": PostgreSQL and Redis). The load generator is in neither, nor
is the bare handler that both gateways proxy to. Figures are medians over the rounds; a ratio is the median of each round's.
"a poll read" stands against the gateway, one HTTP + call + SELECT for voting and one HTTP + SELECT for access, added up: what
"call" adds to "select" is the least that asking another service costs. The feed's baseline knows where its reader may look; the
portal asks access. A vote asks access, too, and writes its event besides its row; none of that is in its baseline, which is one
INSERT. An uncached check is about a user whom access has forgotten: more take turns than it has room for. Capacities (/s)
follow from CPU per request, since the load generator shares the cores.
`

func harmLimit(quiet float64) float64 { return max(quiet*harmFactor, quiet+harmMost) }

// capacity is how many requests so many cores could serve in a second that did nothing else.
func capacity(microseconds float64, cores int) float64 { return float64(cores) * 1e6 / microseconds }

func cores(n int) string {
	if n == 1 {
		return "1 core"
	}
	return fmt.Sprintf("%d cores", n)
}

func (p plan) row(name string) (row, bool) {
	for _, r := range p.rows {
		if r.subject.name == name {
			return r, true
		}
	}
	return row{}, false
}

func baselineName(baselines []string) string { return strings.Join(baselines, " + ") }

func (b *bench) column(subject string, connections int, of func(sample) float64) []float64 {
	all := b.samples[key{subject, connections}]
	values := make([]float64, len(all))
	for i, s := range all {
		values[i] = of(s)
	}
	return values
}

// measured is the part of a line that baselines have too.
func (b *bench) measured(subject string, connections int) []string {
	summary := func(of func(sample) float64) stats.Summary { return stats.Of(b.column(subject, connections, of)) }
	cpu, rate := summary(func(s sample) float64 { return s.cpu }), summary(func(s sample) float64 { return s.perSecond })
	servers := summary(func(s sample) float64 { return s.servers })
	p50, p99 := summary(func(s sample) float64 { return s.p50 }), summary(func(s sample) float64 { return s.p99 })
	return []string{
		fmt.Sprint(connections), number(cpu.Median), span(cpu, "%.0f"), number(servers.Median), number(rate.Median), span(rate, "%.0f"),
		fmt.Sprintf("%.2f", p50.Median), fmt.Sprintf("%.2f", p99.Median),
	}
}

// against sums the baselines of a row, round by round, and sets the row in proportion.
func (b *bench) against(r row, connections int) (baseline, ratio stats.Summary) {
	cost := func(s sample) float64 { return s.cpu }
	values := b.column(r.subject.name, connections, cost)
	sums := make([]float64, len(values))
	for _, f := range r.baselines {
		for i, v := range b.column(f, connections, cost) {
			sums[i] += v
		}
	}
	return stats.Of(sums), stats.Of(stats.Ratios(values, sums))
}

type watchSummary struct{ p50, p99 stats.Summary }

func (b *bench) watchSummary() (alone, beside watchSummary, megabytes stats.Summary) {
	of := func(pick func(watch) float64) stats.Summary {
		values := make([]float64, len(b.watches))
		for i, w := range b.watches {
			values[i] = pick(w)
		}
		return stats.Of(values)
	}
	alone = watchSummary{of(func(w watch) float64 { return w.quiet.p50 }), of(func(w watch) float64 { return w.quiet.p99 })}
	beside = watchSummary{of(func(w watch) float64 { return w.loaded.p50 }), of(func(w watch) float64 { return w.loaded.p99 })}
	return alone, beside, of(func(w watch) float64 { return w.megabytes })
}

func number(f float64) string {
	if math.Abs(f) < 100 {
		return fmt.Sprintf("%.1f", f)
	}
	return fmt.Sprintf("%.0f", f)
}

func span(s stats.Summary, format string) string {
	return fmt.Sprintf("["+format+"-"+format+"]", s.Min, s.Max)
}

// table is text in columns: the first and the worded ones to the left, figures to the right.
type table struct {
	head []string
	left map[int]bool // the columns of words
	rows [][]string   // nil is a rule
}

func (t *table) add(cells ...string) { t.rows = append(t.rows, cells) }
func (t *table) rule()               { t.rows = append(t.rows, nil) }

var (
	leftColumns     = map[int]bool{0: true, 3: true, 6: true, 9: true, 12: true, 13: true, 14: true}
	leftPageColumns = map[int]bool{0: true, 2: true, 5: true, 11: true, 12: true, 13: true}
)

func (t *table) print(w io.Writer) {
	width := make([]int, len(t.head))
	for _, row := range append([][]string{t.head}, t.rows...) {
		for i, cell := range row {
			width[i] = max(width[i], utf8.RuneCountInString(cell))
		}
	}
	total := 0
	for _, n := range width {
		total += n + 2
	}
	line := func(cells []string) {
		var out strings.Builder
		for i, cell := range cells {
			pad := strings.Repeat(" ", width[i]-utf8.RuneCountInString(cell))
			if t.left[i] {
				out.WriteString(cell + pad + "  ")
			} else {
				out.WriteString(pad + cell + "  ")
			}
		}
		fmt.Fprintln(w, strings.TrimRight(out.String(), " "))
	}
	line(t.head)
	rule := strings.Repeat("-", total)
	fmt.Fprintln(w, rule)
	for _, row := range t.rows {
		if row == nil {
			fmt.Fprintln(w, rule)
			continue
		}
		line(row)
	}
}
