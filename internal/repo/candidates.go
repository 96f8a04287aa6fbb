package repo

// Candidates are the files of a checkout that may say something about a hub, by kind. All paths are relative to the
// checkout, with slashes, and every list is sorted. What a candidate really is, its reader decides.
type Candidates struct {
	VarFiles     []string            // *.tfvars, *.tfvars.json and terragrunt.hcl
	Plans        []string            // JSON files that look like terraform show -json
	Terraform    []string            // directories that hold *.tf, *.tofu, *.tf.json or *.tofu.json
	Scripts      []Script            // shell scripts
	Configs      []Config            // config.yaml files of TLJH
	CloudConfigs []string            // user data that is no script: #cloud-config, also below a jinja header, and MIME parts
	Infra        []string            // infra.yaml files
	Ansible      []string            // YAML files that may be playbooks or parts of them
	Puppet       []string            // Puppet's manifests, whether they speak of TLJH or not
	Packer       []string            // builders of images; their machine is not the hub's
	Runbooks     []string            // Markdown files, whatever they speak of
	Submodules   []string            // paths of Git submodules, which a plain checkout leaves empty
	Unread       []Unread            // files that set up a hub in a format without a reader yet
	Carriers     []Unread            // files in other formats that carry commands or files for a hub, with a reader, whether they speak of TLJH or not
	Stacks       []Unread            // files that declare machines in a format of another tool than Terraform, whether they speak of TLJH or not
	CDK          []string            // Python files of programs of the AWS CDK
	Machines     []Unread            // files that may declare machines, in a format without a reader yet, whether they speak of TLJH or not
	Concerns     map[string][]Unread // for each concern of concernWords the files that speak of it and that a reader may not cover, by path
	Packages     []string            // files that register a Python package as a plugin of TLJH
	Hooks        []string            // Python files with the code of a plugin
	Snippets     []string            // jupyterhub_config.py files that do not speak of TLJH: some JupyterHub's
}

// Script is a shell script.
type Script struct {
	Path     string
	Template bool // .sh.tpl, .sh.j2, .tftpl: rendered by something else first
	Plays    bool // runs Ansible's playbooks
	Applies  bool // runs Puppet with manifests
	Clouds   bool // may make machines at a cloud
	Mentions bool // speaks of TLJH: "tljh" or "the-littlest-jupyterhub", in any case
}

// Config is a file that is TLJH's configuration, by where it lies or by what it says.
type Config struct {
	Path     string
	Tree     bool     // it lies in a committed copy of /opt/tljh/config, so its place alone says what it is
	Template bool     // holds template syntax or a template's extension: it is rendered before use
	Base     string   // directory that stands for /opt/tljh's parent or, without a tree, the file's own directory
	Snippets []string // jupyterhub_config.d/*.py beside it, in the order TLJH loads them
	Traefik  []string // traefik_config.d/*.toml beside it
}

// Unread is a file that configures a hub in a format that has no reader yet.
type Unread struct {
	Path string
	Kind string // "Ansible", "Makefile", "GitHub workflow", "Dockerfile", "Vagrantfile", "Packer template" …
}
