package chat_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/emulator/internal/chat"
	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

// A sheetRow is one rule of Twitch's IRC and a conversation that shows it. In talk, a line
// that begins with "C " is sent by the client, one with "S " is what it gets, and "W " runs
// the world's part. An account that is named in as is logged in with tags and commands, and
// has joined #ada.
type sheetRow struct {
	rule  string
	as    string
	world func(s *stage) error
	talk  string
}

const welcomeGrace = `S :tmi.twitch.tv 001 grace :Welcome, GLHF!
S :tmi.twitch.tv 002 grace :Your host is tmi.twitch.tv
S :tmi.twitch.tv 003 grace :This server is rather new
S :tmi.twitch.tv 004 grace :-
S :tmi.twitch.tv 375 grace :-
S :tmi.twitch.tv 372 grace :You are in a maze of twisty passages, all alike.
S :tmi.twitch.tv 376 grace :>
`

// The rows of the handshake, in the order in which a client meets them.
var handshakeRows = []sheetRow{
	{rule: "CAP REQ is acknowledged", talk: `
C CAP REQ :twitch.tv/tags twitch.tv/commands
S :tmi.twitch.tv CAP * ACK :twitch.tv/tags twitch.tv/commands`},
	{rule: "CAP REQ of unknown ones is refused, and names those", talk: `
C CAP REQ :twitch.tv/tags example.com/unknown twitch.tv/other
S :tmi.twitch.tv CAP * NAK :example.com/unknown twitch.tv/other`},
	{rule: "CAP comes before or after the login", talk: `
C PASS oauth:grace
C NICK grace
` + welcomeGrace + `
C CAP REQ twitch.tv/membership
S :tmi.twitch.tv CAP * ACK :twitch.tv/membership`},
	{rule: "GLOBALUSERSTATE ends the login, with commands", talk: `
C CAP REQ :twitch.tv/commands twitch.tv/tags
C PASS oauth:grace
C NICK grace
S :tmi.twitch.tv CAP * ACK :twitch.tv/commands twitch.tv/tags
` + welcomeGrace + `
S @badge-info=;badges=;color=#FF0000;display-name=Grace;emote-sets=0;turbo=0;user-id=3;user-type= :tmi.twitch.tv GLOBALUSERSTATE`},
	{rule: "a bad token", talk: `
C PASS oauth:expired
C NICK grace
S :tmi.twitch.tv NOTICE * :Login authentication failed`},
	{rule: "NICK before PASS", talk: `
C NICK grace
S :tmi.twitch.tv NOTICE * :Improperly formatted auth`},
	{rule: "a NICK that cannot be", talk: `
C PASS oauth:grace
C NICK not-a-login
S :tmi.twitch.tv NOTICE * :Invalid NICK`},
	{rule: "anonymous, without GLOBALUSERSTATE and USERSTATE", talk: `
C CAP REQ :twitch.tv/commands
C NICK justinfan9
S :tmi.twitch.tv CAP * ACK :twitch.tv/commands
` + strings.ReplaceAll(welcomeGrace, "grace", "justinfan9") + `
C JOIN #ada
S :justinfan9!justinfan9@justinfan9.tmi.twitch.tv JOIN #ada
S :justinfan9.tmi.twitch.tv 353 justinfan9 = #ada :justinfan9
S :justinfan9.tmi.twitch.tv 366 justinfan9 #ada :End of /NAMES list
S :tmi.twitch.tv ROOMSTATE #ada`},
	{rule: "PING before any JOIN, and PONG", as: "grace", talk: `
C PING :are you there
S :tmi.twitch.tv PONG tmi.twitch.tv :are you there`},
	{rule: "an unknown command", as: "grace", talk: `
C TOPIC #ada :new
S :tmi.twitch.tv 421 grace TOPIC :Unknown command`},
}

// The rows of what clients send in channels.
var clientRows = []sheetRow{
	{rule: "several channels in one JOIN and PART", as: "grace", talk: `
C JOIN #bob,#mod
S :grace!grace@grace.tmi.twitch.tv JOIN #bob
S :grace.tmi.twitch.tv 353 grace = #bob :grace
S :grace.tmi.twitch.tv 366 grace #bob :End of /NAMES list
S @badge-info=;badges=;color=#FF0000;display-name=Grace;emote-sets=0;mod=0;subscriber=0;turbo=0;user-type= :tmi.twitch.tv USERSTATE #bob
S @emote-only=0;followers-only=-1;r9k=0;room-id=4;slow=0;subs-only=0 :tmi.twitch.tv ROOMSTATE #bob
S :grace!grace@grace.tmi.twitch.tv JOIN #mod
S :grace.tmi.twitch.tv 353 grace = #mod :grace
S :grace.tmi.twitch.tv 366 grace #mod :End of /NAMES list
S @badge-info=;badges=;color=#FF0000;display-name=Grace;emote-sets=0;mod=0;subscriber=0;turbo=0;user-type= :tmi.twitch.tv USERSTATE #mod
S @emote-only=0;followers-only=-1;r9k=0;room-id=2;slow=0;subs-only=0 :tmi.twitch.tv ROOMSTATE #mod
C PART #bob,#mod
S :grace!grace@grace.tmi.twitch.tv PART #bob
S :grace!grace@grace.tmi.twitch.tv PART #mod`},
	{rule: "a channel that never existed", as: "grace", talk: `
C JOIN #never_there
C PRIVMSG #never_there :hello
C PART #never_there`},
	{rule: "USERSTATE confirms a message, with its id and nonce, and without its text", as: "grace", talk: `
C @client-nonce=n-1 PRIVMSG #ada :hello
S @badge-info=;badges=;client-nonce=n-1;color=#FF0000;display-name=Grace;emote-sets=0;id=<id>;mod=0;subscriber=0;turbo=0;user-type= :tmi.twitch.tv USERSTATE #ada`},
	{rule: "the broadcaster is no moderator at home", as: "ada", talk: `
C PRIVMSG #ada :mine
S @badge-info=;badges=broadcaster/1;color=#FF0000;display-name=Ada;emote-sets=0;id=<id>;mod=0;subscriber=0;turbo=0;user-type= :tmi.twitch.tv USERSTATE #ada`},
	{rule: "/me is the only command", as: "mod", talk: `
C PRIVMSG #ada :/clear
S @msg-id=unrecognized_cmd :tmi.twitch.tv NOTICE #ada :Unrecognized command: /clear
C PRIVMSG #ada :/me waves
S @badge-info=;badges=moderator/1;color=#FF0000;display-name=Mod;emote-sets=0;id=<id>;mod=1;subscriber=0;turbo=0;user-type=mod :tmi.twitch.tv USERSTATE #ada`},
	{rule: "the same text again", as: "grace", talk: `
C PRIVMSG #ada :echo
S @badge-info=;badges=;color=#FF0000;display-name=Grace;emote-sets=0;id=<id>;mod=0;subscriber=0;turbo=0;user-type= :tmi.twitch.tv USERSTATE #ada
C PRIVMSG #ada :echo
S @msg-id=msg_duplicate :tmi.twitch.tv NOTICE #ada :Your message was not sent because it is identical to the previous one you sent, less than 30 seconds ago.`},
}

// The rows of what the server sends by itself.
var serverRows = []sheetRow{
	{
		rule: "a message with emotes in code points, counted after ACTION", as: "grace",
		world: func(s *stage) error {
			_, err := s.world.PostChat(world.Post{BroadcasterID: "1", SenderID: "4", Text: "\u00fc\U0001f600 Kappa LUL Kappa", Action: true})
			return err
		}, talk: `
W
S @badge-info=;badges=;color=#FF0000;display-name=Bob;emotes=25:3-7,13-17/425618:9-11;first-msg=1;flags=;id=<id>;mod=0;returning-chatter=0;room-id=1;subscriber=0;tmi-sent-ts=<ts>;turbo=0;user-id=4;user-type= :bob!bob@bob.tmi.twitch.tv PRIVMSG #ada :` + "\x01ACTION \u00fc\U0001f600 Kappa LUL Kappa\x01",
	},
	{
		rule: "bits are the sum, and the cheermotes stay in the text", as: "grace",
		world: func(s *stage) error { _, err := s.world.Cheer("1", "4", 5, "Cheer5 go"); return err }, talk: `
W
S @badge-info=;badges=;bits=5;color=#FF0000;display-name=Bob;emotes=;first-msg=1;flags=;id=<id>;mod=0;returning-chatter=0;room-id=1;subscriber=0;tmi-sent-ts=<ts>;turbo=0;user-id=4;user-type= :bob!bob@bob.tmi.twitch.tv PRIVMSG #ada :Cheer5 go`,
	},
	{
		rule: "escapes in tags", as: "grace",
		world: func(s *stage) error {
			return s.world.Notify("1", world.NewNotice{Kind: "kind", UserID: "4", Params: map[string]string{"a": "x; y\\z\r\n"}})
		}, talk: `
W
S @badge-info=;badges=;color=#FF0000;display-name=Bob;emotes=;flags=;id=<id>;login=bob;mod=0;msg-id=kind;msg-param-a=x\:\sy\\z\r\n;room-id=1;subscriber=0;system-msg=;tmi-sent-ts=<ts>;turbo=0;user-id=4;user-type=;vip=0 :tmi.twitch.tv USERNOTICE #ada`,
	},
	{rule: "CLEARCHAT of the room", as: "grace", world: func(s *stage) error { return s.world.ClearChat("1", "1") }, talk: `
W
S @room-id=1;tmi-sent-ts=<ts> :tmi.twitch.tv CLEARCHAT #ada`},
	{rule: "CLEARCHAT of a timeout", as: "grace", world: func(s *stage) error { _, err := s.world.Ban("1", "1", "4", time.Second, ""); return err }, talk: `
W
S @ban-duration=1;room-id=1;target-user-id=4;tmi-sent-ts=<ts> :tmi.twitch.tv CLEARCHAT #ada :bob`},
	{rule: "a ban puts oneself out", as: "grace", world: func(s *stage) error { _, err := s.world.Ban("1", "1", "3", 0, ""); return err }, talk: `
W
S @room-id=1;target-user-id=3;tmi-sent-ts=<ts> :tmi.twitch.tv CLEARCHAT #ada :grace
S :grace!grace@grace.tmi.twitch.tv PART #ada
C JOIN #ada
S @msg-id=msg_banned :tmi.twitch.tv NOTICE #ada :You are permanently banned from talking in ada.`},
	{rule: "CLEARMSG", as: "grace", world: func(s *stage) error {
		m, err := s.world.PostChat(world.Post{BroadcasterID: "1", SenderID: "1", Text: "oops"})
		if err == nil {
			err = s.world.DeleteMessage("1", "1", m.ID)
		}
		return err
	}, talk: `
W
S @badge-info=;badges=broadcaster/1;color=#FF0000;display-name=Ada;emotes=;first-msg=1;flags=;id=<id>;mod=0;returning-chatter=0;room-id=1;subscriber=0;tmi-sent-ts=<ts>;turbo=0;user-id=1;user-type= :ada!ada@ada.tmi.twitch.tv PRIVMSG #ada :oops
S @login=ada;room-id=;target-msg-id=<id>;tmi-sent-ts=<ts> :tmi.twitch.tv CLEARMSG #ada :oops`},
	{rule: "ROOMSTATE with what changed, and the NOTICE where there is one", as: "grace", world: func(s *stage) error {
		_, err := s.world.ModifyChatSettings("1", "1", func(c *world.ChatSettings) {
			c.EmoteOnly, c.UniqueChat, c.SubscribersOnly, c.FollowersOnly = true, true, true, true
		})
		return err
	}, talk: `
W
S @emote-only=1;room-id=1 :tmi.twitch.tv ROOMSTATE #ada
S @msg-id=emote_only_on :tmi.twitch.tv NOTICE #ada :This room is now in emote-only mode.
S @followers-only=0;room-id=1 :tmi.twitch.tv ROOMSTATE #ada
S @msg-id=followers_on_zero :tmi.twitch.tv NOTICE #ada :This room is now in followers-only mode.
S @r9k=1;room-id=1 :tmi.twitch.tv ROOMSTATE #ada
S @room-id=1;subs-only=1 :tmi.twitch.tv ROOMSTATE #ada
S @msg-id=subs_on :tmi.twitch.tv NOTICE #ada :This room is now in subscribers-only mode.`},
	{rule: "RECONNECT", as: "grace", world: func(s *stage) error { s.server.Reconnect(0); return nil }, talk: `
W
S :tmi.twitch.tv RECONNECT`},
	{rule: "WHISPER", as: "grace", world: func(s *stage) error { return s.world.Whisper("4", "3", "psst") }, talk: `
W
S @badges=;color=#FF0000;display-name=Bob;emotes=;message-id=<id>;thread-id=3_4;turbo=0;user-id=4;user-type= :bob!bob@bob.tmi.twitch.tv WHISPER grace :psst`},
	{rule: "a line with more than 8 KB of tags", as: "grace", world: func(s *stage) error {
		return s.world.Replay("1", "@long="+strings.Repeat("x", 9000)+" :tmi.twitch.tv NOTICE #ada :long")
	}, talk: `
W
S @long=` + strings.Repeat("x", 9000) + ` :tmi.twitch.tv NOTICE #ada :long`},
}

func TestSheet(t *testing.T) {
	for _, part := range [][]sheetRow{handshakeRows, clientRows, serverRows} {
		for _, row := range part {
			t.Run(row.rule, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) { row.play(t) })
			})
		}
	}
}

func (row sheetRow) play(t *testing.T) {
	s := newStage(t, chat.Config{})
	p := s.dial()
	if row.as != "" {
		p = s.login(row.as, "ada")
	}
	var want []string
	check := func() {
		t.Helper()
		p.want(want...)
		want = nil
	}
	last := byte('S')
	for line := range strings.SplitSeq(strings.Trim(row.talk, "\n"), "\n") {
		if line == "" {
			continue
		}
		if line[0] != 'S' && last == 'S' {
			check()
		}
		switch last = line[0]; last {
		case 'C':
			p.send(line[2:])
		case 'S':
			want = append(want, line[2:])
		case 'W':
			if err := row.world(s); err != nil {
				t.Fatal(err)
			}
		}
	}
	check()
}
