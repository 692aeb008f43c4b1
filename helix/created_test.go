package helix_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/larkspur-dev/larkspur/helix"
)

// The totals beside the subscription were dropped, so that a program could not see
// its remaining budget without another request.
func TestCreateSubscriptionReturnsTheCost(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusAccepted)
		_, _ = w.Write([]byte(`{"data":[{"id":"s1","status":"enabled","type":"stream.online","version":"1","cost":1}],
			"total":4,"total_cost":3,"max_total_cost":10}`))
	}))
	defer server.Close()
	tw := helix.New("client", helix.StaticToken("1", "token"), helix.Options{BaseURL: server.URL})
	created, err := tw.As("1").EventSub.CreateSubscription(t.Context(), helix.CreateEventSubSubscriptionParams{
		Type: "stream.online", Version: "1", Condition: map[string]string{"broadcaster_user_id": "1"},
		Transport: helix.EventSubTransport{Method: "websocket", SessionID: "x"},
	})
	if err != nil {
		t.Fatal(err)
	}
	if created.ID != "s1" || created.Cost != 1 || created.Total != 4 || created.TotalCost != 3 || created.MaxTotalCost != 10 {
		t.Errorf("got %+v", created)
	}
}
