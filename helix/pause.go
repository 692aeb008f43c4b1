package helix

import (
	"encoding/json"
	"time"
)

// pauseAfter shuts the gate of a call whose answer says for how long Twitch will
// refuse the next one. Start Commercial is the only endpoint that does; how long it
// is depends on the channel.
func (o *ownLimits) pauseAfter(call *Call, body []byte) {
	if call.Endpoint.ID != startCommercial.ID {
		return
	}
	var answer struct {
		Data []struct {
			RetryAfter int `json:"retry_after"` // seconds
		} `json:"data"`
	}
	if err := json.Unmarshal(body, &answer); err != nil || len(answer.Data) == 0 || answer.Data[0].RetryAfter <= 0 {
		return
	}
	pause := time.Duration(answer.Data[0].RetryAfter)*time.Second + windowMargin
	o.of(call, true).Shut(time.Now().Add(pause))
}
