package main

import (
	"context"
	"sync"

	"github.com/larkspur-dev/larkspur/bot"
)

const textLanguage bot.Text = "I speak English now"

var german = map[bot.Text]string{
	textLanguage:     "Ich spreche jetzt Deutsch",
	bot.TextUsage:    "so geht es: %s",
	bot.TextArgument: "%s %s; %s",
	bot.TextWhole:    "muss eine ganze Zahl sein",
	bot.TextWrong:    "da ging etwas schief (%s)",
}

// languages are the channels that chose German.
type languages struct {
	mu     sync.RWMutex
	german map[string]bool // guarded by mu; by broadcaster id
}

func (l *languages) translate(c *bot.Call, t bot.Text) string {
	l.mu.RLock()
	defer l.mu.RUnlock()
	if l.german[c.BroadcasterID] {
		return german[t]
	}
	return "" // English
}

type languageArgs struct {
	Language string `arg:"oneof=en|de"`
}

func (l *languages) choose(ctx context.Context, c *bot.Call, a languageArgs) error {
	l.mu.Lock()
	if a.Language == "de" {
		l.german[c.BroadcasterID] = true
	} else {
		delete(l.german, c.BroadcasterID)
	}
	l.mu.Unlock()
	return c.Reply(ctx, "%s", c.Text(textLanguage))
}
