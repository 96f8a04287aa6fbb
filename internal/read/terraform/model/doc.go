// Package model builds the common model of infrastructure (reference/providers.md §1) from evaluated Terraform values.
// The adapters of the clouds use it, so that every value is placed, every default says whose it is, and everything
// that the repository does not tell says what would settle it.
//
// In the list "covers" of a backup, and in "volumes", a data volume stands for itself and an instance's id stands for
// its boot disk: a backup that covers an instance with its volumes lists them all.
package model
