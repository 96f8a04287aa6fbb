package model

import "testing"

func TestEveryHours(t *testing.T) {
	for schedule, want := range map[string]float64{
		"rate(12 hours)": 12, "rate(1 day)": 24, "cron(0 3 * * ? *)": 24, "cron(0 */6 * * ? *)": 6, "0 3 * * *": 24, "0 3 * * 1": 168,
		"cron(0 3 ? * MON-FRI *)": 72, "0 0 1 * *": 744, "30 2,14 * * *": 12, "": 0, "hourly": 0, "0 99 * * *": 0, "rate(x hours)": 0,
	} {
		if got, ok := EveryHours(schedule); got != want || ok != (want > 0) {
			t.Errorf("%q: every %v hours (%v), want %v", schedule, got, ok, want)
		}
	}
}

func TestScope(t *testing.T) {
	for source, want := range map[string]string{
		"0.0.0.0/0": "world", "::/0": "world", "*": "world", "Internet": "world", "0.0.0.0/1": "broad", "10.0.0.0/8": "internal",
		"198.51.100.7/32": "restricted", "2001:db8::/32": "restricted", "VirtualNetwork": "internal", "pl-123": "broad", "198.51.100.7": "restricted",
	} {
		if got := Scope(source); got != want {
			t.Errorf("%s is %s, want %s", source, got, want)
		}
	}
}
