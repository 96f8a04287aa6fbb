package cli

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/tljh-policy/tljh-policy/internal/report"
	"github.com/tljh-policy/tljh-policy/internal/settings"
)

func newExplain(s Streams) *cobra.Command {
	var policies []string
	cmd := &cobra.Command{
		Use: "explain RULE", Short: "Say what a rule wants, why, and how to get there",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usage("which rule? \"tljh-policy rules\" lists them")
			}
			return upTo(1)(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			infos, err := allRules(cmd.Context(), policies)
			if err != nil {
				return err
			}
			ids := make([]string, len(infos))
			for i, info := range infos {
				if ids[i] = info.ID; info.ID == args[0] {
					return report.Page(s.Out, page(info))
				}
			}
			return usage("there is no rule %q%s\nSee: tljh-policy rules", args[0], settings.DidYouMean(args[0], ids))
		},
	}
	cmd.Flags().StringArrayVar(&policies, "policy", nil, "`directory` with custom rules; may be repeated")
	return cmd
}

// page is a rule's explanation.
func page(r ruleInfo) []report.Section {
	sections := []report.Section{{Text: r.ID + ": " + r.Title}, {Title: "What and why", Text: r.Description}}
	if r.Remediation != "" {
		sections = append(sections, report.Section{Title: "What to do when it fails", Text: r.Remediation})
	}
	var params strings.Builder
	for _, p := range r.Params {
		value, _ := json.Marshal(p.Default)
		fmt.Fprintf(&params, "- %s (%s, %s if not set): %s\n", p.Name, p.Type, value, p.Description)
	}
	if len(r.Params) > 0 {
		params.WriteString("\nSet them in " + settings.FileName + ":\n    rules:\n      " + r.ID + ":\n        params:\n          " + r.Params[0].Name + ": …\n")
		sections = append(sections, report.Section{Title: "Parameters", Text: params.String()})
	}
	facts := "Severity: " + r.Severity
	if r.Source != "" {
		facts += "\n\nSource: " + r.Source
	}
	for _, link := range r.Resources {
		facts += "\n\nSee also: " + link
	}
	return append(sections, report.Section{Text: facts})
}
