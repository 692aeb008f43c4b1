package skill_test

import "testing"

// What a viewer writes stays a value of the address.
func TestAddressesAreEscaped(t *testing.T) {
	p := start(t, `
skills:
  a: {match: {command: '!a {x...}'}, config: {base: 'https://b.example/q'}, do: [http: 'https://a.example/w?city={x}&key=1', http: {url: '{config.base}?{x}'}]}
`)
	p.texts(t, "!a Bad Ems/../?&key=2#x")
	p.want(t, "http map[url:https://a.example/w?city=Bad%20Ems%2F..%2F%3F%26key%3D2%23x&key=1]",
		"http map[url:https://b.example/q?Bad%20Ems%2F..%2F%3F%26key%3D2%23x]")
}
