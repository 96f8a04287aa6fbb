package linediff

// maxEdits bounds the search: texts that differ in more lines count as rewritten between their common ends.
// It bounds memory, which grows with the square.
const maxEdits = 2000

// changed says for each line of either text whether the shortest edit script touches it.
func changed(a, b []string) (gone, come []bool) {
	gone, come = make([]bool, len(a)), make([]bool, len(b))
	low := 0
	for low < len(a) && low < len(b) && a[low] == b[low] {
		low++
	}
	highA, highB := len(a), len(b)
	for highA > low && highB > low && a[highA-1] == b[highB-1] {
		highA--
		highB--
	}
	for i := low; i < highA; i++ {
		gone[i] = true
	}
	for j := low; j < highB; j++ {
		come[j] = true
	}
	for _, pair := range common(a[low:highA], b[low:highB]) {
		gone[low+pair[0]], come[low+pair[1]] = false, false
	}
	return gone, come
}

// common returns the pairs of equal lines that the shortest edit script keeps (Myers, "An O(ND) Difference Algorithm
// and Its Variations", 1986, the greedy form); none when the script is longer than maxEdits.
func common(a, b []string) [][2]int {
	limit := min(len(a)+len(b), maxEdits)
	furthest := make([]int32, 2*limit+3)
	at := func(k int) *int32 { return &furthest[k+limit+1] }
	var trace [][]int32 // before each round: the furthest x on the diagonals -round-1 … round+1
	for round := 0; round <= limit; round++ {
		trace = append(trace, append([]int32(nil), furthest[limit-round:limit+round+3]...))
		for k := -round; k <= round; k += 2 {
			x := *at(k - 1) + 1
			if k == -round || (k != round && *at(k - 1) < *at(k + 1)) {
				x = *at(k + 1)
			}
			y := x - int32(k)
			for int(x) < len(a) && int(y) < len(b) && a[x] == b[y] {
				x++
				y++
			}
			*at(k) = x
			if int(x) >= len(a) && int(y) >= len(b) {
				return walkBack(trace, len(a), len(b))
			}
		}
	}
	return nil
}

func walkBack(trace [][]int32, x, y int) (pairs [][2]int) {
	for round := len(trace) - 1; round >= 0; round-- {
		at := func(k int) int { return int(trace[round][k+round+1]) }
		k := x - y
		previous := k - 1
		if k == -round || (k != round && at(k-1) < at(k+1)) {
			previous = k + 1
		}
		fromX := at(previous)
		fromY := fromX - previous
		if round == 0 {
			fromX, fromY = 0, 0
		}
		for x > fromX && y > fromY {
			x--
			y--
			pairs = append(pairs, [2]int{x, y})
		}
		x, y = fromX, fromY
	}
	return pairs
}
