// Package githubtest is a GitHub for tests: a small state machine of repositories and pull requests behind the REST and
// GraphQL operations that a gate on pull requests needs. Nothing in the product may import it.
//
//	srv := githubtest.New(t)
//	repo := srv.AddRepo("octo-org/hub", githubtest.Files{"config.yaml": "users:\n  admin: []\n"})
//	pull := repo.OpenPullWith(githubtest.Files{"config.yaml": "users:\n  admin: [ada]\n"})
//	// point a client at srv.APIURL() and srv.GraphQLURL() with githubtest.WriteToken, let it run, then look:
//	pull.Comments(); pull.Threads(); pull.Reviews()
//	srv.Count(githubtest.On("POST /repos/*/*/pulls/*/reviews"))
//
// # What it holds
//
// Commits, trees and blobs have git's own ids (package gitobj); a pull request's changed files carry real patches (package
// linediff), and review comments follow their lines through pushes until they are outdated. A pull request's branch moves with
// Pull.Push and Repo.Commit, whose Files are all a commit holds; with Pull.Change and Repo.Change, whose Files lie on top of what was
// there; with Pull.ForcePush and Repo.SetBranch. Repo.Fork and Repo.Delete make forks and lose them, Repo.Rename leaves redirects.
// Repo.WriteGit and Repo.Checkout write the same commits as git repositories, Pull.Event and others the payloads of events.
//
// # What it checks
//
// Every request and every answer is held against GitHub's OpenAPI document and GraphQL schema where they lie beside the
// checkout (package contract); whatever does not agree fails the test at its end (Server.Violations). Beyond the documents it
// keeps GitHub's unwritten rules: comments within the diff, all or nothing; lengths; permissions per family
// (WriteToken, ReadToken, …); locked conversations; pages of at most 100 with Link headers; rate-limit headers.
//
// # What can go wrong
//
// Server.Fault makes matching requests fail: a status, a limit, a delay, a hang, a dropped connection, a reply lost after
// the request took effect. Server.Before and Server.After run something between two requests, such as another run's writes.
// Enterprise moves the API to where GitHub Enterprise Server has it.
//
// Server.Requests has everything that was asked, with bodies and answers.
package githubtest
