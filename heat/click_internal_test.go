package heat

import (
	"errors"
	"testing"
	"time"
)

func TestParse(t *testing.T) {
	tests := []struct {
		name, message string
		want          Click
		err           bool
	}{
		{"strings", `{"type":"click","x":"0.5","y":"0.3","id":"97032862"}`, Click{ID: "97032862", X: 0.5, Y: 0.3}, false},
		{"numbers", `{"type":"click","x":0.5,"y":1,"id":"Uabc"}`, Click{ID: "Uabc", X: 0.5, Y: 1}, false},
		{"numeric id", `{"type":"click","x":0,"y":0,"id":97032862}`, Click{ID: "97032862"}, false},
		{"missing coordinates", `{"type":"click","id":"Aabc"}`, Click{ID: "Aabc"}, false},
		{"no id", `{"type":"click","x":"0.5","y":"0.3"}`, Click{}, true},
		{"greeting", `{"type":"system","message":"Connected to Heat API server."}`, Click{}, true},
		{"outside", `{"type":"click","x":"1.5","y":"0.3","id":"1"}`, Click{}, true},
		{"not a number", `{"type":"click","x":"NaN","y":"0.3","id":"1"}`, Click{}, true},
		{"words", `{"type":"click","x":"0.3","y":"left","id":"1"}`, Click{}, true},
		{"object", `{"type":"click","x":{},"y":0,"id":"1"}`, Click{}, true},
		{"no JSON", `hello`, Click{}, true},
		{"no JSON behind a click", `{"type":"click","x":"0","y":"0","id":"1"} more`, Click{}, true},
		{"no id but an object", `{"type":"click","x":"0","y":"0","id":{}}`, Click{}, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := parse([]byte(tt.message), time.Time{})
			if got != tt.want || (err != nil) != tt.err {
				t.Errorf("got %+v, %v, want %+v, error %v", got, err, tt.want, tt.err)
			}
		})
	}
	if _, err := parse([]byte(`{"type":"system"}`), time.Time{}); !errors.Is(err, errNoClick) {
		t.Errorf("got %v, want errNoClick", err)
	}
}

func TestClickIdentities(t *testing.T) {
	for _, tt := range []struct {
		id, user  string
		anonymous bool
	}{
		{"97032862", "97032862", false},
		{"Uabc", "", false},
		{"A1", "", true},
		{"", "", false},
		{"12a", "", false},
	} {
		c := Click{ID: tt.id}
		if c.UserID() != tt.user || c.Anonymous() != tt.anonymous {
			t.Errorf("%q: got %q, %v, want %q, %v", tt.id, c.UserID(), c.Anonymous(), tt.user, tt.anonymous)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"type":"click","x":"0.5","y":"0.3","id":"97032862"}`))
	f.Add([]byte(`{"type":"click","x":1e-400,"y":"0x1p-2","id":5}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := parse(data, time.Time{})
		if err == nil && (c.ID == "" || !(c.X >= 0 && c.X <= 1 && c.Y >= 0 && c.Y <= 1)) {
			t.Errorf("got %+v from %q", c, data)
		}
	})
}

func TestAddress(t *testing.T) {
	for _, tt := range []struct{ url, id, want string }{
		{"", "123", "wss://heat-api.j38.net/channel/123"},
		{"ws://localhost:8080/", "123", "ws://localhost:8080/channel/123"},
		{"ws://localhost:8080", "1/../2", "ws://localhost:8080/channel/1%2F..%2F2"},
	} {
		if got := New(tt.id, Options{URL: tt.url}).address; got != tt.want {
			t.Errorf("got %s, want %s", got, tt.want)
		}
	}
}
