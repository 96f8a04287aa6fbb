package terraform

import (
	"fmt"
	"strings"
	"testing"

	"github.com/tljh-policy/tljh-policy/internal/step/steptest"
)

// cloudOf is a configuration of n machines with what belongs to them, ten resources each, spread over files of ten machines.
func cloudOf(n int) steptest.Files {
	m := steptest.Files{}
	for f := 0; f*10 < n; f++ {
		var b strings.Builder
		for k := f * 10; k < n && k < f*10+10; k++ {
			fmt.Fprintf(&b, `
resource "aws_instance" "h%[1]d" {
  ami                    = "ami-0123456789abcdef0"
  instance_type          = "t3.medium"
  vpc_security_group_ids = [aws_security_group.s%[1]d.id]
  user_data              = "#!/bin/bash\ntljh-config set limits.memory %[1]dM\n"
  tags                   = { Name = "hub-%[1]d" }
}
resource "aws_security_group" "s%[1]d" {
  name = "s%[1]d"
}
resource "aws_security_group_rule" "web%[1]d" {
  type              = "ingress"
  security_group_id = aws_security_group.s%[1]d.id
  protocol          = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_blocks       = ["0.0.0.0/0"]
}
resource "aws_security_group_rule" "out%[1]d" {
  type              = "egress"
  security_group_id = aws_security_group.s%[1]d.id
  protocol          = "-1"
  from_port         = 0
  to_port           = 0
}
resource "aws_network_interface" "n%[1]d" {
  security_groups = [aws_security_group.s%[1]d.id]
  attachment {
    instance     = aws_instance.h%[1]d.id
    device_index = 1
  }
}
resource "aws_eip" "e%[1]d" {
  network_interface = aws_network_interface.n%[1]d.id
}
resource "aws_ebs_volume" "v%[1]d" {
  size = 100
  tags = { Backup = "yes" }
}
resource "aws_volume_attachment" "v%[1]d" {
  instance_id = aws_instance.h%[1]d.id
  volume_id   = aws_ebs_volume.v%[1]d.id
}
resource "aws_cloudwatch_metric_alarm" "a%[1]d" {
  metric_name = "StatusCheckFailed"
  dimensions  = { InstanceId = aws_instance.h%[1]d.id }
}
resource "aws_route53_record" "r%[1]d" {
  name    = "h%[1]d.example.org"
  type    = "A"
  records = [aws_eip.e%[1]d.public_ip]
}
`, k)
		}
		m[fmt.Sprintf("f%03d.tf", f)] = b.String()
	}
	return m
}

// BenchmarkRead shows time and memory per resource: both stay the same as configurations grow.
func BenchmarkRead(b *testing.B) {
	for _, machines := range []int{25, 100, 400} {
		files := cloudOf(machines)
		b.Run(fmt.Sprintf("%d resources", machines*10), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Read(files, Input{Dirs: []string{"."}})
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*machines*10), "µs/resource")
		})
	}
}

// planOf is a plan of n machines with an address each.
func planOf(n int) string {
	var values, changes, config []string
	for k := range n {
		values = append(values, fmt.Sprintf(`{"address": "aws_instance.h%[1]d", "mode": "managed", "type": "aws_instance", "name": "h%[1]d", "values": {"instance_type": "t3.medium", "ami": "ami-0123456789abcdef0", "user_data": "#!/bin/bash\ntljh-config set limits.memory 1G\n"}},
{"address": "aws_eip.e%[1]d", "mode": "managed", "type": "aws_eip", "name": "e%[1]d", "values": {}}`, k))
		changes = append(changes, fmt.Sprintf(`{"address": "aws_eip.e%d", "change": {"actions": ["create"], "after": {}, "after_unknown": {"instance": true}}}`, k))
		config = append(config, fmt.Sprintf(`{"address": "aws_instance.h%[1]d"}, {"address": "aws_eip.e%[1]d", "expressions": {"instance": {"references": ["aws_instance.h%[1]d.id", "aws_instance.h%[1]d"]}}}`, k))
	}
	join := func(l []string) string { return strings.Join(l, ",\n") }
	return `{"format_version": "1.2", "terraform_version": "1.9.5", "planned_values": {"root_module": {"resources": [` + join(values) + `]}},
"resource_changes": [` + join(changes) + `], "configuration": {"root_module": {"resources": [` + join(config) + `]}}}`
}

// BenchmarkPlan is BenchmarkRead for a plan alone.
func BenchmarkPlan(b *testing.B) {
	for _, machines := range []int{125, 500, 2000} {
		files := steptest.Files{"plan.json": planOf(machines)}
		b.Run(fmt.Sprintf("%d resources", machines*2), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				res := Read(files, Input{Plans: []string{"plan.json"}})
				if n := len(res.Modules[0].Infra.Get("instances").List()); n != machines {
					b.Fatalf("%d machines", n)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*machines*2), "µs/resource")
		})
	}
}
