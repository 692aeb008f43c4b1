package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

// defaultEmulator is where `larkspur emulator` serves by default.
const defaultEmulator = "http://127.0.0.1:8080"

// controlTimeout is how long a command waits for the emulator. Events go out at the pace of
// the slowest client.
const controlTimeout = time.Minute

// emulatorFlag adds --twitch, the address of a running emulator, to a command.
func emulatorFlag(cmd *cobra.Command, address *string) {
	cmd.Flags().StringVar(address, "twitch", "", "address of the emulator (or LARKSPUR_TWITCH); default: "+defaultEmulator)
}

// A controller calls the control API of a running emulator.
type controller struct{ base string }

// newController takes an address from a flag, else from the environment.
func newController(p Process, address string) (controller, error) {
	if address == "" {
		address = env(p, "LARKSPUR_TWITCH")
	}
	if address == "" {
		address = defaultEmulator
	}
	u, err := url.Parse(address)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
		return controller{}, usageError{fmt.Errorf("%q is no address of an emulator; it looks like %s", printable(address), defaultEmulator)}
	}
	return controller{base: u.Scheme + "://" + u.Host}, nil
}

// call sends a request below /larkspur/ and returns the answer.
func (c controller) call(ctx context.Context, method, name string, order any) (json.RawMessage, error) {
	var body io.Reader
	if method == http.MethodPost {
		raw, err := json.Marshal(order)
		if err != nil {
			return nil, err
		}
		body = bytes.NewReader(raw)
	}
	ctx, cancel := context.WithTimeout(ctx, controlTimeout)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, method, c.base+"/larkspur/"+name, body)
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, c.unreachable(err)
	}
	defer answer.Body.Close()
	raw, err := io.ReadAll(answer.Body)
	if err != nil {
		return nil, c.unreachable(err)
	}
	return c.understand(answer, raw)
}

// understand returns an answer, or the error in it.
func (c controller) understand(answer *http.Response, raw []byte) (json.RawMessage, error) {
	var said map[string]any
	foreign := json.Unmarshal(raw, &said) != nil
	refused, _ := said["error"].(string)
	dropped, _ := said["dropped"].(string)
	switch {
	case refused != "":
		return nil, errors.New(refused)
	case dropped != "":
		return nil, fmt.Errorf("chat does not show this message (%s): %v", dropped, said["text"])
	case foreign || answer.StatusCode != http.StatusOK:
		return nil, fmt.Errorf("%s is no emulator of this version: it answered %s; choose another address with --twitch", c.base, answer.Status)
	}
	return raw, nil
}

// unreachable says what to do if no emulator answers.
func (c controller) unreachable(err error) error {
	host := strings.TrimPrefix(strings.TrimPrefix(c.base, "https://"), "http://")
	if refused := (*net.OpError)(nil); errors.As(err, &refused) && refused.Op == "dial" {
		return fmt.Errorf("no emulator runs at %s; start it in another terminal, or choose another address with --twitch:\n  larkspur emulator --addr %s", c.base, host)
	}
	return fmt.Errorf("the emulator at %s did not answer: %w", c.base, err)
}
