package repo

import "time"

// Limits bound what is read of a checkout, which may be a stranger's. Hitting one is a fatal Problem. Zero values mean
// the defaults.
type Limits struct {
	FileBytes  int64         // size of one file; default 2 MiB
	Files      int           // entries of all directories that are walked; default 200,000
	Depth      int           // nesting of directories; default 64
	TotalBytes int64         // text of all files that are opened; default 64 MiB
	Time       time.Duration // of discovery; default 30 s
}

func (l Limits) withDefaults() Limits {
	if l.FileBytes <= 0 {
		l.FileBytes = 2 << 20
	}
	if l.Files <= 0 {
		l.Files = 200_000
	}
	if l.Depth <= 0 {
		l.Depth = 64
	}
	if l.TotalBytes <= 0 {
		l.TotalBytes = 64 << 20
	}
	if l.Time <= 0 {
		l.Time = 30 * time.Second
	}
	return l
}
