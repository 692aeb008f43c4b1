package api

import "net/http"

// cors allows calls of web pages, of overlays for example, as Twitch does. It reports
// whether the request was a preflight, which is then answered.
func cors(w http.ResponseWriter, r *http.Request) (asked bool) {
	h := w.Header()
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Access-Control-Expose-Headers", "Ratelimit-Limit, Ratelimit-Remaining, Ratelimit-Reset")
	if r.Method != http.MethodOptions {
		return false
	}
	h.Set("Access-Control-Allow-Methods", "GET, POST, PUT, PATCH, DELETE")
	h.Set("Access-Control-Allow-Headers", "Authorization, Client-Id, Content-Type")
	w.WriteHeader(http.StatusNoContent)
	return true
}
