package standins

import (
	"crypto/ed25519"
	"encoding/hex"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// DiscordAPI stands in for what of Discord's API is called (https://discord.com/developers/docs): webhooks of channels. It also signs
// interactions as Discord does, for tests of the endpoint that receives them.
type DiscordAPI struct {
	mu       sync.Mutex
	messages []DiscordMessage
}

// DiscordMessage is a message that was posted to the webhook of a channel.
type DiscordMessage struct {
	WebhookID string
	Body      string // JSON
}

// DiscordWebhookToken ends the address of every webhook of the stand-in.
const DiscordWebhookToken = "stand-in-webhook-token-of-the-channel"

// DiscordWebhook is the address of a webhook of a channel at the stand-ins, which are served at base.
func DiscordWebhook(base string) string {
	return base + "/api/webhooks/80351110224678912/" + DiscordWebhookToken
}

const maxDiscordMessages = 100

func (d *DiscordAPI) routes(mux *http.ServeMux) {
	mux.HandleFunc("POST /api/webhooks/{id}/{token}", d.execute)
	mux.HandleFunc("GET /discord/messages", d.list)
}

// execute stores a message. Without wait, Discord answers before it has stored it, and says nothing of it.
func (d *DiscordAPI) execute(w http.ResponseWriter, r *http.Request) {
	if r.PathValue("token") != DiscordWebhookToken {
		writeJSON(w, http.StatusNotFound, object{"message": "Unknown Webhook", "code": 10015})
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 64<<10))
	if err != nil || !strings.HasPrefix(strings.TrimSpace(string(body)), "{") {
		writeJSON(w, http.StatusBadRequest, object{"message": "Cannot send an empty message", "code": 50006})
		return
	}
	d.mu.Lock()
	d.messages = append(d.messages[max(0, len(d.messages)-maxDiscordMessages+1):], DiscordMessage{r.PathValue("id"), string(body)})
	n := len(d.messages)
	d.mu.Unlock()
	if r.URL.Query().Get("wait") != "true" {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	writeJSON(w, http.StatusOK, object{"id": strconv.Itoa(n), "type": 0})
}

// list shows what was posted, the newest first.
func (d *DiscordAPI) list(w http.ResponseWriter, _ *http.Request) {
	d.mu.Lock()
	defer d.mu.Unlock()
	items := []object{}
	for i := len(d.messages) - 1; i >= 0; i-- {
		items = append(items, object{"webhook_id": d.messages[i].WebhookID, "body": d.messages[i].Body})
	}
	writeJSON(w, http.StatusOK, object{"items": items})
}

// SignInteraction returns the headers by which Discord signs an interaction (X-Signature-Ed25519 and X-Signature-Timestamp).
func SignInteraction(key ed25519.PrivateKey, at time.Time, body string) http.Header {
	stamp := strconv.FormatInt(at.Unix(), 10)
	return http.Header{
		"X-Signature-Ed25519": {hex.EncodeToString(ed25519.Sign(key, []byte(stamp+body)))}, "X-Signature-Timestamp": {stamp},
	}
}
