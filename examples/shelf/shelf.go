// Package shelf holds skills to take: what people use their hosted bot for, each in at most
// ten lines of YAML. Its test plays them.
package shelf

import "embed"

// Files are the skills.
//
//go:embed *.yaml
var Files embed.FS
