package assemble

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/ansible"
	"github.com/tljh-policy/tljh-policy/internal/repo"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// readAnsible makes units of playbooks. The plays of a playbook for the same hosts are one unit; plays for other hosts are
// other machines. A playbook that no other imports is run by somebody; which of several are run, nobody says.
func (l *loader) readAnsible(files []string, scripts []repo.Script) {
	if len(files) == 0 {
		return
	}
	res := ansible.Read(l.tree, files, ansible.Options{Runs: l.drivers(scripts)})
	l.inventory = res.Plugin
	l.problems = append(l.problems, res.Problems...)
	for _, f := range res.Broken {
		l.broken[f] = true
	}
	var roles []ansible.Playbook
	plays, installs := false, false
	l.onlyBook = onlyBook(res.Playbooks)
	made := l.madeByPlaybooks(res.Playbooks)
	for k, b := range res.Playbooks {
		if b.Role {
			roles = append(roles, b)
			continue
		}
		plays = true
		from := len(l.units)
		installs = l.playbook(b) || installs
		made[k].seat(l, l.units[from:])
	}
	for _, b := range roles {
		l.loneRole(b, plays, installs)
	}
	l.tie()
	if plays {
		l.use(res.Vars) // variables alone do nothing
	}
	for _, f := range files {
		if !l.used[f] && !l.broken[f] {
			l.partUnused(f, plays)
		}
	}
}

// onlyBook is the playbook of a repository that has a single one.
func onlyBook(books []ansible.Playbook) (file string) {
	for _, b := range books {
		switch {
		case b.Role:
		case file != "":
			return ""
		default:
			file = b.File
		}
	}
	return file
}

// playbook makes units of a playbook's plays; it says whether one of them installs TLJH.
func (l *loader) playbook(b ansible.Playbook) (installs bool) {
	l.use(b.Uses)
	l.makers = append(l.makers, b.Machines...)
	var with []*unit
	var rest []ansible.Play
	for _, p := range b.Plays {
		u := l.newUnit(b.File, carrierOf(b, p))
		if !u.relevant() || !l.speaks(u) {
			rest = append(rest, p)
			continue
		}
		u.hosts = append([]string{p.Hosts}, p.Names...)
		if near := forSame(with, u); near != nil {
			joined := l.newUnit(b.File, append(near.carriers, u.carriers...)...)
			joined.hosts = append(near.hosts, u.hosts...)
			*near = *joined
		} else {
			with = append(with, u)
		}
	}
	for _, u := range with {
		l.besides(u, b, rest)
		installs = installs || u.install
		u.separate = true
		u.carriers[0].Problems = b.Problems
		u.carriers[0].Uses = b.Uses
		if at, down := tearsDown(stepsOf(u.carriers)); down && !u.install {
			l.tearDown(b, at)
			continue
		}
		l.units = append(l.units, u)
	}
	l.missing(b)
	if len(with) == 0 {
		l.problems = append(l.problems, b.Problems...)
		for _, p := range rest {
			if at, down := tearsDown(p.Steps); down {
				l.tearDown(b, at)
				return false
			}
		}
		for _, p := range rest {
			l.setAside(b, p, fmt.Sprintf("%s is run by itself, and nothing in the repository says whether on this hub", b.File))
		}
	}
	return installs
}

func carrierOf(b ansible.Playbook, p ansible.Play) step.Carrier {
	return step.Carrier{File: p.File, Format: "ansible", At: p.At, Steps: p.Steps, Uses: b.Uses}
}

// besides adds to a unit the plays of its playbook that do not speak of TLJH but are for its machine, in their order.
func (l *loader) besides(u *unit, b ansible.Playbook, rest []ansible.Play) {
	carriers := u.carriers
	for _, p := range rest {
		c := carrierOf(b, p)
		switch {
		case len(p.Steps) == 0 || p.Local:
			continue
		case overlap(u.hosts, append([]string{p.Hosts}, p.Names...)):
		case len(p.Names) > 0 && slices.Contains(p.Names, p.Hosts): // a group that no inventory here knows
			c.Steps = doubtful(c.Steps, fmt.Sprintf("it is for the hosts %q, and nothing in the repository says whether the hub is one of them", p.Hosts), p.At)
		default:
			continue
		}
		carriers = append(carriers, c)
	}
	at := u.at
	slices.SortStableFunc(carriers, func(x, y step.Carrier) int { return position(b, x) - position(b, y) })
	hosts := u.hosts
	*u = *l.newUnit(u.file, carriers...)
	u.hosts = hosts
	if !at.IsZero() {
		u.at = at
	}
}

func position(b ansible.Playbook, c step.Carrier) int {
	for n, p := range b.Plays {
		if p.File == c.File && p.At == c.At {
			return n
		}
	}
	return len(b.Plays)
}

// tearsDown says whether steps remove TLJH, and where.
func tearsDown(steps []step.Step) (span.Span, bool) {
	for _, s := range steps {
		if len(s.Argv) < 2 || path.Base(s.Argv[0].String()) != "rm" {
			continue
		}
		for _, a := range s.Argv[1:] {
			if path.Clean(a.String()) == "/opt/tljh" {
				return s.At, true
			}
		}
	}
	return span.Span{}, false
}

func (l *loader) tearDown(b ansible.Playbook, at span.Span) {
	l.problem(at, false, "%s takes TLJH away; it is no part of what sets the hub up, and is left out", b.File)
}

// loneRole takes a role that no playbook uses: where there is no playbook for it at all, with its defaults.
func (l *loader) loneRole(b ansible.Playbook, plays, installs bool) {
	l.use(b.Uses)
	var steps bool
	for _, p := range b.Plays {
		u := l.newUnit(b.File, carrierOf(b, p))
		if !u.relevant() || !l.speaks(u) {
			if !plays {
				l.setAside(b, p, fmt.Sprintf("no playbook in the repository uses the role of %s, and nothing says whether it is run on this hub", b.File))
			}
			continue
		}
		steps = true
		if installs || plays && !u.install {
			continue
		}
		u.hosts, u.separate = []string{p.Hosts}, true
		u.carriers[0].Problems = append(b.Problems, step.Problem{At: u.at, Msg: "no playbook in the repository uses this role; it is read with its defaults"})
		l.units = append(l.units, u)
		l.missing(b)
	}
	if steps && installs {
		l.problem(b.At, false, "no playbook in the repository uses the role of %s; what it sets is not counted", b.File)
	}
}

// partUnused looks at a file that no playbook reached: of tasks, or of something else altogether.
func (l *loader) partUnused(f string, plays bool) {
	if !plays || !strings.Contains("/"+f, "/tasks/") && !strings.Contains("/"+f, "/handlers/") {
		return
	}
	src, err := l.tree.Open(f)
	if err != nil || !repo.Mentions(src.Text) {
		return
	}
	l.use([]string{f})
	l.problem(src.Span(0, 0), false, "no playbook in the repository uses the tasks of %s; what they set is not counted", f)
}

// apart says why a playbook that only changes settings may not have been run on a hub that another one sets up; "" where the
// names say that they are run one after the other.
func (l *loader) apart(u *unit, g *group) string {
	if h := g.hosts(); len(h) > 0 && len(u.hosts) > 0 && !overlap(h, u.hosts) {
		return fmt.Sprintf("it is for the hosts %q, and nothing in the repository says whether the hub is one of them", u.hosts[0])
	}
	if !u.separate || u.file == g.main().file || l.together(u.file, u.hosts, g) {
		return ""
	}
	if a, b := leading(u.file), leading(g.main().file); a != "" && b != "" && u.dir == g.main().dir {
		return ""
	}
	return fmt.Sprintf("%s is run by itself, and nothing in the repository says whether it was run on this hub; import it where TLJH is installed, or name both under hubs: sources in .tljh-policy.yaml", u.file)
}

// leading is the number that a file's name begins with.
func leading(file string) string {
	b := path.Base(file)
	return b[:len(b)-len(strings.TrimLeft(b, "0123456789"))]
}
