package assemble

import (
	"fmt"
	"path"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
	"github.com/tljh-policy/tljh-policy/internal/read/python/syntax"
	"github.com/tljh-policy/tljh-policy/internal/repo"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

var (
	tljhConfig = lazyregexp.New(`tljh-config["']?\s+(?:--\S+\s+)*(set|unset|add-item|remove-item)\s+["']?([A-Za-z_][\w.\-]*)`)
	anyVerb    = lazyregexp.New(`tljh-config["']?\s+(?:--\S+\s+)*(?:set|unset|add-item|remove-item)\b`)
	configPath = lazyregexp.New(`/opt/tljh/config|jupyterhub_config\.d|jupyterhub_config\.py`)
	ownSource  = lazyregexp.New(`(?s)tljh\.installer.*/the-littlest-jupyterhub`)
	installer  = lazyregexp.New(`bootstrap\.py|tljh\.installer`)
)

// readUnread makes units of files that set up a hub in a format that has no reader: what they visibly set becomes
// unknown, never guessed. A file that does no such thing (it only calls a script that is read) makes none.
func (l *loader) readUnread(c repo.Candidates) {
	for _, f := range l.found.Unread {
		if l.used[f.Path] {
			continue
		}
		src := l.open(f.Path)
		if src == nil {
			continue
		}
		if f.Kind == repo.SnippetKind {
			l.add(l.snippet(src))
			continue
		}
		if path.Base(f.Path) == "bootstrap.py" && ownSource.MatchString(src.Text) && !anyVerb.MatchString(src.Text) {
			continue // a copy of TLJH's own installer: whoever runs it is what counts
		}
		if f.Kind == repo.ProgramKind && l.program(src) {
			continue
		}
		if u := l.unread(src, f); u != nil {
			u.opaque = u.opaque || f.Kind == repo.PuppetKind && l.broken[f.Path] // it includes others
			l.units = append(l.units, u)
		}
	}
	for _, s := range c.Submodules {
		l.problem(span.Span{File: s}, false, "%s is a Git submodule; what it holds is not in this checkout: fetch it (submodules: true) to have it read", s)
	}
}

// snippet makes a unit of a jupyterhub_config.d file that nothing visibly copies: it is as if it were put in place.
func (l *loader) snippet(src *span.Source) *unit {
	at := src.Span(0, 0)
	dest := span.Plain(configDir + "jupyterhub_config.d/" + path.Base(src.File))
	u := l.newUnit(src.File, step.Carrier{File: src.File, Format: "jupyterhub-config", At: at,
		Steps: []step.Step{{Dest: dest, Content: pythonText(src), At: at}}})
	u.alone = path.Base(src.File) == "jupyterhub_config.py" && ownStart.MatchString(src.Text)
	return u
}

// inTemplate is how Jinja, Terraform and envsubst write what they fill in.
var inTemplate = lazyregexp.New(`\{\{-?\s*[A-Za-z_][^{}\n]{0,200}\}\}|\{%.{0,500}?%\}|\$\{[A-Za-z_][^{}\n]{0,200}\}`)

// pythonText is the text of a Python file; if it is a template that something fills in first, with those parts unknown.
func pythonText(src *span.Source) span.Text {
	ts, err := syntax.Tokenize(src.Text)
	filled := err != nil && inTemplate.MatchString(src.Text)
	for _, t := range ts {
		filled = filled || t.Kind == syntax.String && t.Text[0]|0x20 != 'f' && inTemplate.MatchString(t.Text)
	}
	if !filled && syntax.Parse(src.Text).Errors != nil {
		filled = inTemplate.MatchString(src.Text)
	}
	if filled {
		return maskTemplate(src.Whole())
	}
	return src.Whole()
}

// ownStart is what TLJH's own jupyterhub_config.py does before it loads the snippets: a file that does it takes its place.
var ownStart = lazyregexp.New(`\bapply_config\s*\(|\bimport\b[^\n#]*\btljh_custom_jupyterhub_config\b`)

// withoutOtherStarts leaves out whole configurations where TLJH's installer is run: TLJH starts the hub with its own.
func (l *loader) withoutOtherStarts(groups []*group, fragments []*unit) []*unit {
	installs := false
	for _, g := range groups {
		installs = installs || g.main().install
	}
	if !installs {
		return fragments
	}
	var out []*unit
	for _, u := range fragments {
		if !u.alone {
			out = append(out, u)
			continue
		}
		l.problem(u.at, false, "%s does what TLJH's own jupyterhub_config.py does, so it starts another hub (one for development, say); the hub that TLJH's installer makes does not load it", u.file)
	}
	return out
}

func (l *loader) unread(src *span.Source, f repo.Unread) *unit {
	lack := lackOf(f.Kind)
	why := fmt.Sprintf("%s (%s) sets it, and %s", f.Path, f.Kind, lack)
	car := step.Carrier{File: f.Path, Format: f.Kind, At: src.Span(0, 0)}
	word := func(s string, from, to int) span.Text { return span.Literal(s, src.Slice(from, to)) }
	for _, m := range tljhConfig.FindAllStringSubmatchIndex(src.Text, 4096) {
		at := src.Span(m[0], m[1])
		argv := []span.Text{span.Plain("tljh-config"), src.Slice(m[2], m[3]), src.Slice(m[4], m[5])}
		if src.Text[m[2]:m[3]] != "unset" {
			argv = append(argv, word(span.Unknown(why), m[0], m[1]))
		}
		car.Steps = append(car.Steps, step.Step{Argv: argv, Cond: &step.Cond{Why: why, At: at}, At: at})
	}
	if m := installer.FindStringIndex(src.Text); m != nil {
		args := []span.Text{span.Plain("python3"), word("bootstrap.py", m[0], m[1]), word(span.Unknown(why), m[0], m[1])}
		car.Steps = append([]step.Step{{Argv: args, At: src.Span(m[0], m[1])}}, car.Steps...)
	}
	m := configPath.FindStringIndex(src.Text)
	if all := anyVerb.FindAllStringIndex(src.Text, 4097); m == nil && len(all) != len(car.Steps)-installs(car.Steps) {
		m = all[0] // some command names its key in a way that cannot be read here
	}
	if len(car.Steps) == 0 && m == nil {
		return nil
	}
	u := l.newUnit(f.Path, car)
	if m != nil {
		u.opaque = true
		if u.at.IsZero() {
			u.at = src.Span(m[0], m[1])
		}
	}
	car.Problems = append(car.Problems, step.Problem{At: u.at, Msg: fmt.Sprintf(
		"%s configures the hub, and %s; what it may set is unknown", f.Path, strings.Replace(lack, "this format", f.Kind, 1))})
	u.carriers = []step.Carrier{car}
	u.unread = f.Kind
	return u
}

// lackOf says why what a file of a kind sets is not known.
func lackOf(kind string) string {
	if repo.HasReader(kind) {
		return "it cannot be followed"
	}
	if kind == repo.CDKKind {
		return notSynthesized
	}
	return "this format is not read yet"
}

func installs(steps []step.Step) int {
	if len(steps) > 0 && steps[0].Cond == nil {
		return 1
	}
	return 0
}
