package helix

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// An Asset is the address of a picture or video at Twitch. [Client.Download] and
// [Client.DownloadFile] fetch it.
type Asset string

// sized fills in the size of a template. Twitch writes {width}, in old places %{width}.
func sized(template string, width, height int) Asset {
	return Asset(strings.NewReplacer(
		"%{width}", strconv.Itoa(width), "%{height}", strconv.Itoa(height),
		"{width}", strconv.Itoa(width), "{height}", strconv.Itoa(height),
	).Replace(template))
}

// Thumbnail returns the picture of what is going on, in any size. Twitch makes a new one
// every few minutes under the same address.
func (s *Stream) Thumbnail(width, height int) Asset { return sized(s.ThumbnailURL, width, height) }

// Thumbnail returns the picture of the video, in any size.
func (v *Video) Thumbnail(width, height int) Asset { return sized(v.ThumbnailURL, width, height) }

// BoxArt returns the picture of the game, in any size; 3:4 shows all of it.
func (g *Game) BoxArt(width, height int) Asset { return sized(g.BoxArtURL, width, height) }

// ProfileImage returns the user's picture, which has six sizes: 28, 50, 70, 150, 300
// and 600. Of other sizes the next larger one is returned.
func (u *User) ProfileImage(size int) Asset { return resized(u.ProfileImageURL, size) }

var (
	imageSizes = []int{28, 50, 70, 150, 300, 600}
	imageSize  = regexp.MustCompile(`-\d+x\d+(\.\w+)$`)
)

func resized(url string, size int) Asset {
	fits := imageSizes[len(imageSizes)-1]
	for _, s := range imageSizes {
		if s >= size {
			fits = s
			break
		}
	}
	return Asset(imageSize.ReplaceAllString(url, fmt.Sprintf("-%dx%d$1", fits, fits)))
}

// Image fills in the template that came with an answer of emotes. Format is "static" or
// "animated", theme "light" or "dark", scale "1.0", "2.0" or "3.0". Of what the emote does
// not have, the first that it has is taken.
func (e *Emote) Image(template, format, theme, scale string) Asset {
	return Asset(strings.NewReplacer(
		"{{id}}", e.ID,
		"{{format}}", offered(e.Format, format),
		"{{theme_mode}}", offered(e.ThemeMode, theme),
		"{{scale}}", offered(e.Scale, scale),
	).Replace(template))
}

func offered[T ~string](have []T, want string) string {
	for _, h := range have {
		if string(h) == want {
			return want
		}
	}
	if len(have) == 0 {
		return want
	}
	return string(have[0])
}

// Download writes an asset to w and returns how many bytes that were. No token is
// sent. Errors of w are returned as they are; an asset that is not there is
// [ErrNotFound].
func (c *Client) Download(ctx context.Context, asset Asset, w io.Writer) (int64, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, string(asset), nil)
	if err != nil {
		return 0, fmt.Errorf("helix: download: %w", withoutURL(err))
	}
	if req.URL.Scheme != "https" && req.URL.Scheme != "http" || req.URL.Host == "" {
		return 0, errors.New("helix: download: not the address of an asset")
	}
	req.Header.Set("User-Agent", userAgent)
	res, err := c.core.http.Do(req)
	if err != nil {
		return 0, fmt.Errorf("helix: download: %w", withoutURL(err))
	}
	defer res.Body.Close()
	switch {
	case res.StatusCode == http.StatusNotFound:
		return 0, fmt.Errorf("helix: download: %w", ErrNotFound)
	case res.StatusCode != http.StatusOK:
		return 0, fmt.Errorf("helix: download: got status %d", res.StatusCode)
	}
	return io.Copy(w, res.Body)
}

// DownloadFile saves an asset as a file, which is there in full or not at all.
func (c *Client) DownloadFile(ctx context.Context, asset Asset, path string) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".download-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = c.Download(ctx, asset, f)
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
