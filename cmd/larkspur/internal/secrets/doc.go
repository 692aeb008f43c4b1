// Package secrets holds only tests. They print every value that holds a token, key or
// client secret in every way that Go has, and check that the secret is not shown.
package secrets
