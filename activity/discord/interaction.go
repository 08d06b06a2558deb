package discord

import (
	"bytes"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"
	"time"
)

// tolerance is how far the time of an interaction may lie from ours.
const tolerance = 5 * time.Minute

// Why an interaction is refused.
var (
	ErrSignature = errors.New("discord: the signature is missing or not right")
	ErrStale     = errors.New("discord: the time of the interaction is too far from now")
	ErrBody      = errors.New("discord: the body is no interaction")
)

// Signed is an interaction as it came in.
type Signed struct {
	Signature, Timestamp string // the headers X-Signature-Ed25519 and X-Signature-Timestamp
	Body                 []byte
}

// Key is the public key of an application, by which Discord signs: 32 bytes in hexadecimal.
type Key string

// Verify checks the signature and the time of an interaction. That it has not come before is for the caller to know.
func (k Key) Verify(s Signed, now time.Time) error {
	key, err := hex.DecodeString(string(k))
	signature, bad := hex.DecodeString(s.Signature)
	if err != nil || bad != nil || len(key) != ed25519.PublicKeySize || len(signature) != ed25519.SignatureSize {
		return ErrSignature
	}
	seconds, err := strconv.ParseInt(s.Timestamp, 10, 64)
	if err != nil || !ed25519.Verify(key, append([]byte(s.Timestamp), s.Body...), signature) {
		return ErrSignature
	}
	if away := now.Unix() - seconds; away > int64(tolerance.Seconds()) || away < -int64(tolerance.Seconds()) {
		return ErrStale
	}
	return nil
}

// The types of interactions and of replies.
const (
	ping         = 1
	command      = 2
	pong         = 1
	replyMessage = 4
)

// Interaction is what a person did in Discord.
type Interaction struct {
	Ping    bool   // Discord asks whether the address answers
	Command string // the name of a slash command
	Russian bool   // the language of the person
}

// ParseInteraction reads an interaction. What is neither a ping nor a command is ErrBody: the application asks for nothing else.
func ParseInteraction(body []byte) (Interaction, error) {
	var read struct {
		Type   int    `json:"type"`
		Locale string `json:"locale"`
		Data   struct {
			Name string `json:"name"`
		} `json:"data"`
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	if decoder.Decode(&read) != nil {
		return Interaction{}, ErrBody
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return Interaction{}, ErrBody
	}
	switch {
	case read.Type == ping:
		return Interaction{Ping: true}, nil
	case read.Type == command && read.Data.Name != "":
		return Interaction{Command: read.Data.Name, Russian: strings.HasPrefix(read.Locale, "ru")}, nil
	}
	return Interaction{}, ErrBody
}

// Reply is the answer to an interaction.
type Reply struct {
	Type int      `json:"type"`
	Data *Message `json:"data,omitempty"`
}

// Pong is the reply to a ping.
func Pong() Reply { return Reply{Type: pong} }

// Show is the reply that shows a message, to the person alone.
func Show(m Message) Reply {
	m.Flags |= Ephemeral
	return Reply{Type: replyMessage, Data: &m}
}
