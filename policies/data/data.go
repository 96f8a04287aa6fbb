// Package data embeds the facts about the world that rules and readers share: machine types and operating systems.
// They are data, not code, so that a correction is one row. Each section names its source.
package data

import _ "embed"

// Machines is machines.json: machine types of the clouds with their vCPUs, memory and disk.
//
//go:embed machines.json
var Machines []byte

// OS is os.json: how long operating systems get security updates, and how image names tell them.
//
//go:embed os.json
var OS []byte
