package machine

import (
	"encoding/json"
	"regexp"
	"slices"
	"sync"

	"github.com/tljh-policy/tljh-policy/policies/data"
)

// flags are what a group of types has in common.
type flags struct {
	Arch       string `json:"arch"`
	Burstable  bool   `json:"burstable"`
	Shared     bool   `json:"shared"`
	Confidence string `json:"confidence"` // "recalled", or "" for read in the source
}

// table lists types by name: vCPUs, GiB and, where known, disk in GB.
type table struct {
	flags
	Types map[string][]float64 `json:"types"`
}

// also lets one provider's names be those of another (OpenStack is run by many).
type also struct {
	Provider string   `json:"provider"`
	Except   []string `json:"except"`
}

func (a *also) excludes(name string) bool { return slices.Contains(a.Except, name) }

// sectionData is one provider's part of machines.json.
type sectionData struct {
	Source      string             `json:"source"`
	Confidence  string             `json:"confidence"`
	LastSegment bool               `json:"last_segment"`
	Tables      []table            `json:"tables"`
	Patterns    []pattern          `json:"patterns"`
	Also        []also             `json:"also"`
	Arm         string             `json:"arm"`
	Sizes       map[string]float64 `json:"sizes"`
	Families    []family           `json:"families"`
	Metal       map[string]float64 `json:"metal"`

	arm func() *regexp.Regexp
}

// raw splits machines.json by provider; a provider's part is decoded when somebody asks for it.
var raw = sync.OnceValue(func() map[string]json.RawMessage {
	var file struct {
		Machines map[string]json.RawMessage `json:"machines"`
	}
	if err := json.Unmarshal(data.Machines, &file); err != nil {
		panic("policies/data/machines.json: " + err.Error()) // embedded: a test decodes it all
	}
	return file.Machines
})

var (
	sectionsMu sync.Mutex
	sections   = map[string]*sectionData{}
)

func section(provider string) *sectionData {
	text, ok := raw()[provider]
	if !ok {
		return nil
	}
	sectionsMu.Lock()
	defer sectionsMu.Unlock()
	s, ok := sections[provider]
	if !ok {
		s = new(sectionData)
		if err := json.Unmarshal(text, s); err != nil {
			panic("policies/data/machines.json, " + provider + ": " + err.Error())
		}
		s.prepare()
		sections[provider] = s
	}
	return s
}

// prepare sets up what is compiled on first use.
func (s *sectionData) prepare() {
	s.arm = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(s.Arm) })
	for i := range s.Patterns {
		p := &s.Patterns[i]
		p.re = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(p.Match) })
	}
}
