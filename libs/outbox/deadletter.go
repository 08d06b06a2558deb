package outbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/cloudevents/sdk-go/v2/event"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// The headers of a dead letter.
const (
	headerReason   = "Updspace-Dead-Reason"
	headerAttempts = "Updspace-Dead-Attempts"
	headerSubject  = "Updspace-Dead-Subject"
	headerConsumer = "Updspace-Dead-Consumer"

	maxReason = 1000 // bytes of an error text in a header
)

// ErrNoDeadLetter means that the dead letter does not exist, or no longer exists.
var ErrNoDeadLetter = errors.New("outbox: no such dead letter")

// DeadLetter is an event that a consumer could not handle.
type DeadLetter struct {
	Seq      uint64 // its number in the stream
	Consumer string
	Reason   string
	Attempts int
	At       time.Time
	Subject  string // the subject of the message
	Event    event.Event
	Raw      []byte // the body of the message, which may not be an event
}

// DeadLetters gives operators access to the dead-letter stream.
type DeadLetters struct{ js jetstream.JetStream }

// NewDeadLetters uses an open connection: see [Connect].
func NewDeadLetters(nc *nats.Conn) (*DeadLetters, error) {
	js, err := jetstream.New(nc)
	if err != nil {
		return nil, fmt.Errorf("outbox: %w", err)
	}
	return &DeadLetters{js: js}, nil
}

// List returns dead letters, oldest first, beginning with the number from.
func (d *DeadLetters) List(ctx context.Context, from uint64, limit int) ([]DeadLetter, error) {
	stream, err := d.js.Stream(ctx, StreamDead)
	if err != nil {
		return nil, fmt.Errorf("outbox: dead letters: %w", err)
	}
	var letters []DeadLetter
	for next := max(from, 1); len(letters) < limit; {
		m, err := stream.GetMsg(ctx, next, jetstream.WithGetMsgSubject(subjectDead+">"))
		if errors.Is(err, jetstream.ErrMsgNotFound) {
			return letters, nil
		}
		if err != nil {
			return nil, fmt.Errorf("outbox: dead letters: %w", err)
		}
		letters = append(letters, parseDeadLetter(m))
		next = m.Sequence + 1
	}
	return letters, nil
}

// Replay sends a dead letter again to the consumer that could not handle it, and to no other consumer, and then drops it.
func (d *DeadLetters) Replay(ctx context.Context, seq uint64) error {
	stream, err := d.js.Stream(ctx, StreamDead)
	if err != nil {
		return fmt.Errorf("outbox: dead letters: %w", err)
	}
	raw, err := stream.GetMsg(ctx, seq)
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return ErrNoDeadLetter
	}
	if err != nil {
		return fmt.Errorf("outbox: dead letter %d: %w", seq, err)
	}
	l := parseDeadLetter(raw)
	m := nats.NewMsg(l.Subject)
	m.Data = l.Raw
	m.Header.Set("Content-Type", contentType)
	m.Header.Set(headerFor, l.Consumer)
	// a new id: the stream would drop a message with the old one
	m.Header.Set(nats.MsgIdHdr, fmt.Sprintf("replay/%d/%d", seq, raw.Time.UnixNano()))
	if _, err := d.js.PublishMsg(ctx, m); err != nil {
		return fmt.Errorf("outbox: replaying dead letter %d: %w", seq, err)
	}
	return d.Drop(ctx, seq)
}

// Drop deletes a dead letter.
func (d *DeadLetters) Drop(ctx context.Context, seq uint64) error {
	stream, err := d.js.Stream(ctx, StreamDead)
	if err != nil {
		return fmt.Errorf("outbox: dead letters: %w", err)
	}
	err = stream.DeleteMsg(ctx, seq)
	if errors.Is(err, jetstream.ErrMsgNotFound) || errors.Is(err, jetstream.ErrMsgDeleteUnsuccessful) {
		return ErrNoDeadLetter
	}
	if err != nil {
		return fmt.Errorf("outbox: dropping dead letter %d: %w", seq, err)
	}
	return nil
}

func parseDeadLetter(m *jetstream.RawStreamMsg) DeadLetter {
	l := DeadLetter{
		Seq: m.Sequence, At: m.Time, Raw: m.Data,
		Consumer: m.Header.Get(headerConsumer),
		Reason:   m.Header.Get(headerReason),
		Subject:  m.Header.Get(headerSubject),
	}
	l.Attempts, _ = strconv.Atoi(m.Header.Get(headerAttempts))
	_ = json.Unmarshal(m.Data, &l.Event) // Raw holds what is not an event
	return l
}

// deadLetter copies a message to the dead letters.
func (c *Consumer) deadLetter(ctx context.Context, js jetstream.JetStream, m jetstream.Msg, cause error, attempts int) error {
	ctx, cancel := context.WithTimeout(ctx, ackTimeout)
	defer cancel()
	dead := nats.NewMsg(subjectDead + c.cfg.Name)
	dead.Data = m.Data()
	dead.Header.Set("Content-Type", contentType)
	dead.Header.Set(headerReason, oneLine(cause.Error()))
	dead.Header.Set(headerAttempts, strconv.Itoa(attempts))
	dead.Header.Set(headerSubject, m.Subject())
	dead.Header.Set(headerConsumer, c.cfg.Name)
	if meta, err := m.Metadata(); err == nil { // one dead letter for a message, also when its acknowledgement is lost
		dead.Header.Set(nats.MsgIdHdr, fmt.Sprintf("%s/%d", c.cfg.Name, meta.Sequence.Stream))
	}
	_, err := js.PublishMsg(ctx, dead)
	return err
}

// oneLine makes an error text valid in a header.
func oneLine(s string) string {
	b := []byte(s)
	if len(b) > maxReason {
		b = b[:maxReason]
	}
	for i := range b {
		if b[i] < ' ' {
			b[i] = ' '
		}
	}
	return string(b)
}
