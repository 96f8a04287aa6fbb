package repo

import "github.com/tljh-policy/tljh-policy/internal/lazyregexp"

// concernWords are programs by which a file in a format without a reader is seen to look after a concern of the machine.
// General words such as "backup" or "monitor" are not among them: they stand in files that do no such thing.
var concernWords = map[string]*lazyregexp.Regexp{
	"backups":       lazyregexp.New(`(?i)\b(?:restic|borg|borgmatic|borgbackup|duplicity|rclone|rsnapshot|tarsnap|bacula|create-snapshots?|ec2_snapshot)\b`),
	"monitoring":    lazyregexp.New(`(?i)\b(?:netdata|node[_-]?exporter|prometheus|datadog|zabbix|nagios|telegraf|grafana|alertmanager|uptime[_-]?kuma|cloudwatch)\b`),
	"host_firewall": lazyregexp.New(`(?i)\b(?:ufw|iptables|nftables|firewalld)\b`),
	"patching":      lazyregexp.New(`(?i)unattended[-_]upgrades|apt-daily|dnf-automatic`),
	"ssh":           lazyregexp.New(`(?i)password_?authentication["']?\s*[:=]?\s*["']?(?:yes|true)\b`), // the contrary of what is hoped for
}

// Concerned says whether a text speaks of what looks after a concern.
func Concerned(concern, text string) bool {
	words := concernWords[concern]
	return words != nil && words.MatchString(text)
}

// maxConcerns bounds how many files are kept of one concern.
const maxConcerns = 500

// concerns notes what a file that a reader may not cover looks after.
func (s *discovery) concerns(file, kind string, text []byte) {
	for name, words := range concernWords {
		if had := s.c.Concerns[name]; len(had) < maxConcerns && words.Match(text) {
			if s.c.Concerns == nil {
				s.c.Concerns = map[string][]Unread{}
			}
			s.c.Concerns[name] = append(had, Unread{file, kind})
		}
	}
}
