// Package packaging holds no code: its tests hold together what the repository publishes beside the binary. action.yml, the Dockerfile, the
// workflows of this repository and those that the documentation offers for copying must agree with each other, with
// GitHub's schemas and with what the action reads and writes.
package packaging
