package main

import (
	"fmt"
	"regexp"
)

var (
	imageLine = regexp.MustCompile(`(?m)^  image: (Dockerfile|docker://\S+)$`)
	pinned    = regexp.MustCompile(`^[a-z0-9.:-]+/[a-z0-9/_.-]+@sha256:[0-9a-f]{64}$`)
)

// pin makes an action.yml use an image that is named by digest. It changes one line and nothing else.
func pin(action, image string) (string, error) {
	if !pinned.MatchString(image) {
		return "", fmt.Errorf("%q is no image with a digest", image)
	}
	if n := len(imageLine.FindAllString(action, -1)); n != 1 {
		return "", fmt.Errorf("%d lines name an image; one must", n)
	}
	return imageLine.ReplaceAllLiteralString(action, "  image: docker://"+image), nil
}
