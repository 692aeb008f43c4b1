package emulator

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
)

// maxLenient is how much of a body is looked at; chat messages are far below.
const maxLenient = 64 << 10

// queryFields are the fields of Send Chat Message that are text.
var queryFields = []string{"broadcaster_id", "sender_id", "message", "reply_parent_message_id"}

// fieldsFromQuery takes the fields of Send Chat Message from the query where
// the body lacks them. The documentation wants them in the body, Twitch takes
// both: twurple sends the ids in the query, twitchAPI everything.
func fieldsFromQuery(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost || r.URL.Path != "/helix/chat/messages" || r.URL.RawQuery == "" {
			next.ServeHTTP(w, r)
			return
		}
		raw, err := io.ReadAll(io.LimitReader(r.Body, maxLenient))
		fields := map[string]any{}
		if err == nil && (len(raw) == 0 || json.Unmarshal(raw, &fields) == nil) && fields != nil {
			query := r.URL.Query()
			for _, name := range queryFields {
				if _, there := fields[name]; !there && query.Has(name) {
					fields[name] = query.Get(name)
				}
			}
			raw, _ = json.Marshal(fields) // was JSON a moment ago
		}
		again := r.Clone(r.Context())
		again.Body = io.NopCloser(bytes.NewReader(raw))
		again.ContentLength = int64(len(raw))
		next.ServeHTTP(w, again)
	})
}
