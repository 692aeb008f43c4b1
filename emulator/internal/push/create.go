package push

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/larkspur-dev/larkspur/emulator/internal/auth"
	"github.com/larkspur-dev/larkspur/emulator/internal/world"
	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/helix"
)

// Twitch's limits on subscriptions over WebSocket.
const (
	maxPerSession = 300
	maxSessions   = 3      // with subscriptions, of one user and client
	maxSame       = 3      // of one type and condition, over all sessions
	maxTotalCost  = 10     // of one user and client
	maxAppCost    = 10_000 // of one client's webhooks and conduits
)

// A Request is the body of Create EventSub Subscription.
type Request struct {
	Type      string            `json:"type"`
	Version   string            `json:"version"`
	Condition map[string]string `json:"condition"`
	Transport TransportRequest  `json:"transport"`
	Batching  bool              `json:"is_batching_enabled"`
}

// Create makes a subscription. A refusal is a [*world.Error] with the status
// and message that Helix answers. Twitch answers a success with 202.
func (s *Server) Create(g auth.Grant, r Request) (Subscription, error) {
	info, ok := eventsub.Lookup(eventsub.Type{Name: r.Type, Version: r.Version})
	if !ok {
		return Subscription{}, refuse(http.StatusBadRequest, "invalid subscription type and version")
	}
	r.Condition = known(info, r.Condition)
	if err := checkCondition(info, r.Condition); err != nil {
		return Subscription{}, err
	}
	if err := checkTransport(g, info, r); err != nil {
		return Subscription{}, err
	}
	if !s.authorized(g, info, r.Condition) {
		return Subscription{}, refuse(http.StatusForbidden, "subscription missing proper authorization")
	}
	sub := &subscription{
		Subscription: Subscription{
			ID: string(appendUUID(nil)), Status: Enabled, Type: r.Type, Version: r.Version,
			Condition: r.Condition, CreatedAt: time.Now().UTC(), Cost: s.cost(g, info, r.Condition),
		},
		server: s, seed: keyOfSubscription(r), kind: info.Type, info: info, clientID: g.ClientID, userID: g.UserID, reader: reader(g, info, r.Condition),
	}

	others := s.chatRooms(g.UserID) // before mu, as it has a lock of its own
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.mayEnter(g, r.Type, r.Condition["broadcaster_user_id"], others) {
		return Subscription{}, refuse(http.StatusForbidden, "subscription missing proper authorization")
	}
	var err error
	switch r.Transport.Method {
	case "webhook":
		err = s.carryByHook(sub, r.Transport)
	case "conduit":
		err = s.carryByConduit(sub, r.Transport.ConduitID)
	default:
		err = s.carryBySession(sub, r.Transport.SessionID)
	}
	if err != nil {
		return Subscription{}, err
	}
	return sub.Subscription, nil
}

// carryBySession makes a WebSocket carry a new subscription. The caller holds mu.
func (s *Server) carryBySession(sub *subscription, sessionID string) error {
	ss := s.sessions[sessionID]
	if ss == nil {
		return refuse(http.StatusBadRequest, "websocket transport session does not exist or has already disconnected")
	}
	if err := s.checkLimits(ss, sub); err != nil {
		return err
	}
	ss.clientID, ss.userID = sub.clientID, sub.userID
	sub.attach(ss)
	s.add(sub)
	return nil
}

// carryByHook makes a webhook carry a new subscription, once it answered to a
// challenge. The caller holds mu.
func (s *Server) carryByHook(sub *subscription, t TransportRequest) error {
	sub.Transport = Transport{Method: "webhook", Callback: t.Callback}
	if err := s.checkAppLimits(sub); err != nil {
		return err
	}
	sub.Status = verificationPending
	sub.hook = s.newHook(t, sub.seed, func(ok bool) { s.verified(sub, ok) }, func() { s.revoke(sub, failuresExceeded) })
	sub.prepare()
	s.add(sub)
	sub.hook.challenge(sub.wire())
	return nil
}

// verified ends the verification of a webhook. The caller holds mu.
func (s *Server) verified(sub *subscription, ok bool) {
	switch {
	case sub.Status != verificationPending: // deleted meanwhile
	case ok:
		sub.Status = Enabled
		sub.prepare()
		s.byType[sub.kind] = append(s.byType[sub.kind], sub)
	default:
		s.disable(sub, verificationFailed)
	}
}

// carryByConduit makes a conduit carry a new subscription. The caller holds mu.
func (s *Server) carryByConduit(sub *subscription, conduitID string) error {
	c, err := s.conduit(sub.clientID, conduitID)
	if err != nil {
		return refuse(http.StatusBadRequest, "conduit does not exist")
	}
	sub.Transport = Transport{Method: "conduit", ConduitID: c.id}
	if err := s.checkAppLimits(sub); err != nil {
		return err
	}
	sub.conduit = c
	sub.prepare()
	s.add(sub)
	return nil
}

// checkAppLimits is checkLimits for subscriptions with an app token.
func (s *Server) checkAppLimits(sub *subscription) error {
	same, cost := 0, sub.Cost
	for _, other := range s.order {
		if other.clientID != sub.clientID || other.userID != "" || !other.alive() {
			continue
		}
		cost += other.Cost
		if other.kind != sub.kind || !sameCondition(other.Condition, sub.Condition) {
			continue
		}
		if other.Transport.Callback == sub.Transport.Callback && other.Transport.ConduitID == sub.Transport.ConduitID {
			return refuse(http.StatusConflict, "subscription already exists")
		}
		same++
	}
	if same >= maxSame {
		return refuse(http.StatusTooManyRequests, "maximum subscriptions with type and condition exceeded")
	}
	if cost > maxAppCost {
		return refuse(http.StatusTooManyRequests, "subscription max total cost exceeded")
	}
	return nil
}

// reader is the user whose permission a subscription lives from; "" if it
// needs none.
func reader(g auth.Grant, info eventsub.Info, condition map[string]string) string {
	if !g.IsApp() {
		return g.UserID
	}
	return condition[strings.TrimPrefix(info.TokenUser, "condition.")]
}

func refuse(status int, message string) *world.Error {
	return &world.Error{Status: status, Message: message}
}

// known returns a condition without empty fields that the type does not have. Clients with
// one struct for all conditions send them, for instance nicklaw5/helix.
func known(info eventsub.Info, condition map[string]string) map[string]string {
	condition = maps.Clone(condition)
	maps.DeleteFunc(condition, func(name, value string) bool { return value == "" && !hasField(info, name) })
	return condition
}

func hasField(info eventsub.Info, name string) bool {
	return slices.ContainsFunc(info.Condition, func(f eventsub.ConditionField) bool { return f.Name == name })
}

// checkCondition checks a condition's fields against what the type has.
func checkCondition(info eventsub.Info, condition map[string]string) error {
	if len(condition) == 0 && len(info.Condition) > 0 {
		return refuse(http.StatusBadRequest, "missing or unparseable subscription condition")
	}
	for _, field := range info.Condition {
		if field.Required && condition[field.Name] == "" {
			return refuse(http.StatusBadRequest, "invalid condition: "+field.Name+" is required")
		}
	}
	for name := range condition {
		if !hasField(info, name) {
			return refuse(http.StatusBadRequest, "invalid condition: "+info.Type.Name+" has no "+name)
		}
	}
	if len(info.ExactlyOne) > 0 {
		set := 0
		for _, name := range info.ExactlyOne {
			if condition[name] != "" {
				set++
			}
		}
		if set != 1 {
			return refuse(http.StatusBadRequest, "invalid condition: exactly one of "+strings.Join(info.ExactlyOne, ", ")+" is required")
		}
	}
	return nil
}

// checkTransport checks the transport against the token: WebSockets want a
// user token, the others an app token.
func checkTransport(g auth.Grant, info eventsub.Info, r Request) error {
	method := r.Transport.Method
	switch method {
	case "websocket", "webhook", "conduit":
	default:
		return refuse(http.StatusBadRequest, "invalid transport method")
	}
	if g.IsApp() == (method == "websocket") {
		return refuse(http.StatusBadRequest, "invalid transport and auth combination")
	}
	if !slices.Contains(info.Transports, method) {
		return refuse(http.StatusBadRequest, "invalid transport for "+info.Type.Name)
	}
	if info.Type.Name == dropGrant && !r.Batching {
		return refuse(http.StatusBadRequest, "is_batching_enabled must be true for "+dropGrant)
	}
	if method == "webhook" {
		return checkCallback(r.Transport)
	}
	return nil
}

// authorized reports whether the user of the token may have these events.
func (s *Server) authorized(g auth.Grant, info eventsub.Info, condition map[string]string) bool {
	for _, field := range []string{"client_id", "extension_client_id"} {
		if id, ok := condition[field]; ok && id != g.ClientID {
			return false
		}
	}
	field := strings.TrimPrefix(info.TokenUser, "condition.")
	user := reader(g, info, condition)
	granted := g.Scopes
	if g.IsApp() {
		granted = s.consent(g.ClientID, user)
	}
	if len(info.Scopes.Missing(granted)) > 0 {
		return false
	}
	if field == "" {
		return true
	}
	if condition[field] != user {
		return false
	}
	broadcaster := broadcasterOf(condition)
	if len(info.Roles) > 0 && !s.hasRole(broadcaster, user, info.Roles) {
		return false
	}
	if readsChat(info.Type) {
		ban, banned := s.world.BanOf(broadcaster, user)
		return !banned || !ban.EndsAt.IsZero()
	}
	return true
}

func (s *Server) hasRole(broadcasterID, userID string, roles []helix.Role) bool {
	for _, role := range roles {
		switch role {
		case helix.Broadcaster:
			if broadcasterID == userID {
				return true
			}
		case helix.Moderator:
			if broadcasterID == userID || s.world.Has(broadcasterID, world.Moderator, userID) {
				return true
			}
		case helix.Editor:
			if broadcasterID == userID || s.world.Has(broadcasterID, world.Editor, userID) {
				return true
			}
		}
	}
	return false
}

// cost is 0 where a user that the condition names has let the client act for
// them, 1 otherwise.
func (s *Server) cost(g auth.Grant, info eventsub.Info, condition map[string]string) int {
	if len(info.Scopes) > 0 {
		return 0
	}
	for name, userID := range condition {
		if strings.HasSuffix(name, "user_id") && userID != "" && (userID == g.UserID || len(s.consent(g.ClientID, userID)) > 0) {
			return 0
		}
	}
	return 1
}

// checkLimits checks what depends on other subscriptions. The caller holds mu.
func (s *Server) checkLimits(ss *session, sub *subscription) error {
	if ss.userID != "" && (ss.userID != sub.userID || ss.clientID != sub.clientID) {
		return refuse(http.StatusBadRequest, "websocket transport cannot have subscriptions created by different users")
	}
	same := 0
	for _, other := range s.byType[sub.kind] {
		if !sameCondition(other.Condition, sub.Condition) || other.clientID != sub.clientID || other.userID != sub.userID {
			continue
		}
		if other.session == ss {
			return refuse(http.StatusConflict, "subscription already exists")
		}
		same++
	}
	if same >= maxSame {
		return refuse(http.StatusTooManyRequests, "maximum subscriptions with type and condition exceeded")
	}
	if len(ss.subs) >= maxPerSession {
		return refuse(http.StatusTooManyRequests, "number of subscriptions per websocket transport exceeded")
	}
	inUse, cost := 0, 0
	for _, other := range s.sessions {
		if other.userID != sub.userID || other.clientID != sub.clientID {
			continue
		}
		if other != ss && len(other.subs) > 0 {
			inUse++
		}
		for _, existing := range other.subs {
			cost += existing.Cost
		}
	}
	if inUse >= maxSessions {
		return refuse(http.StatusTooManyRequests, "number of websocket transports limit exceeded")
	}
	if cost+sub.Cost > maxTotalCost {
		return refuse(http.StatusTooManyRequests, "subscription max total cost exceeded")
	}
	return nil
}

// sameCondition compares conditions; an empty field is as good as none.
func sameCondition(a, b map[string]string) bool {
	covers := func(a, b map[string]string) bool {
		for name, value := range a {
			if b[name] != value {
				return false
			}
		}
		return true
	}
	return covers(a, b) && covers(b, a)
}

// broadcasterOf is the channel that a condition is about.
func broadcasterOf(condition map[string]string) string {
	for _, name := range []string{"broadcaster_user_id", "broadcaster_id", "to_broadcaster_user_id", "from_broadcaster_user_id"} {
		if condition[name] != "" {
			return condition[name]
		}
	}
	return ""
}

// readsChat reports whether a type brings what a user would read in chat.
func readsChat(t eventsub.Type) bool { return strings.HasPrefix(t.Name, "channel.chat.") }
