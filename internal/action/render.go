package action

import (
	"bytes"

	"github.com/tljh-policy/tljh-policy/internal/report"
)

func (r *runner) annotate(v *verdict) { _ = v }

func (r *runner) sarif(v *verdict, b *bytes.Buffer) error { return report.JSON(b, v.report()) }

func (r *runner) summary(v *verdict) string { return "" }
