// Package replymail reads the mails by which calendar programs answer invitations: iMIP (RFC 6047) with the method REPLY (RFC 5546
// section 3.2.3). Mails come from anywhere, so everything that is read of one is bounded.
package replymail

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"strconv"
	"strings"

	"go.updspace.com/events/domain"
	"go.updspace.com/libs/ical"
	"go.updspace.com/libs/mail/recipient"
	"go.updspace.com/libs/recurrence"
)

// The bounds of a mail. Its size is bounded by the caller.
const (
	maxDepth     = 5   // of multiparts inside each other
	maxParts     = 50  // in all
	maxAddresses = 50  // of recipients
	maxAnswers   = 100 // dates that one mail answers about
	maxHeader    = 998 // bytes of a Message-ID
)

// The headers that may have the address that a mail was sent to, the surest first.
var recipientHeaders = []string{"X-Original-To", "Delivered-To", "Envelope-To", "To", "Cc"}

// Parse reads a reply that was sent to an address of a domain. What cannot be read is domain.ErrMailUnreadable; a mail that is no reply
// is domain.ErrNoReply, one to no reply address domain.ErrInvitationUnknown.
func Parse(raw []byte, replyDomain string) (domain.MailReply, error) {
	message, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return domain.MailReply{}, domain.ErrMailUnreadable.Wrap(err)
	}
	reply := domain.MailReply{MessageID: strings.TrimSpace(message.Header.Get("Message-Id"))}
	if reply.MessageID == "" || len(reply.MessageID) > maxHeader {
		reply.MessageID = hex.EncodeToString(domain.Digest(raw))
	}
	if reply.Token = tokenOf(message.Header, replyDomain); reply.Token == "" {
		return domain.MailReply{}, domain.ErrInvitationUnknown
	}
	r := reader{}
	text, err := r.calendar(header(message.Header), message.Body, 0)
	if err != nil {
		return domain.MailReply{}, domain.ErrMailUnreadable.Wrap(err)
	}
	if text == nil {
		return domain.MailReply{}, domain.ErrNoReply
	}
	if err := answersOf(text, &reply); err != nil {
		return domain.MailReply{}, err
	}
	reply.From = sender(message.Header)
	reply.Digest = recipient.Digest(domain.ReplyAddress(reply.Token, replyDomain), reply.Attendee)
	return reply, nil
}

// sender is the address that a mail comes from, which its mail server has checked (DMARC); empty if that is not one address.
func sender(h mail.Header) string {
	list, err := (&mail.AddressParser{}).ParseList(h.Get("From"))
	if err != nil || len(list) != 1 || len(h["From"]) != 1 {
		return ""
	}
	address, _ := domain.NormalizeAddress(list[0].Address)
	return address
}

func tokenOf(h mail.Header, replyDomain string) domain.InvitationToken {
	for _, name := range recipientHeaders {
		for _, value := range h[name] {
			list, err := (&mail.AddressParser{}).ParseList(value)
			if err != nil {
				list = []*mail.Address{{Address: strings.Trim(value, " <>")}}
			}
			for _, address := range list[:min(len(list), maxAddresses)] {
				if token, ok := domain.ReplyToken(address.Address, replyDomain); ok {
					return token
				}
			}
		}
	}
	return ""
}

// getter is a header of a mail or of a part of it.
type getter interface{ Get(name string) string }

func header(h mail.Header) getter { return h }

var errTooMuch = errors.New("too many parts, or too deep")

// reader finds the calendar in the parts of a mail.
type reader struct{ parts int }

// calendar returns the first part that is a calendar, or nil.
func (r *reader) calendar(h getter, body io.Reader, depth int) ([]byte, error) {
	if r.parts++; r.parts > maxParts || depth > maxDepth {
		return nil, errTooMuch
	}
	media, params, err := mime.ParseMediaType(h.Get("Content-Type"))
	if err != nil {
		return nil, nil //nolint:nilerr // a part without a type is text
	}
	switch {
	case strings.HasPrefix(media, "multipart/"):
		parts := multipart.NewReader(body, params["boundary"])
		for {
			part, err := parts.NextRawPart()
			if errors.Is(err, io.EOF) {
				return nil, nil
			}
			if err != nil {
				return nil, err
			}
			if text, err := r.calendar(part.Header, part, depth+1); text != nil || err != nil {
				return text, err
			}
		}
	case media == "text/calendar" || media == "application/ics":
		return io.ReadAll(io.LimitReader(decoded(h.Get("Content-Transfer-Encoding"), body), ical.MaxBytes))
	}
	return nil, nil
}

func decoded(encoding string, body io.Reader) io.Reader {
	switch strings.ToLower(strings.TrimSpace(encoding)) {
	case "base64":
		return base64.NewDecoder(base64.StdEncoding, body)
	case "quoted-printable":
		return quotedprintable.NewReader(body)
	}
	return body
}

// statuses are the answers that a participation status stands for (RFC 5545 section 3.2.12). Others are no answer.
var statuses = map[string]domain.AnswerStatus{
	"ACCEPTED": domain.AnswerGoing, "TENTATIVE": domain.AnswerInterested, "DECLINED": domain.AnswerNotGoing,
}

// answersOf reads the answers in a calendar.
func answersOf(text []byte, reply *domain.MailReply) error {
	calendars, err := ical.Parse(bytes.NewReader(text))
	if err != nil {
		return domain.ErrMailUnreadable.Wrap(err)
	}
	if len(calendars) != 1 || !strings.EqualFold(valueOf(calendars[0], "METHOD"), "REPLY") {
		return domain.ErrNoReply
	}
	zones := ical.NewZones(calendars[0], recurrence.Zone)
	events := calendars[0].Children("VEVENT")
	if len(events) == 0 || len(events) > maxAnswers {
		return domain.ErrNoReply
	}
	for _, event := range events {
		uid, attendees := valueOf(event, "UID"), event.All("ATTENDEE")
		if uid == "" || len(attendees) != 1 || reply.UID != "" && uid != reply.UID {
			return domain.ErrNoReply
		}
		attendee, ok := addressIn(attendees[0].Value)
		if !ok || reply.Attendee != "" && attendee != reply.Attendee {
			return domain.ErrNoReply
		}
		reply.UID, reply.Attendee = uid, attendee
		answer := domain.MailAnswer{Status: statuses[strings.ToUpper(attendees[0].Param("PARTSTAT"))]}
		if answer.Status == "" {
			return domain.ErrNoReply
		}
		if answer.Sequence, err = strconv.Atoi(valueOr(event, "SEQUENCE", "0")); err != nil {
			return domain.ErrNoReply
		}
		if at, found := event.Property("RECURRENCE-ID"); found {
			if answer.On, err = dateOf(at, zones); err != nil {
				return domain.ErrMailUnreadable.Wrap(err)
			}
		}
		reply.Answers = append(reply.Answers, answer)
	}
	return nil
}

// dateOf is the date that a RECURRENCE-ID names.
func dateOf(p ical.Property, zones *ical.Zones) (*domain.DateName, error) {
	at, err := p.Time()
	if err != nil {
		return nil, err
	}
	switch {
	case at.Date:
		return &domain.DateName{Local: recurrence.Day(at.Wall)}, nil
	case at.Zone == "":
		return &domain.DateName{Local: recurrence.Wall(at.Wall)}, nil
	case at.Zone == "UTC":
		return &domain.DateName{At: at.Wall}, nil
	}
	zone, err := zones.Location(at.Zone)
	if err != nil {
		return nil, err
	}
	return &domain.DateName{At: recurrence.Wall(at.Wall).Resolve(zone)}, nil
}

func addressIn(value string) (string, bool) {
	if len(value) < len("mailto:") || !strings.EqualFold(value[:len("mailto:")], "mailto:") {
		return "", false
	}
	return domain.NormalizeAddress(value[len("mailto:"):])
}

func valueOf(c ical.Component, name string) string { return valueOr(c, name, "") }

func valueOr(c ical.Component, name, otherwise string) string {
	if p, found := c.Property(name); found {
		return strings.TrimSpace(p.Text())
	}
	return otherwise
}
