package helix

import (
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/larkspur-dev/larkspur/chat"
)

func TestAssets(t *testing.T) {
	stream := Stream{ThumbnailURL: "https://img.test/live_ada-{width}x{height}.jpg"}
	video := Video{ThumbnailURL: "https://img.test/v-%{width}x%{height}.jpg"}
	game := Game{BoxArtURL: "https://img.test/1-{width}x{height}.jpg"}
	user := User{ProfileImageURL: "https://img.test/a-b-profile_image-300x300.png"}
	emote := Emote{ID: "25", Format: []EmoteFormat{"static"}, Scale: []string{"1.0", "3.0"}, ThemeMode: []EmoteTheme{"light", "dark"}}
	for want, got := range map[Asset]Asset{
		"https://img.test/live_ada-640x360.jpg":          stream.Thumbnail(640, 360),
		"https://img.test/v-320x180.jpg":                 video.Thumbnail(320, 180),
		"https://img.test/1-285x380.jpg":                 game.BoxArt(285, 380),
		"https://img.test/a-b-profile_image-70x70.png":   user.ProfileImage(60),
		"https://img.test/a-b-profile_image-600x600.png": user.ProfileImage(4000),
		"https://emotes.test/v2/25/static/dark/3.0":      emote.Image("https://emotes.test/v2/{{id}}/{{format}}/{{theme_mode}}/{{scale}}", "animated", "dark", "3.0"),
	} {
		if got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestDownload(t *testing.T) {
	tw := newClient(t, StaticToken("", "t0ken"), func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "" {
			t.Error("got a token, want none")
		}
		switch r.URL.Path {
		case "/picture.png":
			_, _ = w.Write([]byte("picture"))
		case "/gone.png":
			w.WriteHeader(http.StatusNotFound)
		case "/half.png":
			w.Header().Set("Content-Length", "100")
			_, _ = w.Write([]byte("half"))
		default:
			w.WriteHeader(http.StatusForbidden)
		}
	})
	base := tw.core.baseURL
	var b strings.Builder
	if n, err := tw.Download(t.Context(), Asset(base+"/picture.png"), &b); err != nil || n != 7 || b.String() != "picture" {
		t.Errorf("got %q, %d, %v, want picture", b.String(), n, err)
	}
	path := filepath.Join(t.TempDir(), "ada.png")
	if err := tw.DownloadFile(t.Context(), Asset(base+"/picture.png"), path); err != nil {
		t.Fatal(err)
	}
	if err := tw.DownloadFile(t.Context(), Asset(base+"/half.png"), path); err == nil {
		t.Error("half a picture: got no error")
	}
	if got, err := os.ReadFile(path); err != nil || string(got) != "picture" {
		t.Errorf("after a failure: got %q, %v, want the picture of before", got, err)
	}
	if files, err := os.ReadDir(filepath.Dir(path)); err != nil || len(files) != 1 {
		t.Errorf("got %d files, %v, want one", len(files), err)
	}
	if _, err := tw.Download(t.Context(), Asset(base+"/gone.png"), &b); !errors.Is(err, ErrNotFound) {
		t.Errorf("gone: got %v, want %v", err, ErrNotFound)
	}
	for _, bad := range []Asset{"", "file:///etc/passwd", "picture.png", Asset(base + "/forbidden"), "https://\x00"} {
		if _, err := tw.Download(t.Context(), bad, &b); err == nil {
			t.Errorf("%q: got no error", bad)
		}
	}
	if err := tw.DownloadFile(t.Context(), Asset(base+"/picture.png"), filepath.Join(path, "x")); err == nil {
		t.Error("no such directory: got no error")
	}
}

func TestColors(t *testing.T) {
	for in, want := range map[string]string{
		"#9146FF": "#9146FF", "9146ff": "#9146FF", " #000000 ": "#000000",
		"blue_violet": "#8A2BE2", "BlueViolet": "#8A2BE2", "golden rod": "#DAA520", "RED": "#FF0000",
	} {
		got, err := ParseColor(in)
		if err != nil || got.String() != want {
			t.Errorf("%q: got %v, %v, want %s", in, got, err, want)
		}
	}
	for _, in := range []string{"", "#12345", "#1234567", "mauve", "#GGGGGG", "+12345"} {
		if got, err := ParseColor(in); err == nil {
			t.Errorf("%q: got %v, want an error", in, got)
		}
	}
	for _, name := range ColorNames() {
		c, err := ParseColor(name)
		if back, ok := c.Name(); err != nil || !ok || back != name {
			t.Errorf("%s: got %v, %v, %v", name, c, back, err)
		}
	}
	if name, ok := (Color{1, 2, 3}).Name(); ok {
		t.Errorf("got %q, want no name", name)
	}
	for color, want := range map[Color]AnnouncementColor{
		{0, 0, 255}: AnnouncementColorPurple, {0, 255, 0}: AnnouncementColorGreen, {255, 160, 0}: AnnouncementColorOrange, {0, 220, 230}: AnnouncementColorBlue,
	} {
		if got := color.Announcement(); got != want {
			t.Errorf("%v: got %s, want %s", color, got, want)
		}
	}
}

func TestSayAll(t *testing.T) {
	sent := reply{status: 200, body: `{"data":[{"message_id":"m","is_sent":true}]}`}
	dropped := reply{status: 200, body: `{"data":[{"message_id":"","is_sent":false,"drop_reason":{"code":"msg_duplicate","message":"again"}}]}`}
	text := strings.Repeat("hello world ", 100)
	tw, a := replying(StaticToken("7", "t"), Options{}, sent)
	ids, err := tw.Chat.SayAll(t.Context(), SendChatMessageParams{BroadcasterID: "1", SenderID: "7", Message: text, ReplyTo: "m0"})
	if err != nil || len(ids) != 3 || len(a.requests) != 3 {
		t.Errorf("got %v, %v, want three messages", ids, err)
	}
	if !strings.Contains(a.bodies[0], "m0") || strings.Contains(a.bodies[1], "m0") {
		t.Error("want the first message and no other to be a reply")
	}
	tw, _ = replying(StaticToken("7", "t"), Options{}, sent, dropped)
	ids, err = tw.Chat.SayAll(t.Context(), SendChatMessageParams{BroadcasterID: "1", SenderID: "7", Message: text})
	if d, ok := errors.AsType[*chat.DroppedError](err); !ok || d.Code != "msg_duplicate" || len(ids) != 1 || !strings.Contains(err.Error(), "message 2 of 3") {
		t.Errorf("got %v, %v, want one message and why the second was dropped", ids, err)
	}
	if _, err := tw.Chat.SayAll(t.Context(), SendChatMessageParams{BroadcasterID: "1", SenderID: "7", Message: " "}); err == nil {
		t.Error("nothing to say: got no error")
	}
}
