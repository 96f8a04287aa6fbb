// Package action is the GitHub Action: it finds out what triggered it, decides the verdict, and answers on the pull request.
//
// The verdict comes first. It needs no network where the base commit is in the checkout (fetch-depth: 2), and it is written
// as exit code, outputs, job summary and annotations before anything is sent; nothing that happens to a comment changes it.
// For a pull request the gate is the base's: settings, waivers and custom rules are read from the base commit, the step's
// own inputs from the base's workflow, and what the pull request would change about them is shown and has no effect yet.
// reference/github.md says what the platform does.
package action
