package helix

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

var (
	extensionSecret = base64.StdEncoding.EncodeToString([]byte("a secret of thirty-two characters"))
	otherSecret     = base64.StdEncoding.EncodeToString([]byte("another"))
)

func ExampleVerifyExtensionToken() {
	token, err := SignExtensionToken(extensionSecret, ExtensionClaims{
		Expires: time.Now().Add(time.Hour).Unix(), UserID: "7", Role: "viewer", ChannelID: "1",
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	claims, err := VerifyExtensionToken(token, extensionSecret)
	fmt.Println(claims.UserID, claims.Role, claims.ChannelID, err)

	_, err = VerifyExtensionToken(token, otherSecret)
	fmt.Println(err)
	// Output:
	// 7 viewer 1 <nil>
	// helix: not a valid token of the extension: it is signed with another secret
}

func TestVerifyExtensionToken(t *testing.T) {
	now := time.Unix(1_793_536_200, 0)
	sign := func(c ExtensionClaims) string {
		t.Helper()
		token, err := SignExtensionToken(extensionSecret, c)
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	good := sign(ExtensionClaims{Expires: now.Unix() + 1, UserID: "7", Role: "viewer"})
	parts := strings.Split(good, ".")
	none := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none"}`))
	for name, tc := range map[string]struct{ token, want string }{
		"good":              {good, ""},
		"expired":           {sign(ExtensionClaims{Expires: now.Unix()}), "expired"},
		"never expires":     {sign(ExtensionClaims{UserID: "7"}), "never expires"},
		"empty":             {"", "three parts"},
		"two parts":         {parts[0] + "." + parts[1], "three parts"},
		"alg none":          {none + "." + parts[1] + ".", "HS256"},
		"alg none, signed":  {none + "." + parts[1] + "." + parts[2], "HS256"},
		"no signature":      {parts[0] + "." + parts[1] + ".", "another secret"},
		"other signature":   {parts[0] + "." + parts[1] + "." + strings.Repeat("A", 43), "another secret"},
		"other claims":      {parts[0] + "." + parts[1] + "A." + parts[2], "another secret"},
		"not base64":        {parts[0] + "." + parts[1] + ".!", "malformed"},
		"header not base64": {"!." + parts[1] + "." + parts[2], "HS256"},
	} {
		t.Run(name, func(t *testing.T) {
			claims, err := verifyExtensionToken(tc.token, now, []string{otherSecret, extensionSecret})
			if tc.want == "" {
				if err != nil || claims.UserID != "7" || !claims.ExpiresAt().Equal(now.Add(time.Second)) {
					t.Errorf("got %+v, %v, want user 7", claims, err)
				}
				return
			}
			if claims != nil || !errors.Is(err, ErrExtensionToken) || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %+v, %v, want an error with %q", claims, err, tc.want)
			}
		})
	}
	for _, secret := range []string{"", "not base64!"} {
		if _, err := VerifyExtensionToken(good, secret); err == nil || errors.Is(err, ErrExtensionToken) {
			t.Errorf("secret %q: got %v, want an error about the secret", secret, err)
		}
	}
	if _, err := VerifyExtensionToken(good); !errors.Is(err, ErrExtensionToken) {
		t.Errorf("no secret: got %v, want %v", err, ErrExtensionToken)
	}
}

// A call that needs it carries a token for its channel, signed once for a while.
func TestExtensionSigner(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		signer := &ExtensionSigner{OwnerID: "42", Secret: extensionSecret}
		tw, a := replying(StaticToken("", "t"), Options{JWT: signer.Token}, reply{status: 204})
		send := func(channel string) (string, *ExtensionClaims) {
			t.Helper()
			p := SendExtensionPubSubMessageParams{Target: []PubSubTarget{PubSubTargetBroadcast}, BroadcasterID: channel, Message: "hi"}
			if channel == "" {
				p.Target, p.IsGlobalBroadcast = []PubSubTarget{PubSubTargetGlobal}, true
			}
			if err := tw.Extensions.SendPubSubMessage(t.Context(), p); err != nil {
				t.Fatal(err)
			}
			token := strings.TrimPrefix(a.requests[len(a.requests)-1].Header.Get("Authorization"), "Bearer ")
			claims, err := VerifyExtensionToken(token, extensionSecret)
			if err != nil {
				t.Fatal(err)
			}
			return token, claims
		}
		first, claims := send("1")
		if claims.ChannelID != "1" || claims.UserID != "42" || claims.Role != "external" || claims.PubSubPerms.Send[0] != "*" {
			t.Errorf("got %+v, want the owner's token for channel 1", claims)
		}
		if again, _ := send("1"); again != first {
			t.Error("got another token, want the same")
		}
		if _, claims := send(""); claims.ChannelID != "all" {
			t.Errorf("global: got channel %q, want all", claims.ChannelID)
		}
		time.Sleep(150 * time.Second)
		if later, _ := send("1"); later == first {
			t.Error("after most of its life: got the same token, want another")
		}
		if got := fmt.Sprintf("%v %+v %#v", signer, signer, signer); strings.Contains(got, extensionSecret) {
			t.Errorf("got %q, want it without the secret", got)
		}
	})
	bad := &ExtensionSigner{OwnerID: "42", Secret: "?"}
	if _, err := bad.Token(context.Background(), "1"); err == nil {
		t.Error("bad secret: got no error")
	}
}

func TestNewestSecret(t *testing.T) {
	now := time.Unix(1000, 0)
	at := func(s int64) time.Time { return time.Unix(s, 0) }
	s := ExtensionSecrets{Secrets: []ExtensionSecret{
		{"old", at(0), at(2000)}, {"new", at(900), at(9000)}, {"future", at(1500), at(9000)}, {"gone", at(950), at(1000)},
	}}
	if got, ok := s.NewestSecret(now); !ok || got.Content != "new" {
		t.Errorf("got %+v, %v, want new", got, ok)
	}
	if got, ok := s.NewestSecret(at(9000)); ok {
		t.Errorf("got %+v, want none", got)
	}
}

// Whatever comes, nothing but what was signed with the secret is believed.
func FuzzVerifyExtensionToken(f *testing.F) {
	token, err := SignExtensionToken(extensionSecret, ExtensionClaims{Expires: 1 << 40, UserID: "7"})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(token)
	f.Add("..")
	f.Add(strings.Replace(token, ".", ".\n", 1))
	f.Add("eyJhbGciOiJub25lIn0.e30.")
	f.Fuzz(func(t *testing.T, in string) {
		claims, err := VerifyExtensionToken(in, extensionSecret)
		if (err == nil) != (claims != nil) {
			t.Fatalf("got %v, %v", claims, err)
		}
		if err == nil && (claims.UserID != "7" || claims.Expires != 1<<40) {
			t.Fatalf("%q: got %+v, which nobody signed", in, claims)
		}
		if err != nil && len(err.Error()) > 200 {
			t.Fatalf("got an error of %d bytes", len(err.Error()))
		}
	})
}
