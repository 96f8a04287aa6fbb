// Package parallel does the same for many things side by side, as far as the machine has processors. Results are the
// caller's to keep by index, so that nothing depends on which is done first.
package parallel

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// Each calls do for 0 to n-1 and returns when all are done. A panic in one of them is the caller's, as if it had called do itself.
func Each(n int, do func(i int)) {
	workers := min(runtime.GOMAXPROCS(0), n)
	if workers < 2 {
		for i := range n {
			do(i)
		}
		return
	}
	var (
		next  atomic.Int64
		once  sync.Once
		fault any
		wait  sync.WaitGroup
	)
	for range workers {
		wait.Go(func() {
			defer func() {
				if r := recover(); r != nil {
					once.Do(func() { fault = r })
					next.Store(int64(n)) // the others need not begin anything new
				}
			}()
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				do(i)
			}
		})
	}
	wait.Wait()
	if fault != nil {
		panic(fault)
	}
}
