package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/remote"
)

const (
	revisionLabel = "org.opencontainers.image.revision"
	// How BuildKit attaches what it attests (its docs/attestations/attestation-storage.md): manifests for no platform that refer to an image's.
	referenceType   = "vnd.docker.reference.type"
	referenceDigest = "vnd.docker.reference.digest"
	predicateType   = "in-toto.io/predicate-type"
)

// predicates are the attestations that every platform's image must have: what built it, and what is in it.
var predicates = []string{"https://slsa.dev/provenance/", "https://spdx.dev/Document"}

// check fails unless the digest exists, is an index with an image for every platform, each built from the commit and attested.
func check(image, revision string, platforms []string) error {
	ref, err := name.NewDigest(image)
	if err != nil {
		return fmt.Errorf("%q does not name an image by digest: %w", image, err)
	}
	index, err := remote.Index(ref, remote.WithAuthFromKeychain(authn.DefaultKeychain))
	if err != nil {
		return fmt.Errorf("no index for several platforms can be read: %w", err)
	}
	manifest, err := index.IndexManifest()
	if err != nil {
		return err
	}
	images, attested := map[string]v1.Hash{}, map[string][]string{}
	for _, m := range manifest.Manifests {
		if m.Annotations[referenceType] == "attestation-manifest" {
			kinds, err := attestations(index, m.Digest)
			if err != nil {
				return err
			}
			attested[m.Annotations[referenceDigest]] = kinds
		} else if m.Platform != nil {
			images[m.Platform.String()] = m.Digest
		}
	}
	if got := slices.Sorted(maps.Keys(images)); !slices.Equal(got, slices.Sorted(slices.Values(platforms))) {
		return fmt.Errorf("it is for %s, not for %s", strings.Join(got, ", "), strings.Join(platforms, ", "))
	}
	for platform, digest := range images {
		if err := checkImage(index, digest, platform, revision); err != nil {
			return fmt.Errorf("%s: %w", platform, err)
		}
		for _, kind := range predicates {
			if !slices.ContainsFunc(attested[digest.String()], func(k string) bool { return strings.HasPrefix(k, kind) }) {
				return fmt.Errorf("%s: no attestation %s", platform, kind)
			}
		}
	}
	return nil
}

// checkImage looks at what an image says of itself, beside what the index says of it.
func checkImage(index v1.ImageIndex, digest v1.Hash, platform, revision string) error {
	image, err := index.Image(digest)
	if err != nil {
		return err
	}
	config, err := image.ConfigFile()
	if err != nil {
		return err
	}
	if got := config.OS + "/" + config.Architecture; got != platform {
		return fmt.Errorf("the image itself is for %s", got)
	}
	if got := config.Config.Labels[revisionLabel]; got != revision {
		return fmt.Errorf("built from %q, not from %s", got, revision)
	}
	return nil
}

// attestations lists what kinds an attestation manifest holds.
func attestations(index v1.ImageIndex, digest v1.Hash) ([]string, error) {
	image, err := index.Image(digest)
	if err != nil {
		return nil, err
	}
	manifest, err := image.Manifest()
	if err != nil {
		return nil, err
	}
	var kinds []string
	for _, layer := range manifest.Layers {
		kinds = append(kinds, layer.Annotations[predicateType])
	}
	return kinds, nil
}
