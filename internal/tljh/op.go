package tljh

import "github.com/tljh-policy/tljh-policy/internal/span"

// OpKind is what an operation does to the hub's configuration.
type OpKind uint8

// The operations. All carriers come down to these.
const (
	OpSet        OpKind = iota // tljh-config set Path Value
	OpUnset                    // tljh-config unset Path
	OpAddItem                  // tljh-config add-item Path Value
	OpRemoveItem               // tljh-config remove-item Path Value
	OpConfigFile               // config.yaml is written: Content replaces it, or is appended to it (Append)
	OpSnippet                  // jupyterhub_config.d/Name is written
	OpTraefik                  // traefik_config.d/Name is written
	OpInstall                  // the installer runs with Args
	OpPlugin                   // the plugins in Plugins are put into the hub's environment
	OpPackage                  // pip puts the package Name where the hub may find it: into its own environment, or the system's (System)
	OpStart                    // a whole jupyterhub_config.py is written, at Name: JupyterHub may be started with it, TLJH is not
	OpStale                    // TLJH's proxy is not made to read the settings of HTTPS that were changed before; Why says so
	OpOpaque                   // something that may change the configuration in ways we cannot follow; Why says what
)

// Op is one operation, in the order in which the deployment performs it.
type Op struct {
	Kind       OpKind
	Path       span.Text   // dotted path as typed, for Set, Unset, AddItem, RemoveItem
	Value      span.Text   // as typed
	Name       string      // file name, for Snippet and Traefik
	Content    span.Text   // for ConfigFile, Snippet, Traefik
	NoValidate bool        // for Set, Unset, AddItem, RemoveItem: tljh-config was told --no-validate
	System     bool        // for Package: into the system's Python, of which the hub's environment sees nothing by itself
	Append     bool        // for ConfigFile, Snippet: >> instead of >
	Args       []span.Text // for Install: what follows the bootstrap script
	Plugins    []Plugin    // for Install: the plugins among Args whose code is in the repository; for Plugin
	Maybe      string      // not empty: it may not happen, and why; what it touches becomes unknown
	Why        string      // for Opaque and Stale
	At         span.Span   // the command or the file
}

// Plugin is a plugin of TLJH whose code is in the repository: the text of the module that its entry point names.
type Plugin struct {
	Spec   string // as given to the installer
	Module string
	Text   span.Text
	Import func(module string) (span.Text, bool) // other modules of its package
	Maybe  string                                // why it may be another one; "" if it is this one
}
