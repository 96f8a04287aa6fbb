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
)

// cronFile is a crontab (user: its lines name a user), or a script that cron runs every so many hours.
type cronFile struct {
	s     step.Step
	text  span.Text
	user  bool
	every float64
}

func (i *interp) crontab(s *step.Step, args []string) {
	for n := 0; n < len(args); n++ {
		switch a := args[n]; {
		case a == "-u":
			n++
		case a == "-l" || a == "-r" || a == "-e":
			return
		case a != "-" && !strings.HasPrefix(a, "-"):
			if t, _, ok := i.open(s, a); ok {
				i.crons = append(i.crons, cronFile{s: *s, text: t})
			}
			return
		}
	}
	if s.Stdin != nil {
		i.crons = append(i.crons, cronFile{s: *s, text: *s.Stdin})
	}
}

// backups turns schedules into backup entries, at the end: scripts may be written after the schedule that runs them.
func (i *interp) backups() {
	for n := range i.crons {
		c := &i.crons[n]
		if c.every > 0 {
			i.backup(&c.s, c.text.String(), c.every, c.s.At)
			continue
		}
		lines(c.text, func(line string, at span.Span) {
			every, cmd := schedule(line, c.user)
			if every > 0 {
				i.backup(&c.s, cmd, every, at)
			}
		})
	}
	for _, t := range i.timers {
		name := t.String()
		unit := i.units[name]
		every := timerHours(unit.String())
		service := strings.TrimSuffix(name, ".timer") + ".service"
		for _, line := range strings.Split(unit.String(), "\n") {
			if v, ok := strings.CutPrefix(strings.TrimSpace(line), "Unit="); ok {
				service = v
			}
		}
		for _, line := range strings.Split(i.units[service].String(), "\n") {
			if cmd, ok := strings.CutPrefix(strings.TrimSpace(line), "ExecStart="); ok && every > 0 {
				i.backup(&step.Step{At: unit.Span()}, strings.TrimLeft(cmd, "-@+!:"), every, unit.Span())
			}
		}
	}
}

var (
	backupTool = lazyregexp.New(`\b(restic|borg|borgmatic|duplicity|duplicati|rclone|rsync|rsnapshot|kopia|aws\s+s3|gsutil|gcloud\s+storage|azcopy|s3cmd|s4cmd|tar|zip|zfs\s+(snapshot|send)|sanoid|syncoid|swift\s+upload|scp|mc\s+(mirror|cp))\b`)
	offsite    = lazyregexp.New(`s3://|gs://|sftp:|rclone|azcopy|b2:|\brest:|@[\w.-]+:|aws\s+s3|gsutil|s3:|swift|ssh://|blob\.core|duplicity|\bmc\s+mirror`)
	keep       = lazyregexp.New(`--keep-(hourly|daily|weekly|monthly|last|within)[= ](\d+)`)
	mtime      = lazyregexp.New(`-mtime\s+\+(\d+)`)
	pings      = lazyregexp.New(`hc-ping\.com|healthchecks\.io|cronitor|deadmanssnitch|uptime-kuma|api/push/`)
)

// backup records a scheduled command that copies homes or TLJH's state away, itself or in a script it runs.
func (i *interp) backup(s *step.Step, cmd string, every float64, at span.Span) {
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
		if strings.Contains(text, p) || strings.Contains(text, " / ") {
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
	i.m.Backups = append(i.m.Backups, entry(s, at, "id", fmt.Sprintf("script:%d", len(i.m.Backups)), "kind", "script",
		"covers", list, "paths", list.Copy(), "every_hours", every, "keep_count", count, "keep_days", days,
		"survives_instance_delete", away, "offsite", away, "enabled", fact(s, true, at)))
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
