// Package discord makes the messages that Discord shows: embeds of its API, within its limits. It does no I/O.
package discord

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// The limits of Discord for one embed, in characters, and for one message.
const (
	maxTitle       = 256
	maxDescription = 4096
	maxURL         = 2048
	maxFooter      = 2048
	MaxEmbeds      = 10
)

// colour is that of the line beside an embed, 0xRRGGBB.
const colour = 0x5b5bd6

// Embed is a card of a message.
type Embed struct {
	Title       string     `json:"title,omitempty"`
	Description string     `json:"description,omitempty"`
	URL         string     `json:"url,omitempty"`
	Color       int        `json:"color,omitempty"`
	Timestamp   *time.Time `json:"timestamp,omitempty"`
	Author      *Named     `json:"author,omitempty"`
	Footer      *Footer    `json:"footer,omitempty"`
}

// Named is the line above the title of an embed.
type Named struct {
	Name string `json:"name"`
}

// Footer is the line below an embed.
type Footer struct {
	Text string `json:"text"`
}

// Message is what is posted. It mentions no one, whatever its texts say.
type Message struct {
	Content         string   `json:"content,omitempty"`
	Embeds          []Embed  `json:"embeds"`
	Flags           int      `json:"flags,omitempty"`
	AllowedMentions mentions `json:"allowed_mentions"`
}

type mentions struct {
	Parse []string `json:"parse"`
}

// Ephemeral is the flag of a message that only the person sees who gave the command.
const Ephemeral = 1 << 6

// NewMessage makes a message of embeds, each within the limits. Embeds beyond MaxEmbeds are left out.
func NewMessage(embeds ...Embed) Message {
	embeds = embeds[:min(len(embeds), MaxEmbeds)]
	kept := make([]Embed, len(embeds))
	for i, e := range embeds {
		e.Title, e.Description = cut(e.Title, maxTitle), cut(e.Description, maxDescription)
		if len(e.URL) > maxURL {
			e.URL = ""
		}
		if e.Author != nil {
			e.Author = &Named{cut(e.Author.Name, maxTitle)}
		}
		if e.Footer != nil {
			e.Footer = &Footer{cut(e.Footer.Text, maxFooter)}
		}
		if e.Color == 0 {
			e.Color = colour
		}
		kept[i] = e
	}
	return Message{Embeds: kept, AllowedMentions: mentions{Parse: []string{}}}
}

// JSON is the body of the message.
func (m Message) JSON() ([]byte, error) {
	body, err := json.Marshal(m)
	if err != nil {
		return nil, fmt.Errorf("encoding a message for Discord: %w", err)
	}
	return body, nil
}

// special are the characters that Discord reads as markup, links and mentions.
const special = "\\*_~`|>[]()<#@"

// Plain is a text that Discord shows as it is: a title that a member wrote makes no link and no heading.
func Plain(text string) string {
	var b strings.Builder
	for _, r := range text {
		if r < utf8.RuneSelf && strings.ContainsRune(special, r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// Time is a moment as Discord shows it, in the language and the zone of each reader.
func Time(at time.Time) string { return fmt.Sprintf("<t:%d:F>", at.Unix()) }

func cut(s string, most int) string {
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return strings.TrimRight(string([]rune(s)[:most-1]), `\ `) + "…"
}
