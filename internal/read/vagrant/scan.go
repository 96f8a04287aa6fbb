package vagrant

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
	"github.com/tljh-policy/tljh-policy/internal/read/shell"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// reader goes through the lines of a Vagrantfile.
type reader struct {
	files      step.Files
	dir        string
	f          File
	vars       map[string]value
	shared     *machine
	defined    []*machine
	configures bool
	blocks     []block
}

// machine is a machine while it is read.
type machine struct {
	Machine
	provisions []provision
	shares     []shell.Share
}

// provision is one provisioner with its options.
type provision struct {
	kind string
	opts map[string]value
	cond *step.Cond
	at   span.Text
}

// block is what "do" or a keyword opened.
type block struct {
	name    string   // the variable of a block
	kind    string   // "config", "provider", "provision", "" for others
	machine *machine // of config
	cond    *step.Cond
}

var (
	opens    = lazyregexp.New(`\bdo\b\s*(?:\|\s*(\w+)[^|]*\|)?\s*$`)
	keyword  = lazyregexp.New(`^(if|unless|case|while|until|begin|def|class|module|for)\b`)
	assigns  = lazyregexp.New(`^(\$?\w+)\s*(\|\|)?=\s*([^=~>].*)$`)
	defines  = lazyregexp.New(`^(\w+)\.vm\.define\s*\(?\s*(.+?)\s*\)?\s*do\b`)
	provider = lazyregexp.New(`^(\w+)\.vm\.provider\s*\(?\s*:?["']?(\w+)["']?\s*\)?`)
	provides = lazyregexp.New(`^(\w+)\.vm\.provision\s*\(?\s*`)
	syncs    = lazyregexp.New(`^(\w+)\.vm\.synced_folder\s*\(?\s*`)
	setting  = lazyregexp.New(`^(\w+)\.(\w+)\s*=\s*(.+)$`)
	vmx      = lazyregexp.New(`^(\w+)\.vmx\[\s*["'](memsize|numvcpus)["']\s*\]\s*=\s*(.+)$`)
	modifyvm = lazyregexp.New(`^(\w+)\.customize\s*\(?\s*\[.*["']--(memory|cpus)["']\s*,\s*([^,\]]+)`)
	begins   = lazyregexp.New(`<<[-~]?\s*["']?([A-Za-z_]\w*)["']?`)
)

// scan reads statements, here-documents included, and keeps track of blocks.
func (r *reader) scan(t span.Text) {
	s := t.String()
	for pos, n := 0, 0; pos < len(s); n++ {
		if n > maxLines {
			r.problem(t.PosOf(pos), "the Vagrantfile has too many lines; the rest is not read")
			return
		}
		stmt, doc := span.Text{}, span.Text{}
		for lines := 0; pos < len(s) && lines < maxJoined && stmt.Len() < 1<<16; lines++ { // a list of arguments goes on after a comma
			end := lineEnd(s, pos)
			lead := pos + len(s[pos:end]) - len(strings.TrimLeft(s[pos:end], " \t"))
			line := t.Slice(lead, lead+len(uncommented(s[lead:end])))
			if pos = end + 1; lines > 0 {
				stmt = span.Concat(stmt, span.Plain(" "), line)
			} else {
				stmt = line
			}
			if m := begins.FindStringSubmatch(line.String()); m != nil {
				doc, pos = hereDocument(t, pos, m[1], strings.Contains(m[0], "~"))
			}
			if !continues(stmt.String()) {
				break
			}
		}
		if strings.TrimSpace(stmt.String()) == "__END__" {
			return
		}
		r.statement(stmt, doc)
	}
	if len(r.blocks) > 0 {
		r.problem(t.PosOf(len(s)), "a block is not closed with \"end\"; Vagrant does not read this file")
	}
}

// continues says whether a statement goes on in the next line: after a comma, or within brackets.
func continues(s string) bool {
	s = strings.TrimSpace(s)
	if strings.HasSuffix(s, ",") || strings.HasSuffix(s, "\\") {
		return true
	}
	depth, quote := 0, byte(0)
	for k := 0; k < len(s); k++ {
		switch c := s[k]; {
		case quote != 0 && c == '\\':
			k++
		case quote != 0 && c == quote:
			quote = 0
		case quote != 0:
		case c == '"' || c == '\'':
			quote = c
		case c == '[' || c == '(' || c == '{':
			depth++
		case c == ']' || c == ')' || c == '}':
			depth--
		}
	}
	return depth > 0 && quote == 0
}

func lineEnd(s string, from int) int {
	if k := strings.IndexByte(s[min(from, len(s)):], '\n'); k >= 0 {
		return from + k
	}
	return len(s)
}

// uncommented is a line without its comment.
func uncommented(s string) string {
	quote := byte(0)
	for k := 0; k < len(s); k++ {
		switch {
		case quote != 0 && s[k] == '\\':
			k++
		case quote != 0 && s[k] == quote:
			quote = 0
		case quote == 0 && (s[k] == '"' || s[k] == '\''):
			quote = s[k]
		case quote == 0 && s[k] == '#':
			return strings.TrimRight(s[:k], " \t\r")
		}
	}
	return strings.TrimRight(s, " \t\r")
}

// hereDocument is the lines up to the mark; with "~" without the indentation that they share.
func hereDocument(t span.Text, pos int, mark string, squiggly bool) (span.Text, int) {
	s := t.String()
	from, indent := pos, -1
	for pos < len(s) {
		end := lineEnd(s, pos)
		line := s[pos:end]
		if strings.TrimSpace(line) == mark {
			body := t.Slice(from, pos)
			if squiggly && indent > 0 {
				body = dedented(t, from, pos, indent)
			}
			return body, end + 1
		}
		if bare := strings.TrimLeft(line, " \t"); bare != "" && (indent < 0 || len(line)-len(bare) < indent) {
			indent = len(line) - len(bare)
		}
		pos = end + 1
	}
	return t.Slice(min(from, len(s)), len(s)), len(s)
}

func dedented(t span.Text, from, to, indent int) span.Text {
	s := t.String()
	var parts []span.Text
	for pos := from; pos < to; {
		end := min(lineEnd(s, pos)+1, to)
		parts = append(parts, t.Slice(min(pos+indent, end), end))
		if pos = end; len(parts) > 5000 {
			return t.Slice(from, to)
		}
	}
	return span.Concat(parts...)
}

// statement is one statement, with the here-document that it begins.
func (r *reader) statement(t, doc span.Text) {
	s := t.String()
	switch {
	case s == "":
		return
	case s == "end" || strings.HasPrefix(s, "end ") || strings.HasPrefix(s, "end."):
		r.close()
		return
	case strings.HasPrefix(s, "else") || strings.HasPrefix(s, "elsif") || strings.HasPrefix(s, "when") || strings.HasPrefix(s, "rescue"):
		return
	case keyword.MatchString(s):
		if !strings.HasSuffix(s, " end") {
			b := block{cond: r.cond()}
			if b.cond == nil {
				b.cond = &step.Cond{Why: "it depends on " + span.Show(brief(s)) + " in the Vagrantfile", At: t.Span()}
			}
			r.blocks = append(r.blocks, b)
		}
		return
	}
	do := opens.FindStringSubmatch(s)
	b := block{cond: r.cond()}
	if do != nil {
		b.name = do[1]
	}
	cond := b.cond
	if k := strings.LastIndex(s, " if "); k > 0 && do == nil && cond == nil && !strings.Contains(s[k:], "\"") {
		cond = &step.Cond{Why: "it depends on " + span.Show(brief(s[k+1:])) + " in the Vagrantfile", At: t.Span()}
		t = t.Slice(0, k)
		s = t.String()
	}
	switch {
	case strings.HasPrefix(s, "Vagrant.configure") || strings.HasPrefix(s, "Vagrant::Config"):
		if !r.configures {
			r.shared.At = t.Span() // what nobody says about the machine is missing here
		}
		b.kind, b.machine, r.configures = "config", r.shared, true
	case defines.MatchString(s):
		m := defines.FindStringSubmatchIndex(s)
		if o := r.object(s[m[2]:m[3]]); o != nil && o.kind == "config" {
			name, _, _ := strings.Cut(s[m[4]:m[5]], ",")
			v := r.eval(strings.TrimSpace(name), t)
			d := &machine{Machine: Machine{Name: v.text.String(), At: t.Span()}}
			r.defined = append(r.defined, d)
			b.kind, b.machine = "config", d
		}
	case provides.MatchString(s):
		m := provides.FindStringSubmatchIndex(s)
		if o := r.object(s[m[2]:m[3]]); o != nil && o.kind == "config" && len(o.machine.provisions) < 500 {
			p := r.options(t.Slice(m[1], t.Len()), doc)
			p.cond, p.at = cond, t
			o.machine.provisions = append(o.machine.provisions, p)
			b.kind, b.machine = "provision", o.machine
		}
	case syncs.MatchString(s):
		m := syncs.FindStringSubmatchIndex(s)
		if o := r.object(s[m[2]:m[3]]); o != nil && o.kind == "config" {
			r.synced(o.machine, split(t.Slice(m[1], len(strings.TrimRight(s, " )"))), ','), cond)
		}
	case provider.MatchString(s):
		if o := r.object(provider.FindStringSubmatch(s)[1]); o != nil && o.kind == "config" {
			b.kind, b.machine = "provider", o.machine
		}
	default:
		r.set(t, doc, cond)
	}
	if do != nil {
		if b.cond == nil && (strings.Contains(s, ".each") || strings.Contains(s, ".times") || strings.Contains(s, ".map")) {
			b.cond = &step.Cond{Why: "it stands in a loop of the Vagrantfile", At: t.Span()}
		}
		r.blocks = append(r.blocks, b)
	}
}

func (r *reader) cond() *step.Cond {
	if len(r.blocks) == 0 {
		return nil
	}
	return r.blocks[len(r.blocks)-1].cond
}

func (r *reader) close() {
	if len(r.blocks) > 0 {
		r.blocks = r.blocks[:len(r.blocks)-1]
	}
}

// object is the block whose variable is called name.
func (r *reader) object(name string) *block {
	for k := len(r.blocks) - 1; k >= 0; k-- {
		if r.blocks[k].name == name {
			return &r.blocks[k]
		}
	}
	return nil
}

func brief(s string) string {
	if len(s) > 60 {
		return strings.ToValidUTF8(s[:60], "") + "…"
	}
	return s
}
