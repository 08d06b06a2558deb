package ical_test

import (
	"bytes"
	"errors"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/ical"
)

// FuzzParse begins with the texts of testdata/fuzz/FuzzParse, and with those of testdata/found.txt, which earlier runs found to reach
// new code.
func FuzzParse(f *testing.F) {
	found, err := os.ReadFile("testdata/found.txt")
	require.NoError(f, err)
	for line := range strings.Lines(string(found)) {
		text, err := strconv.Unquote(strings.TrimSpace(line))
		require.NoError(f, err)
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		calendars, err := ical.Parse(bytes.NewReader(text))
		var reason *ical.Error
		if err != nil {
			require.ErrorAs(t, err, &reason)
			require.LessOrEqual(t, reason.Line, bytes.Count(text, []byte("\n"))+bytes.Count(text, []byte("\r"))+1)
			return
		}
		var sum counts
		for i, calendar := range calendars {
			require.Equal(t, "VCALENDAR", calendar.Name)
			sum.add(t, calendar, 1)
			calendars[i] = withoutLines(calendar)
		}
		require.LessOrEqual(t, sum.components, ical.MaxComponents)
		require.LessOrEqual(t, sum.properties, ical.MaxProperties)
		require.LessOrEqual(t, sum.bytes, len(text))

		// What was read can be written and read again, unless its encoding is too long for a reader.
		once := write(t, calendars...)
		again, err := ical.Parse(strings.NewReader(once))
		if errors.As(err, &reason) && (reason.Reason == ical.TooLarge || reason.Reason == ical.LineTooLong) {
			return
		}
		require.NoError(t, err)
		for i, calendar := range again {
			again[i] = withoutLines(calendar)
		}
		require.Equal(t, calendars, again)
		require.Equal(t, once, write(t, again...))
	})
}

// counts are what the bounds are about.
type counts struct{ components, properties, bytes int }

func (sum *counts) add(t *testing.T, c ical.Component, depth int) {
	require.LessOrEqual(t, depth, ical.MaxDepth)
	sum.components++
	sum.bytes += len(c.Name)
	for _, p := range c.Properties {
		require.LessOrEqual(t, len(p.Params), ical.MaxParams)
		sum.properties++
		sum.bytes += len(p.Name) + len(p.Value)
		for _, param := range p.Params {
			sum.bytes += len(param.Name) + len(strings.Join(param.Values, ","))
		}
		readValue(t, p)
	}
	for _, child := range c.Components {
		sum.add(t, child, depth+1)
	}
}

// readValue reads a value as each type. What is a value of a type comes back when it is written.
func readValue(t *testing.T, p ical.Property) {
	text := p.Text()
	require.Equal(t, text, ical.Text("X", text).Text())
	if texts := p.Texts(); texts != nil {
		require.Equal(t, texts, ical.Text("X", texts...).Texts())
	}
	if at, err := p.Time(); err == nil {
		again, err := ical.At("X", at).Time()
		require.NoError(t, err)
		require.Equal(t, at, again)
	}
	if d, err := p.Duration(); err == nil {
		again, err := ical.Property{Value: d.String()}.Duration()
		require.NoError(t, err)
		require.Equal(t, d, again)
	}
	times, err := p.Times()
	require.True(t, err == nil || times == nil)
	periods, err := p.Periods()
	require.True(t, err == nil || periods == nil)
}
