package machine

import (
	"testing"
	"time"

	"github.com/tljh-policy/tljh-policy/policies/data"
)

func machinesJSON() []byte { return data.Machines }

func TestOS(t *testing.T) {
	for _, c := range []struct {
		provider, image, want string // family version [pinned] [pro] from; "" unknown
	}{
		{"aws", "ubuntu/images/hvm-ssd/ubuntu-jammy-22.04-amd64-server-*", "ubuntu 22.04 filter"},
		{"aws", "ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-server-*", "ubuntu 24.04 filter"},
		{"aws", "ubuntu/images/hvm-ssd/ubuntu-focal-20.04-amd64-server-20230517", "ubuntu 20.04 pinned filter"},
		{"aws", "debian-12-amd64-*", "debian 12 filter"},
		{"aws", "/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id", "ubuntu 24.04 family"},
		{"aws", "/aws/service/canonical/ubuntu/server/noble/stable/current/amd64/hvm/ebs-gp3/ami-id", "ubuntu 24.04 family"},
		{"aws", "/aws/service/debian/release/12/latest/amd64", "debian 12 family"},
		{"aws", "amzn2-ami-hvm-*-x86_64-gp2", "other  filter"},
		{"aws", "ami-0abcdef1234567890", ""},
		{"gcp", "ubuntu-os-cloud/ubuntu-2204-lts", "ubuntu 22.04 family"},
		{"gcp", "ubuntu-os-cloud/ubuntu-2404-lts-amd64", "ubuntu 24.04 family"},
		{"gcp", "ubuntu-minimal-2204-lts", "ubuntu 22.04 family"},
		{"gcp", "projects/ubuntu-os-pro-cloud/global/images/family/ubuntu-pro-2204-lts", "ubuntu 22.04 pro family"},
		{"gcp", "ubuntu-os-cloud/ubuntu-2204-jammy-v20240501", "ubuntu 22.04 pinned slug"},
		{"gcp", "debian-cloud/debian-12", "debian 12 family"},
		{"gcp", "centos-cloud/centos-stream-9", "other  family"},
		{"azure", "Canonical:UbuntuServer:18.04-LTS:latest", "ubuntu 18.04 sku"},
		{"azure", "Canonical:0001-com-ubuntu-server-jammy:22_04-lts-gen2:latest", "ubuntu 22.04 sku"},
		{"azure", "Canonical:ubuntu-24_04-lts:server:24.04.202404230", "ubuntu 24.04 pinned sku"},
		{"azure", "Debian:debian-12:12-gen2:latest", "debian 12 sku"},
		{"azure", "MicrosoftWindowsServer:WindowsServer:2022-Datacenter:latest", "other  sku"},
		{"digitalocean", "ubuntu-24-04-x64", "ubuntu 24.04 slug"},
		{"digitalocean", "debian-12-x64", "debian 12 slug"},
		{"digitalocean", "rockylinux-9-x64", ""},
		{"digitalocean", "fedora-40-x64", "other  slug"},
		{"digitalocean", "112233445", ""},
		{"hetzner", "ubuntu-24.04", "ubuntu 24.04 slug"},
		{"linode", "linode/ubuntu24.04", "ubuntu 24.04 slug"},
		{"vultr", "2284", "ubuntu 24.04 slug"},
		{"vultr", "2136", "debian 12 slug"},
		{"vultr", "387", "ubuntu 20.04 slug"},
		{"linode", "linode/debian12", "debian 12 slug"},
		{"openstack", "Ubuntu 24.04", "ubuntu 24.04 slug"},
		{"jetstream2", "Featured-Ubuntu24", "ubuntu 24.04 slug"},
		{"digitalocean", "Featured-Ubuntu24", ""},
		{"lightsail", "ubuntu_22_04", "ubuntu 22.04 slug"},
		{"lightsail", "debian_12", "debian 12 slug"},
		{"other", "noble-server-cloudimg-amd64.img", "ubuntu 24.04 slug"},
		{"other", "noble-university-hub", ""},
		{"other", "ubuntu-jammy-24.04", ""},
		{"other", "ubuntu-20240423", ""},
		{"other", "debian-2023", ""},
		{"other", "my-hub-image", ""},
		{"other", "debian-ubuntu-22.04-debian-12", ""},
		{"other", "", ""},
	} {
		o, ok := OS(c.provider, c.image)
		got := ""
		if ok {
			got = o.Family + " " + o.Version
			if o.Pinned {
				got += " pinned"
			}
			if o.Pro {
				got += " pro"
			}
			got += " " + o.From
		}
		if got != c.want {
			t.Errorf("%s %q: %q, want %q", c.provider, c.image, got, c.want)
		}
	}
	for _, id := range []string{"ami-0abcdef1234567890", "6f8a1f7c-0000-4000-8000-00000000abcd", "112233445"} {
		if o, _ := OS("aws", id); !o.Pinned {
			t.Errorf("%s is one image", id)
		}
	}
}

func TestSupport(t *testing.T) {
	for _, c := range []struct {
		family, version, standard, extended string
		known, tljh, interim                bool
	}{
		{"ubuntu", "18.04", "2023-05-31", "2028-04-26", true, false, false},
		{"ubuntu", "22.04", "2027-06-01", "2032-04-21", true, true, false},
		{"ubuntu", "26.04", "2031-05-29", "2036-04-23", true, true, false},
		{"debian", "10", "2022-09-10", "2024-06-30", true, false, false},
		{"debian", "11", "2024-08-14", "2026-08-31", true, true, false},
		{"debian", "13", "2028-08-09", "2030-06-30", true, true, false},
		{"ubuntu", "23.10", "2024-07-31", "", true, true, true},
		{"ubuntu", "25.04", "2026-01-31", "", true, true, true},
		{"ubuntu", "21.10", "2022-07-31", "", true, false, true},
		{"ubuntu", "28.04", "", "", false, false, false},
		{"ubuntu", "24.05", "", "", false, false, false},
		{"ubuntu", "", "", "", false, false, false},
		{"debian", "14", "", "", false, false, false},
		{"other", "", "", "", true, false, false},
	} {
		l, ok := Support(System{Family: c.family, Version: c.version})
		if ok != c.known || l.TLJH != c.tljh || l.Interim != c.interim || date(l.StandardEnd) != c.standard || date(l.ExtendedEnd) != c.extended {
			t.Errorf("%s %s: %+v %v", c.family, c.version, l, ok)
		}
	}
}

func date(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.DateOnly)
}
