package rule_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"go.updspace.com/gamification/rule"
	"go.updspace.com/libs/errs"
)

const (
	idA = "0192d3a4-0000-7000-8000-00000000000a"
	idB = "0192d3a4-0000-7000-8000-00000000000b"
)

func fieldsOf(t *testing.T, err error) map[string]string {
	t.Helper()
	var e *errs.Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, errs.Invalid, e.Kind)
	return e.Fields
}

func TestRuleIsReadIntoItsOneForm(t *testing.T) {
	r, err := rule.Parse([]byte(`{"conditions": [{"need": 5, "measure": "count", "fact": "event_attended", "window_days": 30,
		"where": [{"field": "scope", "any_of": ["` + idB + `", "` + idA + `", "` + idB + `"]}, {"field": "method", "any_of": ["scan"]}]}]}`))
	require.NoError(t, err)
	want := `{"time_zone":"UTC","takes_back":false,"conditions":[{"fact":"event_attended","where":[{"field":"method","any_of":["scan"]},` +
		`{"field":"scope","any_of":["` + idA + `","` + idB + `"]}],"measure":"count","need":5,"window_days":30}]}`
	require.Equal(t, want, string(r.Canonical()))
	again, err := rule.Parse(r.Canonical())
	require.NoError(t, err)
	require.Equal(t, r, again)
	require.Contains(t, r.String(), want)
}

func TestRulesThatAreNotValidAreRefusedByField(t *testing.T) {
	condition := func(text string) string { return `{"conditions":[{` + text + `}]}` }
	many := `{"fact":"post_written","measure":"count","need":1},`
	for text, want := range map[string]map[string]string{
		``:                                   {"rule": "is not a rule in JSON: EOF"},
		`[]`:                                 {"rule": "is not a rule in JSON: json: cannot unmarshal array into Go value of type rule.Rule"},
		`{}`:                                 {"conditions": "must be at least 1"},
		`{}{`:                                {"rule": "has more than one value"},
		`{"condition":[]}`:                   {"rule": `is not a rule in JSON: json: unknown field "condition"`},
		strings.Repeat(" ", rule.MaxBytes+1): {"rule": "must be at most 16384 bytes large"},
		`{"conditions":[` + strings.Repeat(many, 5) + strings.TrimSuffix(many, ",") + `]}`:          {"conditions": "must be at most 5"},
		`{"conditions":[` + many + strings.TrimSuffix(many, ",") + `]}`:                             {"conditions.1": "is the same as another condition"},
		`{"time_zone":"Mars","conditions":[` + strings.TrimSuffix(many, ",") + `]}`:                 {"time_zone": "must be the name of a time zone, such as Europe/Moscow"},
		condition(`"fact":"slept","measure":"count","need":1`):                                      {"conditions.0.fact": "must be one of the kinds of facts"},
		condition(`"fact":"post_written","measure":"years","need":1`):                               {"conditions.0.measure": "must be one of count, days, streak"},
		condition(`"fact":"post_written","measure":"count","need":0`):                               {"conditions.0.need": "must be between 1 and 1000"},
		condition(`"fact":"post_written","measure":"count","need":1001`):                            {"conditions.0.need": "must be between 1 and 1000"},
		condition(`"fact":"member_anniversary","measure":"years","need":51`):                        {"conditions.0.need": "must be between 1 and 50"},
		condition(`"fact":"post_written","measure":"streak","need":2`):                              {"conditions.0.unit": "must be day, week or month for a streak, and absent else"},
		condition(`"fact":"post_written","measure":"count","unit":"day","need":2`):                  {"conditions.0.unit": "must be day, week or month for a streak, and absent else"},
		condition(`"fact":"post_written","measure":"count","need":2,"window_days":367`):             {"conditions.0.window_days": "must be between 1 and 366"},
		condition(`"fact":"post_written","measure":"count","need":2,"window_days":-1`):              {"conditions.0.window_days": "must be between 1 and 366"},
		condition(`"fact":"post_written","measure":"streak","unit":"day","need":2,"window_days":9`): {"conditions.0.window_days": "must be absent for a streak and for years"},
		condition(`"fact":"post_written","measure":"days","need":9,"window_days":7`):                {"conditions.0.need": "must not be more than the days of the window"},
		condition(`"fact":"post_written","measure":"count","need":1,"from":"2026-02-30","until":"1999-01-01"`): {
			"conditions.0.from": "must be a date such as 2026-01-31", "conditions.0.until": "must be a date such as 2026-01-31",
		},
		condition(`"fact":"post_written","measure":"count","need":1,"from":"2026-02-03","until":"2026-02-02"`): {"conditions.0.until": "must not be before from"},
		condition(`"fact":"post_written","measure":"count","need":1,"where":[{"field":"poll","any_of":["x"]},{"field":"scope","any_of":[]}]`): {
			"conditions.0.where.0.field": "must be one of scope_type, scope, visibility", "conditions.0.where.1.any_of": "must be at least 1",
		},
		condition(`"fact":"account_linked","measure":"count","need":1,"where":[{"field":"provider","any_of":["steam"]},{"field":"provider","any_of":["x"]}]`): {
			"conditions.0.where": "must be at most 1",
		},
		condition(`"fact":"post_written","measure":"count","need":1,"where":[{"field":"scope","any_of":["` + idA + `"]},{"field":"scope","any_of":["` + idB + `"]}]`): {
			"conditions.0.where.1.field": "has a filter already",
		},
		condition(`"fact":"ballot_cast","measure":"count","need":1,"where":[{"field":"poll","any_of":["` + strings.ToUpper(idA) + `"]},{"field":"visibility","any_of":["secret"]}]`): {
			"conditions.0.where.0.any_of.0": "must be a UUID in small letters", "conditions.0.where.1.any_of.0": "must be one of public, community, team, private",
		},
		condition(`"fact":"account_linked","measure":"count","need":1,"where":[{"field":"provider","any_of":["Steam!","` + strings.Repeat("x", 65) + `"]}]`): {
			"conditions.0.where.0.any_of.0": "must be a word in small letters", "conditions.0.where.0.any_of.1": "must be at most 64 characters long",
		},
		condition(`"fact":"account_linked","measure":"count","need":1,"where":[{"field":"provider","any_of":[` + words(51) + `]}]`): {
			"conditions.0.where.0.any_of": "must be at most 50",
		},
	} {
		t.Run(text, func(t *testing.T) {
			r, err := rule.Parse([]byte(text))
			require.Equal(t, want, fieldsOf(t, err))
			if _, structural := want["rule"]; !structural {
				_, err = rule.Compile(r)
				require.Equal(t, want, fieldsOf(t, err))
			}
		})
	}
}

// words are n different words as items of a JSON list.
func words(n int) string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprintf("%q", fmt.Sprint("word", i))
	}
	return strings.Join(list, ",")
}

// A rule that is put together from values is no larger than one that is read.
func TestLargeRulesAreRefused(t *testing.T) {
	r := rule.Rule{}
	for n := range 5 {
		c := rule.Condition{Fact: rule.AccountLinked, Measure: rule.Count, Need: n + 1, Where: []rule.Filter{{Field: "provider"}}}
		for i := range 50 {
			c.Where[0].AnyOf = append(c.Where[0].AnyOf, fmt.Sprintf("%064d", i))
		}
		r.Conditions = append(r.Conditions, c)
	}
	require.Equal(t, map[string]string{"conditions": "must be at most 16384 bytes large"}, fieldsOf(t, r.Validate()))
	r.Conditions = r.Conditions[:4]
	require.NoError(t, r.Validate())
}

// The bounds themselves are allowed.
func TestBoundsOfARule(t *testing.T) {
	text := `{"conditions":[{"fact":"event_attended","measure":"count","need":1}]}`
	_, err := rule.Parse([]byte(text + strings.Repeat(" ", rule.MaxBytes-len(text))))
	require.NoError(t, err)
	_, err = rule.Parse([]byte(text + strings.Repeat(" ", rule.MaxBytes-len(text)+1)))
	require.Contains(t, fieldsOf(t, err), "rule")
	for day, allowed := range map[string]bool{"1999-12-31": false, "2000-01-01": true, "2199-12-31": true, "2200-01-01": false} {
		c := rule.Condition{Fact: rule.EventAttended, Measure: rule.Count, Need: 1, From: day}
		require.Equal(t, allowed, rule.Rule{Conditions: []rule.Condition{c}}.Validate() == nil, day)
	}
}

func TestARuleStaysAsItWasGiven(t *testing.T) {
	given := rule.Rule{Conditions: []rule.Condition{{
		Fact: rule.AccountLinked, Measure: rule.Count, Need: 1, Where: []rule.Filter{{Field: "provider", AnyOf: []string{"steam", "epic"}}},
	}}}
	compiled, err := rule.Compile(given)
	require.NoError(t, err)
	require.Equal(t, []string{"epic", "steam"}, compiled.Rule().Conditions[0].Where[0].AnyOf)
	require.Equal(t, []string{"steam", "epic"}, given.Conditions[0].Where[0].AnyOf)
}

func TestFieldsOfARuleInsideOfSomethingElse(t *testing.T) {
	f := errs.Fields{}
	rule.Rule{}.Check(f, "rule.")
	require.Equal(t, map[string]string{"rule.conditions": "must be at least 1"}, fieldsOf(t, f.Err()))
}

// Each kind has the words, the measures and the fields that an editor needs, and each combination is explained in full.
func TestEachKindIsExplained(t *testing.T) {
	for _, kind := range rule.Kinds() {
		require.NotEmpty(t, rule.Fields(kind), kind)
		for _, measure := range rule.Measures(kind) {
			c := rule.Condition{Fact: kind, Measure: measure, Need: 3}
			if measure == rule.Streak {
				c.Unit = rule.Month
			}
			for _, field := range rule.Fields(kind) {
				values := rule.Values(kind, field)
				if len(values) == 0 {
					values = []string{idA}
				}
				c.Where = append(c.Where, rule.Filter{Field: field, AnyOf: values})
			}
			r := rule.Rule{TimeZone: "Europe/Moscow", Conditions: []rule.Condition{c}}
			require.NoError(t, r.Validate(), "%s %s", kind, measure)
			for _, language := range []rule.Language{rule.English, rule.Russian} {
				text := r.Explain(language, func(field, value string) string { return "«" + field + "»" })
				require.NotContains(t, text, "%!", text)
				require.NotContains(t, text, ": .", text)
				require.NotContains(t, text, "  ", text)
				require.NotRegexp(t, `: ?( or |;|$)`, text)
				require.Contains(t, text, "3 ")
				require.NotContains(t, text, idA)
			}
		}
	}
}

func TestRulesInWords(t *testing.T) {
	names := func(field, value string) string { return map[string]string{idA: "Рейд", idB: "Raid"}[value] }
	for _, c := range []struct {
		rule   string
		en, ru string
	}{
		{
			`{"time_zone":"Europe/Moscow","takes_back":true,"conditions":[{"fact":"event_attended","measure":"count","need":5,"window_days":30}]}`,
			"Attend events 5 times within 30 days. Days are those of the time zone Europe/Moscow. What is taken back does not count.",
			"Посетить события 5 раз за 30 дней. Дни считаются в часовом поясе Europe/Moscow. Отменённое не засчитывается.",
		},
		{
			`{"conditions":[{"fact":"ballot_cast","measure":"distinct","need":1,"where":[{"field":"scope","any_of":["` + idA + `","` + idB + `"]}]}]}`,
			"Vote in 1 poll (anonymous ones do not count); of: “Рейд” or “Raid”. What is taken back later still counts.",
			"Проголосовать в 1 опросе (анонимные не в счёт); в: «Рейд» или «Raid». Отменённое позже остаётся засчитанным.",
		},
		{
			`{"conditions":[{"fact":"post_written","measure":"streak","unit":"week","need":4,"from":"2026-01-05","until":"2026-06-30"},{"fact":"member_anniversary","measure":"years","need":2}]}`,
			"All of this is needed. Write posts 4 weeks in a row from 5 January 2026 until 30 June 2026. Be a member for 2 years. Days are those of the time zone UTC. What is taken back later still counts.",
			"Нужно всё перечисленное. Писать посты: 4 недели подряд с 05.01.2026 по 30.06.2026. Состоять участником 2 года. Дни считаются в часовом поясе UTC. Отменённое позже остаётся засчитанным.",
		},
		{
			`{"conditions":[{"fact":"event_attended","measure":"days","need":21,"where":[{"field":"method","any_of":["organiser","scan"]}]}]}`,
			"Attend events on 21 days; marked by: an organiser or a scanned code. Days are those of the time zone UTC. What is taken back later still counts.",
			"Посещать события в разные дни (21 день); отметка: организатором или по коду участника. Дни считаются в часовом поясе UTC. Отменённое позже остаётся засчитанным.",
		},
	} {
		r, err := rule.Parse([]byte(c.rule))
		require.NoError(t, err)
		require.Equal(t, c.en, r.Explain(rule.English, names))
		require.Equal(t, c.ru, r.Explain(rule.Russian, names))
	}
	r, err := rule.Parse([]byte(`{"conditions":[{"fact":"achievement_held","measure":"count","need":12,"where":[{"field":"achievement","any_of":["` + idA + `"]}]}]}`))
	require.NoError(t, err)
	require.Equal(t, "Иметь 12 наград; достижение: "+idA+". Отменённое позже остаётся засчитанным.", r.Explain(rule.Russian, nil))
	require.Equal(t, "3 of 5", rule.Progress{Have: 3, Need: 5}.Due(rule.English))
	require.Equal(t, "3 из 5", rule.Progress{Have: 3, Need: 5}.Due(rule.Russian))
}

func TestNumbersInWords(t *testing.T) {
	for need, want := range map[int]string{
		1: "1 раз", 2: "2 раза", 4: "4 раза", 5: "5 раз", 11: "11 раз", 12: "12 раз", 14: "14 раз", 21: "21 раз", 22: "22 раза", 25: "25 раз",
		111: "111 раз", 114: "114 раз", 121: "121 раз", 122: "122 раза",
	} {
		r := rule.Rule{Conditions: []rule.Condition{{Fact: rule.EventAttended, Measure: rule.Count, Need: need}}}
		require.Contains(t, r.Explain(rule.Russian, nil), "события "+want+".")
	}
	week := rule.Rule{Conditions: []rule.Condition{{Fact: rule.EventAttended, Measure: rule.Streak, Unit: rule.Week, Need: 1}}}
	require.Contains(t, week.Explain(rule.Russian, nil), "1 неделя подряд")
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"conditions":[{"fact":"post_written","measure":"count","need":1,"where":[{"field":"visibility","any_of":["public"]}]}]}`))
	f.Add([]byte(`{"time_zone":"Asia/Tokyo","takes_back":true,"conditions":[{"fact":"event_attended","measure":"streak","unit":"week","need":3,"from":"2026-01-01"}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := rule.Parse(data)
		if err != nil {
			return
		}
		again, err := rule.Parse(r.Canonical())
		require.NoError(t, err)
		require.Equal(t, r.Canonical(), again.Canonical())
		_, err = rule.Compile(r)
		require.NoError(t, err)
		require.NotEmpty(t, r.Explain(rule.Russian, nil))
	})
}

// anyRule draws valid rules with few values, so that facts fit them.
func anyRule(t *rapid.T) rule.Rule {
	r := rule.Rule{
		TimeZone:  rapid.SampledFrom([]string{"", "UTC", "Europe/Moscow", "America/New_York", "Pacific/Apia", "Australia/Lord_Howe"}).Draw(t, "zone"),
		TakesBack: rapid.Bool().Draw(t, "takes back"),
	}
	seen := map[string]bool{}
	for range rapid.IntRange(1, 3).Draw(t, "conditions") {
		c := rule.Condition{Fact: rapid.SampledFrom(rule.Kinds()).Draw(t, "kind"), Need: rapid.IntRange(1, 6).Draw(t, "need")}
		c.Measure = rapid.SampledFrom(rule.Measures(c.Fact)).Draw(t, "measure")
		switch {
		case c.Measure == rule.Streak:
			c.Unit = rapid.SampledFrom([]rule.Unit{rule.Day, rule.Week, rule.Month}).Draw(t, "unit")
		case c.Measure != rule.Years && rapid.Bool().Draw(t, "windowed"):
			c.WindowDays = rapid.IntRange(c.Need, 20).Draw(t, "window")
		}
		if rapid.IntRange(0, 3).Draw(t, "dated") == 0 {
			c.From, c.Until = "2026-01-10", "2026-03-01"
		}
		if rapid.Bool().Draw(t, "filtered") {
			field := rapid.SampledFrom(rule.Fields(c.Fact)).Draw(t, "field")
			c.Where = []rule.Filter{{Field: field, AnyOf: rapid.SliceOfNDistinct(rapid.SampledFrom(valuesOf(c.Fact, field)), 1, 2, rapid.ID).Draw(t, "values")}}
		}
		if text := string(rule.Rule{Conditions: []rule.Condition{c}}.Canonical()); !seen[text] {
			seen[text] = true
			r.Conditions = append(r.Conditions, c)
		}
	}
	return r
}

// valuesOf are values of a field, few enough that facts and filters meet.
func valuesOf(kind rule.Kind, field string) []string {
	if values := rule.Values(kind, field); len(values) > 0 {
		return values[:min(len(values), 3)]
	}
	if field == "provider" {
		return []string{"steam", "discord"}
	}
	return []string{idA, idB}
}

func TestAnyRuleHasOneForm(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := anyRule(t)
		shuffled := r
		shuffled.Conditions = slices.Clone(r.Conditions)
		for i, c := range shuffled.Conditions {
			for j, w := range c.Where {
				values := append(slices.Clone(w.AnyOf), w.AnyOf...)
				slices.Reverse(values)
				shuffled.Conditions[i].Where = slices.Clone(c.Where)
				shuffled.Conditions[i].Where[j].AnyOf = values
			}
		}
		require.Equal(t, string(r.Canonical()), string(shuffled.Canonical()))
		p, err := rule.Compile(r)
		require.NoError(t, err)
		kinds := map[rule.Kind]bool{}
		byTime := false
		for _, c := range r.Conditions {
			kind := c.Fact
			if kind == rule.MemberAnniversary {
				kind, byTime = rule.MemberJoined, true
			}
			kinds[kind] = true
		}
		require.Equal(t, slices.Sorted(maps.Keys(kinds)), p.Kinds())
		require.Equal(t, byTime, p.ByTime())
		var decoded any
		require.NoError(t, json.Unmarshal(p.Rule().Canonical(), &decoded))
	})
}
