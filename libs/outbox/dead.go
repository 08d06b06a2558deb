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

	maxReason = 1000 // bytes of an error text that travel in a header
)

// ErrNoLetter says that a dead letter does not exist, or not any more.
var ErrNoLetter = errors.New("outbox: no such dead letter")

// Letter is an event that a consumer could not handle.
type Letter struct {
	Seq      uint64 // names it
	Consumer string
	Reason   string
	Attempts int
	At       time.Time
	Subject  string // on which it was published
	Event    event.Event
	Raw      []byte // the message as it came, which may be no event at all
}

// DeadLetters is an operator's view of the dead-letter stream.
type DeadLetters struct{ js jetstream.JetStream }

// NewDeadLetters works over an open connection: see [Connect].
func NewDeadLetters(nc *nats.Conn) (*DeadLetters, error) {
	js, err := jetstream.New(nc)
	if err != nil {
		return nil, fmt.Errorf("outbox: %w", err)
	}
	return &DeadLetters{js: js}, nil
}

// List returns dead letters, oldest first, from the one with number from on.
func (d *DeadLetters) List(ctx context.Context, from uint64, limit int) ([]Letter, error) {
	stream, err := d.js.Stream(ctx, StreamDead)
	if err != nil {
		return nil, fmt.Errorf("outbox: dead letters: %w", err)
	}
	var letters []Letter
	for next := max(from, 1); len(letters) < limit; {
		m, err := stream.GetMsg(ctx, next, jetstream.WithGetMsgSubject(subjectDead+">"))
		if errors.Is(err, jetstream.ErrMsgNotFound) {
			return letters, nil
		}
		if err != nil {
			return nil, fmt.Errorf("outbox: dead letters: %w", err)
		}
		letters = append(letters, letter(m))
		next = m.Sequence + 1
	}
	return letters, nil
}

// Replay sends a dead letter to the consumer that could not handle it, and to
// no other, and removes it from the dead letters.
func (d *DeadLetters) Replay(ctx context.Context, seq uint64) error {
	stream, err := d.js.Stream(ctx, StreamDead)
	if err != nil {
		return fmt.Errorf("outbox: dead letters: %w", err)
	}
	raw, err := stream.GetMsg(ctx, seq)
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return ErrNoLetter
	}
	if err != nil {
		return fmt.Errorf("outbox: dead letter %d: %w", seq, err)
	}
	l := letter(raw)
	m := nats.NewMsg(l.Subject)
	m.Data = l.Raw
	m.Header.Set("Content-Type", contentType)
	m.Header.Set(headerFor, l.Consumer)
	// an id of its own, or the stream would take it for the first one
	m.Header.Set(nats.MsgIdHdr, fmt.Sprintf("replay/%d/%d", seq, raw.Time.UnixNano()))
	if _, err := d.js.PublishMsg(ctx, m); err != nil {
		return fmt.Errorf("outbox: replaying dead letter %d: %w", seq, err)
	}
	return d.Drop(ctx, seq)
}

// Drop removes a dead letter for good.
func (d *DeadLetters) Drop(ctx context.Context, seq uint64) error {
	stream, err := d.js.Stream(ctx, StreamDead)
	if err != nil {
		return fmt.Errorf("outbox: dead letters: %w", err)
	}
	err = stream.DeleteMsg(ctx, seq)
	if errors.Is(err, jetstream.ErrMsgNotFound) || errors.Is(err, jetstream.ErrMsgDeleteUnsuccessful) {
		return ErrNoLetter
	}
	if err != nil {
		return fmt.Errorf("outbox: dropping dead letter %d: %w", seq, err)
	}
	return nil
}

func letter(m *jetstream.RawStreamMsg) Letter {
	l := Letter{
		Seq: m.Sequence, At: m.Time, Raw: m.Data,
		Consumer: m.Header.Get(headerConsumer),
		Reason:   m.Header.Get(headerReason),
		Subject:  m.Header.Get(headerSubject),
	}
	l.Attempts, _ = strconv.Atoi(m.Header.Get(headerAttempts))
	_ = json.Unmarshal(m.Data, &l.Event) // Raw is there for what is no event
	return l
}

// bury copies a message to the dead letters.
func (c *Consumer) bury(ctx context.Context, js jetstream.JetStream, m jetstream.Msg, cause error, attempts int) error {
	ctx, cancel := context.WithTimeout(ctx, ackTimeout)
	defer cancel()
	dead := nats.NewMsg(subjectDead + c.cfg.Name)
	dead.Data = m.Data()
	dead.Header.Set("Content-Type", contentType)
	dead.Header.Set(headerReason, oneLine(cause.Error()))
	dead.Header.Set(headerAttempts, strconv.Itoa(attempts))
	dead.Header.Set(headerSubject, m.Subject())
	dead.Header.Set(headerConsumer, c.cfg.Name)
	if meta, err := m.Metadata(); err == nil { // buried, then not acknowledged: the same letter, not a second one
		dead.Header.Set(nats.MsgIdHdr, fmt.Sprintf("%s/%d", c.cfg.Name, meta.Sequence.Stream))
	}
	_, err := js.PublishMsg(ctx, dead)
	return err
}

// oneLine makes an error text fit for a header.
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
