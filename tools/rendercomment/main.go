// Command rendercomment shows Markdown that is meant for GitHub as a page that looks as GitHub shows it: in light and dark, as wide as
// a desktop and as a phone. With -png it takes pictures with Chromium.
//
//	go run ./tools/rendercomment -o /tmp/pages [-png] [-open] internal/comment/testdata/*.md
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// looks are how a text is shown.
var looks = []look{{"desktop", 900, false}, {"desktop-dark", 900, true}, {"phone", 390, false}, {"phone-dark", 390, true}}

type look struct {
	name  string
	width int
	dark  bool
}

func main() {
	out := flag.String("o", ".", "directory to write to")
	png := flag.Bool("png", false, "take pictures too")
	open := flag.Bool("open", false, "open what is folded")
	flag.Parse()
	if err := run(*out, *png, *open, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "rendercomment:", err)
		os.Exit(1)
	}
}

func run(out string, png, open bool, files []string) error {
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		name := strings.TrimSuffix(filepath.Base(file), ".md")
		for _, l := range looks {
			page, err := page(l, open, string(text))
			if err != nil {
				return err
			}
			html := filepath.Join(out, name+"-"+l.name+".html")
			if err := os.WriteFile(html, []byte(page), 0o644); err != nil {
				return err
			}
			if png {
				if err := picture(html, strings.TrimSuffix(html, ".html")+".png", l.width); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
