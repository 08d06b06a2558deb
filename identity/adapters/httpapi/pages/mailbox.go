package pages

import (
	"net/http"
	"regexp"

	"github.com/google/uuid"

	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/errs"
)

func (p *Pages) mailbox(w http.ResponseWriter, r *http.Request) {
	p.render(w, r, http.StatusOK, "mailbox", map[string]any{"Messages": p.Mailbox.All()})
}

// part is a piece of a mail's text; one with a link is shown as such.
type part struct{ Text, Link string }

var linkPattern = regexp.MustCompile(`https?://[^\s<>"]+`)

func (p *Pages) mail(w http.ResponseWriter, r *http.Request) {
	id, err := uuid.Parse(r.PathValue("id"))
	message, found := domain.DeliveredMail{}, false
	if err == nil {
		message, found = p.Mailbox.Find(id)
	}
	if !found {
		p.Error(w, r, errs.NotFoundf("There is no such mail."))
		return
	}
	var parts []part
	at := 0
	for _, span := range linkPattern.FindAllStringIndex(message.Text, -1) {
		parts = append(parts, part{Text: message.Text[at:span[0]]}, part{Link: message.Text[span[0]:span[1]]})
		at = span[1]
	}
	parts = append(parts, part{Text: message.Text[at:]})
	p.render(w, r, http.StatusOK, "mail", map[string]any{"Message": message, "Parts": parts})
}
