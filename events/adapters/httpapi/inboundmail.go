package httpapi

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"strconv"
	"time"

	"go.updspace.com/api/eventsapi"
	"go.updspace.com/events/domain"
	"go.updspace.com/events/replymail"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/wire"
)

// signatureAge is how far the time of a signature may be off.
const signatureAge = 5 * time.Minute

// InboundMail says which mails the service reads.
type InboundMail struct {
	Domain string // of the reply addresses
	Secret string // that mail servers sign with; empty: no mail is read
}

// verify checks the signature of a mail, in constant time.
func (m InboundMail) verify(timestamp, signature string, body []byte, now time.Time) error {
	seconds, err := strconv.ParseInt(timestamp, 10, 64)
	if err != nil || now.Sub(time.Unix(seconds, 0)).Abs() > signatureAge {
		return domain.ErrMailSignature
	}
	given, err := hex.DecodeString(signature)
	if err != nil {
		return domain.ErrMailSignature
	}
	mac := hmac.New(sha256.New, []byte(m.Secret))
	_, _ = io.WriteString(mac, timestamp+".") // never fails
	_, _ = mac.Write(body)
	if !hmac.Equal(given, mac.Sum(nil)) {
		return domain.ErrMailSignature
	}
	return nil
}

func (s *server) ReceiveMail(ctx context.Context, r eventsapi.ReceiveMailRequestObject) (eventsapi.ReceiveMailResponseObject, error) {
	if s.inbound.Secret == "" {
		return nil, domain.ErrInboundMailOff
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, errs.BadRequestf("The request body could not be read.").Wrap(err)
	}
	if err := s.inbound.verify(wire.Value(r.Params.XMailTimestamp), wire.Value(r.Params.XMailSignature), body, s.links.Clock.Now()); err != nil {
		return nil, err
	}
	reply, err := replymail.Parse(body, s.inbound.Domain)
	if err != nil {
		return nil, err
	}
	received, err := s.links.Reply(ctx, reply)
	if err != nil {
		return nil, err
	}
	outcome := eventsapi.MailReceivedOutcomeIgnored
	if received.Answered {
		outcome = eventsapi.MailReceivedOutcomeAnswered
	}
	return eventsapi.ReceiveMail200JSONResponse{Outcome: outcome, Reason: wire.OrNull(eventsapi.MailReceivedReason(received.Reason))}, nil
}
