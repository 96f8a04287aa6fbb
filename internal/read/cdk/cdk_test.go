package cdk

import (
	"sort"
	"strings"
	"testing"

	"github.com/tljh-policy/tljh-policy/internal/read/terraform"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/moduletest"
	"github.com/tljh-policy/tljh-policy/internal/step/steptest"
)

// read reads the Python files of a checkout; the first program counts.
func read(m steptest.Files, _ string) terraform.Module {
	all := readAll(m)
	if len(all) == 0 {
		return terraform.Module{}
	}
	return all[0].Module
}

func readAll(m steptest.Files) []Program {
	var found []string
	for name, text := range m {
		if strings.HasSuffix(name, ".py") && strings.Contains(text, "aws_cdk") {
			found = append(found, name)
		}
	}
	sort.Strings(found)
	return Read(m, found, func(string) bool { return false })
}

func TestPrograms(t *testing.T) { moduletest.Run(t, read) }
