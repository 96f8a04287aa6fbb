package assemble

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

// mixed is a checkout of n files: one hub for every 25 of them, told in shell, Terraform, cloud-init, Ansible, Python and
// plain configuration, among files that say nothing.
func mixed(b *testing.B, n int) string {
	dir := b.TempDir()
	kinds := []func(k int) (name, text string){
		func(k int) (string, string) {
			return "install.sh", "#!/bin/bash\nset -e\n" + install + "for u in ann bob; do tljh-config add-item users.admin $u; done\ntljh-config set limits.memory \"${MEM:-2G}\"\n"
		},
		func(k int) (string, string) {
			return "main.tf", fmt.Sprintf("resource \"aws_instance\" \"hub\" {\n  ami = \"ami-1\"\n  instance_type = \"t3.large\"\n  tags = { Name = \"hub-%d\" }\n  user_data = file(\"${path.module}/install.sh\")\n}\n", k)
		},
		func(k int) (string, string) { return "vars.auto.tfvars", "size = \"t3.large\"\n" },
		func(k int) (string, string) {
			return "roles/a/tasks/main.yml", "- name: packages\n  apt:\n    name: [htop, git]\n  when: x is defined\n"
		},
		func(k int) (string, string) { return "notes.yaml", "a: 1\nb: [1, 2, 3]\n" },
		func(k int) (string, string) { return "helper.sh", "#!/bin/bash\necho helping\n" },
		func(k int) (string, string) { return "conf.py", "c.Spawner.cpu_limit = 2\n" },
	}
	for f := range n {
		name, text := fmt.Sprintf("docs/page%d.md", f), "# Notes\n\nWords.\n"
		if f%25 < len(kinds) {
			name, text = kinds[f%25](f / 25)
		}
		p := filepath.Join(dir, fmt.Sprintf("hub%04d", f/25), name)
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			b.Fatal(err)
		}
		if err := os.WriteFile(p, []byte(text), 0o644); err != nil {
			b.Fatal(err)
		}
	}
	return dir
}

// BenchmarkLoad is a whole checkout, from discovery to documents, with its time and memory per 1,000 files: they stay the
// same as checkouts grow.
func BenchmarkLoad(b *testing.B) {
	for _, n := range []int{250, 1000, 4000} {
		dir := mixed(b, n)
		b.Run(fmt.Sprintf("%d files", n), func(b *testing.B) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			for b.Loop() {
				res, err := Load(context.Background(), dir, Options{})
				if err != nil {
					b.Fatal(err)
				}
				if len(res.Hubs) != n/25 {
					b.Fatalf("%d hubs in %d files", len(res.Hubs), n)
				}
				_ = res.Files.Close()
			}
			runtime.ReadMemStats(&after)
			per := float64(b.N*n) / 1000
			b.ReportMetric(float64(b.Elapsed().Microseconds())/1000/per, "ms/1000files")
			b.ReportMetric(float64(after.TotalAlloc-before.TotalAlloc)/(1<<20)/per, "MiB/1000files")
		})
	}
}

// BenchmarkPlaybooks is hubs beside as many playbooks that are run by themselves, which may each be run on every hub: its time per hub
// and playbook.
func BenchmarkPlaybooks(b *testing.B) {
	for _, n := range []int{50, 100, 200} {
		dir := b.TempDir()
		for k := range n {
			for name, text := range map[string]string{
				fmt.Sprintf("hub%04d/install.sh", k):        "#!/bin/bash\nset -e\n" + install + "tljh-config set limits.memory 2G\n",
				fmt.Sprintf("ansible/play%04d.yml", k):      fmt.Sprintf("- hosts: all\n  roles: [base]\n  tasks:\n  - apt: {name: p%d}\n  - ufw: {rule: allow, port: %d}\n  - copy: {dest: /etc/f%d, content: x}\n", k, 1000+k, k),
				"ansible/roles/base/tasks/main.yml":         "- apt: {name: [htop, git, unattended-upgrades]}\n- lineinfile: {path: /etc/ssh/sshd_config, line: PasswordAuthentication no}\n- cron: {name: a, job: restic backup /home, hour: 3, minute: 0}\n- service: {name: ssh, state: restarted}\n",
				fmt.Sprintf("ansible/vars/vars%04d.yml", k): "a: 1\n",
			} {
				p := filepath.Join(dir, name)
				if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
					b.Fatal(err)
				}
				if err := os.WriteFile(p, []byte(text), 0o644); err != nil {
					b.Fatal(err)
				}
			}
		}
		b.Run(fmt.Sprintf("%d hubs and playbooks", n), func(b *testing.B) {
			for b.Loop() {
				res, err := Load(context.Background(), dir, Options{})
				if err != nil {
					b.Fatal(err)
				}
				if len(res.Hubs) != n {
					b.Fatalf("%d hubs, want %d", len(res.Hubs), n)
				}
				_ = res.Files.Close()
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/float64(n), "µs/hub")
		})
	}
}
