package auth

import (
	"encoding/json"
	"net/http"
	"strings"
)

func (s *Server) routes() *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /oauth2/authorize", s.authorize)
	mux.HandleFunc("POST /oauth2/authorize", s.decide)
	mux.HandleFunc("GET /oauth2/logout", s.logout)
	mux.HandleFunc("GET /activate", s.activate)
	mux.HandleFunc("POST /activate", s.activated)

	program := func(pattern string, f http.HandlerFunc) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Access-Control-Allow-Origin", "*")
			f(w, r)
		})
	}
	program("POST /oauth2/token", s.token)
	program("POST /oauth2/device", s.device)
	program("GET /oauth2/validate", s.validate)
	program("POST /oauth2/revoke", s.revoke)
	program("GET /oauth2/userinfo", s.userinfo)
	program("POST /oauth2/userinfo", s.userinfo)
	program("GET /oauth2/keys", s.keys)
	program("GET /oauth2/.well-known/openid-configuration", s.discovery)
	program("OPTIONS /oauth2/", mayCall)

	// Twitch does not tell a wrong method from a wrong path.
	mux.HandleFunc("/", http.NotFound)
	return mux
}

// mayCall lets programs in a browser call, as Twitch does.
func mayCall(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Access-Control-Allow-Methods", "GET, POST")
	w.Header().Set("Access-Control-Allow-Headers", "Authorization, Client-Id, Content-Type")
	w.WriteHeader(http.StatusNoContent)
}

// refuse answers in the shape of id.twitch.tv, which is not that of RFC 6749.
func refuse(w http.ResponseWriter, status int, message string) {
	write(w, status, map[string]any{"status": status, "message": message})
}

func write(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

// maxForm is far above what a request holds.
const maxForm = 1 << 20

// form reads the request's parameters. The body may be urlencoded or multipart.
func form(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
		_ = r.ParseMultipartForm(maxForm)
		return
	}
	_ = r.ParseForm()
}
