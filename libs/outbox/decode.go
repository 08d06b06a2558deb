package outbox

import "github.com/cloudevents/sdk-go/v2/event"

// Decode decodes the data of a received event with a generated decoder, such as portalevents.DecodeMembership. Data that
// the schema refuses is poison: another attempt would not help.
func Decode[T any](e event.Event, decode func(kind string, data []byte) (T, error)) (T, error) {
	value, err := decode(e.Type(), e.Data())
	if err != nil {
		return value, Poison(err)
	}
	return value, nil
}
