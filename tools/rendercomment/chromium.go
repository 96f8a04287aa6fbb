package main

import (
	"bytes"
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
)

// chromium is the browser's path; "" when there is none.
func chromium() string {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// browse runs the browser on a page, without a window, and returns what it prints.
func browse(page string, args ...string) ([]byte, error) {
	browser := chromium()
	if browser == "" {
		return nil, fmt.Errorf("there is no Chromium on this machine")
	}
	full, err := filepath.Abs(page)
	if err != nil {
		return nil, err
	}
	profile, err := os.MkdirTemp("", "rendercomment")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(profile)
	args = append([]string{"--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--disable-dev-shm-usage", "--user-data-dir=" + profile}, args...)
	cmd := exec.Command(browser, append(args, "file://"+full)...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("%w: %.500s", err, errs.String())
	}
	return out.Bytes(), nil
}

// tallest is how much of a page is looked at.
const tallest = 9000

// picture takes a picture of a page and cuts off what is empty below it.
func picture(page, to string, width int) error {
	if _, err := browse(page, "--screenshot="+to, "--window-size="+strconv.Itoa(max(width, 500))+","+strconv.Itoa(tallest)); err != nil {
		return err
	}
	raw, err := os.ReadFile(to)
	if err != nil {
		return err
	}
	img, err := png.Decode(bytes.NewReader(raw))
	if err != nil {
		return err
	}
	full := img.Bounds()
	cropped := image.NewRGBA(image.Rect(0, 0, min(width, full.Dx()), bottom(img)))
	draw.Draw(cropped, cropped.Bounds(), img, image.Point{}, draw.Src)
	var b bytes.Buffer
	if err := png.Encode(&b, cropped); err != nil {
		return err
	}
	return os.WriteFile(to, b.Bytes(), 0o644)
}

// bottom is the row below the last one that is not like the very last.
func bottom(img image.Image) int {
	b := img.Bounds()
	blank := img.At(b.Min.X, b.Max.Y-1)
	for y := b.Max.Y - 1; y > b.Min.Y; y-- {
		for x := b.Min.X; x < b.Max.X; x++ {
			if img.At(x, y) != blank {
				return min(y+17, b.Max.Y)
			}
		}
	}
	return b.Max.Y
}
