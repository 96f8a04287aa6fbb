package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/rivo/uniseg"
	"github.com/spf13/cobra"

	"github.com/tljh-policy/tljh-policy/evaluator"
	"github.com/tljh-policy/tljh-policy/internal/check"
	"github.com/tljh-policy/tljh-policy/internal/report"
	"github.com/tljh-policy/tljh-policy/internal/report/sanitize"
	"github.com/tljh-policy/tljh-policy/internal/settings"
)

// ruleInfo is a rule as "rules --format json" prints it.
type ruleInfo struct {
	ID          string      `json:"id"`
	Title       string      `json:"title"`
	Description string      `json:"description"`
	Remediation string      `json:"remediation"`
	Severity    string      `json:"severity"`
	Custom      bool        `json:"custom"`
	Params      []paramInfo `json:"params"`
	Resources   []string    `json:"resources"`
	Source      string      `json:"source"` // the Rego file, with the line
}

type paramInfo struct {
	Name        string `json:"name"`
	Type        string `json:"type"`
	Default     any    `json:"default"`
	Description string `json:"description"`
}

func newRules(s Streams) *cobra.Command {
	var format string
	var policies []string
	cmd := &cobra.Command{
		Use: "rules", Short: "List the rules", Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := oneOf("format", format, "text", "json"); err != nil {
				return err
			}
			infos, err := allRules(cmd.Context(), policies)
			if err != nil {
				return err
			}
			if format == "json" {
				return printJSON(s.Out, map[string]any{"schema_version": 1, "rules": infos})
			}
			return listRules(s.Out, infos)
		},
	}
	cmd.Flags().StringVar(&format, "format", "text", "`text|json`")
	cmd.Flags().StringArrayVar(&policies, "policy", nil, "`directory` with custom rules to list too; may be repeated")
	return cmd
}

// allRules describes the built-in rules and those of some directories, in the order in which reports show them.
func allRules(ctx context.Context, policies []string) ([]ruleInfo, error) {
	modules, err := check.Modules(".", settings.Default(), check.Dirs(policies))
	if err != nil {
		return nil, err
	}
	e, err := evaluator.New(ctx, evaluator.Options{Builtin: true, Custom: modules})
	if err != nil {
		return nil, check.NotLoaded(err)
	}
	infos := []ruleInfo{{
		ID: report.WaiversRule, Title: report.WaiversRuleInfo.Title, Description: report.WaiversRuleInfo.Description,
		Remediation: report.WaiversRuleInfo.Remediation, Severity: string(report.WaiversRuleInfo.Severity),
		Params: []paramInfo{}, Resources: []string{},
	}}
	for _, r := range e.Rules() {
		info := ruleInfo{
			ID: r.ID, Title: r.Title, Description: strings.TrimSpace(r.Description), Remediation: strings.TrimRight(r.Remediation, "\n"),
			Severity: string(r.Severity), Custom: r.Custom, Params: []paramInfo{}, Resources: append([]string{}, r.Resources...),
		}
		if r.At.File != "" {
			info.Source = fmt.Sprintf("%s:%d", r.At.File, max(r.At.Line, 1))
			if !r.Custom {
				info.Source = "policies/" + strings.TrimPrefix(info.Source, "policies/")
			}
		}
		for _, p := range r.Params {
			info.Params = append(info.Params, paramInfo{p.Name, p.Type, p.Default, p.Description})
		}
		infos = append(infos, info)
	}
	report.SortRules(infos, func(r ruleInfo) string { return r.ID })
	return infos, nil
}

func listRules(w io.Writer, infos []ruleInfo) error {
	width := 0
	for _, r := range infos {
		width = max(width, uniseg.StringWidth(sanitize.Line(r.ID)))
	}
	var b strings.Builder
	for _, r := range infos {
		id := sanitize.Line(r.ID)
		fmt.Fprintf(&b, "%s%s  %-7s  %s\n", id, strings.Repeat(" ", width-uniseg.StringWidth(id)), sanitize.Line(r.Severity), sanitize.Line(r.Title))
	}
	b.WriteString("\n\"tljh-policy explain RULE\" says what a rule wants, why, and how to get there.\n")
	_, err := io.WriteString(w, b.String())
	return err
}

func printJSON(w io.Writer, v any) error {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return unevaluated("%v", err)
	}
	_, err := w.Write(sanitize.JSON([]byte(b.String())))
	return err
}
