package push

import (
	"hash/fnv"
	"maps"
	"slices"
)

// mix turns a number into one that looks random: the generator splitmix64.
func mix(n uint64) uint64 {
	n += 0x9e3779b97f4a7c15
	n = (n ^ n>>30) * 0xbf58476d1ce4e5b9
	n = (n ^ n>>27) * 0x94d049bb133111eb
	return n ^ n>>31
}

// keyOf returns a number for texts, the same in each run of a program.
func keyOf(texts ...string) uint64 {
	h := fnv.New64a()
	for _, text := range texts {
		_, _ = h.Write([]byte(text))
		_, _ = h.Write([]byte{0})
	}
	return h.Sum64()
}

// keyOfSubscription is keyOf for what a subscription is about.
func keyOfSubscription(r Request) uint64 {
	texts := []string{r.Type, r.Version, r.Transport.Method}
	for _, name := range slices.Sorted(maps.Keys(r.Condition)) {
		texts = append(texts, name, r.Condition[name])
	}
	return keyOf(texts...)
}
