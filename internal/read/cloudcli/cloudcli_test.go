package cloudcli

import (
	"testing"

	"github.com/tljh-policy/tljh-policy/internal/read/shell"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/moduletest"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step/steptest"
)

func read(m steptest.Files, file string) terraform.Module {
	src := span.NewSource(file, m[file])
	mod, _ := Read(m, src, shell.Read(src.Whole(), shell.Options{Files: m, Dir: "."}))
	return mod
}

func TestScripts(t *testing.T) { moduletest.Run(t, read) }

func FuzzRead(f *testing.F) {
	for _, file := range moduletest.Files(f) {
		m, _ := moduletest.Archive(f, file)
		for _, text := range m {
			f.Add(text)
		}
	}
	f.Add("aws ec2 run-instances --tag-specifications 'A={B=[{C=1' --block-device-mappings '[{' --count 99999999999\n")
	f.Add("az vm create --image a:b:c:d --data-disk-sizes-gb 1 2 3 --nsg '' -n x\naz vm open-port -n x --port\n")
	f.Fuzz(func(t *testing.T, text string) {
		moduletest.Describe(read(steptest.Files{"make.sh": text, "setup.sh": "#!/bin/bash\n"}, "make.sh"))
	})
}
