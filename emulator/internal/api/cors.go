package api

import "net/http"

// cors lets web pages call, overlays in a browser for instance, as Twitch
// does. It reports whether the call was only a question whether they may.
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
