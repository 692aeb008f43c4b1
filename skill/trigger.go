package skill

import (
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/helix"
	"github.com/larkspur-dev/larkspur/internal/config"
	"github.com/larkspur-dev/larkspur/skill/internal/expr"
)

// A trigger is an event that triggers a skill.
type trigger struct {
	name   string        // as written in the configuration
	typ    eventsub.Type // zero for a signal
	alias  *alias        // nil for EventSub's own names
	signal string        // "join", "part", "start" or "stop"
	shape  *expr.Shape   // of event
	where  []filter      // all must hold
	reward string        // title or id of the reward that is redeemed; "" for any
	status string        // of the redemption; "" for any
}

// A catalog finds event types by name. Tests have their own.
type catalog struct {
	types []eventsub.Info
}

// twitchTypes are all event types that Twitch has, and Larkspur's own for events that
// were missed.
func twitchTypes() []eventsub.Info {
	gap := eventsub.Info{
		Type: eventsub.GapType, Name: "Gap", Group: "larkspur",
		New: func() eventsub.Payload { return new(eventsub.Gap) },
	}
	return append(eventsub.Types(), gap)
}

// deliveryAttrs are attributes of every event that tell how it came here: its age in
// seconds, and whether it was fetched later because the bot missed it.
var deliveryAttrs = map[string]*expr.Shape{"age": expr.Number, "recovered": expr.Bool}

// addDelivery sets the attributes in deliveryAttrs.
func addDelivery(fields map[string]any, meta eventsub.Meta) {
	age := 0.0
	if !meta.Timestamp.IsZero() {
		age = max(time.Since(meta.Timestamp).Seconds(), 0)
	}
	fields["age"], fields["recovered"] = age, meta.Recovered
}

// find returns the newest version of a type, or the one that @version asks for.
func (c catalog) find(name string) (eventsub.Info, bool) {
	name, version, exact := strings.Cut(name, "@")
	var best eventsub.Info
	found := false
	for _, info := range c.types {
		if info.Type.Name != name || exact && info.Type.Version != version {
			continue
		}
		if !found || newer(info, best) {
			best, found = info, true
		}
	}
	return best, found
}

// newer reports whether a is preferred to b: types that are not deprecated, then numbered
// versions over "beta", then higher versions.
func newer(a, b eventsub.Info) bool {
	if old := a.Status == helix.Deprecated; old != (b.Status == helix.Deprecated) {
		return !old
	}
	x, errX := strconv.Atoi(a.Type.Version)
	y, errY := strconv.Atoi(b.Type.Version)
	if (errX == nil) != (errY == nil) {
		return errX == nil
	}
	return x > y
}

// names returns the valid values of on:.
func (c catalog) names() []string {
	var names []string
	for _, info := range c.types {
		if !slices.Contains(names, info.Type.Name) {
			names = append(names, info.Type.Name)
		}
	}
	return append(names, aliasNames()...)
}

// versions returns the versions of a type.
func (c catalog) versions(name string) []string {
	var versions []string
	for _, info := range c.types {
		if info.Type.Name == name {
			versions = append(versions, info.Type.Version)
		}
	}
	return versions
}

// triggers returns the triggers that a name in on: stands for, or what is wrong with it.
func (c catalog) triggers(name string) ([]trigger, string) {
	for i := range aliases {
		a := &aliases[i]
		if a.name != name {
			continue
		}
		if a.signal != "" {
			shape := expr.NewShape(a.name, baseAttrs)
			return []trigger{{name: name, alias: a, signal: a.signal, shape: shape}}, ""
		}
		var out []trigger
		for _, t := range a.types {
			info, ok := c.find(t)
			if !ok {
				return nil, "unknown Twitch event " + t
			}
			shape := infoShape(info).With(a.name, baseAttrs).With(a.name, a.attrs)
			out = append(out, trigger{name: name, typ: info.Type, alias: a, shape: shape})
		}
		return out, ""
	}
	if info, ok := c.find(name); ok {
		return []trigger{{name: name, typ: info.Type, shape: infoShape(info)}}, ""
	}
	plain, _, _ := strings.Cut(name, "@")
	if versions := c.versions(plain); len(versions) > 0 {
		return nil, plain + " has version " + strings.Join(versions, " and ") + " only"
	}
	return nil, "unknown event " + strconv.Quote(name) + config.DidYouMean(name, c.names())
}

func infoShape(info eventsub.Info) *expr.Shape {
	return expr.ShapeOf(info.Type.Name, reflect.TypeOf(info.New())).With(info.Type.Name, deliveryAttrs)
}
