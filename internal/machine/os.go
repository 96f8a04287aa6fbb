package machine

import (
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/tljh-policy/tljh-policy/policies/data"
)

// System is an operating system as an image's name tells it.
type System struct {
	Family  string // "ubuntu", "debian" or "other"
	Version string // "24.04", "12"; "" for other
	Pinned  bool   // the name stands for exactly one image (a date, an id, a version that is not "latest")
	Pro     bool   // Ubuntu Pro: extended support is paid for
	From    string // "filter", "family", "slug", "sku": what kind of name it was
}

// Lifetime is how long a release gets security updates. A day is the last one on which it does, at 00:00 UTC.
type Lifetime struct {
	StandardEnd, ExtendedEnd time.Time // ExtendedEnd is zero where there is none
	Extended                 string    // "ESM", "LTS": the name of the extended support
	Interim                  bool      // an Ubuntu release that is not LTS
	TLJH                     bool      // TLJH's installer accepts it
}

type osData struct {
	Releases []struct {
		Family, Version, Codename, Extended string
		StandardEnd                         string `json:"standard_end"`
		ExtendedEnd                         string `json:"extended_end"`
		TLJH                                bool   `json:"tljh"`
	}
	Minimum map[string]string `json:"tljh_minimum"`
	Interim struct {
		Family string
		Months int
	}
	Images struct {
		Patterns []struct {
			Family, Match, Minor, Version string // Version: of a name that is only a number
			Providers                     []string
		}
		CodenameAlone string `json:"codename_alone"`
		Pro           string
		Other         struct{ Match string }
		Dated         string
		ExactID       string `json:"exact_id"`
	}
}

var osFile = sync.OnceValue(func() *osData {
	var file struct {
		OS osData `json:"os"`
	}
	if err := json.Unmarshal(data.OS, &file); err != nil {
		panic("policies/data/os.json: " + err.Error())
	}
	return &file.OS
})

// OS reads an image name, AMI name filter, SSM parameter path, image family, slug or Azure URN
// ("publisher:offer:sku:version"). False: the name does not tell the system (Pinned is still meant then), or it
// contradicts itself.
func OS(provider, image string) (System, bool) {
	d := osFile()
	low := strings.ToLower(strings.TrimSpace(image))
	out := System{From: origin(provider, low)}
	if low == "" || len(low) > 1000 {
		return out, false
	}
	out.Pinned = d.pinned(provider, low)
	families := map[string]bool{}
	versions := map[string]bool{}
	see := func(family, version string) { families[family], versions[version] = true, true }
	for _, r := range d.Releases {
		// Codenames are English words too: alone they count only where the family is named, or as an official image's file name.
		if hasWord(low, r.Codename) && (strings.Contains(low, r.Family) || compile(d.Images.CodenameAlone).MatchString(low)) {
			see(r.Family, r.Version)
		}
	}
	for _, p := range d.Images.Patterns {
		if len(p.Providers) > 0 && (len(versions) > 0 || !slices.Contains(p.Providers, provider)) {
			continue
		}
		if m := compile(p.Match).FindStringSubmatch(low); m != nil {
			v := m[1]
			if len(m) > 2 {
				v += "." + m[2]
			} else if p.Minor != "" {
				v += "." + p.Minor
			}
			if p.Version != "" {
				v, out.Pinned = p.Version, false // the number of a system, of which there are newer images
			}
			see(p.Family, v)
		}
	}
	switch {
	case len(versions) > 1 || len(families) > 1:
		return out, false
	case len(versions) == 1:
		for f := range families {
			out.Family = f
		}
		for v := range versions {
			out.Version = v
		}
		out.Pro = out.Family == "ubuntu" && compile(d.Images.Pro).MatchString(low)
		return out, true
	case compile(d.Images.Other.Match).MatchString(low) && !strings.Contains(low, "ubuntu") && !strings.Contains(low, "debian"):
		out.Family = "other"
		return out, true
	}
	return out, false
}

// Support is the lifetime of a release. False: the release is not in the data.
func Support(o System) (Lifetime, bool) {
	d := osFile()
	for _, r := range d.Releases {
		if r.Family == o.Family && r.Version == o.Version {
			return Lifetime{StandardEnd: day(r.StandardEnd), ExtendedEnd: day(r.ExtendedEnd), Extended: r.Extended, TLJH: r.TLJH}, true
		}
	}
	if o.Family != d.Interim.Family {
		return Lifetime{}, o.Family == "other"
	}
	yy, mm, ok := strings.Cut(o.Version, ".")
	year, err1 := strconv.Atoi(yy)
	month, err2 := strconv.Atoi(mm)
	if !ok || err1 != nil || err2 != nil || len(yy) != 2 || (month != 4 && month != 10) || (month == 4 && year%2 == 0) {
		return Lifetime{}, false // an LTS that the data does not know yet
	}
	end := time.Date(2000+year, time.Month(month+d.Interim.Months)+1, 0, 0, 0, 0, 0, time.UTC)
	return Lifetime{StandardEnd: end, Interim: true, TLJH: o.Version >= d.Minimum[o.Family]}, true
}

func day(s string) time.Time {
	t, _ := time.Parse(time.DateOnly, s)
	return t
}

func origin(provider, low string) string {
	switch {
	case provider == "azure":
		return "sku"
	case provider == "gcp" && !strings.Contains(low, "-v20"):
		return "family"
	case provider == "aws" && strings.HasPrefix(low, "/aws/service/"):
		return "family"
	case provider == "aws":
		return "filter"
	}
	return "slug"
}

func (d *osData) pinned(provider, low string) bool {
	switch {
	case strings.ContainsAny(low, "*?"):
		return false
	case provider == "azure":
		parts := strings.Split(low, ":")
		return len(parts) == 4 && parts[3] != "" && parts[3] != "latest"
	}
	last := low[strings.LastIndexByte(low, '/')+1:]
	return compile(d.Images.Dated).MatchString(last) || compile(d.Images.ExactID).MatchString(last)
}

func hasWord(s, word string) bool {
	for from := 0; ; {
		i := strings.Index(s[from:], word)
		if i < 0 {
			return false
		}
		i += from
		j := i + len(word)
		if (i == 0 || !letter(s[i-1])) && (j == len(s) || !letter(s[j])) {
			return true
		}
		from = i + 1
	}
}

func letter(c byte) bool { return c >= 'a' && c <= 'z' }

var compiled sync.Map // pattern → *regexp.Regexp

func compile(pattern string) *regexp.Regexp {
	if re, ok := compiled.Load(pattern); ok {
		return re.(*regexp.Regexp)
	}
	re := regexp.MustCompile(pattern)
	compiled.Store(pattern, re)
	return re
}
