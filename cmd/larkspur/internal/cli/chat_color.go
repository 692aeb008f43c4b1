package cli

import (
	"fmt"
	"hash/fnv"
	"math"
	"strconv"
	"strings"
)

// A colorDepth says which colours a terminal has.
type colorDepth int

const (
	noColors  colorDepth = iota
	colors256            // the cube of 6 x 6 x 6 colours
	colors24             // any colour
)

// depthOf returns the colours of the terminal of standard output.
func depthOf(p Process, f *chatFlags) colorDepth {
	if f.noColor || !isTerminal(p.Stdout) || !wantColor(p) {
		return noColors
	}
	if c := strings.ToLower(env(p, "COLORTERM")); c == "truecolor" || c == "24bit" {
		return colors24
	}
	return colors256
}

// An rgb is a colour; its parts are from 0 to 1, in proportion to the light.
type rgb struct{ r, g, b float64 }

// A name is readable on a light and on a dark background if its luminance is between
// these: its contrast is then at least 3 to white and to black.
const (
	darkest  = 0.105
	lightest = 0.295
)

// defaultColors are the colours that Twitch gives to names without one.
var defaultColors = []string{
	"#FF0000", "#0000FF", "#008000", "#B22222", "#FF7F50", "#9ACD32", "#FF4500", "#2E8B57",
	"#DAA520", "#D2691E", "#5F9EA0", "#1E90FF", "#FF69B4", "#8A2BE2", "#00FF7F",
}

// nameCode returns the code that shows a name in its colour, or in one that depends on
// the login only.
func nameCode(depth colorDepth, color, login string) string {
	c, ok := parseColor(color)
	if !ok {
		h := fnv.New32a()
		_, _ = h.Write([]byte(login))                                          // a hash never fails
		c, _ = parseColor(defaultColors[h.Sum32()%uint32(len(defaultColors))]) //nolint:gosec // there are few
	}
	c = c.readable()
	if depth == colors24 {
		r, g, b := c.bytes()
		return fmt.Sprintf("1;38;2;%d;%d;%d", r, g, b)
	}
	return fmt.Sprintf("1;38;5;%d", c.nearest())
}

// parseColor parses "#1E90FF".
func parseColor(text string) (rgb, bool) {
	hex, ok := strings.CutPrefix(text, "#")
	n, err := strconv.ParseUint(hex, 16, 32)
	if !ok || err != nil || len(hex) != 6 {
		return rgb{}, false
	}
	return rgb{light(n >> 16), light(n >> 8 & 0xff), light(n & 0xff)}, true
}

// light converts a byte of sRGB.
func light(n uint64) float64 {
	v := float64(n) / 255
	if v <= 0.04045 {
		return v / 12.92
	}
	return math.Pow((v+0.055)/1.055, 2.4)
}

// luminance is the brightness of a colour as people see it.
func (c rgb) luminance() float64 { return 0.2126*c.r + 0.7152*c.g + 0.0722*c.b }

// readable makes a colour darker or lighter as far as needed.
func (c rgb) readable() rgb {
	l := c.luminance()
	switch {
	case l > lightest:
		k := lightest / l
		return rgb{c.r * k, c.g * k, c.b * k}
	case l < darkest:
		k := (darkest - l) / (1 - l)
		return rgb{c.r + (1-c.r)*k, c.g + (1-c.g)*k, c.b + (1-c.b)*k}
	}
	return c
}

func (c rgb) bytes() (r, g, b int) {
	convert := func(v float64) int {
		if v <= 0.0031308 {
			v *= 12.92
		} else {
			v = 1.055*math.Pow(v, 1/2.4) - 0.055
		}
		return int(math.Round(v * 255))
	}
	return convert(c.r), convert(c.g), convert(c.b)
}

// nearest returns the number of the most similar readable colour of 256.
func (c rgb) nearest() int {
	levels := [6]int{0, 95, 135, 175, 215, 255}
	r, g, b := c.bytes()
	best, least := 0, math.MaxInt
	for i := range 216 {
		x, y, z := levels[i/36], levels[i/6%6], levels[i%6]
		distance := 3*(x-r)*(x-r) + 4*(y-g)*(y-g) + 2*(z-b)*(z-b)
		if distance >= least {
			continue
		}
		if l := (rgb{light(uint64(x)), light(uint64(y)), light(uint64(z))}).luminance(); l >= darkest && l <= lightest {
			best, least = 16+i, distance
		}
	}
	return best
}
