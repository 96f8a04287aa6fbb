// Githubserver runs the GitHub for tests (internal/githubtest) as a process, for tests in which something outside Go talks to
// it: a container, a whole workflow. It is no part of the product.
//
//	go run ./tools/githubserver -scenario scenario.yaml -log requests.jsonl
//
// When it is ready it prints one JSON object: the addresses, the tokens, and each pull request's number and commits. It ends on
// SIGINT or SIGTERM, with exit status 1 if anything broke GitHub's contract. GET /-/state shows what it holds meanwhile.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/tljh-policy/tljh-policy/internal/githubtest"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run returns the exit status: 0, 1 after violations, 2 when it cannot start.
func run(ctx context.Context, arguments []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("githubserver", flag.ContinueOnError)
	flags.SetOutput(stderr)
	address := flags.String("address", "127.0.0.1:0", "where to listen; port 0 is any free one")
	url := flags.String("url", "", "how clients reach the server, where that is not the address")
	scenario := flags.String("scenario", "", "YAML file that says what the server holds and what goes wrong (required)")
	log := flags.String("log", "", "file to which every request is written, as a line of JSON")
	if err := flags.Parse(arguments); err != nil {
		return 2
	}
	server, err := start(*address, *url, *scenario, *log)
	if err != nil {
		fmt.Fprintln(stderr, "githubserver:", err)
		return 2
	}
	encoder := json.NewEncoder(stdout)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(server.describe()); err != nil {
		fmt.Fprintln(stderr, "githubserver:", err)
		return 2
	}
	<-ctx.Done()
	server.Close()
	for _, violation := range server.Violations() {
		fmt.Fprintln(stderr, "not GitHub's contract:", violation)
	}
	if len(server.Violations()) > 0 {
		return 1
	}
	return 0
}

func start(address, url, scenario, log string) (*instance, error) {
	plan, err := readScenario(scenario)
	if err != nil {
		return nil, err
	}
	options := []githubtest.Option{githubtest.BaseURL(url)}
	if plan.Enterprise {
		options = append(options, githubtest.Enterprise())
	}
	if log != "" {
		file, err := os.Create(log)
		if err != nil {
			return nil, err
		}
		options = append(options, githubtest.Log(logTo(file)))
	}
	server, err := githubtest.Start(address, options...)
	if err != nil {
		return nil, err
	}
	built := &instance{Server: server}
	if err := built.build(plan); err != nil {
		server.Close()
		return nil, err
	}
	return built, nil
}
