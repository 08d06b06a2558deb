package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"time"

	"go.updspace.com/tools/bench/stats"
	"go.updspace.com/tools/devkit/devstack"
)

// page is one that a browser opens. Shown is what its reader came for; Press is a button, and Opens what it brings. All three
// are selectors.
type page struct {
	Name    string   `json:"name"`
	URL     string   `json:"url"`
	Cookies []cookie `json:"cookies"`
	Shown   string   `json:"shown"`
	Press   string   `json:"press"`
	Opens   string   `json:"opens"`
}

type cookie struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// visit is what the browser saw of a page.
type visit struct {
	LCP      float64 `json:"lcp"`     // milliseconds until the largest part was painted
	Largest  string  `json:"largest"` // which part that was
	Shift    float64 `json:"shift"`
	Requests int     `json:"requests"`
	Bytes    float64 `json:"bytes"`
}

// visits are those of one page in one round.
type visits struct {
	Name  string  `json:"name"`
	Cold  visit   `json:"cold"`
	Warm  visit   `json:"warm"`
	Press float64 `json:"press"` // milliseconds from pressing to the next paint
}

// The targets, of web-design: on a line of 1.6 Mbit/s and 150 ms, with a quarter of the processor.
const (
	mostCold  = 2500.0 // milliseconds
	mostWarm  = 1500.0 // milliseconds
	mostShift = 0.02
	mostPress = 200.0 // milliseconds
)

// barePage is the baseline of all others.
const barePage = "a bare page"

// pagesRound is how long one round of all pages may take.
const pagesRound = 5 * time.Minute

// pages are a member's home, an open poll, the list of people, and the sign-in of a stranger.
func (m maker) pages(ctx context.Context) ([]page, error) {
	polls, err := m.fixture.openDemoPoll(ctx)
	if err != nil {
		return nil, err
	}
	none, member := []cookie{}, []cookie{}
	for name, value := range m.fixture.cookies {
		member = append(member, cookie{name, value})
	}
	const search, dialog = ".acts .only-phone button", "[role=dialog]"
	return []page{
		{barePage, "http://" + m.harness.Baselines["page"].Addr + "/", none, "h1", "summary", "details p"},
		{"page: home", m.harness.Origin + "/", member, "main article", search, dialog},
		{"page: a poll", m.harness.Origin + "/polls/" + polls, member, "main h1", search, dialog},
		{"page: people", m.harness.Origin + "/people", member, "main li", search, dialog},
		{"page: sign-in", m.harness.ID + "/login", none, "input[type=email]", "button[type=submit]", "[aria-invalid=true]"},
	}, nil
}

// pagesNamed keeps the pages whose name matches, and what they stand beside.
func pagesNamed(pages []page, name *regexp.Regexp) []page {
	kept := slices.DeleteFunc(slices.Clone(pages), func(p page) bool { return p.Name != barePage && !name.MatchString(p.Name) })
	if len(kept) == 1 {
		return nil
	}
	return kept
}

// openDemoPoll finds the poll of the demo data that takes votes.
func (v *fixture) openDemoPoll(ctx context.Context) (id string, err error) {
	var list struct {
		Items []struct {
			Poll struct {
				ID string `json:"id"`
			} `json:"poll"`
		} `json:"items"`
	}
	if err := v.member.Send(ctx, http.MethodGet, "/api/v1/voting/me/polls?phase=open", nil).JSON(http.StatusOK, &list); err != nil {
		return "", err
	}
	if len(list.Items) == 0 {
		return "", errors.New("no poll of the demo data is open")
	}
	return list.Items[0].Poll.ID, nil
}

// allPages opens every page in turn, round by round.
func (b *bench) allPages(ctx context.Context, pages []page) error {
	if len(pages) == 0 {
		return nil
	}
	root, ok := devstack.WorkspaceRoot()
	if !ok {
		return errors.New("there is no go.work here or above")
	}
	chromium, err := devstack.FindChromium(ctx, devstack.Options{Cache: devstack.DefaultCache()})
	if err != nil {
		return err
	}
	for round := range b.runs {
		note("pages in a browser, round %d of %d", round+1, b.runs)
		seen, err := openPages(ctx, filepath.Join(root, "web", "scripts", "speed.mjs"), chromium, pages)
		if err != nil {
			return fmt.Errorf("opening pages: %w", err)
		}
		for _, v := range seen {
			b.visits[v.Name] = append(b.visits[v.Name], v)
		}
	}
	return nil
}

func openPages(ctx context.Context, script string, browser devstack.Chromium, pages []page) ([]visits, error) {
	ctx, cancel := context.WithTimeout(ctx, pagesRound)
	defer cancel()
	input, err := json.Marshal(map[string]any{"executable": browser.Path, "pages": pages})
	if err != nil {
		return nil, err
	}
	var out, said bytes.Buffer
	c := exec.CommandContext(ctx, "node", script)
	c.Env = append(os.Environ(), browser.Env...)
	c.Stdin, c.Stdout, c.Stderr = bytes.NewReader(input), &out, &said
	c.Cancel = func() error { return c.Process.Signal(syscall.SIGTERM) } // it then closes its browser
	c.WaitDelay = 10 * time.Second
	if err := c.Run(); err != nil {
		return nil, fmt.Errorf("%w: %s", err, strings.TrimSpace(said.String()))
	}
	var seen []visits
	return seen, json.Unmarshal(out.Bytes(), &seen)
}

var pageColumns = []string{
	"page in a browser", "LCP cold ms", "[min-max]", "over bare", "LCP warm ms", "[min-max]", "over bare", "shift", "press ms", "requests", "kB", "largest", "target", "",
}

// reportPages adds the lines of the pages, and tells whether they met their targets.
func (b *bench) reportPages(t *table, pages []page) bool {
	met := true
	bare := b.visits[barePage]
	for _, p := range pages {
		all := b.visits[p.Name]
		column := func(of func(visits) float64) stats.Summary {
			values := make([]float64, len(all))
			for i, v := range all {
				values[i] = of(v)
			}
			return stats.Of(values)
		}
		over := func(of func(visits) float64) string {
			differences := make([]float64, 0, len(all))
			for i := range min(len(all), len(bare)) {
				differences = append(differences, of(all[i])-of(bare[i]))
			}
			return fmt.Sprintf("%+.0f", stats.Of(differences).Median)
		}
		coldLCP, warmLCP := func(v visits) float64 { return v.Cold.LCP }, func(v visits) float64 { return v.Warm.LCP }
		cold, warm := column(coldLCP), column(warmLCP)
		shift, press := column(func(v visits) float64 { return max(v.Cold.Shift, v.Warm.Shift) }), column(func(v visits) float64 { return v.Press })
		requests, size := column(func(v visits) float64 { return float64(v.Cold.Requests) }), column(func(v visits) float64 { return v.Cold.Bytes / 1000 })
		cells := []string{
			p.Name, number(cold.Median), span(cold, "%.0f"), over(coldLCP), number(warm.Median), span(warm, "%.0f"), over(warmLCP),
			fmt.Sprintf("%.3f", shift.Median), number(press.Median), fmt.Sprintf("%.0f", requests.Median), number(size.Median),
		}
		if p.Name == barePage {
			cells[0], cells[3], cells[6] = "baseline: "+p.Name, "", ""
			t.add(cells...)
			continue
		}
		missed := missedBy(cold.Median, warm.Median, shift.Median, press.Median)
		word := "met"
		if len(missed) > 0 {
			word, met = "MISSED: "+strings.Join(missed, ", "), false
		}
		t.add(append(cells, all[len(all)-1].Cold.Largest, fmt.Sprintf("%.0f, %.0f, %.2f, %.0f", mostCold, mostWarm, mostShift, mostPress), word)...)
	}
	return met
}

// missedBy names the targets that a page misses.
func missedBy(cold, warm, shift, press float64) (names []string) {
	for _, c := range []struct {
		name        string
		value, most float64
	}{{"cold", cold, mostCold}, {"warm", warm, mostWarm}, {"shift", shift, mostShift}, {"press", press, mostPress}} {
		if c.value > c.most {
			names = append(names, c.name)
		}
	}
	return names
}

const pagesLegend = `
Pages are opened by Chromium, 390 x 844, at 1.6 Mbit/s, 150 ms and a quarter of the processor: cold by a browser that has nothing of
the page, then warm. LCP is when the largest part was painted, "over bare" the median difference to the bare page of the same
round, shift the sum of all layout shifts (never less than CLS), press the time from pressing a button to the next paint (INP of
that one press). Requests and kB are those of the cold visit. Targets: LCP cold, LCP warm, shift, press, each at most.
`
