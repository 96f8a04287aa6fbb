package repo

import (
	"path"

	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
)

// CDKKind is the kind of programs of the AWS CDK in languages that are not followed.
const CDKKind = "CDK program"

var (
	// importsCDK is in Python files that are parts of a program of the AWS CDK.
	importsCDK = lazyregexp.New(`(?m)^\s*(?:from|import)\s+aws_cdk\b`)
	// otherCDK is in files of such programs in other languages.
	otherCDK = lazyregexp.New(`aws-cdk-lib|@aws-cdk/|software\.amazon\.awscdk|Amazon\.CDK|/awscdk/`)
)

// cdk takes a file of a program of the AWS CDK in a language that is not followed: it may declare machines.
func (s *discovery) cdk(d *dir, file string) {
	for up := d; ; up = up.parent {
		if up == nil {
			return
		}
		if up.has("cdk.json") {
			break
		}
	}
	text, _ := s.tree.text(file, headBytes)
	if otherCDK.Match(text) && path.Base(d.path) != "test" {
		s.unread(file, CDKKind)
	}
}
