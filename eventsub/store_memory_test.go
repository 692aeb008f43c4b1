package eventsub_test

import (
	"testing"

	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/eventsub/storetest"
)

func TestMemoryStores(t *testing.T) {
	inbox, seen, marks := eventsub.NewMemoryInbox(eventsub.MemoryInboxOptions{}), eventsub.NewMemorySeenStore(0), eventsub.NewMemoryWatermarkStore()
	t.Run("inbox", func(t *testing.T) { storetest.TestInbox(t, func() eventsub.Inbox { return inbox }) })
	t.Run("seen", func(t *testing.T) { storetest.TestSeenStore(t, func() eventsub.SeenStore { return seen }) })
	t.Run("watermarks", func(t *testing.T) { storetest.TestWatermarkStore(t, func() eventsub.WatermarkStore { return marks }) })
	t.Run("full inbox", func(t *testing.T) {
		storetest.TestFullInbox(t, eventsub.NewMemoryInbox(eventsub.MemoryInboxOptions{Most: 10}), 10)
	})
}
