package bot

import (
	"context"
	"encoding"
	"errors"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// An Argument is a type of your own that can be an argument of a command. A pointer to it
// has the method. The error of ParseArg is told to the chatter behind the name of the
// argument: return errors.New("must be a card, such as D7"), or an error made by [Sorry]
// for a sentence of its own. ParseArg is called once for each word and may call Twitch.
//
// Types that implement [encoding.TextUnmarshaler] can be arguments, too; their error is
// not told.
type Argument interface {
	ParseArg(ctx context.Context, c *Call, word string) error
}

// parserOf returns nil for a type that cannot be an argument.
func parserOf(t reflect.Type) parser {
	if t == reflect.TypeFor[User]() {
		return parseUser
	}
	if reflect.PointerTo(t).Implements(reflect.TypeFor[Argument]()) {
		return func(ctx context.Context, c *Call, word string, v reflect.Value) error {
			return v.Addr().Interface().(Argument).ParseArg(ctx, c, word) //nolint:forcetypeassert // checked above
		}
	}
	if simple := simpleParserOf(t); simple != nil {
		return func(_ context.Context, _ *Call, word string, v reflect.Value) error { return simple(word, v) }
	}
	return nil
}

// A simpleParser needs no call.
type simpleParser func(word string, v reflect.Value) error

func simpleParserOf(t reflect.Type) simpleParser {
	switch {
	case t == reflect.TypeFor[time.Duration]():
		return parseDuration
	case t == reflect.TypeFor[Color]():
		return parseColor
	case reflect.PointerTo(t).Implements(reflect.TypeFor[encoding.TextUnmarshaler]()):
		return func(word string, v reflect.Value) error {
			if v.Addr().Interface().(encoding.TextUnmarshaler).UnmarshalText([]byte(word)) != nil { //nolint:forcetypeassert // checked above
				return &textError{text: TextUnreadable}
			}
			return nil
		}
	}
	switch t.Kind() {
	case reflect.String:
		return func(word string, v reflect.Value) error {
			v.SetString(word)
			return nil
		}
	case reflect.Bool:
		return parseBool
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return func(word string, v reflect.Value) error {
			n, err := strconv.ParseInt(word, 10, v.Type().Bits())
			v.SetInt(n)
			return numberError(err, TextWhole)
		}
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return func(word string, v reflect.Value) error {
			n, err := strconv.ParseUint(word, 10, v.Type().Bits())
			v.SetUint(n)
			return numberError(err, TextPositive)
		}
	case reflect.Float32, reflect.Float64:
		return func(word string, v reflect.Value) error {
			n, err := strconv.ParseFloat(word, v.Type().Bits())
			if n != n || n-n != 0 { // "nan" and "inf" are floats for strconv
				err = strconv.ErrSyntax
			}
			v.SetFloat(n)
			return numberError(err, TextNumber)
		}
	default:
		return nil
	}
}

// numberError returns what to tell the chatter about an error of strconv.
func numberError(err error, want Text) error {
	switch {
	case errors.Is(err, strconv.ErrRange):
		return &textError{text: TextRange}
	case err != nil:
		return &textError{text: want}
	default:
		return nil
	}
}

func parseBool(word string, v reflect.Value) error {
	switch strings.ToLower(word) {
	case "on", "yes", "true", "y", "t", "1":
		v.SetBool(true)
	case "off", "no", "false", "n", "f", "0":
		v.SetBool(false)
	default:
		return &textError{text: TextBool}
	}
	return nil
}

// days are units of time that package time does not know.
var days = map[string]time.Duration{"d": 24 * time.Hour, "w": 7 * 24 * time.Hour}

// parseDuration parses "90s", "1h30m", "2d" and, as in Twitch's own commands, a bare
// number of seconds.
func parseDuration(word string, v reflect.Value) error {
	d, err := time.ParseDuration(word)
	if err != nil {
		if n, numErr := strconv.ParseInt(word, 10, 32); numErr == nil {
			d, err = time.Duration(n)*time.Second, nil
		}
	}
	if size := len(word) - 1; err != nil && size > 0 {
		if n, numErr := strconv.ParseUint(word[:size], 10, 8); numErr == nil && days[word[size:]] > 0 {
			d, err = time.Duration(n)*days[word[size:]], nil //nolint:gosec // below 256
		}
	}
	v.SetInt(int64(d))
	if err != nil {
		return &textError{text: TextDuration}
	}
	return nil
}

// A Color is a colour named in a command: "#1E90FF", "1E90FF" or "0x1E90FF". Its value has
// the form "#1E90FF", in upper case.
type Color string

func parseColor(word string, v reflect.Value) error {
	hex := strings.ToUpper(strings.TrimPrefix(strings.TrimPrefix(strings.TrimPrefix(word, "#"), "0x"), "0X"))
	if _, err := strconv.ParseUint(hex, 16, 32); err != nil || len(hex) != 6 {
		return &textError{text: TextColor}
	}
	v.SetString("#" + hex)
	return nil
}
