package githubtest

import "slices"

func without[T comparable](list []T, unwanted T) []T {
	return slices.DeleteFunc(slices.Clone(list), func(element T) bool { return element == unwanted })
}

func sortByID(comments []*comment) {
	slices.SortFunc(comments, func(a, b *comment) int { return int(a.id - b.id) })
}
