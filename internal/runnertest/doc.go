// Package runnertest does with a container action what GitHub's runner does: it lays out the directories of a job, sets the
// environment, starts the image with the runner's own `docker run` line, and afterwards reads outputs, summary and log with
// the runner's own algorithms, their oddities included. It is written after actions/runner 2.336
// (src/Runner.Worker: Handlers/ContainerActionHandler.cs, Container/DockerCommandManager.cs, FileCommandManager.cs,
// ActionCommandManager.cs; src/Runner.Common/ActionCommand.cs). For tests only.
package runnertest
