// Package secrets holds only tests: everything in the module that holds a token,
// key or client secret is printed in every way Go has, and must not show it.
package secrets
