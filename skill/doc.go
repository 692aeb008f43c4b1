// Package skill runs what a bot can do, written in YAML and Starlark instead of Go.
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
// [Parse] (or [Load], for a file that holds more) checks a configuration as a
// whole and returns all its mistakes with file, line and column. [NewEngine]
// runs the result: hand chat to [Engine.Message] and notifications to
// [Engine.Event]; what a skill does goes to the [Host].
//
// # What happens, in which order
//
// Every skill that fits an event runs, in the order of the file; opsdroid would
// run only the best one. The actions of a skill run one after another, and the
// first that fails ends that skill. A skill that fails, panics or refuses never
// keeps another from running. Engine methods return when all skills are done;
// calling them from several goroutines is fine.
//
// # Acting in the background
//
// With an [Executor] matching never waits for acting. [Engine.Message] and its
// relatives decide which skills an event sets off (matcher, allow and deny, when,
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
// replies that wait for Twitch's limits. A reply or relay that is dropped does not
// end the reaction; an action that fails does, and so does any other that is dropped.
//
// A condition that reads channel, and StreamStarted, which does so too, ask Twitch
// and are a step of their own. So is each run of a script's function: it computes in
// the background, and what it calls (call.say and so on) becomes steps at once, while
// the script goes on; only call.clip and call.channel wait. Runs of one function keep
// the order of the events. All outcomes are reported, [Dropped] among them.
//
// A regular expression is searched for anywhere in the text unless condition:
// says match (at the beginning) or fullmatch. A command is the first word of a
// message, in any case. The bot's own messages match nothing.
//
// # A skill's keys
//
//	on        an event or a list: EventSub's names, channel.moderate@1 for an older
//	          version, or opsdroid's (UserFollowed, StreamStarted, JoinRoom …)
//	match     {regex: …, case-sensitive: true, condition: search} or {command: '!give {to:user} {n:int} {text...}'}
//	script    a Starlark file that calls on_command, on_message or on_event
//	when      an expression that must be true
//	allow     {users: [login or id], roles: [broadcaster, moderator, vip, subscriber …]};
//	          where a role is given, the broadcaster may too
//	deny      the same, for those who may not
//	cooldown  10s, or {global: 2s, per-user: 1m}
//	config    settings of the skill's own, which expressions know as config
//	do        actions: say, reply, send, ban, timeout, delete, title, clip
//	enabled   false switches the skill off
//
// Roles come from the event's badges. Users are logins or ids, never display
// names; digits alone are an id.
//
// # Expressions
//
// What stands in {braces} in a text, and after when:, is a Starlark expression.
// It knows event, channel, now and config, after match: also match, args and
// the regular expression's or command's own names. Names and attributes are
// checked when the configuration is loaded. Text that viewers wrote is data: it
// is never evaluated, and never becomes a chat command. Expressions and scripts
// are limited in steps, time and memory; they cannot reach files or the network.
package skill
