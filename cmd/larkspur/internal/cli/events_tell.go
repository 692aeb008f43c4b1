package cli

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/helix"
)

func (w *follower) note(text string) { w.notes.show(entry{Kind: "note", Text: text}) }

// warn prints a problem, and the command that solves it on a line of its own.
func (w *follower) warn(text, command string) {
	w.notes.show(entry{Kind: "warning", Text: text, command: command})
}

// tellLeft tells which types a pattern selected and cannot be followed, by reason.
func (w *follower) tellLeft() {
	var reasons []string
	byReason := map[string][]eventsub.Type{}
	for _, l := range w.plan.left {
		why := l.why
		if l.user != "" {
			why = l.user + " has not granted their scopes"
		}
		if byReason[why] == nil {
			reasons = append(reasons, why)
		}
		byReason[why] = append(byReason[why], l.kind)
	}
	for _, why := range reasons {
		w.warn("left out: "+namesOf(byReason[why])+"; "+why, "")
	}
	if remedy := w.f.remedy(w.plan.left); remedy != "" {
		for block := range strings.SplitSeq(strings.TrimPrefix(remedy, "\n"), "\nTo ") {
			text, command, _ := strings.Cut(block, "\n")
			w.notes.show(entry{Kind: "note", Text: "To " + strings.TrimPrefix(text, "To "), command: strings.TrimSpace(command)})
		}
	}
}

// tellResults tells what is subscribed and what Twitch refused. If it refused everything,
// the command ends.
func (w *follower) tellResults(results []eventsub.Result) {
	var subscribed []eventsub.Type
	for _, r := range w.own(results) {
		if r.Outcome == eventsub.OutcomeSubscribed {
			subscribed = append(subscribed, r.Condition.Type())
			continue
		}
		w.warn(w.refusal(r), hint(r.Err))
		w.mu.Lock()
		w.incomplete = true
		w.mu.Unlock()
	}
	if len(subscribed) == 0 {
		w.end(errNothingFollowed)
		return
	}
	text := "subscribed to " + namesOf(subscribed) + w.where()
	if w.f.length == 0 && w.f.count == 0 {
		text += "; Ctrl-C ends it"
	}
	w.note(text)
}

// own returns the results of the conditions in the plan: a conduit has others.
func (w *follower) own(results []eventsub.Result) []eventsub.Result {
	return slices.DeleteFunc(results, func(r eventsub.Result) bool { return !w.plan.wants(r.Condition.Type(), r.Condition.Fields()) })
}

// where names the channels.
func (w *follower) where() string {
	logins := make([]string, len(w.plan.channels))
	for i, c := range w.plan.channels {
		logins[i] = c.login
	}
	if len(logins) == 1 {
		return " in the channel " + logins[0]
	}
	return " in the channels " + strings.Join(logins, ", ")
}

// refusal says why Twitch refused a subscription. Its text names none of the causes, so
// all that are possible are named.
func (w *follower) refusal(r eventsub.Result) string {
	t := typeArg(r.Condition.Type())
	other := t + " cannot be subscribed: " + strings.TrimPrefix(fmt.Sprint(r.Err), "subscribe to "+r.Condition.Type().String()+": ")
	if !errors.Is(r.Err, helix.ErrForbidden) {
		return other
	}
	info, _ := eventsub.Lookup(r.Condition.Type())
	causes := []string{}
	if len(info.Roles) > 0 {
		causes = append(causes, "must be "+roleText(info.Roles)+" of the channel")
	}
	if len(info.Scopes) > 0 {
		causes = append(causes, "must have granted "+scopeText(info.Scopes)+" to this application")
	}
	if info.TokenUser == "user_id" && strings.HasPrefix(info.Type.Name, "channel.chat") {
		causes = append(causes, "must not be banned from the chat")
		if w.f.transport() != overWebSocket {
			causes = append(causes, "must have granted user:bot", "must be a moderator, unless the channel's owner has granted channel:bot")
		}
	}
	who := w.s.name(cmp.Or(r.UserID, r.Condition.Fields()[info.TokenUser]))
	if len(causes) == 0 {
		return other
	}
	return fmt.Sprintf("%s is refused by Twitch: %s %s", t, who, strings.Join(causes, ", and "))
}

// state tells about lost connections.
func (w *follower) state(phase eventsub.Phase, text string, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch phase {
	case eventsub.Waiting:
		w.lost = true
		w.warn(text, hint(err))
	case eventsub.Subscribed:
		if w.lost || w.incomplete {
			w.note(text)
		}
		w.lost, w.incomplete = false, false
	case eventsub.Incomplete:
		if w.lost {
			w.note(text)
		}
		w.lost = false
	case eventsub.Connected, eventsub.Connecting:
		if err != nil {
			w.lost = true
			w.warn(text, "")
		}
	default:
	}
}

// revoked tells that Twitch ended a subscription: the first time with the meaning of the
// reason. After the last subscription, the command ends.
func (w *follower) revoked(e *eventsub.RevokedError) {
	w.mu.Lock()
	explained := w.explained[e.Reason]
	w.explained[e.Reason] = true
	w.mu.Unlock()
	text, command := "Twitch ended the subscription to "+typeArg(e.Type)+": ", ""
	if explained {
		text += e.Reason
	} else {
		text += explainStatus(e.Reason).means
		if e.Reason == string(helix.EventSubStatusAuthorizationRevoked) {
			command = w.f.app.command("larkspur login")
		}
	}
	w.warn(text, command)
	for _, r := range w.own(w.source.Results()) {
		if r.Outcome != eventsub.OutcomeRevoked {
			return
		}
	}
	w.end(errors.New("nothing is left to follow"))
}
