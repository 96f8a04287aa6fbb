package evaluator_test

import (
	"context"
	"encoding/json"
	"os"
	"testing"

	"github.com/tljh-policy/tljh-policy/evaluator"
)

// document is a hub right after the installer.
func document(tb testing.TB) map[string]any {
	tb.Helper()
	text, err := os.ReadFile("testdata/fresh.json")
	if err != nil {
		tb.Fatal(err)
	}
	var d map[string]any
	if err := json.Unmarshal(text, &d); err != nil {
		tb.Fatal(err)
	}
	return d
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		if _, err := evaluator.New(context.Background(), evaluator.Options{Builtin: true}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkEvaluate(b *testing.B) {
	e, err := evaluator.New(context.Background(), evaluator.Options{Builtin: true})
	if err != nil {
		b.Fatal(err)
	}
	d := document(b)
	b.Run("1", func(b *testing.B) {
		for b.Loop() {
			evaluate(b, e, d)
		}
	})
	b.Run("100", func(b *testing.B) {
		for b.Loop() {
			done := make(chan bool)
			for range 4 {
				go func() {
					for range 25 {
						evaluate(b, e, d)
					}
					done <- true
				}()
			}
			for range 4 {
				<-done
			}
		}
	})
}

func evaluate(tb testing.TB, e *evaluator.Evaluator, d any) []evaluator.Result {
	tb.Helper()
	results, err := e.Evaluate(context.Background(), d)
	if err != nil {
		tb.Error(err)
	}
	return results
}
