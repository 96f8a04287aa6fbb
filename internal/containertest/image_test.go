package containertest

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// maxCompressed is what the image may weigh on its way to a runner, which pulls it in every job.
const maxCompressed = 15_000_000

func TestImageConfiguration(t *testing.T) {
	var inspected []struct {
		Os     string
		Config struct {
			User, WorkingDir string
			Entrypoint, Cmd  []string
			Env              []string
			Labels           map[string]string
			Volumes          map[string]any
		}
		RootFS struct{ Layers []string }
	}
	if err := json.Unmarshal(docker(t, "image", "inspect", image(t)), &inspected); err != nil {
		t.Fatal(err)
	}
	got := inspected[0]
	if diff := cmp.Diff([]string{"/tljh-policy"}, got.Config.Entrypoint); diff != "" {
		t.Errorf("entry point:\n%s", diff)
	}
	// BuildKit writes the default directory down, the classic builder leaves it out.
	if got.Config.User != "" || strings.Trim(got.Config.WorkingDir, "/") != "" || len(got.Config.Cmd) != 0 || len(got.Config.Volumes) != 0 || got.Os != "linux" {
		t.Errorf("%+v", got)
	}
	if len(got.RootFS.Layers) != 1 {
		t.Errorf("%d layers", len(got.RootFS.Layers))
	}
	for _, label := range []string{"title", "description", "source", "documentation", "revision", "version"} {
		if _, ok := got.Config.Labels["org.opencontainers.image."+label]; !ok {
			t.Errorf("no label %s", label)
		}
	}
}

// The image holds the binary, certificates and a place for temporary files: no shell, no git, nothing else.
func TestImageContent(t *testing.T) {
	layer := layerOf(t, image(t))
	files := map[string]string{}
	r := tar.NewReader(bytes.NewReader(layer))
	for {
		h, err := r.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if h.Uid != 0 || h.Gid != 0 || !h.ModTime.Equal(time.Unix(0, 0)) {
			t.Errorf("%s belongs to %d:%d and is of %v", h.Name, h.Uid, h.Gid, h.ModTime)
		}
		files[h.Name] = h.FileInfo().Mode().String()
	}
	want := map[string]string{
		"etc/": "drwxr-xr-x", "etc/ssl/": "drwxr-xr-x", "etc/ssl/certs/": "drwxr-xr-x", "etc/ssl/certs/ca-certificates.crt": "-rw-r--r--",
		"tljh-policy": "-rwxr-xr-x", "tmp/": "dtrwxrwxrwx",
	}
	if diff := cmp.Diff(want, files); diff != "" {
		t.Error(diff)
	}
	var packed bytes.Buffer
	zip := gzip.NewWriter(&packed)
	if _, err := zip.Write(layer); err != nil {
		t.Fatal(err)
	}
	if err := zip.Close(); err != nil {
		t.Fatal(err)
	}
	t.Logf("image: %.1f MB, compressed %.1f MB of at most %.0f", float64(len(layer))/1e6, float64(packed.Len())/1e6, maxCompressed/1e6)
	if packed.Len() > maxCompressed {
		t.Errorf("the compressed image has %d bytes", packed.Len())
	}
}

// layerOf returns the image's only layer as `docker save` writes it.
func layerOf(t *testing.T, image string) []byte {
	t.Helper()
	r := tar.NewReader(bytes.NewReader(docker(t, "save", image)))
	files := map[string][]byte{}
	for {
		h, err := r.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if files[h.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
	}
	var manifest []struct{ Layers []string }
	if err := json.Unmarshal(files["manifest.json"], &manifest); err != nil {
		t.Fatal(err)
	}
	if len(manifest) != 1 || len(manifest[0].Layers) != 1 {
		t.Fatalf("manifest: %s", files["manifest.json"])
	}
	layer := files[manifest[0].Layers[0]]
	if !bytes.HasPrefix(layer, []byte{0x1f, 0x8b}) {
		return layer
	}
	// Engines that keep images as registries have them save compressed layers.
	zip, err := gzip.NewReader(bytes.NewReader(layer))
	if err != nil {
		t.Fatal(err)
	}
	if layer, err = io.ReadAll(zip); err != nil {
		t.Fatal(err)
	}
	return layer
}

// The same source gives the same layer.
func TestImageReproducible(t *testing.T) {
	name := image(t)
	layers := func(image string) string {
		return string(docker(t, "image", "inspect", "-f", "{{json .RootFS.Layers}}", image))
	}
	label := func(what string) string {
		return strings.TrimSpace(string(docker(t, "image", "inspect", "-f", `{{index .Config.Labels "org.opencontainers.image.`+what+`"}}`, name)))
	}
	again := "tljh-policy-test:again"
	docker(t, "build", "--no-cache", "--quiet", "--build-arg", "VERSION="+label("version"), "--build-arg", "REVISION="+label("revision"), "-t", again, root)
	defer exec.Command("docker", "image", "rm", again).Run()
	if a, b := layers(name), layers(again); a != b {
		t.Errorf("built twice from the same source: %s, %s", a, b)
	}
}

// The same image is the command line.
func TestImageAsCommandLine(t *testing.T) {
	fixtures, err := filepath.Abs(filepath.Join(root, "fixtures"))
	if err != nil {
		t.Fatal(err)
	}
	out := docker(t, "run", "--rm", "--network", "none", "-v", fixtures+":/repo:ro", image(t), "check", "/repo/production")
	if !strings.Contains(string(out), "Passed") {
		t.Errorf("%s", out)
	}
	// A stranger's user id, a read-only root: nothing is needed but the repository.
	out = docker(t, "run", "--rm", "--network", "none", "--read-only", "--user", "12345:12345", "--cap-drop", "ALL",
		"-v", fixtures+":/repo:ro", image(t), "version", "--format", "json")
	var version struct{ Version, Revision string }
	if err := json.Unmarshal(out, &version); err != nil || version.Version == "" {
		t.Errorf("version: %s (%v)", out, err)
	}
}
