package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// texts are the golden files of the comments, and their names.
func texts(t *testing.T) (names, all []string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", "..", "internal", "comment", "testdata", "*.md"))
	if err != nil || len(files) < 8 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		names, all = append(names, filepath.Base(f)), append(all, string(text))
	}
	return names, all
}

func TestPage(t *testing.T) {
	got, err := page(look{"phone", 390, true}, true, "> [!WARNING]\n> **a**\n>\n> - b\n\n```diff\n-c\n+d\n```\n\n```suggestion\ne\n```\n\n<details><summary>f</summary>\n\ng\n\n</details>\n")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`data-theme="dark"`, `<div class="alert warning"><p class="title">Warning</p><p><strong>a</strong>`, "<del>-c</del>\n<ins>+d</ins>", `<pre class="suggestion">`, "<details open>"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}

// measure writes down, for every text, how much wider than its box it is, what of it a click could not open, and its height.
const measure = `<script>
document.querySelectorAll("main").forEach((m, i) => {
	const a = m.querySelector("article"), out = document.createElement("data");
	const wide = [...a.querySelectorAll("*")].filter(e => !e.closest("pre,table") && e.getBoundingClientRect().right > m.getBoundingClientRect().right + 1);
	out.textContent = "measured " + i + " over " + Math.max(0, a.scrollWidth - a.clientWidth) + " wide " + wide.length + " high " + a.clientHeight + " end";
	document.body.appendChild(out);
});
</script>`

// On a phone nothing sticks out of the comment: code and tables scroll by themselves, everything else wraps.
func TestPhone(t *testing.T) {
	if chromium() == "" {
		t.Skip("SKIPPED: there is no Chromium on this machine, so nobody looked at the comments on a phone's width (apt-get install chromium)")
	}
	names, all := texts(t)
	text, err := page(look{"phone", 390, false}, true, all...)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "page.html")
	if err := os.WriteFile(file, []byte(strings.Replace(text, "</body>", measure+"</body>", 1)), 0o644); err != nil {
		t.Fatal(err)
	}
	out, err := browse(file, "--dump-dom")
	if err != nil {
		t.Fatal(err)
	}
	seen := regexp.MustCompile(`measured (\d+) over (\d+) wide (\d+) high (\d+) end`).FindAllStringSubmatch(string(out), -1)
	if len(seen) < len(all) {
		t.Fatalf("%d of %d texts were measured", len(seen), len(all))
	}
	for i, m := range seen[len(seen)-len(all):] {
		if m[1] != strconv.Itoa(i) || m[2] != "0" || m[3] != "0" || m[4] == "0" {
			t.Errorf("%s: %s", names[i], m[0])
		}
	}
}
