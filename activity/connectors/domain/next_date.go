package domain

import (
	"time"

	"go.updspace.com/libs/recurrence"
)

// NextDate is when the event of an item begins next: its first date, or of a repeating event the first one after now. It is zero when
// the item does not say, or when all dates are over.
func NextDate(payload map[string]any, now time.Time) time.Time {
	text, _ := payload["starts_at"].(string)
	first, err := time.Parse(time.RFC3339, text)
	if err == nil && first.After(now) {
		return first
	}
	repeats, ok := payload["recurrence"].(map[string]any)
	if !ok {
		return time.Time{}
	}
	set, ok := setOf(repeats, payload["time_zone"])
	if !ok {
		return time.Time{}
	}
	dates, _ := set.Expand(now.Add(time.Nanosecond), now.AddDate(aheadYears, 0, 0), 1)
	if len(dates) == 0 {
		return time.Time{}
	}
	return dates[0].At
}

// aheadYears is how far ahead the next date of an event is looked for.
const aheadYears = 5

// setOf reads how an event repeats, as the events service told. ok is false for what cannot be expanded.
func setOf(repeats map[string]any, zone any) (set recurrence.Set, ok bool) {
	name, _ := zone.(string)
	start, _ := repeats["start"].(string)
	rule, _ := repeats["rule"].(string)
	var errs [3]error
	set.Zone, errs[0] = recurrence.Zone(name)
	set.Start, errs[1] = recurrence.ParseLocal(start)
	if rule != "" {
		set.Rule, errs[2] = recurrence.Parse(rule)
	}
	set.RDates, set.EXDates = locals(repeats["rdates"]), locals(repeats["exdates"])
	return set, errs == [3]error{} && set.Check() == nil
}

func locals(list any) (dates []recurrence.Local) {
	texts, _ := list.([]any)
	for _, text := range texts {
		if s, ok := text.(string); ok {
			if date, err := recurrence.ParseLocal(s); err == nil {
				dates = append(dates, date)
			}
		}
	}
	return dates
}
