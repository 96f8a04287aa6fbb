// Package azure reads Azure's virtual machines and what belongs to them (reference/providers.md §4.3).
package azure

import (
	"fmt"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/model"
)

type reader struct {
	m     *model.Infra
	hosts []*host
}

type host struct {
	*model.Instance
	legacy bool // azurerm_virtual_machine
	nics   []*eval.Resource
	luns   map[int64]string // volume ids by LUN
}

// Instances finds the machines, their disks and addresses.
func Instances(m *model.Infra) *reader {
	r := &reader{m: m}
	for _, res := range m.Config.Of("azurerm_linux_virtual_machine", "azurerm_virtual_machine") {
		r.hosts = append(r.hosts, &host{Instance: m.AddInstance(res, "azure"), legacy: res.Type == "azurerm_virtual_machine", luns: map[int64]string{}})
	}
	for _, h := range r.hosts {
		r.machine(h)
		r.disk(h)
		r.network(h)
		r.identity(h)
	}
	r.dataDisks()
	r.scripts()
	return r
}

// Rest reads firewalls, backups, alerts, patching and images.
func (r *reader) Rest() {
	for _, h := range r.hosts {
		r.ingress(h)
		r.patch(h)
	}
	r.backups()
	r.alerts()
	r.images()
}

func or(vs ...*eval.Val) *eval.Val {
	for _, v := range vs {
		if !v.IsNull() {
			return v
		}
	}
	return nil
}

func first(v *eval.Val) *eval.Val {
	if b := v.Blocks(); len(b) > 0 {
		return b[0]
	}
	return nil
}

func (r *reader) machine(h *host) {
	at := h.At
	spot := doc.Of(false, doc.Default, at).Because("priority is Regular unless set")
	if p := h.Res.Attr("priority"); !p.IsNull() {
		s, ok := p.Str()
		if spot = model.Set(s == "Spot", p.At.Span()); !ok {
			spot = doc.UnknownOf(p.Reason(), p.At.Span())
		}
	}
	h.SetMachine(or(h.Res.Attr("size"), h.Res.Attr("vm_size")), spot)
	r.system(h)

	ssh := doc.NewMap(doc.Set, at)
	h.Put("ssh", ssh)
	keys := h.Res.Attr("admin_ssh_key").Blocks()
	off := h.Res.Attr("disable_password_authentication")
	if c := first(h.Res.Attr("os_profile_linux_config")); h.legacy && c != nil {
		keys, off = c.Attr("ssh_keys").Blocks(), c.Attr("disable_password_authentication")
	}
	n, where := doc.Of(len(keys), doc.Default, at).Because("no admin_ssh_key"), at
	if len(keys) > 0 {
		where = keys[0].At.Span()
		n = model.Set(len(keys), where)
		if keys[0].Kind == eval.Unknown {
			n = doc.UnknownOf(keys[0].Reason(), where)
		}
	}
	ssh.Put("keys", n)
	ssh.Put("key_refs", doc.NewList(doc.Unset, where))
	password := model.Bool(off, at)
	switch {
	case password.State == doc.Unset:
		password = doc.Of(false, doc.Default, at).Because("Azure switches password logins off unless disable_password_authentication is false")
		if v := h.Res.Attr("admin_password"); !v.IsNull() {
			password = model.Derived(true, "admin_password is set", v.At.Span())
		}
	case password.Kind == doc.Bool:
		password = model.Set(password.Value == false, password.At)
	}
	ssh.Put("password_auth", password)
	ssh.Put("alternative", doc.Of("none", doc.Default, at))
	for _, b := range r.m.Config.Of("azurerm_bastion_host") {
		h.otherWay("bastion", b.Addr, b)
	}

	for _, name := range []string{"custom_data", "user_data"} {
		v := h.Res.Attr(name)
		if p := first(h.Res.Attr("os_profile")); h.legacy && v.IsNull() {
			v = p.Attr(name)
		}
		if !v.IsNull() {
			h.UserData = append(h.UserData, model.UserData{Val: v.Decoded(), Attr: name})
			if !model.Ignores(h.Res, name) && name == "custom_data" {
				h.Hazard("user_data", h.Res.Where(name).Span())
			}
		}
	}
	var lock *doc.Node
	for _, l := range r.m.Config.Of("azurerm_management_lock") {
		if level, _ := l.Attr("lock_level").Str(); (level == "CanNotDelete" || level == "ReadOnly") && r.m.InstanceOf(l.Attr("scope")) == h.Instance {
			lock = model.Doubt(model.Derived(true, l.Addr, l.At.Span()), l.Cond)
		}
	}
	if lock == nil {
		lock = doc.Of(false, doc.Default, at).Because("no azurerm_management_lock on the machine")
	}
	h.SetProtection(lock)
	h.Put("tags", model.Tags(at, h.Res.Attr("tags")))
	h.Put("egress_restricted", doc.Of(false, doc.Default, at).Because("Azure lets traffic out unless a rule forbids it"))
	h.Put("metadata", model.Metadata(at, doc.Of(true, doc.Default, at).Because("the metadata service cannot be switched off"), doc.Of("optional", doc.Default, at), doc.UnsetAt(at)))
}

// otherWay notes a way in that asks for more than a password. One that may not be there says less than one that is.
func (h *host) otherWay(way, why string, res *eval.Resource) {
	ssh := h.Node.Get("ssh")
	if old := ssh.Get("alternative"); res.Cond == "" || old.State == doc.Default {
		ssh.Put("alternative", model.Doubt(model.Derived(way, why, res.At.Span()), res.Cond))
	}
}

func (r *reader) system(h *host) {
	ref := or(first(h.Res.Attr("source_image_reference")), first(h.Res.Attr("storage_image_reference")))
	if ref == nil || ref.Kind != eval.Map || !ref.Attr("id").IsNull() {
		image := or(h.Res.Attr("source_image_id"), ref.Attr("id"))
		h.SetOS(image, nil, "")
		return
	}
	var parts []string
	for _, k := range []string{"publisher", "offer", "sku", "version"} {
		s, ok := ref.Attr(k).Str()
		if !ok && k != "version" {
			h.SetOS(ref.Attr(k), nil, "sku")
			return
		}
		parts = append(parts, s)
	}
	pinned := doc.Of(parts[3] != "latest" && parts[3] != "", doc.Derived, ref.At.Span())
	h.SetOS(eval.Text(strings.Join(parts, ":"), ref.At), pinned, "sku")
}

func (r *reader) disk(h *host) {
	b := or(first(h.Res.Attr("os_disk")), first(h.Res.Attr("storage_os_disk")))
	at := h.At
	if b != nil {
		at = b.At.Span()
	}
	disk := doc.NewMap(doc.Set, at)
	h.Put("boot_disk", disk)
	size := model.Num(b.Attr("disk_size_gb"), at)
	if size.State == doc.Unset {
		size = doc.UnknownOf("the image decides the size of the disk; set os_disk.disk_size_gb", at)
		if h.System == "ubuntu" || h.System == "debian" {
			size = doc.Of(30, doc.Default, at).Because("the size of the official image's disk")
		}
	}
	key := doc.Of("platform", doc.Default, at)
	if v := b.Attr("disk_encryption_set_id"); !v.IsNull() {
		key = model.Set("customer", v.At.Span())
	}
	del := doc.Of(true, doc.Default, at).Because("Terraform deletes the OS disk together with the machine")
	if h.legacy {
		del = model.Or(model.Bool(h.Res.Attr("delete_os_disk_on_termination"), at), false, "the OS disk stays unless delete_os_disk_on_termination is true")
	} else if p := r.m.Config.ProviderOf(h.Res); p != nil {
		if v := p.Body.Block("features").Block("virtual_machine").Attr("delete_os_disk_on_deletion"); !v.IsNull() {
			del = model.Bool(v, at)
		}
	}
	model.Disk(disk, size, model.Str(or(b.Attr("storage_account_type"), b.Attr("managed_disk_type")), at),
		doc.Of(true, doc.Default, at).Because("Azure encrypts disks at rest"), key, del)
	prepared := doc.Of(false, doc.Derived, at)
	if t := r.m.Named(h.Res.Attr("source_image_id"), "id", "azurerm_image", "azurerm_shared_image_version", "azurerm_shared_image"); t != nil {
		prepared = model.Derived(true, "it starts from "+t.Addr, h.Res.Attr("source_image_id").At.Span())
	}
	disk.Put("source_prepared_image", prepared)
}

func (r *reader) dataDisks() {
	for _, d := range r.m.Config.Of("azurerm_managed_disk") {
		at := d.At.Span()
		v := r.m.AddVolume(d.Addr, d, at)
		key := doc.Of("platform", doc.Default, at)
		if k := d.Attr("disk_encryption_set_id"); !k.IsNull() {
			key = model.Set("customer", k.At.Span())
		}
		model.Disk(v.Node, model.Num(d.Attr("disk_size_gb"), at), model.Str(d.Attr("storage_account_type"), at),
			doc.Of(true, doc.Default, at).Because("Azure encrypts disks at rest"), key, doc.Of(false, doc.Default, at).Because("a managed disk outlives the machine"))
		v.Node.Put("prevent_destroy", model.PreventDestroy(d))
	}
	for _, a := range r.m.Config.Of("azurerm_virtual_machine_data_disk_attachment") {
		i := r.m.InstanceOf(a.Attr("virtual_machine_id"))
		v := r.m.VolumeOf(r.m.Named(a.Attr("managed_disk_id"), "id", "azurerm_managed_disk"))
		for _, h := range r.hosts {
			if h.Instance == i && v != nil {
				r.m.Attach(v, i, a.At.Span(), a.Cond)
				if lun, ok := a.Attr("lun").Int(); ok {
					h.luns[lun] = v.ID
				}
			} else if h.Instance == i {
				h.VolumesWhy = a.Addr + " attaches a disk that is not in this repository"
			}
		}
	}
	for _, h := range r.hosts {
		for k, b := range h.Res.Attr("storage_data_disk").Blocks() {
			at := b.At.Span()
			v := r.m.AddVolume(fmt.Sprintf("%s.storage_data_disk[%d]", h.ID, k), nil, at)
			model.Disk(v.Node, model.Num(b.Attr("disk_size_gb"), at), model.Str(b.Attr("managed_disk_type"), at), doc.Of(true, doc.Default, at),
				doc.Of("platform", doc.Default, at), model.Or(model.Bool(h.Res.Attr("delete_data_disks_on_termination"), at), false, "data disks stay unless delete_data_disks_on_termination is true"))
			r.m.Attach(v, h.Instance, at, h.Cond)
			if lun, ok := b.Attr("lun").Int(); ok {
				h.luns[lun] = v.ID
			}
		}
	}
}

func (r *reader) identity(h *host) {
	b := first(h.Res.Attr("identity"))
	if b == nil {
		h.Put("identity", model.NoIdentity(h.At, "no identity block, so no credentials"))
		return
	}
	at := b.At.Span()
	n := doc.NewMap(doc.Set, at)
	n.Put("attached", model.Set(true, at))
	n.Put("ref", model.Str(b.Attr("type"), at))
	n.Put("scopes", doc.NewList(doc.Unset, at))
	privileged := doc.UnknownOf("what this identity may do is not in this repository", at)
	for _, a := range r.m.Config.Of("azurerm_role_assignment") {
		mine := r.m.InstanceOf(a.Attr("principal_id")) == h.Instance
		for _, id := range b.Attr("identity_ids").List() {
			x, _ := id.Target()
			y, _ := a.Attr("principal_id").Target()
			mine = mine || x != nil && x == y
		}
		if !mine {
			continue
		}
		role, ok := a.Attr("role_definition_name").Str()
		switch {
		case role == "Owner" || role == "Contributor" || role == "User Access Administrator":
			privileged = model.Derived(true, "it is "+role, a.At.Span())
		case ok && privileged.State == doc.Unknown:
			privileged = model.Derived(false, "it is "+role, a.At.Span())
		}
	}
	n.Put("privileged", privileged)
	h.Put("identity", n)
}

func (r *reader) images() {
	for _, res := range r.m.Config.Of("azurerm_image") {
		if i := r.m.InstanceOf(res.Attr("source_virtual_machine_id")); i != nil {
			r.m.Image(res, "instance_image", i.ID)
		}
	}
	for _, res := range r.m.Config.Of("azurerm_shared_image_version", "azurerm_snapshot") {
		for _, name := range []string{"managed_image_id", "source_uri", "source_resource_id"} {
			v := res.Attr(name)
			if i := r.m.InstanceOf(v); i != nil {
				r.m.Image(res, "instance_image", i.ID)
			} else if d := r.m.VolumeOf(r.m.Named(v, "id", "azurerm_managed_disk")); d != nil {
				r.m.Image(res, "disk_snapshot", d.ID)
			}
		}
	}
}
