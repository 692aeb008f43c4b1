package emulator

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

// order is the body of a control request; which fields it needs depends on the verb.
type order struct {
	Broadcaster string   `json:"broadcaster"`
	User        string   `json:"user"`
	Text        string   `json:"text"`
	MessageID   string   `json:"message_id"`
	Bits        int      `json:"bits"`
	Viewers     int      `json:"viewers"`
	Months      int      `json:"months"`
	Seconds     int      `json:"seconds"`
	Tier        string   `json:"tier"`
	Recipients  []string `json:"recipients"`
	Choices     []string `json:"choices"`
	Points      int      `json:"points"`
	Title       string   `json:"title"`
	ID          string   `json:"id"`
	Kind        string   `json:"kind"`
	Cost        int      `json:"cost"`
	Cents       int      `json:"cents"`
	Target      int      `json:"target"`
	Length      int      `json:"length"`
	Level       int      `json:"level"`
	X           float64  `json:"x"`
	Y           float64  `json:"y"`
	Scopes      []string `json:"scopes"`
	Token       string   `json:"token"`
	UserCode    string   `json:"user_code"`
	RedirectURI string   `json:"redirect_uri"`
	Deny        bool     `json:"deny"`
	All         bool     `json:"all"`

	// Of verbs about clients and tokens.
	ClientID     string   `json:"client_id"`
	ClientSecret string   `json:"client_secret"`
	RedirectURIs []string `json:"redirect_uris"`
	Secret       string   `json:"secret"` // of an extension, in base64

	// Of the verb event, and of the faults of EventSub.
	Type    string          `json:"type"`
	Version string          `json:"version"`
	Event   json.RawMessage `json:"event"`
	Code    int             `json:"code"`   // to close a WebSocket with
	Status  string          `json:"status"` // of revoked subscriptions and disabled shards
	Session string          `json:"session"`
	Pings   bool            `json:"pings"`
	Conduit string          `json:"conduit"`
	Shard   string          `json:"shard"`

	// Of the verb disturb-eventsub; times in seconds, shares from 0 to 1.
	Seed       uint64  `json:"seed"`
	Duplicate  float64 `json:"duplicate"`
	Jitter     float64 `json:"jitter"`
	Refused    float64 `json:"refused"`
	Unanswered float64 `json:"unanswered"`
	Slow       float64 `json:"slow"`

	// Of the faults of chat; loss is a share from 0 to 1.
	Connection string  `json:"connection"`
	Lines      int     `json:"lines"`
	Loss       float64 `json:"loss"`
	// Of verbs with a third user.
	From      string `json:"from"`
	Recipient string `json:"recipient"`
	// Of the verb trigger.
	Moderator string   `json:"moderator"`
	Set       []string `json:"set"`
	Only      bool     `json:"only"`

	// Of the verb fail.
	Method     string  `json:"method"`
	Path       string  `json:"path"`
	HTTPStatus int     `json:"http_status"`
	Lost       bool    `json:"lost"`
	Delay      float64 `json:"delay"` // seconds
	Times      int     `json:"times"`
}

// peopleVerbs are actions of viewers, moderators and broadcasters.
var peopleVerbs = []verb{
	{"follow", "broadcaster user", "A user follows a channel.", "broadcaster=ada user=grace", func(s *Server, o order) (any, error) { return nil, s.pair(o.Broadcaster, o.User, s.world.Follow) }},
	{"unfollow", "broadcaster user", "A user stops following a channel.", "broadcaster=ada user=grace", func(s *Server, o order) (any, error) { return nil, s.pair(o.Broadcaster, o.User, s.world.Unfollow) }},
	{"say", "broadcaster user text message_id?", "A user writes in chat; message_id is the message to answer.", "broadcaster=ada user=grace text='hello everyone'", func(s *Server, o order) (any, error) {
		return messageID(s.say(o.Broadcaster, o.User, o.Text, o.MessageID))
	}},
	{"advertise", "broadcaster user", "A user writes what spam bots write.", "broadcaster=ada user=spammer", func(s *Server, o order) (any, error) {
		return messageID(s.say(o.Broadcaster, o.User, Advertisement, ""))
	}},
	{"cheer", "broadcaster user bits text?", "A user cheers.", "broadcaster=ada user=grace bits=100", func(s *Server, o order) (any, error) {
		return messageID(s.cheer(o.Broadcaster, o.User, o.Bits, o.Text))
	}},
	{"subscribe", "broadcaster user tier?", "A user subscribes; tier is 1000, 2000, 3000 or Prime.", "broadcaster=ada user=grace tier=1000", func(s *Server, o order) (any, error) { return nil, s.subscribe(o.Broadcaster, o.User, o.Tier) }},
	{"resubscribe", "broadcaster user text? months?", "A user shares how long they have subscribed.", "broadcaster=ada user=grace months=12 text='a year already'", func(s *Server, o order) (any, error) {
		return nil, s.resubscribe(o.Broadcaster, o.User, o.Text, o.Months)
	}},
	{"unsubscribe", "broadcaster user", "A subscription ends.", "broadcaster=ada user=grace", func(s *Server, o order) (any, error) {
		return nil, s.pair(o.Broadcaster, o.User, s.world.EndSubscription)
	}},
	{"gift", "broadcaster user recipients tier?", "A user gives subscriptions to others.", "broadcaster=ada user=grace recipients=hedy recipients=linus", func(s *Server, o order) (any, error) {
		return nil, s.gift(o.Broadcaster, o.User, o.Tier, o.Recipients)
	}},
	{"raid", "broadcaster user viewers?", "The channel of user raids that of broadcaster.", "broadcaster=ada user=grace viewers=42", func(s *Server, o order) (any, error) { return nil, s.raid(o.User, o.Broadcaster, o.Viewers) }},
	{"live", "broadcaster", "A stream starts.", "broadcaster=ada", func(s *Server, o order) (any, error) { return nil, s.goLive(o.Broadcaster) }},
	{"offline", "broadcaster", "A stream ends.", "broadcaster=ada", func(s *Server, o order) (any, error) { return nil, s.goOffline(o.Broadcaster) }},
	{"ban", "broadcaster user text?", "The broadcaster bans a user; text is the reason.", "broadcaster=ada user=spammer text=spam", func(s *Server, o order) (any, error) { return nil, s.ban(o.Broadcaster, o.User, 0, o.Text) }},
	{"timeout", "broadcaster user seconds text?", "The broadcaster bans a user for some time.", "broadcaster=ada user=spammer seconds=600", func(s *Server, o order) (any, error) {
		if o.Seconds <= 0 {
			return nil, errors.New("seconds must be positive")
		}
		return nil, s.ban(o.Broadcaster, o.User, time.Duration(o.Seconds)*time.Second, o.Text)
	}},
	{"unban", "broadcaster user", "The broadcaster ends a ban or timeout.", "broadcaster=ada user=spammer", func(s *Server, o order) (any, error) { return nil, s.unban(o.Broadcaster, o.User) }},
	{"mod", "broadcaster user", "A user becomes moderator.", "broadcaster=ada user=grace", func(s *Server, o order) (any, error) {
		return nil, s.wantRole(o.Broadcaster, world.Moderator, o.User, true)
	}},
	{"unmod", "broadcaster user", "A user is no longer moderator.", "broadcaster=ada user=grace", func(s *Server, o order) (any, error) {
		return nil, s.wantRole(o.Broadcaster, world.Moderator, o.User, false)
	}},
	{"vip", "broadcaster user", "A user becomes VIP.", "broadcaster=ada user=grace", func(s *Server, o order) (any, error) { return nil, s.wantRole(o.Broadcaster, world.VIP, o.User, true) }},
	{"unvip", "broadcaster user", "A user is no longer VIP.", "broadcaster=ada user=grace", func(s *Server, o order) (any, error) { return nil, s.wantRole(o.Broadcaster, world.VIP, o.User, false) }},
	{"title", "broadcaster text", "The title of a channel changes.", "broadcaster=ada text='Chess until I lose'", func(s *Server, o order) (any, error) { return nil, s.setTitle(o.Broadcaster, o.Text) }},
	{"delete", "broadcaster message_id", "The broadcaster deletes a chat message.", "broadcaster=ada message_id=ID", func(s *Server, o order) (any, error) {
		return nil, s.pair(o.Broadcaster, o.Broadcaster, func(b, _ string) error { return s.world.DeleteMessage(b, b, o.MessageID) })
	}},
	{"clear", "broadcaster", "The broadcaster clears the chat.", "broadcaster=ada", func(s *Server, o order) (any, error) {
		return nil, s.pair(o.Broadcaster, o.Broadcaster, s.world.ClearChat)
	}},
}

func messageID(id string, err error) (any, error) {
	return map[string]string{"message_id": id}, err
}

// control returns the handler for /larkspur/.
func (s *Server) control() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /larkspur/{$}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = w.Write([]byte(controlHelp()))
	})
	for _, v := range views {
		mux.HandleFunc("GET /larkspur/"+v.name, func(w http.ResponseWriter, _ *http.Request) { answer(w, http.StatusOK, v.show(s)) })
	}
	for _, v := range verbs {
		mux.HandleFunc("POST /larkspur/"+v.name, func(w http.ResponseWriter, r *http.Request) { s.serveVerb(w, r, v) })
	}
	mux.HandleFunc("/larkspur/{name}", func(w http.ResponseWriter, r *http.Request) {
		text := "there is no " + r.Method + " /larkspur/" + r.PathValue("name") + "; GET /larkspur/ lists what there is"
		answer(w, http.StatusNotFound, map[string]string{"error": text})
	})
	return mux
}

func controlHelp() string {
	var b strings.Builder
	for _, v := range Verbs() {
		b.WriteString(strings.TrimRight(v.Method+" /larkspur/"+v.Name+"  "+v.fieldText(), " ") + "\n    " + v.Text + "\n")
	}
	return b.String()
}

func (s *Server) serveVerb(w http.ResponseWriter, r *http.Request, v verb) {
	o, err := v.read(http.MaxBytesReader(w, r.Body, 1<<20))
	if err != nil {
		answer(w, http.StatusBadRequest, map[string]string{"error": err.Error()})
		return
	}
	result, err := v.do(s, o)
	if d, ok := world.Dropped(err); ok {
		answer(w, http.StatusOK, map[string]string{"dropped": d.Code, "text": d.Text})
		return
	}
	if err != nil {
		answer(w, http.StatusBadRequest, map[string]string{"error": strings.TrimPrefix(err.Error(), "emulator: ")})
		return
	}
	if result == nil {
		result = map[string]string{}
	}
	answer(w, http.StatusOK, result)
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}
