package openbadge

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/go-jose/go-jose/v4/json"
)

// maxDocument is the size of a DID document in bytes; maxMethods is how many keys of it are looked at.
const (
	maxDocument = 256 << 10
	maxMethods  = 100
)

const didWeb = "did:web:"

// DIDWeb returns the did:web identifier of an origin, such as https://aef.updspace.com.
func DIDWeb(origin string) (string, error) {
	u, err := url.Parse(origin)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" || u.User != nil || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
		return "", fmt.Errorf("openbadge: %q is not an origin", origin)
	}
	return didWeb + strings.ReplaceAll(strings.ToLower(u.Host), ":", "%3A"), nil
}

// DocumentURL is where the DID document of a did:web identifier is published. It is https, except on localhost.
func DocumentURL(did string) (string, error) {
	rest, ok := strings.CutPrefix(did, didWeb)
	if !ok {
		return "", errors.New("the issuer is not identified by did:web, the one method that is supported")
	}
	parts := strings.Split(rest, ":")
	for i, part := range parts {
		plain, err := url.PathUnescape(part)
		if err != nil || plain == "" || plain == "." || plain == ".." || strings.ContainsAny(plain, "/?#@\\ ") || i > 0 && strings.Contains(plain, ":") {
			return "", fmt.Errorf("%q is not a did:web identifier", did)
		}
		parts[i] = plain
	}
	host := parts[0]
	u := url.URL{Scheme: "https", Host: host}
	if name := u.Hostname(); name == "localhost" || strings.HasSuffix(name, ".localhost") {
		u.Scheme = "http"
	}
	u.Path = "/.well-known/did.json"
	if len(parts) > 1 {
		u.Path = "/" + strings.Join(parts[1:], "/") + "/did.json"
	}
	if again, err := url.Parse(u.String()); err != nil || again.Host != host || strings.HasSuffix(host, ":") {
		return "", fmt.Errorf("%q is not a did:web identifier", did)
	}
	return u.String(), nil
}

// method is a key in a DID document.
type method struct {
	ID         string          `json:"id"`
	Type       string          `json:"type"`
	Controller string          `json:"controller"`
	JWK        json.RawMessage `json:"publicKeyJwk,omitempty"`
}

// NewDocument returns the DID document of an issuer as JSON.
func NewDocument(did string, keys ...PublicKey) ([]byte, error) {
	document := struct {
		Context   []string `json:"@context"`
		ID        string   `json:"id"`
		Methods   []method `json:"verificationMethod"`
		Assertion []string `json:"assertionMethod"`
	}{
		Context: []string{"https://www.w3.org/ns/did/v1", "https://w3id.org/security/suites/jws-2020/v1"}, ID: did,
		Methods: []method{}, Assertion: []string{},
	}
	for _, k := range keys {
		jwk, err := k.jwk(did).MarshalJSON()
		if err != nil {
			return nil, err
		}
		document.Methods = append(document.Methods, method{ID: k.ID(did), Type: "JsonWebKey2020", Controller: did, JWK: jwk})
		document.Assertion = append(document.Assertion, k.ID(did))
	}
	return json.Marshal(document)
}

// document is a DID document that was read: an issuer, and the keys with which it signs, by their DID URLs.
type document struct {
	did  string
	keys map[string]json.RawMessage
}

// parseDocument reads the DID document of another issuer. A key that cannot be read does no harm to the others.
func parseDocument(data []byte) (document, error) {
	if len(data) > maxDocument {
		return document{}, fmt.Errorf("the document is larger than %d bytes", maxDocument)
	}
	var in struct {
		ID        string            `json:"id"`
		Methods   []method          `json:"verificationMethod"`
		Assertion []json.RawMessage `json:"assertionMethod"`
	}
	if err := json.Unmarshal(data, &in); err != nil {
		return document{}, errors.New("the document is not a DID document in JSON")
	}
	if in.ID == "" || len(in.Methods) > maxMethods || len(in.Assertion) > maxMethods {
		return document{}, fmt.Errorf("the document has no id or more than %d keys", maxMethods)
	}
	absolute := func(id string) string {
		if strings.HasPrefix(id, "#") {
			return in.ID + id
		}
		return id
	}
	methods := map[string]method{}
	for _, m := range in.Methods {
		methods[absolute(m.ID)] = m
	}
	out := document{did: in.ID, keys: map[string]json.RawMessage{}}
	for _, a := range in.Assertion { // a DID URL, or the method itself
		var m method
		var id string
		if json.Unmarshal(a, &id) == nil {
			m = methods[absolute(id)]
		} else if json.Unmarshal(a, &m) != nil {
			continue
		}
		if m.ID != "" && len(m.JWK) > 0 && (m.Controller == "" || m.Controller == in.ID) {
			out.keys[absolute(m.ID)] = m.JWK
		}
	}
	return out, nil
}

// key returns the key that a token names, by its kid or by the key itself.
func (d document) key(h header) (PublicKey, error) {
	if h.KeyID == "" {
		return d.keyLike(h.JWK)
	}
	id := h.KeyID
	if strings.HasPrefix(id, "#") {
		id = d.did + id
	}
	jwk, ok := d.keys[id]
	if !ok {
		return PublicKey{}, fmt.Errorf("the issuer's document has no key %q for assertions", h.KeyID)
	}
	return parseJWK(jwk)
}

func (d document) keyLike(data []byte) (PublicKey, error) {
	want, err := parseJWK(data)
	if err != nil {
		return PublicKey{}, err
	}
	for _, jwk := range d.keys {
		if key, err := parseJWK(jwk); err == nil && key.thumbprint == want.thumbprint {
			return key, nil
		}
	}
	return PublicKey{}, errors.New("the key in the header is none of the issuer's keys for assertions")
}
