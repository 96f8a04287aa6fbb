package main

import (
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/registry"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/static"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

// built is an image as a release pushes it, with one thing wrong at a time.
type built struct {
	platforms  []string
	revision   string // of the last platform
	really     string // what the last platform's image says it is for
	predicates []string
}

const commit = "0123456789abcdef0123456789abcdef01234567"

func good() built {
	return built{platforms: []string{"linux/amd64", "linux/arm64"}, revision: commit,
		predicates: []string{"https://slsa.dev/provenance/v1", "https://spdx.dev/Document"}}
}

// push pushes an image to a registry in memory and returns its name with the digest.
func (b built) push(t *testing.T) string {
	t.Helper()
	server := httptest.NewServer(registry.New())
	t.Cleanup(server.Close)
	tag, err := name.NewTag(strings.TrimPrefix(server.URL, "http://") + "/tljh-policy:1.4.0")
	must(t, err)
	var index v1.ImageIndex = mutate.IndexMediaType(empty.Index, types.OCIImageIndex)
	for i, platform := range b.platforms {
		revision, is := commit, platform
		if i == len(b.platforms)-1 {
			revision = b.revision
			if b.really != "" {
				is = b.really
			}
		}
		system, architecture, _ := strings.Cut(is, "/")
		image, err := mutate.ConfigFile(empty.Image, &v1.ConfigFile{OS: system, Architecture: architecture,
			Config: v1.Config{Labels: map[string]string{revisionLabel: revision}}})
		must(t, err)
		digest, err := image.Digest()
		must(t, err)
		p, err := v1.ParsePlatform(platform)
		must(t, err)
		attestation := v1.Image(empty.Image)
		for _, kind := range b.predicates {
			attestation, err = mutate.Append(attestation, mutate.Addendum{
				Layer: static.NewLayer([]byte(platform+kind), "application/vnd.in-toto+json"), Annotations: map[string]string{predicateType: kind}})
			must(t, err)
		}
		index = mutate.AppendManifests(index,
			mutate.IndexAddendum{Add: image, Descriptor: v1.Descriptor{Platform: p}},
			mutate.IndexAddendum{Add: attestation, Descriptor: v1.Descriptor{Platform: &v1.Platform{OS: "unknown", Architecture: "unknown"},
				Annotations: map[string]string{referenceType: "attestation-manifest", referenceDigest: digest.String()}}})
	}
	must(t, remote.WriteIndex(tag, index))
	digest, err := index.Digest()
	must(t, err)
	return tag.Repository.Name() + "@" + digest.String()
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestCheck(t *testing.T) {
	both := []string{"linux/amd64", "linux/arm64"}
	must(t, check(good().push(t), commit, both))
	for _, c := range []struct {
		name, want string
		change     func(*built)
	}{
		{"one platform only", "it is for linux/amd64, not", func(b *built) { b.platforms = both[:1] }},
		{"a third platform", "it is for", func(b *built) { b.platforms = append(b.platforms, "linux/s390x") }},
		{"another commit", "not from " + commit, func(b *built) { b.revision = strings.Repeat("f", 40) }},
		{"no commit", `built from ""`, func(b *built) { b.revision = "" }},
		{"the index lies", "the image itself is for linux/amd64", func(b *built) { b.really = "linux/amd64" }},
		{"no SBOM", "no attestation https://spdx.dev", func(b *built) { b.predicates = b.predicates[:1] }},
		{"no provenance", "no attestation https://slsa.dev", func(b *built) { b.predicates = b.predicates[1:] }},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := good()
			c.change(&b)
			if err := check(b.push(t), commit, both); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q", err, c.want)
			}
		})
	}
	pushed := good().push(t)
	missing, _, _ := strings.Cut(pushed, "@")
	for image, want := range map[string]string{
		missing + "@sha256:" + strings.Repeat("0", 64): "no index", missing + ":1.4.0": "by digest",
	} {
		if err := check(image, commit, both); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want %q", image, err, want)
		}
	}
}

func TestPin(t *testing.T) {
	text, err := os.ReadFile("../../action.yml")
	must(t, err)
	image := "ghcr.io/tljh-policy/tljh-policy@sha256:" + strings.Repeat("0a", 32)
	got, err := pin(string(text), image)
	must(t, err)
	if want := strings.Replace(string(text), "image: Dockerfile", "image: docker://"+image, 1); got != want || got == string(text) {
		t.Errorf("%s", got)
	}
	other := strings.Replace(image, "0a", "1b", 1)
	if again, err := pin(got, other); err != nil || !strings.Contains(again, "docker://"+other) {
		t.Errorf("pinning again: %v", err)
	}
	for _, bad := range []string{"", "ghcr.io/tljh-policy/tljh-policy:v1", image[:len(image)-1], image + "\nx: y"} {
		if _, err := pin(string(text), bad); err == nil {
			t.Errorf("%q was pinned", bad)
		}
	}
	if _, err := pin("runs:\n  using: docker\n", image); err == nil {
		t.Error("an action without an image was pinned")
	}
}
