package main

import (
	"bytes"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// seen is a bench that has seen these costs at one connection, round by round.
func seen(costs map[string][]float64) *bench {
	b := &bench{settings: settings{connections: []int{1}}, samples: map[key][]sample{}}
	for subject, rounds := range costs {
		for _, cost := range rounds {
			k := key{subject, 1}
			b.samples[k] = append(b.samples[k], sample{cpu: cost, perSecond: 1})
		}
	}
	return b
}

func planOf(subjects []string, rows ...row) plan {
	var p plan
	for _, name := range subjects {
		p.subjects = append(p.subjects, &subject{name: name})
	}
	p.rows = rows
	return p
}

func TestATargetIsMetByTheMedianOfTheRoundsRatios(t *testing.T) {
	// the medians are 30 and 10, but round by round the row costs twice its baseline
	b := seen(map[string][]float64{"check": {20, 30, 80, 26, 40}, "select": {10, 15, 40, 13, 20}})
	p := planOf([]string{"select", "check"}, row{subject: &subject{name: "check"}, baselines: []string{"select"}, factor: 2})
	var out bytes.Buffer
	require.True(t, report(&out, b, p))
	require.Contains(t, out.String(), "ratio <= 2")

	p.rows[0].factor = 1.9
	out.Reset()
	require.False(t, report(&out, b, p))
	require.Contains(t, out.String(), "MISSED")
}

func TestBaselinesAddUp(t *testing.T) {
	b := seen(map[string][]float64{"read": {35}, "gateway": {10}, "select": {5}})
	baseline, ratio := b.against(row{subject: &subject{name: "read"}, baselines: []string{"gateway", "select", "select"}}, 1)
	require.InDelta(t, 20, baseline.Median, 1e-9)
	require.InDelta(t, 1.75, ratio.Median, 1e-9)
}

func TestARateIsWhatTheCoresCouldDo(t *testing.T) {
	b := seen(map[string][]float64{"token": {1000}, "sign": {50}})
	p := planOf([]string{"token"}, row{subject: &subject{name: "token"}, baselines: []string{"sign"}, perSecond: 2000, cores: 2})
	var out bytes.Buffer
	require.True(t, report(&out, b, p))
	require.Contains(t, out.String(), "2000/s >= 2000/s on 2 cores")
	b = seen(map[string][]float64{"token": {1001}, "sign": {50}})
	require.False(t, report(&out, b, p))
	require.NotContains(t, out.String(), "too busy")

	b = seen(map[string][]float64{"token": {1300}, "sign": {1200}})
	require.False(t, report(&out, b, p), "a target stays a target")
	require.Contains(t, out.String(), "too busy", "and the report says why")
}

func TestARowWithTwoTargetsMustMeetBoth(t *testing.T) {
	b := seen(map[string][]float64{"vote": {600}, "insert": {300}})
	both := func(factor, perSecond float64) bool {
		return report(&bytes.Buffer{}, b, planOf([]string{"vote"}, row{
			subject: &subject{name: "vote"}, baselines: []string{"insert"}, factor: factor, perSecond: perSecond, cores: 2,
		}))
	}
	require.True(t, both(2, 3333))
	require.False(t, both(1.9, 3333))
	require.False(t, both(2, 3334))
}

func TestARowWithoutATargetFailsNothing(t *testing.T) {
	b := seen(map[string][]float64{"strict": {900}, "select": {10}})
	require.True(t, report(&bytes.Buffer{}, b, planOf([]string{"strict"}, row{subject: &subject{name: "strict"}, baselines: []string{"select"}, noTarget: true})))
}

func TestHarmIsTheLongerOfTwoMeasures(t *testing.T) {
	p := planOf(nil)
	p.watch = &watchPlan{watched: &subject{name: "keys"}}
	for _, c := range []struct {
		quiet, loaded, megabytes float64
		met                      bool
	}{{1, 5.9, 1, true}, {1, 6.1, 1, false}, {20, 39, 1, true}, {20, 41, 1, false}, {1, 1, 300, false}} {
		b := seen(nil)
		b.watches = []watch{{watchSample{p99: c.quiet}, watchSample{p99: c.loaded}, c.megabytes}}
		require.Equal(t, c.met, report(&bytes.Buffer{}, b, p), "%v", c)
	}
}

func TestAPageIsJudgedByItsMedians(t *testing.T) {
	p := planOf(nil)
	p.pages = []page{{Name: barePage}, {Name: "home"}}
	of := func(cold, warm, shift, press float64) visits {
		return visits{Cold: visit{LCP: cold, Shift: shift, Largest: "h1"}, Warm: visit{LCP: warm}, Press: press}
	}
	says := func(home ...visits) (text string, met bool) {
		b := seen(nil)
		b.visits = map[string][]visits{barePage: {of(300, 200, 0, 8), of(400, 250, 0, 8), of(350, 210, 0, 8)}, "home": home}
		var out bytes.Buffer
		met = report(&out, b, p)
		return out.String(), met
	}
	text, met := says(of(2500, 1500, 0.02, 200), of(9000, 9000, 1, 900), of(2000, 1400, 0, 100))
	require.True(t, met)
	require.Contains(t, text, "2500")
	require.Contains(t, text, "+2200", "beside the bare page of the same round")
	for name, home := range map[string]visits{
		"cold": of(2501, 1, 0, 1), "warm": of(1, 1501, 0, 1), "shift": of(1, 1, 0.021, 1), "press": of(1, 1, 0, 201),
	} {
		text, met := says(home)
		require.False(t, met)
		require.Contains(t, text, "MISSED: "+name+"\n")
	}
}

func TestOnlyKeepsTheBarePageBesideOthers(t *testing.T) {
	p := plan{pages: []page{{Name: barePage}, {Name: "page: home"}, {Name: "page: sign-in"}}}
	kept := p.only(regexp.MustCompile("sign-in$"))
	require.Equal(t, []page{{Name: barePage}, {Name: "page: sign-in"}}, kept.pages)
	require.False(t, kept.loads())
	require.Empty(t, p.only(regexp.MustCompile("access")).pages)
}

func TestColumnsLineUp(t *testing.T) {
	b := seen(map[string][]float64{"check": {20}, "select": {1234}})
	var out bytes.Buffer
	report(&out, b, planOf([]string{"select", "check"}, row{subject: &subject{name: "check"}, baselines: []string{"select"}, factor: 2}))
	lines := strings.Split(out.String(), "\n")
	end := func(line, cell string) int { // in runes, since µ is two bytes
		return len([]rune(line[:strings.Index(line, cell)+len(cell)]))
	}
	require.Equal(t, end(lines[0], "CPU µs/req"), end(lines[2], "1234"))
	require.Equal(t, end(lines[0], "CPU µs/req"), end(lines[3], "20.0"))
}

func TestOnlyKeepsTheBaselinesOfWhatItKeeps(t *testing.T) {
	check, read := &subject{name: "check"}, &subject{name: "read"}
	p := plan{
		subjects: []*subject{{name: "gateway"}, {name: "select"}, check, {name: "insert"}, read},
		rows:     []row{{subject: check, baselines: []string{"select"}}, {subject: read, baselines: []string{"gateway", "select"}}},
		watch:    &watchPlan{watched: &subject{name: "keys"}, beside: &subject{name: "sign-in"}},
	}
	kept := p.only(regexp.MustCompile("check"))
	var names []string
	for _, s := range kept.subjects {
		names = append(names, s.name)
	}
	require.Equal(t, []string{"select", "check"}, names)
	require.Len(t, kept.rows, 1)
	require.Nil(t, kept.watch)
	require.Len(t, p.subjects, 5, "the plan itself is not changed")
}

func TestSettingsAreRefusedThatCannotBeBelieved(t *testing.T) {
	for _, args := range [][]string{{"-runs", "3"}, {"-connections", "0"}, {"-connections", "one"}, {"-only", "("}} {
		_, err := parse(args)
		require.Error(t, err, args)
	}
	s, err := parse([]string{"-quick", "-connections", "4,8"})
	require.NoError(t, err)
	require.Equal(t, []int{4, 8}, s.connections)
	require.Less(t, s.runs, leastRuns)
}

func TestARevocationIsJudgedByItsSlowest(t *testing.T) {
	b := seen(map[string][]float64{"check": {1}})
	p := planOf([]string{"check"}, row{subject: &subject{name: "check"}, noTarget: true})
	p.revoke = &revokePlan{name: "a revocation"}
	for range 98 {
		b.revocations = append(b.revocations, 5*time.Millisecond)
	}
	b.revocations = append(b.revocations, 900*time.Millisecond, time.Second)
	var out bytes.Buffer
	require.True(t, report(&out, b, p))
	require.Contains(t, out.String(), "100 changes, none stale")
	b.revocations = append(b.revocations, 2*time.Second, 2*time.Second)
	out.Reset()
	require.False(t, report(&out, b, p))
	require.Nil(t, p.only(regexp.MustCompile("check")).revoke)
	require.NotNil(t, p.only(regexp.MustCompile("revocation")).revoke)
}
