// Package skill runs skills: what a bot does, written in YAML and Starlark instead of Go.
//
//	skills:
//	  thank-followers:
//	    on: channel.follow                  # an EventSub type, or opsdroid's UserFollowed
//	    do:
//	      - say: 'Thank you for the follow {event.user_name}!'
//
//	  title:
//	    match: {command: '!title {title...}'}
//	    allow: {roles: [moderator]}
//	    do:
//	      - title: '{title}'
//
// [Parse] (or [Load], for a file with more than skills) checks a whole configuration and
// returns all mistakes with file, line and column. [NewEngine] runs the result: pass chat
// messages to [Engine.Message] and notifications to [Engine.Event]. The [Host] carries
// out the actions.
//
// # Order
//
// Every skill that matches an event runs, in the order of the file. (opsdroid runs only
// the best match.) The actions of a skill run one after another, and the
// first that fails ends that skill. A skill that fails, panics or refuses never
// prevents another from running. Engine methods return when all skills are done. They
// may be called from several goroutines.
//
// # Acting in the background
//
// With an [Executor] matching never waits for acting. [Engine.Message] and its
// relatives decide which skills an event triggers (matcher, allow and deny, when,
// cooldown) and return; every action goes to the executor as a [Step], with its
// [Class], the connector it is for, and the time when it expires. The executor runs
// or drops it:
//
//	func (q *queues) Submit(s *skill.Step) { // returns at once
//		q.lane(s.Class, s.Connector).add(s.Expires, s.Run, s.Drop)
//	}
//
// The next step of the same reaction is submitted when the one before has ended,
// so their order is kept whatever queues they wait in. Only moderation goes ahead: a
// ban, timeout or delete waits for earlier moderation of its reaction, not for
// replies that wait for Twitch's limits. Deletes have a class of their own, so that many
// of them do not delay a ban. A reply, relay or delete that is dropped does not end the
// reaction; an action that fails does, and so does any other that is dropped.
//
// A condition that reads channel, and StreamStarted, which does so too, ask Twitch
// and are a step of their own. The engine asks once in five seconds at most, whatever
// the number of messages and skills. Each run of a script's function is a step of its
// own, too: it computes in the background, and what it calls (call.say and so on)
// becomes steps at once, while the script goes on; only call.channel and actions with an outcome, such as call.clip, wait.
// Runs of one function keep the order of the events. All outcomes are reported,
// [Dropped] among them.
//
// A regular expression is searched for anywhere in the text unless condition:
// says match (at the beginning) or fullmatch. A command is the first word of a
// message, ignoring case. The bot's own messages match nothing.
//
// # A skill's keys
//
//	on        an event or a list: an EventSub type, channel.moderate@1 for an older
//	          version, opsdroid's name (UserFollowed, StreamStarted, JoinRoom …), start and
//	          stop of the bot, or run, for a skill that others run;
//	          {event: channel.cheer, where: {is_anonymous: false}} filters
//	match     {command: '!give {to:user} {n:int} {text...}', aliases: ['!g']},
//	          {regex: …, case-sensitive: true, condition: search},
//	          {parse: 'say {text} {n:int} times'}, {keywords: [foo, bar]} or {any: true}
//	every     15m, or {every: 15m, jitter: 1m}; cron: '0 20 * * fri', or {cron: …, zone: Europe/Berlin};
//	          after-lines: 30, of chat
//	first-message  ever, or stream
//	reward    the title or id of a reward for channel points
//	otherwise true: a message for which no other skill ran
//	triggers  a list of these, for several of one kind
//	script    a Starlark file that calls on_command, on_message, on_event, every or cron
//	when      an expression that must be true
//	live      true or false; min-lines: 10, of chat since it last ran; channels: [ada]
//	allow     {users: [login or id], roles: [broadcaster, moderator, vip, subscriber …],
//	          subscriber-tier: 2, first-time: true}; any of them, and the broadcaster;
//	          follower: 10d and account-age: 30d must hold as well
//	deny      users, roles, subscriber-tier and first-time of those who may not
//	refused   what to answer then; cooling: during a cooldown
//	cooldown  10s, or {global: 2s, per-user: 1m}
//	stop      true: later skills do not see the message
//	config    settings of the skill, available as config in expressions
//	do        actions; each may have if:, as: and on-error: beside it
//	enabled   false switches the skill off
//
// Roles come from the badges in the event. Users are logins or ids, never display names;
// digits alone are an id.
//
// # Expressions
//
// {Braces} in a text and the value of when: are Starlark expressions. They can use event,
// channel, viewer, now, config and memory (memory.NAME, memory.channel.NAME,
// memory.user.NAME), the functions random, pick, plural, ago and uptime, and with match: also match, args, and the named groups or
// arguments. Names and attributes are
// checked when the configuration is loaded. Text that viewers wrote is data: it
// is never evaluated, and never becomes a chat command. A text that begins with "/me " in
// the configuration is sent as an action; other commands have actions of their own, such
// as ban. Expressions and scripts
// are limited in steps, time and memory; they cannot reach files or the network.
//
// # The event of a message
//
// With match, event is a chat message, whether it came over IRC or EventSub:
//
//	text, message_id, is_reply    is_reply: it answers another message
//	user_id, user_login, user_name; roles, badges (set: version)    who wrote it
//	broadcaster_user_id, broadcaster_user_login, broadcaster_user_name
//	bits                          the sum of its cheers
//	first_message, returning      the chatter's first message here; a new chatter who came back
//	raw_event                     the line of IRC
//	user, event_id, target, connector    as in opsdroid
//
// Only IRC knows the attributes first_message, returning and raw_event. Over EventSub alone
// they are false and ""; "larkspur run" reads both where the login allows it.
package skill
