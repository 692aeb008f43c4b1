package world

import "slices"

// Order sorts all by compare and keeps the order of equal elements. So does
// slices.SortStableFunc, but the compiler writes that out for every type, in 20 kB
// for one as big as ours are. Sorting their numbers first is the same code for all,
// and faster, as each is moved but once.
func Order[T any](all []T, compare func(a, b *T) int) {
	numbers := make([]int, len(all))
	for i := range numbers {
		numbers[i] = i
	}
	slices.SortFunc(numbers, func(i, j int) int {
		if order := compare(&all[i], &all[j]); order != 0 {
			return order
		}
		return i - j
	})
	before := slices.Clone(all)
	for to, from := range numbers {
		all[to] = before[from]
	}
}
