package irc

import "strings"

// cleanLogin returns a login in the form in which channels are kept: lower case,
// without "#".
func cleanLogin(login string) (string, bool) {
	login = strings.ToLower(strings.TrimPrefix(strings.TrimSpace(login), "#"))
	if login == "" || len(login) > 50 {
		return "", false
	}
	for i := range len(login) {
		if c := login[i]; c != '_' && !isDigit(c) && (c < 'a' || c > 'z') {
			return "", false
		}
	}
	return login, true
}
