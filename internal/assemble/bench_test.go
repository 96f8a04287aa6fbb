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
