package other

import (
	"math"
	"strconv"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/model"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// size says which arguments of a machine hold its processors and its memory, where no machine type stands for both. An
// argument in a block or map is written "block.argument"; alternatives are tried in order.
type size struct {
	cores  []string
	times  string // processors that have that many cores each
	memory []string
	unit   float64 // MiB of one
	data   string  // user data
}

const (
	mib   = 1
	gib   = 1024
	bytes = 1.0 / (1 << 20)
)

// sizes are the types of machines of virtualization at home and of clouds that sell cores and memory; arguments as their
// providers' documentation names them.
var sizes = map[string]size{
	"vsphere_virtual_machine":               {cores: []string{"num_cpus"}, memory: []string{"memory"}, unit: mib, data: "user_data"},
	"proxmox_vm_qemu":                       {cores: []string{"cpu.cores", "cores"}, times: "sockets", memory: []string{"memory"}, unit: mib, data: "cicustom"},
	"proxmox_lxc":                           {cores: []string{"cores"}, memory: []string{"memory"}, unit: mib},
	"proxmox_virtual_environment_vm":        {cores: []string{"cpu.cores"}, times: "cpu.sockets", memory: []string{"memory.dedicated"}, unit: mib},
	"proxmox_virtual_environment_container": {cores: []string{"cpu.cores"}, memory: []string{"memory.dedicated"}, unit: mib},
	"libvirt_domain":                        {cores: []string{"vcpu"}, memory: []string{"memory"}, unit: mib, data: "cloudinit"},
	"xenorchestra_vm":                       {cores: []string{"cpus"}, memory: []string{"memory_max"}, unit: bytes, data: "cloud_config"},
	"nutanix_virtual_machine":               {cores: []string{"num_vcpus_per_socket"}, times: "num_sockets", memory: []string{"memory_size_mib"}, unit: mib},
	"lxd_instance":                          {cores: []string{"limits.cpu"}, memory: []string{"limits.memory"}, unit: bytes, data: "config.user.user-data"},
	"lxd_container":                         {cores: []string{"limits.cpu"}, memory: []string{"limits.memory"}, unit: bytes, data: "config.user.user-data"},
	"incus_instance":                        {cores: []string{"config.limits.cpu"}, memory: []string{"config.limits.memory"}, unit: bytes, data: "config.cloud-init.user-data"},
	"multipass_instance":                    {cores: []string{"cpus"}, memory: []string{"memory"}, unit: bytes},
	"sakuracloud_server":                    {cores: []string{"core"}, memory: []string{"memory"}, unit: gib, data: "user_data"},
	"ionoscloud_server":                     {cores: []string{"cores"}, memory: []string{"ram"}, unit: mib},
	"yandex_compute_instance":               {cores: []string{"resources.cores"}, memory: []string{"resources.memory"}, unit: gib, data: "metadata.user-data"},
}

// under is the value of "argument" or "block.argument": the rest of a name is one key where it is one.
func under(res *eval.Resource, name string) *eval.Val {
	first, rest, nested := strings.Cut(name, ".")
	v := res.Attr(first)
	if nested {
		v = v.Attr(rest)
	}
	return v
}

func first(res *eval.Resource, names []string) *eval.Val {
	for _, n := range names {
		if v := under(res, n); !v.IsNull() {
			return v
		}
	}
	return nil
}

// setSize writes down processors and memory.
func (s size) setSize(i *model.Instance, res *eval.Resource) {
	i.SetMachine(nil, doc.UnknownOf("the provider "+res.Type+" is not understood in this", i.At))
	m := i.Node.Get("machine")
	memory := first(res, s.memory)
	m.Put("memory_mib", measured(memory, s.unit, "memory", i.At))
	cores := first(res, s.cores)
	n := measured(cores, 1, "number of processors", i.At)
	if s.times != "" && n.State == doc.Set {
		if by := under(res, s.times); !by.IsNull() {
			if k, ok := by.Int(); ok {
				have, _ := n.Int()
				n = doc.Of(have*k, doc.Derived, n.At)
			} else {
				n = doc.UnknownOf(by.Reason(), by.At.Span())
			}
		}
	}
	m.Put("vcpu", n)
}

var quantity = lazyregexp.New(`^\s*([0-9]+(?:\.[0-9]+)?)\s*([KMGTkmgt]?)(i?)[Bb]?\s*$`)

// measured is a number, or a text with a unit such as 8GiB; a number alone counts unit.
func measured(v *eval.Val, unit float64, what string, at span.Span) *doc.Node {
	if v.IsNull() {
		return doc.UnknownOf("the "+what+" is not written", at)
	}
	at = v.At.Span()
	if f, ok := v.Num(); ok {
		return whole(f*unit, at)
	}
	s, ok := v.Str()
	if !ok {
		return doc.UnknownOf(v.Reason(), at)
	}
	q := quantity.FindStringSubmatch(s)
	if q == nil {
		return doc.UnknownOf("this is no number with a unit", at)
	}
	f, err := strconv.ParseFloat(q[1], 64)
	if err != nil {
		return doc.UnknownOf("this is no number with a unit", at)
	}
	if q[2] == "" {
		return whole(f*unit, at)
	}
	base := 1000.0
	if q[3] == "i" {
		base = 1024
	}
	return whole(f*math.Pow(base, float64(strings.Index("kmgt", strings.ToLower(q[2]))+1))*bytes, at)
}

func whole(f float64, at span.Span) *doc.Node {
	if f < 0 || f > 1e9 || math.IsNaN(f) {
		return doc.UnknownOf("this is no size of a machine", at)
	}
	return doc.Of(int64(f), doc.Set, at)
}
