package eventsub

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"maps"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// Twitch's own examples contain numbers as strings, ids as numbers and a message as a
// plain string. With encoding/json, one such field made decoding the whole event fail.
func TestOneOddFieldDoesNotLoseTheEvent(t *testing.T) {
	for _, info := range Types() {
		whole := filled(reflect.TypeOf(info.New()).Elem()).Interface()
		raw, err := json.Marshal(whole)
		if err != nil {
			t.Fatal(err)
		}
		var want any
		if err := json.Unmarshal(raw, &want); err != nil {
			t.Fatal(err)
		}
		for _, path := range pathsOf(want) {
			rest := replaced(want, path, nil)
			for _, odd := range []any{float64(3), "odd", "", true, nil, map[string]any{"a": "b"}, []any{"a", float64(1)}} {
				event, err := json.Marshal(replaced(want, path, odd))
				if err != nil {
					t.Fatal(err)
				}
				p, err := Notification{Type: info.Type, Event: event}.Payload()
				if err != nil {
					t.Errorf("%s: %s is %v: got %v, want none", info.Type, strings.Join(path, "."), odd, err)
					continue
				}
				again, err := json.Marshal(p)
				if err != nil {
					t.Fatal(err)
				}
				var got any
				if err := json.Unmarshal(again, &got); err != nil {
					t.Fatal(err)
				}
				if got = replaced(got, path, nil); !reflect.DeepEqual(got, rest) {
					t.Errorf("%s: %s is %v: the other fields (-want +got):\n%s", info.Type, strings.Join(path, "."), odd, cmp.Diff(rest, got))
				}
			}
		}
	}
}

// filled returns a value of t without any zero value inside.
func filled(t reflect.Type) reflect.Value {
	v := reflect.New(t).Elem()
	switch {
	case t == reflect.TypeFor[time.Time]():
		v.Set(reflect.ValueOf(time.Date(2026, 1, 2, 3, 4, 5, 6, time.UTC)))
		return v
	case t == reflect.TypeFor[Meta]():
		return v
	}
	switch t.Kind() {
	case reflect.String:
		v.SetString("7")
	case reflect.Int, reflect.Int64:
		v.SetInt(7)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Pointer:
		v.Set(reflect.New(t.Elem()))
		v.Elem().Set(filled(t.Elem()))
	case reflect.Slice:
		v.Set(reflect.Append(v, filled(t.Elem()), filled(t.Elem())))
	case reflect.Struct:
		for i := range t.NumField() {
			v.Field(i).Set(filled(t.Field(i).Type))
		}
	default:
		panic("no value for " + t.String())
	}
	return v
}

// pathsOf returns the path of every value inside v. Of the elements of an array it
// returns only the first.
func pathsOf(v any) (paths [][]string) {
	switch v := v.(type) {
	case map[string]any:
		for name, inner := range v {
			paths = append(paths, []string{name})
			for _, path := range pathsOf(inner) {
				paths = append(paths, append([]string{name}, path...))
			}
		}
	case []any:
		paths = append(paths, []string{"0"})
		for _, path := range pathsOf(v[0]) {
			paths = append(paths, append([]string{"0"}, path...))
		}
	}
	return paths
}

// replaced returns a copy of v with another value at path.
func replaced(v any, path []string, value any) any {
	if len(path) == 0 {
		return value
	}
	switch v := v.(type) {
	case map[string]any:
		c := maps.Clone(v)
		c[path[0]] = replaced(c[path[0]], path[1:], value)
		return c
	case []any:
		c := append([]any(nil), v...)
		if len(c) > 0 {
			c[0] = replaced(c[0], path[1:], value)
		}
		return c
	}
	return v
}

func TestUnreadableFieldIsCountedAndLogged(t *testing.T) {
	var log bytes.Buffer
	m := NewMux(MuxOptions{Logger: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	var got ChannelFollow
	On(m, func(_ context.Context, e *ChannelFollow) error { got = *e; return nil })
	e, err := ParseFrame([]byte(`{"metadata":{"message_id":"m1","message_type":"notification"},"payload":{
		"subscription":{"type":"channel.follow","version":2,"condition":{"broadcaster_user_id":12,"moderator_user_id":{}}},
		"event":{"user_id":["secret"],"user_name":"Grace","followed_at":"yesterday"}}}`))
	if err != nil {
		t.Fatal(err)
	}
	dispatch(t, m, e.Notifications()...)
	drain(t, m)
	if got.UserName != "Grace" || got.UserID != "" || got.Meta.Subscription.Condition["broadcaster_user_id"] != "12" {
		t.Errorf("got %+v", got)
	}
	if n := m.Stats().Unread; n != 3 {
		t.Errorf("unread fields: got %d, want 3", n)
	}
	for _, want := range []string{
		"level=DEBUG", "field=subscription.condition.moderator_user_id got=object want=string",
		"field=user_id got=array want=string", "field=followed_at got=string want=time",
	} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log lacks %q:\n%s", want, &log)
		}
	}
	if strings.Contains(log.String(), "secret") || strings.Contains(log.String(), "yesterday") {
		t.Errorf("the log has the event in it:\n%s", &log)
	}
}
