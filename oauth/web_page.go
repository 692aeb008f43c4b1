package oauth

import (
	"crypto/sha256"
	"encoding/base64"
	"html"
	"io"
	"net/http"
)

// A page shows the result of a login. It contains no script and loads nothing.
type page struct {
	status      int
	title, text string // plain; write escapes them
}

const pageStyle = `body{margin:0;min-height:100vh;display:grid;place-items:center;font:1.1rem/1.5 system-ui,sans-serif;background:#f3f0fa;color:#241b3a}` +
	`main{max-width:28rem;margin:1rem;padding:2rem 2.5rem;background:#fff;border-radius:1rem;border-top:.4rem solid #6441a5}` +
	`main.bad{border-top-color:#b3261e}h1{margin:0 0 .5rem;font-size:1.5rem}p{margin:0}` +
	`@media(prefers-color-scheme:dark){body{background:#17131f;color:#eee}main{background:#241f31}}`

// pagePolicy allows the page its own style and nothing else.
func pagePolicy() string {
	hash := sha256.Sum256([]byte(pageStyle))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(hash[:]) +
		"'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
}

// html returns the page. It is put together by hand, and text stands only between
// tags: html/template makes the linker keep every exported method of the program, which
// is megabytes.
func (p page) html() string {
	class := "good"
	if p.status >= http.StatusBadRequest {
		class = "bad"
	}
	title, text := html.EscapeString(p.title), html.EscapeString(p.text)
	return `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>` + title + `</title><style>` + pageStyle + `</style></head>
<body><main class="` + class + `"><h1>` + title + `</h1><p>` + text + `</p></main></body></html>
`
}

func (p page) write(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(p.status)
	_, _ = io.WriteString(w, p.html()) // the browser may have disconnected
}
