package cloudcli

import (
	"strings"
	"testing"

	"github.com/tljh-policy/tljh-policy/internal/read/shell"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/moduletest"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step/steptest"
)

// A script that no shell reads, or a command that its program refuses, is a problem with its place; what it may have said is not known.
func TestMalformed(t *testing.T) {
	const run = "aws ec2 run-instances --image-id ami-1 --instance-type t3.large "
	for _, c := range []struct{ text, problem, key, want string }{
		{run + "--block-device-mappings '[{\"DeviceName\": \"/dev/sda1\", \"Ebs\": {\"VolumeSize\": 50}'\n", "make.sh:1:144 not valid JSON", "/instances/0/boot_disk/size_gib", "unknown"},
		{run + "--block-device-mappings '[{\"DeviceName\" \"/dev/sda1\"}]'\n", "make.sh:1:105 not valid JSON: a colon is missing", "/instances/0/boot_disk/size_gib", "unknown"},
		{run + "--tag-specifications '{\"ResourceType\": \"instance\", \"Tags\": [{]}'\n", "make.sh:1:", "/instances/0/tags", "unknown"},
		{run + "--block-device-mappings file://disks.json\n", "disks.json:1:", "/instances/0/boot_disk/size_gib", "unknown"},
		{run + "--user-data '#!/bin/bash\n", "make.sh:1:", "/complete", "derived false"},
		{run + "\nif true; then\n  aws ec2 allocate-address\n", "make.sh:", "/complete", "derived false"},
		{run + "\nfi\naws ec2 allocate-address\n", "make.sh:2:1", "/complete", "derived false"},
		{run + "\nwhile true\n  aws ec2 allocate-address\n", "make.sh:", "/complete", "derived false"},
		{run + "\n)\n", "make.sh:2:1", "/complete", "derived false"},
		{run + "\ncase $x in\n", "make.sh:", "/complete", "derived false"},
		{run + "\naws ec2 allocate-address |\n", "make.sh:", "/complete", "derived false"},
		{run + "\necho \"${x\n", "make.sh:2:", "/complete", "derived false"},
		{run + "\necho $((1 +\n", "make.sh:2:", "/complete", "derived false"},
		{run + "\nf() {\n  aws ec2 allocate-address\n", "make.sh:", "/complete", "derived false"},
		{run + "\n<<<<<<< HEAD\naws ec2 allocate-address\n=======\n", "make.sh:2:", "/complete", "derived false"},
		{"gcloud compute instances create hub --machine-type=e2-standard-2 --metadata-from-file=startup-script=none.sh\n", "", "carrier 0 step 0", "(unreadable)"},
	} {
		m := steptest.Files{"make.sh": c.text, "disks.json": "[{\"DeviceName\": }]"}
		src := span.NewSource("make.sh", c.text)
		mod, _ := Read(m, src, shell.Read(src.Whole(), shell.Options{Files: m, Dir: "."}))
		got := moduletest.Describe(mod)
		if !strings.HasPrefix(got["problem 0"], c.problem) {
			t.Errorf("%q\n got problem %s\nwant %s", c.text, got["problem 0"], c.problem)
		}
		if !strings.HasPrefix(got[c.key], c.want) {
			t.Errorf("%q\n got %s %s; %s\nwant %s", c.text, c.key, got[c.key], got[c.key+" why"], c.want)
		}
	}
}
