package yaml12

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// resolveDate is a date, or a point in time as Python's isoformat shows it: in UTC where a zone is given, to the microsecond
// (ruamel.yaml: constructor.py construct_yaml_timestamp).
func resolveDate(s string) (any, string) {
	bad := "TLJH takes " + strconv.Quote(s) + " for a date, and there is no such day or time"
	if date.MatchString(s) {
		if _, err := time.Parse("2006-01-02", s); err != nil {
			return nil, bad
		}
		return dateValue(s), ""
	}
	m := instantParts.FindStringSubmatch(s)
	if m == nil {
		return nil, bad
	}
	var n [6]int
	for i := range n {
		n[i], _ = strconv.Atoi(m[i+1])
	}
	t := time.Date(n[0], time.Month(n[1]), n[2], n[3], n[4], n[5], 0, time.UTC)
	if t.Year() != n[0] || int(t.Month()) != n[1] || t.Day() != n[2] || n[3] > 23 || n[4] > 59 || n[5] > 59 || n[0] < 1 {
		return nil, bad
	}
	if f, err := strconv.ParseFloat("0."+m[7]+"0", 64); err == nil {
		t = t.Add(time.Duration(math.Round(f*1e6)) * time.Microsecond)
	}
	if m[8] != "" {
		h, _ := strconv.Atoi(m[9])
		min, _ := strconv.Atoi(m[10])
		d := time.Duration(h)*time.Hour + time.Duration(min)*time.Minute
		if m[8] == "+" {
			d = -d
		}
		t = t.Add(d)
	}
	return dateValue(strings.TrimSuffix(t.Format("2006-01-02T15:04:05.000000"), ".000000")), ""
}
