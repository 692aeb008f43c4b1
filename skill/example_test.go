package skill_test

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/larkspur-dev/larkspur/chat"
	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/skill"
)

// printer is a host that prints instead of acting.
type printer struct{ *fakeHost }

func (printer) Do(_ context.Context, e skill.Effect) (map[string]any, error) {
	fmt.Println(e.Text("text"))
	return nil, nil
}

func Example() {
	set, err := skill.Parse("bot.yaml", []byte(`
skills:
  thank-followers:
    on: channel.follow
    do:
      - say: 'Thank you for the follow {event.user_name}!'

  dice:
    match: {command: '!double {n:int}'}
    when: n < 1000
    do:
      - say: '{event.user_name}: {n * 2}'
`), skill.LoadOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	engine := skill.NewEngine(set, skill.EngineOptions{Host: printer{}})

	ctx := context.Background()
	_ = engine.Event(ctx, eventsub.Notification{
		Type:  eventsub.Type{Name: "channel.follow", Version: "2"},
		Event: json.RawMessage(`{"user_id": "42", "user_login": "grace", "user_name": "Grace"}`),
	})
	_ = engine.Message(ctx, &chat.Message{ID: "1", Text: "!double 21", Chatter: chat.Chatter{User: chat.User{ID: "42", Login: "grace", Name: "Grace"}}})
	// Output:
	// Thank you for the follow Grace!
	// Grace: 42
}

// All mistakes of a configuration are found at once, when it is loaded.
func ExampleParse() {
	_, err := skill.Parse("bot.yaml", []byte(`
skills:
  title:
    match: {command: '!title {title...}'}
    allow: {roles: [moderater]}
    do:
      - title: '{titel}'
      - say: 'The title is now {channel.name.uper()}'
`), skill.LoadOptions{})
	fmt.Println(err)
	// Output:
	// bot.yaml:5:21: skills.title.allow.roles[0]: unknown role "moderater"; did you mean "moderator"?
	// bot.yaml:7:18: skills.title.do[0].title: unknown name "titel"; did you mean "title"?
	// bot.yaml:8:46: skills.title.do[1].say: text has no attribute "uper"; did you mean "upper"?
}
