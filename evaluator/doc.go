// Package evaluator compiles the rules, built-in and custom, and evaluates hub documents with them.
//
// A rule is a Rego package data.tljh.rules["its-id"] that defines at least one of the sets fail, unknown, not_applicable
// and pass; their elements are findings, made with the functions of data.tljh (policies/lib), those of not_applicable
// plain reasons. A further set, advice, holds findings that are shown and decide nothing. Where a rule says several
// things, the first of error, fail, unknown, not_applicable and pass is its outcome. A rule that says none of them is
// broken: its outcome is error, never pass. Rules written for conftest (deny, violation, warn) run unchanged.
//
// Rules run in a sandbox: they get the built-in functions of an allow-list and nothing of the machine, and stop at a
// time limit and a memory limit. A rule that breaks, whatever the reason, is one Result with the outcome error; the
// verdicts of all other rules stand.
//
// Evaluations that cannot be interrupted are abandoned after a grace period: their goroutine goes on. See
// [Evaluator.Abandoned]; a process in which it is not zero should write its report and exit.
package evaluator
