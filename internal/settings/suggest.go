package settings

import (
	"strings"

	"github.com/agext/levenshtein"
)

// Suggest is the candidate most like word, "" when none is near enough to be what was meant. Ties go to the first.
func Suggest(word string, candidates []string) string {
	if len(word) > 100 {
		return ""
	}
	word = strings.ToLower(word)
	best, bestScore := "", 1.0
	for _, c := range candidates {
		d := levenshtein.Distance(word, strings.ToLower(c), nil)
		if len(word) > 2 && strings.HasPrefix(strings.ToLower(c), word) {
			d = min(d, 1) // only the end is missing
		}
		// A third of the letters may be wrong, and one more.
		if score := float64(d) / float64(max(len(word), len(c))/3+2); score < bestScore {
			best, bestScore = c, score
		}
	}
	return best
}

// DidYouMean is Suggest as the end of a message: `; did you mean "https"?`, or what there is to choose from.
func DidYouMean(word string, candidates []string) string {
	if s := Suggest(word, candidates); s != "" {
		return `; did you mean "` + s + `"?`
	}
	if len(candidates) > 0 && len(candidates) <= 12 {
		return "; known: " + strings.Join(candidates, ", ")
	}
	return ""
}
