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

// concerns notes what a file in a format without a reader looks after.
func (s *discovery) concerns(file, kind string, text []byte) {
	for name, words := range concernWords {
		if had, ok := s.c.Concerns[name]; (!ok || file < had.Path) && words.Match(text) {
			if s.c.Concerns == nil {
				s.c.Concerns = map[string]Unread{}
			}
			s.c.Concerns[name] = Unread{file, kind}
		}
	}
}
