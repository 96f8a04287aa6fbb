package parallel

import (
	"sync/atomic"
	"testing"
)

func TestEach(t *testing.T) {
	for _, n := range []int{0, 1, 2, 1000} {
		seen := make([]atomic.Int32, n)
		Each(n, func(i int) { seen[i].Add(1) })
		for i := range seen {
			if seen[i].Load() != 1 {
				t.Errorf("%d of %d was done %d times", i, n, seen[i].Load())
			}
		}
	}
}

func TestPanicIsTheCallers(t *testing.T) {
	defer func() {
		if r := recover(); r != "x" {
			t.Errorf("recovered %v", r)
		}
	}()
	Each(100, func(i int) {
		if i == 50 {
			panic("x")
		}
	})
	t.Error("no panic")
}
