package catchup

import "github.com/larkspur-dev/larkspur/eventsub"

// table lists the types that can be recovered.
var table = []row{
	{kind: eventsub.ChannelFollow{}.Type(), fetch: follows},
}
