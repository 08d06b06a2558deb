package app

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/activity/connectors/domain"
	feed "go.updspace.com/activity/domain"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/signature"
)

// Hooks are the use case of messages that sources send.
type Hooks struct{ Deps }

const (
	maxMessage   = 32 << 10
	noncesKept   = 3 * signature.Tolerance
	rateInterval = time.Minute
)

// Accepted says what became of a message.
type Accepted struct {
	New     bool // it was not known
	Created bool // and an item was made of it
}

// message is the body of a message. Other fields are let go: plugins send more.
type message struct {
	Type       string    `json:"type"`
	EventID    string    `json:"event_id"`
	Title      string    `json:"title"`
	Text       string    `json:"text"`
	URL        string    `json:"url"`
	OccurredAt time.Time `json:"occurred_at"`
}

// Receive takes a signed message for the address with the key. What it says is accepted once: a repetition of the same bytes is refused,
// a new attempt with the same id is answered and changes nothing.
func (s Hooks) Receive(ctx context.Context, key uuid.UUID, m signature.Message) (accepted Accepted, err error) {
	switch rc := reqctx.From(ctx); {
	case rc.UserID != uuid.Nil:
		return accepted, errs.Forbiddenf("Messages of sources are passed on by the gateway, for no user.")
	case rc.TenantID == uuid.Nil:
		return accepted, domain.ErrHookRefused
	case len(m.Body) > maxMessage:
		return accepted, domain.ErrHookTooLong
	}
	var refusal error // is recorded with the source, so it must not roll back
	err = s.Tx.Do(ctx, func(ctx context.Context) error {
		source, err := s.Sources.LockByKey(ctx, key)
		if errors.Is(err, domain.ErrSourceNotFound) || err == nil && !source.Receives() {
			return domain.ErrHookRefused
		}
		if err != nil {
			return err
		}
		now := s.Clock.Now()
		secrets, err := s.Sources.Secrets(ctx, source.ID())
		if err != nil {
			return err
		}
		switch err := signature.Verify(secrets.At(now), m, now); {
		case errors.Is(err, signature.ErrStale):
			return domain.ErrHookStale.Wrap(err)
		case err != nil: // strangers leave no trace at the source
			return domain.ErrHookRefused.Wrap(err)
		}
		accepted, refusal, err = s.take(ctx, source, m, now)
		if err != nil {
			return err
		}
		return s.Sources.Update(ctx, source.Received(problem(refusal), now))
	})
	if err == nil {
		err = refusal
	}
	return accepted, err
}

// problem is the code of a refusal, as the source shows it.
func problem(refusal error) string {
	if known, ok := errors.AsType[*errs.Error](refusal); ok {
		return known.Code
	}
	return ""
}

// admit refuses what comes to a source that is switched off, too often, or a second time. nonce names exactly what came.
func (d Deps) admit(ctx context.Context, source domain.Source, nonce [sha256.Size]byte, now time.Time) (refusal, err error) {
	connector, _ := domain.ConnectorOf(source.Data().Kind)
	if !source.Data().Active {
		return domain.ErrHookPaused, nil
	}
	count, err := d.Messages.Count(ctx, source.ID(), now.Add(-rateInterval))
	if err != nil {
		return nil, err
	}
	if count >= connector.MaxRate {
		return domain.ErrHookRate.WithRetryAfter(rateInterval), nil
	}
	fresh, err := d.Messages.Remember(ctx, source.ID(), nonce, now)
	if err != nil {
		return nil, err
	}
	if !fresh {
		return domain.ErrHookReplay, nil
	}
	return nil, nil //nolint:nilnil // it is admitted
}

func (s Hooks) take(ctx context.Context, source domain.Source, m signature.Message, now time.Time) (accepted Accepted, refusal, err error) {
	refusal, err = s.admit(ctx, source, sha256.Sum256([]byte(m.ID+"."+m.Timestamp)), now)
	if refusal != nil || err != nil {
		return accepted, refusal, err
	}
	read, refusal := parse(m.Body)
	if refusal != nil {
		return accepted, refusal, nil
	}
	if !slices.Contains(source.Data().Types, read.Type) {
		return accepted, domain.ErrHookType, nil
	}
	entry := domain.Entry{ID: "message/" + m.ID, Type: read.Type, Title: read.Title, Text: read.Text, Link: read.URL, OccurredAt: read.OccurredAt}
	if read.EventID != "" {
		entry.ID = "event/" + read.EventID
	}
	if entry.Title == "" {
		entry.Title = read.Type
	}
	created, known, err := s.put(ctx, source, []domain.Entry{entry}, now)
	return Accepted{New: known == 0, Created: created > 0}, nil, err
}

// parse reads one JSON object. A time that cannot be read, or any other field of a wrong type, is a refusal, too.
func parse(body []byte) (read message, refusal error) {
	trimmed := bytes.TrimLeft(body, " \t\r\n")
	if len(trimmed) == 0 || trimmed[0] != '{' {
		return read, domain.ErrHookBody
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	if err := decoder.Decode(&read); err != nil {
		return read, domain.ErrHookBody.Wrap(err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return read, domain.ErrHookBody
	}
	return read, nil
}

// put makes items of the entries that are new, and returns how many it made and how many were known.
func (d Deps) put(ctx context.Context, source domain.Source, entries []domain.Entry, now time.Time) (created, known int, err error) {
	hashes := make([][32]byte, len(entries))
	for i, entry := range entries {
		hashes[i] = entry.Hash()
	}
	fresh, err := d.Messages.AddHashes(ctx, source.ID(), hashes, now)
	if err != nil {
		return 0, 0, err
	}
	var changes []feed.Change
	for i, entry := range entries {
		if !fresh[hashes[i]] {
			known++
			continue
		}
		delete(fresh, hashes[i]) // the same entry twice in one feed
		if entry = entry.Clean(now); !entry.Shown(now) {
			continue
		}
		item, err := source.Item(entry)
		if err != nil {
			return 0, 0, err
		}
		changes = append(changes, feed.Put(item))
	}
	if len(changes) == 0 {
		return 0, known, nil
	}
	return len(changes), known, d.Feed.Apply(ctx, changes...)
}
