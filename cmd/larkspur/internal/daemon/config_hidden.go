package daemon

import "fmt"

// Format writes c with its secrets redacted: see package oauth, hidden.go.
func (c Config) Format(f fmt.State, verb rune) {
	type config Config
	_, _ = fmt.Fprintf(f, fmt.FormatString(f, verb), config(c)) // fmt's own buffer, which does not fail
}

// Format writes t with its secrets redacted.
func (t Twitch) Format(f fmt.State, verb rune) {
	type twitch Twitch
	_, _ = fmt.Fprintf(f, fmt.FormatString(f, verb), twitch(t))
}

// Format writes r with its address redacted.
func (r RelayConfig) Format(f fmt.State, verb rune) {
	type relayConfig RelayConfig
	_, _ = fmt.Fprintf(f, fmt.FormatString(f, verb), relayConfig(r))
}
