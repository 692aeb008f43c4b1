package helix_test

import (
	"context"
	"fmt"

	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/helix"
)

// To change one slot, get what is active, edit it and send it back.
func ExampleActiveExtensions_UpdateParams() {
	ctx := context.Background()
	server := emulator.New(emulator.InMemory(), emulator.Channel("ada"))
	defer server.Close()
	ada := server.UserID("ada")
	tw := helix.New(server.ClientID(), helix.StaticToken(ada, server.UserToken("ada", "user:edit:broadcast")),
		helix.Options{BaseURL: server.HelixURL(), HTTPClient: server.HTTPClient()})

	active, err := tw.Users.GetActiveExtensions(ctx, helix.GetUserActiveExtensionsParams{UserID: ada})
	if err != nil {
		panic(err)
	}
	params := active.UpdateParams()
	params.Overlay["1"] = helix.ExtensionSlot{Active: true, ID: "larkcountdownextension00000000", Version: "2.0.2"}
	active, err = tw.Users.UpdateExtensions(ctx, params)
	fmt.Println(active.Overlay["1"].Name, err)

	params = active.UpdateParams()
	params.Overlay["1"] = helix.ExtensionSlot{Active: false}
	active, err = tw.Users.UpdateExtensions(ctx, params)
	fmt.Println(active.Overlay["1"].Active, err)
	// Output:
	// Countdown <nil>
	// false <nil>
}
