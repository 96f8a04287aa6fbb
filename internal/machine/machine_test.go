package machine

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// TestLookup walks reference/providers.md §3: ladders, exceptions, custom and constrained types.
func TestLookup(t *testing.T) {
	for _, c := range []struct {
		provider, types string // "name vcpu gib[/disk] flags", flags: a arm64, b burstable, s shared, r recalled
	}{
		{"aws", `c5.large 2 4; c5a.xlarge 4 8; c6g.medium 1 2 a; c6gn.16xlarge 64 128 a; c7i-flex.large 2 4 b; c7i.48xlarge 192 384; c8gd.metal-24xl 96 192 a; a1.large 2 4 a;
			m4.10xlarge 40 160; m5.large 2 8; M5.LARGE 2 8; m5.24xlarge 96 384; m5.metal 96 384; m5zn.metal 48 192; m6a.metal 192 768; m6i.metal 128 512; m6g.metal 64 256 a; m7i-flex.xlarge 4 16 b; m8g.medium 1 4 a; m7i.metal-48xl 192 768;
			r3.large 2 15.25 r; r3.xlarge 4 30.5; r4.2xlarge 8 61; r5.large 2 16; r5b.metal 96 768; r6i.32xlarge 128 1024; r7iz.xlarge 4 32; r8g.4xlarge 16 128 a; x1.32xlarge 128 1952; x1e.xlarge 4 122; x2gd.medium 1 16 a; x2iezn.2xlarge 8 256;
			c3.8xlarge 32 60; c4.4xlarge 16 30; c4.8xlarge 36 60; c5n.large 2 5.25; c5n.4xlarge 16 42; c5n.9xlarge 36 96; c5n.18xlarge 72 192; c5n.metal 72 192; d2.4xlarge 16 122; d2.8xlarge 36 244; m3.medium 1 3.75; is4gen.medium 1 6 a; im4gn.large 2 8 a; i3.large 2 15.25; g4dn.xlarge 4 16; g5g.xlarge 4 8 a; p3.2xlarge 8 61; p4d.24xlarge 96 1152; inf1.24xlarge 96 192;
			t3.nano 2 0.5 b; t3a.medium 2 4 b; t4g.small 2 2 ab; t3.2xlarge 8 32 b; t2.nano 1 0.5 b; t2.small 1 2 b; t2.xlarge 4 16 b; t1.micro 1 0.6 b; m1.small 1 1.7; m2.4xlarge 8 68.4; c1.xlarge 8 7`},
		{"lightsail", `nano_3_0 2 0.5/20 br; micro_2_0 1 1/40 br; medium_2_0 2 4/80 br; 4xlarge_3_0 16 64/1280 br`},
		{"gcp", `e2-standard-2 2 8; e2-highmem-4 4 32; e2-highcpu-32 32 32; n1-standard-1 1 3.75; n1-highmem-4 4 26; n1-highcpu-8 8 7.2; n2-standard-4 4 16; n2d-highcpu-8 8 8; n2-highmem-128 128 864; n4-highcpu-4 4 8; n4a-standard-4 4 16 a; n4d-standard-4 4 16;
			t2d-standard-4 4 16; t2a-standard-4 4 16 a; c2-standard-30 30 120; c2d-highcpu-56 56 112; c3-standard-22 22 88; c3-standard-4-lssd 4 16; c3-standard-192-metal 192 768; c3d-highcpu-30 30 59; c3d-highcpu-8 8 16; c3d-highcpu-360 360 708; c3d-standard-60-lssd 60 240;
			c4-standard-2 2 7; c4-standard-4 4 15; c4-highmem-2 2 15; c4-highmem-4 4 31; c4a-standard-1 1 4 a; c4a-highmem-2-lssd 2 16 a; c4d-standard-2 2 7; c4d-standard-4 4 15; c4d-standard-8 8 31; c4d-highcpu-2 2 3; c4d-highcpu-4 4 7; c4d-highmem-4 4 31; z3-highmem-88 88 704; z3-highmem-176-standardlssd 176 1406; g2-standard-4 4 16; a2-highgpu-1g 12 85;
			e2-micro 2 1 bs; e2-small 2 2 bs; e2-medium 2 4 bs; f1-micro 1 0.6 bs; g1-small 1 1.7 bs; custom-2-8192 2 8; n1-custom-2-8192 2 8; custom-4-5120-ext 4 5; n2-custom-4-16384 4 16; e2-custom-2-2304 2 2.25; e2-custom-medium-4096 2 4 bs; e2-custom-micro-1024 2 1 bs; n4a-custom-4-16384 4 16 a;
			https://www.googleapis.com/compute/v1/projects/p/zones/europe-west1-b/machineTypes/e2-standard-4 4 16; zones/us-east1-b/machineTypes/n1-standard-2 2 7.5`},
		{"azure", `Standard_B1ls 1 0.5 b; Standard_B1s 1 1 b; Standard_B2s 2 4 b; standard_b2ms 2 8 b; Standard_B20ms 20 80 b; Standard_B2ats_v2 2 1 b; Standard_B2ls_v2 2 4 b; Standard_B2s_v2 2 8 b; Standard_B4as_v2 4 16 b; Standard_B2pts_v2 2 1 ab; Standard_B4ps_v2 4 16 ab;
			Standard_A1_v2 1 2; Standard_A4m_v2 4 32; Standard_D1 1 3.5; Standard_DS1_v2 1 3.5; Standard_D2_v2_Promo 2 7; Standard_DS3_v2 4 14; Standard_D5_v2 16 56; Standard_DS12-1_v2 1 28; Standard_DS13 8 56; Standard_D15_v2 20 140;
			Standard_D2s_v3 2 8; Standard_D4s_v5 4 16; Standard_D4ls_v5 4 8; Standard_D4lds_v5 4 8; Standard_D4ps_v5 4 16 a; Standard_D4pls_v5 4 8 a; Standard_D4as_v4 4 16; Standard_D64ps_v5 64 208 a; Standard_D64pds_v5 64 208 a; Standard_D64s_v5 64 256; Standard_D96ads_v6 96 384; Standard_D32-8s_v3 8 128;
			Standard_DC2s_v2 2 8; Standard_DC2s_v3 2 16; Standard_DC4as_v5 4 16; Standard_DC8eds_v5 8 32; Standard_DC8es_v6 8 32;
			Standard_E4s_v5 4 32; Standard_E8-4s_v5 4 64; Standard_E4-2ads_v5 2 32; Standard_E32ps_v5 32 208 a; Standard_E32pds_v5 32 208 a; Standard_E16ps_v5 16 128 a; Standard_EC32as_v5 32 192; Standard_EC32ads_v5 32 192; Standard_EC4as_v5 4 32; Standard_EC96as_v5 96 672; Standard_EC128es_v6 128 768;
			Standard_E64s_v3 64 432; Standard_E64i_v3 64 432; Standard_E64-16s_v3 16 432; Standard_E64ds_v4 64 504; Standard_E64as_v4 64 512; Standard_E80ids_v4 80 504; Standard_E96as_v4 96 672; Standard_E96ds_v5 96 672; Standard_E96-24s_v5 24 672; Standard_E96ps_v6 96 672 a; Standard_E96as_v6 96 672; Standard_E96s_v6 96 768; Standard_E104is_v5 104 672; Standard_E112ias_v5 112 672; Standard_E192is_v6 192 1832; Standard_E20s_v3 20 160;
			Standard_F4 4 8; Standard_F8s 8 16; Standard_F4s_v2 4 8; Standard_F72s_v2 72 144; Standard_F8als_v6 8 16; Standard_F8ams_v6 8 64; Standard_F8as_v6 8 32; Standard_FX4mds 4 84; Standard_FX96mds_v2 96 1832; Standard_L8s_v3 8 64; Standard_L4s 4 32`},
		{"digitalocean", `s-1vcpu-1gb 1 1/25 sr; s-1vcpu-512mb-10gb 1 0.5/10 s; s-4vcpu-8gb 4 8/160 s; s-8vcpu-32gb-640gb-intel 8 32/640 s; s-8vcpu-32gb-amd 8 32/400 s; s-2vcpu-8gb-amd 2 8 s; s-12vcpu-48gb 12 48 s; c-2 2 4/25; c-4 4 8/50; c-60-intel 60 120/750; c2-2vcpu-4gb 2 4/50; g-2vcpu-8gb 2 8/25; g-2vcpu-8gb-intel 2 8/30; gd-2vcpu-8gb 2 8/50; m-2vcpu-16gb 2 16/50; m3-2vcpu-16gb 2 16/150; m6-2vcpu-16gb 2 16/300; so1_5-2vcpu-16gb 2 16/450; gpu-h100x1-80gb 20 240; 2gb 2 2 sr; 64gb 20 64 sr`},
		{"hetzner", `cx22 2 4/40 s; CX23 2 4/40 s; cx11 1 2/20 sr; cpx52 12 24/480 s; cpx51 16 32/360 sr; ccx33 8 32/240; ccx12 2 8/80 r; cax21 4 8/80 as`},
		{"jetstream2", `m3.tiny 1 3/20; m3.small 2 6/20; m3.quad 4 15/20; m3.medium 8 30/60; r3.large 64 500/60; g3.small 4 15/60 r; g5.4xl 80 960/60`},
		{"openstack", `m3.quad 4 15/20; m3.xl 32 125/60; b2-7 2 7/50; b3-16 4 16/100 r`},
		{"ovh", `b2-7 2 7/50; b3-8 2 8/50; c3-8 4 8 r; r3-16 2 16 r; d2-4 2 4/50 r`},
		{"linode", `g6-nanode-1 1 1/25 s; g6-standard-4 4 8/160 s; g6-standard-20 20 96/1920 s; g6-dedicated-50 50 128/2500; g7-premium-8 8 16; g7-highmem-1 2 24/20; g8-dedicated-8-4 4 8; g7-dedicated-256-56 56 256; g1-gpu-rtx6000-1 8 32`},
		{"vultr", `vc2-1c-1gb 1 1/25 s; vc2-1c-0.5gb 1 0.5/10 sr; vc2-4c-8gb 4 8/160 s; vhp-2c-4gb-amd 2 4/100 s; voc-g-2c-8gb-50s-amd 2 8/50; voc-c-4c-8gb-75s 4 8/75; vdc-4c-16gb 4 16; vcg-a16-2c-8g-2vram 2 8`},
	} {
		for _, row := range strings.Split(c.types, ";") {
			f := strings.Fields(row)
			name, vcpu := f[0], f[1]
			gib, disk, _ := strings.Cut(f[2], "/")
			spec, ok := Lookup(c.provider, name)
			got := fmt.Sprintf("%v %v", spec.VCPU, gib)
			var want float64
			fmt.Sscan(gib, &want)
			fl := ""
			if len(f) > 3 {
				fl = f[3]
			}
			if d := want*1024 - float64(spec.MemoryMiB); !ok || got != vcpu+" "+gib || d > 0.6 || d < -0.6 {
				t.Errorf("%s %s: %+v %v, want %s", c.provider, name, spec, ok, row)
				continue
			}
			if disk == "" {
				disk = "0"
			}
			if fmt.Sprint(spec.DiskGiB) != disk {
				t.Errorf("%s %s: disk %d, want %s", c.provider, name, spec.DiskGiB, disk)
			}
			for _, x := range []struct {
				flag string
				got  bool
			}{{"a", spec.Arch == "arm64"}, {"b", spec.Burstable}, {"s", spec.Shared}, {"r", spec.Recalled}} {
				if strings.Contains(fl, x.flag) != x.got {
					t.Errorf("%s %s: flag %s is %v", c.provider, name, x.flag, x.got)
				}
			}
		}
	}
}

// TestLookupUnknown: what the data does not cover is never guessed.
func TestLookupUnknown(t *testing.T) {
	for provider, names := range map[string]string{
		"aws":          "t3.4xlarge t2.metal u-6tb1.metal u7i-12tb.224xlarge mac2.metal hpc7g.4xlarge f1.2xlarge p5.48xlarge g7e.2xlarge m5.5xlarge m5 m5. .large m5.large.large m9.large c5n.24xlarge i3.metal m5zn_x.large e2-micro m5.0xlarge m5.xxlarge c5\n.large",
		"gcp":          "e2-standard-3 e2-standard-64 e2-mega-2 c2-standard-5 c3-standard-5 m1-ultramem-40 m3-ultramem-32 custom-2-1000 custom-0-1024 custom-2 e2-custom-huge-1024 n1-standard n1-standard- n1-standard-9999999999999999999 m5.large a3-highgpu-8g z3-standard-8",
		"azure":        "Standard_M64 Standard_H16r Standard_NC24ads_A100_v4 Standard_G5 D2s_v3 Standard_D2s Standard_D6 Standard_E_v5 Standard_D2s_v99 Basic_A1 Standard_A0 Standard_D0s_v5",
		"digitalocean": "s-1vcpu g-2vcpu s-2vcpu-4tb 3gb gpu-x c- s-0vcpu-1gb",
		"hetzner":      "cx99 cx cx23x",
		"openstack":    "m3.small m3.medium m1.large 4c8g 2cores-8g 6f8a1f7c-0000-4000-8000-000000000000 r3.large",
		"ovh":          "b9-9 c3-5 r3-15",
		"linode":       "g6-standard-3 g9-x",
		"vultr":        "vc2 vc2-1c vc2-0c-1gb",
		"":             "m5.large",
		"other":        "m5.large",
	} {
		for _, name := range append(strings.Split(names, " "), "", " ", strings.Repeat("9", 500)) {
			if spec, ok := Lookup(provider, name); ok {
				t.Errorf("%s %q: %+v, want unknown", provider, name, spec)
			}
		}
	}
}

// TestData decodes every section and compiles every pattern, so that the lazy panics cannot happen.
func TestData(t *testing.T) {
	for provider, text := range raw() {
		s := section(provider)
		if s.Source == "" {
			t.Errorf("%s has no source", provider)
		}
		dec := json.NewDecoder(strings.NewReader(string(text)))
		dec.DisallowUnknownFields()
		if err := dec.Decode(new(sectionData)); err != nil {
			t.Errorf("%s: %v", provider, err)
		}
		s.arm()
		for i := range s.Patterns {
			s.Patterns[i].re()
		}
		for _, tb := range s.Tables {
			for name, row := range tb.Types {
				if _, ok := Lookup(provider, name); !ok || name != strings.ToLower(name) || len(row) < 2 || len(row) > 3 {
					t.Errorf("%s %s: bad row %v", provider, name, row)
				}
			}
		}
		for _, a := range s.Also {
			if section(a.Provider) == nil {
				t.Errorf("%s refers to %s", provider, a.Provider)
			}
		}
	}
}

func FuzzLookup(f *testing.F) {
	for _, p := range []string{"aws", "gcp", "azure", "digitalocean", "hetzner", "openstack", "ovh", "linode", "vultr", "lightsail"} {
		for _, n := range []string{"m5.large", "custom-2-8192", "Standard_E8-4s_v5", "s-1vcpu-1gb", "vc2-1c-0.5gb", "g8-dedicated-8-4", "c3-8", "a/b/e2-micro", "\x00\xff"} {
			f.Add(p, n)
		}
	}
	f.Fuzz(func(t *testing.T, provider, name string) {
		s, ok := Lookup(provider, name)
		if ok && (s.VCPU <= 0 || s.MemoryMiB < 256 || s.Arch == "" || s.Source == "") {
			t.Errorf("%s %q: %+v", provider, name, s)
		}
		OS(provider, name)
	})
}

// BenchmarkFirstLookup is the start-up cost: splitting the file, decoding one provider, compiling what is tried.
func BenchmarkFirstLookup(b *testing.B) {
	for b.Loop() {
		var file struct {
			Machines map[string]json.RawMessage `json:"machines"`
		}
		if err := json.Unmarshal(machinesJSON(), &file); err != nil {
			b.Fatal(err)
		}
		s := new(sectionData)
		if err := json.Unmarshal(file.Machines["azure"], s); err != nil {
			b.Fatal(err)
		}
		s.prepare()
		if _, ok := s.find("standard_e4s_v5"); !ok {
			b.Fatal("not found")
		}
	}
}
