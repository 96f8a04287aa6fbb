// Package clouds reads what playbooks make in clouds (Amazon's, DigitalOcean's, OpenStack's, Google's, Azure's, Hetzner's, Linode's
// and Vultr's modules): machines with what belongs to them, under Terraform's names, so that the clouds' adapters read them.
// Sources: the modules' documentation in the collections amazon.aws, community.aws, community.digitalocean, digitalocean.cloud,
// openstack.cloud, google.cloud, azure.azcollection, hetzner.hcloud, linode.cloud, community.general, vultr.cloud, ngine_io.vultr.
package clouds

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
	"github.com/tljh-policy/tljh-policy/internal/read/ansible"
	"github.com/tljh-policy/tljh-policy/internal/read/cloudformation"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// Result is what a playbook makes.
type Result struct {
	terraform.Module
	IDs map[*ansible.Make]string // of the machines, as the module calls them
}

// Only is the one machine that the playbook makes, "" if it makes several.
func (r Result) Only() string {
	only := ""
	for _, id := range r.IDs {
		if only != "" && only != id {
			return ""
		}
		only = id
	}
	return only
}

// Beside is another playbook, which makes no machine but perhaps what belongs to one: a firewall, an address. Why says why it may not be
// run; "" if it is.
type Beside struct {
	*ansible.Playbook
	Why string
}

// Machines says whether a playbook makes any.
func Machines(b *ansible.Playbook) bool {
	return slices.ContainsFunc(b.Makes, (*ansible.Make).IsMachine)
}

// Read takes what a playbook was read as, and what others may add. False: it makes no machine.
func Read(files step.Files, src *span.Source, b *ansible.Playbook, others ...Beside) (Result, bool) {
	p := &play{c: eval.New(files, src, "Ansible", "ansible"), byMake: map[*ansible.Make]*thing{}, names: map[string]int{}}
	if !Machines(b) {
		return Result{}, false
	}
	in := map[string]bool{}
	for _, m := range b.Makes {
		p.declare(m)
		in[m.Cloud] = in[m.Cloud] || m.IsMachine()
	}
	for _, o := range others {
		for _, m := range o.Makes {
			if in[m.Cloud] {
				p.beside(m, o.Why)
			}
		}
	}
	for _, t := range p.order {
		p.fill(t)
	}
	p.unseen(b)
	res := Result{Module: terraform.Declared(files, p.c, words), IDs: map[*ansible.Make]string{}}
	for m, t := range p.byMake {
		if m.IsMachine() && t.res != nil {
			res.IDs[m] = t.res.Addr
		}
	}
	for _, f := range b.Uses { // variables and roles that the arguments come from
		if f != src.File && path.Ext(f) != "" {
			res.Uses = append(res.Uses, f)
		}
	}
	return res, true
}

// unseen notes what may make more than is seen.
func (p *play) unseen(b *ansible.Playbook) {
	for _, g := range b.Machines {
		p.c.NotEvaluated("the module "+g.Name+" makes machines, and is not evaluated", eval.Place{})
	}
	for _, g := range b.Gaps {
		p.c.NotEvaluated(g.Name+" is not in the repository, and may make more", eval.Place{})
	}
	for _, pl := range b.Plays {
		for k := range pl.Steps {
			if s := &pl.Steps[k]; pl.Local && changesCloud(s.Argv) {
				p.c.NotEvaluated("the playbook runs "+path.Base(s.Argv[0].String())+", and what that makes is not evaluated", eval.At(s.Argv[0]))
			}
		}
	}
	for _, pr := range b.Problems {
		if pr.Fatal {
			p.c.NotEvaluated("the playbook is not read to its end: "+pr.Msg, eval.Place{})
		}
	}
}

// looks are verbs of the clouds' command lines that only ask.
var looks = lazyregexp.New(`^(?:describe|list|show|get|wait|configure|login|version|whoami|help|sts|info)`)

// changesCloud says whether a command is a cloud's command line, and does more than ask.
func changesCloud(argv []span.Text) bool {
	if len(argv) < 2 || !slices.Contains([]string{"aws", "gcloud", "az", "doctl", "hcloud", "linode-cli", "openstack", "vultr-cli"}, path.Base(argv[0].String())) {
		return false
	}
	return !slices.ContainsFunc(argv[1:], func(a span.Text) bool { return looks.MatchString(a.String()) })
}

// play is one playbook while what it makes is worked out.
type play struct {
	c      *eval.Config
	order  []*thing
	byMake map[*ansible.Make]*thing
	names  map[string]int
}

// thing is what one task makes.
type thing struct {
	kind kind
	make *ansible.Make
	args *eval.Val
	res  *eval.Resource      // nil for what only changes something else
	one  *cloudformation.One // of AWS
	name string
	at   eval.Place
}

// kind says what a module makes, in Terraform's words or CloudFormation's.
type kind struct {
	typ  string
	fill func(p *play, t *thing)
	// with: where the argument of this name is given, it makes typ2 instead.
	with, typ2 string
}

// kindOf is what a module makes.
func kindOf(m *ansible.Make) (kind, bool) {
	of := map[string]func(string) (kind, bool){"aws": amazon, "digitalocean": digitalOcean, "openstack": openStack, "google": google, "azure": azure,
		"hetzner": hetzner, "linode": linode, "vultr": vultr}[m.Cloud]
	if of != nil {
		return of(m.Kind)
	}
	return kind{}, false
}

// aside are modules, or beginnings of their names, that say nothing of a machine: keys, networks, people.
var aside = strings.Fields(`ec2_key ec2_vpc_ ec2_tag sts_ aws_caller ec2_eni iam_ s3_ digital_ocean_sshkey sshkey ssh_key project tag account vpc keypair network router
	subnet port image stack_ auth identity_ role user quota compute_network compute_subnetwork compute_router resourcegroup virtualnetwork subnet storage resource
	sshpublickey placement_group certificate network_ token user_ stackscript vpc_ object_ domain_record_ dns_domain region`)

func (p *play) declare(m *ansible.Make) {
	k, ok := kindOf(m)
	at := eval.At(m.At)
	if !ok {
		for _, a := range aside {
			if m.Kind == a || strings.HasSuffix(a, "_") && strings.HasPrefix(m.Kind, a) {
				return
			}
		}
		p.c.NotEvaluated("the module "+m.Module+" is not evaluated", at)
		return
	}
	t := &thing{kind: k, make: m, at: at}
	t.args = m.Args(p.of)
	if k.with != "" && !t.args.Attr(k.with).IsNull() {
		k.typ = k.typ2
	}
	if old := p.again(t, k.typ); old != nil {
		p.byMake[m] = old
		old.merge(t.args, m)
		return
	}
	t.name = p.nameOf(t)
	p.byMake[m] = t
	p.order = append(p.order, t)
	if m.Cond != "" && strings.HasPrefix(m.Cond, "how ") {
		p.c.NotEvaluated(m.Module+" may make several: "+m.Cond, at)
	}
	switch {
	case strings.HasPrefix(k.typ, "AWS::"):
		if t.one = cloudformation.Declare(p.c, k.typ, t.name, at, m.Cond); t.one != nil {
			t.res = t.one.Res()
		}
	case k.typ != "":
		t.res = p.add(t, k.typ, "")
	}
	t.kind.typ = k.typ
}

// beside declares what another playbook makes, which may not be run.
func (p *play) beside(m *ansible.Make, why string) {
	own := *m
	if own.Cond == "" {
		own.Cond = why
	}
	p.declare(&own)
	if t := p.byMake[&own]; t != nil {
		p.byMake[m] = t // its results refer to it
	}
}

// again is the thing that another task of the playbook makes under the same name: it is the same one.
func (p *play) again(t *thing, typ string) *thing {
	name, ok := own(t.args).Str()
	for _, o := range p.order {
		if have, known := own(o.args).Str(); ok && known && have == name && t.make.Turn == 0 && o.kind.typ == typ && typ != "" && o.make.Module == t.make.Module {
			return o
		}
	}
	return nil
}

// merge adds what a later task says of the same thing. Where it says something else, or may not run, it is not known which holds.
func (t *thing) merge(later *eval.Val, m *ansible.Make) {
	if later.Kind != eval.Map || t.args.Kind != eval.Map {
		return
	}
	out := eval.MapAt(t.args.At)
	for _, k := range t.args.Keys {
		out.Put(k, t.args.Child[k])
	}
	for _, k := range later.Keys {
		have, v := t.args.Attr(k), later.Child[k]
		switch {
		case have.IsNull() && m.Cond == "":
			out.Put(k, v)
		case have.IsNull():
			out.Put(k, eval.NotKnown(m.Cond, v.At))
		case k != "state" && k != "wait" && !same(have, v, 0):
			out.Put(k, eval.NotKnown("two tasks give it different values", v.At))
		}
	}
	t.args = out
}

// same says whether two values are visibly the same.
func same(a, b *eval.Val, depth int) bool {
	if a.IsNull() || b.IsNull() || a.Kind != b.Kind || depth > 20 || a.IsUnknown() || len(a.Items) != len(b.Items) || len(a.Keys) != len(b.Keys) {
		return false
	}
	x, _ := a.Str()
	y, _ := b.Str()
	ok := x == y
	for i := range a.Items {
		ok = ok && same(a.Items[i], b.Items[i], depth+1)
	}
	for _, k := range a.Keys {
		ok = ok && same(a.Child[k], b.Child[k], depth+1)
	}
	return ok
}

// own is the name that a thing is given.
func own(args *eval.Val) *eval.Val {
	if args.Kind != eval.Map {
		return nil
	}
	for _, k := range []string{"name", "label", "display_name", "volume_name", "instance_name", "group_name"} {
		if v := args.Attr(k); !v.IsNull() {
			return v
		}
	}
	return nil
}

var plainName = lazyregexp.New(`^[A-Za-z0-9_-]{1,64}$`)

// nameOf is what to call a thing: a machine by its own name, anything else by its module and name, else the module with its line.
func (p *play) nameOf(t *thing) string {
	name, _ := own(t.args).Str()
	switch {
	case plainName.MatchString(name) && t.make.IsMachine():
	case plainName.MatchString(name):
		name = t.make.Kind + "." + name
	default:
		name = fmt.Sprintf("%s.%d", t.make.Kind, t.make.At.Span().Start.Line)
	}
	if p.names[name]++; p.names[name] > 1 {
		name = fmt.Sprintf("%s.%d", name, p.names[name])
	}
	return name
}

// add declares a resource that belongs to a thing.
func (p *play) add(t *thing, typ, suffix string) *eval.Resource {
	r := p.c.Declare(typ, t.name+suffix, t.at)
	if r != nil {
		r.Cond = t.make.Cond
	}
	return r
}

// of is what the result of tasks stands for: what they make; with none, the only machine.
func (p *play) of(makes []*ansible.Make) *eval.Val {
	var out []*eval.Val
	for _, m := range makes {
		if t := p.byMake[m]; t != nil && t.res != nil {
			out = append(out, t.res.Ref("id"))
		}
	}
	if len(makes) == 0 {
		if t := p.only(); t != nil {
			return t.res.Ref("id")
		}
	}
	switch {
	case len(out) == 1:
		return out[0]
	case len(out) > 1:
		return eval.ListOf(out...)
	}
	return nil
}

// only is the one machine so far, nil if there are several.
func (p *play) only() *thing {
	var one *thing
	for _, t := range p.order {
		if t.make.IsMachine() && t.res != nil {
			if one != nil {
				return nil
			}
			one = t
		}
	}
	return one
}

func (p *play) fill(t *thing) {
	if t.args.Kind != eval.Map {
		p.c.NotEvaluated("the arguments of "+t.make.Module+" are not known: "+t.args.Reason(), t.at)
		return
	}
	if t.kind.fill != nil && t.res != nil {
		t.kind.fill(p, t)
	}
}

var words = strings.NewReplacer("known only after apply", "known only when the playbook runs", "root_block_device.volume_size", "volumes",
	"metadata_options.http_tokens", "metadata_options.http_tokens", "key_pair", "key_name", "prevent_destroy", "protection",
	"Terraform deletes", "Ansible deletes", "declare an openstack_networking_floatingip_v2", "use openstack.cloud.floating_ip")
