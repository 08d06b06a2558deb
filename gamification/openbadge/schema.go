package openbadge

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

// Schema is the JSON Schema of badges (draft 2019-09).
//
//go:embed schema/achievementcredential.json
var Schema []byte

// compiled compiles the schema once. It needs no other documents: a reference to one is an error, never a request.
var compiled = sync.OnceValues(func() (*jsonschema.Schema, error) {
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(Schema))
	if err != nil {
		return nil, err
	}
	c := jsonschema.NewCompiler()
	c.UseLoader(refusingLoader{})
	c.AssertFormat()
	if err := c.AddResource(schemaID, document); err != nil {
		return nil, err
	}
	return c.Compile(schemaID)
})

type refusingLoader struct{}

func (refusingLoader) Load(url string) (any, error) {
	return nil, fmt.Errorf("the schema may not load %s", url)
}

// checkSchema reports where a credential breaks the schema of Open Badges, at one place.
func checkSchema(payload []byte) error {
	schema, err := compiled()
	if err != nil {
		return fmt.Errorf("openbadge: compiling the schema: %w", err)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(payload))
	if err != nil {
		return errors.New("the content is not JSON")
	}
	err = schema.Validate(value)
	var invalid *jsonschema.ValidationError
	if errors.As(err, &invalid) {
		return errors.New(deepest(invalid))
	}
	return err
}

var english = message.NewPrinter(language.English)

// deepest says the most precise of the causes: the one that is furthest inside of the credential.
func deepest(e *jsonschema.ValidationError) string {
	best := e
	var walk func(e *jsonschema.ValidationError)
	walk = func(e *jsonschema.ValidationError) {
		if len(e.Causes) == 0 && (len(best.Causes) > 0 || len(e.InstanceLocation) > len(best.InstanceLocation)) {
			best = e
		}
		for _, cause := range e.Causes {
			walk(cause)
		}
	}
	walk(e)
	where := ""
	if len(best.InstanceLocation) > 0 {
		where = " at " + strings.Join(best.InstanceLocation, ".")
	}
	return "the content is not that of an Open Badge 3.0" + where + ": " + best.ErrorKind.LocalizedString(english)
}
