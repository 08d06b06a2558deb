package standins

import (
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"strings"
)

// The page on which the person at the browser chooses an account. Its forms go to its own address, the question included.
var choice = template.Must(template.New("choice").Parse(`<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{{.System}} (stand-in)</title>
<style>body{font:1rem/1.5 system-ui;max-width:30rem;margin:3rem auto;padding:0 1rem}button,input{font:inherit;padding:.4rem .8rem;margin:.2rem 0}</style>
<main><h1>{{.System}} (stand-in)</h1>
<p>This page stands for {{.System}} on this machine. Nothing leaves it.</p>
<form method="post">
{{range .Accounts}}<p><button name="account" value="{{.ID}}">Go on as {{.Name}}</button></p>{{end}}
</form>
<form method="post"><p><label>Another account <input name="account" required maxlength="64"></label> <button>Go on</button></p></form>
<form method="post"><p><button name="cancel" value="1">Cancel</button></p></form>
</main></html>
`))

func choose(w http.ResponseWriter, system string, accounts []Account) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_ = choice.Execute(w, struct { // only the connection can fail
		System   string
		Accounts []Account
	}{system, accounts})
}

// chosen is the account of the form that the page sent; ok is false when it was cancelled.
func chosen(r *http.Request) (id string, ok bool) {
	id = strings.TrimSpace(r.PostFormValue("account"))
	return id, id != "" && len(id) <= 64 && r.PostFormValue("cancel") == ""
}

// back sends the browser to an address with further parameters.
func back(w http.ResponseWriter, r *http.Request, to string, add url.Values) {
	u, err := url.Parse(to)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" {
		http.Error(w, "the address to go back to is not valid", http.StatusBadRequest)
		return
	}
	q := u.Query()
	for name, values := range add {
		q[name] = values
	}
	u.RawQuery = q.Encode()
	http.Redirect(w, r, u.String(), http.StatusSeeOther)
}

func index(w http.ResponseWriter, _ *http.Request) {
	_, _ = fmt.Fprintln(w, "Stand-ins for Steam, Discord, GitHub and an OpenID Connect issuer, for development.") // only the connection can fail
}
