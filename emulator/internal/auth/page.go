package auth

import (
	"crypto/sha256"
	"encoding/base64"
	"html"
	"net/http"
	"strings"
)

// A page is what a browser shows. Whatever comes from outside is put into it by
// text, which escapes. It is plain code: package html/template finds methods by
// their names, and for that the linker keeps every exported method of a program.
type page struct {
	status int // 0 stands for 200
	title  string
	body   strings.Builder
}

const pageStyle = `body{margin:0;font:1rem/1.5 system-ui,sans-serif;background:#efecf6;color:#1f1a2e}` +
	`main{box-sizing:border-box;max-width:34rem;margin:2rem auto;padding:1.5rem;background:#fff;border-radius:.75rem;border-top:.4rem solid #6441a5}` +
	`h1{margin:0 0 1rem;font-size:1.4rem;overflow-wrap:anywhere}ul{padding-left:1.2rem}li{margin:.5rem 0}` +
	`code{font-size:.85em;color:#6a6478;overflow-wrap:anywhere}label{display:block;margin:1rem 0}` +
	`select,input{box-sizing:border-box;display:block;width:100%;margin-top:.25rem;padding:.6rem;font:inherit}` +
	`.code{letter-spacing:.2em;text-transform:uppercase}.note{font-size:.85rem;color:#6a6478}` +
	`button{font:inherit;padding:.6rem 1.4rem;margin:.5rem .5rem 0 0;border:0;border-radius:.4rem;background:#d9d4e6;color:#1f1a2e}` +
	`button.yes{background:#6441a5;color:#fff}` +
	`@media(max-width:36rem){main{margin:0;border-radius:0}button{width:100%;margin-right:0}}` +
	`@media(prefers-color-scheme:dark){body{background:#17131f;color:#eee}main{background:#241f31}code,.note{color:#aaa3bb}}`

// pagePolicy allows a page its own style and forms, and nothing else. Browsers
// look at form-action for the redirect after a form too, which goes to the application.
func pagePolicy() string {
	sum := sha256.Sum256([]byte(pageStyle))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) +
		"'; base-uri 'none'; form-action 'self' http: https:; frame-ancestors 'none'"
}

// html adds markup. It never holds anything that came from outside.
func (p *page) html(markup string) *page {
	p.body.WriteString(markup)
	return p
}

// text adds text, which may also stand in an attribute in double quotes.
func (p *page) text(s string) *page {
	p.body.WriteString(html.EscapeString(s))
	return p
}

// note adds that this is not Twitch.
func (p *page) note() *page {
	return p.html(`<p class="note">This is Larkspur's emulator. Nothing you do here reaches Twitch.</p>`)
}

func (p *page) write(w http.ResponseWriter) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", pagePolicy())
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	// Not no-referrer: it would hide from us that a form is from our own page.
	h.Set("Referrer-Policy", "same-origin")
	if p.status != 0 {
		w.WriteHeader(p.status)
	}
	title := html.EscapeString(p.title)
	_, _ = w.Write([]byte(`<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>` + title + `</title><style>` + pageStyle + `</style></head>
<body><main><h1>` + title + `</h1>
` + p.body.String() + `
</main></body></html>
`))
}
