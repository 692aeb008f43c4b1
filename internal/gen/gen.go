// Package gen writes the generated half of the packages helix, eventsub and
// oauth: every endpoint, event type and scope in the files of spec/. The emulator gets
// the schemas of the events.
//
//	files, err := gen.Generate("spec") // "helix/chat_gen.go": its content
//
// The data flow: [Spec] and [Overlay] hold the input, the model (model.go) holds the
// code to write, and templates/ format it. Facts about Twitch come from spec/*.json;
// decisions of this library, mostly names, come from spec/overlay.yaml, each with its
// reason. A decision that matches nothing is an error, so that a refreshed spec cannot
// silently lose a name.
//
// The output depends only on its input: the same spec gives the same bytes.
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
	for _, write := range []func(*Spec, *Overlay) (map[string][]byte, error){writeHelix, writeEventSub, writeSchemas, writeScopes} {
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
