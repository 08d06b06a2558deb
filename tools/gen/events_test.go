package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const toyEvents = `
source: toy
events:
  toy.thing.made:
    summary: There is a
      new thing.
    subject: thing/{thing_id}
    data: { $ref: "#/schemas/Thing" }
schemas:
  Thing:
    type: object
    additionalProperties: false
    required: [thing_id, parts, owner_id, size]
    properties:
      thing_id: { type: string, format: uuid }
      owner_id: { type: string, format: uuid, nullable: true }
      made_at: { type: string, format: date-time }
      color: { type: string, enum: [red, DARK_BLUE] }
      size: { type: integer }
      heavy: { type: boolean }
      html: { type: string, description: How it looks. }
      parts: { type: array, items: { $ref: "#/schemas/Part" } }
      tags: { type: array, items: { type: string } }
  Part:
    type: object
    additionalProperties: false
    required: [name]
    properties:
      name: { type: string }
      content: { type: string, format: byte }
`

func TestEventTypesAreGenerated(t *testing.T) {
	code, err := eventsFile([]byte(toyEvents))
	require.NoError(t, err)
	got := strings.Join(strings.Fields(string(code)), " ")
	for _, want := range []string{
		"package toyevents", `const Source = "toy"`, "// TypeThingMade: There is a new thing.", `TypeThingMade = "toy.thing.made"`,
		"// Thing is the data of toy.thing.made.", "// Part is a part of other types.",
		"ThingID uuid.UUID `json:\"thing_id\"`", "OwnerID *uuid.UUID `json:\"owner_id\"`", "MadeAt *time.Time `json:\"made_at,omitempty\"`",
		"Color *string `json:\"color,omitempty\"`", "Size int64 `json:\"size\"`", "Heavy *bool `json:\"heavy,omitempty\"`",
		"// HTML: How it looks.", "Parts []Part `json:\"parts\"`", "Tags []string `json:\"tags,omitempty\"`", "Content []byte",
		`ThingColorDarkBlue = "DARK_BLUE"`, `func (d Thing) Subject() string { return "thing/" + d.ThingID.String() }`,
		`return events.Decode[Thing](Source, "Thing", kind, data)`,
	} {
		require.Contains(t, got, want)
	}
	require.NotContains(t, got, "DecodePart")
}

func TestEventDocumentsThatCannotBeGeneratedAreRefused(t *testing.T) {
	for why, change := range map[string][2]string{
		"no Go type":        {"{ type: integer }", "{ type: object }"},
		"no required field": {"required: [thing_id, ", "required: ["},
		"no object":         {"  Part:\n    type: object", "  Part:\n    type: string"},
	} {
		require.Contains(t, toyEvents, change[0])
		_, err := eventsFile([]byte(strings.Replace(toyEvents, change[0], change[1], 1)))
		require.ErrorContains(t, err, why)
	}
	two := strings.Replace(toyEvents, "schemas:\n", `  toy.thing.lost:
    summary: Lost.
    subject: lost/{thing_id}
    data: { $ref: "#/schemas/Thing" }
schemas:
`, 1)
	_, err := eventsFile([]byte(two))
	require.ErrorContains(t, err, "subjects")
}
