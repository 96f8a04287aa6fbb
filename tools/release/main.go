// Command release does the parts of a release that must not go wrong silently: it checks that a pushed image is what action.yml may
// name, and writes its digest there. It is a module of its own so that the product does not depend on a registry client.
//
//	release check -revision COMMIT -platforms linux/amd64,linux/arm64 IMAGE@DIGEST
//	release pin -image IMAGE@DIGEST action.yml
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "release:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) == 0 {
		return errors.New("say check or pin")
	}
	flags := flag.NewFlagSet(args[0], flag.ContinueOnError)
	revision := flags.String("revision", "", "check: the commit the image must have been built from")
	platforms := flags.String("platforms", "linux/amd64,linux/arm64", "check: the platforms it must be for")
	image := flags.String("image", "", "pin: the image with its digest")
	if err := flags.Parse(args[1:]); err != nil {
		return err
	}
	if flags.NArg() != 1 {
		return errors.New("one argument is needed")
	}
	switch args[0] {
	case "check":
		if *revision == "" {
			return errors.New("-revision is needed")
		}
		if err := check(flags.Arg(0), *revision, strings.Split(*platforms, ",")); err != nil {
			return err
		}
		fmt.Printf("%s is for %s, was built from %s, and carries provenance and an SBOM\n", flags.Arg(0), *platforms, *revision)
		return nil
	case "pin":
		text, err := os.ReadFile(flags.Arg(0))
		if err != nil {
			return err
		}
		pinned, err := pin(string(text), *image)
		if err != nil {
			return fmt.Errorf("%s: %w", flags.Arg(0), err)
		}
		return os.WriteFile(flags.Arg(0), []byte(pinned), 0o644)
	}
	return fmt.Errorf("%q is neither check nor pin", args[0])
}
