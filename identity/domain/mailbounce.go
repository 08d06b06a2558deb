package domain

import (
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
)

// What mail servers tell of mails.
const (
	bounceReport    = "email.bounced"
	complaintReport = "email.complained"
)

// SuppressionLifetime is how long an address gets no mails after one came back. Then a mail is tried again.
const SuppressionLifetime = 90 * 24 * time.Hour

// ReportLifetime is how long a report is remembered, so that it counts once: longer than its signature is good for.
const ReportLifetime = time.Hour

// MaxReported is how many addresses a report may name.
const MaxReported = 50

// MailReport is what a mail server or a provider tells of a mail that it had accepted.
type MailReport struct {
	ID        string // of the report
	Type      string
	Addresses []string
	MessageID string // of the mail, as its header has it
	Bounce    string // its kind: permanent or not
}

// Final reports whether the addresses are to get no further mails: they do not take them, or their owners call them spam.
func (r MailReport) Final() bool {
	return r.Type == complaintReport || r.Type == bounceReport && slices.Contains([]string{"permanent", "hard"}, strings.ToLower(r.Bounce))
}

// Mail is the ID that the mail had when it was sent.
func (r MailReport) Mail() string {
	id, _, _ := strings.Cut(strings.Trim(r.MessageID, "<>"), "@")
	return id
}

// EncodeMailID writes what a service asked for as a text, for a token that a mail carries.
func EncodeMailID(tenant, message uuid.UUID, kind string) []byte {
	return []byte(tenant.String() + " " + message.String() + " " + kind)
}

// DecodeMailID is the reverse of EncodeMailID.
func DecodeMailID(text []byte) (tenant, message uuid.UUID, kind string, ok bool) {
	parts := strings.Split(string(text), " ")
	if len(parts) != 3 {
		return tenant, message, "", false
	}
	tenant, err := uuid.Parse(parts[0])
	if err != nil {
		return tenant, message, "", false
	}
	message, err = uuid.Parse(parts[1])
	return tenant, message, parts[2], err == nil
}
