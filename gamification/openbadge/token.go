package openbadge

import (
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/go-jose/go-jose/v4/json"
)

// header is the JOSE header of a token. No other headers are taken.
type header struct {
	Algorithm Algorithm
	KeyID     string
	Type      string
	JWK       json.RawMessage
}

// token is a compact JWS whose parts are canonical base64url and whose header is one of ours. Its signature is not checked.
type token struct {
	text    string
	header  header
	payload []byte
}

// parseToken takes a token apart. Each byte of an accepted token counts: there is no second spelling of the same bytes.
func parseToken(text string, types ...string) (token, error) {
	if len(text) > MaxToken {
		return token{}, fmt.Errorf("it is larger than %d bytes", MaxToken)
	}
	parts := strings.Split(text, ".")
	if len(parts) != 3 {
		return token{}, errors.New("it is not a signed token (header.payload.signature)")
	}
	var decoded [3][]byte
	for i, name := range []string{"header", "payload", "signature"} {
		data, err := decodeBase64(parts[i])
		if err != nil {
			return token{}, fmt.Errorf("the %s is not canonical base64url", name)
		}
		decoded[i] = data
	}
	t := token{text: text, payload: decoded[1]}
	var err error
	t.header, err = parseHeader(decoded[0], types)
	return t, err
}

func parseHeader(data []byte, types []string) (header, error) {
	var all map[string]json.RawMessage
	if err := json.Unmarshal(data, &all); err != nil || all == nil {
		return header{}, errors.New("the header is not a JSON object with distinct names")
	}
	var h header
	for name, value := range all {
		var err error
		switch name {
		case "alg":
			err = json.Unmarshal(value, &h.Algorithm)
		case "kid":
			err = json.Unmarshal(value, &h.KeyID)
		case "typ":
			err = json.Unmarshal(value, &h.Type)
		case "jwk":
			h.JWK = value
		default:
			return header{}, fmt.Errorf("the header %q is not allowed", name)
		}
		if err != nil {
			return header{}, fmt.Errorf("the header %q is not a text", name)
		}
	}
	switch {
	case !slices.Contains([]Algorithm{RS256, ES256, EdDSA}, h.Algorithm):
		return header{}, fmt.Errorf("the algorithm %q is not allowed", h.Algorithm)
	case h.KeyID == "" && len(h.JWK) == 0:
		return header{}, errors.New("the header names no key")
	case h.Type != "" && !slices.ContainsFunc(types, func(t string) bool { return strings.EqualFold(t, h.Type) }):
		return header{}, fmt.Errorf("the type %q is not %s", h.Type, strings.Join(types, " or "))
	}
	return h, nil
}

// decodeBase64 decodes base64url without padding. It refuses text that encoding the result would not give: the decoder of
// the standard library ignores line breaks.
func decodeBase64(text string) ([]byte, error) {
	if strings.ContainsAny(text, "\r\n") {
		return nil, errors.New("there is a line break")
	}
	return base64.RawURLEncoding.Strict().DecodeString(text)
}
