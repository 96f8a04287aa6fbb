package cli

import (
	"github.com/spf13/cobra"

	"github.com/tljh-policy/tljh-policy/internal/hub"
	"github.com/tljh-policy/tljh-policy/internal/read/infrayaml"
	"github.com/tljh-policy/tljh-policy/internal/report"
	"github.com/tljh-policy/tljh-policy/internal/settings"
)

func newSchema(s Streams) *cobra.Command {
	names := []string{"hub", "settings", "infra", "report"}
	return &cobra.Command{
		Use: "schema hub|settings|infra|report", Short: "Print a JSON Schema", ValidArgs: names,
		Long: "Print the JSON Schema of one of the formats that others depend on:\n" +
			"  hub       the hub document, the input of rules (\"inspect\" prints it)\n" +
			"  settings  " + settings.FileName + "\n" +
			"  infra     infra.yaml, facts that exist only in a cloud console\n" +
			"  report    what \"check --format json\" writes",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usage("which schema? One of hub, settings, infra, report")
			}
			return upTo(1)(cmd, args)
		},
		RunE: func(_ *cobra.Command, args []string) error {
			schemas := map[string][]byte{"hub": hub.Schema, "settings": settings.Schema, "infra": infrayaml.Schema, "report": report.Schema}
			text, ok := schemas[args[0]]
			if !ok {
				return usage("there is no schema %q%s", args[0], settings.DidYouMean(args[0], names))
			}
			_, err := s.Out.Write(text)
			return err
		},
	}
}
