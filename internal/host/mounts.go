package host

import (
	"slices"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// fstab and mounting say what is mounted where.
func (i *interp) fstab(s *step.Step, t span.Text) {
	lines(t, func(line string, at span.Span) {
		if f := strings.Fields(line); len(f) >= 3 && !(len(f) > 3 && slices.Contains(strings.Split(f[3], ","), "noauto")) {
			i.mount(s, at, f[1], f[0], f[2])
			i.lasting[f[1]] = true
		}
	})
}

func (i *interp) mount(s *step.Step, at span.Span, dir, device, fs string) {
	if !strings.HasPrefix(dir, "/home") && !strings.HasPrefix(dir, "/opt/tljh") && !strings.HasPrefix(dir, "/srv") && !strings.HasPrefix(dir, "/data") && !strings.HasPrefix(dir, "/mnt") {
		return
	}
	if fs == "tmpfs" || fs == "ramfs" {
		return // gone at the next start: no disk
	}
	for _, m := range i.guest.mounts {
		if p, _ := m.Get("path").Str(); p == dir && m.State != doc.Unknown {
			return
		}
	}
	var kind any
	if fs == "" {
		fs = i.guest.filesystems[device]
	}
	if fs != "" && fs != "auto" {
		kind = span.Show(fs)
	}
	source := doc.Of(span.Show(device), doc.Set, at)
	if span.IsUnknown(device) {
		source = doc.UnknownOf(span.Reason(device), at)
	}
	i.guest.mounts = append(i.guest.mounts, entry(s, at, "path", dir, "source", source, "filesystem", kind))
}

// unmount is umount. What /etc/fstab says comes back at the next start.
func (i *interp) unmount(s *step.Step, args []string) {
	why := maybe(s)
	i.guest.mounts = slices.DeleteFunc(i.guest.mounts, func(m *doc.Node) bool {
		dir, _ := m.Get("path").Str()
		device, _ := m.Get("source").Str()
		if i.lasting[dir] || !has(args, dir) && (device == "" || !has(args, device)) {
			return false
		}
		if why != "" {
			m.State, m.Why = doc.Unknown, "it may be unmounted again: "+why
		}
		return why == ""
	})
}

func (i *interp) mounting(s *step.Step, name string, args []string) {
	if i.guest.filesystems == nil {
		i.guest.filesystems = map[string]string{}
	}
	fs := ""
	var words []string
	for n := 0; n < len(args); n++ {
		a := args[n]
		switch {
		case (a == "-t" || a == "-o" || a == "-L" || a == "-U" || a == "-m" || a == "-O") && n+1 < len(args):
			n++
			if a == "-t" {
				fs = args[n]
			}
			if dir, ok := strings.CutPrefix(args[n], "mountpoint="); ok || a == "-m" && name == "zpool" {
				if !ok {
					dir = args[n]
				}
				i.mount(s, s.At, dir, args[len(args)-1], "zfs")
			}
		case !strings.HasPrefix(a, "-"):
			words = append(words, a)
		}
	}
	switch {
	case strings.HasPrefix(name, "mkfs") && len(words) > 0:
		if _, kind, ok := strings.Cut(name, "."); ok {
			fs = kind
		}
		i.guest.filesystems[words[len(words)-1]] = fs
	case name == "mount" && len(words) >= 2:
		i.mount(s, s.At, words[1], words[0], fs)
	case name == "zfs" && len(words) >= 3 && words[0] == "set":
		if dir, ok := strings.CutPrefix(words[1], "mountpoint="); ok {
			i.mount(s, s.At, dir, words[2], "zfs")
		}
	}
}
