package emulator_test

import (
	"encoding/json"
	"fmt"
	"log"

	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/eventsub"
)

func ExampleServer_Trigger() {
	tw := emulator.New(emulator.InMemory(), emulator.Channel("ada"))
	defer tw.Close()

	sent, err := tw.Trigger(eventsub.ChannelCheer{}.Type(), emulator.TriggerOptions{User: "grace", Set: []string{"event.bits=1000"}})
	if err != nil {
		log.Fatal(err)
	}
	var cheer eventsub.ChannelCheer
	if err := json.Unmarshal(sent.Event, &cheer); err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s cheers %d Bits in the channel of %s\n", cheer.UserLogin, cheer.Bits, cheer.BroadcasterUserLogin)
	fmt.Println("subscriptions:", sent.Subscriptions)
	// Output:
	// grace cheers 1000 Bits in the channel of ada
	// subscriptions: 0
}
