package settle

import "strings"

// yaml writes the facts, with the values that of chooses.
func (s *Step) yaml(of func(fact) string) string {
	var b strings.Builder
	example := of(fact{word: "", example: "x"}) != ""
	value := func(word, example1 string) string {
		if example {
			return example1
		}
		return word
	}
	if !s.attested {
		b.WriteString("attested_by: " + value("<your name>", "Example Person") + "\n")
		b.WriteString("valid_until: " + value("<year-month-day>  # look again by then", "2099-12-31") + "\n")
	}
	for _, top := range tops {
		s.top(&b, top, of, example)
	}
	return b.String()
}

var tops = []string{"expected_users", "https", "instances", "volumes", "backups", "dns", "images", "alerts_sinks"}

// top writes one key of the file.
func (s *Step) top(b *strings.Builder, key string, of func(fact) string, example bool) {
	var own []fact
	for _, f := range facts {
		if s.facts[f.key] && strings.HasPrefix(plain(f.key), key+".") {
			if f.key == "backups[].covers" {
				f.word = flow(s.covers)
				f.example = f.word
			}
			if f.key == s.list+"[].id" {
				f.word, f.example = quote(s.entry), quote(s.entry)
			}
			own = append(own, f)
		}
	}
	if len(own) == 0 && !(key == "instances" && s.facts[key]) {
		return
	}
	if key != "instances" {
		indent, text := "", key+": "+group(key, own, of)
		if strings.HasSuffix(strings.SplitN(own[0].key, ".", 2)[0], "[]") {
			indent, text = "  - ", group(key, own, of)
			b.WriteString(key + ":\n")
		}
		b.WriteString(indent + text + remark(key, own, example) + "\n")
		return
	}
	id := quote(s.machine)
	if len(s.choice) > 0 {
		id = "<one of " + strings.Join(s.choice, " ") + ">"
		if example {
			id = quote(s.choice[0])
		}
		id += "\n    is_hub: true"
	}
	b.WriteString("instances:\n  - id: " + id + "\n")
	for len(own) > 0 {
		part := strings.Split(plain(own[0].key), ".")[1]
		n := 0
		for n < len(own) && strings.Split(plain(own[n].key), ".")[1] == part {
			n++
		}
		text := group("instances."+part, own[:n], of)
		if strings.Contains(own[0].key, "[]") {
			text = "[" + text + "]"
		}
		b.WriteString("    " + part + ": " + text + remark("instances."+part, own[:n], example) + "\n")
		own = own[n:]
	}
}

// group is one mapping in flow style, or a single value.
func group(at string, own []fact, of func(fact) string) string {
	if plain(own[0].key) == at {
		return of(own[0])
	}
	parts := make([]string, len(own))
	for i, f := range own {
		parts[i] = plain(f.key)[len(at)+1:] + ": " + of(f)
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// remark says what may be written, or gives an example.
func remark(at string, own []fact, example bool) string {
	if example {
		return ""
	}
	if h := hints[at]; h != "" {
		return "  # " + h
	}
	if at == "backups" || len(own) > 3 {
		return ""
	}
	for _, f := range own {
		if f.word == yesNo {
			return ""
		}
	}
	return "  # such as " + group(at, own, func(f fact) string { return f.example })
}

func flow(ids []string) string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = quote(id)
	}
	return "[" + strings.Join(out, ", ") + "]"
}
