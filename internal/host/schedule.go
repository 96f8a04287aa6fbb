package host

import (
	"strconv"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
)

var periodHours = map[string]float64{"hourly": 1, "daily": 24, "weekly": 168, "monthly": 730}

// schedule reads a line of a crontab: hours between two runs, 0 when it is none.
func schedule(line string, user bool) (hours float64, cmd string) {
	f := strings.Fields(line)
	if len(f) == 0 {
		return 0, ""
	}
	n := 5
	if strings.HasPrefix(f[0], "@") {
		hours, n = map[string]float64{"@hourly": 1, "@daily": 24, "@midnight": 24, "@weekly": 168, "@monthly": 730, "@yearly": 8760, "@annually": 8760}[f[0]], 1
	} else if len(f) > 5 {
		hours = CronHours(f[:5])
	}
	if user {
		n++
	}
	if hours == 0 || len(f) <= n || strings.HasPrefix(f[n], "-") { // an option where the command should stand: the user is missing
		return 0, ""
	}
	return hours, strings.Join(f[n:], " ")
}

// CronHours is the mean time between two runs of five cron fields.
func CronHours(f []string) float64 {
	counts := [5]float64{}
	for k, limits := range [5]float64{60, 24, 31, 12, 7} {
		counts[k] = 0
		for _, part := range strings.Split(f[k], ",") {
			set, by, stepped := strings.Cut(part, "/")
			width := 1.0
			if set == "*" {
				width = limits
			} else if lo, hi, ok := strings.Cut(set, "-"); ok {
				a, err1 := strconv.Atoi(lo)
				b, err2 := strconv.Atoi(hi)
				if err1 == nil && err2 == nil && b >= a {
					width = float64(b - a + 1)
				}
			} else if stepped {
				width = limits
			}
			if b, err := strconv.ParseFloat(by, 64); stepped && err == nil && b >= 1 {
				width = max(1, width/b)
			}
			counts[k] += width
		}
		counts[k] = min(counts[k], limits)
	}
	days := counts[2] / 31 * counts[3] / 12 * counts[4] / 7
	perYear := counts[0] * counts[1] * 365 * days
	if perYear <= 0 {
		return 0
	}
	return float64(int(365*24/perYear*100+0.5)) / 100
}

var span1 = lazyregexp.New(`(\d+)\s*(h|hour|d|day|min|m|w|week)`)

func timerHours(unit string) float64 {
	for _, line := range strings.Split(unit, "\n") {
		line = strings.TrimSpace(line)
		if v, ok := strings.CutPrefix(line, "OnCalendar="); ok {
			if h := periodHours[v]; h > 0 {
				return h
			}
			day, clock, both := strings.Cut(v, " ")
			if !both {
				clock, day = day, "*-*-*"
			}
			switch {
			case day != "*-*-*" && !strings.HasPrefix(day, "Mon..") && !strings.Contains(day, "*-*-*"):
				return 168
			case strings.HasPrefix(clock, "*:"):
				return 1
			}
			if h, _, _ := strings.Cut(clock, ":"); strings.Contains(h, ",") {
				return 24 / float64(strings.Count(h, ",")+1)
			}
			return 24
		}
		if v, ok := strings.CutPrefix(line, "OnUnitActiveSec="); ok {
			if m := span1.FindStringSubmatch(v); m != nil {
				n, _ := strconv.ParseFloat(m[1], 64)
				return n * map[byte]float64{'h': 1, 'd': 24, 'm': 1.0 / 60, 'w': 168}[m[2][0]]
			}
		}
	}
	return 0
}
