package api_test

import (
	"strings"
	"testing"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

func TestInactiveExtensionsNeedTheEditScope(t *testing.T) {
	d := newDesk(t, 0)
	d.ok(d.world.FillSlots(d.ada.ID, map[world.Slot]world.SlotContent{
		{Kind: "component", Number: "1"}: {Active: true, ID: "larkpollsextension000000000000"},
	}))
	for _, tt := range []struct {
		scope string
		want  int
	}{{"user:read:broadcast", 1}, {"user:edit:broadcast", 3}} {
		got := d.call(d.token(d.ada, tt.scope), "GET /users/extensions/list")
		if n := strings.Count(got.raw, `"can_activate"`); got.status != 200 || n != tt.want {
			t.Errorf("%s: got %d with %d extensions, want %d", tt.scope, got.status, n, tt.want)
		}
	}
}
