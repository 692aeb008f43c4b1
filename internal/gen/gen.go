// Package gen writes the generated half of the packages helix, eventsub and
// oauth: every endpoint, event type and scope that the files in spec/ know.
//
//	files, err := gen.Generate("spec") // "helix/chat_gen.go": its content
//
// The way through: [Spec] and [Overlay] are what was read, the model (model.go)
// is what is to be written, and templates/ say how it looks. Facts about Twitch
// come from spec/*.json; decisions of ours, above all names, come from
// spec/overlay.yaml, each with its reason. A decision that matches nothing is an
// error, so that a refreshed spec cannot silently lose a name.
//
// The output depends on nothing but its input: the same spec gives the same bytes.
package gen

import (
	"fmt"
	"maps"
)

//go:generate go run ./cmd -root ../..

// Generate returns the generated files by their path below the repository's root.
func Generate(specDir string) (map[string][]byte, error) {
	spec, err := readSpec(specDir)
	if err != nil {
		return nil, fmt.Errorf("gen: %w", err)
	}
	overlay, err := readOverlay(specDir)
	if err != nil {
		return nil, fmt.Errorf("gen: %w", err)
	}
	files := make(map[string][]byte)
	for _, write := range []func(*Spec, *Overlay) (map[string][]byte, error){writeHelix, writeEventSub, writeScopes} {
		written, err := write(spec, overlay)
		if err != nil {
			return nil, fmt.Errorf("gen: %w", err)
		}
		maps.Copy(files, written)
	}
	if err := overlay.unused(); err != nil {
		return nil, fmt.Errorf("gen: %w", err)
	}
	return files, nil
}
