package oauth_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larkspur-dev/larkspur/oauth"
)

func TestReadTwitchIO(t *testing.T) {
	got, err := oauth.ReadTwitchIO(strings.NewReader(`{
		"456": {"user_id": "456", "token": "access-canary-2", "refresh": "refresh-canary-2", "last_validated": "2026-05-06T07:08:09.123456"},
		"123": {"token": "access-canary-1", "refresh": "refresh-canary-1"}}`))
	want := []oauth.Token{
		{AccessToken: "access-canary-1", RefreshToken: "refresh-canary-1", UserID: "123"},
		{AccessToken: "access-canary-2", RefreshToken: "refresh-canary-2", UserID: "456"},
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	for _, bad := range []string{"", "[]", `{"1":{}}`, `{"1":{"token":"canary\r\nX"}}`, `{"1":{"token":"can`, `{"1":{"token":5}}`} {
		if _, err := oauth.ReadTwitchIO(strings.NewReader(bad)); err == nil {
			t.Errorf("got no error for %q", bad)
		} else {
			wantNoCanary(t, err.Error(), "the error")
		}
	}
	if got, err := oauth.ReadTwitchIO(strings.NewReader("{}")); err != nil || len(got) != 0 {
		t.Errorf("got %v, %v of no users, want none", got, err)
	}
	if _, err := oauth.ReadTwitchIO(strings.NewReader(strings.Repeat(" ", 17<<20))); err == nil {
		t.Error("got no error for 17 MB")
	}
}

func TestReadTwitchCLI(t *testing.T) {
	got, secret, err := oauth.ReadTwitchCLI(strings.NewReader("# made by a program\nACCESSTOKEN=access-canary-1\nCLIENTID=\"client\"\r\n" +
		"CLIENTSECRET='secret-canary'\nREFRESHTOKEN=refresh-canary-1==\nTOKENEXPIRATION=2026-05-06T07:08:09.5Z\ntokenscopes=[chat:read chat:edit]\n"))
	want := oauth.Token{
		AccessToken: "access-canary-1", RefreshToken: "refresh-canary-1==", ClientID: "client",
		Scopes: oauth.NewScopeSet("chat:edit", "chat:read"), ExpiresAt: time.Date(2026, 5, 6, 7, 8, 9, 5e8, time.UTC),
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil || secret != "secret-canary" {
		t.Errorf("%v, %v (-want +got):\n%s", secret, err, diff)
	}
	for _, bad := range []string{"", "CLIENTID=canary", "ACCESSTOKEN=", "ACCESSTOKEN=can ary", "<html>"} {
		if _, _, err := oauth.ReadTwitchCLI(strings.NewReader(bad)); err == nil {
			t.Errorf("got no error for %q", bad)
		} else {
			wantNoCanary(t, err.Error(), "the error")
		}
	}
}

// Tokens read from another program's file can be added even if the file has errors.
func TestImportedTokensAreAdded(t *testing.T) {
	f := newFake()
	token := f.token(ada)
	imported, err := oauth.ReadTwitchIO(strings.NewReader(`{"1":{"token":"over","refresh":"` + string(token.RefreshToken) + `"}}`))
	if err != nil {
		t.Fatal(err)
	}
	m := f.manager(t, oauth.NewMemoryStore(), oauth.Options{})
	u, err := m.Add(t.Context(), imported[0])
	if err != nil || u.ID != "123" || u.Scopes.String() != "chat:edit chat:read" {
		t.Errorf("got %+v, %v, want ada, whom the token belongs to", u, err)
	}
}

func FuzzImport(f *testing.F) {
	f.Add(`{"1":{"token":"a","refresh":"b"}}`)
	f.Add("ACCESSTOKEN=a\nTOKENSCOPES=[a b]\n")
	f.Fuzz(func(t *testing.T, text string) {
		tokens, _ := oauth.ReadTwitchIO(strings.NewReader(text))
		token, _, err := oauth.ReadTwitchCLI(strings.NewReader(text))
		if err == nil {
			tokens = append(tokens, token)
		}
		for _, token := range tokens {
			if token.AccessToken == "" || strings.ContainsAny(string(token.AccessToken+token.RefreshToken), "\r\n \x00") {
				t.Errorf("got %q from %q", string(token.AccessToken), text)
			}
		}
	})
}
