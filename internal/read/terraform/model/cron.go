package model

import (
	"strconv"
	"strings"
)

// EveryHours is the longest time in hours between two runs of a schedule: "rate(12 hours)", "cron(0 3 * * ? *)" as AWS
// writes it, or a crontab's five fields. False: it cannot be read.
func EveryHours(schedule string) (float64, bool) {
	s := strings.TrimSpace(schedule)
	if inner, ok := strings.CutPrefix(s, "rate("); ok {
		f := strings.Fields(strings.TrimSuffix(inner, ")"))
		if len(f) != 2 {
			return 0, false
		}
		n, err := strconv.ParseFloat(f[0], 64)
		per := map[string]float64{"minute": 1. / 60, "hour": 1, "day": 24}[strings.TrimSuffix(f[1], "s")]
		return n * per, err == nil && per > 0 && n > 0 && n < 1e6
	}
	aws := false
	if inner, ok := strings.CutPrefix(s, "cron("); ok {
		s, aws = strings.TrimSuffix(inner, ")"), true
	}
	f := strings.Fields(s)
	if len(f) == 6 {
		aws = true
	}
	if len(f) != 5 && len(f) != 6 {
		return 0, false
	}
	hours, ok1 := field(f[1], 0, 23, nil)
	days, ok2 := field(f[2], 1, 31, nil)
	months, ok3 := field(f[3], 1, 12, []string{"", "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"})
	names := []string{"SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"}
	low, high := 0, 7
	if aws {
		names, low = append([]string{""}, names...), 1
	}
	week, ok4 := field(f[4], low, high, names)
	if !ok1 || !ok2 || !ok3 || !ok4 {
		return 0, false
	}
	eitherDay := !aws && f[2] != "*" && f[4] != "*" // a crontab runs on either
	last, gap := -1, 0
	lengths := []int{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}
	hour, weekday := 0, 0
	for m, n := range append(lengths, lengths...) { // two years, so that the turn of the year counts once
		for d := 1; d <= n; d, weekday = d+1, (weekday+1)%7 {
			w := week[weekday+low] || low == 0 && weekday == 0 && week[7]
			on := months[m%12+1] && (days[d] && w || eitherDay && (days[d] || w))
			for h := 0; h < 24; h, hour = h+1, hour+1 {
				if !on || !hours[h] {
					continue
				}
				if last >= 0 {
					gap = max(gap, hour-last)
				}
				last = hour
			}
		}
	}
	return float64(gap), gap > 0
}

// field is the values of one cron field.
func field(s string, low, high int, names []string) (map[int]bool, bool) {
	out := map[int]bool{}
	number := func(s string) (int, bool) {
		for i, n := range names {
			if n != "" && strings.EqualFold(n, s) {
				return i, true
			}
		}
		n, err := strconv.Atoi(s)
		return n, err == nil && n >= low && n <= high
	}
	for _, part := range strings.Split(s, ",") {
		part, stepText, stepped := strings.Cut(part, "/")
		step := 1
		if stepped {
			n, err := strconv.Atoi(stepText)
			if err != nil || n < 1 || n > 1000 {
				return nil, false
			}
			step = n
		}
		a, b := low, high
		if part != "*" && part != "?" {
			x, y, ranged := strings.Cut(part, "-")
			var ok, ok2 bool
			if a, ok = number(x); !ok {
				return nil, false
			}
			b = a
			if ranged {
				if b, ok2 = number(y); !ok2 {
					return nil, false
				}
			} else if stepped {
				b = high
			}
		}
		for v := a; v <= b; v += step {
			out[v] = true
		}
	}
	return out, len(out) > 0
}
