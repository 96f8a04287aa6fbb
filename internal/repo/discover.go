package repo

import (
	"bytes"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
)

// SnippetKind is the kind of a jupyterhub_config.d file that lies beside no config.yaml.
const SnippetKind = "JupyterHub configuration snippet"

// ProgramKind is the kind of Python programs that install or configure a hub.
const ProgramKind = "Python program"

// AnsibleKind is the kind of playbooks and of what they are made of.
const AnsibleKind = "Ansible"

const maxAnsible = 5000 // files that may be parts of playbooks

const maxPuppet = 5000 // manifests, those of modules included

const maxCarriers = 1000 // files of Candidates.Carriers

const headBytes = 64 << 10 // what is read of a file whose name says little

// Candidates walks the checkout, once, and says which files may matter. What it could not look at is in Problems.
func (t *Tree) Candidates() Candidates {
	t.once.Do(func() {
		d := &discovery{tree: t}
		t.deadline = time.Now().Add(t.limits.Time)
		t.walk(d.visit)
		d.submodules()
		d.looseSnippets()
		d.sort()
		t.candidates = d.c
	})
	return t.candidates
}

type discovery struct {
	tree  *Tree
	c     Candidates
	loose []string // jupyterhub_config.d directories
}

// visit sorts the files of one directory.
func (s *discovery) visit(d *dir) {
	if s.ofFork(d) {
		d.dirs = nil
		return
	}
	if base := path.Base(d.path); base == "jupyterhub_config.d" || base == "traefik_config.d" {
		s.loose = append(s.loose, d.path)
		return
	}
	for _, name := range d.files {
		if isTerraform(name) {
			s.c.Terraform = append(s.c.Terraform, d.path)
			break
		}
	}
	theirs := d.parent != nil && path.Base(d.path) == "bootstrap" && sourceOfTLJH(d.parent)
	for i, name := range d.files {
		if i%64 == 63 && time.Now().After(s.tree.deadline) {
			return // the walk says so
		}
		if theirs && hasSuffix(name, ".py") {
			continue // the installer itself; what a fork puts beside it is its own
		}
		s.file(d, name)
	}
}

// ofFork says whether d is part of TLJH's own source code: it installs TLJH for its tests, not as somebody's hub.
func (s *discovery) ofFork(d *dir) bool {
	if d.parent == nil || !sourceOfTLJH(d.parent) {
		return false
	}
	switch path.Base(d.path) {
	case "docs", "integration-tests", ".github", ".circleci", "tests", "dev-requirements", "tljh":
		return true
	}
	return false
}

func sourceOfTLJH(d *dir) bool {
	return d.hasDir("tljh") && d.hasDir("bootstrap") && d.hasDir("integration-tests")
}

func (s *discovery) file(d *dir, name string) {
	file := d.join(name)
	plain, template := untemplated(name)
	if s.placed(d, file, plain, template) || name == ".tljh-policy.yaml" || d.links[name] {
		return // a link's target is found where it lies
	}
	s.plugin(file, name)
	kind := unreadKind(file)
	switch {
	case hasSuffix(strings.ToLower(name), ".md", ".markdown"):
		if len(s.c.Runbooks) < maxCarriers {
			s.c.Runbooks = append(s.c.Runbooks, file)
		}
	case isTerraform(name):
	case isVarFile(name):
		s.c.VarFiles = append(s.c.VarFiles, file)
	case isPacker(plain):
		s.c.Packer = append(s.c.Packer, file)
		s.unread(file, kind)
	case kind != "":
		s.unread(file, kind)
	case isShell(plain):
		s.script(file, template)
	case plain == "Main.yaml" && s.ofPulumi(d): // read with the project
	case isYAML(plain):
		s.yaml(file, template)
	case hasSuffix(plain, ".json"):
		s.json(file)
	case hasSuffix(plain, ".py"):
		s.python(d, file)
	case hasSuffix(plain, ".ts", ".mts", ".js", ".mjs", ".java", ".cs", ".go"):
		s.cdk(d, file)
	case s.site(file, plain):
		s.unread(file, ProxyKind)
	case template || odd(plain):
		s.odd(file, template)
	}
}

// placed takes files whose place says what they are, links included.
func (s *discovery) placed(d *dir, file, plain string, template bool) bool {
	if (plain == "infra.yaml" || plain == "infra.yml") && !template {
		s.c.Infra = append(s.c.Infra, file)
		return true
	}
	if plain != "config.yaml" || path.Base(d.path) != "config" || d.parent == nil {
		return false
	}
	p := d.parent
	switch {
	case path.Base(p.path) == "tljh" && !p.has("installer.py"), d.hasDir("jupyterhub_config.d"), p.hasDir("state") && p.hasDir("hub"):
	case p.hasDir("hub") || p.hasDir("state"):
		if text, _ := s.tree.text(file, headBytes); len(bytes.TrimSpace(text)) > 0 {
			if known, foreign := tljhKeys(text); known == 0 || foreign > 0 {
				return false
			}
		}
	default:
		return false
	}
	base := p.path
	if path.Base(base) == "tljh" {
		base = path.Dir(base)
		if path.Base(base) == "opt" {
			base = path.Dir(base)
		}
	}
	s.config(file, base, true, template)
	return true
}

func (s *discovery) config(file, base string, tree, template bool) {
	c := Config{Path: file, Tree: tree, Template: template, Base: base}
	if !template {
		text, _ := s.tree.text(file, headBytes)
		c.Template = templated.Match(text)
	}
	dir := path.Dir(file)
	for _, n := range s.tree.List(path.Join(dir, "jupyterhub_config.d")) {
		if hasSuffix(n, ".py") {
			c.Snippets = append(c.Snippets, path.Join(dir, "jupyterhub_config.d", n))
		}
	}
	for _, n := range s.tree.List(path.Join(dir, "traefik_config.d")) {
		if hasSuffix(n, ".toml") {
			c.Traefik = append(c.Traefik, path.Join(dir, "traefik_config.d", n))
		}
	}
	s.c.Configs = append(s.c.Configs, c)
}

func (s *discovery) script(file string, template bool) {
	text, whole := s.tree.text(file, s.tree.limits.FileBytes)
	if text == nil {
		return
	}
	if isUserData(text) {
		s.c.CloudConfigs = append(s.c.CloudConfigs, file)
		return
	}
	if !whole && !mentions(text) {
		_ = s.tree.tooLarge(file)
	}
	s.c.Scripts = append(s.c.Scripts, Script{Path: file, Template: template, Plays: bytes.Contains(text, []byte("ansible-playbook")), Applies: bytes.Contains(text, []byte("puppet apply")),
		Clouds: makesMachines.Match(text), Mentions: mentions(text) || mentions([]byte(file))})
}

var (
	nginxSite = lazyregexp.New(`(?m)^\s*server\s*\{`)
	hostName  = lazyregexp.New(`^[a-z0-9-]+(?:\.[a-z0-9-]+)+$`)
	forSites  = lazyregexp.New(`(?i)nginx|proxy|sites-(?:available|enabled)/`)
)

// site says whether a file is a site of nginx that passes requests on. It is called as the site is, often, or anything.
func (s *discovery) site(file, name string) bool {
	if !forSites.MatchString(file) || path.Ext(name) != "" && !hostName.MatchString(name) {
		return false
	}
	text, _ := s.tree.text(file, headBytes)
	return bytes.Contains(text, []byte("proxy_pass")) && nginxSite.Match(text)
}

// odd looks at the first line of a file whose name does not say what it is.
func (s *discovery) odd(file string, template bool) {
	text, _ := s.tree.text(file, 256)
	switch {
	case isShebang(firstLine(text)):
		s.script(file, template)
	case isUserData(text):
		s.c.CloudConfigs = append(s.c.CloudConfigs, file)
	}
}

func (s *discovery) yaml(file string, template bool) {
	text, _ := s.tree.text(file, headBytes)
	switch {
	case len(text) == 0:
	case isUserData(text):
		s.c.CloudConfigs = append(s.c.CloudConfigs, file)
	case instanceConfig.Match(text) && mentions(text):
		s.c.CloudConfigs = append(s.c.CloudConfigs, file)
	case tljhConfig(file, text):
		s.config(file, path.Dir(file), false, template)
	case routed.Match(text) && bytes.Contains(text, []byte("loadBalancer")):
		s.unread(file, ProxyKind)
	default:
		kind := yamlKind(file, text)
		if kind == AnsibleKind && !template && len(s.c.Ansible) < maxAnsible {
			s.c.Ansible = append(s.c.Ansible, file)
		}
		s.unread(file, kind)
	}
}

// instanceConfig is a profile or instance of LXD or Incus with user data in it.
var instanceConfig = lazyregexp.New(`(?m)^\s*(?:user|cloud-init)\.(?:user|vendor)-data:`)

// routed is what Traefik's file provider reads.
var routed = lazyregexp.New(`(?m)^\s*routers:\s*$`)

var (
	playbook = lazyregexp.New(`(?m)^\s*-\s+(?:hosts|name|import_playbook|include_role|include_tasks|block|shell|command|copy|template|get_url)\s*:`)
	ansible  = lazyregexp.New(`(?:^|/)(?:roles|tasks|handlers|playbooks?|group_vars|host_vars|ansible)/`)
)

func yamlKind(file string, text []byte) string {
	switch {
	case path.Base(file) == "Pulumi.yaml" || path.Base(file) == "Pulumi.yml":
		return pulumi(text)
	case cloudFormation.Match(text):
		return CloudFormationKind
	case bytes.Contains(text, []byte("heat_template_version")):
		return "Heat template"
	case ansible.MatchString(file) || playbook.Match(text):
		return AnsibleKind
	}
	return ""
}

// json knows Packer's old format, CloudFormation and Azure's templates.
func (s *discovery) json(file string) {
	text, _ := s.tree.text(file, headBytes)
	switch {
	case bytes.Contains(text, []byte(`"builders"`)) && bytes.Contains(text, []byte(`"type"`)):
		s.c.Packer = append(s.c.Packer, file)
		s.unread(file, PackerKind)
	case cloudFormation.Match(text):
		s.unread(file, CloudFormationKind)
	case armTemplate.Match(text):
		s.unread(file, ARMKind)
	case isPlan(text):
		s.c.Plans = append(s.c.Plans, file)
	}
}

// isPlan says whether JSON looks like what terraform show -json prints; tools that sort its keys put a long one first.
func isPlan(text []byte) bool {
	return bytes.Contains(text, []byte(`"terraform_version"`)) && bytes.Contains(text, []byte(`"format_version"`)) ||
		bytes.Contains(text, []byte(`"root_module"`)) && bytes.Contains(text, []byte(`"provider_config"`))
}

// sample are directories whose jupyterhub_config.py is nobody's: documentation, and programs that were installed.
var sample = lazyregexp.New(`/(?:docs?|examples?|samples?|tests?|site-packages|dist-packages|node_modules|ci|share)/`)

// declaresMachines are kinds of files that can declare the hub's machine.
var declaresMachines = map[string]bool{"Vagrantfile": true, "Heat template": true,
	"Pulumi program": true, CDKKind: true}

var drivesTLJH = lazyregexp.New(`tljh-config|tljh\.jupyter\.org|the-littlest-jupyterhub/[^\s"']*bootstrap`)

// packaged is in the setup.py of a Python package; others are programs that set something up.
var packaged = lazyregexp.New(`\b(?:setuptools|distutils|skbuild)\b`)

// python takes programs that install or configure a hub, not plugins and their tests.
func (s *discovery) python(d *dir, file string) {
	if name := path.Base(file); strings.HasPrefix(name, "test_") || strings.Contains("/"+d.path+"/", "/tests/") {
		return
	}
	text, _ := s.tree.text(file, headBytes)
	if path.Base(file) == "setup.py" && packaged.Match(text) {
		return
	}
	if hooks.Match(text) {
		s.c.Hooks = append(s.c.Hooks, file)
	}
	if importsCDK.Match(text) {
		s.c.CDK = append(s.c.CDK, file)
	}
	switch {
	case path.Base(file) == "jupyterhub_config.py":
		if mentions(text) || mentions([]byte(file)) {
			s.c.Unread = append(s.c.Unread, Unread{file, SnippetKind})
		} else if text != nil && !sample.MatchString("/"+d.path+"/") {
			s.c.Snippets = append(s.c.Snippets, file)
		}
	case drivesTLJH.Match(text):
		s.c.Unread = append(s.c.Unread, Unread{file, ProgramKind})
	}
}

// unread notes a file of a kind without a reader when it speaks of TLJH.
func (s *discovery) unread(file, kind string) {
	if kind == "" {
		return
	}
	if Stack(kind) {
		s.c.Stacks = append(s.c.Stacks, Unread{file, kind})
		text, _ := s.tree.text(file, s.tree.limits.FileBytes)
		s.concerns(file, kind, text) // for one that turns out not to be readable
		return
	}
	if kind == PuppetKind && len(s.c.Puppet) < maxPuppet {
		s.c.Puppet = append(s.c.Puppet, file)
	}
	if HasReader(kind) && kind != AnsibleKind && kind != PuppetKind && len(s.c.Carriers) < maxCarriers {
		s.c.Carriers = append(s.c.Carriers, Unread{file, kind})
	}
	if declaresMachines[kind] {
		s.c.Machines = append(s.c.Machines, Unread{file, kind})
	}
	text, _ := s.tree.text(file, s.tree.limits.FileBytes)
	if mentions(text) {
		s.c.Unread = append(s.c.Unread, Unread{file, kind})
	}
	s.concerns(file, kind, text)
}

var submodulePath = lazyregexp.New(`(?m)^\s*path\s*=\s*(\S.*?)\s*$`)

func (s *discovery) submodules() {
	if !s.tree.Exists(".gitmodules") {
		return
	}
	src, err := s.tree.Open(".gitmodules")
	if err != nil {
		return
	}
	for _, m := range submodulePath.FindAllStringSubmatch(src.Text, 1000) {
		s.c.Submodules = append(s.c.Submodules, path.Clean(m[1]))
	}
}

// looseSnippets notes snippets that lie beside no config.yaml: something puts them in place, perhaps.
func (s *discovery) looseSnippets() {
	taken := map[string]bool{}
	for _, c := range s.c.Configs {
		for _, f := range append(c.Snippets, c.Traefik...) {
			taken[f] = true
		}
	}
	for _, d := range s.loose {
		for _, n := range s.tree.List(d) {
			if f := path.Join(d, n); !taken[f] && hasSuffix(n, ".py", ".toml") {
				s.c.Unread = append(s.c.Unread, Unread{f, SnippetKind})
			}
		}
	}
}

func (s *discovery) sort() {
	c := &s.c
	for _, l := range []*[]string{&c.Terraform, &c.VarFiles, &c.Plans, &c.CloudConfigs, &c.Infra, &c.Packer, &c.Ansible, &c.Puppet, &c.Submodules, &c.Packages, &c.Hooks, &c.CDK, &c.Snippets, &c.Runbooks} {
		slices.Sort(*l)
		*l = slices.Compact(*l)
	}
	slices.SortFunc(c.Scripts, func(a, b Script) int { return strings.Compare(a.Path, b.Path) })
	slices.SortFunc(c.Configs, func(a, b Config) int { return strings.Compare(a.Path, b.Path) })
	lists := [][]Unread{c.Unread, c.Machines, c.Carriers, c.Stacks}
	for _, l := range c.Concerns {
		lists = append(lists, l)
	}
	for _, l := range lists {
		slices.SortFunc(l, func(a, b Unread) int { return strings.Compare(a.Path, b.Path) })
	}
}
