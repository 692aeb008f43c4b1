package oauth

import (
	"crypto/sha256"
	"encoding/base64"
	"html/template"
	"net/http"
)

// A page tells a person how a login went. It holds no script and fetches nothing.
type page struct {
	status      int
	title, text string
}

const pageStyle = `body{margin:0;min-height:100vh;display:grid;place-items:center;font:1.1rem/1.5 system-ui,sans-serif;background:#f3f0fa;color:#241b3a}` +
	`main{max-width:28rem;margin:1rem;padding:2rem 2.5rem;background:#fff;border-radius:1rem;border-top:.4rem solid #6441a5}` +
	`main.bad{border-top-color:#b3261e}h1{margin:0 0 .5rem;font-size:1.5rem}p{margin:0}` +
	`@media(prefers-color-scheme:dark){body{background:#17131f;color:#eee}main{background:#241f31}}`

const pageHTML = `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{{.Title}}</title><style>{{.Style}}</style></head>
<body><main class="{{.Class}}"><h1>{{.Title}}</h1><p>{{.Text}}</p></main></body></html>
`

// pagePolicy allows the page its own style and nothing else.
func pagePolicy() string {
	hash := sha256.Sum256([]byte(pageStyle))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(hash[:]) +
		"'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
}

func (p page) write(w http.ResponseWriter) {
	class := "good"
	if p.status >= http.StatusBadRequest {
		class = "bad"
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(p.status)
	t := template.Must(template.New("page").Parse(pageHTML)) // a constant: the tests show it once
	_ = t.Execute(w, struct {
		Title, Text, Class string
		Style              template.CSS
	}{p.title, p.text, class, template.CSS(pageStyle)}) // who has gone away needs no page
}
