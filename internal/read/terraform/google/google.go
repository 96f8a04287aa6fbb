// Package google reads Compute Engine machines and what belongs to them (reference/providers.md §4.2).
package google

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/model"
)

type reader struct {
	m     *model.Infra
	hosts []*host
}

// host is a machine and the instance template it may come from.
type host struct {
	*model.Instance
	template *eval.Resource
	boot     *eval.Resource // a boot disk of its own, nil for one declared inside
	image    bool           // made from an image of a whole machine
}

func (h *host) attr(name string) *eval.Val {
	if v := h.Res.Attr(name); !v.IsNull() || h.template == nil {
		return v
	}
	return h.template.Attr(name)
}

// Instances finds the machines, their disks and addresses.
func Instances(m *model.Infra) *reader {
	r := &reader{m: m}
	for _, res := range m.Config.Of("google_compute_instance") {
		r.hosts = append(r.hosts, &host{Instance: m.AddInstance(res, "gcp")})
	}
	for _, res := range m.Config.Of("google_compute_instance_from_template") {
		t := m.Named(res.Attr("source_instance_template"), "name", "google_compute_instance_template")
		r.hosts = append(r.hosts, &host{Instance: m.AddInstance(res, "gcp"), template: t})
	}
	for _, res := range m.Config.Of("google_compute_instance_from_machine_image") {
		r.hosts = append(r.hosts, &host{Instance: m.AddInstance(res, "gcp"), image: true})
	}
	for _, res := range m.Config.Of("google_compute_instance_group_manager", "google_compute_region_instance_group_manager") {
		if n, ok := res.Attr("target_size").Int(); ok && n == 1 {
			for _, v := range res.Attr("version").Blocks() {
				if t := m.Named(v.Attr("instance_template"), "name", "google_compute_instance_template"); t != nil {
					r.hosts = append(r.hosts, &host{Instance: m.AddInstance(res, "gcp"), template: t})
					break
				}
			}
		}
	}
	for _, h := range r.hosts {
		r.machine(h)
		r.disks(h)
		r.address(h)
		r.identity(h)
	}
	r.attached()
	return r
}

// Rest reads firewalls, backups, alerts, patching and images.
func (r *reader) Rest() {
	for _, h := range r.hosts {
		r.firewall(h)
	}
	r.snapshots()
	r.alerts()
	r.patching()
	r.images()
}

func (r *reader) machine(h *host) {
	at := h.At
	spot := doc.Of(false, doc.Default, at).Because("a standard machine, unless scheduling says otherwise")
	for _, b := range h.attr("scheduling").Blocks() {
		p, _ := b.Attr("preemptible").Bool()
		kind, _ := b.Attr("provisioning_model").Str()
		if p || kind == "SPOT" {
			spot = model.Set(true, b.At.Span())
		}
	}
	h.SetMachine(h.attr("machine_type"), spot)
	meta := h.attr("metadata")
	ssh := doc.NewMap(doc.Set, at)
	h.Put("ssh", ssh)
	keys := doc.UnknownOf("keys of the whole project may apply, which are not in this repository; set metadata ssh-keys or enable-oslogin", at)
	for _, name := range []string{"ssh-keys", "sshKeys"} {
		if v := meta.Attr(name); !v.IsNull() && v.Kind == eval.String {
			n := 0
			for _, line := range strings.Split(v.T.String(), "\n") {
				if strings.TrimSpace(line) != "" {
					n++
				}
			}
			keys = model.Set(n, v.At.Span())
		}
	}
	if b, _ := meta.Attr("block-project-ssh-keys").Bool(); b && keys.State == doc.Unknown {
		keys = model.Set(0, meta.Attr("block-project-ssh-keys").At.Span())
	}
	oslogin := meta.Attr("enable-oslogin")
	for _, p := range r.m.Config.Of("google_compute_project_metadata", "google_compute_project_metadata_item") {
		item := p.Attr("metadata").Attr("ssh-keys")
		login := p.Attr("metadata").Attr("enable-oslogin")
		switch k, _ := p.Attr("key").Str(); k {
		case "ssh-keys":
			item = p.Attr("value")
		case "enable-oslogin":
			login = p.Attr("value")
		}
		if !item.IsNull() && keys.State == doc.Unknown {
			keys = model.Derived(1, "keys of the project", item.At.Span())
		}
		if oslogin.IsNull() {
			oslogin = login
		}
	}
	alternative := doc.Of("none", doc.Default, at)
	if on, ok := oslogin.Bool(); ok && on {
		alternative = model.Derived("oslogin", "enable-oslogin", oslogin.At.Span())
		if keys.State == doc.Unknown {
			keys = model.Derived(0, "with OS Login, keys belong to people's accounts", oslogin.At.Span())
		}
	}
	ssh.Put("keys", keys)
	ssh.Put("key_refs", doc.NewList(doc.Unset, at))
	ssh.Put("password_auth", doc.UnsetAt(at))
	ssh.Put("alternative", alternative)

	for _, u := range []model.UserData{
		{Val: h.attr("metadata_startup_script"), Attr: "metadata_startup_script", EveryBoot: true, Script: true},
		{Val: meta.Attr("startup-script"), Attr: "metadata", EveryBoot: true, Script: true},
		{Val: meta.Attr("user-data"), Attr: "metadata"},
	} {
		if u.Val.IsNull() || meta.IsUnknown() && u.Attr == "metadata" {
			continue
		}
		h.UserData = append(h.UserData, u)
		if u.Attr == "metadata_startup_script" && !model.Ignores(h.Res, u.Attr) {
			h.Hazard("user_data", h.Res.Where(u.Attr).Span())
		}
	}
	labels := []*eval.Val{h.attr("labels")}
	if p := r.m.Config.ProviderOf(h.Res); p != nil {
		labels = append([]*eval.Val{p.Body.Attr("default_labels")}, labels...)
	}
	h.Tags = labels
	h.Put("tags", model.Tags(at, labels...))
	h.Put("egress_restricted", doc.Of(false, doc.Default, at).Because("Google Cloud lets traffic out unless a rule forbids it"))
	h.SetProtection(model.Or(model.Bool(h.attr("deletion_protection"), at), false, "Google Cloud allows deletion unless deletion_protection is true"))
}

func (r *reader) identity(h *host) {
	at := h.At
	h.Put("metadata", model.Metadata(at, doc.Of(true, doc.Default, at).Because("the metadata service cannot be switched off"),
		doc.Of("optional", doc.Default, at).Because("Google Cloud has no token mode"), doc.UnsetAt(at)))
	b := h.attr("service_account").Blocks()
	if len(b) == 0 {
		h.Put("identity", model.NoIdentity(at, "no service_account block, so no credentials"))
		return
	}
	where := b[0].At.Span()
	n := doc.NewMap(doc.Set, where)
	n.Put("attached", model.Set(true, where))
	email := b[0].Attr("email")
	n.Put("ref", model.Or(model.Str(email, where), "the project's default service account", "no email is given"))
	if email.Kind == eval.Ref {
		n.Put("ref", model.Derived(email.From.String(), "", email.At.Span()))
	}
	scopes := model.Strings(b[0].Attr("scopes"), where)
	n.Put("scopes", scopes)
	wide := false
	for _, s := range scopes.Items {
		t, _ := s.Str()
		wide = wide || strings.HasSuffix(t, "cloud-platform")
	}
	own := r.m.Named(email, "email", "google_service_account")
	privileged := doc.UnknownOf("what the service account may do is not in this repository", where)
	switch {
	case email.IsNull() && wide:
		privileged = model.Derived(true, "the default service account with the scope cloud-platform", where)
	case !wide && scopes.State == doc.Set && allKnown(scopes):
		privileged = model.Derived(false, "the scopes are narrow", scopes.At)
	case own != nil:
		privileged = model.Derived(false, "no wide role is given to this service account", own.At.Span())
		for _, res := range r.m.Config.Of("google_project_iam_member", "google_project_iam_binding") {
			role, _ := res.Attr("role").Str()
			if role != "roles/editor" && role != "roles/owner" && !strings.HasSuffix(role, "Admin") && !strings.HasSuffix(role, ".admin") {
				continue
			}
			for _, member := range append(res.Attr("member").List(), res.Attr("members").List()...) {
				for _, l := range r.m.Config.Refs(member) {
					if l.Res == own {
						privileged = model.Derived(true, "it has "+role, res.At.Span())
					}
				}
			}
		}
	}
	n.Put("privileged", privileged)
	h.Put("identity", n)
}

func allKnown(list *doc.Node) bool {
	for _, it := range list.Items {
		if it.State == doc.Unknown {
			return false
		}
	}
	return true
}

func (r *reader) address(h *host) {
	nics := h.attr("network_interface").Blocks()
	found := false
	for _, nic := range nics {
		if nic.Kind != eval.Map {
			h.UnknownIP(nic.Reason(), nic.At.Span())
			return
		}
		for _, ac := range nic.Attr("access_config").Blocks() {
			found = true
			ip := ac.Attr("nat_ip")
			res := r.m.Named(ip, "address", "google_compute_address", "google_compute_global_address")
			switch {
			case ac.Kind != eval.Map:
				h.UnknownIP(ac.Reason(), ac.At.Span())
			case res != nil:
				r.m.Address[res], r.m.Owner[res] = "static", h.Instance
				h.PublicIP("static", doc.Set, res.Addr, "a reserved address", ip.At.Span(), res.Cond)
			case ip.IsNull():
				h.PublicIP("ephemeral", doc.Default, h.ID, "access_config without nat_ip: the address changes when the machine is stopped", ac.At.Span(), "")
			case ip.IsUnknown():
				t, _ := ip.Target()
				if t != nil && t.Data && t.Type == "google_compute_address" {
					h.PublicIP("static", doc.Set, t.Addr, "a reserved address from outside this repository", ip.At.Span(), "")
				} else {
					h.UnknownIP(ip.Reason(), ip.At.Span())
				}
			default:
				h.PublicIP("static", doc.Set, h.ID, "a literal address", ip.At.Span(), "")
			}
		}
	}
	switch {
	case !found && h.image && len(nics) == 0:
		h.UnknownIP("the image of the machine decides whether it has a public address", h.At)
	case !found:
		h.PublicIP("none", doc.Default, h.ID, "no access_config, so no public address", h.At, "")
	}
	for _, res := range r.m.Config.Of("google_compute_address") {
		if r.m.Address[res] == "" {
			r.m.Address[res] = "static"
		}
	}
	for _, g := range r.m.Config.Of("google_compute_instance_group", "google_compute_target_pool") {
		for _, v := range g.Attr("instances").List() {
			if r.m.InstanceOf(v) == h.Instance && r.balanced(g) {
				h.PublicIP("lb", doc.Set, g.Addr, "a load balancer stands in front", v.At.Span(), g.Cond)
			}
		}
	}
	for _, res := range r.m.Config.Of("google_compute_global_address", "google_compute_forwarding_rule", "google_compute_global_forwarding_rule") {
		r.m.Address[res] = "lb"
	}
}

// balanced says whether a group of machines is behind a load balancer.
func (r *reader) balanced(group *eval.Resource) bool {
	if group.Type == "google_compute_target_pool" {
		return true
	}
	for _, b := range r.m.Config.Of("google_compute_backend_service", "google_compute_region_backend_service") {
		for _, v := range b.Attr("backend").Blocks() {
			if t, _ := v.Attr("group").Target(); t == group {
				return true
			}
		}
	}
	return false
}

func (r *reader) images() {
	for _, res := range r.m.Config.Of("google_compute_machine_image") {
		if i := r.m.InstanceOf(res.Attr("source_instance")); i != nil {
			r.m.Image(res, "instance_image", i.ID)
		}
	}
	for _, res := range r.m.Config.Of("google_compute_image", "google_compute_snapshot") {
		for _, id := range r.diskIDs(res.Attr("source_disk")) {
			kind := "disk_snapshot"
			if res.Type == "google_compute_image" {
				kind = "instance_image"
			}
			r.m.Image(res, kind, id)
		}
	}
}
