package puppet

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

func TestCorpus(t *testing.T) {
	n, bad := 0, 0
	_ = filepath.WalkDir("/tmp/puppet/pp", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(p, ".pp") {
			return nil
		}
		b, _ := os.ReadFile(p)
		src := span.NewSource(p, string(b))
		n++
		if _, err := parse(src, 0, len(src.Text)); err != nil {
			bad++
			t.Logf("%s: %v", src.Whole().PosOf(err.(*fault).at), err)
		}
		return nil
	})
	t.Logf("%d files, %d bad", n, bad)
}
