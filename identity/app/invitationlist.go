package app

import (
	"context"
	"encoding/csv"
	"errors"
	"io"
	"strings"

	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/reqctx"
)

// InviteOutcome is what became of one line of a list.
type InviteOutcome string

// The outcomes.
const (
	OutcomeInvited        InviteOutcome = "invited"
	OutcomeAlreadyInvited InviteOutcome = "already_invited"
	OutcomeAlreadyMember  InviteOutcome = "already_member"
	OutcomeRepeated       InviteOutcome = "repeated"
	OutcomeInvalid        InviteOutcome = "invalid"
	OutcomeLimited        InviteOutcome = "limited"
)

// InvitedLine is what became of one line.
type InvitedLine struct {
	Line    int
	Email   string
	Outcome InviteOutcome
}

// maxInvitedLines is how many people one list may have.
const maxInvitedLines = 200

// InviteList invites the people of a CSV file: addresses in the first column, languages in the second. A line that is wrong holds up no
// other.
func (v *Invitations) InviteList(ctx context.Context, text string) ([]InvitedLine, error) {
	if err := v.require(ctx, permissionReview); err != nil {
		return nil, err
	}
	lines, err := readInvitees(text)
	if err != nil {
		return nil, err
	}
	tenant, err := v.Deps.Tenants.BySlug(ctx, reqctx.From(ctx).TenantSlug)
	if err != nil {
		return nil, err
	}
	out, seen := make([]InvitedLine, len(lines)), map[string]bool{}
	for i, l := range lines {
		key := strings.ToLower(strings.TrimSpace(l.Email))
		out[i] = InvitedLine{Line: l.line, Email: strings.ToValidUTF8(truncated(l.Email, 254), ""), Outcome: OutcomeRepeated}
		if seen[key] {
			continue
		}
		seen[key] = true
		_, err := v.invite(ctx, tenant, l.Invitee)
		if out[i].Outcome, err = outcomeOf(err); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func outcomeOf(err error) (InviteOutcome, error) {
	switch {
	case err == nil:
		return OutcomeInvited, nil
	case errors.Is(err, domain.ErrAlreadyInvited):
		return OutcomeAlreadyInvited, nil
	case errors.Is(err, domain.ErrAlreadyMember):
		return OutcomeAlreadyMember, nil
	case errs.KindOf(err) == errs.Invalid:
		return OutcomeInvalid, nil
	case errs.KindOf(err) == errs.RateLimited:
		return OutcomeLimited, nil
	}
	return "", err
}

type numberedInvitee struct {
	Invitee
	line int
}

// readInvitees reads a list. Commas, semicolons and tabs may separate the columns, as spreadsheets do; a first line without an address is
// taken for the names of the columns.
func readInvitees(text string) (lines []numberedInvitee, err error) {
	f := errs.Fields{}
	text = strings.TrimPrefix(text, "\ufeff")
	r := csv.NewReader(strings.NewReader(text))
	first, _, _ := strings.Cut(text, "\n")
	for _, comma := range []rune{';', '\t'} {
		if strings.ContainsRune(first, comma) {
			r.Comma = comma
		}
	}
	r.FieldsPerRecord, r.TrimLeadingSpace = -1, true
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			f.Add("csv", why.InvalidFormat("is not a CSV file"))
			return nil, f.Err()
		}
		line, _ := r.FieldPos(0)
		in := numberedInvitee{Invitee{Email: record[0]}, line}
		if len(record) > 1 {
			in.Language = strings.ToLower(strings.TrimSpace(record[1]))
		}
		if line == 1 && !strings.Contains(in.Email, "@") || strings.TrimSpace(in.Email) == "" {
			continue
		}
		if lines = append(lines, in); len(lines) > maxInvitedLines {
			f.Add("csv", why.TooMany(maxInvitedLines))
			return nil, f.Err()
		}
	}
	f.Check(len(lines) > 0, "csv", why.Empty)
	return lines, f.Err()
}

func truncated(s string, n int) string { return s[:min(len(s), n)] }
