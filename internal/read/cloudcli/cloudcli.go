// Package cloudcli reads the command lines of clouds in shell scripts (aws, gcloud, doctl, az, hcloud, linode-cli, openstack):
// the machines that they make, with what belongs to them, under Terraform's names, so that the clouds' adapters read them.
// Such a script runs on somebody's desk: only what it hands to machines runs there.
package cloudcli

import (
	"fmt"
	"path"
	"strconv"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
	"github.com/tljh-policy/tljh-policy/internal/read/cloudformation"
	"github.com/tljh-policy/tljh-policy/internal/read/shell"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// Read takes what a script was read as, and finds the machines that its commands make. False: it makes none.
func Read(files step.Files, src *span.Source, r shell.Result) (terraform.Module, bool) {
	s := &script{files: files, src: src, c: eval.New(files, src, "The script", "shell"), made: map[span.Span]*made{}, names: map[string]int{}}
	for _, all := range [][]step.Step{r.Asked, r.Steps} {
		for k := range all {
			s.find(&all[k])
		}
	}
	for k := range r.Steps {
		if r.Steps[k].IsWrite() {
			s.written = append(s.written, &r.Steps[k])
		}
		if why, ok := shell.IsOpaque(&r.Steps[k]); ok {
			s.c.NotEvaluated("a part of the script cannot be read: "+why, eval.At(src.Slice(0, 0)))
		}
	}
	for _, p := range r.Problems {
		if shell.IsSyntax(p) {
			at := 0
			if p.At.File == src.File {
				at = src.Offset(p.At.Start)
			}
			s.c.NotEvaluated("a part of the script cannot be read: "+p.Msg, eval.At(src.Slice(at, at)))
		}
	}
	for _, m := range s.order {
		if m.verb.fill != nil {
			m.verb.fill(s, m)
		}
	}
	m := terraform.Declared(files, s.c, words)
	m.Problems = append(m.Problems, r.Problems...)
	return m, len(m.Infra.Get("instances").List()) > 0
}

// script is one script while its commands are read.
type script struct {
	files   step.Files
	src     *span.Source
	c       *eval.Config
	made    map[span.Span]*made // by the command's place
	order   []*made
	names   map[string]int
	written []*step.Step
}

// made is what one command makes or changes.
type made struct {
	verb verb
	call *call
	res  *eval.Resource      // what a reference to its output means; nil for a command that changes something
	one  *cloudformation.One // of AWS
	name string
	cond string
	at   eval.Place
}

// find declares what a command makes, so that others can refer to it.
func (s *script) find(st *step.Step) {
	if len(st.Argv) < 3 || st.Remote || s.made[st.At] != nil {
		return
	}
	c := parse(st.Argv)
	v, ok := verbOf(c)
	if !ok {
		return
	}
	at := eval.At(st.Argv[0])
	m := &made{verb: v, call: c, at: at, name: s.nameOf(c, v, st)}
	switch {
	case st.Cond != nil:
		m.cond = st.Cond.Why
	case st.Loop:
		m.cond = "how often the loop around it runs is not known"
	}
	s.made[st.At] = m
	s.order = append(s.order, m)
	if v.declare != nil {
		v.declare(s, m)
	} else if v.typ != "" {
		if m.res = s.c.Declare(v.typ, m.name, at); m.res != nil {
			m.res.Cond = m.cond
		}
	}
}

var plainName = lazyregexp.New(`^[A-Za-z0-9_-]{1,64}$`)

// nameOf is what to call what a command makes: its own name, or the command with its line.
func (s *script) nameOf(c *call, v verb, st *step.Step) string {
	name, _ := c.name().Str()
	if !plainName.MatchString(name) {
		f := strings.Fields(v.words)
		name = fmt.Sprintf("%s.%d", strings.Join(f[max(0, len(f)-1):], "-"), st.At.Start.Line)
	}
	if s.names[name]++; s.names[name] > 1 {
		name = fmt.Sprintf("%s.%d", name, s.names[name])
	}
	return name
}

// val is a word as a value: the output of a command that made something stands for that.
func (s *script) val(v *eval.Val) *eval.Val {
	if v.IsNull() || v.Kind != eval.String || span.Show(v.T.String()) != "…" {
		return v
	}
	why := span.Reason(v.T.String())
	m := s.maker(why)
	if m != nil && m.verb.lookup {
		if only := s.only(); only != nil {
			return only.Ref("id").AtPlace(v.At) // whatever it is looked up by
		}
	}
	if m != nil && m.res != nil {
		return m.res.Ref("id").AtPlace(v.At)
	}
	return eval.NotKnown(why, v.At)
}

// only is the one machine that the script makes, nil if it makes several.
func (s *script) only() *eval.Resource {
	var one *eval.Resource
	for _, m := range s.order {
		if m.verb.machine {
			if one != nil {
				return nil
			}
			one = m.res
		}
	}
	return one
}

var output = lazyregexp.New(`^output of the command "[^"]*" at (.+):(\d+):(\d+)$`)

// maker is the command of which a reason says that its output is meant: the first at the place or behind it.
func (s *script) maker(why string) *made {
	p := output.FindStringSubmatch(why)
	if p == nil {
		return nil
	}
	line, _ := strconv.Atoi(p[2])
	column, _ := strconv.Atoi(p[3])
	var best *made
	var at span.Pos
	for place, m := range s.made {
		if b := place.Start; place.File == p[1] && !before(b, span.Pos{Line: line, Column: column}) && (best == nil || before(b, at)) {
			best, at = m, b
		}
	}
	return best
}

func before(x, y span.Pos) bool { return x.Line < y.Line || x.Line == y.Line && x.Column < y.Column }

// vals are several words, each as a value.
func (s *script) vals(vs []*eval.Val) *eval.Val {
	if len(vs) == 0 {
		return nil
	}
	out := eval.ListAt(vs[0].At)
	for _, v := range vs {
		out.Items = append(out.Items, s.val(v))
	}
	return out
}

// file is the text of a file that a command is given: one of the checkout, or one that the script writes before.
func (s *script) file(name *eval.Val) *eval.Val {
	if name.IsNull() {
		return nil
	}
	n, ok := name.Str()
	if !ok {
		return eval.NotKnown("which file is given is not known: "+name.Reason(), name.At)
	}
	n = strings.TrimPrefix(strings.TrimPrefix(n, "fileb://"), "file://")
	for k := len(s.written) - 1; k >= 0; k-- {
		if w := s.written[k]; w.Dest.String() == n && !w.Append {
			return eval.TextOf(w.Content)
		}
	}
	in, rooted := strings.CutPrefix(n, shell.Checkout+"/")
	for _, dir := range []string{path.Dir(s.src.File), "."} {
		p := path.Join(dir, in)
		if rooted {
			p = path.Clean(in)
		}
		if path.IsAbs(n) || p == ".." || strings.HasPrefix(p, "../") {
			continue
		}
		if src, err := s.files.Open(p); err == nil {
			return eval.TextOf(src.Whole())
		}
	}
	return eval.NotKnown("the file "+n+" is not in the repository", name.At)
}

// text is a value that is given in words, or with "file://" in a file.
func (s *script) text(v *eval.Val) *eval.Val {
	if t := v.TextString(); strings.HasPrefix(t, "file://") || strings.HasPrefix(t, "fileb://") {
		return s.file(v)
	}
	return v
}

var words = strings.NewReplacer("known only after apply", "known only when the script runs", "root_block_device.volume_size", "--block-device-mappings",
	"metadata_options.http_tokens", "--metadata-options HttpTokens", "iam_instance_profile", "--iam-instance-profile", "key_name", "--key-name",
	"service_account block", "--service-account", "prevent_destroy", "protection")
