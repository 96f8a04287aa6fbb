// Package containertest holds no code: its tests run the built image as GitHub's runner runs a container action (package
// runnertest), against the tests' own GitHub (package githubtest) on loopback. They need a Docker engine and the image, whose name
// is in TLJH_POLICY_IMAGE: `make container` builds it and runs them. Without it they say so and skip.
package containertest
