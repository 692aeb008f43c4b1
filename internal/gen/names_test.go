package gen

import "testing"

func TestNames(t *testing.T) {
	for _, tt := range []struct{ name, want string }{
		{"broadcaster_id", "BroadcasterID"},
		{"Get VIPs", "GetVIPs"},
		{"Check AutoMod Status", "CheckAutoModStatus"},
		{"Get Channel iCalendar", "GetChannelICalendar"},
		{"Get Custom Power-up", "GetCustomPowerUp"},
		{"channel.chat.user_message_hold", "ChannelChatUserMessageHold"},
		{"inDevelopment", "InDevelopment"},
		{"url_1x", "URL1x"},
		{"URL", "URL"},
	} {
		if got := exported(tt.name); got != tt.want {
			t.Errorf("exported(%q): got %s, want %s", tt.name, got, tt.want)
		}
	}
	if got := unexported("Send Chat Message"); got != "sendChatMessage" {
		t.Errorf("got %s, want sendChatMessage", got)
	}
}

func TestMethodName(t *testing.T) {
	for _, tt := range []struct{ title, group, want string }{
		{"Get Users", "Users", "Get"},
		{"Send Chat Message", "Chat", "SendMessage"},
		{"Get Channel Followers", "Channels", "GetFollowers"},
		{"Delete EventSub Subscription", "EventSub", "DeleteSubscription"},
		{"Search Categories", "Search", "Categories"},
		{"Get Guest Star Session", "Guest Star", "GetSession"},
	} {
		if got := methodName(tt.title, tt.group); got != tt.want {
			t.Errorf("methodName(%q, %q): got %s, want %s", tt.title, tt.group, got, tt.want)
		}
	}
}

func TestPluralSingular(t *testing.T) {
	for _, tt := range []struct{ one, many string }{
		{"id", "ids"}, {"category", "categories"}, {"key", "keys"}, {"user", "users"},
	} {
		if got := plural(tt.one); got != tt.many {
			t.Errorf("plural(%q): got %s, want %s", tt.one, got, tt.many)
		}
		if got := singular(tt.many); got != tt.one {
			t.Errorf("singular(%q): got %s, want %s", tt.many, got, tt.one)
		}
	}
	for _, same := range []string{"status", "access"} {
		if got := singular(same); got != same {
			t.Errorf("singular(%q): got %s, want %s", same, got, same)
		}
	}
}
