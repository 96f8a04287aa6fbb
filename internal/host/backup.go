package host

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
	"github.com/tljh-policy/tljh-policy/internal/tljh"
)

// backups turns schedules into backup entries, at the end: scripts may be written after the schedule that runs them.
func (i *interp) backups() {
	for n := range i.crons {
		c := &i.crons[n]
		if c.every > 0 {
			i.resets(&c.s, c.text.String(), c.s.At)
			i.backup(&c.s, c.text.String(), c.every, c.s.At, c.ignored())
			continue
		}
		lines(c.text, func(line string, at span.Span) {
			i.resets(&c.s, line, at)
			every, cmd := schedule(line, c.user)
			if every > 0 {
				i.backup(&c.s, cmd, every, at, c.ignored())
			}
		})
	}
	i.timerBackups()
}

var (
	backupTool = lazyregexp.New(`\b(restic|borg|borgmatic|duplicity|duplicati|rclone|rsync|rsnapshot|kopia|aws\s+s3|gsutil|gcloud\s+storage|azcopy|s3cmd|s4cmd|tar|zip|zfs\s+(snapshot|send)|sanoid|syncoid|swift\s+upload|scp|mc\s+(mirror|cp))\b`)
	offsite    = lazyregexp.New(`s3://|gs://|sftp:|rclone|azcopy|b2:|\brest:|@[\w.-]+:|aws\s+s3|gsutil|s3:|swift|ssh://|blob\.core|duplicity|\bmc\s+mirror`)
	keep       = lazyregexp.New(`--keep-(hourly|daily|weekly|monthly|last|within)[= ](\d+)`)
	excludes   = lazyregexp.New(`--exclude[= ]("[^"]*"|'[^']*'|\S+)`)
	whole      = lazyregexp.New(`(?m)\s/(\s|$)`)
	mtime      = lazyregexp.New(`-mtime\s+\+(\d+)`)
	pings      = lazyregexp.New(`hc-ping\.com|healthchecks\.io|cronitor|deadmanssnitch|uptime-kuma|api/push/`)
)

var later = lazyregexp.New(`\btljh-config\s+(set|unset|add-item|remove-item)\b`)

// resets looks for jobs that change TLJH's configuration, later and perhaps again and again.
func (i *interp) resets(s *step.Step, cmd string, at span.Span) {
	if later.MatchString(i.expand(s, cmd)) {
		i.op(s, tljh.Op{Kind: tljh.OpOpaque, At: at, Why: "a scheduled job changes TLJH's configuration later"})
	}
}

// backup records a scheduled command that copies homes or TLJH's state away, itself or in a script it runs. idle is a
// node that says that the schedule does not run, or may not; nil where it does.
func (i *interp) backup(s *step.Step, cmd string, every float64, at span.Span, idle *doc.Node) {
	text := i.expand(s, cmd)
	if pings.MatchString(text) {
		one := *s
		one.At = at
		i.guest.watch(&one, "uptime", "status", "ping", true)
	}
	if !backupTool.MatchString(text) {
		return
	}
	var covers []string
	for _, p := range []string{"/home", root} {
		if (strings.Contains(text, p) || whole.MatchString(text)) && !leavesOut(text, p) {
			covers = append(covers, p)
		}
	}
	if len(covers) == 0 && regexp.MustCompile(`\b(sanoid|zfs)\b`).MatchString(text) {
		covers = append(covers, "/home")
	}
	if len(covers) == 0 {
		return
	}
	away := offsite.MatchString(text)
	list := doc.NewList(doc.Set, at)
	for _, c := range covers {
		list.Add(doc.Of(c, doc.Set, at))
	}
	var count, days any
	for _, m := range keep.FindAllStringSubmatch(text, 50) {
		n, _ := strconv.Atoi(m[2])
		if d := n * map[string]int{"daily": 1, "weekly": 7, "monthly": 30, "within": 1}[m[1]]; d > 0 && (days == nil || d > days.(int)) {
			days = d
		}
		if m[1] == "last" {
			count = n
		}
	}
	if m := mtime.FindStringSubmatch(text); m != nil {
		days, _ = strconv.Atoi(m[1])
	}
	enabled := fact(s, true, at)
	if idle != nil {
		enabled = idle
	}
	i.m.Backups = append(i.m.Backups, entry(s, at, "id", fmt.Sprintf("script:%d", len(i.m.Backups)), "kind", "script",
		"covers", list, "paths", list.Copy(), "every_hours", every, "keep_count", count, "keep_days", days,
		"survives_instance_delete", away, "offsite", away, "enabled", enabled))
}

// leavesOut says whether a command that copies a tree is told to leave out all of a directory in it.
func leavesOut(text, dir string) bool {
	for _, m := range excludes.FindAllStringSubmatch(text, 50) {
		if p := strings.TrimRight(strings.Trim(m[1], `"'`), "/*"); p == dir || p == dir[1:] {
			return true
		}
	}
	return false
}

// expand adds to a command the text of the scripts that it runs, where they are known.
func (i *interp) expand(s *step.Step, cmd string) string {
	out := cmd
	for n, w := range strings.Fields(cmd) {
		if n > 30 {
			break
		}
		w = strings.Trim(w, `"';`)
		if t, ok := i.fs[w]; ok {
			out += "\n" + uncommented(t)
		} else if strings.HasSuffix(w, ".sh") || strings.Contains(base(w), "backup") {
			for _, f := range i.repoPaths(&step.Step{At: s.At}, base(w)) {
				if i.files != nil && i.files.Exists(f) && base(w) != "" && strings.Contains(w, "/") {
					if src, err := i.files.Open(f); err == nil {
						i.use(f)
						out += "\n" + uncommented(src.Whole())
					}
					break
				}
			}
		}
	}
	return out
}

func uncommented(t span.Text) string {
	var b strings.Builder
	lines(t, func(line string, _ span.Span) { b.WriteString(line + "\n") })
	return b.String()
}
