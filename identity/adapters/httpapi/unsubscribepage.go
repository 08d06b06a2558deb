package httpapi

import "net/http"

// mailQuestion is the community whose mails of some kind a link is about, and whether its recipient has unsubscribed from them.
type mailQuestion struct {
	From  string `json:"from"`
	Ended bool   `json:"ended"`
}

// unsubscribe is the page that a link in a mail leads to. A GET, which mail scanners send too, changes nothing. A POST comes
// from the button of the page, or from a mail program (RFC 8058), which has no cookie and sends what the header says; with
// again in its form, which only the page sends, it brings the mails back.
func (p pages) unsubscribe(w http.ResponseWriter, r *http.Request) error {
	act := p.MailSubscriptions.Find
	if r.Method == http.MethodPost {
		act = p.MailSubscriptions.End
		if r.PostForm.Get("again") != "" {
			act = p.MailSubscriptions.Renew
		}
	}
	found, err := act(r.Context(), r.URL.Query().Get("token"))
	if err != nil {
		return err
	}
	_, user, err := p.current(r)
	if err != nil {
		return err
	}
	return p.show(w, r, visit{user: user, forms: forms{Mails: &mailQuestion{From: found.From.Name, Ended: found.Ended}}})
}
