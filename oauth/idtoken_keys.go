package oauth

import (
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"net/http"
)

// maxIDToken is longer than any honest ID token.
const maxIDToken = 16 << 10

// Keys shorter than this can be broken, longer ones only cost time.
const (
	minKeyBits = 2048
	maxKeyBits = 8192
)

// keySet holds the keys that Twitch signs ID tokens with, by their ID.
type keySet map[string]*rsa.PublicKey

var errNoKeys = errors.New("the answer holds no RSA key")

// keys fetches the keys that Twitch signs with at present.
func (c *Client) keys(ctx context.Context) (keySet, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.baseURL()+"/keys", http.NoBody)
	if err != nil {
		return nil, fmt.Errorf("oauth: %s: %w", opKeys, err)
	}
	body, err := c.do(req, opKeys, nil)
	if err != nil {
		return nil, err
	}
	keys, err := parseKeys(body)
	if err != nil {
		return nil, fmt.Errorf("oauth: %s: %w", opKeys, err)
	}
	return keys, nil
}

// parseKeys reads a JSON Web Key Set and leaves out what cannot verify ID tokens.
func parseKeys(body []byte) (keySet, error) {
	var set struct {
		Keys []struct {
			Type     string `json:"kty"`
			Use      string `json:"use"`
			Alg      string `json:"alg"`
			ID       string `json:"kid"`
			Modulus  string `json:"n"`
			Exponent string `json:"e"`
		} `json:"keys"`
	}
	if err := json.Unmarshal(body, &set); err != nil {
		return nil, jsonError(err)
	}
	keys := keySet{}
	for _, k := range set.Keys {
		if k.Type != "RSA" || k.Use != "" && k.Use != "sig" || k.Alg != "" && k.Alg != "RS256" {
			continue
		}
		n, nErr := base64.RawURLEncoding.DecodeString(k.Modulus)
		e, eErr := base64.RawURLEncoding.DecodeString(k.Exponent)
		if nErr != nil || eErr != nil || len(e) > 4 || len(n) > maxKeyBits/8 {
			continue
		}
		modulus, exponent := new(big.Int).SetBytes(n), new(big.Int).SetBytes(e).Int64()
		if modulus.BitLen() < minKeyBits || exponent < 3 || exponent > 1<<31-1 || exponent%2 == 0 {
			continue
		}
		keys[k.ID] = &rsa.PublicKey{N: modulus, E: int(exponent)}
	}
	if len(keys) == 0 {
		return nil, errNoKeys
	}
	return keys, nil
}

// verify checks the signature of a JWT and returns its payload. Only RS256 is accepted: an
// attacker could otherwise choose the algorithm in the token ("none", or HS256 with the
// public key as secret).
func (keys keySet) verify(token string) (IDToken, error) {
	header, payload, signature, err := split(token)
	if err != nil {
		return IDToken{}, err
	}
	var head struct {
		Alg      string   `json:"alg"`
		KeyID    string   `json:"kid"`
		Critical []string `json:"crit"`
	}
	data, err := base64.RawURLEncoding.DecodeString(header)
	if err != nil || json.Unmarshal(data, &head) != nil || len(head.Critical) > 0 {
		return IDToken{}, errIDToken
	}
	if head.Alg != "RS256" {
		return IDToken{}, errIDTokenAlg
	}
	key, known := keys[head.KeyID]
	if !known {
		return IDToken{}, errIDTokenKey
	}
	sign, err := base64.RawURLEncoding.DecodeString(signature)
	if err != nil {
		return IDToken{}, errIDToken
	}
	digest := sha256.Sum256([]byte(header + "." + payload))
	if rsa.VerifyPKCS1v15(key, crypto.SHA256, digest[:], sign) != nil {
		return IDToken{}, errIDTokenSign
	}
	claims, err := base64.RawURLEncoding.DecodeString(payload)
	if err != nil {
		return IDToken{}, errIDToken
	}
	return parseClaims(claims)
}
