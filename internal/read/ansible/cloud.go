package ansible

import (
	"fmt"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

// Make is a task, or a turn of its loop, that makes something in a cloud.
type Make struct {
	Cloud  string // aws, digitalocean, openstack, google, azure, hetzner, linode, vultr
	Kind   string // the module without what names its cloud: "ec2_instance", "droplet"
	Module string // as it is written
	Cond   string // why it may not be made; "" if it is
	Turn   int    // of a task that makes several
	At     span.Text
	args   value
}

// Added is a host that a playbook adds to its inventory while it runs.
type Added struct {
	Names []string // of the host, as far as it is known, and of its groups
	Of    []*Make  // what its address is taken from; nil where that is not a result of this playbook
	vars  map[string]value
}

// origin is what a result of a task in a cloud is about.
type origin struct{ makes []*Make }

// clouds are the collections of modules of each cloud.
var clouds = map[string]string{"amazon.aws": "aws", "community.aws": "aws", "community.digitalocean": "digitalocean", "digitalocean.cloud": "digitalocean",
	"openstack.cloud": "openstack", "google.cloud": "google", "azure.azcollection": "azure", "hetzner.hcloud": "hetzner",
	"linode.cloud": "linode", "vultr.cloud": "vultr", "ngine_io.vultr": "vultr"}

// prefixes are what names of modules begin with that come from the time before collections, or are used without one.
var prefixes = []struct{ prefix, cloud string }{{"digital_ocean_", "digitalocean"}, {"os_", "openstack"}, {"gcp_", "google"}, {"azure_rm_", "azure"},
	{"hcloud_", "hetzner"}, {"linode_", "linode"}, {"vultr_", "vultr"}}

// cloudOf is the cloud of a module, and its name there; "" for one that has nothing to do with a cloud.
func cloudOf(full string) (cloud, kind string) {
	name := shortName(full)
	collection := ""
	if len(name) < len(full) {
		collection = full[:len(full)-len(name)-1]
	}
	cloud = clouds[collection]
	if cloud == "" && collection != "" && collection != "ansible.builtin" && collection != "ansible.legacy" && collection != "community.general" && collection != "community.hrobot" {
		return "", ""
	}
	for _, p := range prefixes {
		if rest, ok := strings.CutPrefix(name, p.prefix); ok && (cloud == "" || cloud == p.cloud) && !strings.HasPrefix(name, "os_family") {
			return p.cloud, rest
		}
	}
	switch {
	case cloud != "":
		return cloud, name
	case name == "ec2" || strings.HasPrefix(name, "ec2_") && name != "ec2_metadata_facts" || name == "route53" || name == "lightsail":
		return "aws", name
	case name == "digital_ocean":
		return "digitalocean", name
	case name == "linode":
		return "linode", name
	}
	return "", ""
}

// machines are the modules that make machines and whose arguments are worked out.
var machines = []string{"aws ec2_instance", "aws ec2", "aws lightsail", "digitalocean droplet", "digitalocean digital_ocean", "openstack server", "google compute_instance",
	"azure virtualmachine", "hetzner server", "linode v4", "linode instance", "vultr server", "vultr instance"}

// IsMachine says whether m makes a machine.
func (m *Make) IsMachine() bool { return slices.Contains(machines, m.Cloud+" "+m.Kind) }

// inCloud notes what a module makes in a cloud, or that it makes machines in a way that is not worked out; false if it does neither.
func (c *call) inCloud() bool {
	cloud, kind := cloudOf(c.full)
	if makers[c.name] && !slices.Contains(machines, cloud+" "+kind) {
		c.r.book.Machines = append(c.r.book.Machines, Gap{c.full, c.at})
		return true
	}
	return cloud != "" && c.makesIn(cloud, kind)
}

// delegated looks at a task that another machine than the play's does: what it makes in a cloud is made all the same.
func (r *run) delegated(n, key, arg *yaml.Node) {
	c := r.callOf(n, key, arg)
	if c.name == "add_host" {
		c.addHost()
		return
	}
	r.away = !r.play.Local
	c.inCloud()
	r.away = false
}

// asksCloud says whether a module only asks its cloud, or is about a machine that is there.
func (c *call) asksCloud() bool {
	if strings.HasSuffix(c.name, "_info") || strings.HasSuffix(c.name, "_facts") {
		return true
	}
	if !slices.Contains([]string{"stopped", "restarted", "rebooted", "running", "started", "list", "get", "active", "inactive"}, c.str("state")) && c.str("state") != "" {
		return false
	}
	for _, have := range []string{"instance_ids", "id", "droplet_id"} { // it is about something that is there
		if c.has(have) && !c.has("image") && !c.has("image_id") && !c.has("size") && (c.str("state") != "" || have == "instance_ids") {
			return strings.Contains(" ec2 ec2_instance droplet digital_ocean_droplet hcloud_server server instance linode_v4 ", " "+c.name+" ")
		}
	}
	return c.str("state") == "list" || c.str("state") == "get"
}

// makesIn notes what a task makes in a cloud.
func (c *call) makesIn(cloud, kind string) bool {
	r := c.r
	if c.asksCloud() {
		return true
	}
	switch state := c.str("state") + c.str("command"); {
	case span.IsUnknown(state):
		r.doubt("whether it is to be there is not known: "+span.Reason(state), c.at)
	case slices.Contains([]string{"absent", "terminated", "deleted", "delete", "destroy", "destroyed", "removed", "detached"}, state):
		return true
	}
	args := dictValue(c.key)
	for _, k := range sortedKeys(c.args) {
		if v := r.deep(c.args[k]); !v.omit && v.kind != null {
			args.put(k, v)
		}
	}
	m := Make{Cloud: cloud, Kind: kind, Module: c.full, At: c.key, args: args}
	switch {
	case r.cond != nil:
		m.Cond = r.cond.Why
	case r.early != nil:
		m.Cond = r.early.Why
	case r.loop:
		m.Cond = "how often the loop around it runs is not known"
	}
	n, why := c.times()
	if m.Cond == "" {
		m.Cond = why
	}
	for k := 0; k < n && len(r.book.Makes) < maxMakes; k++ {
		one := m
		one.Turn = k
		r.book.Makes = append(r.book.Makes, &one)
		r.last = append(r.last, &one)
		if r.away {
			r.book.Added = append(r.book.Added, Added{Names: append([]string{r.play.Hosts}, r.play.Names...), Of: []*Make{&one}})
		}
	}
	return true
}

const (
	maxMakes = 1000
	maxTimes = 20
)

// times is how many a task makes at once; why says that this is not known.
func (c *call) times() (n int, why string) {
	v := c.get("exact_count", "count")
	switch {
	case v.kind == undefined && v.why == "" || v.kind == dict || v.kind == list:
		return 1, ""
	case v.kind == str && strings.Trim(v.text.String(), "0123456789") == "" && v.text.Len() < 6:
		v = integer(v, v.text.String(), v.text)
	}
	if v.kind != number {
		return 1, "how many are made is not known: " + openWhy(v)
	}
	return max(0, min(int(v.n), maxTimes)), ""
}

// result is what a task in a cloud registers.
func (r *run) result(name string, c *call, at span.Text) (value, bool) {
	cloud, _ := cloudOf(c.full)
	if cloud == "" {
		return value{}, false
	}
	v := unknownValue(fmt.Sprintf("%s is the result of a task", name), at)
	v.from = &origin{r.last}
	return v, true
}

// sub is the origin of one element of a result.
func (o *origin) sub(key value) *origin {
	if o == nil || len(o.makes) < 2 {
		return o
	}
	if i, ok := index(key.n, len(o.makes)); key.kind == number && ok {
		return &origin{o.makes[i : i+1]}
	}
	return o
}

// addHost notes a host that is added to the inventory, with its variables.
func (c *call) addHost() {
	r := c.r
	a := Added{vars: map[string]value{}}
	name := c.get("name", "hostname", "host")
	for _, g := range c.texts("groups", "group", "groupname") {
		a.Names = append(a.Names, span.Show(g.String()))
	}
	if s := name.python(); !span.IsUnknown(s) && name.kind == str {
		a.Names = append(a.Names, s)
	}
	known := true
	for _, v := range []value{name, c.get("ansible_host"), c.get("ansible_ssh_host")} {
		_, open := v.open()
		known = known && (!open || v.kind == undefined && v.why == "")
		if v.from != nil {
			a.Of = append(a.Of, v.from.makes...)
		}
	}
	for k, v := range c.args {
		if !slices.Contains([]string{"name", "hostname", "host", "groups", "group", "groupname"}, k) {
			a.vars[k] = r.deep(v)
		}
	}
	r.added = append(r.added, a)
	if !known && len(r.book.Added) < maxMakes {
		r.book.Added = append(r.book.Added, a)
	}
}

// addedVars are the variables that hosts were added with to the groups of a play.
func (r *run) addedVars(t target) map[string]value {
	var ways []map[string]value
	for _, a := range r.added {
		for _, n := range a.Names {
			if slices.Contains(t.groups, n) || slices.Contains(t.hosts, n) || t.pattern == "all" && len(t.hosts) == 0 {
				own := map[string]value{}
				merge(own, a.vars)
				ways = append(ways, own)
				break
			}
		}
	}
	if len(ways) == 0 {
		return nil
	}
	return agree(ways)
}
